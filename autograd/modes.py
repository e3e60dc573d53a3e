"""How recording is switched off, how it is watched, and the engine's clock."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from contextlib import ContextDecorator
from typing import Any, Self


class State:
    """What every operation looks at, kept to two fields because every operation looks at it.

    Attributes
    ----------
    time : int
        A clock that ticks whenever a leaf's data is changed and whenever a pass begins. A node
        remembers when it was made, or last found right; a leaf, when it was last changed.
    watched : int
        How many modes are on in any thread: recording switched off, or back on, or observed. While
        it is zero an operation need not ask which.
    """

    __slots__ = ("time", "watched")

    def __init__(self) -> None:
        self.time = 0
        self.watched = 0


state = State()

# Held for every tick and for every pass: marks on nodes belong to one pass at a time.
lock = threading.RLock()
if hasattr(os, "register_at_fork"):  # a child must not wait for a thread that it does not have
    os.register_at_fork(after_in_child=lock._at_fork_reinit)  # type: ignore[attr-defined]


def tick() -> int:
    """Advance the clock and say what it shows."""
    with lock:
        state.time += 1
        return state.time


class _Thread(threading.local):
    def __init__(self) -> None:
        self.recording = [True]
        self.observers: list[Observer] = []


_thread = _Thread()


def is_recording() -> bool:
    """Whether operations in this thread are recorded, as they are outside `no_grad`."""
    return _thread.recording[-1]


def _watch(change: int) -> None:
    with lock:
        state.watched += change


class Observer(ContextDecorator):
    """A block in which this thread tells what it computes, as it happens."""

    def __enter__(self) -> Self:
        _thread.observers.append(self)
        _watch(+1)
        return self

    def __exit__(self, *exception: object) -> None:
        _watch(-1)
        _thread.observers.remove(self)

    def made(self, node: Any, op: Any, operands: Sequence[Any]) -> None:
        """A node was computed: recorded, or a constant where none is wanted."""

    def pulled(self, node: Any, gradient: Callable[[Any], Any]) -> None:
        """A node handed its gradient on; ``gradient(operand)`` is what an operand now has."""

    def where(self, node: Any) -> str:
        """What an error about a node should add: where it comes from."""
        return ""

    def here(self) -> str:
        """What an error about what is computed now should add: where that is."""
        return ""


def observers() -> list[Observer]:
    """Who watches this thread."""
    return _thread.observers


class _Recording(ContextDecorator):
    """A block in which recording is on, or off, in this thread."""

    on: bool

    def __enter__(self) -> Self:
        _thread.recording.append(self.on)
        if self.on != _thread.recording[-2]:
            _watch(+1)
        return self

    def __exit__(self, *exception: object) -> None:
        if _thread.recording.pop() != _thread.recording[-1]:
            _watch(-1)


class no_grad(_Recording):  # noqa: N801 - PyTorch's name
    """A block, or with ``@no_grad()`` a function, in which no operation is recorded.

    What is computed inside has no parents and wants no gradient. Other threads go on recording.
    The same as ``torch.no_grad``.

    Examples
    --------
    >>> from autograd import Value, no_grad
    >>> w = Value(3.0)
    >>> with no_grad():
    ...     y = w * w
    >>> y.data, y.parents, y.requires_grad
    (9.0, (), False)
    """

    on = False


class enable_grad(_Recording):  # noqa: N801 - PyTorch's name
    """A block, or with ``@enable_grad()`` a function, that records even inside `no_grad`.

    The same as ``torch.enable_grad``.

    Examples
    --------
    >>> from autograd import Value, enable_grad, no_grad
    >>> w = Value(3.0)
    >>> with no_grad(), enable_grad():
    ...     y = w * w
    >>> y.requires_grad
    True
    """

    on = True
