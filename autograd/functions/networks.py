"""What networks are made of: affine maps of rows."""

from __future__ import annotations

from typing import Any

from autograd import rules
from autograd.complaints import called, shape_of
from autograd.functions.products import matmul


def linear(input: Any, weight: Any, bias: Any = None) -> Any:
    """An affine map, ``input @ weightᵀ + bias``. As ``torch.nn.functional.linear``.

    Parameters
    ----------
    input : Tensor of shape (..., in_features)
    weight : Tensor of shape (out_features, in_features); or (in_features,), without a bias
    bias : Tensor of shape (out_features,), optional

    Returns
    -------
    Tensor of shape (..., out_features), or (...)

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> from autograd import Tensor
    >>> linear(Tensor([1.0, 2.0]), [[3.0, 4.0]], [0.5])
    Tensor([11.5])
    """
    try:
        if bias is not None:
            return rules.linear(input, weight, bias)
    except ValueError as error:
        if len(shape_of(input)) != 1:
            raise _misfit(input, weight, bias) or error from None
    misfit = _misfit(input, weight, bias)
    if misfit is not None:
        raise misfit
    given, features = shape_of(input), shape_of(weight)
    if bias is None:
        return matmul(input, weight if len(features) == 1 else rules.mT(weight))
    row = rules.linear(rules.reshape(input, shape=(1, *given)), weight, bias)
    return rules.reshape(row, shape=features[:1])


def _misfit(input: Any, weight: Any, bias: Any) -> ValueError | None:
    """What is wrong with the shapes of an affine map's operands; None if they fit."""
    given, features = shape_of(input), shape_of(weight)
    axes = (1, 2) if bias is None else (2,)
    if len(features) not in axes:
        return ValueError(
            f"linear: {called(weight, 'weight')}: it takes a matrix, (out_features, in_features)"
        )
    if not given or given[-1] != features[-1]:
        return ValueError(
            f"linear: {called(weight, 'weight')} takes {features[-1]} features, the last axis of "
            f"x, but was given {called(input, 'x')}"
        )
    if bias is not None and shape_of(bias)[-1:] not in ((), (1,), features[:1]):
        return ValueError(
            f"linear: {called(weight, 'weight')} gives {features[0]} features, which "
            f"{called(bias, 'bias')} does not fit"
        )
    return None
