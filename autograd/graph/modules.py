"""What is known of modules, of which the engine knows nothing but ``named_parameters()``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from autograd.graph.calls import Call
from autograd.node import Node


def called(root: Call) -> Iterator[Any]:
    """The modules that were called, but for those called by a module."""
    stack = [root]
    while stack:
        call = stack.pop()
        if call.module is None:
            stack += reversed(call.children)
        else:
            yield call.module


def named_parameters(modules: Iterable[Any]) -> dict[Node, str]:
    """What modules call their parameters; the module's kind goes before it if there are several."""
    seen: set[Node] = set()
    found: list[tuple[str, dict[Node, str]]] = []
    for module in modules:
        named: Callable[[], Iterable[Any]] = getattr(module, "named_parameters", tuple)
        own = {leaf: path for path, leaf in named() if leaf not in seen}
        if own:
            seen.update(own)
            found.append((f"{type(module).__name__}.", own))
    return {
        leaf: kind * (len(found) > 1) + path for kind, own in found for leaf, path in own.items()
    }
