"""Arguments in lists, tuples and dicts ("pytrees"): taken apart, and put together again.

The rule, everywhere: a list, tuple or dict is a *tree*, and what it holds are its branches, in its
own order, to any depth. Two things are no branches but leaves:

- a list or tuple that holds numbers and nothing else, itself or in nested lists, such as
  ``[1.0, 2.0]`` or ``[[1.0], [2.0]]``: it is an *array*, as `Tensor` takes it, in rows of equal
  lengths. As soon as a node, an array, a dict or None is among them it is a tree. (To differentiate
  by separate numbers, give them as separate arguments, as Values, or in a dict.)
- anything else: numbers, arrays, Values and Tensors.

None and empty containers hold no leaf.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from numbers import Number
from typing import Any

import numpy as np

NUMBERS = (float, int, Number, np.bool_)


def is_array(x: Any) -> bool:
    """Whether a list or tuple holds numbers alone, and so stands for an array.

    Examples
    --------
    >>> is_array([1.0, 2.0]), is_array([[1.0], [2.0]]), is_array([np.ones(2), 1.0])
    (True, True, False)
    """
    if not isinstance(x, (list, tuple)) or hasattr(x, "_fields"):  # a namedtuple is a tree
        return False
    return bool(x) and all(isinstance(entry, NUMBERS) or is_array(entry) for entry in x)


def _branches(tree: Any) -> Iterator[tuple[str, Any]] | None:
    """What a tree holds, and how each is written (``[0]``, ``['w']``); None for a leaf."""
    if isinstance(tree, dict):
        return ((f"[{key!r}]", branch) for key, branch in tree.items())
    if isinstance(tree, (list, tuple)) and not is_array(tree):
        return ((f"[{i}]", branch) for i, branch in enumerate(tree))
    return iter(()) if tree is None else None


def paths(tree: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """The leaves, in order, each with the way to it.

    Examples
    --------
    >>> list(paths({"w": [1.0, 2.0], "b": (3.0, None, {"c": 4.0})}, "p"))
    [("p['w']", [1.0, 2.0]), ("p['b'][0]", 3.0), ("p['b'][2]['c']", 4.0)]
    """
    branches = _branches(tree)
    if branches is None:
        yield name, tree
    else:
        for step, branch in branches:
            yield from paths(branch, name + step)


def leaves(tree: Any) -> list[Any]:
    """The leaves, in order.

    Examples
    --------
    >>> leaves({"w": [1.0, 2.0], "b": (3.0, None, {"c": 4.0})})
    [[1.0, 2.0], 3.0, 4.0]
    """
    return [leaf for _, leaf in paths(tree)]


def rebuild(tree: Any, new_leaves: Iterator[Any]) -> Any:
    """A tree of the same containers with other leaves, taken in order.

    Examples
    --------
    >>> rebuild({"w": [1.0, 2.0], "b": (3.0, None)}, iter("ab"))
    {'w': 'a', 'b': ('b', None)}
    """
    branches = _branches(tree)
    if tree is None:
        return None
    if branches is None:
        return next(new_leaves)
    rebuilt = [rebuild(branch, new_leaves) for _, branch in branches]
    if isinstance(tree, dict):
        return dict(zip(tree, rebuilt, strict=True))
    if hasattr(tree, "_fields"):  # a named tuple
        return type(tree)(*rebuilt)
    return rebuilt if isinstance(tree, list) else tuple(rebuilt)


def map_leaves(function: Callable[[Any], Any], tree: Any) -> Any:
    """A tree of the same containers with `function` of each leaf.

    Examples
    --------
    >>> map_leaves(abs, {"w": -1.0, "b": (2.0, None)})
    {'w': 1.0, 'b': (2.0, None)}
    """
    return rebuild(tree, map(function, leaves(tree)))


def matching(what: str, tree: Any, like: Any) -> list[Any]:
    """The parts of a tree that belong to the leaves of another, which says what is a leaf.

    Raises
    ------
    ValueError
        If the containers differ, saying where.

    Examples
    --------
    >>> matching("tangents", (1.0, [2.0, 3.0]), (np.zeros(()), {}))
    Traceback (most recent call last):
    ValueError: tangents[1] must be a dict with the keys [], but is [2.0, 3.0]
    >>> matching("tangents", (1.0, {"b": [2.0, 3.0]}), (np.zeros(()), {"b": np.zeros(2)}))
    [1.0, [2.0, 3.0]]
    """
    return list(_matching(what, tree, like))


def _matching(name: str, tree: Any, like: Any) -> Iterator[Any]:
    branches = _branches(like)
    if branches is None:
        yield tree
    elif isinstance(like, dict):
        if not isinstance(tree, dict) or tree.keys() != like.keys():
            raise ValueError(f"{name} must be a dict with the keys {list(like)}, but is {tree!r}")
        for key, branch in like.items():
            yield from _matching(f"{name}[{key!r}]", tree[key], branch)
    elif like is None:
        if tree is not None:
            raise ValueError(f"{name} must be None, but is {tree!r}")
    else:
        if not isinstance(tree, (list, tuple)) or len(tree) != len(like):
            raise ValueError(f"{name} must be a tuple or list of {len(like)}, but is {tree!r}")
        for i, branch in enumerate(like):
            yield from _matching(f"{name}[{i}]", tree[i], branch)
