"""Shapes, indices and constructors against the numbers that PyTorch gives (reference/)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import autograd
from autograd import Tensor, gradient

REFERENCE = json.loads((Path(__file__).parent / "reference" / "shapes.json").read_text())
NAMES = vars(autograd) | {"ints": np.array, "bools": np.array}

by_entry = pytest.mark.parametrize(
    "entry", REFERENCE["arrays"], ids=lambda e: f"{e['expression']} {e['shapes']}"
)


def evaluated(entry, operands):
    """The pieces that an expression gives, and the weighted sum of their squares."""
    names = NAMES | dict(zip("xy", operands, strict=False))
    out = eval(entry["expression"], names)
    pieces = out if isinstance(out, tuple) else (out,)
    weights = map(np.array, entry["weights"])
    loss = sum((w.reshape(p.shape) * p**2).sum() for w, p in zip(weights, pieces, strict=True))
    return pieces, loss


def leaves(entry):
    return [
        Tensor(np.reshape(x, shape), requires_grad=True, dtype=float)
        for x, shape in zip(entry["inputs"], entry["shapes"], strict=True)
    ]


def check(found, expected, shapes):
    for array, numbers, shape in zip(found, expected, shapes, strict=True):
        assert list(array.shape) == shape
        np.testing.assert_allclose(array, np.reshape(numbers, shape), rtol=1e-10, atol=1e-12)


@by_entry
def test_forward_and_gradient(entry):
    operands = leaves(entry)
    pieces, loss = evaluated(entry, operands)
    check([piece.data for piece in pieces], entry["out"], entry["out shapes"])
    loss.backward()
    check([x.grad for x in operands], entry["grads"], entry["shapes"])


@by_entry
def test_second_derivative(entry):
    operands = leaves(entry)
    found = gradient(evaluated(entry, operands)[1], *operands)
    found = found if isinstance(found, tuple) else (found,)
    second = gradient(sum((g**2).sum() for g in found), *operands)
    second = second if isinstance(second, tuple) else (second,)
    check([g.data for g in second], entry["second"], entry["shapes"])


@pytest.mark.parametrize("entry", REFERENCE["constructed"], ids=lambda e: e["expression"])
def test_constructors(entry):
    out = eval(entry["expression"], dict(NAMES))
    assert isinstance(out, Tensor)
    assert out.dtype == {"float": np.float64, "int": np.int64}[entry["kind"]]
    check([out.data], [entry["out"]], [entry["shape"]])
