"""``%load_ext autograd``: the cell magics ``%%graph`` and ``%%steps``."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from IPython.core.error import UsageError

from autograd import drawing
from autograd.node import Node

FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
INNER = FUNCTIONS | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


def load(shell: Any) -> None:
    """Give an IPython shell the magics; each runs its cell and shows the last node in it.

    That is the value of the last expression, or else the variable assigned last that holds a node.

    ``%%graph``
        The picture of the graph, as `autograd.draw` gives it.
    ``%%steps``
        The forward and the backward pass to walk through, as `Node.step` gives them.
    """
    for name, show in {"graph": _graph, "steps": _steps}.items():
        shell.register_magic_function(_magic(shell, name, show), "cell", name)


def _graph(node: Node, names: dict[str, object]) -> Any:
    return drawing.draw(node, names=names)


def _steps(node: Node, names: dict[str, object]) -> Any:
    return node.step(names=names)


def _magic(
    shell: Any, name: str, show: Callable[[Node, dict[str, object]], Any]
) -> Callable[[str, str], Any]:
    def magic(line: str, cell: str) -> Any:
        if line.strip():
            raise UsageError(f"%%{name} takes nothing beside it, but was given {line.strip()!r}")
        value, assigned = _run(shell, cell)
        variables = {each: shell.user_ns[each] for each in assigned if each in shell.user_ns}
        nodes = [each for each in (*variables.values(), value) if isinstance(each, Node)]
        if not nodes:
            raise UsageError(
                f"%%{name} shows the last Value or Tensor of a cell: end it with one, or assign one"
            )
        if value is not None and value is not nodes[-1]:
            shell.displayhook(value)  # as without the magic
        return show(nodes[-1], variables | shell.user_ns)

    magic.__doc__ = load.__doc__
    return magic


def _run(shell: Any, cell: str) -> tuple[Any, list[str]]:
    """Run a cell: what its last expression gave, and the variables that it assigns, in order."""
    code = shell.transform_cell(cell)
    file = shell.compile.cache(code)  # where tracebacks find its lines
    tree = shell.transform_ast(shell.compile.ast_parse(code, file))
    assigned = list(dict.fromkeys(reversed(list(_assigned(tree)))))[::-1]
    is_expression = bool(tree.body) and isinstance(tree.body[-1], ast.Expr)
    last = tree.body.pop() if is_expression else None
    exec(shell.compile(tree, file, "exec"), shell.user_ns)
    if last is None:
        return None, assigned
    return eval(shell.compile(ast.Expression(last.value), file, "eval"), shell.user_ns), assigned


def _assigned(tree: ast.AST) -> Iterator[str]:
    """The variables that code assigns, as they stand there; not those inside functions."""
    for part in ast.iter_child_nodes(tree):
        if isinstance(part, INNER):
            continue
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            yield part.id
        yield from _assigned(part)
