"""The proof that the table is one: alter a rule, in one place, and everything follows it."""

from __future__ import annotations

import ast
import json
import math
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
RULE = "partials=[lambda out, x: 1.0 - square(out)]"

READINGS = """
import json, math
import autograd
from autograd import Tensor, Value, grad, gradient

x, t = Value(0.3), Tensor([0.3, -0.7], requires_grad=True)
x.tanh().backward()
t.tanh().sum().backward()
v = Value(0.3)
slope = gradient(v.tanh(), v)
print(json.dumps({
    "out": math.isclose(x.tanh().data, math.tanh(0.3)),
    "float": x.grad,
    "array": t.grad.tolist(),
    "function": grad(autograd.tanh)(0.3),
    "graph": slope.data,
    "second": gradient(slope, v).data,
    "second of arrays": grad(lambda x: grad(lambda x: x.tanh().sum())(x).sum())([0.3]).tolist(),
    "generated code": autograd.scalar.pull_source(autograd.op.TABLE["tanh"]),
    "text": str(autograd.explain(autograd.tanh)),
    "latex": autograd.explain(autograd.tanh).lines[-1][1],
}))
"""


@pytest.fixture
def read(tmp_path, run_python):
    """What a copy of the package says of tanh, one text in it replaced by another."""

    def read(old, new):
        copy = tmp_path / "copy"
        shutil.copytree(ROOT / "autograd", copy / "autograd")
        file = copy / "autograd" / "rules" / "trigonometric.py"
        text = file.read_text()
        assert text.count(old) == 1
        file.write_text(text.replace(old, new))
        found = json.loads(run_python(READINGS, path=[copy]).stdout)
        shutil.rmtree(copy)
        return found

    return read


def test_altering_one_rule_alters_every_reading(read):
    out, other = math.tanh(0.3), math.tanh(-0.7)
    right = read(RULE, RULE)
    wrong = read(RULE, RULE.replace("1.0", "2.0"))

    for found, one in ((right, 1.0), (wrong, 2.0)):
        first, second = one - out**2, -2 * out * (one - out**2)
        assert found["out"] is True, "the operation itself is as it was"
        assert found["float"] == pytest.approx(first, rel=1e-14)
        assert found["array"] == pytest.approx([first, one - other**2], rel=1e-14)
        assert found["function"] == pytest.approx(first, rel=1e-14)
        assert found["graph"] == pytest.approx(first, rel=1e-14)
        assert found["second"] == pytest.approx(second, rel=1e-14)
        assert found["second of arrays"] == pytest.approx([second], rel=1e-14)
        assert f"g * ({one} - " in found["generated code"]
        assert found["text"] == f"out = tanh(x)\n∂out/∂x = {one:.0f} − out²"
        assert found["latex"].endswith(f"= {one:.0f} - out^2")


def code_files():
    return sorted((ROOT / "autograd").rglob("*.py")) + sorted((ROOT / "nn").rglob("*.py"))


def is_one_minus_a_square(node):
    """``1 - x ** 2``, ``1 - x * x`` or ``1 - square(x)``, whatever x is."""
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub)):
        return False
    if not (isinstance(node.left, ast.Constant) and node.left.value == 1):
        return False
    right = node.right
    if isinstance(right, ast.Call):
        return "square" in ast.unparse(right.func)
    if isinstance(right, ast.BinOp) and isinstance(right.op, ast.Pow):
        return ast.unparse(right.right) in ("2", "2.0")
    if isinstance(right, ast.BinOp) and isinstance(right.op, ast.Mult):
        return ast.dump(right.left) == ast.dump(right.right)
    return False


def test_the_derivative_of_tanh_stands_nowhere_else():
    stated = [
        f"{file.relative_to(ROOT)}: {ast.unparse(node)}"
        for file in code_files()
        for node in ast.walk(ast.parse(file.read_text()))
        if is_one_minus_a_square(node)
    ]
    assert stated == ["autograd/rules/trigonometric.py: 1.0 - square(out)"]


def test_no_other_file_of_the_engine_computes_tanh():
    """Elsewhere it is a name that is imported, or the type of a method."""
    for file in sorted((ROOT / "autograd").rglob("*.py")):
        if file.name == "trigonometric.py":
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            used = getattr(node, "id", None) or getattr(node, "attr", None)
            assert used != "tanh", f"{file}: {ast.unparse(node)}"


def test_each_rule_stands_once():
    """No operation is entered twice, and no rule outside `rules/` is entered at all."""
    entered = [
        (file.name, node.name)
        for file in code_files()
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef)
        and any(ast.unparse(d).startswith("operation(") for d in node.decorator_list)
    ]
    names = [name for _, name in entered]
    assert len(names) == len(set(names))
    assert {file for file, _ in entered} <= {p.name for p in (ROOT / "autograd/rules").glob("*.py")}

    from autograd.op import TABLE

    assert set(names) == set(TABLE)
