"""Large graphs: folded, quickly, and each part to be opened."""

from __future__ import annotations

import cProfile
import pstats
import random

import pytest
from drawings import frames, network, recurrent

import autograd
from autograd import Tensor, Value, draw
from autograd.drawing.pictures import AHEAD
from autograd.drawing.reading import MOST, RUNS
from nn import MLP


def chain(length, step):
    y = Value(1.0)
    for _ in range(length):
        y = step(y)
    return y


def tangled(count, leaf=lambda: Value(1.0)):
    """A graph in which nothing is repeated."""
    rng = random.Random(0)
    made = [leaf() for _ in range(5)]
    while len(made) < count:
        a, b = rng.choice(made[-30:]), rng.choice(made[-30:])
        made.append(rng.choice([(a + b).sin(), a * b, (a - b).tanh()]))
    return made[-1]


def samples(count):
    model = MLP(2, [16, 16, 1], seed=1)
    return sum((model([0.1 * i, 1.0]) - 1.0) ** 2.0 for i in range(count))


def test_a_long_sum_is_one_box():
    drawing = draw(chain(100_000, lambda y: y + 1.0))
    assert [box.symbol for box in drawing.picture.boxes] == ["", "+ ×100000"]
    assert drawing.picture.boxes[-1].rows[:2] == (("", "100001 terms"), ("data", "1e5"))


def test_a_sum_with_a_name_or_a_second_use_on_the_way_is_not_hidden():
    x = [Value(float(i)) for i in range(14)]
    half = sum(x[:7])
    total = half
    for each in x[7:]:
        total = total + each
    names = {box.name for box in draw(total).picture.boxes if box.symbol == "+ ×7"}
    assert names == {"total"}
    assert "half" in {box.name for box in draw(total).picture.boxes}
    seen = draw(total * half, names={}).picture
    assert [box.symbol for box in seen.boxes if "×" in box.symbol and "+" in box.symbol] == [
        "+ ×6",
        "+ ×7",
    ]


def test_a_neuron_of_many_inputs_is_no_staircase():
    w = [Value(0.1 * i) for i in range(16)]
    x = [Value(0.2 * i) for i in range(16)]
    y = sum((a * b for a, b in zip(w, x, strict=True)), Value(0.5)).tanh()
    drawing = draw(y)
    assert [(b.name, b.symbol) for b in drawing.picture.boxes] == [
        ("", ""),
        ("mul", "×16"),
        ("", "+ ×16"),
        ("y", "tanh"),
    ]
    inside = drawing.open("mul").picture
    assert [box.name for box in inside.boxes] == ["w[0]", "x[0]", ""]
    assert len(inside.members) == 16


def test_what_comes_into_an_opened_part_keeps_its_index():
    w = [Value(0.1 * i) for i in range(5)]
    loss = sum(((w[3] * Value(float(i)) + w[1]).tanh() - w[4]) ** 2.0 for i in range(30))
    opened = draw(loss).open("pow").picture
    assert [box.name for box in opened.boxes if box.kind == "outside"] == ["w[3]", "w[1]", "w[4]"]


@pytest.mark.parametrize(
    "make",
    [
        samples,
        lambda n: chain(400 * n, lambda y: y * 0.9),
        lambda n: chain(200 * n, lambda y: (y * 0.9).tanh()),
        lambda n: sum(Value(1.0) for _ in range(400 * n)),
    ],
    ids=["samples", "powers", "steps", "sum"],
)
def test_the_work_is_in_proportion_to_the_graph(make):
    """So a million nodes take ten times as long as a hundred thousand; counted, not timed."""

    def calls(count):
        root, profile = make(count), cProfile.Profile()
        profile.runcall(draw, root, names={})
        return pstats.Stats(profile).total_calls

    once, twice, four_times = map(calls, (6, 12, 24))
    assert four_times - twice < 2.1 * (twice - once)


def test_steps_of_a_loop_are_one_box_with_a_loop():
    drawing = recurrent(100)
    step = drawing.picture.boxes[-1]
    assert (step.name, step.kind, step.last) == ("step", "group", True)
    assert step.count > 90
    assert [(edge.source, edge.target) for edge in drawing.picture.back] == [(step.key, step.key)]
    assert 'class="back"' in drawing.svg
    assert len(drawing.picture.boxes) < 30


def test_long_edges_are_tags():
    drawing = recurrent(8)
    tags = [box for box in drawing.picture.boxes if box.kind == "tag"]
    assert {tag.name for tag in tags} == {"w", "u"}
    assert all(tag.nodes and "@" in tag.key for tag in tags)
    wide = {
        box.key: left
        for box, (_, (left, *_), _) in zip(drawing.picture.boxes, frames(drawing), strict=True)
    }
    lengths = [wide[edge.target] - wide[edge.source] for edge in drawing.picture.edges]
    assert max(lengths) < 1_000


