"""A program as a picture: a box a step."""

from __future__ import annotations

import programs
import pytest

import autograd
from autograd import Value, draw
from autograd.drawing.page import to_page

# What each box of a page says, by its key.
TEXTS = """() => Object.fromEntries([...document.querySelector(".glassgrad-picture").shadowRoot
  .querySelectorAll(".box")].map(box => [box.dataset.key,
    [...box.querySelectorAll("text")].map(text => text.textContent)]))"""


def drawn(make):
    loss, args, _ = make()
    y = loss(*args)
    (y.sum() if make is programs.rows else y).backward()
    return loss.program, draw(loss.program)


def test_a_box_a_step_with_its_shape_and_its_scalar_nodes():
    program, drawing = drawn(programs.moons)
    boxes = {box.name: box for box in drawing.picture.boxes}
    for k, step in enumerate(program.steps, 1):
        count = f"{step.nodes} node{'s' * (step.nodes != 1)}"
        assert boxes[f"s{k}"].rows[0] == (count, str(step.shape))
    assert boxes["s4"].symbol == "relu"
    assert boxes["s10"].last
    assert boxes["s5"].hover.startswith("s5 = s4 @ layers.1.neurons.0.wᵀ + layers.1.neurons.0.b\n")


def test_leaves_by_name_and_what_each_step_reads():
    _, drawing = drawn(programs.moons)
    name = {box.key: box.name or box.rows[0][1] for box in drawing.picture.boxes}
    edges = {(name[edge.source], name[edge.target]) for edge in drawing.picture.edges}
    assert {("xs", "s3"), ("layers.0.neurons.*.w", "s3"), ("s3", "s4"), ("s9", "s10")} <= edges
    kinds = {box.name: box.kind for box in drawing.picture.boxes}
    assert kinds["xs"] == "input"
    assert kinds["layers.0.neurons.*.b"] == "parameter"


def test_values_and_gradients_are_those_of_the_last_call():
    program, drawing = drawn(programs.lstm)
    nodes = {drawing.graph.index(node): node for node in drawing.graph.nodes}
    for box in drawing.picture.boxes:
        if box.name.startswith("s") and box.kind != "tag":
            step = program.steps[int(box.name[1:]) - 1]
            node = nodes[box.nodes[0]]
            places = step.out.places()
            assert (node.data == program.values[places]).all()
            assert (node.grad == program.gradients[places]).all()


def test_what_no_gradient_passes_has_none():
    _, drawing = drawn(programs.moons)
    rows = {box.name: dict(box.rows) for box in drawing.picture.boxes}
    assert rows["s2"]["grad"] == "–"  # −ys


@pytest.mark.parametrize("make", programs.EVERY)
@pytest.mark.parametrize("ending", [".svg", ".html", ".dot"])
def test_saved_in_every_form(make, ending, tmp_path):
    program, drawing = drawn(make)
    drawing.save(tmp_path / f"program{ending}")
    assert f"s{len(program.steps)}" in (tmp_path / f"program{ending}").read_text()


def test_a_loop_is_folded_as_in_any_graph():
    @autograd.compile
    def f(x, w):
        for _ in range(40):
            x = [(a * w).tanh() for a in x]
        return sum(x)

    f([0.5, 1.0, -1.0], Value(0.9))
    assert any(box.count > 30 for box in f.program.draw().picture.boxes)


def test_the_same_leaf_in_two_places_is_one_box():
    @autograd.compile
    def f(places):
        near = (places[0] * places[1]).exp()
        return near * places[2] * places[3]

    f([Value(1.0), Value(2.0), Value(3.0), Value(4.0)])
    names = [box.name for box in f.program.draw().picture.boxes if box.kind == "parameter"]
    assert len(names) == len(set(names))


def test_colours_show_on_programs_too():
    loss, args, _ = programs.moons()
    loss(*args).backward()
    drawing = draw(loss.program, color="gradient")
    assert drawing.picture.legend


def test_the_page_tells_each_step(open_page):
    program, drawing = drawn(programs.moons)
    page = open_page(to_page("moons", drawing.html))
    told = {each[0]: each for each in page.evaluate(TEXTS).values()}
    assert told["s4"][:3] == ["s4", "relu", "15 nodes"]
    for k, step in enumerate(program.steps, 1):
        assert str(step.shape) in told[f"s{k}"]
