"""gradcheck and gradgradcheck: what is right passes, what is wrong is named."""

from __future__ import annotations

import re

import numpy as np
import pytest

import autograd
from autograd import GradcheckError, Tensor, Value, custom, gradcheck, gradgradcheck
from autograd.op import TABLE

RNG = np.random.default_rng(5)


def wrong_square(factor):
    @custom(partials=[lambda out, x: factor * x])
    def wrong(x):
        return x * x

    return wrong


RIGHT = {
    "number": (lambda x: x**3, 2.0),
    "numbers": (lambda x, y: x * y + x, (2.0, 3.0)),
    "array": (lambda x: (x * x).sum(), np.array([1.0, 2.0])),
    "list": (lambda x: x * x, [1.0, 2.0]),
    "matrix": (lambda x, w: (x @ w).tanh(), (RNG.normal(size=(2, 3)), RNG.normal(size=(3, 2)))),
    "broadcast": (lambda x, y: x / y, (RNG.normal(size=(2, 3)), np.array([[1.5], [2.5]]))),
    "several results": (lambda x: {"a": x * x, "b": [x.sum(), 1.0]}, np.array([1.0, 2.0])),
    "tree": (lambda p: p["w"] @ p["w"] * p["b"], {"w": np.array([1.0, 2.0]), "b": 3.0}),
    "value": (lambda v: v.exp() * v, Value(0.5)),
    "tensor": (lambda t: t.exp() * t, Tensor([0.5, 1.0], requires_grad=True)),
    "constants": (
        lambda x, i, t: x[i] * t,
        (np.ones((2, 2)), np.array([0, 0, 1]), Tensor([2.0, 3])),
    ),
    "no axes": (lambda x: x * x, np.array(2.0)),
    "nothing depends": (lambda x: 1.0, 2.0),
    "values and tensors": (lambda v, t: (t * v).sum() * v, (Value(2.0), RNG.normal(size=2))),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right(name):
    f, inputs = RIGHT[name]
    assert gradcheck(f, inputs) is True
    assert gradgradcheck(f, inputs) is True


@pytest.mark.parametrize(
    "op", [op for op in TABLE.values() if op.scalar is not None and op.public], ids=str
)
def test_the_table_passes(op):
    rng = np.random.default_rng(1)
    for box in op.domain:
        values = [float(rng.uniform(low, high)) for low, high in box]
        xs = tuple(x if op.flows_to(i) else Tensor(x) for i, x in enumerate(values))
        if not any(op.flows_to(i) for i in range(op.arity)):
            continue
        assert gradcheck(op.function, xs)
        assert gradgradcheck(op.function, xs)


def test_the_report_names_the_worst():
    wrong = wrong_square(3.0)
    w = Tensor([[0.0, 1.0], [2.0, 5.0]], requires_grad=True, name="weights")
    with pytest.raises(GradcheckError) as caught:
        gradcheck(lambda x, w: (wrong(w) * x).sum(), (2.0, w))
    assert str(caught.value) == (
        "3 of 5 derivatives are wrong; the worst is the derivative of result 0 by weights[1, 1]: "
        "expected 20 by finite differences, found 30 by the rules"
    )
    assert gradcheck(wrong, w, raise_exception=False) is False
    assert gradcheck(wrong, w, rtol=1.0)


def test_the_report_without_names():
    wrong = wrong_square(3.0)
    with pytest.raises(
        GradcheckError, match=r"^1 of 1 .*result 0 by inputs\[0\]: expected 4 .* 6 "
    ):
        gradcheck(wrong, 2.0)
    with pytest.raises(
        GradcheckError, match=r"result 1\[1\] by inputs\[1\]\['b'\]\[1\]: expected 4 "
    ):
        gradcheck(lambda x, p: (x, wrong(p["b"])), (1.0, {"b": [1e-9, 2.0]}), atol=1.0, rtol=0.0)
    with pytest.raises(GradcheckError, match="2 of 2"):
        gradcheck(lambda v, w: wrong(v) * wrong(w), (Value(2.0, name="a"), Value(3.0, name="a")))


def test_a_nan_is_wrong():
    @custom(partials=[lambda out, x: x * float("nan")])
    def nowhere(x):
        return x * x

    with pytest.raises(GradcheckError, match="expected 2 by finite differences, found nan"):
        gradcheck(nowhere, np.array([1.0]))


def test_a_wrong_second_derivative():
    """The first is right, but computed outside the graph, so the second is lost."""

    @custom(partials=[lambda out, x: 2.0 * (x.data if isinstance(x, autograd.Node) else x)])
    def square(x):
        return x * x

    assert gradcheck(square, 1.5)
    with pytest.raises(GradcheckError, match=r"expected .* found 0 by the rules"):
        gradgradcheck(square, 1.5)


def test_the_report_of_second_derivatives():
    """Its results are the gradients of the first pass, so they are called so."""

    @custom(partials=[lambda out, x: 2.0 * (x.data if isinstance(x, autograd.Node) else x)])
    def square(x):
        return x * x

    w = Tensor([0.0, 2.0], requires_grad=True, name="w")
    with pytest.raises(GradcheckError) as caught:
        gradgradcheck(lambda x, w: (x * square(w)).sum(), (1.0, w))
    assert re.fullmatch(
        r"2 of 12 derivatives are wrong; the worst is the derivative of the gradient of w\[\d\] by "
        r"w\[\d\]: expected \S+ by finite differences, found 0 by the rules",
        str(caught.value),
    )


def test_a_gradient_that_is_cut_off_is_wrong():
    with pytest.raises(GradcheckError, match="expected 1 by finite differences, found 0"):
        gradcheck(autograd.detach, 1.0)


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        (Tensor([1.0]), "no float and no node that requires a gradient"),
        (3, "no float"),
        ([1, 2], "no float"),
        (
            (1.0, {"w": [[1.0, 2.0], [3.0]]}),
            r"^inputs\[1\]\['w'\]: a Tensor holds rows of equal lengths, but \[0\] has length 2 "
            r"and \[1\] has length 1$",
        ),
        (np.ones(2, np.float32), r"needs float64.*but inputs\[0\] is float32"),
        (Tensor([1.0], requires_grad=True, dtype=np.float32, name="w"), "but w is float32"),
    ],
)
def test_what_cannot_be_checked(inputs, says):
    for check in (gradcheck, gradgradcheck):
        with pytest.raises(ValueError, match=says):
            check(lambda *xs: xs[0] * 1.0, inputs)


def test_it_leaves_no_trace():
    v, t = Value(2.0), Tensor([1.0, 2.0], requires_grad=True)
    gradcheck(lambda v, t: v * t * t, (v, t))
    gradgradcheck(lambda v, t: v * t * t, (v, t))
    assert (v.has_grad, t.has_grad, v.data, t.data.tolist()) == (False, False, 2.0, [1.0, 2.0])
