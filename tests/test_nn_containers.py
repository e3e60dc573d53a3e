"""Modules made of modules: order, names, slices, and what they refuse."""

from __future__ import annotations

import copy
import pickle
from collections import OrderedDict

import pytest

import autograd
import nn
from autograd import Tensor
from nn import Identity, Linear, Module, ModuleDict, ModuleList, ReLU, Sequential, Tanh


def row(n=3):
    return Sequential(*(Linear(2, 2, generator=i) for i in range(n)))


def names(module):
    return list(module.state_dict())


class Times(Module):
    def __init__(self, factor):
        self.factor = factor

    def forward(self, x):
        return x * self.factor


def test_modules_are_called_one_after_the_other():
    assert Sequential(Times(2.0), lambda_(lambda x: x + 1.0), Times(10.0))(3.0) == 70.0
    assert Sequential()(3.0) == 3.0


def lambda_(function):
    module = Identity()
    module.forward = function
    return module


def test_names_are_pytorchs():
    net = Sequential(Linear(2, 3), ReLU(), Sequential(Linear(3, 1)))
    assert names(net) == ["0.weight", "0.bias", "2.0.weight", "2.0.bias"]
    named = Sequential(OrderedDict(first=Linear(2, 3), bend=Tanh()))
    assert names(named) == ["first.weight", "first.bias"]
    assert named.bend is named[1]

    class Net(Module):
        def __init__(self):
            self.layers = ModuleList([Linear(2, 2), Linear(2, 2, bias=False)])
            self.heads = ModuleDict({"a": Linear(2, 1, bias=False)})

    assert names(Net()) == ["layers.0.weight", "layers.0.bias", "layers.1.weight", "heads.a.weight"]


def test_a_state_goes_from_one_to_another():
    net, other = row(), row()
    other[1].reset_parameters(9)
    other.load_state_dict(net.state_dict())
    x = Tensor([[1.0, 2.0]])
    assert other(x).tolist() == net(x).tolist()


@pytest.mark.parametrize("kind", [Sequential, lambda *modules: ModuleList(modules)])
def test_they_are_like_lists(kind):
    parts = [Times(float(i)) for i in range(4)]
    many = kind(*parts)
    assert (len(many), list(many)) == (4, parts)
    assert (many[0], many[-1], many[autograd.Tensor(2)]) == (parts[0], parts[3], parts[2])
    assert parts[1] in many
    assert Times(1.0) not in many
    assert list(many[1:3]) == parts[1:3]
    assert list(many[::-1]) == parts[::-1]
    assert type(many[:1]) is type(many)
    many[1] = parts[3]
    assert list(many) == [parts[0], parts[3], parts[2], parts[3]]
    del many[-1]
    assert many.pop() is parts[2]
    assert many.insert(0, parts[1]) is many
    assert many.append(parts[2]) is many
    many += [parts[3]]
    assert list(many) == [parts[1], parts[0], parts[3], parts[2], parts[3]]
    assert [name for name, _ in many.named_children()] == ["0", "1", "2", "3"]
    del many[1:]
    assert list(many + kind(parts[0])) == [parts[1], parts[0]]
    assert many.extend(many) is many
    assert list(many) == [parts[1]] * 2


def test_a_slice_keeps_names_and_nothing_is_lost_when_it_grows():
    part = row()[1:]
    assert names(part) == ["1.weight", "1.bias", "2.weight", "2.bias"]
    part.append(Linear(2, 2))  # under 3: PyTorch would put it in the place of 2
    assert [name for name, _ in part.named_children()] == ["1", "2", "3"]
    assert names(ModuleList(row())[1:]) == ["0.weight", "0.bias", "1.weight", "1.bias"]


def test_one_module_twice():
    shared = Linear(2, 2, generator=0)
    net = Sequential(shared, Tanh(), shared)
    assert len(net.parameters()) == 2
    assert names(net) == ["0.weight", "0.bias", "2.weight", "2.bias"]
    assert net.get_submodule("2") is shared
    assert net.get_parameter("2.weight") is shared.weight


def test_dicts():
    parts = ModuleDict([("a", Times(1.0)), ("b", Times(2.0))])
    assert (list(parts), len(parts), "a" in parts, "c" in parts) == (["a", "b"], 2, True, False)
    assert [m.factor for m in parts.values()] == [1.0, 2.0]
    assert [name for name, _ in parts.items()] == list(parts.keys())
    parts["a"] = Times(3.0)
    assert (parts["a"].factor, parts.a.factor, list(parts)) == (3.0, 3.0, ["a", "b"])
    assert parts.pop("a").factor == 3.0
    del parts["b"]
    assert list(parts) == []
    parts.update({"c": Times(4.0)})
    parts.clear()
    for do in (lambda: parts["c"], lambda: parts.pop("c"), lambda: parts.__delitem__("c")):
        with pytest.raises(KeyError, match="c"):
            do()


