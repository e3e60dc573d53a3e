"""`Graph`: what one or several results were computed from."""

from __future__ import annotations

import copy
import weakref
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np

from autograd.graph import storing
from autograd.graph.checking import is_node, names_parameters, several, verify
from autograd.graph.folding import Group, fold
from autograd.graph.listing import listing, summary
from autograd.graph.modules import called, named_parameters
from autograd.graph.structure import Structure
from autograd.graph.views import Views
from autograd.node import UFUNCS, Node
from autograd.op import Op


class Graph(Structure, Views):
    """What one or several results were computed from, as an object.

    It is frozen: it keeps its nodes, and what it says about them (order, edges, names, scopes)
    stays as it was when it was made. The numbers live in the nodes, and `data` and `grad` are read
    from there whenever they are asked for: after another `backward` the same graph shows the new
    gradients.

    Two graphs are equal if they have the same structure: operations, edges, shapes, dtypes and
    parameters of the operations, whatever their numbers and names.

    Parameters
    ----------
    output : Node, or list, tuple or dict of them
        The results.
    inputs : iterable of Node, optional
        Which leaves are inputs; see the attribute.
    parameters : iterable of Node, optional
        Which leaves are parameters; see the attribute.
    names : mapping of Node to str, optional
        What to call nodes that have no name of their own.
    modules : iterable of object, optional
        Modules, whose ``named_parameters()`` say what parameters are called, besides those whose
        calls are in the graph.

    Attributes
    ----------
    output : Node, or list, tuple or dict of them
        The results, as they were given.
    outputs : tuple of Node
        The same in a row.
    nodes : tuple of Node
        All nodes, operands before what is made of them; the same order from run to run.
    links : tuple of tuple of int
        For each node, where its operands stand in `nodes`; -1 for one that is none of them.
    leaves : tuple of Node
        The nodes that no operation made.
    parameters : tuple of Node
        The leaves to be learned. If modules are known, from scopes or by `modules`, what they call
        their parameters; otherwise the leaves that require a gradient. If `inputs` are given, all
        others that require a gradient. In the order of the modules, then of the graph.
    inputs : tuple of Node
        The leaves that were given to the function that was traced, in its order; otherwise those
        that are not parameters.
    names : mapping of Node to str
        What nodes are called: their own name, or else their path in a module, ``layers.0.w[1]``, or
        the argument that they were.
    scopes : Call
        The root of the tree of calls: the graph itself, with the calls of modules in it.

    Raises
    ------
    TypeError
        If `output` holds anything but nodes; or another argument is not what it must be.
    ValueError
        If it holds none.

    Examples
    --------
    >>> from autograd import Graph, Value
    >>> a = Value(3.0, name="a")
    >>> graph = Graph((a + a) * 2.0)
    >>> graph
    Graph(3 nodes: 1 leaf, 1 add, 1 mul; depth 2)
    >>> [(graph.names.get(edge.parent), edge.positions) for edge in graph.edges]
    [('a', (0, 1)), (None, (0,))]
    >>> graph == Graph((Value(1.0) + 2.0) * 2.0)
    False
    """

    parameters: tuple[Node, ...]
    inputs: tuple[Node, ...]
    names: Mapping[Node, str]
    _first: Mapping[Node, str]  # the names that go before paths: their own, and those given
    _owners: tuple[Callable[[], Any], ...]  # the modules, held weakly

    def __init__(
        self,
        output: Any,
        *,
        inputs: Iterable[Node] | None = None,
        parameters: Iterable[Node] | None = None,
        names: Mapping[Node, str] | None = None,
        modules: Iterable[Any] = (),
    ) -> None:
        super().__init__(output)
        nodes, kind = "Values and Tensors", is_node
        inputs = None if inputs is None else several("inputs", inputs, nodes, kind)
        parameters = None if parameters is None else several("parameters", parameters, nodes, kind)
        modules = several("modules", modules, "modules", names_parameters)
        names = {} if names is None else names
        if not isinstance(names, Mapping) or not all(map(is_node, names)):
            raise TypeError(f"names of a Graph go by node, but were {names!r:.60}")
        given = {node: node.name or names.get(node) for node in self.nodes}
        first = {node: name for node, name in given.items() if name}
        owners = [*modules, *filter(names_parameters, called(self.scopes))]
        paths = named_parameters(owners, {}, first)
        self._name_leaves(first, paths, inputs, parameters, map(weakref.ref, owners))

    def _name_leaves(
        self,
        first: Mapping[Node, str],
        paths: Mapping[Node, str],
        inputs: Iterable[Node] | None,
        parameters: Iterable[Node] | None,
        owners: Iterable[Callable[[], Any]],
    ) -> None:
        """Say what nodes are called, by `first` or else by `paths`, and what part leaves play."""
        names_of = {node: first.get(node) or paths.get(node) for node in self.nodes}
        leaves = dict.fromkeys(self.leaves)
        if parameters is None:
            given = set(inputs or ())
            everything = inputs is not None or not paths
            wanting = (leaf for leaf in leaves if leaf.requires_grad and everything)
            parameters = [leaf for leaf in (*paths, *wanting) if leaf not in given]
        learned = dict.fromkeys(leaf for leaf in parameters if leaf in leaves)
        if inputs is None:
            inputs = [leaf for leaf in leaves if leaf not in learned]
        vars(self).update(
            names=MappingProxyType({node: name for node, name in names_of.items() if name}),
            _first=first,
            parameters=tuple(learned),
            inputs=tuple(dict.fromkeys(leaf for leaf in inputs if leaf in leaves)),
            _owners=tuple(owners),
        )

    @cached_property
    def folded(self) -> Group:
        """The graph with equal parts folded: what a collapsed picture and the listing show."""
        return fold(self)

    @property
    def modules(self) -> tuple[Any, ...]:
        """The modules that name its parameters: those given, and those called, that still live."""
        return tuple(module for owner in self._owners if (module := owner()) is not None)

    def find(self, what: str | Op | Callable[..., Any]) -> tuple[Node, ...]:
        """The nodes of a name, of an operation, or for which a function says yes.

        Parameters
        ----------
        what : str, operation or callable
            A name of nodes (``"w[0]"``) or of an operation (``"tanh"``), an operation
            (``autograd.tanh`` or ``np.tanh``), or a function of a node that says whether it is
            wanted.

        Examples
        --------
        >>> import autograd
        >>> x = autograd.Value(2.0, name="x")
        >>> graph = autograd.Graph((x * x + 1.0).tanh())
        >>> graph.find("x"), graph.find(autograd.tanh) == graph.outputs
        ((Value(2.0, name='x'),), True)
        >>> graph.find(lambda node: node.data > 3.0)
        (Value(4.0, op=mul), Value(5.0, op=add))
        """
        if getattr(what, "__module__", "").startswith("autograd.functions"):
            # As autograd.add, which is more than the operation of that name.
            what = str(getattr(what, "__name__", what))
        op = what if isinstance(what, Op) else getattr(what, "op", None)
        op = UFUNCS.get(what) if isinstance(what, np.ufunc) else op
        if isinstance(what, str):
            return tuple(
                node
                for node in self.nodes
                if self.names.get(node) == what or (node.op is not None and node.op.name == what)
            )
        if isinstance(op, Op) and not isinstance(what, Node):
            return tuple(node for node in self.nodes if node.op is op)
        if not callable(what) or isinstance(what, type):
            raise TypeError(
                "find takes a name, an operation such as autograd.tanh, or a function of a node, "
                f"but was given {what!r}"
            )
        return tuple(node for node in self.nodes if what(node))

    def between(self, a: Node, b: Node) -> Graph:
        """The part of the graph on the ways from `a` to `b`, both with it.

        Raises
        ------
        KeyError
            If one of them is not in the graph.
        ValueError
            If `b` was not computed from `a`.

        Examples
        --------
        >>> from autograd import Graph, Value
        >>> x, w = Value(2.0), Value(3.0)
        >>> y = x * w
        >>> Graph(y.tanh() + x).between(w, y)
        Graph(2 nodes: 1 leaf, 1 mul; depth 1)
        """
        start, end = self.index(a), self.index(b)
        reached, wanted = {start}, {end}
        for i in range(start + 1, end + 1):
            if not reached.isdisjoint(self.links[i]):
                reached.add(i)
        if end not in reached:
            raise ValueError(f"{b!r} was not computed from {a!r}: there is nothing between them")
        for i in range(end, start, -1):
            if i in wanted:
                wanted.update(reached.intersection(self.links[i]))
        part: Graph = object.__new__(Graph)
        Structure.__init__(part, b, tuple(self.nodes[i] for i in sorted(wanted)))
        part._name_leaves(self._first, self.names, self.inputs, self.parameters, self._owners)
        return part

    def verify(self) -> None:
        """Check everything that must be so in a graph.

        That operands come before what is made of them, and are as many and of such a kind as the
        operation takes; that each node's data is what its operands give when the operation is
        applied again, in shape, dtype and every bit; that gradients have the shape and dtype of
        their data.

        Raises
        ------
        ValueError
            With the first of these that does not hold, and where.

        Examples
        --------
        >>> from autograd import Graph, Value
        >>> x = Value(2.0, name="x")
        >>> graph = Graph(x * x)
        >>> graph.verify()
        >>> x.data = 3.0
        >>> graph.verify()
        Traceback (most recent call last):
        ValueError: node 1, mul(x=3.0, x=3.0), holds 4.0, but its operands now give 9.0; was a leaf
        changed after it was used?
        """
        verify(self)

    def to_json(self) -> str:
        """The graph as text: structure, names, scopes, and the numbers of leaves and constants.

        Gradients are not in it, nor what was computed, which `from_json` computes again. In a part
        of a graph (`between`) operands from outside are written as constants, and nodes with no
        operand inside as leaves.

        Raises
        ------
        TypeError
            If an operation was told something that has no form in JSON.
        """
        return storing.to_json(self)

    @classmethod
    def from_json(cls, text: str, operations: Iterable[Callable[..., Any]] = ()) -> Graph:
        """The graph that `to_json` wrote, of new nodes.

        Parameters
        ----------
        text : str
            What `to_json` wrote.
        operations : iterable of callable
            The operations made by `autograd.custom` that are in it.

        Raises
        ------
        ValueError
            If the text is no graph, or an operation in it is not known.

        Examples
        --------
        >>> from autograd import Graph, Value
        >>> graph = Graph(Value(2.0, name="x") ** 3.0)
        >>> again = Graph.from_json(graph.to_json())
        >>> again == graph, again.output.data, again.find("x")
        (True, 8.0, (Value(2.0, name='x'),))
        """
        return cls(**storing.from_json(text, operations))

    def __copy__(self) -> Graph:
        return self  # as of all that is frozen

    def __deepcopy__(self, memo: dict[int, Any]) -> Graph:
        output = copy.deepcopy(self.output, memo)

        def twins(nodes: Iterable[Node]) -> tuple[Node, ...]:
            return tuple(copy.deepcopy(node, memo) for node in nodes)

        def named(names: Mapping[Node, str]) -> dict[Node, str]:
            return dict(zip(twins(names), names.values(), strict=True))

        whole: Graph = object.__new__(Graph)
        Structure.__init__(whole, output, twins(self.nodes))
        roles = twins(self.inputs), twins(self.parameters)
        whole._name_leaves(named(self._first), named(self.names), *roles, self._owners)
        return whole

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError(
            "a Graph cannot be pickled, as what was computed cannot: to_json() keeps its structure "
            "and the numbers of its leaves"
        )

    def __repr__(self) -> str:
        return f"Graph({summary(self.nodes)}; depth {self.depth})"

    def __str__(self) -> str:
        return listing(self)
