"""The functions that written-out code calls, copied from where they are defined."""

from __future__ import annotations

import ast
import builtins
import functools
import inspect
import linecache
import math
import textwrap
from collections.abc import Mapping
from types import FunctionType, ModuleType
from typing import Any, Literal

import numpy as np

from autograd.op import TABLE, Op
from autograd.symbol import literal

Kind = Literal["scalar", "array"]
# Where functions are found that need no definition.
KNOWN: dict[str, Any] = {"": builtins, "math.": math, "np.": np, "np.linalg.": np.linalg}
RESERVED = {*dir(builtins), *TABLE, "math", "np", "value_and_gradients"}


class Definitions:
    """The functions and constants that code needs in order to run without this package.

    Code is written with the names of operations; `resolved` has each called by what computes it,
    and collects what must be defined for that.

    Parameters
    ----------
    operations : mapping of str to Op
        What the names of operations mean.

    Attributes
    ----------
    texts : list of str
        The definitions, each after those that it needs.
    """

    def __init__(self, operations: Mapping[str, Op]) -> None:
        self.operations = operations
        self.texts: list[str] = []
        self._names: dict[Any, str] = {}  # what is defined -> its name
        self._taken = {*RESERVED, *operations}

    def resolved(self, code: str, kind: Kind) -> str:
        """The same expression, in which nothing but Python, NumPy and what is defined is called.

        `kind` says what its operations are to be computed on, floats or arrays.
        """
        if "(" not in code:  # nothing is called: as it is, which is much quicker
            return code
        return ast.unparse(_Resolving(self, self.operations, kind).visit(ast.parse(code)))

    def has(self, name: str) -> bool:
        """Whether a name has a meaning already."""
        return name in self._taken

    def unused(self, name: str) -> str:
        """A name that nothing has, `name` if possible; now it is taken."""
        while name in self._taken:
            name += "_"
        self._taken.add(name)
        return name

    def function(self, function: Any, name: str, kind: Kind) -> str:
        """What to call a function: what NumPy or Python does, or a name that is defined."""
        for prefix, module in KNOWN.items():
            known = getattr(function, "__name__", "")
            if getattr(module, known, None) is function:
                return prefix + known
        function = inspect.unwrap(function)  # what is kept in a cache is computed as well without
        if function not in self._names:
            tree = _definition(function)
            tree.name = self._names[function] = self._named(name, kind)
            self._define(tree, function.__globals__, kind)
        return self._names[function]

    def _named(self, name: str, kind: Kind) -> str:
        """A name for a function: that of the operation, if nothing else is called so."""
        name = f"{kind}_{name}" if hasattr(builtins, name) else name
        if name in self._names.values() or name not in self.operations:
            return self.unused(name)
        return name

    def constant(self, name: str, namespace: Mapping[str, Any], kind: Kind) -> str:
        """What to call a constant of a module, which is defined as it is there."""
        key = namespace["__name__"], name
        if key not in self._names:
            new = self._names[key] = self.unused(name)
            value = namespace[name]
            if isinstance(value, (bool, int, float, np.ndarray)):
                self.texts.append(f"{new} = {literal(value)}")
            else:
                self._define(_assignment(name, namespace, new), namespace, kind)
        return self._names[key]

    def _define(self, tree: ast.AST, namespace: Mapping[str, Any], kind: Kind) -> None:
        text = ast.unparse(ast.fix_missing_locations(_Resolving(self, namespace, kind).visit(tree)))
        self.texts.append(text)


