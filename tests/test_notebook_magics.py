"""``%%graph`` and ``%%steps``, in a real IPython."""

from __future__ import annotations

import re
import sys

import pytest
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from autograd import Drawing, Value
from autograd.drawing.page import Stepper


@pytest.fixture
def shell(tmp_path, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])  # which it replaces
    shell = InteractiveShell(config=Config(HistoryManager={"enabled": False}))
    shell.run_cell("%load_ext autograd").raise_error()
    shell.run_cell("from autograd import Value").raise_error()
    shell.run_cell("w, x = Value(2.0), Value(3.0)").raise_error()
    return shell


def run(shell, cell):
    """What the notebook shows below a cell."""
    result = shell.run_cell(cell)
    result.raise_error()
    return result.result


def names(drawing):
    assert isinstance(drawing, Drawing)
    return [box.name for box in drawing.picture.boxes]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("w * x", ["w", "x", ""]),
        ("y = w * x", ["w", "x", "y"]),
        ("y = w * x\ny.backward()", ["w", "x", "y"]),
        ("y = w * x\nprint(y.data)", ["w", "x", "y"]),
        ("y = w * x\nz = 3.0", ["w", "x", "y"]),
        ("y = w * x; z = y.data", ["w", "x", "y"]),
        ("a = b = w * x", ["w", "x", "a"]),
        ("y = w\nfor _ in range(2):\n    y = y * x", ["w", "x", "", "y"]),
        ("with autograd.scope('s'):\n    y = w * x", ["w", "x", "y"]),
        ("y: Value = w\ny *= x", ["w", "x", "y"]),
        ("if (y := w * x) > 1.0:\n    pass", ["w", "x", "y"]),
        ("y = w * x\ndef f():\n    z = w\n    return z", ["w", "x", "y"]),
        ("q = w\nq * x", ["q", "x", ""]),
        ("w", ["w"]),
    ],
)
def test_the_last_node_is_drawn_with_the_names_of_the_cell(shell, cell, expected):
    run(shell, "import autograd")
    assert names(run(shell, f"%%graph\n{cell}")) == expected


def test_steps_are_shown_with_the_names_of_the_cell(shell):
    stepper = run(shell, "%%steps\ny = (w * x).tanh()\ny.backward()")
    assert isinstance(stepper, Stepper)
    assert [s.labels[s.node] for s in stepper.steps[:3]] == ["n1", "y", "y"]
    assert str(stepper.steps[0]) == "n1 = w · x = 2 × 3 = 6"
    assert "<script" in stepper._repr_mimebundle_()["text/html"]


def test_variables_stay_and_what_a_cell_shows_is_shown(shell, capsys):
    drawing = run(shell, "%%graph\ny = w * x\ny.backward()\ny.data")
    assert "6.0" in capsys.readouterr().out
    assert shell.user_ns["y"].grad == 1.0
    assert '"grad", "1"' in repr(drawing.picture.boxes[-1].rows).replace("'", '"')
    assert run(shell, "y.data") == 6.0


def test_lines_of_a_cell_can_be_magics_too(shell):
    assert names(run(shell, "%%graph\ny = w * x\n%time pass")) == ["w", "x", "y"]


@pytest.mark.parametrize(
    ("cell", "error", "says"),
    [
        ("%%graph\nprint(3)", UsageError, "%%graph shows the last Value or Tensor of a cell"),
        ("%%steps\n3.0", UsageError, "%%steps shows the last Value or Tensor of a cell"),
        ("%%graph\nn = 3.0", UsageError, "end it with one, or assign one"),
        ("%%graph loss\nw", UsageError, "takes nothing beside it, but was given 'loss'"),
        ("%%graph\ny = w * x\n1 / 0", ZeroDivisionError, "division by zero"),
        ("%%graph\ny = w *", SyntaxError, "invalid syntax"),
        ("%%graph\nunknown", NameError, "unknown"),
    ],
)
def test_errors(shell, cell, error, says, capsys):
    result = shell.run_cell(cell)
    assert result.result is None
    assert says in capsys.readouterr().out + str(result.error_in_exec)
    with pytest.raises(error):
        result.raise_error()


def test_a_traceback_shows_the_line_of_the_cell(shell, capsys):
    shell.run_cell("%%graph\ny = w * x\n(y - 7.0).log()")
    shown = re.sub(r"\x1b\[[\d;]*m", "", capsys.readouterr().out)
    assert "----> 2 (y - 7.0).log()" in shown
    assert "in log(x=-1.0)" in shown


def test_what_ran_before_an_error_stays(shell):
    assert not shell.run_cell("%%graph\ny = w * x\n1 / 0").success
    assert isinstance(shell.user_ns["y"], Value)
