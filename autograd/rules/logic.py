"""Masks put together: 1 where it is so and 0 where it is not, as for comparisons."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.op import operation
from autograd.rules.arithmetic import FLAT
from autograd.rules.piecewise import APART, OFF_ZERO, ZERO


@operation(
    scalar=lambda x, y: float(bool(x and y)),
    array=np.logical_and,
    partials=ZERO,
    comparison=True,
    symmetric=True,
    text="[{0:1} ∧ {1:1}]",
    latex=r"[{0:1} \land {1:1}]",
    symbol="∧",
    domain=APART,
    source=FLAT,
)
def logical_and(x: Any, y: Any) -> Any:
    """Whether neither is zero. As ``torch.logical_and``.

    Examples
    --------
    >>> logical_and(1.0, 0.0)
    0.0
    """


@operation(
    scalar=lambda x, y: float(bool(x or y)),
    array=np.logical_or,
    partials=ZERO,
    comparison=True,
    symmetric=True,
    text="[{0:1} ∨ {1:1}]",
    latex=r"[{0:1} \lor {1:1}]",
    symbol="∨",
    domain=APART,
    source=FLAT,
)
def logical_or(x: Any, y: Any) -> Any:
    """Whether either is other than zero. As ``torch.logical_or``.

    Examples
    --------
    >>> logical_or(1.0, 0.0)
    1.0
    """


@operation(
    scalar=lambda x, y: float(bool(x) != bool(y)),
    array=np.logical_xor,
    partials=ZERO,
    comparison=True,
    symmetric=True,
    text="[{0:1} ⊕ {1:1}]",
    latex=r"[{0:1} \oplus {1:1}]",
    symbol="⊕",
    domain=APART,
    source=FLAT,
)
def logical_xor(x: Any, y: Any) -> Any:
    """Whether one, and not both, is other than zero. As ``torch.logical_xor``.

    Examples
    --------
    >>> logical_xor(1.0, 1.0)
    0.0
    """


@operation(
    scalar=lambda x: float(not x),
    array=np.logical_not,
    partials=ZERO[:1],
    comparison=True,
    text="¬{0:3}",
    latex=r"\lnot {0:3}",
    binds=3,
    code="(not {0})",
    symbol="¬",
    domain=OFF_ZERO,
    source=FLAT,
)
def logical_not(x: Any) -> Any:
    """Whether it is zero. As ``torch.logical_not``.

    Examples
    --------
    >>> logical_not(0.0)
    1.0
    """
