"""What networks are made of: affine maps of rows, and the loss of a classification."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import rules
from autograd.complaints import called, shape_of
from autograd.node import plain


def linear(x: Any, weight: Any, bias: Any = None) -> Any:
    """An affine map, ``x @ weightᵀ + bias``.

    Parameters
    ----------
    x : Tensor of shape (..., in_features)
    weight : Tensor of shape (out_features, in_features)
    bias : Tensor of shape (out_features,), optional

    Returns
    -------
    Tensor of shape (..., out_features)

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Notes
    -----
    The same as ``torch.nn.functional.linear``.

    Examples
    --------
    >>> from autograd import Tensor
    >>> linear(Tensor([1.0, 2.0]), [[3.0, 4.0]], [0.5])
    Tensor([11.5])
    """
    given, features = shape_of(x), shape_of(weight)
    if len(features) != 2:
        raise ValueError(
            f"linear: {called(weight, 'weight')}: it takes a matrix, (out_features, in_features)"
        )
    if not given or given[-1] != features[1]:
        raise ValueError(
            f"linear: {called(weight, 'weight')} takes {features[1]} features, the last axis of x, "
            f"but was given {called(x, 'x')}"
        )
    if bias is not None and shape_of(bias)[-1:] not in ((), (1,), features[:1]):
        raise ValueError(
            f"linear: {called(weight, 'weight')} gives {features[0]} features, which "
            f"{called(bias, 'bias')} does not fit"
        )
    if bias is None:
        return rules.matmul(x, rules.mT(weight)) if len(given) > 1 else weight @ x
    if len(given) == 1:
        row = rules.linear(rules.reshape(x, shape=(1, *given)), weight, bias)
        return rules.reshape(row, shape=features[:1])
    return rules.linear(x, weight, bias)


def cross_entropy(input: Any, target: Any) -> Any:
    """The mean of ``log Σⱼ eˣʲ - x[target]`` over rows of scores, without overflow.

    Parameters
    ----------
    input : Tensor of shape (n, classes), or (classes,)
        The scores (logits).
    target : integers of shape (n,), or one integer
        The class of each row.

    Returns
    -------
    Tensor of shape ()

    Raises
    ------
    ValueError
        If there are not as many targets as rows, or none.
    IndexError
        If there is no such class.

    Notes
    -----
    The same as ``torch.nn.functional.cross_entropy`` with class indices.

    Examples
    --------
    >>> from autograd import Tensor
    >>> scores = Tensor([[-2.0, 3.0, 0.5]])
    >>> round(cross_entropy(scores, [1]).item(), 6)
    0.085097
    """
    shape, classes = shape_of(input), np.array(plain(target))
    if len(shape) == 1 and not classes.ndim:
        input, classes, shape = rules.reshape(input, shape=(1, *shape)), classes[None], (1, *shape)
    if len(shape) != 2 or classes.shape != shape[:1] or not classes.size:
        raise ValueError(
            f"cross_entropy takes rows of scores and a class for each, but was given "
            f"{called(input, 'input')} and {called(target, 'target')}"
        )
    if classes.dtype.kind not in "iu":
        raise ValueError(f"cross_entropy takes whole numbers for classes, not {classes.dtype}")
    if classes.astype(np.uint64, copy=False).max() >= shape[1]:  # a negative number is a large one
        wrong = classes[(classes < 0) | (classes >= shape[1])][0]
        raise IndexError(f"class {wrong} is not one of the {shape[1]} that have scores")
    return rules.cross_entropy(input, target=classes)
