"""The scopes of a graph as a tree: one branch for each call of a module."""

from __future__ import annotations

import weakref
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from autograd.modes import scope
from autograd.node import Node


class Call:
    """One call of a module, or one `autograd.scope`, with the nodes that were computed in it.

    A leaf stands in the innermost call that all its uses are in: a weight with its neuron, unless
    several calls share it.

    Attributes
    ----------
    name : str
        What it is called among its siblings: `path`, and ``#2`` if there are several of that path.
    path : str
        Where the module is found in the module whose call it stands in, such as ``layers.0``; the
        name of its scope if it is not found in one. Empty for the root, which is the graph itself.
    scope : scope or None
        The scope that the engine noted; None for the root.
    nodes : tuple of Node
        Those that stand in no call further inside, in the graph's order.
    children : tuple of Call
        The calls made inside it, in the order in which they were finished.
    size : int
        The number of nodes in it and in all calls below it.
    """

    def __init__(self, path: str, name: str, scope: scope | None) -> None:
        self.path = path
        self.name = name
        self.scope = scope
        self.nodes: tuple[Node, ...] = ()
        self.children: tuple[Call, ...] = ()
        self.size = 0
        # Weak, so that a graph dies the moment it is dropped: no reference cycles.
        self._parent: Callable[[], Call | None] = lambda: None

    @property
    def parent(self) -> Call | None:
        """The call that it was made in; None for the root."""
        return self._parent()

    @property
    def module(self) -> Any:
        """The module whose call it is; None if it is none's, or that module is gone."""
        return self.scope and self.scope.module

    @property
    def ancestors(self) -> tuple[Call, ...]:
        """The calls that it was made in, outermost first, without the root."""
        found: list[Call] = []
        call = self.parent
        while call is not None and call.scope is not None:
            found.append(call)
            call = call.parent
        return tuple(reversed(found))

    @property
    def title(self) -> str:
        """Where it stands: ``MLP › layers.0 › neurons.3``."""
        return " › ".join(call.name for call in (*self.ancestors, self))

    def walk(self) -> Iterator[Call]:
        """The call and all below it, each before those inside it."""
        stack = [self]
        while stack:
            call = stack.pop()
            yield call
            stack += reversed(call.children)

    def __repr__(self) -> str:
        return f"Call({self.title!r}, {self.size} nodes)"


class _Draft:
    """A call while its nodes are collected."""

    def __init__(self, scope: scope | None, parent: _Draft | None) -> None:
        self.scope = scope
        self.parent = parent
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.nodes: list[int] = []
        self.children: list[_Draft] = []
        self.last = self.size = 0


def tree_of_calls(
    nodes: Sequence[Node], links: Sequence[Sequence[int]]
) -> tuple[Call, tuple[Call, ...]]:
    """The root of the tree, and the call that each node stands in.

    Parameters
    ----------
    nodes : sequence of Node
        The nodes of a graph, operands first.
    links : sequence of sequence of int
        Where each node's operands stand among them, -1 for what is none.
    """
    drafts = _placed(nodes, links)
    unique = list(dict.fromkeys(drafts))
    for i, draft in enumerate(drafts):
        draft.nodes.append(i)
    every = _with_parents(unique)
    for draft in sorted(every, key=lambda draft: -draft.depth):  # from the inside out
        inner = draft.children
        draft.last = max([*draft.nodes[-1:], *(child.last for child in inner)], default=0)
        draft.size = len(draft.nodes) + sum(child.size for child in inner)
        inner.sort(key=lambda child: child.last)
        if draft.parent is not None:
            draft.parent.children.append(draft)
    root = next(draft for draft in every if draft.parent is None)
    calls = _named(root, nodes)
    return calls[root], tuple(calls[draft] for draft in drafts)


def _placed(nodes: Sequence[Node], links: Sequence[Sequence[int]]) -> list[_Draft]:
    """Find the call of each node: its own, or what all uses of a leaf have in common."""
    known: dict[scope | None, _Draft] = {None: _Draft(None, None)}
    found: list[Any] = [None] * len(nodes)
    for i, node in enumerate(nodes):
        if node.op is not None:
            found[i] = here = _draft(node.scope, known)
            for j in links[i]:
                if j >= 0 and nodes[j].op is None:
                    found[j] = here if found[j] is None else _common(found[j], here)
    return [draft or known[None] for draft in found]


def _draft(scope: scope | None, known: dict[scope | None, _Draft]) -> _Draft:
    """The draft of a scope, made with those it stands in when it is first met."""
    missing = []
    while scope not in known:
        assert scope is not None
        missing.append(scope)
        scope = scope.parent
    for each in reversed(missing):
        known[each] = _Draft(each, known[scope])
        scope = each
    return known[scope]


def _common(a: _Draft, b: _Draft) -> _Draft:
    """The innermost call that two stand in."""
    while a is not b:
        if a.depth < b.depth:
            a, b = b, a
        assert a.parent is not None
        a = a.parent
    return a


def _with_parents(drafts: list[_Draft]) -> list[_Draft]:
    """The same and all that they stand in, each once."""
    found = dict.fromkeys(drafts)
    for draft in drafts:
        above = draft.parent
        while above is not None and above not in found:
            found[above] = None
            above = above.parent
    return list(found)


def _named(root: _Draft, nodes: Sequence[Node]) -> dict[_Draft, Call]:
    """The calls of drafts, with names: the attribute's in the module around, or the scope's."""
    calls = {root: Call("", "", None)}
    paths: dict[Any, dict[int, str]] = {}  # of a module, the names of those inside it
    stack: list[tuple[_Draft, Any]] = [(root, None)]
    while stack:
        draft, around = stack.pop()
        call = calls[draft]
        call.nodes = tuple(nodes[i] for i in draft.nodes)
        call.size = draft.size
        inner = [_path(child.scope, around, paths) for child in draft.children]
        times, met = Counter(inner), Counter[str]()
        for child, path in zip(draft.children, inner, strict=True):
            met[path] += 1
            name = path if times[path] == 1 else f"{path} #{met[path]}"
            calls[child] = Call(path, name, child.scope)
            calls[child]._parent = weakref.ref(call)
            module = child.scope and child.scope.module
            stack.append((child, around if module is None else module))
        call.children = tuple(calls[child] for child in draft.children)
    return calls


def _path(scope: Any, around: Any, paths: dict[Any, dict[int, str]]) -> str:
    """The name of the attribute in which the module around holds a scope's module."""
    module, named = scope.module, getattr(around, "named_modules", None)
    if module is None or named is None:
        return str(scope.name)
    if id(around) not in paths:
        paths[id(around)] = {id(inner): path for path, inner in named()}
    return paths[id(around)].get(id(module)) or str(scope.name)
