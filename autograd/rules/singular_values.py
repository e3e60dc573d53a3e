"""The nuclear norm, and what its derivatives need."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.op import Case, operation
from autograd.rules.arrays import matmul, mT, spread

MATRICES = [Case(((3, 3),)), Case(((2, 3),)), Case(((2, 3, 2),)), Case(((1, 1),))]


@operation(
    array=lambda x: np.linalg.svd(x, compute_uv=False).sum(-1),
    vjps=[lambda g, out, x: spread(g, axis=(-2, -1), keepdims=False, shape=x.shape) * polar(x)],
    text="‖{0}‖∗",
    latex=r"\left\|{0}\right\|_*",
    symbol="‖x‖∗",
    cases=MATRICES,
    source="Watson 1992, Characterization of the subdifferential of some matrix norms",
    public=False,
)
def nuclear_norm(x: Any) -> Any:
    """The sum of the singular values of a matrix, or of each in a stack of them.

    Examples
    --------
    >>> nuclear_norm([[3.0, 0.0], [0.0, -4.0]])
    np.float64(7.0)
    """


def _polar(x: Any) -> NDArray[Any]:
    u, _, vt = np.linalg.svd(x, full_matrices=False)
    return np.asarray(u @ vt)


def _polar_rule(g: Any, out: Any, x: Any) -> Any:
    """``x outᵀ y + y outᵀ x = g − out gᵀ out`` holds for the y by which out changes if x does by g.

    As out is a gradient, that map from g to y is symmetric: its own adjoint.
    """
    change = g - matmul(matmul(out, mT(g)), out)
    return sylvester(matmul(x, mT(out)), matmul(mT(out), x), change)


@operation(
    array=_polar,
    vjps=[_polar_rule],
    cases=MATRICES,
    source="x = W H, differentiated: Higham 2008, Functions of Matrices, ch. 8",
    public=False,
)
def polar(x: Any) -> Any:
    """``U Vᵀ`` of ``x = U diag(s) Vᵀ``: the turn in a matrix, without its stretching.

    Where singular values are 0 it is one of many; it has a derivative where none is.

    Examples
    --------
    >>> polar([[3.0, 0.0], [0.0, -4.0]]) + 0.0
    array([[ 1.,  0.],
           [ 0., -1.]])
    """


def _symmetric(x: Any) -> Any:
    return 0.5 * (x + mT(x))


def _sylvester(x: Any, y: Any, z: Any) -> NDArray[Any]:
    left, u = np.linalg.eigh(_symmetric(x))
    right, v = np.linalg.eigh(_symmetric(y))
    sums = left[..., :, None] + right[..., None, :]
    size = np.abs(sums).max((-2, -1), keepdims=True, initial=0)
    sums[np.abs(sums) <= 10 * np.finfo(sums.dtype).eps * size] = np.nan  # 0, but for rounding
    return np.asarray(u @ (mT(u) @ z @ v / sums) @ mT(v))


@operation(
    array=_sylvester,
    vjps=[
        lambda g, out, x, y, z: -_symmetric(matmul(sylvester(x, y, g), mT(out))),
        lambda g, out, x, y, z: -_symmetric(matmul(mT(out), sylvester(x, y, g))),
        lambda g, out, x, y, z: sylvester(x, y, g),
    ],
    domain=[[(2.0, 3.0), (2.0, 3.0), (-2.0, 2.0)]],
    cases=[Case(((1, 1), (2, 2), (1, 2))), Case(((2, 3, 3), (2, 1, 1), (2, 3, 1)))],
    source="the equation, differentiated; Bartels & Stewart 1972, Solution of AX + XB = C",
    public=False,
)
def sylvester(x: Any, y: Any, z: Any) -> Any:
    """The X for which ``x X + X y = z``, with symmetric x and y; NaN where there is not just one.

    Examples
    --------
    >>> sylvester([[1.0]], [[3.0]], [[8.0]])
    array([[2.]])
    """
