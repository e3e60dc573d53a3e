"""Straight-line code in few names: Python is twice as quick with some hundred as with thousands."""

from __future__ import annotations

import re
from collections.abc import Iterable

NAME = re.compile(r"\b([gsv]\d+)\b")  # of a number


def in_few_names(statements: Iterable[str]) -> list[str]:
    """The same statements, in which a name is taken again once nobody reads what it stood for.

    Each is an assignment. A name that is given a number again, as a long sum is, stays its own.

    Examples
    --------
    >>> in_few_names(["v1, v2 = x", "v3 = v1 * v2", "v4 = v3 + v2", "v4 = v4 + v4", "y[0] = v4"])
    ['r0, r1 = x', 'r0 = r0 * r1', 'r1 = r0 + r1', 'r1 = r1 + r1', 'y[0] = r1']
    """
    split = [NAME.split(statement) for statement in statements]  # the names are the odd parts
    last = {name: i for i, parts in enumerate(split) for name in parts[1::2]}
    held: dict[str, str] = {}  # what stands for each that is read again
    free: list[str] = []
    for i, parts in enumerate(split):
        names = parts[1::2]
        stand = {name: held[name] for name in names if name in held}
        free += [held.pop(name) for name in stand if last[name] == i]
        for name in names:
            if name not in stand:
                stand[name] = held[name] = free.pop() if free else f"r{len(held)}"
        parts[1::2] = [stand[name] for name in names]
        free += [held.pop(name) for name in names if last[name] == i and name in held]
    return ["".join(parts) for parts in split]
