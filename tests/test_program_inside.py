"""What is inside a step: the scalar nodes of one element; the function is traced again."""

from __future__ import annotations

import programs
import pytest

import autograd
from autograd import Tensor, Value


@pytest.mark.parametrize("make", programs.EVERY)
def test_each_step_computes_what_its_scalar_nodes_do(make):
    loss, args, _ = make()
    loss(*args)
    program = loss.program
    for k, step in enumerate(program.steps, 1):
        graph = loss.inside(k, *args)
        expected = program.values[step.out.places()].flat[0]
        assert graph.output.data == pytest.approx(expected, rel=1e-12)
        computed = sum(node.op is not None for node in graph.nodes)
        assert 0 < computed <= step.nodes


def test_operands_are_called_by_step_and_leaves_by_name():
    loss, args, _ = programs.moons()
    loss(*args)
    neuron = [f"layers.0.neurons.0.{name}" for name in ("w[0]", "w[1]", "b")]
    assert set(loss.inside(3, *args).names.values()) == {"xs[0][0]", "xs[0][1]", *neuron}
    assert set(loss.inside(4, *args).names.values()) == {"s3[0, 0]"}


def test_it_is_a_graph_as_any_other():
    w = [Value(0.5), Value(2.0)]

    @autograd.compile
    def f(x):
        return sum(a * x for a in w).tanh()

    graph = f.inside(1, 3.0)
    assert repr(graph) == "Graph(6 nodes: 3 leaves, 2 mul, 1 add; depth 2)"
    assert set(graph.names.values()) == {"w[0]", "w[1]", "x"}
    assert graph.draw().picture.boxes
    assert [v.has_grad for v in w] == [False, False]


def test_it_does_not_matter_whether_the_function_was_called_before():
    f = autograd.compile(lambda x: (x * 2.0).exp())
    assert f.inside(2, 0.5).output.op.name == "exp"
    with autograd.no_grad():
        assert f.inside(2, 0.5).output.op.name == "exp"
    f(0.25)
    assert f.cache_info()[:2] == (2, 1)


def test_a_program_that_was_first_run_without_gradients_has_them():
    f = autograd.compile(lambda x: (x * 2.0).exp())
    v = Value(0.5)
    with autograd.no_grad():
        assert not f(v).requires_grad
    f(v).backward()
    assert v.grad == pytest.approx(2.0 * f(v).data)
    assert f.cache_info().misses == 1


def test_a_step_that_is_not_there():
    f = autograd.compile(lambda x: (x * 2.0).exp())
    for step in (0, 3, -1):
        with pytest.raises(IndexError, match=f"<lambda> has steps 1 to 2, but not {step}"):
            f.inside(step, 1.0)


def test_tensor_code_has_no_such_thing():
    f = autograd.compile(lambda x: (x * 2.0).sum())
    with pytest.raises(TypeError, match="<lambda> computes with Tensors"):
        f.inside(1, Tensor([1.0, 2.0], requires_grad=True))
