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
from autograd.trees import leaves, rebuild
from autograd.value import Value, constant, made

if TYPE_CHECKING:
    from autograd.compiling.runs import Numbers, Run


class Call(Sequence[Any]):
    """What a call depends on: packs of parameters, single ones, and the nodes it was given.

    Parameters
    ----------
    run : Run
        The program, and where its leaves and arguments are.
    again : callable
        Calls the function itself, which records what it does.
    serial : int
        Which of the calls it was: the program's arrays hold the numbers of the last.
    numbers : Numbers
        The numbers in its arguments.
    nodes : list of (int, Node)
        Those of them that are nodes.
    """

    def __init__(
        self,
        run: Run,
        again: Callable[[], Any],
        serial: int,
        numbers: Numbers,
        nodes: list[tuple[int, Any]],
    ) -> None:
        self.run, self.again, self.serial = run, again, serial
        self.numbers, self.nodes = numbers, nodes
        self.operands = (*run.operands, *(node for _, node in nodes))
        self._known: tuple[Any, list[Any]] = (None, [])

    def __len__(self) -> int:
        return len(self.operands)

    def __getitem__(self, i: Any) -> Any:
        return self.operands[i]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.operands)

    def share(self, i: int, g: Any) -> Any:
        """What a gradient of the result contributes to one operand; all are found at once."""
        if self._known[0] is not g:
            self._known = (g, self.shares(g))
        return self._known[1][i]

    def shares(self, *seeds: Any) -> list[Any]:
        """What gradients of the results contribute to each operand."""
        try:
            found = self.run.found(self.numbers, self.serial, seeds)
        except (ArithmeticError, ValueError):
            return self.recorded(seeds, graph=False)
        given = [
            float(found.flat[place])
            if isinstance(node, Value)
            else found.flat[place : place + node.size].reshape(node.shape)
            for place, node in self.nodes
        ]
        return found.operands + given

    def recorded(self, seeds: Sequence[Any], graph: bool) -> list[Any]:
        """The same by calling the function again, in numbers or in nodes."""
        y, nodes = taped(self.again)
        results = leaves(y)
        if len(results) > len(seeds):  # the numbers of several Values are one array
            (seeds,) = seeds
        gradients = hand_on(nodes, dict(zip(results, seeds, strict=True)), graph)
        zero = 0.0 * results[0] if graph else 0.0
        return [
            stack([gradients.get(leaf, zero) for leaf in self.run.members(x)])
            if isinstance(x, Pack)
            else gradients.get(x, np.zeros(x.shape))
            for x in self.operands
        ]


def result(op: Op, data: list[NDArray[Any]], call: Call, tree: Any, shape: tuple[int, ...]) -> Any:
    """What a call gives: a node; or a tree of Values or of Tensors, which are parts of nodes.

    Of many rows (`shape`), Tensors take the place of Values.
    """
    scalars = isinstance(leaves(tree)[0], Value)
    recorded = is_recording() and bool(call.operands)
    if scalars and not shape:
        if isinstance(tree, Value):
            return _value_node(op, float(data[0][0]), call) if recorded else constant(data[0][0])
        if not recorded:
            return rebuild(tree, map(constant, data[0].tolist()))
        whole = _node(op, data[0], call)
        return rebuild(tree, (_element(whole, k) for k in range(data[0].size)))
    if scalars:
        whole = _node(op, data[0], call) if recorded else Tensor(data[0])
        if isinstance(tree, Value):
            return whole
        columns = whole.reshape(*shape, -1)
        return rebuild(tree, (columns[:, k] for k in range(columns.shape[1])))
    if not recorded:
        return rebuild(tree, map(Tensor, data))
    if len(data) > 1:
        raise NotImplementedError("a compiled function gives one Tensor, for now")
    return rebuild(tree, iter([_node(op, data[0], call)]))


def _value_node(op: Op, data: float, call: Call) -> Any:
    node = made(data, op, call.operands)
    node._a, node._c = call, {"call": call}
    return _told(node, op, call)


def _node(op: Op, data: NDArray[Any], call: Call) -> Any:
    data.setflags(write=False)
    return _told(tensor.made(data, op, call.operands, {"call": call}, True), op, call)


def _told(node: Any, op: Op, call: Call) -> Any:
    for observer in observers():
        observer.made(node, op, call)
    return node


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
    return call.again()._data


def _share(i: int, g: Any, out: Any, _: Any, call: Call) -> Any:
    if isinstance(out, Symbol):
        return Symbol("what its program finds")
    if isinstance(out, Node):
        return call.recorded((g,), graph=True)[i]
    return call.share(i, g)


def _pull(node: Any) -> None:
    call: Call = node.params["call"]
    call.run.check(node)
    for operand, share in zip(call, call.shares(node.grad), strict=True):
        if operand._requires_grad:
            receive(operand, share)
