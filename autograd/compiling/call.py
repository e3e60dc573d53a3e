"""One call of a compiled function: one node, which remembers what it was called with."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograd import tensor
from autograd.backward import hand_on, receive, restore
from autograd.functions.joining import stack
from autograd.modes import is_recording, observers, state
from autograd.node import Node, plain
from autograd.op import Op, operation
from autograd.order import stale
from autograd.pack import Pack, no_copy
from autograd.symbol import Symbol
from autograd.tensor import Tensor
from autograd.trees import leaves, rebuild
from autograd.value import Value, constant, made

if TYPE_CHECKING:
    from autograd.compiling.arguments import Inputs
    from autograd.compiling.runs import Held
    from autograd.compiling.traced import Traced


Cut: TypeAlias = tuple[slice, tuple[int, ...]]


class Call:
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
    inputs : Inputs
        The numbers in its arguments, and those that were drawn at random.
    held : Held
        The leaves that the program reads, and where they were.
    nodes : list of (int, Node)
        Those of the arguments that are nodes which a gradient reaches.
    by_floats : bool
        Whether floats computed the results, for the program could not: it cannot go back, either.

    Attributes
    ----------
    cuts : list of (slice, tuple of int) or None
        Where each of several results that are Tensors lies in the node of all, and its shape; None
        for one that no gradient reaches.
    """

    def __init__(
        self,
        traced: Traced,
        arguments: dict[str, Any],
        serial: int,
        made: int,
        inputs: Inputs,
        held: Held,
        nodes: list[tuple[int, Any]],
        by_floats: bool,
    ) -> None:
        self.traced, self.arguments, self.serial, self.made = traced, arguments, serial, made
        self.inputs, self.held, self.nodes, self.by_floats = inputs, held, nodes, by_floats
        operands = held.operands
        self.operands = (*operands, *[node for _, node in nodes]) if nodes else operands
        self.cuts: list[Cut | None] | None = None
        self._known: tuple[Any, dict[int, Any]] = (None, {})

    def share(self, i: int, g: Any, graph: bool) -> Any:
        """What a gradient of the result contributes to one operand.

        All are found at once, and each is kept until it is asked for: kept for longer, nodes that
        depend on this call would make a cycle of it.
        """
        known, found = self._known
        if known is not g or i not in found:
            shares = self.recorded(self.seeds(g), graph) if graph else map(np.array, self.shares(g))
            found = dict(enumerate(shares))
        share = found.pop(i)
        self._known = (g, found) if found else (None, {})
        return share

    def seeds(self, g: Any) -> list[Any]:
        """The gradient of each result."""
        if self.cuts is None:
            return [g]
        return [cut and g[cut[0]].reshape(cut[1]) for cut in self.cuts]

    def shares(self, g: Any) -> list[Any]:
        """What the gradient of the results contributes to each operand."""
        seeds = self.seeds(g)
        self._check()
        if self.by_floats:
            return self.recorded(seeds, graph=False)
        try:
            return self.traced.run.found(self.inputs, self.serial, seeds, self.held, self.nodes)
        except (ArithmeticError, ValueError):
            return self.recorded(seeds, graph=False)

    def _check(self) -> None:
        """See that nothing it read was changed since."""
        traced: Any = self.traced  # which an error calls by its operation, as a node
        traced.run.check(self.made, traced)
        for _, node in self.nodes:
            if isinstance(node, Tensor) and node.op is None and node._changed > self.made:
                raise stale(node, traced)

    def recorded(self, seeds: Sequence[Any], graph: bool) -> list[Any]:
        """The same by calling the function again, in numbers or in nodes."""
        self._check()
        results, nodes, given = self.traced.again(self)
        if not self.cuts and np.ndim(plain(seeds[0])) > np.ndim(plain(results[0])):  # of Values
            seeds = seeds[0] if graph else seeds[0].tolist()
        start: dict[Any, Any] = {}
        for y, seed in zip(results, seeds, strict=True):  # one may be there twice
            if seed is not None:
                start[y] = start[y] + seed if y in start else seed
        gradients = hand_on(nodes, start, graph)  # no further back than this call goes
        zero = Value(0.0, requires_grad=False) if graph else 0.0
        return [
            stack([gradients.get(leaf, zero) for leaf in self.held.members(x)])
            if isinstance(x, Pack)
            else gradients.get(x, np.zeros(x.shape))
            for x in (*self.held.operands, *given)
        ]

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        raise no_copy()

    def __repr__(self) -> str:
        return "…"  # in pictures, which are to be the same from run to run


