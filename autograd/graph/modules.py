"""What is known of modules, of which the engine knows nothing but ``named_parameters()``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from autograd.graph.calls import Call
from autograd.node import Node


def called(root: Call) -> Iterator[Any]:
    """The modules that were called, each once, but for those called by a module."""
    seen: set[int] = set()
    stack = [root]
    while stack:
        call = stack.pop()
        if call.module is None:
            stack += reversed(call.children)
        elif id(call.module) not in seen:
            seen.add(id(call.module))
            yield call.module


def named_parameters(
    modules: Iterable[Any], names: Mapping[int, str], others: Mapping[Node, str]
) -> dict[Node, str]:
    """What modules call their parameters, ``layers.0.w[1]``.

    If there are several modules, or one of the `others` is called the same, what the module is
    called goes before it: its name among `names`, which are by ``id``, or else its kind, numbered
    if it is not the only one.
    """
    seen: set[Node] = set()
    found: list[tuple[Any, dict[Node, str]]] = []
    for module in modules:
        own = {leaf: path for path, leaf in module.named_parameters() if leaf not in seen}
        if own:
            seen.update(own)
            found.append((module, own))
    taken = set(others.values())
    if len(found) == 1:
        ((_, own),) = found
        if not any(path in taken for leaf, path in own.items() if leaf not in others):
            return own
    kinds = Counter(type(module).__name__ for module, _ in found)
    met = Counter[str]()
    paths: dict[Node, str] = {}
    for module, own in found:
        kind = type(module).__name__
        met[kind] += 1
        called = names.get(id(module)) or (kind if kinds[kind] == 1 else f"{kind}{met[kind]}")
        paths |= {leaf: f"{called}.{path}" for leaf, path in own.items()}
    return paths
