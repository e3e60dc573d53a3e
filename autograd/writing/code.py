"""A graph as Python code that computes value and gradients, and runs alone."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from autograd.array import tamed
from autograd.backward import starting
from autograd.graph import Graph
from autograd.graph.naming import labels
from autograd.labels import numbers
from autograd.node import Node
from autograd.op import TABLE, Op
from autograd.record import promoted
from autograd.stepping import reached
from autograd.symbol import Symbol, literal, render
from autograd.value import Value
from autograd.variables import of_caller
from autograd.writing.definitions import Definitions, Kind

FILE = """\
{head}


def value_and_gradients({leaves}):
{body}


if __name__ == "__main__":
    print(value_and_gradients())
"""
MODULES = {"math": "import math", "np": "import numpy as np"}


def source(output: Node, *, names: Mapping[str, object] | None = None) -> str:
    """The Python code of a graph: a function that computes value and gradients, and runs alone.

    The function is called ``value_and_gradients``; its arguments are the leaves, with their numbers
    as defaults, and it returns the value and a dictionary of the gradients by each leaf that
    requires one. It does what the graph did: a branch that was not taken is not there. Values need
    nothing but ``math``, Tensors NumPy.

    Parameters
    ----------
    output : Value or Tensor
        The result; of a Tensor that requires a gradient, one number.
    names : mapping of str to object, optional
        Where to find names for nodes that were given none: the variables of the caller, if not
        said otherwise.

    Raises
    ------
    TypeError
        If `output` is neither a Value nor a Tensor.
    ValueError
        If it has more than one element; or was computed by `checkpoint`, or by an operation of the
        user's own whose function cannot be found in a file, or reads variables from around it; or
        from a product of matrices with infinities that `where` left out.
    RuntimeError
        If a leaf was changed after it was used.

    Examples
    --------
    >>> import autograd
    >>> w, x = autograd.Value(2.0), autograd.Value(-0.5)
    >>> y = (w * x).tanh()
    >>> print(autograd.source(y).rstrip())
    # y, and its derivative by each leaf
    <BLANKLINE>
    import math
    <BLANKLINE>
    <BLANKLINE>
    def value_and_gradients(w=2.0, x=-0.5):
        n1 = w * x
        y = math.tanh(n1)
    <BLANKLINE>
        g_y = 1.0
        g_n1 = g_y * (1.0 - y * y)
        g_w = g_n1 * x
        g_x = g_n1 * w
        return y, {"w": g_w, "x": g_x}
    <BLANKLINE>
    <BLANKLINE>
    if __name__ == "__main__":
        print(value_and_gradients())
    """
    if not isinstance(output, Node):
        raise TypeError(f"source expects a Value or a Tensor, but was given {output!r:.60}")
    return _Writer(output, of_caller() if names is None else names).text()


class _Writer:
    """One graph, being written."""

    def __init__(self, output: Node, names: Mapping[str, object]) -> None:
        called = labels(Graph(output), names)
        self.output = output
        self.nodes: list[Any] = list(called)
        self.definitions = Definitions(_operations(self.nodes))
        self.names = {node: self._identifier(label) for node, label in called.items()}
        # What may meet an infinity or a NaN is written with care, as the engine does it.
        self.wild = not all(np.isfinite(node.data).all() for node in self.nodes)
        self.constants: dict[int, tuple[str, str]] = {}  # an array's identity -> name, and line

    def text(self) -> str:
        """The whole file."""
        leaves = [node for node in self.nodes if node.op is None]
        forward = [self._computed(node) for node in self.nodes if node.op]
        backward, received = self._backward() if self.output.requires_grad else ([], set())
        found = [self.names[leaf] for leaf in leaves if leaf in received]
        gradients = ", ".join(f'"{name}": g_{name}' for name in found)
        lines = [*forward, *([""] if forward and backward else []), *backward]
        lines.append(f"return {self.names[self.output]}, {{{gradients}}}")
        body = "\n".join(f"    {line}".rstrip() for line in lines)
        arguments = ", ".join(f"{self.names[x]}={self._number(x.data, x)}" for x in leaves)
        definitions = [*(line for _, line in self.constants.values()), *self.definitions.texts]
        code = "\n".join([arguments, body, *definitions])
        imports = [line for name, line in MODULES.items() if re.search(rf"\b{name}\.", code)]
        title = f"# {self.names[self.output]}, and its derivative by each leaf"
        head = "\n".join([title, *([""] if imports else []), *imports])
        head = "\n\n\n".join([head, *definitions])
        return FILE.format(head=head, leaves=arguments, body=body)

    def _identifier(self, label: str) -> str:
        """A name for a variable, and for its gradient with ``g_`` before it."""
        name = re.sub(r"\W+", "_", label).strip("_") or "x"
        name = f"x{name}" if name[0].isdigit() else name
        name = f"{name}_" if keyword.iskeyword(name) or not name.isidentifier() else name
        while self.definitions.has(f"g_{name}") or self.definitions.has(name):
            name += "_"
        self.definitions.unused(f"g_{name}")
        return self.definitions.unused(name)

    # --- forward

    def _computed(self, node: Any) -> str:
        """The line that computes a node."""
        expression = Symbol("", node.op, self._operands(node), node.params)
        return f"{self.names[node]} = {self._code(expression, node)}"

    def _operands(self, node: Any) -> tuple[Any, ...]:
        """The operands as symbols, arrays in the types that they are combined in."""
        symbols = self._symbols(node)
        if isinstance(node, Value):
            return symbols
        given = numbers(node)
        return tuple(
            symbol if fit is data else Symbol(f"{symbol.label}.astype({fit.dtype.name!r})")
            for symbol, data, fit in zip(symbols, given, promoted(list(given)), strict=True)
        )

    def _symbols(self, node: Any) -> tuple[Any, ...]:
        return tuple(self._symbol(operand, node) for operand in node.operands)

    def _symbol(self, operand: Any, node: Any) -> Any:
        if isinstance(operand, Node):
            return Symbol(self.names[operand])
        if operand.__class__ is float and np.isfinite(operand):
            return operand
        if isinstance(operand, np.ndarray) and operand.ndim:
            if id(operand) not in self.constants:
                name = self.definitions.unused(f"c{len(self.constants) + 1}")
                self.constants[id(operand)] = name, f"{name} = {literal(operand)}"
            return Symbol(self.constants[id(operand)][0])
        text = self._number(operand, node)
        return Symbol(text, binds=3 if text.startswith("-") else 9)

    def _number(self, data: Any, node: Any) -> str:
        text = literal(data)
        return text.replace("np.", "math.") if isinstance(node, Value) else text

    def _code(self, expression: Any, node: Any) -> str:
        """An expression as code on what `node` is, floats or an array."""
        kind: Kind = "scalar" if isinstance(node, Value) else "array"
        if not isinstance(expression, Symbol):
            return repr(expression)
        text = render(expression, "code" if kind == "scalar" else "array code")
        return self.definitions.resolved(text, kind)

    # --- backward

    def _backward(self) -> tuple[list[str], set[Any]]:
        """The lines that compute the gradients, and the nodes that have one."""
        seed = starting(self.output, None)
        order, leaves = reached(self.output)
        received = {*order, *(leaf for leaf in leaves if leaf.requires_grad)}
        zeros: list[Any] = []  # gradients that are not simply assigned where they first occur
        known: set[Any] = {self.output}
        lines: list[str] = []
        careful: set[Node] = set()
        for node in reversed(order):
            if node.op.selects or node in careful:
                careful.update(node.parents)
            is_value = isinstance(node, Value)
            guarded = node.op.unbounded or node in careful or (self.wild and is_value)
            shares = list(self._shares(node, guarded))
            asked = guarded and is_value and bool(shares)
            if asked:
                lines.append(f"if g_{self.names[node]} != 0.0:")
            given = set() if asked else {operand for operand, _ in shares}
            for operand in dict.fromkeys(node.parents):
                if operand in received and operand not in known and operand not in given:
                    zeros.append(operand)
                    known.add(operand)
            for operand, share in shares:
                lines.append("    " * asked + self._added(operand, share, operand in known))
                known.add(operand)
        is_one = isinstance(seed, float) or (seed.dtype == float and not seed.ndim)
        one = "1.0" if is_one else literal(seed)
        return [f"g_{self.names[self.output]} = {one}", *map(self._zero, zeros), *lines], received

    def _added(self, operand: Any, share: str, again: bool) -> str:
        """The line that hands on a contribution; an array may be another's, and is made anew."""
        name = f"g_{self.names[operand]}"
        if not again:
            return f"{name} = {share}"
        return f"{name} += {share}" if isinstance(operand, Value) else f"{name} = {name} + {share}"

    def _zero(self, node: Any) -> str:
        zero = "0.0" if isinstance(node, Value) else f"np.zeros_like({self.names[node]})"
        return f"g_{self.names[node]} = {zero}"

    def _shares(self, node: Any, guarded: bool) -> Iterator[tuple[Any, str]]:
        """What a node adds to the gradient of each operand, as code."""
        op, data, operands = node.op, numbers(node), self._symbols(node)
        if guarded and op.multilinear and not all(np.isfinite(x).all() for x in data):
            raise ValueError(
                f"source cannot write out {op.name} of infinities or NaNs behind a choice, where "
                "zeros may meet them"
            )
        g = Symbol(f"g_{self.names[node]}")
        for i, operand in enumerate(node.operands):
            if not (isinstance(operand, Node) and operand.requires_grad and op.flows_to(i)):
                continue
            try:
                share = op.vjp(i, g, Symbol(self.names[node]), *operands, **node.params)
                text = self._code(share, node)
            except (TypeError, AttributeError) as error:
                raise ValueError(
                    f"source cannot write out the rule of {op.name}, which decides by numbers: "
                    f"{error}"
                ) from None
            if not isinstance(share, Symbol):
                continue  # a zero
            if not isinstance(node, Value):
                text = self._fitted(text, node, i, operand, data, guarded)
            yield operand, text

    def _fitted(self, text: str, node: Any, i: int, operand: Any, data: Any, guarded: bool) -> str:
        """A contribution in the shape and type of its operand; see `autograd.backward.receive`."""
        with np.errstate(all="ignore"):
            found = node.op.vjp(i, np.ones_like(node.data), node.data, *data, **node.params)
        if guarded and node.op.partials:
            name = self.definitions.function(tamed, "tamed", "array")
            text = f"{name}(g_{self.names[node]}, {text})"
        given, wanted = np.shape(found), operand.shape
        if given != wanted:
            extra = len(given) - len(wanted)
            ones = [i + extra for i, n in enumerate(wanted) if n == 1 and given[i + extra] != 1]
            text = text if text.isidentifier() else f"({text})"
            text += f".sum(axis={(*range(extra), *ones)})"
            text += f".reshape({wanted})" if ones else ""
        if isinstance(operand, Value):
            return f"float({text})"
        if np.asarray(found).dtype != operand.dtype:
            text = f"({text}).astype({operand.dtype.name!r})"
        return text


def _operations(nodes: list[Any]) -> dict[str, Op]:
    """The operations by name, the users' own among them."""
    operations = dict(TABLE)
    for node in nodes:
        op = node.op
        if op is None or TABLE.get(op.name) is op:
            continue
        if op.variadic:
            raise ValueError(f"source cannot write out {op.name}, which calls a function again")
        if operations.setdefault(op.name, op) is not op:
            raise ValueError(f"source cannot write out two operations that are named {op.name}")
    return operations
