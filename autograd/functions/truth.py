"""Which elements are true, or not 0: whether any is, whether all are, and where."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import rules
from autograd.functions.arguments import Axes, along
from autograd.node import plain


def any(
    input: Any,
    dim: Axes = None,
    keepdim: bool = False,
    *,
    axis: Axes = None,
    keepdims: bool = False,
) -> Any:
    """Whether any element, of all or along some axes, is true (not 0); of none it is false.

    ``out[j] = input[0, j] or input[1, j] or ...`` for axis 0. The arguments are those of `amax`; no
    gradient flows through it. As ``torch.any``.

    Examples
    --------
    >>> from autograd import Tensor
    >>> (Tensor([[1.0, 5.0], [7.0, 2.0]]) > 4.0).any(dim=0)
    Tensor([ True,  True])
    """
    input, axes = along("any", input, dim, axis)
    return rules.any(input, axis=axes, keepdims=keepdim or keepdims)


def all(
    input: Any,
    dim: Axes = None,
    keepdim: bool = False,
    *,
    axis: Axes = None,
    keepdims: bool = False,
) -> Any:
    """Whether all elements, or all along some axes, are true (not 0); of none it is true.

    ``out[j] = input[0, j] and input[1, j] and ...`` for axis 0. The arguments are those of `amax`;
    no gradient flows through it. As ``torch.all``.

    Examples
    --------
    >>> from autograd import Tensor
    >>> (Tensor([[1.0, 5.0], [7.0, 2.0]]) > 1.0).all(dim=0)
    Tensor([False,  True])
    """
    input, axes = along("all", input, dim, axis)
    return rules.all(input, axis=axes, keepdims=keepdim or keepdims)


def nonzero(input: Any, *, as_tuple: bool = False) -> Any:
    """The places of the elements that are not 0, in order. As ``torch.nonzero``.

    ``out[k] = (i, j)`` for the k-th element, row by row, with ``input[i, j] != 0``.

    Parameters
    ----------
    input : Tensor or array, of any shape
    as_tuple : bool, default False
        Whether to give the places along each axis apart, which is what indexing takes.

    Returns
    -------
    Tensor or array of int64, or tuple of them
        Of shape ``(n, input.ndim)`` for n places; or one of shape ``(n,)`` for each axis.

    Examples
    --------
    >>> from autograd import Tensor
    >>> x = Tensor([[1.0, 0.0], [7.0, 2.0]])
    >>> nonzero(x)
    Tensor([[0, 0],
            [1, 0],
            [1, 1]])
    >>> x[nonzero(x, as_tuple=True)]
    Tensor([1., 7., 2.])
    """
    input, axes = along("nonzero", input, None)
    if isinstance(plain(input), (float, int)):
        input = np.asarray(plain(input))
    if not as_tuple:
        return rules.nonzero(input)
    places = rules.nonzero(input if axes else rules.reshape(input, shape=(1,)))
    return tuple(rules.index(places, key=(slice(None), k)) for k in range(len(axes) or 1))