class _Resolving(ast.NodeTransformer):
    """What a piece of code finds in its module, replaced by what can stand alone."""

    def __init__(self, found: Definitions, namespace: Mapping[str, Any], kind: Kind) -> None:
        self.found = found
        self.namespace = namespace
        self.kind = kind
        self.own: set[str] = set()  # names of variables

    def visit(self, node: ast.AST) -> Any:
        if not self.own:
            self.own = {"", *_variables(node)}
        return super().visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id in self.own or node.id not in self.namespace:
            return node
        thing = self.namespace[node.id]
        return node if isinstance(thing, ModuleType) else self._written(thing, node.id)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """``builtins.round`` is ``round``, and ``autograd.exp`` the operation."""
        module = self.namespace.get(node.value.id) if isinstance(node.value, ast.Name) else None
        if not isinstance(module, ModuleType):
            return self.generic_visit(node)
        thing = getattr(module, node.attr)
        if module in (math, np) and not hasattr(thing, "op"):
            node.value = ast.Name("math" if module is math else "np")
            return node
        return self._written(thing, node.attr)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Without decorators and annotations, which name what is not there."""
        node.decorator_list, node.returns = [], None
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        assert node.value is not None
        assignment: ast.AST = self.visit(ast.Assign([node.target], node.value))
        return assignment

    def _written(self, thing: Any, name: str) -> ast.AST:
        op = thing if isinstance(thing, Op) else getattr(thing, "op", None)
        if isinstance(op, Op):
            text = self.found.function(_computing(op, self.kind), op.name, self.kind)
        elif isinstance(thing, FunctionType) or callable(thing):
            text = self.found.function(thing, name, self.kind)
        else:
            text = self.found.constant(name, self.namespace, self.kind)
        return ast.parse(text, mode="eval").body


def _variables(tree: ast.AST) -> set[str]:
    """The names that code gives a meaning itself: its arguments, and what it assigns."""
    names = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    stored = (node for node in ast.walk(tree) if isinstance(node, ast.Name))
    return names | {node.id for node in stored if isinstance(node.ctx, ast.Store)}


def _computing(op: Op, kind: Kind) -> Any:
    """The function that computes an operation; a user's own serves floats and arrays alike."""
    is_own = TABLE.get(op.name) is not op
    return op.array if is_own or kind == "array" else op.scalar


def _definition(function: Any) -> ast.FunctionDef:
    """The syntax tree of a function; that of a lambda as a function that returns."""
    name = getattr(function, "__qualname__", repr(function))
    if not isinstance(function, FunctionType):
        raise ValueError(f"source cannot write out {name}, which is not written in Python")
    if function.__closure__:
        held = ", ".join(function.__code__.co_freevars)
        raise ValueError(f"source cannot write out {name}, which reads {held} from around it")
    try:
        tree = _found(function)
    except (OSError, TypeError, SyntaxError) as error:
        raise ValueError(f"source cannot find where {name} is written: {error}") from None
    if isinstance(tree, ast.FunctionDef):
        return tree
    body: list[ast.stmt] = [ast.Return(tree.body)]
    return ast.FunctionDef(name="", args=tree.args, body=body, decorator_list=[])


def _found(function: FunctionType) -> ast.FunctionDef | ast.Lambda:
    if function.__name__ != "<lambda>":
        (tree,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
        assert isinstance(tree, ast.FunctionDef)
        return tree
    code = function.__code__
    starts = [(line, column) for line, _, column, _ in code.co_positions() if column]
    for node in ast.walk(_file(code.co_filename)):
        if isinstance(node, ast.Lambda) and node.lineno == code.co_firstlineno:
            first, last = (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)
            if all(first <= start < last for start in starts):
                (copy,) = ast.parse(ast.unparse(node)).body
                assert isinstance(copy, ast.Expr)
                assert isinstance(copy.value, ast.Lambda)
                return copy.value
    raise OSError(f"there is no such lambda in {code.co_filename}")


def _assignment(name: str, namespace: Mapping[str, Any], new: str) -> ast.AST:
    """The line of a module that defines a constant."""
    for node in _file(namespace["__file__"]).body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            copy = ast.parse(ast.unparse(node)).body[0]
            assert isinstance(copy, ast.Assign)
            copy.targets = [ast.Name(new, ast.Store())]
            return copy
    raise ValueError(f"source cannot find where {name} is defined in {namespace['__name__']}")


@functools.lru_cache(maxsize=64)
def _file(name: str) -> ast.Module:
    return ast.parse("".join(linecache.getlines(name)))