def test_they_print_as_in_pytorch():
    assert repr(Sequential(Linear(2, 3), ReLU())) == (
        "Sequential(\n  (0): Linear(in_features=2, out_features=3, bias=True)\n  (1): ReLU()\n)"
    )
    assert repr(ModuleList([ReLU(), ReLU(), Sequential(Tanh())])) == (
        "ModuleList(\n  (0-1): 2 x ReLU()\n  (2): Sequential(\n    (0): Tanh()\n  )\n)"
    )
    assert repr(ModuleDict({"a": ReLU()})) == "ModuleDict(\n  (a): ReLU()\n)"
    assert [repr(kind()) for kind in (Sequential, ModuleList, ModuleDict)] == [
        "Sequential()",
        "ModuleList()",
        "ModuleDict()",
    ]


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_copies(copied):
    net = Sequential(
        OrderedDict(a=Linear(2, 2), b=ModuleList([Tanh()]), c=ModuleDict({"x": Tanh()}))
    )
    twin = copied(net)
    assert repr(twin) == repr(net)
    assert twin.a is not net.a


def test_modes_go_down():
    net = Sequential(ModuleDict({"a": nn.Dropout()}), ModuleList([nn.Dropout()]))
    net.eval()
    assert not any(module.training for module in net.modules())
    assert len(list(net.modules())) == 5


def test_a_compiled_function_sees_what_is_put_in_and_taken_out():
    net = Sequential(Times(2.0), Times(5.0))
    compiled = autograd.compile(net)
    x = Tensor([1.0], requires_grad=True)
    found = [compiled(x).item()]
    net.append(Times(3.0))
    found.append(compiled(x).item())
    net[0] = Times(7.0)
    found.append(compiled(x).item())
    del net[2], net[1]
    found.append(compiled(x).item())
    delattr(net, "0")
    found.append(compiled(x).item())
    assert found == [10.0, 30.0, 105.0, 7.0, 1.0]


@pytest.mark.parametrize(
    ("do", "error", "said"),
    [
        (lambda: Sequential([ReLU()]), TypeError, "one by one: Sequential"),
        (lambda: Sequential(ReLU(), 3), TypeError, "Sequential holds modules, but was given 3"),
        (lambda: Sequential(autograd.relu), TypeError, "holds modules"),
        (lambda: Sequential({"a": 1}), TypeError, "holds modules"),
        (lambda: ModuleList([None]), TypeError, "ModuleList holds modules, but was given None"),
        (lambda: ModuleDict({"a": 1}), TypeError, "ModuleDict holds modules.* for 'a'"),
        (lambda: ModuleDict({"a.b": ReLU()}), ValueError, "without dots.*'a.b'"),
        (lambda: ModuleDict({"": ReLU()}), ValueError, "without dots"),
        (lambda: ModuleDict({3: ReLU()}), ValueError, "without dots"),
        (lambda: ModuleDict({"keys": ReLU()}), ValueError, "has an attribute 'keys'"),
        (lambda: Sequential({"forward": ReLU()}), ValueError, "has an attribute 'forward'"),
        (lambda: row()[3], IndexError, "Sequential has 3 modules, but was asked for 3"),
        (lambda: row().pop(-4), IndexError, "was asked for -4"),
        (lambda: row().__setitem__(0, 1), TypeError, "holds modules"),
        (lambda: row().insert(0, 1), TypeError, "holds modules"),
        (lambda: ModuleList([ReLU()])(1.0), NotImplementedError, r"no forward\(\)"),
    ],
)
def test_what_they_refuse(do, error, said):
    with pytest.raises(error, match=said):
        do()


def test_a_refusal_changes_nothing():
    net = row()
    before = list(net)
    with pytest.raises(TypeError):
        net.insert(1, "no module")
    with pytest.raises(TypeError):
        net.append(None)
    assert list(net) == before


# What every module has


def test_names_with_a_prefix_and_of_one_module_alone():
    net = Sequential(Linear(1, 1), nn.PReLU())
    net.own = nn.Parameter([1.0])
    net.register_buffer("seen", Tensor([0.0]))
    assert [name for name, _ in net.named_parameters("net")] == [
        "net.own",
        "net.0.weight",
        "net.0.bias",
        "net.1.weight",
    ]
    assert [name for name, _ in net.named_parameters(recurse=False)] == ["own"]
    assert net.parameters(recurse=False) == [net.own]
    assert [name for name, _ in net.named_buffers("net", recurse=False)] == ["net.seen"]
    assert list(net.buffers(recurse=False)) == list(net.buffers())


def test_what_a_path_names():
    net = Sequential(Sequential(Linear(1, 1)))
    net[0].register_buffer("seen", Tensor([0.0]))
    assert net.get_parameter("0.0.bias") is net[0][0].bias
    assert net.get_buffer("0.seen") is net[0].seen
    mlp = nn.MLP(2, [1])
    assert mlp.get_parameter("layers.0.neurons.0.w[1]") is mlp.layers[0].neurons[0].w[1]
    for get, target in (
        (net.get_parameter, "0.seen"),
        (net.get_parameter, "0.5.bias"),
        (net.get_buffer, "0.0.bias"),
        (net.get_submodule, "0.00"),
    ):
        with pytest.raises(AttributeError, match=rf"Sequential has no \w+ '{target}|'0.5'"):
            get(target)
