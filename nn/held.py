"""What the attributes of a thing hold, also in lists, tuples and dicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any


def held(
    kind: type[Any], entries: Iterable[tuple[Any, Any]], path: tuple[Any, ...] = ()
) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """All of a kind among some entries and in the lists, tuples and dicts there, with its path."""
    for key, entry in entries:
        if isinstance(entry, kind):
            yield (*path, key), entry
        elif isinstance(entry, dict):
            yield from held(kind, entry.items(), (*path, key))
        elif isinstance(entry, (list, tuple)):
            yield from held(kind, enumerate(entry), (*path, key))