def test_every_part_opens_and_the_parts_are_all_there():
    drawing = network()
    opened = {box.opens for p in drawing.pictures.values() for box in p.boxes if box.opens}
    assert opened == set(drawing.pictures) - {""}
    shown: set[int] = set()
    for path, picture in drawing.pictures.items():
        assert drawing.open(path).picture is picture
        shown.update(i for box in picture.boxes if not box.opens for i in box.nodes)
        places = {len(member) for member in picture.members}
        assert len(places) == 1
        assert len({i for member in picture.members for i in member}) == sum(
            map(len, picture.members)
        )
    # What is folded is seen once for all; the members have the rest.
    everything = {i for p in drawing.pictures.values() for member in p.members for i in member}
    assert everything == set(range(len(drawing.graph)))
    assert shown < everything


def test_a_part_is_found_by_what_it_is_called():
    drawing = network()
    assert drawing.open("MLP").picture.trail == ("MLP",)
    assert drawing.open("MLP › layers.0").picture.trail == ("MLP", "layers.0")
    assert draw(drawing.graph, path="layers.0").path == drawing.open("layers.0").path
    with pytest.raises(
        ValueError, match=r"no part 'layers.9'.*there are 'MLP', 'mul', 'MLP › layers.0'"
    ):
        drawing.open("layers.9")


def test_where_all_is_in_one_call_its_parts_are_shown():
    model = MLP(3, [8, 8, 1], seed=0)
    names = [box.name for box in draw(model([1.0, 2.0, 3.0])).picture.boxes]
    assert names == ["layers.0", "layers.1", "layers.2"]


def test_one_that_comes_from_outside_keeps_its_whole_name():
    model = MLP(3, [4, 4, 1], seed=1)
    drawing = draw(sum((model([i, 1.0, 2.0]) - 1.0) ** 2.0 for i in range(4)))
    outside = [b for b in drawing.open("layers.2").picture.boxes if b.kind == "outside"]
    names = [box.name for box in outside if not box.symbol]
    assert sorted(names) == [
        "layers.2.neurons.0.b",
        *(f"layers.2.neurons.0.w[{i}]" for i in range(4)),
    ]


def test_a_term_is_called_by_what_it_holds():
    names = {box.name for box in draw(samples(5)).picture.boxes}
    assert "MLP … pow" in names


def test_what_has_no_equal_parts_is_shown_in_runs():
    drawing = draw(tangled(2_000))
    assert len(drawing.picture.boxes) <= RUNS + MOST
    assert drawing.picture.boxes[0].name == "part 1"
    assert all(len(p.boxes) < 2 * MOST for p in drawing.pictures.values())


def test_a_hundred_thousand_nodes_are_drawn():
    """`benchmarks.drawing` says how long it takes."""
    drawing = draw(samples(150))
    assert len(drawing.graph) > 90_000
    assert drawing.svg
    assert len(drawing.picture.boxes) < 10


def test_of_very_much_the_innermost_is_read_when_it_is_opened():
    root = tangled(20_000)
    drawing = draw(root)
    ahead = list(drawing.pictures.outermost())
    assert sum(len(drawing.pictures[path].boxes) for path in ahead) <= AHEAD
    *_, inner = drawing.pictures
    assert len(ahead) < len(drawing.pictures) == len(set(drawing.pictures))
    for node in drawing.graph.nodes:
        node.grad = 7.0

    def gradients(path):
        return {
            row[1] for box in drawing.pictures[path].boxes for row in box.rows if "grad" in row[0]
        }

    assert {value for path in ahead for value in gradients(path)} == {"–"}
    assert gradients(inner) <= {"7", "≤ 7"}


def test_many_tensors_in_which_nothing_repeats_are_drawn():
    """Few of the arrays in them are written out: that alone would take many seconds."""
    drawing = draw(tangled(30_000, lambda: Tensor([0.1, 0.2], requires_grad=True)).sum())
    assert len(drawing.graph) > 20_000
    assert len(drawing.picture.boxes) <= RUNS + MOST
    assert drawing.svg


def test_a_deep_chain_needs_no_recursion():
    drawing = draw(chain(30_000, lambda y: y.tanh() * 1.01))
    assert len(drawing.picture.boxes) < 10


def test_constants_of_one_operation_are_one_box_where_they_are_many():
    t = Tensor(1.0, requires_grad=True, name="t")
    few, many = (autograd.stack([t, *map(float, range(n))]) for n in (4, 100))
    assert [box.kind for box in draw(few).picture.boxes].count("constant") == 4
    drawing = draw(many)
    assert [(b.name, b.symbol) for b in drawing.picture.boxes] == [
        ("t", ""),
        ("constants", "×100"),
        ("many", "stack"),
    ]
    assert [edge.label for edge in drawing.picture.edges] == [
        "1",
        "2,3,4,5,6,7,8…,98,99,100,101 ×100",
    ]
    assert "constants 0.0, 1.0, 2.0" in drawing.svg


def test_an_operation_of_very_many_operands_is_a_few_boxes():
    x = [Tensor(float(i)) for i in range(20_000)]
    x[0].requires_grad = True
    y = autograd.stack(x)
    assert len(draw(y, names={}).picture.boxes) < 10  # takes a minute if they are compared in pairs
