"""Whether this thread traces a function, and what it may not look at while it does.

A trace computes with the numbers of one call, and is replayed with those of others. What it does
must therefore not depend on the numbers: where Python asks for one, this room refuses.
"""

from __future__ import annotations

import linecache
import math
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.lines import user_line
from autograd.modes import lock, state, telling_scopes


class LookedAtError(TypeError):
    """A traced function asked for a number that differs from call to call."""


class Notes:
    """What a trace is told while it goes on, beside the operations.

    A program must know where its function drew random numbers, and which things with a state of
    their own, such as modules that train or do not, it relied on.
    """

    def __init__(self) -> None:
        self.relied_on: dict[int, Any] = {}

    def drawn(self, draw: Callable[[], NDArray[Any]]) -> Any:
        """Stand for random numbers, which each call draws anew."""
        raise NotImplementedError("this trace has no place for random numbers")

    def updated(self, leaf: Any, how: Callable[[Any], Any]) -> Any:
        """Note that each call gives a leaf other numbers, and say what stands for them."""
        return how(leaf)  # which a trace that is made to be looked at does not do


class _Thread(threading.local):
    def __init__(self) -> None:
        self.notes: list[Notes] = []


_thread = _Thread()


@contextmanager
def tracing(notes: Notes) -> Iterator[None]:
    """A block in which this thread traces: every operation is recorded, and numbers are hidden."""
    _thread.notes.append(notes)
    with lock:
        state.tracing += 1
    try:
        with telling_scopes(_called):
            yield
    finally:
        with lock:
            state.tracing -= 1
        _thread.notes.pop()


def is_tracing() -> bool:
    """Whether this thread traces a function, for `autograd.compile` or `autograd.vmap`.

    Examples
    --------
    >>> import autograd
    >>> @autograd.compile
    ... def double(v):
    ...     print("tracing:", autograd.is_tracing())
    ...     return v * 2.0
    >>> double(1.0).data
    tracing: True
    2.0
    >>> double(2.0).data  # replayed
    4.0
    """
    return state.tracing > 0 and bool(_thread.notes)


def rely_on(thing: Any) -> None:
    """Tell a trace of a module that is called in it.

    A replay is right only as long as the module's `compile_state()` is what it is now; so if that
    changes, the function is traced again. `nn.Module` calls this by itself.

    Parameters
    ----------
    thing : object
        It has `compile_state()`, whose results can be compared, and `modules()`, itself and its
        parts.

    Examples
    --------
    >>> class Switch:
    ...     on = True
    ...     def compile_state(self):
    ...         return self.on
    ...     def modules(self):
    ...         return [self]
    ...     def __call__(self, v):
    ...         rely_on(self)
    ...         return v if self.on else -v
    >>> import autograd
    >>> switch = Switch()
    >>> f = autograd.compile(lambda v: switch(v) * 2.0)
    >>> f(1.0).data
    2.0
    >>> switch.on = False
    >>> f(1.0).data
    -2.0
    """
    if not (hasattr(thing, "compile_state") and hasattr(thing, "modules")):
        raise TypeError(
            f"rely_on takes what has compile_state() and modules(), but was given {thing!r}"
        )
    if is_tracing():
        _thread.notes[-1].relied_on[id(thing)] = thing


