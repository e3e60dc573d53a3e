"""What one node is like, its numbers aside: by this, graphs and parts of them are compared."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable
from typing import Any

import numpy as np

from autograd.node import Node
from autograd.op import TABLE, Op
from autograd.value import Value


def is_custom(op: Op) -> bool:
    """Whether an operation is the user's own, or a checkpoint's: its name may be one of ours."""
    return TABLE.get(op.name) is not op


def label(node: Node) -> Hashable:
    """Kind, operation, shape, dtype, parameters and the constants among the operands.

    Examples
    --------
    >>> from autograd import Tensor, Value
    >>> label(Value(2.0) * 3.0) == label(Value(5.0) * 7.0) != label(3.0 * Value(2.0))
    True
    >>> label(Tensor([1.0])) == label(Tensor([1.0, 2.0]))
    False
    """
    op = node.op
    made = None if op is None else (op.name, is_custom(op))
    constants = tuple([None if isinstance(x, Node) else _kind(x) for x in node.operands])
    if isinstance(node, Value):
        return made, constants
    params = json.dumps(encode(node.params, repr)) if node.params else ""
    return made, constants, _kind(node.data), params


def _kind(x: Any) -> Hashable:
    return (x.shape, x.dtype.str) if isinstance(x, (np.ndarray, np.generic)) else type(x).__name__


def encode(x: Any, otherwise: Callable[[Any], Any]) -> Any:
    """A number, an array or an operation's parameter as JSON has it; `decode` is the way back.

    What JSON has no word for is written as an object of one entry, which says what it is.

    Parameters
    ----------
    x : object
        What to write.
    otherwise : callable
        What to write of anything else.

    Examples
    --------
    >>> encode((1, float("inf"), slice(None, 2)), repr)
    {'tuple': [1, {'float': 'inf'}, {'slice': [None, 2, None]}]}
    """
    if x is None or isinstance(x, (bool, str)) or type(x) is int:
        return x
    if type(x) is float:
        return x if np.isfinite(x) else {"float": repr(x)}
    if isinstance(x, (tuple, list)) and type(x) in (tuple, list):
        entries = [encode(entry, otherwise) for entry in x]
        return {"tuple": entries} if isinstance(x, tuple) else entries
    if isinstance(x, slice):
        return {"slice": [encode(part, otherwise) for part in (x.start, x.stop, x.step)]}
    if x is Ellipsis:
        return {"ellipsis": True}
    if isinstance(x, np.dtype) and _is_number(x):
        return {"dtype": x.str}
    if isinstance(x, (np.ndarray, np.generic)) and _is_number(x.dtype):
        data = x.reshape(-1).tolist()
        data = data if np.isfinite(x).all() else [encode(entry, otherwise) for entry in data]
        kind = "array" if isinstance(x, np.ndarray) else "number"
        return {kind: data, "dtype": x.dtype.str, "shape": list(x.shape)}
    if type(x) is dict and all(isinstance(key, str) for key in x):
        return {"dict": [[key, encode(entry, otherwise)] for key, entry in x.items()]}
    return otherwise(x)


def _is_number(dtype: np.dtype[Any]) -> bool:
    """Whether Python has such numbers, too, and so JSON; it has no long doubles."""
    return dtype.kind in "fiub" and dtype.itemsize <= 8


def decode(written: Any) -> Any:
    """What `encode` wrote.

    Examples
    --------
    >>> decode(encode({"key": (slice(None, 2), Ellipsis, -0.0)}, repr))
    {'key': (slice(None, 2, None), Ellipsis, -0.0)}
    """
    if isinstance(written, list):
        return [decode(entry) for entry in written]
    if not isinstance(written, dict):
        return written
    kind = next(iter(written), "")
    if kind not in DECODERS:
        raise ValueError(f"this is no graph that was written by to_json: {written!r:.80}")
    return DECODERS[kind](written)


def _array(entries: list[Any], written: dict[str, Any]) -> Any:
    data = [decode(entry) for entry in entries]
    return np.array(data, dtype=written["dtype"]).reshape(written["shape"])


DECODERS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "float": lambda x: float(x["float"]),
    "tuple": lambda x: tuple(map(decode, x["tuple"])),
    "slice": lambda x: slice(*map(decode, x["slice"])),
    "ellipsis": lambda x: Ellipsis,
    "dtype": lambda x: np.dtype(x["dtype"]),
    "array": lambda x: _array(x["array"], x),
    "number": lambda x: _array(x["number"], x)[()],
    "dict": lambda x: {key: decode(entry) for key, entry in x["dict"]},
}
