"""What a module remembers: buffers, states taken out and put back, what is frozen."""

import copy
import pickle

import numpy as np
import pytest

import autograd
import nn
from autograd import Tensor, Value
from nn import MLP, Module


class Norm(Module):
    def __init__(self):
        self.weight = Tensor([1.0, 2.0], requires_grad=True)
        self.register_buffer("mean", Tensor([0.0, 0.0]))
        self.register_buffer("seen", Tensor(3), persistent=False)
        self.register_buffer("spread", None)


class Net(Module):
    def __init__(self):
        self.first = Norm()
        self.rest = [Norm(), Norm()]
        self.scale = Value(4.0)


def test_the_names_and_their_order():
    assert list(Net().state_dict()) == [
        "scale",
        "first.weight",
        "first.mean",
        "rest.0.weight",
        "rest.0.mean",
        "rest.1.weight",
        "rest.1.mean",
    ]
    assert [name for name, _ in Norm().named_buffers()] == ["mean", "seen"]
    assert [name for name, _ in Norm().named_parameters()] == ["weight"]


def test_a_state_is_a_copy():
    net = Net()
    state = net.state_dict()
    state["first.weight"][:] = 7.0
    assert net.first.weight.data.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("make", [Net, lambda: MLP(2, [3, 1], seed=1)])
def test_what_is_taken_out_can_be_put_back(make):
    net, other = make(), make()
    for parameter in net.parameters():
        parameter.data = parameter.data + 1.5
    assert other.load_state_dict(net.state_dict()) == ([], [])
    for mine, theirs in zip(net.parameters(), other.parameters(), strict=True):
        np.testing.assert_array_equal(mine.data, theirs.data)
        assert type(mine.data) is type(theirs.data)


def test_a_state_may_hold_tensors_numbers_and_lists_and_keeps_the_dtype():
    norm = Norm()
    norm.weight.data = norm.weight.data
    small = Norm()
    small.weight = Tensor(np.ones(2, np.float32), requires_grad=True)
    small.load_state_dict({"weight": Tensor([5.0, 6.0]), "mean": [1, 2]})
    assert small.weight.dtype == np.float32
    assert small.weight.data.tolist() == [5.0, 6.0]
    assert small.mean.data.tolist() == [1.0, 2.0]


def test_all_that_does_not_fit_is_said_at_once_and_nothing_changes():
    net = Net()
    before = net.state_dict()
    state = dict(before) | {"first.weight": np.ones(3), "more": 1.0, "first.mean": np.ones(2)}
    del state["rest.1.mean"]
    with pytest.raises(ValueError, match=r"first.weight has shape \(3,\), not \(2,\)") as caught:
        net.load_state_dict(state)
    assert "missing: rest.1.mean" in str(caught.value)
    assert "unexpected: more" in str(caught.value)
    for name, array in net.state_dict().items():
        np.testing.assert_array_equal(array, before[name])
    with pytest.raises(ValueError, match=r"first\.weight"):
        net.load_state_dict(state, strict=False)
    del state["first.weight"]
    found = net.load_state_dict(state, strict=False)
    assert found == (["first.weight", "rest.1.mean"], ["more"])
    assert net.first.mean.data.tolist() == [1.0, 1.0]
    with pytest.raises(TypeError, match=r"no numbers for first\.mean"):
        net.load_state_dict(before | {"first.mean": ["a", "b"]})


def test_what_is_held_twice_is_there_twice():
    net = Net()
    net.rest[1] = net.first
    net.tied = net.first.weight
    state = net.state_dict()
    assert {"tied", "first.weight", "rest.1.weight"} <= state.keys()
    assert len(net.parameters()) == 3
    net.load_state_dict(state)


def test_modules_that_hold_each_other():
    net = Net()
    net.first.owner = net
    assert "first.weight" in net.state_dict()
    assert not any("owner" in name for name in net.state_dict())


