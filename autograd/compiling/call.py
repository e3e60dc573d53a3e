"""One call of a compiled function: one node, which remembers what it was called with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from autograd import tensor
from autograd.backward import hand_on, receive
from autograd.checkpointing import taped
from autograd.functions.joining import stack
from autograd.modes import is_recording, observers
from autograd.node import Node
from autograd.op import Op, operation
from autograd.pack import Pack
from autograd.symbol import Symbol
from autograd.tensor import Tensor
from autograd.trees import rebuild
from autograd.value import Value, constant, made

if TYPE_CHECKING:
    from autograd.compiling.traced import Traced


class Call(Sequence[Any]):
    """What a call depends on: packs of parameters, single ones, and the nodes it was given.

    Parameters
    ----------
    traced : Traced
        The program, and where it finds its leaves.
    again : callable
        Calls the function itself, which records what it does.
    serial : int
        Which of the calls it was: the program's arrays hold the numbers of the last.
    numbers : array
        The numbers in its arguments.
    nodes : list of (int, Node)
        Those of them that are nodes.
    """

    def __init__(
        self,
        traced: Traced,
        again: Callable[[], Any],
        serial: int,
        numbers: NDArray[Any],
        nodes: list[tuple[int, Any]],
    ) -> None:
        self.traced, self.again, self.serial = traced, again, serial
        self.numbers, self.nodes = numbers, nodes
        self.operands = (*traced.leaves.operands, *(node for _, node in nodes))
        self._found: tuple[Any, list[Any]] = (None, [])

    def __len__(self) -> int:
        return len(self.operands)

    def __getitem__(self, i: Any) -> Any:
        return self.operands[i]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.operands)

    def share(self, i: int, g: Any) -> Any:
        """What a gradient of the result contributes to one operand; all are found at once."""
        if self._found[0] is not g:
            self._found = (g, self.traced.shares(self, g))
        return self._found[1][i]

    def recorded(self, g: Any, graph: bool) -> list[Any]:
        """The same by calling the function again, in numbers or in nodes."""
        y, nodes = taped(self.again)
        gradients = hand_on(nodes, {y: g}, graph)  # no further back than this call goes
        zero = 0.0 * y if graph else 0.0
        return [
            stack([gradients.get(leaf, zero) for leaf in self.traced.leaves.members(x)])
            if isinstance(x, Pack)
            else gradients.get(x, np.zeros(x.shape))
            for x in self.operands
        ]


def result(op: Op, data: NDArray[Any], call: Call, tree: Any, shape: tuple[int, ...]) -> Any:
    """What a call gives: one Value; or a tree of Values, which are elements of one node.

    Of many rows (`shape`), Tensors take the place of Values.
    """
    one = isinstance(tree, Value)
    if not is_recording() or not call.operands:
        parts: Any = iter(Tensor(column) for column in data.reshape(*shape, -1).T)
        if not shape:
            parts = map(constant, data.tolist())
        return next(parts) if one else rebuild(tree, parts)
    if one and not shape:
        node: Any = made(float(data[0]), op, call.operands)
        node._a, node._c = call, {"call": call}
    else:
        data.setflags(write=False)
        node = tensor.made(data, op, call.operands, {"call": call}, True)
    for observer in observers():
        observer.made(node, op, call)
    if one:
        return node
    if shape:
        columns = node.reshape(*shape, -1)
        return rebuild(tree, (columns[:, k] for k in range(columns.shape[1])))
    return rebuild(tree, (_element(node, k) for k in range(data.size)))


def _element(node: Tensor, k: int) -> Value:
    """One of the numbers in a Tensor, as a Value."""
    value = made(float(node._data[k]), ELEMENT, (node,))
    value._c = {"k": k}
    return value


def _elements() -> Op:
    table: dict[str, Op] = {}

    def element(x: Any, *, k: int) -> Any:
        """One of several results."""

    operation(
        array=lambda x, k: x[k],
        vjps=[lambda g, out, x, k: stack([g if i == k else 0.0 * g for i in range(len(x))])],
        table=table,
        source="the one that is chosen is the result",
    )(element)
    op = table["element"]
    op.direct, op.pull = False, _pull_element
    return op


def _pull_element(node: Any) -> None:
    whole: Any = node._a
    share = np.zeros(whole.shape)
    share[node._c["k"]] = node.grad
    receive(whole, share)


ELEMENT = _elements()


def operation_named(name: str) -> Op:
    """The entry, outside the table, of what a compiled function computes."""
    table: dict[str, Op] = {}

    def compiled(*operands: Any) -> Any:
        """What a compiled function gives."""

    compiled.__name__ = name
    operation(
        array=_value,
        scalar=_value,
        vjps=[_share],
        variadic=True,
        table=table,
        source="the table, by the steps of the program",
    )(compiled)
    op = table[name]
    op.direct, op.pull, op.array_pull = False, _pull, _pull
    return op


def _value(*_: Any, call: Call) -> Any:
    y = call.again()
    return y._data


def _share(i: int, g: Any, out: Any, _: Any, call: Call) -> Any:
    if isinstance(out, Symbol):
        return Symbol("what its program finds")
    if isinstance(out, Node):
        return call.recorded(g, graph=True)[i]
    return call.share(i, g)


def _pull(node: Any) -> None:
    call: Call = node.params["call"]
    call.traced.leaves.check(node)
    for operand, share in zip(call, call.traced.shares(call, node.grad), strict=True):
        if operand._requires_grad:
            receive(operand, share)