def result(op: Op, data: list[NDArray[Any]], call: Call, tree: Any, shape: tuple[int, ...]) -> Any:
    """What a call gives: a node; or a tree of Values or of Tensors, which are parts of nodes.

    Of many rows (`shape`), Tensors take the place of Values.
    """
    recorded = call.operands and not (state.watched and not is_recording())
    if isinstance(tree, Value) and not shape:  # the usual case
        number = data[0].item()
        return _value_node(op, number, call) if recorded else constant(number)
    if isinstance(tree, Tensor):
        return _node(op, data[0], call) if recorded else Tensor(data[0])
    scalars = isinstance(leaves(tree)[0], Value)
    if scalars and not shape:
        if not recorded:
            return rebuild(tree, map(constant, data[0].tolist()))
        whole = _node(op, data[0], call)
        return rebuild(tree, (_element(whole, k) for k in range(data[0].size)))
    if scalars:
        whole = _node(op, data[0], call) if recorded else Tensor(data[0])
        if isinstance(tree, Value):
            return whole.reshape(shape) if len(shape) > 1 else whole
        columns = whole.reshape(*shape, -1)
        return rebuild(tree, (columns[:, k] for k in range(columns.shape[1])))
    if not recorded:
        return rebuild(tree, map(Tensor, data))
    return rebuild(tree, _tensors(op, data, call))


def _value_node(op: Op, data: float, call: Call) -> Any:
    node = made(data, op, call.operands)
    node._c = {"call": call}
    return _told(node, op, call)


def _node(op: Op, data: NDArray[Any], call: Call) -> Any:
    data.setflags(write=False)
    return _told(tensor.made(data, op, call.operands, {"call": call}, True), op, call)


def _tensors(op: Op, data: list[NDArray[Any]], call: Call) -> Iterator[Tensor]:
    """Results that are Tensors: several are parts of one node, which holds the numbers of all."""
    if len(data) == 1:
        yield _node(op, data[0], call)
        return
    floats = [x for x in data if x.dtype.kind == "f"]
    ends = itertools.accumulate(x.size for x in floats)
    lying = iter([(slice(end - x.size, end), x.shape) for x, end in zip(floats, ends, strict=True)])
    call.cuts = [next(lying) if x.dtype.kind == "f" else None for x in data]
    if floats:
        whole = _node(op, np.concatenate([x.ravel() for x in floats]), call)
    for x, cut in zip(data, call.cuts, strict=True):
        if cut is None:
            yield Tensor(x)
        else:
            part = whole[cut[0]].reshape(cut[1])
            yield part if part.dtype == x.dtype else part.astype(x.dtype)


def _told(node: Any, op: Op, call: Call) -> Any:
    if state.watched:
        for observer in observers():
            observer.made(node, op, call.operands)
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
    op.direct, op.pull, op.array_pull, op.pull_leaves = False, _pull, _pull, _pull_leaves
    return op


def _value(*_: Any, call: Call) -> Any:
    numbers = [plain(y) for y in call.traced.again(call)[0]]
    return numbers[0] if len(numbers) == 1 else np.array(numbers)


def _share(i: int, g: Any, out: Any, _: Any, call: Call) -> Any:
    if isinstance(out, Symbol):
        return Symbol("what its program finds")
    return call.share(i, g, isinstance(out, Node))


def _pull(node: Any) -> None:
    call: Call = node.params["call"]
    operands = node.operands  # where copies may stand
    shares = call.shares(node.grad)
    call.held.reach(operands, shares)
    for operand, share in zip(operands, shares, strict=True):
        if operand._requires_grad:
            receive(operand, share)


def _pull_leaves(node: Any, seed: Any) -> bool:
    """Do what `backward` does, in less time, for a graph of one node: of a call, and leaves."""
    call: Call = node.params["call"]
    leaves, held = call.operands, call.held
    if node.operands is not leaves or call.nodes or state.watched:  # copies, or more than leaves
        return False
    if held.moved or not held.takes_all():
        return False
    shares, before = call.shares(seed), [leaf.grad for leaf in leaves]
    try:
        held.receive(shares)
    except BaseException:
        restore(leaves, before)
        raise
    node.grad = seed
    return True
