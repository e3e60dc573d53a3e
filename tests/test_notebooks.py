"""Every notebook runs from a clean kernel, shows its drawings, and agrees with its text pair.

The text is what is written by hand; ``python tests/test_notebooks.py`` makes the notebooks of it.
"""

from __future__ import annotations

from pathlib import Path

import jupytext
import nbclient
import nbformat
import pytest

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
NAMES = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))


def executed(name):
    """The notebook that the text pair makes, after every cell has run."""
    notebook = jupytext.read(NOTEBOOKS / name.replace(".ipynb", ".py"))
    for i, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{i:02}"  # not by chance, so that little changes when little does
    where = {"metadata": {"path": str(NOTEBOOKS.parent)}}  # there the kernel finds this checkout
    client = nbclient.NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources=where, record_timing=False
    )
    return client.execute()


def small(notebook):
    """Leave out the pages, of which each holds all of its script, where there is a picture, too."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if "image/svg+xml" in output.get("data", {}):
                output["data"].pop("text/html", None)
    return notebook


def test_the_first_notebook_is_there():
    assert "01_a_value_that_remembers.ipynb" in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_it_runs_and_every_drawing_is_shown(name):
    notebook = executed(name)
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


if __name__ == "__main__":
    for each in NAMES:
        nbformat.write(small(executed(each)), NOTEBOOKS / each)
