"""detect_anomaly: a NaN or an infinity is raised where it is born."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value, checkpoint, detect_anomaly, grad, gradient, jacobian, no_grad
from autograd.modes import state


def t(*data, name="t"):
    return Tensor(list(data), requires_grad=True, name=name)


def line_of(text):
    """The file and line in which this file holds some text, once."""
    here = Path(__file__)
    lines = here.read_text().splitlines()
    (number,) = [i for i, line in enumerate(lines, 1) if line.strip() == text]
    return f"{here}:{number}: `{text}`"


def test_forward_of_tensors():
    x = t(1.0, -1.0, name="weights")
    with detect_anomaly():
        h = x * 2.0
        with pytest.raises(FloatingPointError) as caught:
            bad = h.log()  # the line that is named
    assert str(caught.value) == (
        "log made nan at [1] of x=[ 2., -2.], computed at "
        + line_of("bad = h.log()  # the line that is named")
    )
    with detect_anomaly(), pytest.raises(FloatingPointError, match=r"weights=\[ 1\., -1\.\]"):
        x.log()
    assert "bad" not in locals()


def test_forward_of_values():
    v = Value(1e200, name="v")
    with detect_anomaly(), pytest.raises(FloatingPointError) as caught:
        bad = v * v  # the product is infinite
    assert str(caught.value) == (
        "mul made inf of v=1.e+200, v=1.e+200, computed at "
        + line_of("bad = v * v  # the product is infinite")
    )
    assert "bad" not in locals()


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (lambda: t(0.0, 1.0) / t(0.0, 1.0, name="u"), r"div made nan at \[0\] of t=.*, u=\[0"),
        (lambda: 1.0 / t(2.0, 0.0), r"div made inf at \[1\] of x=1\.0?, t="),
        (lambda: t(1000.0).exp(), r"exp made inf at \[0\]"),
        (lambda: np.exp(t(1000.0)), r"exp made inf at \[0\]"),
        (lambda: t(1e308, 1e308).sum(), r"sum made inf of t=\[1.e\+308, 1.e\+308\]"),
        (lambda: Tensor([-1.0]).sqrt(), r"sqrt made nan"),
        (lambda: t(np.nan, 1.0) * 2.0, r"mul made nan at \[0\] of t=\[nan"),
        (lambda: t(np.inf) - t(np.inf), "sub made nan"),
        (lambda: Value(1e308) + Value(1e308), r"add made inf"),
        (
            lambda: Tensor(np.full((50, 50), -1.0)).log(),
            r"at \[0, 0\] of x=\[\[-1., -1., \.\.\., -1.",
        ),
    ],
)
def test_what_is_raised(act, says):
    with detect_anomaly(), pytest.raises(FloatingPointError, match=says) as caught:
        act()
    assert "\n" not in str(caught.value)
    assert Path(__file__).name in str(caught.value)


def test_an_infinity_that_was_put_in_may_pass():
    x = t(1.0, 2.0)
    with detect_anomaly():
        masked = autograd.where(np.array([True, False]), x, -np.inf)
        y = masked.exp().sum()
        y.backward()
    assert x.grad.tolist() == [np.e, 0.0]


def test_backward_of_tensors():
    x = t(1.0, 0.0, name="x")
    with detect_anomaly():
        root = x.sqrt()  # it is the derivative of this
        loss = root.sum()
        with pytest.raises(FloatingPointError) as caught:
            loss.backward()
    assert str(caught.value) == (
        "the gradient of x became inf at [1], with x=[1., 0.], in the derivative of sqrt(x: (2,)), "
        "computed at " + line_of("root = x.sqrt()  # it is the derivative of this")
    )
    assert x.grad is None


def test_backward_of_values():
    v = Value(1e-200, name="v")
    with detect_anomaly():
        y = 1.0 / v / 1e100
        with pytest.raises(FloatingPointError, match=r"gradient of v became -inf.*`y = 1.0 / v"):
            y.backward()
    z = Value(0.0, name="z")
    with detect_anomaly():
        y = z.sqrt()
        with pytest.raises(
            ZeroDivisionError, match=r"sqrt\(z=0.0\), computed at .*`y = z.sqrt\(\)`"
        ):
            y.backward()
    assert (v.has_grad, z.has_grad) == (False, False)


def test_transforms():
    with detect_anomaly():
        for transform in (grad, jacobian):
            with pytest.raises(
                FloatingPointError, match=r"in the derivative of sqrt.*test_anomaly"
            ):
                transform(lambda x: x.sqrt().sum())([1.0, 0.0])
        x = t(0.0)
        y = x.sqrt().sum()
        with pytest.raises(FloatingPointError, match=r"div made inf.*in the derivative of sqrt"):
            gradient(y, x)
        assert grad(lambda x: (x * x).sum())([1.0, 2.0]).tolist() == [2.0, 4.0]


def test_inside_a_checkpoint():
    x = t(0.0, name="x")
    with detect_anomaly():
        y = checkpoint(lambda x: (x * 2.0).sqrt(), x)  # the line inside
        with pytest.raises(FloatingPointError) as caught:
            y.sum().backward()
    where = line_of("y = checkpoint(lambda x: (x * 2.0).sqrt(), x)  # the line inside")
    assert str(caught.value).startswith(
        "the gradient of x became inf at [0], with x=[0.], in the derivative of sqrt(x: (1,)), "
        f"computed at {where}, in the derivative of checkpoint("
    )


def test_made_before_the_block():
    x = t(0.0)
    y = x.sqrt().sum()
    with detect_anomaly(), pytest.raises(FloatingPointError) as caught:
        y.backward()
    assert re.search(r"in the derivative of sqrt\(t: \(1,\)\)$", str(caught.value)), (
        "without a line"
    )


def test_in_no_grad_too():
    with no_grad(), detect_anomaly(), pytest.raises(FloatingPointError, match="log made nan"):
        t(-1.0).log()


def test_layers_are_not_the_users_code():
    from nn import MLP

    model = MLP(2, [3, 1])
    model.parameters()[0].data = np.inf
    with detect_anomaly(), pytest.raises((FloatingPointError, ValueError)) as caught:
        model([Value(0.0), Value(1.0)])  # where the user calls it
    assert line_of("model([Value(0.0), Value(1.0)])  # where the user calls it") in str(
        caught.value
    )


def test_it_ends_with_its_block():
    assert state.watched == 0
    x = t(-1.0)
    with pytest.raises(KeyError), detect_anomaly():
        raise KeyError
    assert state.watched == 0
    with np.errstate(all="ignore"):
        assert np.isnan(x.log().data)
    assert np.geterr()["divide"] == "warn"


def test_as_a_decorator_and_nested():
    @detect_anomaly()
    def f(n, x):
        """Docstring."""
        return x.log() if n == 0 else f(n - 1, x)

    assert f.__doc__ == "Docstring."
    assert f(2, t(1.0)).data.tolist() == [0.0]
    with pytest.raises(FloatingPointError):
        f(2, t(-1.0))
    with detect_anomaly():
        with detect_anomaly():
            pass
        with pytest.raises(FloatingPointError):
            t(-1.0).log()
    assert state.watched == 0


def test_other_threads_are_not_watched():
    found = []

    def work():
        with np.errstate(all="ignore"):
            found.append(t(-1.0).log().data)

    with detect_anomaly():
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert np.isnan(found[0])


def test_results_are_the_same():
    def run():
        v, x = Value(0.5), t(0.3, 0.4)
        y = ((x * v).tanh() @ x) * v.exp() + v**2
        y.backward()
        return y.data.tolist(), v.grad, x.grad.tolist()

    with detect_anomaly():
        watched = run()
    assert watched == run()
