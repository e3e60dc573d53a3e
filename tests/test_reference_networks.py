"""Recurrent networks and attention against PyTorch's numbers (reference/networks.py)."""

from __future__ import annotations

import pytest
from reference_entries import compare, entries, name


@pytest.mark.parametrize("entry", entries("networks.json")["networks"], ids=name)
def test_networks(entry):
    compare(entry)
