"""Functions that join arrays, and that take one apart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any

from autograd import rules
from autograd.complaints import called, differ, shape_of
from autograd.functions.arguments import integers, operand, positive, takes, takes_axis
from autograd.node import plain
from autograd.rules.arrays import at_axis


def _listed(function: str, tensors: Any) -> list[Any]:
    """The arrays to join, of which there must be one or more."""
    if not isinstance(tensors, (list, tuple)) and not hasattr(plain(tensors), "ndim"):
        raise TypeError(f"{function} takes a sequence of arrays, but was given {tensors!r}")
    if not len(tensors):
        raise ValueError(f"{function} takes at least one array, but was given none")
    return list(tensors)


@takes_axis
def cat(tensors: Sequence[Any], dim: int = 0) -> Any:
    """Arrays joined along an axis: ``(n, k)`` and ``(m, k)`` give ``(n + m, k)``.

    ``out[i, j] = x[i, j]``, then ``out[n + i, j] = y[i, j]``. As ``torch.cat``.

    Parameters
    ----------
    tensors : sequence of Tensors or arrays
        They have the same lengths along every other axis. Arrays of shape ``(0,)`` fit all, so that
        a loop can begin with one.
    dim : int, default 0
        The axis to join along.

    Raises
    ------
    ValueError
        If the other lengths differ, or there is nothing to join.
    IndexError
        If there is no such axis.

    Examples
    --------
    >>> from autograd import Tensor, cat
    >>> cat([Tensor([1.0]), Tensor([2.0, 3.0])])
    Tensor([1., 2., 3.])
    """
    arrays = _listed("cat", tensors)
    start = next((i for i, array in enumerate(arrays) if shape_of(array) != (0,)), 0)
    model, letter = arrays[start], f"x{start}"
    first = shape_of(model)
    if not first:
        raise ValueError(f"cat: {called(model, letter)} has no axis to join along; use stack")
    (axis,) = positive("cat", (dim,), len(first), model)
    lengths = []
    for i, array in enumerate(arrays):
        shape = shape_of(array)
        if shape == (0,) != first:
            shape = (*first[:axis], 0, *first[axis + 1 :])
            arrays[i] = rules.reshape(array, shape=shape)
        given = f"cat along axis {axis}: {called(model, letter)} and {called(array, f'x{i}')}"
        if len(shape) != len(first):
            raise ValueError(f"{given}: one has {len(first)} axes, the other {len(shape)}")
        for other, (m, n) in enumerate(zip(first, shape, strict=True)):
            if other != axis and m != n:
                raise differ(f"{given}, axis {other}", "their", m, n)
        lengths.append(shape[axis])
    bounds = tuple(accumulate(lengths, initial=0))
    return rules.cat(*arrays, axis=axis, bounds=bounds)


@takes_axis
def stack(tensors: Sequence[Any], dim: int = 0) -> Any:
    """Arrays of one shape joined along a new axis; Values become a Tensor that depends on them.

    ``out[i] = tensors[i]``: k arrays of shape ``(n, m)`` give ``(k, n, m)``. As ``torch.stack``.

    Parameters
    ----------
    tensors : sequence of Tensors, Values, arrays or numbers
        All of the same shape.
    dim : int, default 0
        Where the new axis stands in the result.

    Raises
    ------
    ValueError
        If their shapes differ, or there is nothing to join.
    IndexError
        If the result has no such axis.

    Examples
    --------
    >>> from autograd import Value, stack
    >>> a, b = Value(2.0), Value(3.0)
    >>> (stack([a, b]) * [10.0, 20.0]).sum().backward()
    >>> a.grad, b.grad
    (10.0, 20.0)
    """
    arrays = _listed("stack", tensors)
    first = shape_of(arrays[0])
    (axis,) = positive("stack", (dim,), len(first) + 1, arrays[0])
    for i, array in enumerate(arrays):
        if shape_of(array) != first:
            raise ValueError(
                f"stack: {called(arrays[0], 'x0')} and {called(array, f'x{i}')} differ in shape; "
                "all must be of one shape"
            )
    return rules.stack(*arrays, axis=axis)


@takes(axis="dim", split_size_or_sections="split_size")
def split(tensor: Any, split_size: int | Sequence[int], dim: int = 0) -> tuple[Any, ...]:
    """The pieces of an array along an axis: ``(5, m)`` gives ``(2, m), (2, m), (1, m)`` for 2.

    ``out[k][i] = tensor[k · split_size + i]``. As ``torch.split``; ``np.split`` takes the number of
    pieces, or where to cut.

    Parameters
    ----------
    tensor : Tensor or array with at least one axis
    split_size : int or sequence of int
        The length of each piece (the last may be shorter), or the lengths of all of them. The
        function's name for it in PyTorch is ``split_size_or_sections``, which may be used, too.
    dim : int, default 0
        The axis to cut.

    Raises
    ------
    ValueError
        If the lengths do not add up to that of the axis, or one is not positive.
    IndexError
        If there is no such axis.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([1.0, 2.0, 3.0]).split(2)
    (Tensor([1., 2.]), Tensor([3.]))
    """
    tensor = operand("split", tensor)
    (axis,) = positive("split", (dim,), len(shape_of(tensor)), tensor)
    length = shape_of(tensor)[axis]
    if isinstance(split_size, (list, tuple)):
        sizes = list(integers("split", "piece", split_size))
    else:
        (size,) = integers("split", "piece", (split_size,))
        if size < 0 or (size == 0 and length):
            raise ValueError(f"split takes pieces of length 1 or more, but was given {size}")
        sizes = [min(size, length - start) for start in range(0, length, size or 1)] or [0]
    if sum(sizes) != length or min(sizes, default=0) < 0:
        raise ValueError(
            f"split: lengths {sizes} do not add up to the length {length} of axis {axis} of "
            f"{called(tensor, 'x')}"
        )
    bounds = accumulate(sizes, initial=0)
    return tuple(rules.index(tensor, key=at_axis(axis, slice(a, b))) for a, b in pairwise(bounds))


@takes_axis
def chunk(input: Any, chunks: int, dim: int = 0) -> tuple[Any, ...]:
    """An array cut into so many pieces of equal length; the last may be shorter, or missing.

    ``(5, m)`` gives ``(2, m), (2, m), (1, m)`` for 3 pieces: each has ``⌈length / chunks⌉``, so
    that 5 pieces of 6 become 3 of 2. An axis of length 0 gives as many empty pieces as were asked
    for. As ``torch.chunk``; ``np.array_split`` always makes so many.

    Parameters
    ----------
    input : Tensor or array with at least one axis
    chunks : int
        How many pieces, at most.
    dim : int, default 0
        The axis to cut.

    Raises
    ------
    ValueError
        If fewer than 1 piece is asked for.
    IndexError
        If there is no such axis.

    Examples
    --------
    >>> from autograd import arange
    >>> [piece.tolist() for piece in arange(5).chunk(3)]
    [[0, 1], [2, 3], [4]]
    """
    (count,) = integers("chunk", "number of pieces", (chunks,))
    if count < 1:
        raise ValueError(f"chunk makes 1 piece or more, but was asked for {count}")
    (axis,) = positive("chunk", (dim,), len(shape_of(input)), input)
    length = shape_of(input)[axis]
    return split(input, -(-length // count) if length else [0] * count, axis)


@takes_axis
def unbind(input: Any, dim: int = 0) -> tuple[Any, ...]:
    """The slices along an axis, each without it: ``(n, m)`` gives n times ``(m,)``.

    ``out[i] = input[i]`` for axis 0. As ``torch.unbind``.

    Raises
    ------
    IndexError
        If there is no such axis.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 2.0], [3.0, 4.0]]).unbind(1)
    (Tensor([1., 3.]), Tensor([2., 4.]))
    """
    input = operand("unbind", input)
    (axis,) = positive("unbind", (dim,), len(shape_of(input)), input)
    return tuple(rules.index(input, key=at_axis(axis, i)) for i in range(shape_of(input)[axis]))
