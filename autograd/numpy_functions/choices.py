"""NumPy's functions that choose elements, by a condition, a place or an order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd import rules
from autograd.complaints import dtype_of, shape_of
from autograd.functions import elementwise, indexing
from autograd.node import plain
from autograd.numpy_functions.arguments import axes_of, flat_unless, part_of
from autograd.tensor import Tensor


def where(condition: Any, *branches: Any) -> Any:
    """The places where a condition holds, as arrays, or a choice between two branches."""
    if not branches:
        return np.nonzero(plain(condition))
    return rules.where(condition, *branches)


def select(condlist: Sequence[Any], choicelist: Sequence[Any], default: Any = 0) -> Any:
    """The choice of the first condition that holds."""
    if len(condlist) != len(choicelist):
        raise ValueError(
            f"numpy.select takes a choice for each condition, but was given {len(condlist)} "
            f"conditions and {len(choicelist)} choices"
        )
    chosen = default
    for condition, choice in reversed(list(zip(condlist, choicelist, strict=True))):
        chosen = rules.where(condition, choice, chosen)
    return chosen


def clip(
    a: Any, a_min: Any = -np.inf, a_max: Any = np.inf, *, min: Any = None, max: Any = None
) -> Any:
    """Between two bounds, of which None is none."""
    low, high = (a_min if min is None else min), (a_max if max is None else max)
    return rules.clip(a, -np.inf if low is None else low, np.inf if high is None else high)


def nan_to_num(x: Any, *, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    """Infinities become the largest numbers there are, unless others are given."""
    dtype = dtype_of(x)
    if dtype.kind != "f":
        return x
    greatest = float(np.finfo(dtype).max)
    numbers = rules.where(rules.eq(x, np.inf), greatest if posinf is None else posinf, x)
    numbers = rules.where(rules.eq(x, -np.inf), -greatest if neginf is None else neginf, numbers)
    return rules.where(elementwise.isnan(x), nan, numbers)


def bincount(x: Any, weights: Any = None, minlength: int = 0) -> Any:
    """How often each number occurs, or the sum of what it weighs, to which a gradient flows."""
    counts = np.bincount(plain(x), minlength=minlength)
    if weights is None:
        return Tensor(counts)
    return rules.scatter(weights, key=(np.array(plain(x)),), shape=counts.shape)


def take(a: Any, indices: Any, axis: int | None = None) -> Any:
    """The elements of an axis, or of all in a row, at some places."""
    a, along = flat_unless(axis, a)
    (along,) = axes_of("take", a, along)
    return part_of(a, along, np.array(plain(indices)))


def take_along_axis(arr: Any, indices: Any, axis: int | None = -1) -> Any:
    """Places below 0 count from the end."""
    arr, along = flat_unless(axis, arr)
    (along,) = axes_of("take_along_axis", arr, along)
    places, n = np.asarray(plain(indices)), shape_of(arr)[along]
    from_end = (places < 0) & (places >= -n)
    return indexing.take_along_dim(arr, np.where(from_end, places + n, places), along)


def sort(a: Any, axis: int | None = -1) -> Any:
    """In ascending order along an axis; each element keeps its own gradient."""
    a, along = flat_unless(axis, a)
    return indexing.take_along_dim(a, np.argsort(plain(a), along, stable=True), along)


def interp(x: Any, xp: Any, fp: Any) -> Any:
    """On the straight lines between points; beyond the first and the last it is flat."""
    points = np.asarray(plain(xp))
    if len(points) < 2:
        raise ValueError("numpy.interp of a Tensor takes two points or more")
    place = np.searchsorted(points, plain(x), side="right") - 1
    place = np.clip(place, 0, len(points) - 2)
    x0, x1, y0, y1 = (rules.index(p, key=(at,)) for p in (xp, fp) for at in (place, place + 1))
    part = rules.div(rules.sub(x, x0), rules.sub(x1, x0))
    return rules.add(y0, rules.mul(rules.clip(part, 0.0, 1.0), rules.sub(y1, y0)))