@pytest.mark.parametrize("make", [Net, lambda: MLP(2, [3, 1], seed=1)])
def test_what_is_frozen_stays_a_parameter(make):
    net = make()
    names = [name for name, _ in net.named_parameters()]
    state = list(net.state_dict())
    assert net.requires_grad_(False) is net
    assert not any(parameter.requires_grad for parameter in net.parameters())
    for each in (net, copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        assert [name for name, _ in each.named_parameters()] == names
        assert list(each.state_dict()) == state
    net.requires_grad_()
    assert all(parameter.requires_grad for parameter in net.parameters())


def test_one_that_is_frozen_by_itself():
    norm = Norm()
    norm.weight.requires_grad = False
    assert norm.parameters() == [norm.weight]
    norm.weight = Tensor([1.0])  # a constant in its place is none
    assert norm.parameters() == []
    norm.register_parameter("weight", Tensor([1.0]))
    assert norm.parameters() == [norm.weight]


def test_a_copy_shares_no_notes():
    norm = Norm()
    other = copy.copy(norm)
    other.register_buffer("more", Tensor([1.0]))
    assert [name for name, _ in norm.named_buffers()] == ["mean", "seen"]


def test_a_buffer_may_be_set_anew():
    norm = Norm()
    norm.mean = Tensor([5.0, 5.0])
    assert norm.state_dict()["mean"].tolist() == [5.0, 5.0]


@pytest.mark.parametrize(
    ("do", "said"),
    [
        (lambda m: m.register_buffer("b", Tensor([1.0], requires_grad=True)), "a buffer is"),
        (lambda m: m.register_buffer("b", [1.0]), "a buffer is"),
        (lambda m: m.register_parameter("p", [1.0]), "a parameter is a leaf"),
        (lambda m: m.register_parameter("p", Value(1.0) * 2.0), "a parameter is a leaf"),
    ],
)
def test_what_cannot_be_registered(do, said):
    with pytest.raises(TypeError, match=said):
        do(Norm())


def test_children_and_paths():
    net = Net()
    assert [name for name, _ in net.named_children()] == ["first", "rest.0", "rest.1"]
    assert net.get_submodule("rest.1") is net.rest[1]
    assert net.get_submodule("") is net
    with pytest.raises(AttributeError, match=r"Net has no module 'rest\.2'"):
        net.get_submodule("rest.2")


def test_apply_goes_from_below():
    met = []
    net = Net()
    assert net.apply(met.append) is net
    assert met == [net.rest[1], net.rest[0], net.first, net]


def test_a_module_prints_its_children():
    assert repr(Net()) == "Net(\n  (first): Norm()\n  (rest.0): Norm()\n  (rest.1): Norm()\n)"


def test_a_buffers_name_may_hold_a_parameter():
    norm = Norm()
    norm.mean = Tensor([1.0, 1.0], requires_grad=True)
    assert [name for name, _ in norm.named_parameters()] == ["weight", "mean"]
    assert [name for name, _ in norm.named_buffers()] == ["seen"]
    del norm.seen
    norm.seen = Tensor([1.0], requires_grad=True)
    assert "seen" in norm.state_dict()


def test_gradients_may_become_zeros():
    net = Net()
    net.zero_grad(set_to_none=False)
    assert [np.asarray(p.grad).tolist() for p in net.parameters()] == [0.0] + [[0.0, 0.0]] * 3


@pytest.mark.parametrize(
    ("name", "module", "error"),
    [("a", 3, TypeError), ("a.b", Norm(), ValueError), ("forward", Norm(), ValueError)],
)
def test_what_cannot_be_added(name, module, error):
    with pytest.raises(error, match=r"Net was given|Net has an attribute"):
        Net().add_module(name, module)


def test_what_is_frozen_in_a_list_stays_a_parameter():
    net = Net()
    net.rows = [Tensor([1.0], requires_grad=True), Tensor([2.0], requires_grad=True)]
    model = MLP(2, [2, 1], seed=0)
    for each, names in ((net, list(net.state_dict())), (model, list(model.state_dict()))):
        for parameter in each.parameters():
            parameter.requires_grad = False
        assert list(each.state_dict()) == names


def test_what_is_computed_takes_no_parameters_place():
    norm = Norm()
    with pytest.raises(TypeError, match=r"parameter 'weight' cannot become the result of mul"):
        norm.weight = norm.weight * 0.5
    with pytest.raises(TypeError, match=r"write `x\.data \*= \.\.\.`"):
        norm.weight *= 0.5
    assert [name for name, _ in norm.named_parameters()] == ["weight"]
    del norm.weight
    norm.weight = Tensor([1.0, 2.0], requires_grad=True) * 0.5
    assert norm.parameters() == []


def test_what_a_module_remembers_is_not_frozen_in_a_compiled_function():
    class Last(Module):
        def forward(self, x):
            self.last = x * 2.0
            return self.last

    last = Last()
    with pytest.raises(RuntimeError, match=r"Last sets its 'last' in a compiled.*update_leaf"):
        autograd.compile(last)(Tensor([1.0]))
    assert last(Tensor([1.0])).data == [2.0]


def test_parameters_of_pytorchs_kind_are_read():
    class Foreign:
        def __init__(self, numbers):
            self.numbers = np.array(numbers)

        def detach(self):
            return self.numbers

    norm = Norm()
    norm.load_state_dict({"weight": Foreign([7.0, 8.0]), "mean": [0.0, 0.0]})
    assert norm.weight.data.tolist() == [7.0, 8.0]


def test_a_layer_that_is_used_twice_is_printed_twice():
    layer = Norm()
    assert repr(nn.Sequential(layer, layer)) == "Sequential(\n  (0): Norm()\n  (1): Norm()\n)"
