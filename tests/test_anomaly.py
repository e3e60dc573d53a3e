"""detect_anomaly: a NaN or an infinity is raised where it is born."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value, checkpoint, detect_anomaly, grad, gradient, jacobian, no_grad
from autograd.backward import general_pull, observed
from autograd.modes import state
from autograd.op import TABLE
from autograd.record import record_tensors
from autograd.scalar import forward_source


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


LOGARITHM = "bad = v.log()  # which Python itself refuses"


def test_what_python_raises_by_itself():
    v = Value(-1.0, name="v")
    says = "math domain error, in log(v=-1.0)"
    with detect_anomaly(), pytest.raises(ValueError, match=re.escape(says)) as caught:
        bad = v.log()  # which Python itself refuses
    assert str(caught.value) == f"{says}, computed at {line_of(LOGARITHM)}"
    with pytest.raises(ValueError, match=re.escape(says) + "$"):
        v.log()
    assert "bad" not in locals()


@pytest.mark.parametrize(
    ("act", "error", "says"),
    [
        (lambda v: autograd.log(v - 1.0), ValueError, r"log\(x=-1\.0\)"),
        (lambda v: 1.0 / v, ZeroDivisionError, r"div\(x=1\.0, v=0\.0\)"),
        (np.log, ValueError, r"log\(v=0\.0\)"),
        (lambda v: v**-1, ZeroDivisionError, r"pow\(v=0\.0, y=-1\.0\)"),
        (lambda v: (v + 1000.0).exp(), OverflowError, r"exp\(x=1000\.0\)"),
        (lambda v: v.sqrt().backward(), ZeroDivisionError, r"the derivative of sqrt\(v=0\.0\)"),
        (lambda v: gradient(v.sqrt(), v), ZeroDivisionError, r"derivative of sqrt\(v=0\.0\)"),
        (grad(autograd.log), ValueError, r"log\(x=0\.0\)"),
        (grad(autograd.sqrt), ZeroDivisionError, r"derivative of sqrt\(x=0\.0\)"),
        (lambda v: no_grad()(v.log)(), ValueError, r"log\(v=0\.0\)"),
        (
            lambda v: autograd.stack([v, v]).reshape(1, 2).tile(2, 1).inverse(),
            np.linalg.LinAlgError,
            r"inverse\(x: \(2, 2\)\)",
        ),
    ],
)
def test_errors_of_floats_say_where(act, error, says):
    with detect_anomaly(), pytest.raises(error) as caught:
        act(Value(0.0, name="v"))
    pattern = says + r", computed at .*test_anomaly\.py:\d+: `"
    assert re.search(pattern, str(caught.value)), str(caught.value)


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


def test_off_it_leaves_no_trace():
    """Watching is one integer that an operation reads: no function is put in another's place."""

    def engine():
        methods = {name: getattr(Value, name) for name in ("__mul__", "__add__", "__neg__", "log")}
        pulls = {op: (op.pull, op.array_pull) for op in map(TABLE.get, ("mul", "add", "log"))}
        return methods, pulls, record_tensors, record_tensors.__code__, general_pull.__code__

    def step():
        (Value(2.0) * 3.0 + 1.0).log().neg().backward()
        (t(1.0, 2.0) * 3.0 + 1.0).log().sum().backward()

    step()  # what is written out on first use is written out
    before = engine()
    with detect_anomaly():
        step()
        assert engine() == before
        assert state.watched == 1
    assert engine() == before
    assert state.watched == 0
    nodes = iter([])
    assert observed(nodes, nodes.__next__) is nodes, "the sweep walks over the nodes themselves"
    source = forward_source(TABLE["mul"], "multiply")
    assert source.count("watched") == 2, "one question, and one way for who is watched"


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


@pytest.mark.parametrize(
    "make", [lambda z: (z * 2.0) ** 0.5, lambda z: (Tensor(np.ones(2)) * z).sqrt().sum()]
)
def test_steps_say_the_line_too(make):
    """They sweep copies of the nodes, which stand for what the user computed."""
    with detect_anomaly():
        y = make(Value(0.0, name="z"))
        with pytest.raises((ZeroDivisionError, FloatingPointError)) as swept:
            y.backward()
        with pytest.raises(type(swept.value)) as stepped:
            list(y.steps())
    assert str(stepped.value) == str(swept.value)
    assert "test_anomaly.py:" in str(stepped.value)


def test_a_copy_is_not_taken_for_a_node_that_was_there_before():
    z = Value(0.0, name="z")
    y = (z * 2.0) ** 0.5  # outside: its line is not known
    with detect_anomaly():
        for _ in range(50):
            Value(1.0) * 2.0  # gone, and its place in memory is free
        with pytest.raises(ZeroDivisionError) as stepped:
            list(y.steps())
    assert "computed at" not in str(stepped.value)


def test_in_a_notebook_the_line_is_one_of_a_cell():
    code = compile("x = 2.0\n(z * x).log()", "/tmp/ipykernel_12/3456.py", "exec")
    said = "in line 2 of a cell$"
    with detect_anomaly(), pytest.raises(ValueError, match=said):
        exec(code, {"z": Value(0.0)})
