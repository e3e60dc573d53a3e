"""PyTorch's arguments, and edges, against the numbers that it gives (reference/arguments.py)."""

from __future__ import annotations

import pytest
from reference_entries import compare, entries, name

ENTRIES = entries("arguments.json")


@pytest.mark.parametrize("entry", ENTRIES["arguments"], ids=name)
def test_arguments(entry):
    compare(entry)


@pytest.mark.parametrize("entry", ENTRIES["edges"], ids=lambda e: f"{name(e)} {e['inputs']}")
def test_edges(entry):
    compare(entry)
