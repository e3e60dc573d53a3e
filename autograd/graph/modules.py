"""What is known of modules, of which the engine knows nothing but ``named_parameters()``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
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


def named_parameters(modules: Iterable[Any], names: Mapping[int, str]) -> dict[Node, str]:
    """What modules call their parameters, ``layers.0.w[1]``.

    If there are several, what the module is called goes before it: its name among `names`, which
    are by ``id``, or else its kind, numbered if it is not the only one.
    """
    seen: set[Node] = set()
    found: list[tuple[Any, dict[Node, str]]] = []
    for module in modules:
        named: Callable[[], Iterable[Any]] = getattr(module, "named_parameters", tuple)
        own = {leaf: path for path, leaf in named() if leaf not in seen}
        if own:
            seen.update(own)
            found.append((module, own))
    if len(found) == 1:
        return found[0][1]
    kinds = Counter(type(module).__name__ for module, _ in found)
    met = Counter[str]()
    paths: dict[Node, str] = {}
    for module, own in found:
        kind = type(module).__name__
        met[kind] += 1
        called = names.get(id(module)) or (kind if kinds[kind] == 1 else f"{kind}{met[kind]}")
        paths |= {leaf: f"{called}.{path}" for leaf, path in own.items()}
    return paths
