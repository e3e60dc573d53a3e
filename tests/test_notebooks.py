"""Every notebook runs from a clean kernel, shows its drawings, and agrees with its text pair."""

from __future__ import annotations

from pathlib import Path

import jupytext
import nbclient
import nbformat
import pytest

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
NAMES = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))


def test_the_first_notebook_is_there():
    assert "01_a_value_that_remembers.ipynb" in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_it_runs_and_every_drawing_is_shown(name, monkeypatch):
    monkeypatch.chdir(NOTEBOOKS.parent)  # where the kernel finds this checkout
    notebook = nbformat.read(NOTEBOOKS / name, as_version=4)
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    drawn = [cell for cell in notebook.cells if cell.cell_type == "code" and "draw(" in cell.source]
    assert drawn
    for cell in drawn:
        shown = [output.get("data", {}) for output in cell.outputs]
        assert any("image/svg+xml" in data for data in shown), cell.source


@pytest.mark.parametrize("name", NAMES)
def test_it_says_what_its_text_pair_says(name):
    notebook = nbformat.read(NOTEBOOKS / name, as_version=4)
    text = jupytext.read(NOTEBOOKS / name.replace(".ipynb", ".py"))
    as_pairs = [[(cell.cell_type, cell.source) for cell in both.cells] for both in (notebook, text)]
    assert as_pairs[0] == as_pairs[1]
