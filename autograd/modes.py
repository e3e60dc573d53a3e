"""How recording is switched off, how it is watched, and the engine's clock."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import ContextDecorator, contextmanager
from typing import Any, Self


class Moment:
    """When something was computed, and as part of what.

    Attributes
    ----------
    time : int
        What the engine's clock showed. It ticks whenever a leaf's data is changed. A leaf remembers
        when that was last: if it is later than what was computed from it, the old number is gone.
    scope : scope or None
        The innermost scope that was open.
    """

    __slots__ = ("scope", "time")

    def __init__(self, time: int, scope: scope | None) -> None:
        self.time = time
        self.scope = scope


class State:
    """What is looked at all the time: `now` and `watched` by every operation.

    Attributes
    ----------
    now : Moment
        What a node that is made now remembers. All made between two ticks share one.
    watched : int
        How many modes are on in any thread: recording switched off, or back on, or observed. While
        it is zero an operation need not ask which.
    tracing : int
        How many threads trace a function, which may not look at numbers; see `autograd.tracing`.
    """

    __slots__ = ("now", "tracing", "watched")

    now: Moment | scope

    def __init__(self) -> None:
        self.now = Moment(0, None)
        self.watched = 0
        self.tracing = 0


state = State()

# Held for every tick and for every pass: marks on nodes belong to one pass at a time.
lock = threading.RLock()
if hasattr(os, "register_at_fork"):  # a child must not wait for a thread that it does not have
    os.register_at_fork(after_in_child=lock._at_fork_reinit)  # type: ignore[attr-defined]


def tick() -> int:
    """Advance the clock and say what it shows."""
    with lock:
        state.now = Moment(state.now.time + 1, state.now.scope)
        return state.now.time


class _Place:
    """Where a thread is: the innermost scope that it has opened."""

    __slots__ = ("scope",)

    def __init__(self) -> None:
        self.scope: scope | None = None


class _Telling(_Place):
    """The same, which tells of each scope that is opened, and that is come back to."""

    __slots__ = ("_innermost", "_tell")

    def __init__(self, innermost: scope | None, tell: Callable[[scope], None]) -> None:
        self._innermost, self._tell = innermost, tell

    @property
    def scope(self) -> scope | None:
        """The innermost scope that is open."""
        return self._innermost

    @scope.setter
    def scope(self, innermost: scope | None) -> None:
        self._innermost = innermost
        if innermost is not None:
            self._tell(innermost)


@contextmanager
def telling_scopes(tell: Callable[[scope], None]) -> Iterator[None]:
    """A block in which somebody is told of each scope that this thread opens."""
    outer = _thread.place
    _thread.place = _Telling(outer.scope, tell)
    try:
        yield
    finally:
        _thread.place = outer


class _Thread(threading.local):
    def __init__(self) -> None:
        self.recording = [True]
        self.observers: list[Observer] = []
        self.place: _Place = (
            _Place()
        )  # an object of its own: each look at a thread's own takes long


_thread = _Thread()


def is_recording() -> bool:
    """Whether operations in this thread are recorded, as they are outside `no_grad`.

    As ``torch.is_grad_enabled``.

    Examples
    --------
    >>> from autograd import is_recording, no_grad
    >>> with no_grad():
    ...     is_recording()
    False
    """
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

    def copied(self, node: Any, copy: Any) -> None:
        """A copy stands for a node in what follows."""

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


class scope(ContextDecorator):  # noqa: N801 - a mode, as `no_grad` is
    """A block, or with ``@scope("name")`` a function, whose nodes belong together.

    Pictures collapse to scopes, and listings are indented by them. Each call of an `nn.Module` is
    one by itself. A scope is one call: it is entered once.

    Parameters
    ----------
    name : str
        What to call it.
    module : object, optional
        The module whose call it is.

    Attributes
    ----------
    parent : scope or None
        The scope that it stands in.

    Notes
    -----
    A scope is noted once for each call and not for each node, so it costs next to nothing. For
    that, all threads share it: what two threads compute at once may be drawn in the scope of
    either. Their numbers never mix.

    Examples
    --------
    >>> from autograd import Value, scope
    >>> x = Value(2.0)
    >>> with scope("square"):
    ...     y = x * x
    >>> y.scope
    scope('square')
    >>> (y + 1.0).scope is None
    True
    """

    # It is the moment of what is computed in it, too: one object a call, not three. And there is no
    # lock: Python changes threads at calls and at the ends of loops, so where the clock is read and
    # set in a row, with neither between, nothing else happens meanwhile.
    __slots__ = ("_module", "_outer", "_place", "name", "parent", "time")

    parent: scope | None
    time: int
    _outer: Moment | scope  # the moment in which it was entered
    _place: _Place | None  # of the thread that entered it

    def __init__(self, name: str, module: Any = None) -> None:
        self.name = name
        self._module = None if module is None else weakref.ref(module)
        self._place = None

    @property
    def module(self) -> Any:
        """The module that was called, if it was one and lives."""
        return self._module and self._module()

    @property
    def scope(self) -> scope:
        """Itself; see `Moment`."""
        return self

    def _recreate_cm(self) -> Self:
        return type(self)(self.name, self.module)  # each call of a decorated function is a scope

    def __enter__(self) -> Self:
        if self._place is not None:
            raise RuntimeError(f"{self!r} was entered before; make a new one for each call")
        self._place = place = _thread.place
        self.parent = place.scope
        self._outer = outer = state.now
        self.time = outer.time
        state.now = place.scope = self
        return self

    def __exit__(self, *exception: object) -> None:
        outer, parent, place = self._outer, self.parent, self._place
        if (outer is parent or outer.scope is parent) and state.now is self and place is not None:
            state.now = outer
            place.scope = parent
        else:
            self._leave()

    def _leave(self) -> None:
        """Leave where a leaf was changed meanwhile, another thread is in a scope, or out of turn.

        A generator may leave before, or after, what was entered around it or in it.
        """
        place, self._place = self._place, _LEFT
        assert place is not None
        while place.scope is not None and place.scope._place is _LEFT:
            place.scope = place.scope.parent
        with lock:
            state.now = Moment(state.now.time, place.scope)

    def __repr__(self) -> str:
        return f"scope({self.name!r})"


_LEFT = _Place()
_new = object.__new__


def call_in_scope(self: Any, /, *args: Any, **kwargs: Any) -> Any:
    """Compute the result, in a scope of its own: what pictures collapse to."""
    # ``with scope(type(self).__name__, self): return self.forward(*args, **kwargs)``, written out:
    # a neuron of two inputs is five operations, of which this may take but little.
    made = _new(scope)
    made.name = type(self).__name__
    made._module = weakref.ref(self)
    made._place = place = _thread.place
    made.parent = parent = place.scope
    outer = state.now
    made.time = outer.time
    state.now = place.scope = made
    try:
        return self.forward(*args, **kwargs)
    finally:
        if (outer is parent or outer.scope is parent) and state.now is made:
            state.now = outer
            place.scope = parent
        else:
            made._leave()
