"""custom: a user's own operation is like a built-in one."""

from __future__ import annotations

import copy
import math
import pickle

import numpy as np
import pytest

import autograd
from autograd import (
    Tensor,
    Value,
    custom,
    draw,
    explain,
    grad,
    gradcheck,
    gradgradcheck,
    hessian,
    no_grad,
    vjp,
)
from autograd.op import TABLE


@custom(
    partials=[lambda out, x: out + autograd.sigmoid(x) * (1.0 - out)],
    text="swish({0})",
    symbol="swish",
    source="Ramachandran et al. 2017",
)
def swish_1(x):
    """x · σ(x)."""
    return x / (1.0 + np.exp(-x))


@custom(
    partials=[
        lambda out, x, y: x / out,
        lambda out, x, y: y / out,
    ],
    unbounded=True,
)
def hypotenuse(x, y):
    return np.hypot(x, y)


@custom(vjps=[lambda g, out, x, *, axis: autograd.mul(g, 2.0 * x)])
def squares(x, *, axis):
    return (x * x).sum(axis, keepdims=True)


@custom(
    partials=[
        lambda out, a, b, c, d: b * c * d,
        lambda out, a, b, c, d: a * c * d,
        lambda out, a, b, c, d: a * b * d,
        None,
    ]
)
def product(a, b, c, d):
    return a * b * c * d


def test_on_every_carrier():
    assert swish_1(0.0) == 0.0
    assert swish_1(np.zeros(2)).tolist() == [0.0, 0.0]
    v, t = Value(0.5), Tensor([0.5, -1.0], requires_grad=True)
    y, z = swish_1(v), swish_1(t)
    assert (type(y), type(y.data), y.op.name, y.parents) == (Value, float, "swish_1", (v,))
    assert (type(z), z.op) == (Tensor, y.op)
    y.backward()
    z.sum().backward()
    s = 1 / (1 + math.exp(-0.5))
    assert v.grad == pytest.approx(s + 0.5 * s * (1 - s), rel=1e-14)
    assert t.grad[0] == pytest.approx(v.grad, rel=1e-14)
    with no_grad():
        assert swish_1(v).op is None
    mixed = hypotenuse(v, t)
    assert (type(mixed), mixed.shape) == (Tensor, (2,))


def test_gradcheck_checks_it():
    x, y = np.array([0.5, -1.0]), np.array([[1.5], [2.0]])
    for f, inputs in [
        (swish_1, x),
        (swish_1, 0.5),
        (hypotenuse, (x, y)),
        (hypotenuse, (3.0, 4.0)),
        (hypotenuse, (3.0, y)),
        (lambda x: squares(x, axis=1), y @ x[None]),
        (lambda a, b, c: product(a, b, c, 2.0), (1.0, 2.0, 3.0)),
        (lambda a, b, c: product(a, b, c, 2.0), (x, y, 3.0)),
    ]:
        assert gradcheck(f, inputs)
        assert gradgradcheck(f, inputs)


def test_higher_orders():
    def written_out(x):
        return x * autograd.sigmoid(x)

    f, g = swish_1, written_out
    for _ in range(3):
        f, g = grad(f), grad(g)
        assert f(0.7) == pytest.approx(g(0.7), rel=1e-12)
    x = np.array([0.3, -0.4])
    np.testing.assert_allclose(
        hessian(lambda x: swish_1(x).sum())(x),
        hessian(lambda x: written_out(x).sum())(x),
        rtol=1e-12,
        atol=1e-15,
    )


def test_four_operands():
    a, b, c, d = (Value(x) for x in (2.0, 3.0, 5.0, 7.0))
    y = product(a, b, c, d)
    assert y.operands == y.parents == (a, b, c, d)
    (y * y).backward()
    assert (a.grad, b.grad, c.grad, d.has_grad) == (
        2 * 210 * 105,
        2 * 210 * 70,
        2 * 210 * 42,
        False,
    )
    again = copy.deepcopy(y)
    again.backward()
    assert [p.grad for p in again.parents[:2]] == [a.grad + 105, b.grad + 70]
    plain = product(2.0, b, 5.0, 7.0)
    assert plain.operands == (2.0, b, 5.0, 7.0)


