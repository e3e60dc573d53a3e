"""What nodes are called: the same in pictures, listings, steps, explanations and code."""

from __future__ import annotations

import pytest

import autograd
import nn
from autograd import Graph, Tensor, Value, scope, trace
from autograd.graph.naming import labels
from autograd.variables import find_names


def called(root, **variables):
    return list(labels(Graph(root), variables).values())


def test_a_name_comes_before_a_path_and_a_path_before_a_variable():
    neuron = nn.Neuron(2, "tanh", seed=0)
    neuron.b.name = "bias"
    x = Value(0.5)
    y = neuron([x, 1.0])
    found = called(y * 2.0, weights=neuron.w, x=x, bias_too=neuron.b, y=y)
    assert found == ["bias", "w[0]", "x", "n1", "n2", "w[1]", "n3", "n4", "y", "L"]


def test_nodes_of_one_name_are_told_apart():
    w, v, x = Value(1.0, name="w"), Value(2.0, name="w"), Value(3.0, name="w #2")
    y = (w * v * x).tanh()
    y.name = "w"
    assert called(y) == ["w", "w #3", "n1", "w #2", "n2", "w #4"]
    assert "n1 = mul(w, w #3)" in str(Graph(y))
    assert [box.name for box in autograd.draw(y).picture.boxes if box.name] == [
        "w",
        "w #3",
        "w #2",
        "w #4",
    ]
    assert "def value_and_gradients(w=1.0, w_3=2.0, w_2=3.0):" in autograd.source(y)
    assert autograd.latex(w * v) == r"L = w \cdot w_{\#2}"
    assert Graph(y).find("w") == (w, v, y)


def test_every_text_says_the_same():
    model = nn.MLP(1, [1], "tanh", seed=0)
    loss = (model(2.0) - 1.0) ** 2.0
    weight = "layers.0.neurons.0.w[0]"
    names = called(loss, loss=loss)
    assert weight in names
    assert [s.labels[s.node] for s in loss.steps() if s.phase == "forward"][-1] == "loss"
    assert {s.labels[s.parent] for s in loss.steps() if s.parent is not None} <= set(names)
    assert str(next(loss.steps())) == f"n1   = {weight} · 2 = 0.6888 × 2 = 1.378"
    assert f"    ∂loss/∂{weight} = " in str(loss.explain())
    assert "def value_and_gradients(layers_0_neurons_0_b=0.0, " in autograd.source(loss)
    assert r"\mathrm{layers{.}0{.}neurons{.}0{.}w}_{0} \cdot 2" in autograd.latex(loss)
    listed = str(Graph(loss))
    assert f"n1 = mul({weight}, 2)" in listed
    assert "L = pow(n3, 2)" in listed, "a Graph does not know the caller's variables"


def test_several_modules_are_called_as_the_variables_that_hold_them():
    a, b = nn.Neuron(1, "tanh", seed=0), [nn.Neuron(1, "tanh", seed=1)]
    y = a([1.0]) * b[0]([2.0])
    assert {"a.w[0]", "a.b", "b[0].w[0]", "b[0].b"} <= set(called(y, a=a, b=b))
    assert {"Neuron1.w[0]", "Neuron2.w[0]"} <= set(called(y))
    assert {"a.w[0]", "Neuron2.w[0]"} <= set(called(y, a=a))
    assert "∂L/∂a.b " in "".join(str(s) for s in (y * 2.0).steps())


def test_a_path_that_something_else_is_called_begins_with_its_module():
    n, b = nn.Neuron(2, seed=0), Value(-1.0)
    named = n([Value(0.5, name="a"), Value(-1.0, name="b")])
    assert called(named, n=n)[:3] == ["n.b", "n.w[0]", "a"]
    assert called(named)[:3] == ["Neuron.b", "Neuron.w[0]", "a"]
    assert Graph(named).find("b")[0].data == -1.0
    held = n([0.5, b])
    assert {"n.b", "n.w[0]", "b"} <= set(called(held, n=n, b=b))
    assert {"b", "w[0]"} <= set(called(held, n=n, c=b)), "nothing else is called so"
    n.b.name = "b"
    assert {"b", "w[0]"} <= set(called(n([0.5, 1.0]), n=n)), "that is the bias itself"
    n.b.name = None
    traced = trace(lambda b: n([b, 1.0]), Value(2.0))
    assert sorted(traced.names.values()) == ["Neuron.b", "Neuron.w[0]", "Neuron.w[1]", "b"]
    part = traced.between(n.b, traced.output)
    assert "n.b" in labels(part, {"n": n}).values()


def test_one_module_called_twice_is_one():
    model = nn.Neuron(1, seed=0)
    assert called(model([1.0]) + model([2.0]))[:2] == ["b", "w[0]"]


def test_numbers_step_over_names_that_are_taken():
    n1, L = Value(1.0), Value(2.0)
    assert called((n1 + L) * 3.0 - Value(4.0), n1=n1, L=L) == ["n1", "L", "n2", "n3", "x1", "n4"]


def test_several_results_are_no_loss():
    x = Value(1.0)
    assert called([x * 2.0, x * 3.0], x=x) == ["x", "n1", "n2"]


def test_lists_that_contain_themselves_end():
    a = Value(1.0)
    loop = [[], a]
    loop[0].append(loop)
    assert find_names([a], {"loop": loop}) == {id(a): "loop[1]"}


def test_a_large_graph_is_named():
    x, y = Value(0.5), Value(1.0)
    for _ in range(50_000):
        with scope("step"):
            y = y * x + 1.0
    graph = Graph(y)
    found = labels(graph, {"x": x, "y": y})
    assert len(found) == len(set(found.values())) == 100_002


def test_methods_of_a_graph_use_its_names():
    graph = trace(lambda x, w: (w * x).tanh(), Value(2.0), Value(3.0))
    w = Value(0.0)  # not the one of the graph
    assert graph.latex() == r"L = \tanh(w \cdot x)"
    assert "def value_and_gradients(w=3.0, x=2.0):" in graph.source()
    assert str(next(iter(graph.steps()))) == "n1 = w · x = 3 × 2 = 6"
    assert [str(step) for step in graph.step().steps] == [str(step) for step in graph.steps()]
    assert str(graph.explain(graph.inputs[1])).startswith("∂L/∂w = ")
    assert graph.latex(names={"y": graph.output, "w": w}) == r"y = \tanh(w \cdot x)"
    y = graph.output
    assert graph.latex() == r"y = \tanh(w \cdot x)", "other names are the caller's"
    assert y is graph.output


@pytest.mark.parametrize("method", ["latex", "source", "step", "steps", "explain"])
def test_methods_of_a_graph_are_about_one_result(method):
    x = Tensor([1.0], requires_grad=True)
    with pytest.raises(TypeError, match=f"^{method} is about one result, but Graph.*has a list"):
        getattr(Graph([x * 2.0, x * 3.0]), method)()
