"""Operators and functions of each element, against the numbers that PyTorch gives (reference/)."""

from __future__ import annotations

import math

import pytest
from reference_entries import as_tuple, compare, entries, evaluated, name, weights

from autograd import Value, gradient

OPERATIONS, FUNCTIONS = entries("operations.json"), entries("elementwise.json")
NUMBERS = OPERATIONS["numbers"] + FUNCTIONS["numbers"]


@pytest.mark.parametrize("entry", NUMBERS + OPERATIONS["arrays"] + FUNCTIONS["arrays"], ids=name)
def test_tensors(entry):
    compare(entry)


def derivatives(entry, point, weight, directions):
    """What an expression of Values gives, its gradient, and that of a sum of the gradient's."""
    values = [Value(float(x)) for x in point]
    y = evaluated(entry["expression"], values)
    found = [y.data]
    if "grads" in entry:
        loss = y * weight
        loss.backward()
        found += [value.grad for value in values]
    if "second" in entry:
        first = as_tuple(gradient(loss, *values))
        slope = sum((g * d for g, d in zip(first, directions, strict=True)), start=Value(0.0))
        found += [g.data for g in as_tuple(gradient(slope, *values))]
    return found


@pytest.mark.parametrize("entry", NUMBERS, ids=name)
def test_values(entry):
    """As in PyTorch; and where PyTorch has infinity or NaN, a float may raise Python's error."""
    points = zip(*entry["inputs"], strict=True)
    expected = zip(entry["out"], *entry.get("grads", []), *entry.get("second", []), strict=True)
    columns = [weights(entry["shape"], i).tolist() for i in range(1 + len(entry["inputs"]))]
    rows = zip(points, zip(*columns, strict=True), expected, strict=True)
    for point, (weight, *directions), given in rows:
        numbers = list(map(float, given))
        try:
            found = derivatives(entry, point, weight, directions)
        except (ArithmeticError, ValueError):
            assert not all(map(math.isfinite, numbers)), point
            continue
        if all(map(math.isfinite, numbers)):
            assert found == pytest.approx(numbers, rel=1e-10, abs=1e-10), point
