"""Whether this thread traces a function, and what it may not look at while it does.

A trace computes with the numbers of one call, and is replayed with those of others. What it does
must therefore not depend on the numbers: where Python asks for one, this room refuses.
"""

from __future__ import annotations

import linecache
import threading
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from autograd.lines import user_line
from autograd.modes import lock, state


class LookedAtError(TypeError):
    """A traced function asked for a number that differs from call to call."""


class _Thread(threading.local):
    def __init__(self) -> None:
        self.depth = 0


_thread = _Thread()


class tracing(AbstractContextManager["tracing"]):  # noqa: N801 - a mode, as `no_grad` is
    """A block in which this thread traces: every operation is recorded, and numbers are hidden."""

    def __enter__(self) -> tracing:
        _enter(+1)
        return self

    def __exit__(self, *exception: object) -> None:
        _enter(-1)


def _enter(change: int) -> None:
    _thread.depth += change
    with lock:
        state.tracing += change


def is_tracing() -> bool:
    """Whether this thread traces a function, for `autograd.compile` or `autograd.vmap`."""
    return state.tracing > 0 and _thread.depth > 0


CURES = {
    "max(": "autograd.max([...]) is the largest of several",
    "min(": "autograd.min([...]) is the smallest of several",
    "sorted(": "what is in order in one call is not in the next",
    "float(": "compute with the node itself, or cut it off with .detach()",
    ".data": "compute with the node itself, or cut it off with .detach()",
    "if ": "autograd.where(condition, x, y) chooses between two, and x.relu() is max(x, 0)",
    "while ": "how often a loop runs must not depend on the numbers",
    "[": "autograd.pick(rows, index) chooses a row",
    "range(": "an argument that says how often is declared by static=",
}
OTHERWISE = (
    "autograd.where(condition, x, y), x.relu(), autograd.maximum(x, y), autograd.max([...]) and "
    "autograd.pick(rows, index) choose anew in each call"
)


def refuse(how: str, what: str = "a number that differs from call to call") -> None:
    """Raise an error if this thread traces: a number was asked for, by `how`."""
    if not is_tracing():
        return
    file, number = user_line()
    line = linecache.getline(file, number).strip()
    fitting = [cure for word, cure in CURES.items() if word in line]
    raise LookedAtError(
        f"{how} asks for {what}, in {Path(file).name}, line {number}: `{line}`. A compiled "
        f"function is traced once and replayed, so it cannot decide by it; "
        f"{fitting[0] if fitting else OTHERWISE}"
    )

