"""The same table as straight-line Python on arrays, because a small array is quickly computed.

Nothing here is needed for a right result: `record` and `backward.shares` do it all. For each
operation this room writes out what they would do for a Tensor:

- the method that computes one from Tensors of one dtype and plain numbers;
- the pull, which hands a gradient on: the rules, applied to symbols, give its text.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.backward import general_pull, receive
from autograd.modes import state
from autograd.node import Node, named
from autograd.op import TABLE, Op, apply
from autograd.record import record_tensors
from autograd.scalar import SYMBOLS, compiled
from autograd.symbol import Symbol, render
from autograd.tensor import Tensor, made

PULL = """
def {name}(node):
    g = node.grad
    {operands}, = node.operands
{body}
"""
UNARY = """
def {name}(a):
    a_data = a._data
    if state.watched or a_data.dtype.kind != "f":
        return record_tensors(op, (a,), {{}})
    return fresh(forward(a_data), op, (a,), a._requires_grad)
"""
BINARY = """
def {name}({receiver}, {other}):
    kind = {other}.__class__
    {receiver}_data = {receiver}._data
    if kind is Tensor and {other}._data.dtype is {receiver}_data.dtype:
        {other}_data = {other}._data
        wanted = a._requires_grad or b._requires_grad
    elif kind is float{unless}:
        {other}_data = {other}
        wanted = {receiver}._requires_grad
    else:
        return apply(op, (a, b), {{}})
    if state.watched or {receiver}_data.dtype.kind != "f":
        return apply(op, (a, b), {{}})
    try:
        data = forward(a_data, b_data)
    except ValueError as error:
        raise named(error, op, (a, b)) from None
    return fresh(data, op, (a, b), wanted)
"""
GUARDED = """\
    with errstate(all="ignore"):
        share = {share}
    receive({operand}, tamed(g, share), shared=True)"""


def method_source(op: Op, name: str, receiver: str = "a") -> str:
    """The source of the method that computes `op`; its receiver is the first operand, or b."""
    if op.arity == 1:
        return UNARY.format(name=name)
    other = "b" if receiver == "a" else "a"
    unless = f" and {other}" if op.unbounded else ""  # where Python raises and NumPy divides
    return BINARY.format(name=name, receiver=receiver, other=other, unless=unless)


def fresh(data: Any, op: Op, operands: tuple[Any, ...], requires_grad: bool) -> Tensor:
    """Make the node of an array that nobody else has."""
    if data.__class__ is not np.ndarray:
        data = np.asarray(data)  # NumPy makes a scalar of what has no axes
    if not requires_grad:
        return made(data, None, (), {}, False)
    data.setflags(write=False)
    return made(data, op, operands, {}, True)


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
    "Tensor": Tensor,
    "apply": apply,
    "fresh": fresh,
    "named": named,
    "receive": receive,
    "record_tensors": record_tensors,
    "state": state,
    "tamed": tamed,
}


def _first_pull(node: Tensor) -> None:
    """Stand in for the pull of an operation until one is needed."""
    op: Any = node.op
    try:
        source = pull_source(op)
    except (TypeError, AttributeError):  # a rule that looks into its parameters cannot be printed
        op.array_pull = general_pull
    else:
        op.array_pull = compiled(op, f"array_pull_{op.name}", source, FUNCTIONS)
    op.array_pull(node)


def _install_method(name: str, op: Op, receiver: str = "a") -> None:
    """Put the written-out form in place of the general one that a Tensor has from `Node`."""
    source = method_source(op, f"tensor_{name}", receiver)
    method = compiled(op, f"tensor_{name}", source, FUNCTIONS | {"forward": op.array})
    setattr(Tensor, name, functools.update_wrapper(method, getattr(Tensor, name)))


Op.first_pulls["array_pull"] = _first_pull
for _op in TABLE.values():
    _op.array_pull = _first_pull
for _name, _symbol in SYMBOLS.items():
    _install_method(f"__{_symbol}__", TABLE[_name])
    if _symbol != "add":  # which `sum([...])` starts from the integer 0
        _install_method(f"__r{_symbol}__", TABLE[_name], receiver="b")
for _name in ("neg", "exp", "log", "tanh", "sigmoid", "relu", "sqrt", "square"):
    _install_method(_name, TABLE[_name])
