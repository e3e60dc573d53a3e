"""The way back of an operation that is many in one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.op import Rule


def kept(find: Callable[[Any], list[Any]]) -> Rule:
    """Hand out one by one the shares that ``find(g)`` finds for all operands at once.

    Each is kept until it is asked for. One that is a function is not computed before.

    Examples
    --------
    >>> back = kept(lambda g: [2.0 * g, lambda: 3.0 * g])
    >>> back(1.0, 0), back(1.0, 1)
    (2.0, 3.0)
    """
    known: Any = None
    found: dict[int, Any] = {}

    def back(g: Any, i: int) -> Any:
        nonlocal known, found
        if g is not known or i not in found:
            known, found = g, dict(enumerate(find(g)))
        share = found.pop(i)
        return share() if callable(share) else share

    return back
