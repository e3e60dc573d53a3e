"""What users may write for an argument, made canonical; errors that name the function."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from autograd.complaints import broadcasting, called, no_axis, shape_of
from autograd.op import as_constant

Axes = int | Sequence[int] | None
Function = TypeVar("Function", bound=Callable[..., Any])


def takes(**words: str) -> Callable[[Function], Function]:
    """Let a function take an argument by another word, too: ``takes(axis="dim")``.

    Examples
    --------
    >>> @takes(axis="dim")
    ... def f(dim):
    ...     return dim
    >>> f(axis=2)
    2
    """

    def decorate(function: Function) -> Function:
        @functools.wraps(function)
        def either(*args: Any, **kwargs: Any) -> Any:
            for word, ours in words.items():
                if word in kwargs:
                    if ours in kwargs:
                        raise _both(function.__name__, ours, word)
                    kwargs[ours] = kwargs.pop(word)
            return function(*args, **kwargs)

        return either  # type: ignore[return-value]

    return decorate


takes_axis = takes(axis="dim")  # dim is PyTorch's word, axis NumPy's, which PyTorch takes, too


def _both(function: str, word: str, other: str) -> TypeError:
    return TypeError(f"{function} takes {word}= or {other}=, which mean the same, but not both")


def lengths(function: str, row: tuple[Any, ...], named: Any = None) -> tuple[int, ...]:
    """Numbers given in a row, as one sequence, or as one argument with a name.

    Examples
    --------
    >>> lengths("reshape", (2, 3)), lengths("reshape", ([2, 3],)), lengths("reshape", (), (2, 3))
    ((2, 3), (2, 3), (2, 3))
    """
    given = row if named is None else (*row, named)
    if not given:
        raise TypeError(f"{function} takes integers, or one sequence of them, but was given none")
    one = len(given) == 1 and isinstance(given[0], (tuple, list))
    return integers(function, "length", given[0] if one else given)


def integers(function: str, what: str, numbers: Iterable[Any]) -> tuple[int, ...]:
    """Whole numbers, also NumPy's and Tensors; an error that names the function if one is none."""
    found = []
    for number in numbers:
        try:
            found.append(operator.index(number))
        except TypeError:
            raise TypeError(
                f"{function} takes an integer for each {what}, but was given {number!r}"
            ) from None
    return tuple(found)


def axes_of(function: str, x: Any, dim: Axes, axis: Axes = None) -> tuple[int, ...]:
    """The axes that dim= (PyTorch's word) or axis= (NumPy's) names, none below 0; all for None."""
    if dim is not None and axis is not None:
        raise _both(function, "dim", "axis")
    chosen = axis if dim is None else dim
    if chosen is None or (isinstance(dim, (tuple, list)) and not dim):
        return tuple(range(len(shape_of(x))))  # PyTorch's dim=() names all, NumPy's axis=() none
    return distinct(function, x, chosen)


def distinct(function: str, x: Any, dims: int | Sequence[int]) -> tuple[int, ...]:
    """Some of the axes, counted from the front; an error if one is named twice.

    A number has none, and yet one to name, 0 or -1, as in PyTorch.
    """
    several = dims if isinstance(dims, (tuple, list)) else (dims,)
    ndim = len(shape_of(x))
    axes = positive(function, several, max(ndim, 1), x)
    if len(set(axes)) < len(axes):
        raise ValueError(f"{function}: dim={dims} names an axis of {called(x, 'x')} twice")
    return axes if ndim else ()


def operand(function: str, x: Any) -> Any:
    """A node as it is, anything else as the numbers that it is; an error if it is none."""
    return x if hasattr(x, "operands") else as_constant(function, x)


def along(function: str, x: Any, dim: Axes, axis: Axes = None) -> tuple[Any, tuple[int, ...]]:
    """What a reduction is given, a node or an array, and the axes that `axes_of` finds."""
    x = operand(function, x)
    return x, axes_of(function, x, dim, axis)


def applied(function: str, compute: Callable[..., Any], **operands: Any) -> Any:
    """What operations make of operands; their errors are put in the name of the function."""
    try:
        return compute(*operands.values())
    except (TypeError, ValueError):
        given = [operand(function, x) for x in operands.values()]
        apart = broadcasting(function, tuple(operands), given)
        if apart is not None:
            raise apart from None
        raise


def without(axis: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The lengths of all other axes."""
    return shape[:axis] + shape[axis + 1 :]


def positive(function: str, axes: Sequence[int], ndim: int, x: Any = None) -> tuple[int, ...]:
    """Axes counted from the front; an error if there is no such axis, which says what `x` is."""
    found = integers(function, "axis", axes)
    for axis in found:
        if not -ndim <= axis < ndim:
            raise no_axis(function, axis, ndim, x)
    return tuple(axis % ndim for axis in found)
