"""Modules: what is a parameter, what it is called, and what happens to all of them at once."""

from __future__ import annotations

import copy
import pickle
from collections import namedtuple

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value, no_grad
from nn import MLP, SGD, Layer, Module, Neuron


class Scale(Module):
    """One parameter; no call of super().__init__()."""

    def __init__(self, w=2.0):
        self.w = Value(w)

    def forward(self, x, power=1):
        return (self.w * x) ** power


def paths(module):
    return [path for path, _ in module.named_parameters()]


def holding(**attributes):
    module = Module()
    vars(module).update(attributes)
    return module


def test_the_paths_of_an_mlp():
    model = MLP(2, [3, 1], seed=0)
    assert paths(model)[:4] == [
        "layers.0.neurons.0.w[0]",
        "layers.0.neurons.0.w[1]",
        "layers.0.neurons.0.b",
        "layers.0.neurons.1.w[0]",
    ]
    found = dict(model.named_parameters())
    assert found["layers.0.neurons.2.w[1]"] is model.layers[0].neurons[2].w[1]
    assert found["layers.1.neurons.0.b"] is model.layers[1].neurons[0].b


def test_parameters_are_a_list_in_micrograds_order():
    model = MLP(2, [3, 2, 1], seed=0)
    expected = [
        parameter
        for layer in model.layers
        for neuron in layer.neurons
        for parameter in [*neuron.w, neuron.b]
    ]
    parameters = model.parameters()
    assert type(parameters) is list
    assert [id(p) for p in parameters] == [id(p) for p in expected]
    assert parameters == [p for _, p in model.named_parameters()]


def test_paths_through_lists_tuples_and_dicts():
    Pair = namedtuple("Pair", "x y")
    module = holding(
        listed=[Value(1.0), [Value(2.0)]],
        pair=Pair(Value(3.0), Value(4.0)),
        table={"a": Value(5.0), 7: (Value(6.0),)},
        parts={"left": Scale(), "right": [Scale(), {"deep": Scale()}]},
    )
    assert paths(module) == [
        "listed[0]",
        "listed[1][0]",
        "pair[0]",
        "pair[1]",
        "table[a]",
        "table[7][0]",
        "parts.left.w",
        "parts.right.0.w",
        "parts.right.1.deep.w",
    ]


def test_keys_that_print_alike_are_two_parameters():
    module = holding(table={1: Value(1.0), "1": Value(2.0)})
    assert [p.data for p in module.parameters()] == [1.0, 2.0]
    module = holding(parts={1: Scale(3.0), "1": Scale(4.0)})
    assert [p.data for p in module.parameters()] == [3.0, 4.0]


def test_a_shared_parameter_and_a_shared_module_count_once():
    leaf, part = Value(1.0), Scale()
    module = holding(a=leaf, b=[leaf, part], c={"again": part}, d=holding(e=leaf))
    assert paths(module) == ["a", "b.1.w"]
    assert len(list(module.modules())) == 3


def test_equal_numbers_are_not_one_parameter():
    assert len(holding(a=Value(1.0), b=Value(1.0)).parameters()) == 2


def test_leaves_that_require_a_gradient_are_parameters_and_nothing_else_is():
    weight, tensor = Value(1.0), Tensor([1.0, 2.0], requires_grad=True)
    module = holding(
        weight=weight,
        tensor=tensor,
        frozen=Value(1.0, requires_grad=False),
        constant=Tensor([1.0]),
        interior=weight * 2.0,
        computed=tensor.sum(),
        number=3.0,
        array=np.ones(3),
        text="w",
        nothing=None,
    )
    assert [id(p) for p in module.parameters()] == [id(weight), id(tensor)]
    with no_grad():
        module.cached = weight * 2.0
    assert len(module.parameters()) == 2


def test_parameters_may_come_and_go():
    module = Scale()
    module.extra = [Scale()]
    assert paths(module) == ["w", "extra.0.w"]
    del module.w
    module.extra.append(Value(1.0))
    assert paths(module) == ["extra[1]", "extra.0.w"]


def test_zero_grad_reaches_all_below_and_nothing_else():
    model = holding(own=Value(3.0), part=[Scale()], tensor=Tensor([1.0], requires_grad=True))
    x = Value(5.0)
    (model.own * model.part[0](x) * model.tensor.sum()).backward()
    assert all(parameter.has_grad for parameter in model.parameters())
    model.zero_grad()
    assert not any(parameter.has_grad for parameter in model.parameters())
    assert (model.own.grad, model.tensor.grad, x.grad) == (0.0, None, 6.0)


def test_train_and_eval_go_all_the_way_down():
    model = holding(part={"a": [Scale()]}, mlp=MLP(2, [2, 1], seed=0))
    assert all(module.training for module in model.modules())
    assert model.eval() is model
    assert [module.training for module in model.modules()] == [False] * 8
    assert model.part["a"][0].train() is model.part["a"][0]
    assert sum(module.training for module in model.modules()) == 1
    assert all(module.training for module in model.train().modules())
    assert Scale().training, "one model's mode is not another's"