def update_leaf(leaf: Any, how: Callable[[Any], Any]) -> Any:
    """Give a Tensor that nothing was computed into other numbers; a compiled function in each call.

    What an array remembers from call to call, such as the running mean of a batch norm, is kept up
    to date so. No gradient flows here.

    Parameters
    ----------
    leaf : Tensor
    how : callable
        Makes the new numbers of the old: of an array, or in a trace of what stands for one.

    Returns
    -------
    array, or what stands for one
        The new numbers.

    Raises
    ------
    TypeError
        If it is no Tensor, or was computed.

    Examples
    --------
    >>> import autograd
    >>> count = autograd.Tensor([0.0])
    >>> @autograd.compile
    ... def double(x):
    ...     update_leaf(count, lambda old: old + 1.0)
    ...     return 2.0 * x
    >>> for _ in range(3):
    ...     _ = double(autograd.Tensor([5.0]))
    >>> count
    Tensor([3.])
    """
    if not hasattr(leaf, "numpy") or getattr(leaf, "op", None) is not None:
        raise TypeError(f"update_leaf takes a Tensor that was not computed, but was given {leaf!r}")
    if is_tracing():
        return _thread.notes[-1].updated(leaf, how)
    leaf.data = how(leaf.data)
    return leaf.data


def _called(scope: Any) -> None:
    """Rely on the module whose call a scope is."""
    if scope.module is not None:
        rely_on(scope.module)


def drawn(draw: Callable[[], NDArray[Any]]) -> Any:
    """What stands in a trace for random numbers that each call draws anew."""
    return _thread.notes[-1].drawn(draw)


CURES = {
    ".backward(": "call it on the result; autograd.gradient(y, x) gives nodes to compute with",
    "max(": "autograd.max([...]) is the largest of several",
    "min(": "autograd.min([...]) is the smallest of several",
    "sorted(": "what is in order in one call is not in the next",
    "float(": "compute with the node itself, or cut it off with .detach()",
    ".data": "compute with the node itself, or cut it off with .detach()",
    "if ": "autograd.where(condition, x, y) chooses between two, and x.relu() is max(x, 0)",
    "while ": "how often a loop runs must not depend on the numbers",
    "[": "autograd.pick(rows, index) chooses a row",
    "range(": "an argument that says how often is declared by static=",
    "int(": "autograd.trunc(v) is an operation",
    "round(": "autograd.round(v) is an operation",
}
OTHERWISE = (
    "autograd.where(condition, x, y), x.relu(), autograd.maximum(x, y), autograd.max([...]) and "
    "autograd.pick(rows, index) choose anew in each call"
)


def refuse(how: str, what: str = "a number that differs from call to call") -> None:
    """Raise an error if this thread traces: a number was asked for, by `how`."""
    if is_tracing():
        raise refusal(how, what)


def refusal(how: str, what: str = "a number that differs from call to call") -> LookedAtError:
    """The error for a traced function that asks for a number."""
    file, number = user_line()
    line = linecache.getline(file, number).strip()
    fitting = [cure for word, cure in CURES.items() if word in line]
    return LookedAtError(
        f"{how} asks for {what}, in {os.path.basename(file)}, line {number}: `{line}`. A compiled "
        f"function is traced once and replayed, so it cannot decide by it; "
        f"{fitting[0] if fitting else OTHERWISE}"
    )


class Varying(np.ndarray[Any, Any]):
    """Whole numbers that each call brings anew, where an operation is told them as a setting.

    Attributes
    ----------
    source : Tensor
        What stands for them.
    """

    source: Any

    def __array_finalize__(self, of: Any) -> None:
        same = getattr(of, "shape", None) == self.shape
        self.source = getattr(of, "source", None) if same else None

    def __array_ufunc__(self, ufunc: Any, method: str, *operands: Any, **options: Any) -> Any:
        if is_tracing():
            raise refusal("arithmetic with indices")
        plain = [x.view(np.ndarray) if isinstance(x, Varying) else x for x in operands]
        return getattr(ufunc, method)(*plain, **options)


class Hidden:
    """An array that a trace may not look at, but for its shape and type."""

    def __init__(self, data: Any) -> None:
        self.shape: tuple[int, ...] = np.shape(data)
        self.ndim, self.size = len(self.shape), math.prod(self.shape)
        self.dtype = np.dtype(getattr(data, "dtype", float))

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, key: Any) -> Any:
        raise refusal("what is computed here")

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise refusal("what is computed here")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise refusal(name)
