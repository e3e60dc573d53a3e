"""The one place that records: an operation and its operands become a node.

Only here do Value and Tensor meet. Where either operand is an array the result is a Tensor.
(`autograd.scalar` writes the same out for floats.)
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import tensor, value
from autograd.modes import is_recording, observers, state
from autograd.node import Node, describe, named
from autograd.op import TABLE, Op, as_constant
from autograd.tensor import Tensor
from autograd.tracing import is_tracing
from autograd.value import Value

DETACH = TABLE["detach"]


def record_values(op: Op, operands: tuple[Any, ...], params: dict[str, Any]) -> Value | Tensor:
    """Compute `op` on Values and numbers or arrays, and remember how, unless in `no_grad`."""
    if op.variadic:
        return record_tensors(op, operands, params)
    for operand in operands:
        if isinstance(operand, np.ndarray):
            return record_tensors(op, operands, params)
    return _record_value(op, operands)


def _record_value(op: Op, operands: tuple[Any, ...]) -> Value:
    if op.scalar is None:
        raise TypeError(f"{op.name} works on arrays, but was given {describe(op, operands)}")
    kept = [x if isinstance(x, Value) else _number(op, x) for x in operands]
    try:
        data = op.scalar(*[x._data if isinstance(x, Value) else x for x in kept])
    except (ArithmeticError, ValueError) as error:
        raise named(error, op, kept) from None
    make = watched_value if state.watched else value.made
    return make(data, op, tuple(kept))


def watched_value(data: float, op: Op, operands: tuple[Any, ...]) -> Value:
    """Make the node of a number that was computed, as the modes of this thread want it."""
    if is_recording():
        node = value.made(data, op, operands)
    elif is_tracing():  # which records everything; what no gradient may flow through is detached
        node = value.made(data, DETACH, (value.made(data, op, operands),))
    else:
        node = value.constant(data)
    for observer in observers():
        observer.made(node, op, operands)
    return node


def _number(op: Op, operand: Any) -> float:
    try:
        return value.as_float(operand)
    except TypeError:
        as_constant(op.name, operand)  # raises, unless it is a list of numbers
        raise TypeError(
            f"{op.name} expects an array or a Tensor beside a list, but was given {operand!r}"
        ) from None


def record_tensors(op: Op, operands: tuple[Any, ...], params: dict[str, Any]) -> Tensor:
    """Compute `op` on arrays, Tensors and Values, and remember how, unless in `no_grad`."""
    kept, arrays, requires_grad = list(operands), [], False
    for i, operand in enumerate(operands):
        if operand.__class__ is Tensor or isinstance(operand, (Tensor, Value)):
            arrays.append(operand._data)
            if operand._requires_grad and op.flows_to(i):
                requires_grad = True
        else:
            kept[i] = _constant(op, operand)
            if op.unbounded and kept[i].__class__ in (int, float) and kept[i] == 0:
                kept[i] = _zero(kept[i], operands)  # by which NumPy divides where Python raises
            arrays.append(kept[i])
    try:
        data = computed(op, arrays, params)
    except (ValueError, IndexError, ZeroDivisionError) as error:
        raise named(error, op, kept) from None
    unwanted = not requires_grad or data.dtype.kind != "f" or (state.watched and not is_recording())
    if unwanted and not is_tracing():
        node = tensor.made(np.array(data), op, (), {}, False)
    else:
        node = tensor.made(_own(data, kept, arrays), op, tuple(kept), params, not unwanted)
    if state.watched:
        for observer in observers():
            observer.made(node, op, kept)
    return node


def _zero(constant: float, operands: tuple[Any, ...]) -> NDArray[Any]:
    """A zero as an array, which leaves the type of what it meets as it is."""
    dtypes = (getattr(operand, "dtype", np.dtype(float)) for operand in operands)
    floats = (dtype for dtype in dtypes if dtype.kind == "f")
    return np.zeros((), int if constant.__class__ is int else min(floats, default=float))


def computed(op: Op, arrays: list[Any], params: dict[str, Any]) -> Any:
    """What `op` gives, in 64 bits if it is floats made of none, or integers made of booleans."""
    dtypes = [array.dtype for array in arrays if array.__class__ is np.ndarray]
    if dtypes and dtypes.count(dtypes[0]) != len(dtypes):
        arrays = promoted(arrays)
    data = op.array(*arrays, **params)
    if not dtypes or data.dtype is dtypes[0]:
        return data
    given, kind = {dtype.kind for dtype in dtypes}, data.dtype.kind
    made_anew = (kind == "f" and "f" not in given) or (kind == "i" and given == {"b"})
    if made_anew and data.dtype.itemsize < 8:
        wide = float if kind == "f" else int
        arrays = [x.astype(wide) if isinstance(x, np.ndarray) else x for x in arrays]
        data = op.array(*arrays, **params)
    return data


def promoted(arrays: list[Any]) -> list[Any]:
    """As PyTorch combines arrays: float32 is not widened by integers or single numbers."""
    floats = [x for x in arrays if isinstance(x, np.ndarray) and x.dtype.kind == "f"]
    dtypes = {x.dtype for x in floats if x.ndim} or {x.dtype for x in floats}
    if len(dtypes) != 1:
        return arrays
    (dtype,) = dtypes
    return [
        x.astype(dtype)
        if isinstance(x, np.ndarray) and x.dtype != dtype and (x.dtype.kind in "iu" or not x.ndim)
        else x
        for x in arrays
    ]


def _own(data: NDArray[Any], operands: list[Any], arrays: list[Any]) -> NDArray[Any]:
    """The array of a computed node, which nobody changes by changing a leaf in place."""
    if data.base is not None or any(data is array for array in arrays):
        of_leaf = any(isinstance(x, Node) and x.op is None for x in operands)
        return data.copy(order="K") if of_leaf else data.view()
    return data


def _constant(op: Op, operand: Any) -> Any:
    """A constant operand: an array, or a plain number, which leaves float32 as it is."""
    constant = as_constant(op.name, operand)
    return constant.item() if isinstance(constant, (np.float64, np.integer, np.bool_)) else constant


# Only here do the kinds of node meet, so here is said how operations are applied to them.
Value._apply = staticmethod(record_values)
Tensor._apply = staticmethod(record_tensors)
