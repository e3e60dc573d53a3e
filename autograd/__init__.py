"""glassgrad's engine: automatic differentiation that you can see through.

A `Value` is one float and a `Tensor` one array; both remember how they were computed, so that the
chain rule can be run back over it.

Examples
--------
>>> from autograd import Value
>>> x, w, b = Value(2.0), Value(-1.5), Value(0.5)
>>> y = (w * x + b).tanh()
>>> y.backward()
>>> round(w.grad, 4)
0.0532
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd import array, record, scalar  # noqa: F401 - how nodes are made, and made quickly
from autograd.functions.linear_algebra import matmul
from autograd.functions.reduction import mean, sum
from autograd.functions.shape import broadcast_to, reshape, transpose
from autograd.modes import enable_grad, is_recording, no_grad
from autograd.node import Node
from autograd.rules import (
    abs,
    acos,
    add,
    asin,
    atan,
    atan2,
    clip,
    cos,
    cosh,
    detach,
    div,
    eq,
    erf,
    exp,
    expm1,
    ge,
    gt,
    le,
    log,
    log1p,
    lt,
    maximum,
    minimum,
    mT,
    mul,
    ne,
    neg,
    pow,
    relu,
    sigmoid,
    sign,
    sin,
    sinh,
    softplus,
    sqrt,
    square,
    step,
    sub,
    tan,
    tanh,
    where,
)
from autograd.tensor import Tensor
from autograd.transforms import grad, gradient, value_and_grad
from autograd.value import Leaf, Value

if TYPE_CHECKING:
    from autograd.drawing import Drawing, draw
    from autograd.explanation import explain

__version__ = "0.1.0"

__all__ = [
    "Drawing",
    "Leaf",
    "Node",
    "Tensor",
    "Value",
    "abs",
    "acos",
    "add",
    "asin",
    "atan",
    "atan2",
    "broadcast_to",
    "clip",
    "cos",
    "cosh",
    "detach",
    "div",
    "draw",
    "enable_grad",
    "eq",
    "erf",
    "exp",
    "explain",
    "expm1",
    "ge",
    "grad",
    "gradient",
    "gt",
    "is_recording",
    "le",
    "log",
    "log1p",
    "lt",
    "mT",
    "matmul",
    "maximum",
    "mean",
    "minimum",
    "mul",
    "ne",
    "neg",
    "no_grad",
    "pow",
    "relu",
    "reshape",
    "sigmoid",
    "sign",
    "sin",
    "sinh",
    "softplus",
    "sqrt",
    "square",
    "step",
    "sub",
    "sum",
    "tan",
    "tanh",
    "transpose",
    "value_and_grad",
    "where",
]

_ON_FIRST_USE = {
    "draw": "autograd.drawing",
    "Drawing": "autograd.drawing",
    "explain": "autograd.explanation",
}


def __getattr__(name: str) -> Any:
    """Import what looks at graphs when it is first used: the engine alone imports quickly."""
    if name not in _ON_FIRST_USE:
        raise AttributeError(f"module 'autograd' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_ON_FIRST_USE[name]), name)
