"""What `help` says of a public function: what it is, formula, shapes, an example and a source."""

from __future__ import annotations

import inspect
import re

import pytest

import autograd
from autograd import explain
from autograd.methods import Methods

SUMMARY = re.compile(r"\S.*[.:](\n\n|$)")
EXAMPLE = re.compile(r"^Examples\n-+\n(.*\n)*?>>> ", re.MULTILINE)
SHAPES = re.compile(
    r"shape|\((\.\.\.|[a-z]+),|\(\)|\baxis\b|\baxes\b|vector|matri[xc]|each element|element by"
)
SOURCE = re.compile(
    r"PyTorch|torch\.|NumPy|numpy\.|JAX|jax\.|\b(18|19|20)\d\d\b|"
    r"Abramowitz & Stegun|Boyd|Goodfellow|Knuth|Petersen|Spivak"
)
FORMULA = re.compile(  # as the table prints it; or in code, but no shape
    r"^ +out = |``(?!\()[^`]*(\s(=|\+=|·|/|\+|-|\*\*|@|<=)\s|Σ)[^`]*``", re.MULTILINE
)
WANTED = {
    "summary": SUMMARY,
    "example": EXAMPLE,
    "shapes": SHAPES,
    "formula": FORMULA,
    "source": SOURCE,
}
NO_FORMULA = {"get_rng_state", "manual_seed", "set_rng_state"}  # they compute nothing

PUBLIC = {name: getattr(autograd, name) for name in autograd.__all__}
METHODS = {name: each for room in Methods.__mro__ for name, each in vars(room).items()}
FUNCTIONS = {
    name: each
    for name, each in (METHODS | PUBLIC).items()
    if inspect.isfunction(each) and name[0] != "_"
}
OPERATIONS = [name for name, each in FUNCTIONS.items() if hasattr(each, "op")]
OF_ARRAYS = tuple(
    f"autograd.{room}" for room in ("construction", "functions", "rules", "transforms")
)


def lacking(function):
    """What its docstring has not: of arrays, shapes, a formula and a source, of all the rest."""
    doc = inspect.getdoc(function) or ""
    of_arrays = function.__module__.startswith(OF_ARRAYS)
    return [
        what
        for what, pattern in WANTED.items()
        if not (pattern.match(doc) if what == "summary" else pattern.search(doc))
        and (of_arrays or what in ("summary", "example"))
        and not (what == "formula" and function.__name__ in NO_FORMULA)
    ]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_docstring_says_all(name):
    assert lacking(FUNCTIONS[name]) == []


def test_all_kinds_of_functions_are_asked():
    assert {"tanh", "sum", "zeros", "hessian", "draw", "view", "arcsin"} < FUNCTIONS.keys()
    assert len(FUNCTIONS) > 190


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_docstring_of_an_operation_is_its_entry(name):
    """Formula, derivative and source stand once, in the table; the docstring is made of them."""
    function = getattr(autograd, name)
    op, doc = function.op, function.__doc__
    lines = [line.strip() for line in doc.splitlines()]
    assert doc.startswith(op.doc.splitlines()[0])
    assert all(line in lines for line in str(explain(op)).splitlines())
    assert f"Source: {op.source}." in lines
    assert doc.count("Examples\n---") == 1
    assert "Source:" not in op.doc


def test_a_method_says_the_same():
    assert autograd.Value.tanh.__doc__ == autograd.tanh.__doc__ == autograd.Tensor.tanh.__doc__
    assert "∂out/∂x = 1 − out²" in autograd.Value.tanh.__doc__


def test_what_is_lacking_is_found():
    assert [what for what, pattern in WANTED.items() if not pattern.search("A number")] == [*WANTED]
