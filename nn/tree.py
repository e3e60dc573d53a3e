"""What is remembered, in dicts and lists, as named arrays and a text: so that a file can hold it.

States of optimisers, schedules and generators are trees of numbers, text and arrays. The text is
JSON, in which an array stands as ``{"array": name}``; nothing that is read can run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import Node
from autograd.node import plain

Arrays = dict[str, NDArray[Any]]
PLAIN = (bool, int, float, str, type(None))


def taken_apart(tree: Any) -> tuple[Arrays, str]:
    """The arrays in a tree, by their paths, and the rest of it as text.

    Raises
    ------
    TypeError
        If it holds anything but numbers, text, None, arrays, and lists, tuples and dicts of those.

    Examples
    --------
    >>> arrays, text = taken_apart({"lr": 0.5, "means": [np.zeros(2)]})
    >>> arrays
    {'means.0': array([0., 0.])}
    >>> put_together(arrays, text)
    {'lr': 0.5, 'means': [array([0., 0.])]}
    """
    arrays: Arrays = {}
    return arrays, json.dumps(_apart(tree, "", arrays))


def _apart(tree: Any, path: str, arrays: Arrays) -> Any:
    kind = type(tree)
    if kind in PLAIN:
        return tree
    if isinstance(tree, (Node, np.ndarray, np.generic)):
        path = path or "tree"
        while path in arrays:  # keys may have points in them
            path += "'"
        arrays[path] = np.array(plain(tree))
        return {"number" if isinstance(tree, np.generic) else "array": path}
    within = f"{path}." if path else ""
    if isinstance(tree, dict):
        return {
            "dict": [
                [_apart(key, "", {}), _apart(value, f"{within}{key}", arrays)]
                for key, value in tree.items()
            ]
        }
    if isinstance(tree, (list, tuple)):
        parts = [_apart(entry, f"{within}{i}", arrays) for i, entry in enumerate(tree)]
        return parts if isinstance(tree, list) else {"tuple": parts}
    raise TypeError(f"cannot be kept in a file: {path} is {tree!r:.60}")


def put_together(arrays: Mapping[str, NDArray[Any]], text: str) -> Any:
    """The tree that was taken apart.

    Raises
    ------
    ValueError
        If the text is damaged, or an array is missing.
    """
    try:
        return _together(json.loads(text), arrays)
    except (KeyError, TypeError, IndexError, RecursionError, json.JSONDecodeError) as error:
        raise ValueError(f"this is not what was taken apart: {error!r}") from None


def _together(tree: Any, arrays: Mapping[str, NDArray[Any]]) -> Any:
    if isinstance(tree, list):
        return [_together(entry, arrays) for entry in tree]
    if not isinstance(tree, dict):
        return tree
    ((kind, held),) = tree.items()
    if kind == "dict":
        return {_together(key, arrays): _together(value, arrays) for key, value in held}
    if kind == "tuple":
        return tuple(_together(entry, arrays) for entry in held)
    return np.array(arrays[held]) if kind == "array" else arrays[held][()]
