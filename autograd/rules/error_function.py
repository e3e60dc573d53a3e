"""The error function of arrays, by rational approximations (Cody 1969).

W. J. Cody, "Rational Chebyshev approximations for the error function", Mathematics of Computation
23, 1969: of erf near 0, and of exp(x²) · erfc beyond. The result is within three units in the
last place.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

FEW = 64  # elements: up to here `math.erf` of each is as quick
EDGE = 0.46875  # where one approximation ends and the other begins
ONE = 6.0  # from here on erf is 1 in floats

# Coefficients, those of the highest power first.
NEAR = (
    (
        1.85777706184603153e-1,
        3.16112374387056560e00,
        1.13864154151050156e02,
        3.77485237685302021e02,
        3.20937758913846947e03,
    ),
    (
        1.0,
        2.36012909523441209e01,
        2.44024637934444173e02,
        1.28261652607737228e03,
        2.84423683343917062e03,
    ),
)
BEYOND = (
    (
        2.15311535474403846e-8,
        5.64188496988670089e-1,
        8.88314979438837594e00,
        6.61191906371416295e01,
        2.98635138197400131e02,
        8.81952221241769090e02,
        1.71204761263407058e03,
        2.05107837782607147e03,
        1.23033935479799725e03,
    ),
    (
        1.0,
        1.57449261107098347e01,
        1.17693950891312499e02,
        5.37181101862009858e02,
        1.62138957456669019e03,
        3.29079923573345963e03,
        4.36261909014324716e03,
        3.43936767414372164e03,
        1.23033935480374942e03,
    ),
)


def erf_of_array(x: NDArray[Any]) -> NDArray[Any]:
    """The error function of each element.

    Examples
    --------
    >>> erf_of_array(np.array([0.0, np.inf]))
    array([0., 1.])
    """
    x = np.asarray(x)
    dtype = x.dtype if x.dtype.kind == "f" else np.dtype(float)
    if x.size <= FEW:
        return np.fromiter(map(math.erf, x.ravel().tolist()), dtype, count=x.size).reshape(x.shape)
    size = np.minimum(np.abs(x), ONE, dtype=dtype)
    square = size * size
    near = size * _ratio(NEAR, square)
    beyond = 1.0 - np.exp(-square) * _ratio(BEYOND, size)
    return np.copysign(np.where(size < EDGE, near, beyond), x, dtype=dtype)


def _ratio(
    coefficients: tuple[tuple[float, ...], tuple[float, ...]], x: NDArray[Any]
) -> NDArray[Any]:
    above, below = (_polynomial(row, x) for row in coefficients)
    above /= below
    return above


def _polynomial(coefficients: tuple[float, ...], x: NDArray[Any]) -> NDArray[Any]:
    total: NDArray[Any] = coefficients[0] * x
    for coefficient in coefficients[1:-1]:
        total += coefficient
        total *= x
    total += coefficients[-1]
    return total
