"""What the numbers from PyTorch (reference/) cover: each operation, to the second order."""

from __future__ import annotations

import ast

import numpy as np
import pytest
from reference_entries import HERE, as_tuple, entries, evaluated, operands

import autograd
from autograd import Value
from autograd.functions.aliases import ALIASES
from autograd.methods import Methods
from autograd.op import TABLE

FILES = ["arguments", "elementwise", "linear_algebra", "networks", "operations", "reductions"]
FILES += ["shapes", "windows"]
ENTRIES = [
    entry
    for file in FILES
    for group in entries(f"{file}.json").values()
    if isinstance(group, list)
    for entry in group
]
# What PyTorch does not differentiate, and why it needs no derivative.
NOT_DIFFERENTIATED = {
    **dict.fromkeys(["all", "any", "argmax", "argmin", "nonzero"], "a truth or a place"),
    **dict.fromkeys(["eq", "ge", "gt", "le", "lt", "ne"], "an answer"),
    **dict.fromkeys(["isfinite", "isinf", "isnan"], "an answer"),
    **dict.fromkeys(["logical_and", "logical_not", "logical_or", "logical_xor"], "an answer"),
    "floor_divide": "piecewise constant; as div(rounding_mode='floor') it is differentiated",
    **dict.fromkeys(["full_like", "ones_like", "zeros_like"], "a constant"),
    **dict.fromkeys(["detach", "stop_gradient"], "no gradient is what it is for"),
}
# The same function by a second name.


def is_differentiated_twice(entry):
    """Whether it has a second derivative, one number of it at least."""
    grads = [number for grad in entry.get("second", []) for number in np.ravel(grad)]
    return bool(np.isfinite(np.array(grads, dtype=float)).any())


TWICE = [entry for entry in ENTRIES if is_differentiated_twice(entry)]


def recorded(entry):
    """The names of all the operations in the graph of an expression."""
    with np.errstate(all="ignore"):
        nodes = list(as_tuple(evaluated(entry["expression"], operands(entry))))
    found = set()
    while nodes:
        node = nodes.pop()
        if node.op:
            found.add(node.op.name)
            nodes.extend(node.parents)
    return found


def words(expression):
    """The names in an expression, and its operators: `Add`, and `2 Add` for one on the right."""
    for part in ast.walk(ast.parse(expression)):
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.Attribute):
            yield part.attr
        elif isinstance(part, ast.UnaryOp):
            yield type(part.op).__name__
        elif isinstance(part, ast.BinOp):
            number = "2 " if isinstance(part.left, ast.Constant) else ""
            yield number + type(part.op).__name__


def test_each_operation_of_the_table_is_differentiated_twice():
    covered = set().union(*map(recorded, TWICE))
    missing = {op.name for op in TABLE.values() if op.public} - covered
    assert sorted(missing - NOT_DIFFERENTIATED.keys()) == []


def test_each_function_and_method_is_differentiated_twice():
    covered = {word for entry in TWICE for word in words(entry["expression"])}
    rooms = ("autograd.functions", "autograd.rules")
    functions = {
        name
        for name in autograd.__all__
        if getattr(getattr(autograd, name), "__module__", "").startswith(rooms)
    }
    methods = {name for room in Methods.__mro__ for name in vars(room) if name[0] != "_"}
    functions, methods = functions - ALIASES.keys(), methods - ALIASES.keys()
    missing = (functions | methods) - covered
    assert sorted(missing - NOT_DIFFERENTIATED.keys()) == []
    assert len(functions | methods) > 130


def test_each_function_that_is_not_differentiated_is_compared():
    known = {word for entry in ENTRIES for word in words(entry["expression"])}
    assert NOT_DIFFERENTIATED.keys() - known == {"stop_gradient"}  # which PyTorch calls detach


def test_each_operator_is_differentiated_twice():
    covered = {word for entry in TWICE for word in words(entry["expression"])}
    assert covered >= {"Add", "Sub", "Mult", "Div", "Pow", "Mod", "MatMult", "USub", "UAdd"}
    assert covered >= {"2 Add", "2 Sub", "2 Mult", "2 Div", "2 Pow"}
    known = {word for entry in ENTRIES for word in words(entry["expression"])}
    assert known >= {"FloorDiv", "2 FloorDiv", "2 Mod"}


def test_the_generator_names_no_place_of_one_machine():
    for file in HERE.iterdir():
        if file.is_file():
            text = file.read_bytes()
            assert b"/work/" not in text
            assert b"/tmp" not in text


def test_differences_are_decisions():
    """The derivative of a root at 0 is infinite; PyTorch gives -inf at -0.0."""
    for x in (0.0, -0.0):
        with pytest.raises(ZeroDivisionError, match="pow"):
            (Value(x) ** 0.5).backward()


def test_micrograds_example():
    a, b = Value(-4.0), Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    assert f"{g.data:.4f}" == "24.7041"
    g.backward()
    assert (f"{a.grad:.4f}", f"{b.grad:.4f}") == ("138.8338", "645.5773")
