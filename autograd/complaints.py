"""What errors say: the operation, both shapes, the user's names, the rule broken, the cure."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.modes import is_recording


def shape_of(x: Any) -> tuple[int, ...]:
    """The shape of a node, an array, a number, or nested lists of numbers."""
    try:
        shape: tuple[int, ...] = x.shape
    except AttributeError:
        shape = np.shape(x)
    return shape


def dtype_of(x: Any) -> np.dtype[Any]:
    """The type of the elements of the same; that of a Value is float64."""
    found = getattr(x, "dtype", None)
    if found is None:
        found = float if hasattr(x, "_made") else np.asarray(x).dtype
    return np.dtype(found)


def called(x: Any, letter: str) -> str:
    """What the user calls an array, or a letter, and its shape.

    Examples
    --------
    >>> from autograd import Tensor
    >>> called(Tensor([1.0, 2.0], name="W"), "x"), called([1.0, 2.0], "x")
    ('W (2,)', 'x (2,)')
    """
    return f"{getattr(x, 'name', None) or letter} {shape_of(x)}"


def no_axis(function: str, axis: int, ndim: int, x: Any) -> IndexError:
    """The error for an axis that there is not, where `ndim` can be named; x is None if not known.

    Examples
    --------
    >>> no_axis("unsqueeze", 9, 3, [[1.0, 2.0]])
    IndexError('unsqueeze: x has shape (1, 2), so dim must lie in -3 … 2, but is 9')
    """
    known = "" if x is None else f"{getattr(x, 'name', None) or 'x'} has shape {shape_of(x)}, so "
    if not ndim:
        return IndexError(f"{function}: {known}it has no dim {axis}")
    return IndexError(f"{function}: {known}dim must lie in {-ndim} … {ndim - 1}, but is {axis}")


def require_function(transform: str, f: Any) -> None:
    """See that a transform is given a function.

    Examples
    --------
    >>> require_function("grad", 1.0)
    Traceback (most recent call last):
    TypeError: grad takes a function, but was given 1.0 of type float
    """
    if not callable(f):
        raise TypeError(
            f"{transform} takes a function, but was given {f!r:.60} of type {type(f).__name__}"
        )


def differ(given: str, what: str, m: int, n: int) -> ValueError:
    """The error for two sizes that ought to be equal.

    Examples
    --------
    >>> differ("mv: A (2, 3) @ v (4,)", "inner", 3, 4)
    ValueError('mv: A (2, 3) @ v (4,): inner sizes 3 and 4 differ')
    """
    return ValueError(f"{given}: {what} sizes {m} and {n} differ")


def ragged(rows: Any, at: str = "") -> ValueError | None:
    """The error for nested lists whose rows differ in length; None if there are none.

    Examples
    --------
    >>> ragged([[1.0, 2.0], [3.0]])
    ValueError('a Tensor holds rows of equal lengths, but [0] has length 2 and [1] has length 1')
    >>> ragged([[[1.0], 2.0]])
    ValueError('... but [0][0] has length 1 and [0][1] is one number')
    """
    if not isinstance(rows, (list, tuple)):
        return None
    sizes = [len(x) if isinstance(x, (list, tuple)) or np.ndim(x) else None for x in rows]
    for i, size in enumerate(sizes):
        if size != sizes[0]:
            first, other = (
                "is one number" if n is None else f"has length {n}" for n in (sizes[0], size)
            )
            return ValueError(
                f"a Tensor holds rows of equal lengths, but {at}[0] {first} and {at}[{i}] {other}"
            )
    found = (ragged(row, f"{at}[{i}]") for i, row in enumerate(rows))
    return next((error for error in found if error), None)


def first_clash(shapes: Sequence[tuple[int, ...]]) -> tuple[int, int, int, int] | None:
    """Where shapes do not broadcast: ``(i, j, m, n)``, shape i has m where shape j has n.

    Examples
    --------
    >>> first_clash([(8, 3), (4,)]), first_clash([(8, 3), (8, 1)])
    ((0, 1, 3, 4), None)
    """
    for (i, a), (j, b) in itertools.combinations(enumerate(shapes), 2):
        for m, n in zip(reversed(a), reversed(b), strict=False):
            if m != n and 1 not in (m, n):
                return i, j, m, n
    return None


def broadcasting(
    function: str, letters: Sequence[str], operands: Sequence[Any]
) -> ValueError | None:
    """The error for operands that do not broadcast; None if they do.

    Examples
    --------
    >>> broadcasting("add", "xy", [[1.0, 2.0, 3.0], [1.0, 2.0]])
    ValueError('add: x (3,) and y (2,) do not broadcast: 3 and 2 differ')
    """
    clash = first_clash([shape_of(x) for x in operands])
    if clash is None:
        return None
    i, j, m, n = clash
    both = f"{called(operands[i], letters[i])} and {called(operands[j], letters[j])}"
    return ValueError(f"{function}: {both} do not broadcast: {m} and {n} differ")


def require_broadcasting(function: str, **operands: Any) -> None:
    """See that operands broadcast, for a function made of operations, which has another name.

    Examples
    --------
    >>> require_broadcasting("masked_fill", mask=[True, False], x=[1.0, 2.0, 3.0])
    Traceback (most recent call last):
    ValueError: masked_fill: mask (2,) and x (3,) do not broadcast: 2 and 3 differ
    """
    apart = broadcasting(function, list(operands), list(operands.values()))
    if apart is not None:
        raise apart from None


def require_count(option: str, of: str, given: object) -> None:
    """See that an option is a whole number, 1 at least.

    Examples
    --------
    >>> require_count("most", "steps", 1.5)
    Traceback (most recent call last):
    TypeError: most is a whole number of steps, but was given 1.5
    >>> require_count("most", "steps", 0)
    Traceback (most recent call last):
    ValueError: most is a number of steps, 1 at least, but was given 0
    """
    if not isinstance(given, (int, np.integer)):
        raise TypeError(f"{option} is a whole number of {of}, but was given {given!r:.60}")
    if given < 1:
        raise ValueError(f"{option} is a number of {of}, 1 at least, but was given {given}")


def no_gradient(what: str, root: Any, leaves: Sequence[Any]) -> RuntimeError:
    """The error for a result that no gradient can go back from: why, where that can be known.

    Parameters
    ----------
    what : str
        What to call the result.
    root : Node
        The result.
    leaves : sequence of Node
        The leaves that were found behind it, none of which requires a gradient.
    """
    dtype = getattr(root, "dtype", np.dtype(float))
    if dtype.kind != "f":
        why = (
            f"its elements are of {dtype}, and no gradient flows through comparisons, argmax, "
            "masks and whole numbers; start from a result of floats"
        )
    elif root.op is not None and leaves:
        names = ", ".join(repr(leaf.name) if leaf.name else repr(leaf) for leaf in leaves[:3])
        why = (
            f"none of its leaves requires a gradient ({names}{', ...' * (len(leaves) > 3)}); make "
            "one with requires_grad=True"
        )
    elif root.op is not None:
        why = "every way back ends in detach, or in a condition; leave one of them out"
    elif not is_recording():
        why = "this is inside no_grad, where nothing is recorded; compute it outside"
    else:
        why = (
            "nothing that it was computed from requires a gradient (make a leaf with "
            "requires_grad=True), or it was computed inside no_grad (compute it outside), or from "
            "what .detach() or .data had cut off (leave that out)"
        )
    return RuntimeError(f"backward() on {what} has nothing to go back over: {why}")
