"""What is written about a node, or about several, in a few short rows and in full."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from typing import Any

import numpy as np

from autograd.drawing.heat import Heat, heat
from autograd.drawing.picture import Row
from autograd.node import Node
from autograd.text import number

NEVER = "–"  # a gradient that was never computed


def rows(label: str, value: Any) -> list[Row]:
    """Write a number as itself; an array as its type and shape, and its value if it has one."""
    if not isinstance(value, np.ndarray):
        return [(label, number(value))]
    kind = (str(value.dtype), str(value.shape))
    return [kind, (label, number(value.item()))] if value.size == 1 else [kind]


def node_rows(node: Node) -> list[Row]:
    """Write the data and the gradient of a node."""
    return [*rows("data", node.data), _grad_row(node)]


def _grad_row(node: Node) -> Row:
    """Write a gradient; of an array how long it is."""
    if not node.has_grad:
        return ("grad", NEVER)
    grad = node.grad
    if np.size(grad) == 1:
        return ("grad", number(np.asarray(grad).item()))
    with np.errstate(all="ignore"):  # an overflow shows as inf
        return ("|grad|", number(float(np.linalg.norm(grad))))


def heats(node: Node) -> tuple[Heat, ...]:
    """Draw the numbers of an array in little, and those of its gradient if there is one."""
    pair = [heat("data", node.data), heat("grad", node.grad) if node.has_grad else None]
    return tuple(each for each in pair if each)


def ranges(nodes: Sequence[Node]) -> Iterator[Row]:
    """From what to what the numbers of several nodes go, and their largest gradient."""
    with np.errstate(all="ignore"):
        data = _joined(node.data for node in nodes)
        if data.size and data.dtype.kind == "f":
            low, high = number(data.min().item()), number(data.max().item())
            yield ("data", low if low == high else f"{low} … {high}")
        grads = _joined(node.grad for node in nodes if node.has_grad)
        if grads.size:
            most = np.abs(grads).max().item()
            yield ("|grad|", f"≤ {number(most)}" if most else number(most))
        else:
            yield ("|grad|", NEVER)


def _joined(values: Iterable[Any]) -> np.ndarray:
    """Put numbers and arrays in a row; floats quickly, since they may be many."""
    values = list(values)
    if not any(isinstance(value, np.ndarray) for value in values):
        return np.array(values, dtype=float)
    return np.concatenate([np.ravel(value) for value in values])


def full(value: object) -> str:
    """Write a number in all its digits; of a large array the corners."""
    if isinstance(value, np.ndarray):
        return np.array2string(value, threshold=20, separator=", ")
    return repr(value)


def told(node: Node, name: str) -> str:
    """Write all that is known of a node, for who points at its box."""
    made = "leaf" if node.op is None else node.op.name
    if node.params:
        made += f"({', '.join(f'{param}={value!r}' for param, value in node.params.items())})"
    grad = full(node.grad) if node.has_grad else "never computed"
    return f"{name or 'unnamed'}: {made}\ndata = {full(node.data)}\ngrad = {grad}"


def in_common(names: Iterable[str]) -> str:
    """Say what several names have in common, or else a few of them.

    Examples
    --------
    >>> in_common(["x[0]", "x[1]"]), in_common(["layers.0.w", "layers.0.b", "layers.1.w"])
    ('x', 'layers')
    >>> in_common(["x[0]"]), in_common(["layers.0.w[0]", "layers.0.b"])
    ('x[0]', 'layers.0')
    >>> in_common(["w1", "w2", "b"]), in_common(["a", "b", "c"])
    ('w, b', 'a, …')
    """
    names = list(names)
    if len(names) == 1:
        return names[0]
    stems = list(dict.fromkeys(re.sub(r"(\[\d+\]|\.?\d+| #\d+)+$", "", name) for name in names))
    first, last = min(stems).split("."), max(stems).split(".")
    pairs = zip(first, last, strict=False)
    shared = ".".join(a for a, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    few = ", ".join(filter(None, stems)) if len(stems) < 3 else f"{stems[0] or stems[1]}, …"
    return shared or few
