"""One call of a compiled function: one node, which remembers what it was called with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from autograd import tensor
from autograd.backward import hand_on, receive
from autograd.functions.joining import stack
from autograd.modes import is_recording, observers
from autograd.node import Node
from autograd.op import Op, operation
from autograd.pack import Pack, no_copy
from autograd.symbol import Symbol
from autograd.tensor import Tensor
from autograd.trees import rebuild
from autograd.value import Value, constant, made

if TYPE_CHECKING:
    from autograd.compiling.leaves import Layout
    from autograd.compiling.traced import Traced


class Call(Sequence[Any]):
    """What a call depends on: packs of parameters, single ones, and the nodes it was given.

    Parameters
    ----------
    traced : Traced
        The program.
    arguments : dict
        What the function was called with.
    serial : int
        Which of the calls it was: the program's arrays hold the numbers of the last.
    made : int
        What the engine's clock showed.
    numbers : array
        The numbers in its arguments, and those that were drawn at random.
    layout : Layout
        Where the leaves of the program were.
    nodes : list of (int, Node)
        Those of the arguments that are nodes which a gradient reaches, each with its place among
        the numbers.
    """

    def __init__(
        self,
        traced: Traced,
        arguments: dict[str, Any],
        serial: int,
        made: int,
        numbers: NDArray[Any],
        layout: Layout,
        nodes: list[tuple[int, Any]],
    ) -> None:
        self.traced, self.arguments, self.serial, self.made = traced, arguments, serial, made
        self.numbers, self.layout, self.nodes = numbers, layout, nodes
        self.operands = (*layout.operands, *(node for _, node in nodes))
        self._found: tuple[Any, dict[int, Any]] = (None, {})

    def __len__(self) -> int:
        return len(self.operands)

    def __getitem__(self, i: Any) -> Any:
        return self.operands[i]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.operands)

    def share(self, i: int, g: Any, graph: bool) -> Any:
        """What a gradient of the result contributes to one operand.

        All are found at once, and each is kept until it is asked for: kept for longer, nodes that
        depend on this call would make a cycle of it.
        """
        known, found = self._found
        if known is not g or i not in found:
            shares = (
                self.recorded(g, graph) if graph else map(np.array, self.traced.shares(self, g))
            )
            found = dict(enumerate(shares))
        share = found.pop(i)
        self._found = (g, found) if found else (None, {})
        return share

    def recorded(self, g: Any, graph: bool) -> list[Any]:
        """The same by calling the function again, in numbers or in nodes."""
        self.traced.check(self)
        results, nodes, given = self.traced.again(self)
        seeds: dict[Any, Any] = {}
        for k, y in enumerate(results):  # one may be there twice
            seed = g if self.traced.single else g[k]
            seeds[y] = seeds[y] + seed if y in seeds else seed
        gradients = hand_on(nodes, seeds, graph)  # no further back than this call goes
        zero = Value(0.0, requires_grad=False) if graph else 0.0
        leaves = self.layout.operands
        return [
            stack([gradients.get(leaf, zero) for leaf in self.layout.members(x)])
            if isinstance(x, Pack)
            else gradients.get(x, np.zeros(x.shape))
            for x in (*leaves, *given)
        ]

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        raise no_copy()


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
    numbers = [y.item() for y in call.traced.again(call)[0]]
    return numbers[0] if call.traced.single else np.array(numbers)


def _share(i: int, g: Any, out: Any, _: Any, call: Call) -> Any:
    if isinstance(out, Symbol):
        return Symbol("what its program finds")
    return call.share(i, g, isinstance(out, Node))


def _pull(node: Any) -> None:
    call: Call = node.params["call"]
    shares = call.traced.shares(call, node.grad)
    call.layout.reach(node.operands)
    for operand, share in zip(node.operands, shares, strict=True):
        if operand._requires_grad:
            receive(operand, share)
