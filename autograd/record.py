"""The one place that records: an operation and its operands become a node.

Only here do Value and Tensor meet. Where either operand is an array the result is a Tensor.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import tensor, value
from autograd.modes import is_recording
from autograd.node import Node, describe, named
from autograd.op import Op, as_constant
from autograd.tensor import Tensor
from autograd.value import Value


def record(op: Op, operands: tuple[Any, ...], params: dict[str, Any]) -> Value | Tensor:
    """Compute `op` on nodes and numbers, and remember how, unless in `no_grad`."""
    if any(isinstance(operand, (Tensor, np.ndarray)) for operand in operands):
        return _record_tensor(op, operands, params)
    return _record_value(op, operands)


Node._apply = staticmethod(record)


def _record_value(op: Op, operands: tuple[Any, ...]) -> Value:
    if op.scalar is None:
        raise TypeError(f"{op.name} works on arrays, but was given {describe(op, operands)}")
    operands = tuple(x if isinstance(x, Value) else _number(op, x) for x in operands)
    try:
        data = op.scalar(*(x._data if isinstance(x, Value) else x for x in operands))
    except (ArithmeticError, ValueError) as error:
        raise named(error, op, operands) from None
    if not is_recording():
        return value.constant(data)
    return value.made(data, op, operands)


def _number(op: Op, operand: Any) -> float:
    try:
        return value.as_float(operand)
    except TypeError:
        as_constant(op.name, operand)  # raises, unless it is a list of numbers
        raise TypeError(
            f"{op.name} expects an array or a Tensor beside a list, but was given {operand!r}"
        ) from None


def _record_tensor(op: Op, operands: tuple[Any, ...], params: dict[str, Any]) -> Tensor:
    operands = tuple(x if isinstance(x, Node) else _constant(op, x) for x in operands)
    try:
        data = op.array(*(_data(x) for x in operands), **params)
    except (ValueError, IndexError) as error:
        raise named(error, op, operands) from None
    requires_grad = (
        is_recording()
        and any(
            isinstance(x, Node) and x.requires_grad and op.flows_to(i)
            for i, x in enumerate(operands)
        )
        and data.dtype.kind == "f"  # no gradient flows through what is not a float
    )
    if not requires_grad:
        return tensor.made(np.array(data), None, (), {}, False)
    return tensor.made(_frozen(data, operands), op, operands, params, True)


def _frozen(data: Any, operands: tuple[Any, ...]) -> NDArray[Any]:
    """The array of a computed node: nobody's to change, not even by changing a leaf in place."""
    array = np.asarray(data)  # a NumPy reduction to 0 axes gives a scalar
    if array.base is not None or any(array is _data(x) for x in operands):
        of_leaf = any(isinstance(x, Node) and x.op is None for x in operands)
        array = array.copy() if of_leaf else array.view()
    array.flags.writeable = False
    return array


def _constant(op: Op, operand: Any) -> Any:
    """A constant operand: an array, or a plain number, which leaves float32 as it is."""
    constant = as_constant(op.name, operand)
    return constant.item() if isinstance(constant, (np.float64, np.integer, np.bool_)) else constant


def _data(operand: Any) -> Any:
    return operand.data if isinstance(operand, Node) else operand
