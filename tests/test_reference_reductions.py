"""Reductions, against the numbers that PyTorch gives (reference/reductions.py)."""

from __future__ import annotations

import pytest
from reference_entries import compare, entries, name

ENTRIES = entries("reductions.json")


@pytest.mark.parametrize("entry", ENTRIES["arrays"] + ENTRIES["whole"], ids=name)
def test_arrays(entry):
    compare(entry)


@pytest.mark.parametrize("entry", ENTRIES["edges"], ids=lambda e: f"{name(e)} {e['inputs']}")
def test_edges(entry):
    compare(entry)
