"""Which variable holds which node."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from types import FrameType
from typing import Any, TypeGuard

LONGEST = 2_000  # a longer list is taken for data and not searched
MOST = 100_000  # entries of lists and dicts that are looked at in all

Container = Sequence[object] | Mapping[str, object]


def of_caller(depth: int = 1) -> dict[str, object]:
    """The variables that who called the caller of this function can see."""
    return visible(sys._getframe(depth + 1))


def visible(frame: FrameType) -> dict[str, object]:
    """Collect the variables that code in `frame` can see: its own, then its module's."""
    own, shared = frame.f_locals, frame.f_globals
    both = {**own, **{name: shared[name] for name in shared if name not in own}}
    # Python and its tools keep more among them, such as the iterator of a loop.
    return {name: value for name, value in both.items() if name.isidentifier()}


def find_names(nodes: Iterable[object], names: Mapping[str, object]) -> dict[int, str]:
    """Find a name for each node among the variables `names`; the first that fits is taken.

    Lists, tuples, and dicts by strings are searched too, however they are nested, and give names
    with indices. Names that begin with an underscore are private and skipped, as are lists and
    dicts too long to be anything but data.

    Parameters
    ----------
    nodes : iterable of nodes
        What to find names for.
    names : mapping of str to object
        Variables, by name.

    Returns
    -------
    dict of int to str
        The names, by the ``id`` of the node.

    Raises
    ------
    TypeError
        If `names` is no mapping of str to object.

    Examples
    --------
    >>> from autograd import Value
    >>> w, p = [Value(2.0), Value(3.0)], {"b": Value(1.0)}
    >>> sorted(find_names([*w, p["b"]], {"w": w, "p": p}).values())
    ["p['b']", 'w[0]', 'w[1]']
    """
    wanted = {id(node) for node in nodes}
    found: dict[int, str] = {}
    opened: set[int] = set()  # a list may contain itself
    looked_at = 0
    todo = [(k, v) for k, v in by_name(names).items() if not k.startswith("_")][::-1]
    while todo:
        name, value = todo.pop()
        if id(value) in wanted:
            found.setdefault(id(value), name)
        elif looked_at < MOST and _is_searched(value) and id(value) not in opened:
            opened.add(id(value))
            looked_at += len(value)
            entries = value.items() if isinstance(value, Mapping) else enumerate(value)
            items = [(i, v) for i, v in entries if id(v) in wanted or _is_searched(v)]
            todo.extend((f"{name}[{i!r}]", v) for i, v in reversed(items))
    return found


def by_name(names: Any) -> Mapping[str, object]:
    """Variables by name, as they were given; a TypeError if that is no mapping of strings."""
    if not isinstance(names, Mapping):
        raise TypeError(f"names is a dict such as {{'w': w}}, but was given {names!r:.60}")
    for name in names:
        if not isinstance(name, str):
            raise TypeError(
                f"names is a dict such as {{'w': w}}, but one of its keys is {name!r:.60}"
            )
    return names


def _is_searched(value: object) -> TypeGuard[Container]:
    if isinstance(value, dict):
        return len(value) <= LONGEST and all(isinstance(key, str) for key in value)
    return isinstance(value, (list, tuple)) and len(value) <= LONGEST
