"""A trace of Tensor code as a program: the same operations, without the nodes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from weakref import ReferenceType, ref

import numpy as np
from numpy.typing import NDArray

from autograd.array import FUNCTIONS
from autograd.backward import fit, guarded_vjp
from autograd.lines import run_source
from autograd.node import Node
from autograd.op import TABLE, Op
from autograd.program.calls import Call, call_of, can_write, operations
from autograd.record import computed
from autograd.symbol import Symbol, literal
from autograd.tensor import Tensor
from autograd.tracing import Varying, refusal
from autograd.value import Value

SOURCE = """\
def forward():
    {forward}

def backward({seeds}):
    {backward}
"""


class Share(NamedTuple):
    """A contribution to a gradient: how it is made, and whether its shape and type fit."""

    made: Call | str
    fits: bool


class ArrayProgram:
    """The array operations of a trace, one after another, and the way back.

    Parameters
    ----------
    outputs : sequence of Tensor
    since : int
        What the engine's clock showed when the trace began.
    given : sequence of Tensor
        What stands for arguments.
    also : sequence of Tensor
        More results, from which no gradient comes.

    Attributes
    ----------
    order : list of Tensor
        What is computed, operands first.
    leaves : list of Tensor
        What it is computed from: parameters, and what stands for arguments.
    scalars : list of Value
        The Values that it is computed from; who has seen to them may clear it.
    made : list of weak references
        Leaves that require a gradient and were made in the trace: parameters, if they are kept.
    reached : list of bool
        Which of the leaves a gradient reaches.
    behind : set of Tensor
        Which of them `outputs` are computed from.
    """

    def __init__(
        self,
        outputs: Sequence[Tensor],
        since: int,
        given: Sequence[Tensor],
        also: Sequence[Tensor] = (),
    ) -> None:
        self._since, self._given = since, set(given)
        self.leaves: list[Tensor] = []
        self.scalars: list[Value] = []
        self.made: list[ReferenceType[Tensor]] = []
        self.order = self._in_order(outputs)
        self.behind = set(self.leaves)
        if also:
            self.scalars.clear()
            self.order = self._in_order([*outputs, *also])
        self._text: dict[Any, str] = {}
        self._buffers: set[int] = set()  # by their identities
        self._names: dict[str, Any] = dict(CALLED)
        for leaf in [*self.leaves, *self.scalars]:
            self._name(leaf)
        self._forward = [self._compute(node) for node in self.order]
        self._outputs = [self._name(output) for output in (*outputs, *also)]
        self._backward, self._seeds = self._lines_back(outputs)
        self.reached = [leaf in self._found and self._wanted(leaf) for leaf in self.leaves]
        self.source = SOURCE.format(
            forward="\n    ".join([self._globals(), *self._forward]),
            seeds=", ".join(self._seeds),
            backward="\n    ".join([*self._backward, self._results()]),
        )
        run_source(self.source, "<array program>", self._names)
        # They refer to the names, so these must not refer to them.
        self._there, self._back = self._names.pop("forward"), self._names.pop("backward")
        self._given_names = [self._text[leaf] for leaf in self.leaves]
        self._scalar_names = [self._text[value] for value in self.scalars]
        del self.order, self._text, self._found, self._kept  # the trace is not needed any more

    def forward(self, arrays: Sequence[Any], scalars: Sequence[float]) -> list[NDArray[Any]]:
        """All results, from the arrays of the leaves and the numbers of the Values."""
        names = self._names
        names.update(zip(self._given_names, arrays, strict=True))
        names.update(zip(self._scalar_names, map(np.asarray, scalars), strict=True))
        self._there()
        return [np.array(names[output]) for output in self._outputs]

    def backward(self, *seeds: Any) -> list[Any]:
        """The gradients of the leaves and of the Values, or None where nothing flows."""
        with np.errstate(all="ignore"):
            found: list[Any] = self._back(*seeds)
        taken = self._buffers | {id(seed) for seed in seeds}
        for i, g in enumerate(found):
            if g is not None:  # memory that no one else has, and no later pass writes to
                if id(g) in taken or g.base is not None:
                    found[i] = g.copy()
                taken.add(id(g))
        return found

    # What is computed, and from what.

    def _in_order(self, outputs: Sequence[Tensor]) -> list[Tensor]:
        order: list[Tensor] = []
        met: set[Node] = set()
        stack: list[tuple[Any, bool]] = [(output, False) for output in reversed(outputs)]
        while stack:
            node, finished = stack.pop()
            if finished:
                order.append(node)
            elif node not in met:
                met.add(node)
                if isinstance(node, Value):
                    self.scalars.append(node)
                elif node.op is None or node._made.time < self._since:
                    self._leaf(node)
                else:
                    stack.append((node, True))
                    stack += [(parent, False) for parent in reversed(node.parents)]
                    stack += [(source, False) for source in _sources(node.params)]
        return order

    def _leaf(self, node: Tensor) -> None:
        known = node in self._given or node._made.time < self._since
        if known and not any(node is leaf for leaf in self.leaves):
            self.leaves.append(node)
        if not known and node._requires_grad:
            self.made.append(ref(node))

    def _name(self, x: Any) -> str:
        """What stands for a node or a constant in the source."""
        if x.__class__ in (float, int, bool):
            return literal(x)
        key = x if isinstance(x, Node) else id(x)
        if key not in self._text:
            self._text[key] = name = f"t{len(self._text) + 1}"
            if not isinstance(x, Node):
                self._names[name] = x
            elif isinstance(x, Tensor) and x.op is None:
                self._names[name] = x._data  # of a constant
        return self._text[key]

    def _globals(self) -> str:
        names = [self._name(node) for node in self.order]
        names += [f"back_{self._name(node)}" for node in self.order if _remembers(node)]
        return f"global {', '.join(names)}" if names else "pass"

    def _settings(self, node: Tensor) -> str:
        """The settings of an operation, as arguments by name."""
        return "".join(f", {name}={self._setting(x)}" for name, x in node.params.items())

    def _setting(self, x: Any) -> str:
        if isinstance(x, Varying):
            if x.source is None:
                raise refusal("an index in another shape")
            return self._name(x.source)
        if isinstance(x, tuple):
            return f"({''.join(f'{self._setting(part)}, ' for part in x)})"
        return self._name(x) if isinstance(x, np.ndarray) else literal(x)

    def _compute(self, node: Tensor) -> str:
        """The line that computes a node."""
        op: Any = node.op
        name, operands = self._name(node), [self._name(x) for x in node.operands]
        arrays = [x for x in map(_array, node.operands) if x is not None]
        if _remembers(node):
            do = self._function("both", op, op.pullback)
            return f"{name}, back_{name} = {do}({', '.join(operands)}{self._settings(node)})"
        if any(x.dtype != arrays[0].dtype for x in arrays) or _is_small(node, arrays):
            settings = ", ".join(f"{k!r}: {self._setting(x)}" for k, x in node.params.items())
            rule = self._function("op", op, op)
            return f"{name} = computed({rule}, [{', '.join(operands)}], {{{settings}}})"
        if can_write(op) and node._data.ndim and not node.params:
            call = call_of(Symbol("", op, tuple(map(Symbol, operands))))
            assert isinstance(call, Call)
            return f"{name} = {call.into(self._buffer(node))}"
        do = self._function("do", op, op.array)
        return f"{name} = {do}({', '.join(operands)}{self._settings(node)})"

    def _function(self, kind: str, op: Op, function: Any) -> str:
        """What stands for a function of an operation; operations may share a name, not this."""
        name = f"{kind}_{op.name if op.name.isidentifier() else 'own'}"
        while self._names.setdefault(name, function) is not function:
            name += "_"
        return name

    def _buffer(self, node: Tensor, letter: str = "b") -> str:
        name = f"{letter}{self._name(node)[1:]}"
        self._names[name] = buffer = np.empty_like(node._data)
        self._buffers.add(id(buffer))
        return name

    # The way back.

    def _lines_back(self, outputs: Sequence[Tensor]) -> tuple[list[str], list[str]]:
        lines: list[str] = []
        self._found: set[Any] = set()
        self._kept = set(outputs)
        seeds = [f"s{i}" for i in range(len(outputs))]
        for seed, output in zip(seeds, outputs, strict=True):
            lines += self._add(output, Share(seed, fits=True))
        careful: set[Node] = set()
        for node in reversed(self.order):
            if node not in self._found or node._data.dtype.kind != "f":
                continue
            guarded = node in careful or node.op.selects  # type: ignore[union-attr]
            if guarded:
                careful.update(node.parents)
            if node.op.variadic:  # type: ignore[union-attr]
                operands = ", ".join(map(self._name, node.operands))
                lines.append(f"x{self._name(node)[1:]} = ({operands},)")
            for i, operand in enumerate(node.operands):
                if self._wanted(operand) and node.op.flows_to(i):  # type: ignore[union-attr]
                    lines += self._add(operand, self._share(node, i, guarded))
        return lines, seeds

    def _wanted(self, x: Any) -> bool:
        if isinstance(x, Tensor):
            return x._requires_grad and x._data.dtype.kind == "f"
        return isinstance(x, Value)

    def _add(self, operand: Any, share: Share) -> list[str]:
        """The line that adds a contribution to the gradient of an operand."""
        like = self._name(operand)
        name = f"g{like[1:]}"
        text = str(share.made)
        if operand in self._found:
            return [f"{name} = {name} + {self._fitted(text, like, share)}"]
        self._found.add(operand)
        inside = (
            isinstance(operand, Tensor) and operand.op is not None and operand not in self._kept
        )
        if share.fits and inside and isinstance(share.made, Call) and operand._data.ndim:
            return [f"{name} = {share.made.into(self._buffer(operand, 'h'))}"]
        return [f"{name} = {self._fitted(text, like, share)}"]

    def _fitted(self, text: str, like: str, share: Share) -> str:
        return text if share.fits else f"fitted({text}, {like})"

    def _share(self, node: Tensor, i: int, guarded: bool) -> Share:
        """What the gradient of a node contributes to that of an operand."""
        op: Any = node.op
        out, g = self._name(node), f"g{self._name(node)[1:]}"
        if _remembers(node):
            return Share(f"back_{out}({g}, {i})", fits=True)
        if not guarded and not op.variadic:
            made = self._printed(node, i, g)
            if made is not None:
                fits = self._fits(node, i)
                tamed = f"tamed({g}, {made})"
                return Share(tamed if op.unbounded else made, fits)
        settings, rule = self._settings(node), self._function("op", op, op)
        if op.variadic:
            given = f"{i}, {g}, {out}, x{out[1:]}"
            return Share(f"{rule}.vjps[0]({given}{settings})", fits=False)
        way = "guarded_vjp" if guarded or op.unbounded else "vjp"
        given = ", ".join([rule, str(i), g, out, *map(self._name, node.operands)])
        return Share(f"{way}({given}{settings})", fits=False)

    def _fits(self, node: Tensor, i: int) -> bool:
        """Whether a contribution has the shape and type of the operand for certain."""
        operand: Any = node.operands[i]
        if not isinstance(operand, Tensor) or operand._data.dtype != node._data.dtype:
            return False
        given = [x._data if isinstance(x, Node) else x for x in node.operands]
        with np.errstate(all="ignore"):
            share = node.op.vjp(i, np.ones_like(node._data), node._data, *given, **node.params)  # type: ignore[union-attr]
        like = operand._data
        return np.shape(share) == like.shape and bool(like.ndim) and share.dtype == like.dtype

    def _printed(self, node: Tensor, i: int, g: str) -> Call | str | None:
        """The rule as an expression, if it can be printed."""
        symbols = [
            Symbol(self._name(x)) if isinstance(x, (Node, np.ndarray)) else x for x in node.operands
        ]
        settings = {name: Symbol(self._setting(x)) for name, x in node.params.items()}
        try:
            share = node.op.vjp(i, Symbol(g), Symbol(self._name(node)), *symbols, **settings)  # type: ignore[union-attr]
            if any(TABLE.get(op.name) is not op for op in operations(share)):
                return None  # a rule that uses an operation of the user's own
            return call_of(share) if isinstance(share, Symbol) else f"{g} * {share}"
        except (TypeError, AttributeError, ValueError):  # a rule that looks into its settings
            return None

    def _results(self) -> str:
        found = [
            f"g{self._name(x)[1:]}" if x in self._found and self._wanted(x) else "None"
            for x in [*self.leaves, *self.scalars]
        ]
        return f"return [{', '.join(found)}]"


def _sources(setting: Any) -> Iterator[Tensor]:
    """What stands for the whole numbers in the settings of an operation."""
    if isinstance(setting, Varying) and setting.source is not None:
        yield setting.source
    elif isinstance(setting, (dict, tuple)):
        for part in setting.values() if isinstance(setting, dict) else setting:
            yield from _sources(part)


def _array(x: Any) -> NDArray[Any] | None:
    if isinstance(x, Tensor):
        return x._data
    if isinstance(x, Value):
        return np.empty(())
    return x if isinstance(x, np.ndarray) else None


def _remembers(node: Any) -> bool:
    """Whether its forward function keeps what the way back needs."""
    alike = (getattr(x, "dtype", None) == node.dtype for x in node.operands)
    return node.op.pullback is not None and all(alike)


def _is_small(node: Tensor, arrays: list[Any]) -> bool:
    """Whether floats come of whole numbers, which are then widened."""
    return node._data.dtype.kind == "f" and all(x.dtype.kind != "f" for x in arrays)


def fitted(share: Any, like: Any) -> NDArray[Any]:
    """A contribution in the shape and type of what it is to be added to."""
    share = np.asarray(share)
    if share.shape != like.shape:
        rows = share.shape[1:] == like.shape  # as of a bias
        share = np.add.reduce(share) if rows else fit(share, like)
    fit_share: NDArray[Any] = share.astype(like.dtype, copy=False)
    return fit_share


# What the source calls, beside what a program names itself.
CALLED: dict[str, Any] = FUNCTIONS | {
    "np": np,
    "computed": computed,
    "fitted": fitted,
    "guarded_vjp": guarded_vjp,
    "unless": lambda mask, g, out=None: FUNCTIONS["where"](mask, 0.0, g),
    "where_only": lambda mask, g, out=None: FUNCTIONS["where"](mask, g, 0.0),
    "vjp": Op.vjp,
}
