"""Every operation that PyTorch has, against the numbers that PyTorch gives (reference/)."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value

HERE = Path(__file__).parent / "reference"
REFERENCE = json.loads((HERE / "operations.json").read_text())

SIGN = "the derivative is infinite, and its sign is that of a zero"
DIFFERENT = {  # where glassgrad differs from PyTorch, and why
    ("x ** 0.5", (0.0,)): SIGN,
}


def name(entry):
    return " ".join([entry["expression"], *(str(np.shape(x)) for x in entry.get("inputs", []))])


def evaluated(expression, operands):
    return eval(expression, vars(autograd) | dict(zip("xyz", operands, strict=False)))


def points(entry):
    for point, out, grads in zip(entry["points"], entry["out"], entry["grads"], strict=True):
        if (entry["expression"], tuple(point)) not in DIFFERENT:
            yield point, float(out), [float(grad) for grad in grads]


by_numbers = pytest.mark.parametrize("entry", REFERENCE["numbers"], ids=name)


@by_numbers
def test_values(entry):
    """As in PyTorch; and where PyTorch has infinity, a float raises Python's error."""
    for point, out, grads in points(entry):
        values = [Value(x) for x in point]
        try:
            y = evaluated(entry["expression"], values)
            y.backward()
        except (ArithmeticError, ValueError) as error:
            raised = error
        else:
            raised = None
        finite = all(map(math.isfinite, [out, *grads]))
        assert not (raised and finite), (point, raised)
        if raised:
            continue
        assert y.data == pytest.approx(out, rel=1e-12, abs=0), point
        found = [value.grad for value in values]
        assert found == pytest.approx(grads, rel=1e-12, abs=0, nan_ok=True), point
        assert not any(map(math.isinf, found)), point


@by_numbers
def test_tensors(entry):
    """As in PyTorch, infinities and NaNs too."""
    kept = list(points(entry))
    columns = zip(*(point for point, _, _ in kept), strict=True)
    operands = [Tensor(column, requires_grad=True) for column in columns]
    with np.errstate(all="ignore"):
        y = evaluated(entry["expression"], operands)
        y.sum().backward()
    np.testing.assert_allclose(y.data, [out for _, out, _ in kept], rtol=1e-12, atol=0)
    found = [np.zeros(len(kept)) if x.grad is None else x.grad for x in operands]
    wrong = {
        tuple(point): {"expected": grads, "found": list(grad)}
        for (point, _, grads), grad in zip(kept, np.transpose(found), strict=True)
        if not np.allclose(grad, grads, rtol=1e-12, atol=0, equal_nan=True)
    }
    assert not wrong


@pytest.mark.parametrize("entry", REFERENCE["arrays"], ids=name)
def test_arrays(entry):
    operands = [Tensor(x, requires_grad=True) for x in entry["inputs"]]
    out = evaluated(entry["expression"], operands)
    np.testing.assert_allclose(out.data, entry["out"], rtol=1e-12, atol=1e-14)
    (out * np.array(entry["weights"])).sum().backward()
    for x, grad in zip(operands, entry["grads"], strict=True):
        assert x.grad.shape == x.shape
        np.testing.assert_allclose(x.grad, grad, rtol=1e-12, atol=1e-14)


def test_differences_are_decisions():
    for x in (0.0, -0.0):
        with pytest.raises(ZeroDivisionError, match="pow"):
            (Value(x) ** 0.5).backward()


def test_reference_covers_the_table():
    # Whatever stands in one of the files is compared by the test that reads it.
    covered = " ".join(file.read_text() for file in HERE.glob("*.json"))
    written = {"add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "**", "matmul": "@"}
    written |= {"neg": "2 - x", "index": "x[", "gt": "x > 0", "transpose": ".T"}
    of_our_own = {"detach"} | {op.name for op in autograd.op.TABLE.values() if op.comparison}
    for op in autograd.op.TABLE.values():
        if op.public and op.name not in of_our_own:
            assert written.get(op.name, op.name) in covered, op.name


def test_the_generator_names_no_place_of_one_machine():
    for file in HERE.iterdir():
        if file.is_file():
            assert "/work/" not in file.read_text()
            assert "/tmp" not in file.read_text()


def test_micrograds_example():
    a, b = Value(-4.0), Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    assert f"{g.data:.4f}" == "24.7041"
    g.backward()
    assert (f"{a.grad:.4f}", f"{b.grad:.4f}") == ("138.8338", "645.5773")
