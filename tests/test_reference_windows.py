"""Convolutions, poolings and norms against PyTorch's numbers (reference/windows.py)."""

from __future__ import annotations

import pytest
from reference_entries import compare, entries, name

ENTRIES = entries("windows.json")


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize(
    "entry", [*ENTRIES["convolution"], *ENTRIES["pooling"], *ENTRIES["normalization"]], ids=name
)
def test_windows(entry, order):
    compare(entry, order)
