"""The same table with less ado on arrays, because a small array is quickly computed.

Nothing here is needed for a right result: `record` and `backward.shares` do it all. For each
operation this room has what they would do for a Tensor:

- the way to compute one from Tensors of one dtype and plain numbers;
- the pull, which hands a gradient on, as straight-line Python: the rules, applied to symbols, give
  its text. An operation with a `pullback` remembers instead what it computed.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.backward import general_pull, receive
from autograd.modes import state
from autograd.node import Node
from autograd.op import TABLE, Op, apply, is_fixed
from autograd.record import record_tensors
from autograd.scalar import SYMBOLS, compiled
from autograd.symbol import Symbol, render
from autograd.tensor import Tensor, made

# Linux's C library, glibc, gives the memory of a large array back to the system when it is freed,
# and gets that of the next anew, page by page: half of the time of a training step. Once it has
# freed so large a block as this, which is never written to, it keeps those below; see
# M_MMAP_THRESHOLD in mallopt(3).
np.empty(2**25 - 2**16, np.uint8)

PULL = """
def {name}(node):
    g = node.grad
    {operands}, = node.operands
{body}
"""
GUARDED = """\
    with errstate(all="ignore"):
        share = {share}
    receive({operand}, tamed(g, share), shared=True)"""


def remembering(op: Op) -> Callable[..., Any]:
    """`record_tensors` for an operation that has a `pullback`, which the node keeps."""
    pullback: Any = op.pullback

    def computed(*operands: Any, **params: Any) -> Any:
        wanted, dtype, arrays = False, operands[0].dtype, []
        for x in operands:
            is_node = x.__class__ is Tensor
            if not (is_node or is_fixed(x)) or x.dtype is not dtype:
                return record_tensors(op, operands, params)
            wanted = wanted or (is_node and x._requires_grad)
            arrays.append(x._data if is_node else x)
        if state.watched or not wanted:
            return record_tensors(op, operands, params)
        try:
            data, back = pullback(*arrays, **params)
        except (ValueError, IndexError):
            return record_tensors(op, operands, params)  # which says what is wrong
        node = made(data, op, operands, params, True)
        node._back = back
        return node

    return computed


def pull_back(node: Any) -> None:
    """The pull of such an operation. What was recorded the general way goes by the rule."""
    back = getattr(node, "_back", None)
    if back is None:
        general_pull(node)
        return
    for i, operand in enumerate(node.operands):
        if isinstance(operand, Tensor) and operand._requires_grad:
            receive(operand, back(node.grad, i))


def pull_index(node: Any) -> None:
    """The pull of `index`: in place, where another part of the same was pulled before.

    Otherwise the gradient of each row of a long Tensor would be an array as large as all of it.
    """
    (x,) = node.operands
    if not x._requires_grad:
        return
    key = node.params["key"]
    if x.grad is None or getattr(x, "_parts", None) is not x.grad:
        x._parts = TABLE["scatter"].array(node.grad, key=key, shape=x.shape)
        receive(x, x._parts)  # which is its gradient now, if it is the first
    elif any(isinstance(part, np.ndarray) for part in key):
        np.add.at(x._parts, key, node.grad)  # an index may repeat
    else:
        x._parts[key] += node.grad


def pull_source(op: Op) -> str:
    """The source that hands the gradient of a Tensor on to its operands.

    Examples
    --------
    >>> print(pull_source(TABLE["mul"]).strip())
    def array_pull_mul(node):
        g = node.grad
        a, b, = node.operands
        a_data = a._data if isinstance(a, Node) else a
        b_data = b._data if isinstance(b, Node) else b
        if isinstance(a, Node) and a._requires_grad:
            receive(a, g * b_data)
        if isinstance(b, Node) and b._requires_grad:
            receive(b, g * a_data)
    """
    names = "abcdef"[: op.arity]
    symbols = [Symbol(f"{name}_data") for name in names]
    params = {key: Symbol(f"node.params[{key!r}]") for key in op.cases[0].params}
    handing = []
    for i, name in enumerate(names):
        if op.flows_to(i):
            share = op.vjp(i, Symbol("g"), Symbol("node._data"), *symbols, **params)
            text = render(share, "array code") if isinstance(share, Symbol) else f"g * {share}"
            form = GUARDED if op.unbounded else "    receive({operand}, {share})"
            text = "g, shared=True" if text == "g" and not op.unbounded else text
            handing.append((name, form.format(operand=name, share=text)))
    used = "".join(text for _, text in handing)
    body = [
        f"    {name}_data = {name}._data if isinstance({name}, Node) else {name}"
        for name in names
        if f"{name}_data" in used
    ]
    for name, text in handing:
        body.append(f"    if isinstance({name}, Node) and {name}._requires_grad:")
        body += [f"    {line}" for line in text.splitlines()]
    return PULL.format(
        name=f"array_pull_{op.name}", operands=", ".join(names), body="\n".join(body)
    )


def tamed(g: NDArray[Any], share: Any) -> Any:
    """Make zero of what zeros in `g` gave, also where a partial is infinite or NaN."""
    return share if np.isfinite(share).all() else np.where(g == 0, 0, share)


FUNCTIONS: dict[str, Any] = {name: op.array for name, op in TABLE.items()} | {
    "Node": Node,
    "errstate": np.errstate,
    "receive": receive,
    "tamed": tamed,
}


def _first_pull(node: Tensor) -> None:
    """Stand in for the pull of an operation until one is needed."""
    op: Any = node.op
    if op.pullback:
        op.array_pull = pull_back
        return pull_back(node)
    try:
        source = pull_source(op)
    except (TypeError, AttributeError):  # a rule that looks into its parameters cannot be printed
        op.array_pull = general_pull
    else:
        op.array_pull = compiled(op, f"array_pull_{op.name}", source, FUNCTIONS)
    op.array_pull(node)


def unary(op: Op) -> Callable[[Any], Any]:
    """`record_tensors` for an operation on the elements of one Tensor."""
    forward = op.array

    def computed(x: Any) -> Any:
        if state.watched or x._data.dtype.kind != "f":
            return record_tensors(op, (x,), {})
        data = forward(x._data)
        if data is x._data:  # as `alias` gives it: not an array that nobody else has
            return record_tensors(op, (x,), {})
        return made(data, op, (x,), {}, x._requires_grad)

    return computed


def binary(op: Op, reflected: bool = False) -> Callable[[Any, Any], Any]:
    """The same for two operands, of which the first, or if `reflected` the second, is a Tensor."""
    forward, unbounded = op.array, op.unbounded

    def computed(x: Any, y: Any) -> Any:
        operands = (y, x) if reflected else (x, y)
        x_data, wanted, kind = x._data, x._requires_grad, y.__class__
        if kind is Tensor and y._data.dtype is x_data.dtype:
            y_data, wanted = y._data, wanted or y._requires_grad
        elif kind is float and (y or not unbounded):  # by 0 Python does not divide, and NumPy does
            y_data = y
        else:
            return apply(op, operands, {})
        if state.watched or x_data.dtype.kind != "f":
            return apply(op, operands, {})
        try:
            data = forward(y_data, x_data) if reflected else forward(x_data, y_data)
        except ValueError:
            return apply(op, operands, {})  # which says what is wrong
        return made(data, op, operands, {}, wanted)

    return computed


def ternary(op: Op) -> Callable[[Any, Any, Any], Any]:
    """The same for three Tensors."""
    forward = op.array

    def computed(x: Any, y: Any, z: Any) -> Any:
        if state.watched or not (x.__class__ is y.__class__ is z.__class__ is Tensor):
            return apply(op, (x, y, z), {})
        x_data, y_data, z_data = x._data, y._data, z._data
        kind = x_data.dtype
        if kind.kind != "f" or y_data.dtype is not kind or z_data.dtype is not kind:
            return apply(op, (x, y, z), {})
        try:
            data = forward(x_data, y_data, z_data)
        except ValueError:
            return apply(op, (x, y, z), {})
        wanted = x._requires_grad or y._requires_grad or z._requires_grad
        return made(data, op, (x, y, z), {}, wanted)

    return computed


def _install(name: str, form: Callable[..., Any]) -> None:
    """Put a quick form in place of the general one that a Tensor has from `Operators`."""
    setattr(Tensor, name, functools.update_wrapper(form, getattr(Tensor, name)))


Op.first_pulls["array_pull"] = _first_pull
for _op in TABLE.values():
    _op.array_pull = _first_pull
    optional = _op.function.__wrapped__.__defaults__  # type: ignore[attr-defined]
    if _op.scalar is not None and _op.direct and not _op.comparison and not optional:
        _op.quick[Tensor] = unary(_op) if _op.arity == 1 else binary(_op)
        if _op.arity == 1 and getattr(Tensor, _op.name, None) is _op.function:
            _install(_op.name, _op.quick[Tensor])
    if _op.pullback:
        _op.quick[Tensor] = remembering(_op)
TABLE["index"].array_pull = pull_index
TABLE["matmul"].quick[Tensor] = binary(TABLE["matmul"])
TABLE["linear"].quick[Tensor] = ternary(TABLE["linear"])
for _name, _symbol in SYMBOLS.items():
    _install(f"__{_symbol}__", binary(TABLE[_name]))
    if _symbol != "add":  # which `sum([...])` starts from the integer 0
        _install(f"__r{_symbol}__", binary(TABLE[_name], reflected=True))
_install("__neg__", unary(TABLE["neg"]))
