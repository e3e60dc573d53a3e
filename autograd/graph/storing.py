"""A graph as JSON, and back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from autograd.graph.labels import decode, encode, is_custom
from autograd.modes import Moment, enable_grad, scope, state
from autograd.node import Node, plain
from autograd.op import TABLE, Op, apply
from autograd.tensor import Tensor
from autograd.value import Value

if TYPE_CHECKING:
    from autograd.graph.calls import Call
    from autograd.graph.graph import Graph

FORMAT = "glassgrad graph 1"


def to_json(graph: Graph) -> str:
    """Write a graph; see `Graph.to_json`."""
    calls = {call: i for i, call in enumerate(graph.scopes.walk())}
    return json.dumps(
        {
            "format": FORMAT,
            "nodes": [_node(graph, i, calls) for i in range(len(graph))],
            "scopes": [
                {"name": call.path, "parent": calls[call.parent]}
                for call in calls
                if call.parent is not None
            ],
            "output": _tree(graph.output, graph.index),
            "inputs": [graph.index(node) for node in graph.inputs],
            "parameters": [graph.index(node) for node in graph.parameters],
        },
        allow_nan=False,
        ensure_ascii=False,
    )


def _node(graph: Graph, i: int, calls: dict[Call, int]) -> dict[str, Any]:
    node, link = graph.nodes[i], graph.links[i]
    name = graph.names.get(node)
    named = {"name": name} if name else {}
    if max(link, default=-1) < 0:  # a leaf, also one that is only so in a part of a graph
        data = encode(node.data, _refused)
        kind = "Value" if isinstance(node, Value) else "Tensor"
        return {kind: data, "requires_grad": node.requires_grad} | named
    assert node.op is not None
    operands = [
        {"constant": encode(plain(operand), _refused)} if j < 0 else j
        for operand, j in zip(node.operands, link, strict=True)
    ]
    kind = "custom" if is_custom(node.op) else "op"
    written = {kind: node.op.name, "operands": operands} | named
    if node.params:
        written["params"] = encode(node.params, _refused)
    scope = calls[graph.call(node)]
    return written | ({"scope": scope} if scope else {})


def _tree(tree: Any, index: Callable[[Node], int]) -> Any:
    """The containers of the output, with the places of its nodes."""
    if isinstance(tree, Node):
        return index(tree)
    if tree is None:
        return None
    if isinstance(tree, dict):
        if not all(isinstance(key, str) for key in tree):
            raise TypeError(f"to_json writes dicts with strings for keys, not {list(tree)!r:.80}")
        return {"dict": [[key, _tree(branch, index)] for key, branch in tree.items()]}
    branches = [_tree(branch, index) for branch in tree]
    return branches if isinstance(tree, list) else {"tuple": branches}


def _refused(x: Any) -> Any:
    raise TypeError(
        f"to_json can write numbers, arrays, strings, slices and containers of them, but an "
        f"operation was given {x!r:.60} of type {type(x).__name__}"
    )


def from_json(text: str, operations: Iterable[Callable[..., Any]]) -> dict[str, Any]:
    """What makes the graph that was written: the arguments of `Graph`."""
    if not isinstance(text, str):
        raise TypeError(f"from_json takes the text that to_json wrote, not {text!r:.60}")
    try:
        written = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"from_json was given what is no JSON: {error}") from None
    if not isinstance(written, dict) or written.get("format") != FORMAT:
        raise ValueError(f"from_json takes what to_json wrote, in the form {FORMAT!r}")
    known = {op.name: op for op in map(_op, operations)}
    try:
        return _graph(written, known)
    except (AttributeError, IndexError, KeyError, TypeError) as error:
        raise ValueError(f"from_json was given a damaged graph: {error!r}") from error


def _graph(written: dict[str, Any], known: dict[str, Op]) -> dict[str, Any]:
    moments = _moments(written["scopes"])
    nodes: list[Any] = []
    with enable_grad():
        for entry in written["nodes"]:
            node = _read(entry, nodes, known)
            node.name = entry.get("name")
            if node.op is not None:
                node._made = moments[entry.get("scope", 0)]
            nodes.append(node)
    return {
        "output": _built(written["output"], nodes),
        "inputs": [_at(nodes, i) for i in written["inputs"]],
        "parameters": [_at(nodes, i) for i in written["parameters"]],
    }


def _built(tree: Any, nodes: list[Any]) -> Any:
    """What `_tree` wrote."""
    if isinstance(tree, dict) and "dict" in tree:
        return {key: _built(branch, nodes) for key, branch in tree["dict"]}
    if isinstance(tree, dict):
        return tuple(_built(branch, nodes) for branch in tree["tuple"])
    if isinstance(tree, list):
        return [_built(branch, nodes) for branch in tree]
    return None if tree is None else _at(nodes, tree)


def _at(nodes: list[Any], i: int) -> Any:
    if i < 0:
        raise IndexError(f"there is no node {i}")
    return nodes[i]


def _read(entry: dict[str, Any], nodes: list[Any], known: dict[str, Op]) -> Any:
    """Make the node of an entry; those before it are there already."""
    requires_grad = entry.get("requires_grad", False)
    if "Value" in entry:
        return Value(decode(entry["Value"]), requires_grad=requires_grad)
    if "Tensor" in entry:
        return Tensor(decode(entry["Tensor"]), requires_grad=requires_grad)
    operands = tuple(
        _at(nodes, x) if isinstance(x, int) else decode(x["constant"]) for x in entry["operands"]
    )
    return apply(_known(entry, known), operands, decode(entry.get("params", {"dict": []})))


def _known(entry: dict[str, Any], known: dict[str, Op]) -> Op:
    name = entry.get("op") or entry["custom"]
    op = (TABLE if "op" in entry else known).get(name)
    if op is None and "op" in entry:
        raise ValueError(f"from_json: {name!r} is no operation in the table of this version")
    if op is None:
        raise ValueError(
            f"from_json: {name!r} does not stand in the engine's table; give the function that "
            f"autograd.custom made: from_json(text, operations=[{name}])"
        )
    return op


def _op(operation: Any) -> Op:
    op = getattr(operation, "op", operation)
    if not isinstance(op, Op):
        raise TypeError(
            f"from_json takes operations made by autograd.custom, but was given {operation!r}"
        )
    return op


def _moments(scopes: list[dict[str, Any]]) -> list[Moment]:
    """When nodes of each scope are made: now, as part of it."""
    moments = [Moment(state.now.time, None)]
    for entry in scopes:
        made = scope(entry["name"])
        made.parent = moments[entry["parent"]].scope
        moments.append(Moment(state.now.time, made))
    return moments
