"""The rooms: who may import whom, what is private, and what `import autograd` brings in."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# From the ground up, as autograd/README.md lists them from above. A room imports only from rooms
# that stand before it.
TABLE = [line for line in (ROOT / "autograd/README.md").read_text().splitlines() if "` |" in line]
ROOMS = [room for line in reversed(TABLE) for room in re.findall(r"`(\w+)(?:\.py|/)`", line)]
ROOMS += ["__init__"]

# Said where it is used, inside a function: a method of a node that belongs to a room above.
SUGAR = {("node", "backward"), ("node", "numpy_functions")}
SUGAR |= {("graph", room) for room in ("drawing", "stepping", "explaining", "writing")}
SUGAR |= {("program", room) for room in ("drawing", "graph", "variables", "writing")}
SUGAR |= {("node", room) for room in ("drawing", "stepping", "explaining", "variables")}


def files(package):
    found = sorted((ROOT / package).rglob("*.py"))
    assert found, f"{package} has no code"
    return found


def room(file):
    """The part of `autograd` that a file belongs to."""
    return file.relative_to(ROOT / "autograd").parts[0].removesuffix(".py")


def imported(tree):
    """Every module that a file imports something from, lazily or not."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute"
            yield node.module
            if node.module in ("autograd", "nn"):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


def rooms_of(module):
    """The room of autograd that a module belongs to; none if it is another package's."""
    package, *rest = module.split(".")
    return [rest[0]] if package == "autograd" and rest and rest[0] in ROOMS else []


@pytest.mark.parametrize("file", files("autograd"), ids=lambda f: str(f.relative_to(ROOT)))
def test_imports_go_downwards(file):
    here = room(file)
    assert here in ROOMS, f"{here} is a new room: where does it stand?"
    for module in imported(ast.parse(file.read_text())):
        for there in rooms_of(module):
            if there == here or (here, there) in SUGAR:
                continue
            assert ROOMS.index(there) < ROOMS.index(here), f"{here} imports from {there}, above it"


def test_every_room_of_the_readme_is_there():
    there = {room(file) for file in files("autograd")}
    assert len(ROOMS) == len(set(ROOMS))
    assert set(ROOMS) == there


def test_the_ground_floor_imports_nothing():
    for ground in ("op", "modes"):
        tree = ast.parse((ROOT / "autograd" / f"{ground}.py").read_text())
        assert not [m for m in imported(tree) if m.split(".")[0] == "autograd"]


def test_autograd_does_not_know_nn():
    for file in files("autograd"):
        assert not [m for m in imported(ast.parse(file.read_text())) if m.split(".")[0] == "nn"]


def test_the_one_sweep_imports_no_rule_by_name():
    """`backward` finds derivatives in the table; to name an operation would be a second way."""
    tree = ast.parse((ROOT / "autograd" / "backward.py").read_text())
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "rules"
    }
    assert used <= {"sum", "reshape", "where"}, "to un-broadcast and to mask, and nothing else"


@pytest.mark.parametrize("file", files("nn"), ids=lambda f: str(f.relative_to(ROOT)))
def test_nn_reads_only_public_names(file):
    tree = ast.parse(file.read_text())
    for module in imported(tree):
        assert not any(part.startswith("_") and part != "__future__" for part in module.split("."))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
            if node.attr.startswith("__") and node.attr.endswith("__"):
                continue
            owner = ast.unparse(node.value)
            assert owner in ("self", "cls"), f"line {node.lineno}: {ast.unparse(node)}"


@pytest.mark.parametrize(
    "statement", ["import autograd", "import autograd; autograd.Value(1.0) * 2"]
)
def test_import_brings_in_nothing_heavy(statement, run_python):
    """Drawing, and what only demos use, is imported when it is used."""
    modules = run_python(f"{statement}\nimport sys\nprint(*sys.modules)").stdout.split()
    heavy = {"graphviz", "sklearn", "matplotlib", "scipy", "nn"}
    heavy |= {"autograd.drawing", "autograd.graph"}
    assert "autograd.value" in modules
    assert not heavy & set(modules)


def test_what_is_imported_on_first_use_is_found(run_python):
    run_python(
        "import autograd\n"
        "autograd.explain(autograd.tanh)\n"
        "autograd.draw(autograd.Value(1.0) * 2)\n"
        "from autograd import Drawing, draw, explain\n"
    )


def test_public_names_are_listed():
    """`from autograd import *` gives what is documented, and no module or helper besides."""
    import autograd

    assert {"Value", "Tensor", "grad", "gradient", "no_grad", "tanh"} <= set(autograd.__all__)
    assert not [name for name in autograd.__all__ if name.startswith("_")]
    assert not {"record", "scalar", "annotations", "TYPE_CHECKING", "Any"} & set(autograd.__all__)
    for name in autograd.__all__:
        assert getattr(autograd, name) is not None
