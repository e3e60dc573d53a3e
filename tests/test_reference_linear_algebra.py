"""Linear algebra against the numbers that PyTorch gives (reference/), to second order."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import autograd
from autograd import Tensor, gradient

FILE = Path(__file__).parent / "reference" / "linear_algebra.json"
ENTRIES = json.loads(FILE.read_text())["entries"]


def name(entry):
    return " ".join([entry["expression"], *(str(tuple(shape)) for shape in entry["shapes"])])


def operands(entry, order):
    """The inputs, in rows as NumPy lays them out or, as a transpose has them, in columns."""
    arrays = [np.array(x).reshape(s) for x, s in zip(entry["inputs"], entry["shapes"], strict=True)]
    return [Tensor(np.array(x, order=order), requires_grad=True) for x in arrays]


def evaluated(entry, xs):
    return eval(entry["expression"], vars(autograd) | dict(zip("xyz", xs, strict=False)))


def same(found, expected, shape=None):
    expected = np.array(expected).reshape(found.shape if shape is None else shape)
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-10, strict=True)


def as_tuple(x):
    return x if isinstance(x, tuple) else (x,)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("entry", ENTRIES, ids=name)
def test_value_and_gradient(entry, order):
    xs = operands(entry, order)
    out = evaluated(entry, xs)
    assert list(out.shape) == list(np.shape(entry["out"])) or not out.size
    same(out.data, entry["out"])
    (out * np.array(entry["weights"]).reshape(out.shape)).sum().backward()
    for x, grad in zip(xs, entry["grads"], strict=True):
        same(x.grad, grad, x.shape)


@pytest.mark.parametrize("entry", [e for e in ENTRIES if "second" in e], ids=name)
def test_second_derivatives(entry):
    xs = operands(entry, "C")
    out = evaluated(entry, xs)
    first = gradient((out * np.array(entry["weights"]).reshape(out.shape)).sum(), *xs)
    pairs = zip(as_tuple(first), entry["directions"], strict=True)
    slope = sum((g * np.array(d).reshape(g.shape)).sum() for g, d in pairs)
    if not slope.requires_grad:  # what is linear has none
        assert not any(np.any(g) for g in entry["second"])
        return
    for g, expected in zip(as_tuple(gradient(slope, *xs)), entry["second"], strict=True):
        same(g.data, expected)


def test_every_function_is_there():
    written = " ".join(entry["expression"] for entry in ENTRIES)
    for function in [
        "addmm",
        "bmm",
        "det",
        "diag",
        "diagonal",
        "dot",
        "einsum",
        "inverse",
        "matmul",
    ]:
        assert f"{function}(" in written
    for function in ["mm", "mv", "outer", "solve", "tensordot", "trace", "tril", "triu"]:
        assert f"{function}(" in written