def test_modules_that_refer_to_each_other():
    parent, child = Scale(), Scale()
    parent.child, child.parent, parent.me, child.family = child, parent, parent, [parent, child]
    assert paths(parent) == ["w", "child.w"]
    parent.eval().zero_grad()
    assert not child.training
    twin = copy.deepcopy(parent)
    assert twin.child.parent is twin
    assert pickle.loads(pickle.dumps(parent)).child.family[0].w.data == 2.0


def test_five_thousand_modules_deep():
    model = Scale()
    for _ in range(5000):
        model = holding(inner=model)
    assert len(model.parameters()) == 1
    assert model.eval().parameters()[0].data == 2.0


def test_a_call_is_a_forward():
    assert Scale()(3.0).data == 6.0
    assert Scale()(3.0, power=2).data == 36.0


def test_a_module_without_forward_says_so():
    class Empty(Module):
        pass

    with pytest.raises(NotImplementedError, match=r"Empty has no forward\(\)"):
        Empty()(1.0)


def test_micrograds_way_of_writing_a_module_works():
    class Line(Module):
        def __init__(self):
            self.w = [Value(2.0)]

        def __call__(self, x):
            return self.w[0] * x

        def parameters(self):
            return self.w

    line = Line()
    line(3.0).backward()
    assert line.parameters()[0].grad == 3.0
    line.zero_grad()
    assert line.parameters()[0].grad == 0.0


def trained(model, steps=5):
    """The losses of a few steps of training, and the weights they end with."""
    optimizer = SGD(model.parameters(), lr=0.05, momentum=0.9)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = sum((model([a, b]) - a * b) ** 2 for a in (-1.0, 0.5) for b in (1.0, 2.0))
        loss.backward()
        optimizer.step()
        losses.append(loss.data)
    return losses, [parameter.data for parameter in model.parameters()]


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_a_copied_model_is_independent_and_learns_the_same(copied):
    model = MLP(2, [4, 1], "tanh", seed=3)
    trained(model, steps=2)  # so that there are gradients, too
    before = [(p.data, p.grad) for p in model.parameters()]
    twin = copied(model)
    assert [(p.data, p.grad) for p in twin.parameters()] == before
    assert not {id(p) for p in twin.parameters()} & {id(p) for p in model.parameters()}
    twins_history = trained(twin)
    assert [(p.data, p.grad) for p in model.parameters()] == before
    assert trained(model) == twins_history
    assert twins_history[0][-1] < twins_history[0][0]


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_a_copy_keeps_names_modes_sharing_and_attributes(copied):
    leaf = Value(1.0, name="shared")
    leaf.momentum = 0.25
    model = holding(a=leaf, part=Scale(), again=[leaf], fixed=Value(2.0, requires_grad=False))
    twin = copied(model.eval())
    assert twin.a is twin.again[0]
    assert (twin.a.name, twin.a.momentum, twin.training) == ("shared", 0.25, False)
    assert paths(twin) == ["a", "part.w"]


def test_a_trained_model_differentiates_in_another_process(tmp_path, run_python):
    model = holding(w=Tensor([1.0, 2.0], requires_grad=True), v=Value(3.0), net=MLP(1, [2], seed=0))
    for _ in range(3):
        model.w.data = model.w.data * 0.5
        model.v.data = model.v.data * 0.5
    (tmp_path / "model.pickle").write_bytes(pickle.dumps(model))
    done = run_python(
        "import pathlib, pickle\n"
        "model = pickle.loads(pathlib.Path('model.pickle').read_bytes())\n"
        "((model.w * model.w).sum() * model.v).backward()\n"
        "print(model.w.grad.tolist(), model.v.grad, len(model.parameters()))"
    )
    assert done.stdout.strip() == "[0.09375, 0.1875] 0.078125 6"


def test_every_module_prints_how_it_was_made():
    assert repr(Neuron(2, "tanh", seed=0)) == "Neuron(2, 'tanh')"
    assert repr(Layer(2, 3, "step", seed=0)) == "Layer(2, 3, 'step')"
    assert repr(MLP(2, [3, 1], seed=0)) == "MLP(2, [3, 1], activation='relu', output='linear')"


def test_a_compiled_function_sees_how_modules_are_set():
    model = MLP(2, [3, 1], "tanh", seed=0)
    compiled = autograd.compile(model)
    assert compiled([1.0, 2.0]).data == pytest.approx(model([1.0, 2.0]).data, rel=1e-14)
    model.layers[0].neurons[1].activation = "relu"
    assert compiled([1.0, 2.0]).data == pytest.approx(model([1.0, 2.0]).data, rel=1e-14)
    assert compiled.cache_info()[:2] == (0, 2)