def test_a_zero_from_above_stays_zero_where_a_partial_is_infinite():
    for x in (Value(0.0), Tensor(0.0, requires_grad=True)):
        (hypotenuse(x, 0.0 * x) * 0.0).sum().backward() if isinstance(x, Tensor) else (
            hypotenuse(x, 0.0 * x) * 0.0
        ).backward()
        assert float(x.grad) == 0.0


def test_it_does_not_enter_the_table():
    @custom(partials=[lambda out, x: 5.0])
    def tanh(x):
        return 5.0 * x

    assert grad(tanh)(1.0) == 5.0
    assert grad(autograd.tanh)(0.0) == 1.0
    assert str(explain(tanh)) == "out = tanh(x)\n∂out/∂x = 5"
    assert str(explain(autograd.tanh)) == "out = tanh(x)\n∂out/∂x = 1 − out²"
    y = tanh(Value(1.0))
    assert "∂y/∂x1 = 5" in str(explain(y))
    assert y.op is not TABLE["tanh"]
    assert not {"swish_1", "hypotenuse"} & TABLE.keys()
    with pytest.raises(TypeError, match="tanh does not stand in the table and cannot be pickled"):
        pickle.dumps(y.op)


def test_explained_and_drawn():
    assert str(explain(swish_1)) == "out = swish(x)\n∂out/∂x = out + σ(x) · (1 − out)"
    assert r"\operatorname{hypotenuse}(x, y)" in explain(hypotenuse).latex()
    assert r"\operatorname{product}" in explain(product).latex()
    x = Value(0.5, name="x")
    picture = draw(swish_1(x)).svg
    assert ">swish<" in picture


def test_a_rule_may_use_numpys_functions():
    @custom(partials=[lambda out, x: np.cos(x)])
    def sine(x):
        return np.sin(x)

    assert str(explain(sine)) == "out = sine(x)\n∂out/∂x = cos(x)"
    assert gradgradcheck(sine, (0.5,))
    assert gradgradcheck(sine, [0.5, 1.0])


def test_settings_and_misuse():
    assert squares(np.ones((2, 3)), axis=1).tolist() == [[3.0], [3.0]]
    with pytest.raises(TypeError, match="squares works on arrays"):
        squares(Value(1.0), axis=0)
    with pytest.raises(TypeError, match="misses its operand 'y'"):
        hypotenuse(1.0)
    with pytest.raises(TypeError, match="two has 2 operands, but custom was given 1 rules"):
        custom(partials=[lambda out, x: 1.0])(_named("two", lambda x, y: x))
    with pytest.raises(TypeError, match="a function written in Python, but was given <ufunc"):
        custom(partials=[lambda out, x: 1.0])(np.sin)
    with pytest.raises(TypeError, match="takes either partials or vjps for f"):
        custom()(_named("f", lambda x: x))
    with pytest.raises(TypeError, match=r"f has keyword-only settings.*give vjps"):
        custom(partials=[lambda out, x: 1.0])(_named("f", lambda x, *, k: x))


def _named(name, f):
    f.__name__ = name
    return f


def test_transforms_and_nodes_of_its_gradient():
    value, pullback = vjp(swish_1, [0.5, -1.0])
    (by_x,) = pullback([1.0, 0.0])
    assert by_x[1] == 0.0
    assert value[0] == swish_1(0.5)


@pytest.mark.parametrize(
    "name", ["v1", "_0", "b20", "forward", "lambda", "<lambda>", "np", "tamed"]
)
def test_names_that_a_program_cannot_use(name):
    def twice(x):
        return 2.0 * x

    twice.__name__ = name
    operation = autograd.custom(partials=[lambda out, x: 2.0])(twice)
    f = autograd.compile(lambda xs: sum(operation(x) for x in xs))
    with pytest.raises(NotImplementedError, match=f"custom operation named {name!r}, which is no"):
        f([1.0, 2.0])


def test_compiled_code_of_tensors_takes_a_lambda():
    twice = autograd.custom(partials=[lambda out, x: 2.0])(lambda x: 2.0 * x)
    thrice = autograd.custom(partials=[lambda out, x: 3.0])(lambda x: 3.0 * x)
    x = autograd.Tensor([1.0, 2.0], requires_grad=True)
    y = autograd.compile(lambda k: (twice(x) + thrice(x)).sum() * k)(2.0)
    y.backward()
    assert (y.item(), x.grad.tolist()) == (30.0, [10.0, 10.0])
