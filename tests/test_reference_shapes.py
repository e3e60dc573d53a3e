"""Shapes, indices and constructors against the numbers that PyTorch gives (reference/)."""

from __future__ import annotations

import numpy as np
import pytest
from reference_entries import as_tuple, entries, evaluated, name, operands

from autograd import Tensor, gradient

REFERENCE = entries("shapes.json")
by_entry = pytest.mark.parametrize("entry", REFERENCE["arrays"], ids=name)


def pieces_and_loss(entry, xs):
    """The pieces that an expression gives, and the weighted sum of their squares."""
    pieces = as_tuple(evaluated(entry["expression"], xs))
    weights = map(np.array, entry["weights"])
    loss = sum((w.reshape(p.shape) * p**2).sum() for w, p in zip(weights, pieces, strict=True))
    return pieces, loss


def check(found, expected, shapes):
    for array, numbers, shape in zip(found, expected, shapes, strict=True):
        assert list(array.shape) == shape
        np.testing.assert_allclose(array, np.reshape(numbers, shape), rtol=1e-10, atol=1e-12)


@by_entry
def test_forward_and_gradient(entry):
    xs = operands(entry)
    pieces, loss = pieces_and_loss(entry, xs)
    check([piece.data for piece in pieces], entry["out"], entry["out shapes"])
    loss.backward()
    check([x.grad for x in xs], entry["grads"], entry["shapes"])


@by_entry
def test_second_derivative(entry):
    xs = operands(entry)
    found = as_tuple(gradient(pieces_and_loss(entry, xs)[1], *xs))
    second = as_tuple(gradient(sum((g**2).sum() for g in found), *xs))
    check([g.data for g in second], entry["second"], entry["shapes"])


@pytest.mark.parametrize("entry", REFERENCE["constructed"], ids=lambda e: e["expression"])
def test_constructors(entry):
    out = evaluated(entry["expression"], [])
    assert isinstance(out, Tensor)
    assert out.dtype == {"float": np.float64, "int": np.int64}[entry["kind"]]
    check([out.data], [entry["out"]], [entry["shape"]])
