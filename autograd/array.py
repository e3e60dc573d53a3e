"""The same table as straight-line Python on arrays, because a small array is quickly computed.

Nothing here is needed for a right result: `backward.shares` does it all. For each operation this
room writes out what that would do for a Tensor; the rules, applied to symbols, give the text.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.backward import general_pull, receive
from autograd.node import Node
from autograd.op import TABLE, Op
from autograd.scalar import compiled
from autograd.symbol import Symbol, render
from autograd.tensor import Tensor

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
    "inf": np.inf,
    "receive": receive,
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


Op.first_pulls["array_pull"] = _first_pull
for _op in TABLE.values():
    _op.array_pull = _first_pull
