"""Listings and pictures, letter by letter as they are kept in ``tests/golden``.

Look at what has changed, and then renew them with ``python tests/test_draw_golden.py``.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from drawings import (
    arrays,
    constants_only,
    neuron,
    not_finite,
    odd_texts,
    recurrent,
    single_leaf,
    twice,
)

from autograd import Value, draw
from nn import MLP

GOLDEN = Path(__file__).parent / "golden"


def mlp():
    x = [Value(0.5, name="x[0]"), Value(-1.0, name="x[1]")]
    model = MLP(2, [3, 1], seed=1)
    y = model(x)
    y.name = "y"
    y.backward()
    return draw(y)  # while the model is there, and says what its parameters are called


GRAPHS = {
    "neuron": neuron,
    "mlp": mlp,
    "rnn": lambda: recurrent(8),
    "tensors": arrays,
    "twice": twice,
    "constants": constants_only,
    "leaf": single_leaf,
    "names": odd_texts,
    "not_finite": not_finite,
}


def written(name):
    """The files of a graph: its listing, its picture, and the same collapsed if that differs."""
    drawing = GRAPHS[name]()
    files = {f"{name}.txt": f"{drawing.graph}\n", f"{name}.svg": drawing.svg}
    collapsed = draw(drawing.graph, names={}, at_once=1).svg
    if collapsed != draw(drawing.graph, names={}).svg:
        files[f"{name}_collapsed.svg"] = collapsed
    return files


@pytest.mark.usefixtures("dot_or_none")
@pytest.mark.parametrize("name", GRAPHS)
def test_it_is_as_it_was(name):
    for file, content in written(name).items():
        assert (GOLDEN / file).read_text(encoding="utf-8") == content, file


def test_no_file_is_left_over():
    assert {path.name for path in GOLDEN.iterdir()} == {f for name in GRAPHS for f in written(name)}


if __name__ == "__main__":
    for old in GOLDEN.iterdir():
        old.unlink()
    for each in GRAPHS:
        for file, content in written(each).items():
            (GOLDEN / file).write_text(content, encoding="utf-8", newline="\n")
