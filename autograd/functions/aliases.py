"""Second names that PyTorch has for some functions: here alone, as methods and as functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd import rules
from autograd.functions import elementwise, joining, shape


class OfNodes:
    """Second names of methods that a Value and a Tensor have."""

    __slots__ = ()

    absolute = rules.abs
    arccos = rules.acos
    arccosh = rules.acosh
    arcsin = rules.asin
    arcsinh = rules.asinh
    arctan = rules.atan
    arctan2 = rules.atan2
    arctanh = rules.atanh
    divide = elementwise.div
    fix = rules.trunc
    greater = rules.gt
    greater_equal = rules.ge
    less = rules.lt
    less_equal = rules.le
    multiply = rules.mul
    negative = rules.neg
    not_equal = rules.ne
    subtract = elementwise.sub


class OfTensors:
    """Second names of methods that a Tensor alone has."""

    __slots__ = ()

    moveaxis = shape.movedim
    swapdims = shape.transpose


ALIASES: dict[str, Callable[..., Any]] = {
    name: function
    for room in (OfNodes, OfTensors)
    for name, function in vars(room).items()
    if not name.startswith("_")
} | {"concat": joining.cat, "concatenate": joining.cat}
"""All of them, as functions of `autograd`."""
