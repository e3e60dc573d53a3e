"""NumPy's products of arrays, and what else it does to vectors and matrices."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd import rules
from autograd.complaints import shape_of
from autograd.functions import contraction, layout, linear_algebra, reduction, shape
from autograd.functions import products as torch_products
from autograd.node import plain
from autograd.tensor import Tensor


def dot(a: Any, b: Any) -> Any:
    """Over the last axis of one and the last but one of the other, if it has two."""
    if not shape_of(a) or not shape_of(b):
        return rules.mul(a, b)
    return contraction.tensordot(a, b, ([-1], [max(len(shape_of(b)) - 2, 0)]))


def inner(a: Any, b: Any) -> Any:
    """Over the last axis of each."""
    if not shape_of(a) or not shape_of(b):
        return rules.mul(a, b)
    return contraction.tensordot(a, b, ([-1], [-1]))


def vdot(a: Any, b: Any) -> Any:
    """Of all elements in a row."""
    return torch_products.dot(shape.reshape(a, -1), shape.reshape(b, -1))


def vecdot(x1: Any, x2: Any) -> Any:
    """Of the vectors along the last axis, which broadcast."""
    return reduction.sum(rules.mul(x1, x2), -1)


def outer(a: Any, b: Any) -> Any:
    """Of all elements in a row with each other."""
    return torch_products.outer(shape.reshape(a, -1), shape.reshape(b, -1))


def kron(a: Any, b: Any) -> Any:
    """Each element of `a` times all of `b`, which stands in its place."""
    ndim = max(len(shape_of(a)), len(shape_of(b)))
    left, right = ((1,) * (ndim - len(shape_of(x))) + shape_of(x) for x in (a, b))
    spread = rules.reshape(a, shape=tuple(each for n in left for each in (n, 1)))
    packed = rules.reshape(b, shape=tuple(each for n in right for each in (1, n)))
    lengths = tuple(m * n for m, n in zip(left, right, strict=True))
    return rules.reshape(rules.mul(spread, packed), shape=lengths)


def cross(a: Any, b: Any, *, axis: int = -1) -> Any:
    """Vectors of three: ``outᵢ = aⱼ bₖ - aₖ bⱼ``, where j and k follow i in a circle."""
    if shape_of(a)[axis] != 3 or shape_of(b)[axis] != 3:
        raise ValueError(f"numpy.cross takes vectors of 3, not {shape_of(a)} and {shape_of(b)}")
    (a1, a2), (b1, b2) = ([layout.roll(x, -k, axis) for k in (1, 2)] for x in (a, b))
    return rules.sub(rules.mul(a1, b2), rules.mul(a2, b1))


def convolve(a: Any, v: Any, mode: str = "full") -> Any:
    """``outᵢ = Σⱼ vⱼ aᵢ₋ⱼ``: all windows of `a`, one a row, times `v` from back to front."""
    if mode not in ("full", "same", "valid"):
        raise ValueError(f"numpy.convolve takes 'full', 'same' or 'valid', but was given {mode!r}")
    if len(shape_of(a)) != 1 or len(shape_of(v)) != 1:
        raise ValueError(f"numpy.convolve takes two rows, not {shape_of(a)} and {shape_of(v)}")
    if shape_of(v) > shape_of(a):
        a, v = v, a
    (n,), (m,) = shape_of(a), shape_of(v)
    windows = np.add.outer(np.arange(n + m - 1), np.arange(m))
    padded = layout.pad(a, (m - 1, m - 1))
    full = torch_products.matmul(rules.index(padded, key=(windows,)), layout.flip(v, 0))
    start, stop = {
        "full": (0, n + m - 1),
        "same": ((m - 1) // 2, (m - 1) // 2 + n),
        "valid": (m - 1, n),
    }[mode]
    return rules.index(full, key=(slice(start, stop),))


def polyval(p: Any, x: Any) -> Any:
    """Horner's rule, the highest power first."""
    value: Any = rules.mul(x, 0)
    for i in range(len(p)):
        value = rules.add(rules.mul(value, x), p[i])
    return value


def triangle(ours: Callable[..., Any]) -> Callable[..., Any]:
    """A tril or triu: NumPy repeats a vector in each row of a square."""

    def cut(m: Any, k: int = 0) -> Any:
        lengths = shape_of(m)
        square = rules.broadcast_to(m, shape=lengths * 2) if len(lengths) == 1 else m
        return ours(square, k)

    return cut


def solve(a: Any, b: Any) -> Any:
    """As NumPy 2: only what has one axis is a vector."""
    return linear_algebra.solve(a, b) if len(shape_of(b)) == 1 else rules.solve(a, b)


def matrix_power(a: Any, n: int) -> Any:
    """By squaring; below 0 of the inverse."""
    if n == 0:
        return Tensor(np.linalg.matrix_power(plain(a), 0))
    if n < 0:
        return matrix_power(linear_algebra.inverse(a), -n)
    if n == 1:
        return a
    half = matrix_power(a, n // 2)
    even = torch_products.matmul(half, half)
    return torch_products.matmul(even, a) if n % 2 else even


def multi_dot(arrays: Sequence[Any]) -> Any:
    """From left to right; NumPy seeks the order that is quickest."""
    return functools.reduce(torch_products.matmul, arrays)
