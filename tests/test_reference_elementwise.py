"""Functions of each element, against the numbers that PyTorch gives (reference/elementwise.py)."""

from __future__ import annotations

import math

import pytest
from reference_entries import compare, entries, evaluated, name

from autograd import Value

ENTRIES = entries("elementwise.json")


@pytest.mark.parametrize("entry", ENTRIES["numbers"] + ENTRIES["arrays"], ids=name)
def test_tensors(entry):
    compare(entry)


@pytest.mark.parametrize("entry", ENTRIES["numbers"], ids=name)
def test_values(entry):
    """As in PyTorch; and where PyTorch has infinity or NaN, a float may raise Python's error."""
    columns = zip(*entry["inputs"], strict=True)
    rows = zip(*entry["grads"], strict=True)
    for point, out, grads in zip(columns, entry["out"], rows, strict=True):
        expected = [float(out), *map(float, grads)]
        values = [Value(float(x)) for x in point]
        try:
            y = evaluated(entry["expression"], values)
            y.backward()
        except (ArithmeticError, ValueError):
            assert not all(map(math.isfinite, expected)), point
            continue
        if all(map(math.isfinite, expected)):
            found = [y.data, *(value.grad for value in values)]
            assert found == pytest.approx(expected, rel=1e-10, abs=1e-10), point
