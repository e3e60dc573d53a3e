"""NumPy's functions that join arrays, take them apart and give them other shapes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd import rules
from autograd.complaints import dtype_of, shape_of
from autograd.functions import joining, layout, shape
from autograd.node import Node, plain
from autograd.numpy_functions.arguments import (
    Axis,
    axes_of,
    flat_unless,
    moved,
    part_of,
    sequence,
)
from autograd.tensor import Tensor


def reshape(a: Any, lengths: Any) -> Any:
    """To lengths, or to one row of a length."""
    return shape.reshape(a, sequence(lengths))


# --- joining


def concatenate(arrays: Sequence[Any], axis: int | None = 0) -> Any:
    """Along an axis; for None all elements in a row."""
    flat = [shape.reshape(x, -1) for x in arrays] if axis is None else arrays
    return joining.cat(flat, axis or 0)


def append(arr: Any, values: Any, axis: int | None = None) -> Any:
    """Both in a row, or one behind the other along an axis."""
    return concatenate([_at_least(1, arr), _at_least(1, values)], axis)


def hstack(tup: Sequence[Any]) -> Any:
    """Vectors end to end, matrices side by side."""
    arrays = [_at_least(1, x) for x in tup]
    return joining.cat(arrays, 0 if len(shape_of(arrays[0])) == 1 else 1)


def vstack(tup: Sequence[Any]) -> Any:
    """One above the other; a vector is a row."""
    return joining.cat([_at_least(2, x) for x in tup], 0)


def dstack(tup: Sequence[Any]) -> Any:
    """One behind the other, along the third axis."""
    return joining.cat([_at_least(3, x) for x in tup], 2)


def column_stack(tup: Sequence[Any]) -> Any:
    """Vectors side by side as columns, or matrices."""
    columns = [x if len(shape_of(x)) > 1 else shape.reshape(_at_least(1, x), -1, 1) for x in tup]
    return joining.cat(columns, 1)


def _at_least(ndim: int, x: Any) -> Any:
    """Axes of length 1 for those that are missing: ``(n,)`` as ``(1, n, 1)``, ``(m, n, 1)``."""
    if not shape_of(x) and isinstance(x, Node):
        x = joining.stack([x])  # also makes a Tensor of a Value
    lengths = shape_of(x)
    wanted = (1, *lengths) if len(lengths) == 1 and ndim > 1 else lengths
    wanted += (1,) * (ndim - len(wanted))
    return x if wanted == lengths else shape.reshape(x, wanted)


def at_least(ndim: int) -> Callable[..., Any]:
    """One array if one is given, a tuple of several, as NumPy."""

    def ours(*arys: Any) -> Any:
        several = tuple(_at_least(ndim, x) for x in arys)
        return several[0] if len(several) == 1 else several

    return ours


def broadcast_arrays(*args: Any) -> tuple[Any, ...]:
    """All in their common shape."""
    common = np.broadcast_shapes(*map(shape_of, args))
    return tuple(rules.broadcast_to(x, shape=common) for x in args)


def meshgrid(*xi: Any, indexing: str = "xy") -> tuple[Any, ...]:
    """Each vector along an axis of its own; with "xy" the first two axes change places."""
    if indexing not in ("xy", "ij"):
        raise ValueError(f"numpy.meshgrid takes indexing='xy' or 'ij', but was given {indexing!r}")
    order = list(range(len(xi)))
    if indexing == "xy":
        order[:2] = order[1::-1]
    turned = [[-1 if k == axis else 1 for k in range(len(xi))] for axis in order]
    return broadcast_arrays(*(shape.reshape(x, each) for x, each in zip(xi, turned, strict=True)))


# --- taking apart


def split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    """In so many equal parts, or at some places."""
    (along,) = axes_of("split", ary, axis)
    n = shape_of(ary)[along]
    if isinstance(indices_or_sections, int) and n % indices_or_sections:
        raise ValueError(
            f"numpy.split: {n} elements do not make {indices_or_sections} equal parts; "
            "numpy.array_split makes parts that are not"
        )
    return array_split(ary, indices_or_sections, axis)


def array_split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    """The same where parts need not be equal."""
    (along,) = axes_of("split", ary, axis)
    places = np.array_split(np.arange(shape_of(ary)[along]), indices_or_sections)
    bounds = [(part[0], part[-1] + 1) if part.size else (0, 0) for part in places]
    return [part_of(ary, along, slice(int(start), int(stop))) for start, stop in bounds]


def hsplit(ary: Any, indices_or_sections: Any) -> list[Any]:
    """Along the second axis, or along that of a vector."""
    return split(ary, indices_or_sections, min(len(shape_of(ary)) - 1, 1))


def delete(arr: Any, obj: Any, axis: int | None = None) -> Any:
    """What is left without some places of an axis, or of all elements in a row."""
    arr, along = flat_unless(axis, arr)
    (along,) = axes_of("delete", arr, along)
    return part_of(arr, along, np.delete(np.arange(shape_of(arr)[along]), plain(obj)))


# --- other shapes and orders


def broadcast_to(array: Any, lengths: tuple[int, ...]) -> Any:
    """Repeated to a shape, in which -1 does not mean what it means in PyTorch."""
    if min(lengths, default=0) < 0:
        raise ValueError(f"numpy.broadcast_to: {lengths} has a negative length")
    return shape.broadcast_to(array, lengths)


def squeeze(a: Any, axis: Axis = None) -> Any:
    """Without axes of length 1: all of these, or those that are named."""
    lengths = shape_of(a)
    axes = [k for k in axes_of("squeeze", a, axis) if axis is not None or lengths[k] == 1]
    for k in axes:
        if lengths[k] != 1:
            raise ValueError(f"numpy.squeeze: axis {k} of {lengths} has length {lengths[k]}, not 1")
    return rules.reshape(a, shape=tuple(n for k, n in enumerate(lengths) if k not in axes))


def transpose(a: Any, axes: Sequence[int] | None = None) -> Any:
    """All axes in reverse, or in the order given."""
    return shape.transpose(a) if axes is None else shape.transpose(a, tuple(axes))


def repeat(a: Any, repeats: Any, axis: int | None = None) -> Any:
    """Each element, or each slice along an axis, so many times."""
    a, along = flat_unless(axis, a)
    (along,) = axes_of("repeat", a, along)
    return part_of(a, along, np.repeat(np.arange(shape_of(a)[along]), plain(repeats)))


def flip(m: Any, axis: Axis = None) -> Any:
    """In reverse order along some axes; all for None."""
    axes = axes_of("flip", m, axis)
    return layout.flip(m, axes) if axes else rules.alias(m)


def roll(a: Any, shift: Any, axis: Any = None) -> Any:
    """Shifts and axes broadcast; an axis named twice moves by the sum."""
    if axis is None:
        return layout.roll(a, int(np.sum(shift)))
    shifts, axes = np.broadcast_arrays(shift, axis)
    return layout.roll(a, tuple(shifts.reshape(-1).tolist()), tuple(axes.reshape(-1).tolist()))


def pad(array: Any, pad_width: Any, mode: str = "constant", *, constant_values: Any = 0) -> Any:
    """The modes that repeat elements do what NumPy does to the places where they stand."""
    if mode in ("edge", "reflect", "symmetric", "wrap"):
        return moved(np.pad)(array, pad_width, mode)
    if mode != "constant" or shape_of(constant_values):
        raise TypeError(
            f"numpy.pad of a Tensor takes mode 'constant' with one number, 'edge', 'reflect', "
            f"'symmetric' or 'wrap', but was given {mode!r} and {constant_values!r}"
        )
    inside = np.pad(np.ones(shape_of(array), bool), pad_width)
    padded = rules.scatter(shape.ravel(array), key=(inside,), shape=inside.shape)
    if not isinstance(constant_values, Node):
        constant_values = dtype_of(padded).type(constant_values)
    return rules.where(inside, padded, constant_values)


def full_like(a: Any, fill_value: Any, dtype: Any = None) -> Any:
    """A gradient flows to the node that fills it."""
    if isinstance(fill_value, Node):
        return rules.mul(fill_value, np.ones(shape_of(a), dtype or dtype_of(a)))
    return Tensor(np.full_like(plain(a), fill_value, dtype))


def linspace(start: Any, stop: Any, num: int = 50, endpoint: bool = True) -> Any:
    """A weighted mean of both ends, so that it stops exactly there."""
    ndim = max(len(shape_of(start)), len(shape_of(stop)))
    kinds = (dtype_of(x) if hasattr(x, "dtype") else 1.0 for x in (start, stop))
    dtype = np.result_type(*kinds, 1.0)
    part = np.linspace(0.0, 1.0, num, endpoint, dtype=dtype).reshape(-1, *[1] * ndim)
    return rules.add(rules.mul(start, 1.0 - part), rules.mul(stop, part))
