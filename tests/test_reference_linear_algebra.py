"""Linear algebra, against the numbers that PyTorch gives (reference/linear_algebra.py)."""

from __future__ import annotations

import pytest
from reference_entries import compare, entries, name


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("entry", entries("linear_algebra.json")["arrays"], ids=name)
def test_arrays(entry, order):
    """In rows as NumPy lays them out and, as a transpose has them, in columns."""
    compare(entry, order)
