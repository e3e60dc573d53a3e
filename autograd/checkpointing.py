"""Compute again instead of remembering: memory for time."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd import tensor
from autograd.backward import general_pull, hand_on
from autograd.complaints import require_function
from autograd.modes import Observer, is_recording, observers
from autograd.node import Node
from autograd.op import Op, operation
from autograd.record import watched_value
from autograd.symbol import Symbol
from autograd.tracing import is_tracing
from autograd.transforms.variables import inside
from autograd.trees import leaves, rebuild
from autograd.value import Value, constant


def checkpoint(f: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call a function, but remember only its result; `backward` computes the rest again.

    The result is one node, whose operands are what `f` used: those of its arguments that are
    nodes, and whatever nodes it reached by closure, such as a module's parameters. All of them get
    their gradients, as with ``torch.utils.checkpoint`` (``use_reentrant=False``). What was computed
    on the way is forgotten; a pass back calls `f` once more for each result, so that the whole
    costs about one more forward pass (Chen et al. 2016, "Training deep nets with sublinear memory
    cost").

    It can be differentiated to any order. In a pass whose result is to be differentiated again
    (`gradient`, or nested `grad`) nothing can be forgotten, and `f` is called for each operand.

    Parameters
    ----------
    f : callable
        Returns a Value or a Tensor, or a tree of them. Called again it must do the same: give it
        random masks as arguments rather than let it draw them.
    *args, **kwargs
        What to call it with.

    Returns
    -------
    Value or Tensor, or a tree of them
        What `f` returns. Inside `no_grad` `f` is simply called.

    Raises
    ------
    RuntimeError
        By `backward`, if `f` gave another result the second time.

    Examples
    --------
    >>> from autograd import Value, checkpoint
    >>> w, x = Value(2.0), Value(3.0)
    >>> y = checkpoint(lambda x: (w * x).tanh() * x, x)
    >>> y.op, y.parents
    (checkpoint, (Value(2.0), Value(3.0)))
    >>> y.backward()
    >>> z = (w * x).tanh() * x
    >>> w.grad == 9.0 * (1.0 - (z.data / 3.0) ** 2)
    True
    """
    require_function("checkpoint", f)
    call = functools.partial(f, *args, **kwargs)
    if not is_recording() or is_tracing():
        return call()
    y, tape = taped(call)
    return rebuild(y, iter([_node(call, i, leaf, tape) for i, leaf in enumerate(leaves(y))]))


class _Tape(Observer):
    """The nodes that are recorded in a block, in order."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []

    def made(self, node: Any, op: Any, operands: Sequence[Any]) -> None:
        if node.op is not None:
            self.nodes.append(node)


def taped(call: Callable[[], Any]) -> tuple[Any, list[Any]]:
    """A result, and the nodes that were made for it, operands first."""
    with inside(), _Tape() as tape:  # now and again alike, whatever stands around it
        return call(), tape.nodes


def _used(y: Node, tape: list[Any]) -> list[Node]:
    """What a result was computed from that was there before: it is not on the tape."""
    inside, needed, found = set(tape), {y}, {}
    for node in reversed(tape):
        if node in needed:
            for i, operand in reversed(list(enumerate(node.operands))):
                if isinstance(operand, Node) and operand.requires_grad and node.op.flows_to(i):
                    needed.add(operand)
                    if operand not in inside:
                        found[operand] = True
    return list(reversed(found))


def _node(call: Callable[[], Any], i: int, y: Any, tape: list[Any]) -> Any:
    """One node in place of all those on the tape that a result was computed by."""
    if not isinstance(y, Node) or y.op is None or y not in set(tape):
        return y
    operands = _used(y, tape)
    if not operands:  # no gradient flows from it: a Value is recorded nevertheless
        return constant(y.data)
    op = _operation(_Again(call, i, operands), len(operands))
    if isinstance(y, Value):
        return watched_value(y.data, op, tuple(operands))
    node = tensor.made(np.array(y.data), op, tuple(operands), {}, True)
    for observer in observers():
        observer.made(node, op, operands)
    return node


def _operation(again: _Again, arity: int) -> Op:
    """An entry for one call, which does not enter the table."""
    table: dict[str, Op] = {}

    def checkpoint(*xs: Any) -> Any:
        """A function whose intermediate results are computed again when they are needed."""

    operation(
        scalar=again.value,
        array=again.value,
        vjps=[again],
        variadic=True,
        table=table,
        source="Chen et al. 2016, Training deep nets with sublinear memory cost",
    )(checkpoint)
    op = table["checkpoint"]
    op.arity, op.direct = arity, False
    op.pull = op.array_pull = general_pull
    return op


class _Again:
    """The derivative of a call: made again, and differentiated from its result to what it used."""

    def __init__(self, call: Callable[[], Any], i: int, operands: list[Node]) -> None:
        self.call = call
        self.i = i
        self.operands = operands
        # What one pass found for all operands at once and has not asked for yet: numbers only, and
        # the gradient that they belong to.
        self.found: tuple[Any, dict[int, Any]] = (None, {})

    def value(self, *_: Any) -> Any:
        """The numbers of the result."""
        return leaves(self.call())[self.i].data

    def __call__(self, i: int, g: Any, out: Any, operands: Any) -> Any:
        if isinstance(out, Symbol):
            return Symbol("what a second call finds")
        if isinstance(out, Node):
            return self._gradients(g, out.data, graph=True)[i]
        known, found = self.found
        if known is not g or i not in found:
            found = self._gradients(g, out, graph=False)
            self.found = (g, found)
        share = found.pop(i)
        if not found:
            self.found = (None, {})
        return share

    def _gradients(self, g: Any, out: Any, graph: bool) -> dict[int, Any]:
        """What each operand gets, by a sweep over what was computed again and no further."""
        results, tape = taped(self.call)
        y = leaves(results)[self.i]
        if not np.array_equal(y.data, out, equal_nan=True):
            raise RuntimeError(
                "checkpoint: the function gave another result when it was called again for "
                "backward(); give it random numbers, and whatever else changes, as arguments"
            )
        gradients = hand_on(tape, {y: g}, graph)  # no further back than the tape goes
        return {i: gradients.get(x, np.zeros(x.shape)) for i, x in enumerate(self.operands)}
