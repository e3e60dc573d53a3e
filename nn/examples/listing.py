"""Which examples there are: found by reading this folder, so that no extra is needed."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator
from pathlib import Path

DEMO = "digits"  # it came first, has options of its own, and runs without a name, too


def examples(folder: Path = Path(__file__).parent) -> dict[str, str]:
    """The docstring of each example, by its name: a module with `run` and `EPOCHS`, and the demo.

    Examples
    --------
    >>> examples()["digits"].splitlines()[0]
    'A multi-layer perceptron that learns to read digits, one scalar at a time.'
    """
    read = {path.stem: ast.parse(path.read_text("utf-8")) for path in sorted(folder.glob("*.py"))}
    return {
        name: ast.get_docstring(tree) or ""
        for name, tree in read.items()
        if name == DEMO or {"run", "EPOCHS"} <= set(_defined(tree))
    }


def listing() -> str:
    """The name of each example, and beside it the first line of its docstring."""
    first = {name: about.partition("\n")[0] for name, about in examples().items()}
    width = max(map(len, first))
    return "\n".join(f"{name:{width}}  {about}" for name, about in first.items())


def unknown(name: str) -> str:
    """What to say of a name that no example has."""
    near = difflib.get_close_matches(name.lower(), examples(), cutoff=0.5)
    meant = f" Did you mean {' or '.join(near)}?" if near else ""
    return f"there is no example {name!r}.{meant} `python -m nn --list` shows all of them"


def _defined(tree: ast.Module) -> Iterator[str]:
    """The names of a module's functions and constants."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        yield from (target.id for target in targets if isinstance(target, ast.Name))
