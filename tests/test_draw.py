"""The drawing: nothing overlaps, nothing is missing, nothing changes from run to run."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest

from autograd import Tensor, Value, draw
from autograd.drawing import Drawing
from autograd.drawing.align import heights
from autograd.drawing.layers import columns_of, in_layers
from autograd.drawing.layout import Layout, lay_out
from autograd.drawing.picture import MOST_BOXES, Edge
from autograd.text import LONGEST, clean, number, width
from autograd.variables import find_names

ROOT = Path(__file__).parents[1]
SVG = "{http://www.w3.org/2000/svg}"


def neuron():
    x1, x2, w1, w2 = Value(2.0), Value(0.0), Value(-3.0), Value(1.0)
    b = Value(6.8813735870195432)
    n = x1 * w1 + x2 * w2 + b
    o = n.tanh()
    o.backward()
    return draw(o)


def twice():
    a = Value(3.0)
    return draw(a + a)


def mlp(*sizes):
    random.seed(0)
    h = [Value(random.uniform(-1, 1), name=f"x[{i}]") for i in range(sizes[0])]
    for size in sizes[1:]:
        layer = []
        for _ in range(size):
            total = Value(random.uniform(-1, 1))
            for x in h:
                total = total + x * Value(random.uniform(-1, 1))
            layer.append(total.tanh())
        h = layer
    h[0].backward()
    return draw(h[0])


def recurrent():
    w, u, h = Value(0.5), Value(-1.25), Value(0.0)
    for x in range(4):
        h = (w * h + u * float(x)).relu() - h / 3.0
    return draw(h)


def arrays():
    X = Tensor(np.ones((8, 3)), name="X")
    W = Tensor(np.full((3, 4), 0.1), requires_grad=True, name="W")
    loss = (((X @ W).tanh() - np.zeros((8, 4))) ** 2.0).sum() / 32.0
    loss.backward()
    return draw(loss)


def odd_texts():
    a = Value(-0.08846, name='<b>&"x" 🙂 \x00\ud800]]>')
    b = Value(-1.23456e-120, name="W" * 300)
    y = a * b - Value(float("nan"), name="中文变量" * 5)
    y.name = "line\nbreak \\N 'q'"
    return draw(y)


def single_leaf():
    return draw(Value(1.0), names={})


def dag(count, seed):
    random.seed(seed)
    made = [Value(1.0) for _ in range(count // 4)]
    while len(made) < count:
        made.append(random.choice(made[-30:]) + random.choice(made[-30:]) * 0.5)
    return draw(made[-1])


DRAWINGS = {
    "neuron": neuron,
    "twice": twice,
    "mlp": lambda: mlp(2, 3, 2, 1),
    "wide mlp": lambda: mlp(4, 8, 6, 1),
    "recurrent": recurrent,
    "arrays": arrays,
    "odd texts": odd_texts,
    "single leaf": single_leaf,
    "dag": lambda: dag(120, 1),
}


@pytest.fixture(params=DRAWINGS, scope="module")
def drawing(request) -> Drawing:
    return DRAWINGS[request.param]()


def frames(drawing):
    """The outer frame of each box as (left, top, right, bottom), and its group, by key."""
    for group in ET.fromstring(drawing.svg).iter(f"{SVG}g"):
        rect = group.find(f"{SVG}rect")
        x, y, w, h = (float(rect.get(k)) for k in ("x", "y", "width", "height"))
        yield group.get("data-key"), (x, y, x + w, y + h), group


def extent(text):
    """Where a text begins and ends, by the estimate of its width."""
    wide = width(
        text.text, float(text.get("font-size", 12)), bold=text.get("font-weight") == "bold"
    )
    x = float(text.get("x"))
    return {"end": (x - wide, x), "middle": (x - wide / 2, x + wide / 2)}.get(
        text.get("text-anchor"), (x, x + wide)
    )


# ---------------------------------------------------------------- what is in the picture


def test_a_neuron_is_told_whole():
    picture = neuron().picture
    assert [(box.name, box.symbol, box.kind) for box in picture.boxes] == [
        ("x1", "", "leaf"),
        ("w1", "", "leaf"),
        ("", "×", "operation"),
        ("x2", "", "leaf"),
        ("w2", "", "leaf"),
        ("", "×", "operation"),
        ("", "+", "operation"),
        ("b", "", "leaf"),
        ("n", "+", "operation"),
        ("o", "tanh", "output"),
    ]
    assert picture.boxes[-1].rows == (("data", "0.7071"), ("grad", "1"))
    assert picture.boxes[0].rows == (("data", "2"), ("grad", "−1.5"))
    assert "data = 0.707106781186547" in picture.boxes[-1].hover
    assert [(edge.source, edge.target) for edge in picture.edges][-2:] == [
        ("n7", "n8"),
        ("n8", "n9"),
    ]


def test_parallel_edges_are_one_edge_that_counts():
    assert twice().picture.edges == (Edge("n0", "n1", 2, ()),)
    assert "×2" in twice().svg
    assert "×2" in twice().dot
    assert "×2" not in neuron().svg


def test_operands_are_numbered_where_their_order_matters():
    a, b = Value(3.0), Value(2.0)
    labels = {
        name: [edge.label for edge in draw(node).picture.edges]
        for name, node in {
            "a - b": a - b,
            "a / b": a / b,
            "a ** 2": a**2.0,
            "a + b": a + b,
            "a * b": a * b,
            "a - a": a - a,
            "-a": -a,
        }.items()
    }
    assert labels == {
        "a - b": ["1", "2"],
        "a / b": ["1", "2"],
        "a ** 2": ["1", "2"],
        "a + b": ["", ""],
        "a * b": ["", ""],
        "a - a": ["×2"],
        "-a": [""],
    }
    W = Tensor(np.ones((2, 2)), requires_grad=True)
    assert [edge.label for edge in draw(W @ np.eye(2)).picture.edges] == ["1", "2"]


def test_every_constant_has_a_box_of_its_own():
    a = Value(3.0)
    boxes = draw((a**2.0) * 2.0).picture.boxes
    assert [box.rows for box in boxes if box.kind == "constant"] == [(("", "2"),), (("", "2"),)]


def test_a_gradient_that_was_never_computed_is_a_dash():
    a = Value(3.0)
    y = a * 0.0
    assert {box.rows[-1] for box in draw(y).picture.boxes if box.kind != "constant"} == {
        ("grad", "–")
    }
    y.backward()
    assert ("grad", "0") in draw(a).picture.boxes[0].rows  # computed, and zero


def test_tensors_tell_their_type_and_shape_and_the_value_if_it_is_one():
    picture = arrays().picture
    boxes = {box.name: box for box in picture.boxes}
    assert boxes["X"].rows == (("float64", "(8, 3)"), ("grad", "–"))
    assert boxes["W"].rows[0] == ("float64", "(3, 4)")
    assert boxes["W"].rows[1][0] == "|grad|"
    assert picture.boxes[-1].rows == (("float64", "()"), ("data", "0.08486"), ("grad", "1"))
    assert "array" not in boxes["W"].hover
    assert "[[0.1, 0.1, 0.1, 0.1]" in boxes["W"].hover
    assert [box.rows for box in picture.boxes if box.kind == "constant"] == [
        (("float64", "(8, 4)"),),
        (("", "2"),),
        (("", "32"),),
    ]


def test_a_picture_does_not_change_afterwards():
    a = Value(3.0, name="a")
    drawing = draw(a)
    a.data = 4.0
    assert "4" not in drawing.picture.boxes[0].rows[0][1]
    assert ">3<" in drawing.svg


def test_a_single_leaf_is_drawn_as_a_leaf():
    assert [box.kind for box in single_leaf().picture.boxes] == ["leaf"]


# ---------------------------------------------------------------- names


def test_own_name_then_local_then_global(monkeypatch):
    monkeypatch.setitem(globals(), "shadowed", Value(1.0))
    monkeypatch.setitem(globals(), "shared", Value(2.0))
    hidden = globals()["shadowed"]
    shadowed = Value(3.0)
    named = Value(4.0, name="mine")
    _private = Value(5.0)
    y = shadowed * hidden + globals()["shared"] * named + _private
    names = {box.rows[0][1]: box.name for box in draw(y).picture.boxes if box.kind == "leaf"}
    assert names == {"3": "shadowed", "1": "hidden", "2": "shared", "4": "mine", "5": ""}


def test_lists_give_names_with_indices_and_the_first_name_wins():
    w = [[Value(1.0), Value(2.0)], (Value(3.0), "no node")]
    again = w[0][1]
    y = w[0][0] * again + w[1][0]
    boxes = draw(y).picture.boxes
    assert {box.rows[0][1]: box.name for box in boxes if box.kind == "leaf"} == {
        "1": "w[0][0]",
        "2": "w[0][1]",
        "3": "w[1][0]",
    }
    assert draw(y, names={"k": again, "w": w}).picture.boxes[1].name == "k"
    assert {box.name for box in draw(y, names={}).picture.boxes} == {""}


def test_a_list_that_contains_itself_is_searched_once():
    a = Value(1.0)
    loop: list[object] = [a]
    loop.insert(0, loop)
    assert find_names([a], {"loop": loop}) == {id(a): "loop[1]"}


# ---------------------------------------------------------------- numbers and texts


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.881373587, "0.8814"),
        (-0.5, "−0.5"),
        (2, "2"),
        (1e-7, "1e−7"),
        (123456.0, "1.235e5"),
        (float("nan"), "nan"),
        (float("-inf"), "−inf"),
        (-0.0, "−0"),
        (np.float32(0.1), "0.1"),
        (True, "1"),
    ],
)
def test_numbers_have_four_digits_and_a_real_minus(value, written):
    assert number(value) == written


def test_nan_and_infinity_are_drawn():
    a, b = Value(float("nan"), name="a"), Value(float("inf"), name="b")
    svg = draw(a * b).svg
    assert ">nan<" in svg
    assert ">inf<" in svg


def test_names_are_escaped_and_cleaned():
    drawing = odd_texts()
    names = [box.name for box in drawing.picture.boxes if box.kind == "leaf"]
    assert names[0] == '<b>&"x" 🙂 \N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}]]>'
    assert len(names[1]) == LONGEST
    assert "&lt;b&gt;&amp;&quot;x&quot; 🙂" in drawing.svg
    texts = [text.text for text in ET.fromstring(drawing.svg).iter(f"{SVG}text")]
    assert names[0] in texts
    assert "line break \\N 'q'" in texts
    assert clean("👩\N{ZERO WIDTH JOINER}🚀") == "👩\N{ZERO WIDTH JOINER}🚀"


# ---------------------------------------------------------------- the SVG


def test_the_svg_is_plain_and_complete(drawing):
    root = ET.fromstring(drawing.svg)
    assert root.get("role") == "img"
    assert [child.tag for child in root][:3] == [f"{SVG}{tag}" for tag in ("title", "desc", "rect")]
    assert root.find(f"{SVG}rect").get("fill") == "#FFFFFF"
    wide, high = float(root.get("width")), float(root.get("height"))
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "rect", "g", "path", "text"}
    assert not any(key in ("style", "class", "id") for e in root.iter() for key in e.attrib)
    for _, (left, top, right, bottom), _ in frames(drawing):
        assert 8 <= left < right <= wide - 8
        assert 8 <= top < bottom <= high - 8


def test_letters_are_never_small(drawing):
    sizes = [e.get("font-size") for e in ET.fromstring(drawing.svg).iter() if e.get("font-size")]
    assert min(map(float, sizes)) >= 11


def test_boxes_do_not_touch(drawing):
    boxes = list(frames(drawing))
    assert [key for key, _, _ in boxes] == [box.key for box in drawing.picture.boxes]
    for (_, a, _), (_, b, _) in combinations(boxes, 2):
        assert a[2] + 10 < b[0] or b[2] + 10 < a[0] or a[3] + 10 < b[1] or b[3] + 10 < a[1]


def test_no_text_leaves_its_box_or_meets_another(drawing):
    for _, (left, top, right, bottom), group in frames(drawing):
        lines: dict[float, list[tuple[float, float]]] = {}
        for text in group.iter(f"{SVG}text"):
            start, end = extent(text)
            assert left + 3 < start < end < right - 3, text.text
            assert top + 9 < float(text.get("y")) < bottom - 3, text.text
            lines.setdefault(round(float(text.get("y"))), []).append((start, end))
        assert all(a[1] <= b[0] for line in lines.values() for a, b in pairwise(sorted(line)))


def test_every_edge_is_drawn_once_and_labelled(drawing):
    root = ET.fromstring(drawing.svg)
    drawn = [tuple(e.get("data-edge").split()) for e in root.iter() if e.get("data-edge")]
    assert drawn == [(edge.source, edge.target) for edge in drawing.picture.edges]
    labels = [text.text for text in root.findall(f"{SVG}text")]
    assert labels == [edge.label for edge in drawing.picture.edges if edge.label]


def test_the_kinds_are_told_apart_without_colour():
    looks = {}
    a = Value(1.0)
    drawing = draw((a * 2.0).tanh())
    for box, (_, _, group) in zip(drawing.picture.boxes, frames(drawing), strict=True):
        rects = group.findall(f"{SVG}rect")
        keys = ("rx", "stroke-width", "stroke-dasharray")
        looks[box.kind] = (len(rects), *(rects[0].get(key) for key in keys))
    assert len(set(looks.values())) == len(looks) == 4


# ---------------------------------------------------------------- the layout, numbers only


def random_graph(seed):
    rng = random.Random(seed)
    count = rng.randrange(2, 120)
    sizes = [(rng.uniform(20, 200), rng.uniform(20, 90)) for _ in range(count)]
    edges = {(rng.randrange(max(0, i - 25), i), i) for i in range(1, count) for _ in range(2)}
    return sizes, sorted(edges, key=lambda edge: (edge[1], edge[0]))


def sampled(route):
    """Points of a route, close together: straight stretches and cubic curves."""
    for (x0, y0), (x1, y1) in pairwise(route):
        for i in range(21):
            t = i / 20
            half = (x0 + x1) / 2
            x = (1 - t) ** 3 * x0 + 3 * t * (1 - t) * half + t**3 * x1
            yield x, y0 + (y1 - y0) * t * t * (3 - 2 * t)


@pytest.mark.parametrize("seed", range(25))
def test_layout_keeps_boxes_apart_and_edges_out_of_boxes(seed):
    sizes, edges = random_graph(seed)
    layout = lay_out(sizes, edges)
    rects = [(x, y, x + w, y + h) for (x, y), (w, h) in zip(layout.corners, sizes, strict=True)]
    for a, b in combinations(rects, 2):
        assert a[2] < b[0] or b[2] < a[0] or a[3] + 10 < b[1] or b[3] + 10 < a[1]
    for left, top, right, bottom in rects:
        assert 0 < left < right < layout.width
        assert 0 < top < bottom < layout.height
    for route in layout.routes:
        assert all(a[0] < b[0] for a, b in pairwise(route))
        for x, y in sampled(route):
            assert not any(
                left + 1 < x < right - 1 and top + 1 < y < bottom - 1
                for left, top, right, bottom in rects
            )


@pytest.mark.parametrize("seed", range(25))
def test_every_route_leads_from_its_source_to_its_target(seed):
    sizes, edges = random_graph(seed)
    layout = lay_out(sizes, edges)
    drawn: dict[int, list[tuple[float, float]]] = {}  # where a source's lines have led so far
    for (source, target), route in sorted(
        zip(edges, layout.routes, strict=True), key=lambda pair: pair[1]
    ):
        (x, y), (w, h) = layout.corners[source], sizes[source]
        begin = drawn.setdefault(source, [(x + w, y + h / 2)])
        assert any(route[0] == pytest.approx(point, abs=0.06) for point in begin)
        begin.extend(route)
        (x, y), (w, h) = layout.corners[target], sizes[target]
        assert route[-1][0] == pytest.approx(x)
        assert y < route[-1][1] < y + h


def test_a_chain_is_straight_and_what_joins_it_comes_from_the_side():
    # 0 → 2 → 4 → 6, joined by the leaves 1, 3 and 5
    edges = [(0, 2), (1, 2), (2, 4), (3, 4), (4, 6), (5, 6)]
    layout = lay_out([(50.0, 40.0)] * 7, edges)
    tops = [y for _, y in layout.corners]
    assert tops[2] == tops[4] == tops[6]
    assert tops[3] == tops[5] != tops[4]
    assert tops[0] + tops[1] == pytest.approx(2 * tops[2])  # two equals stand evenly about it


def test_edges_of_a_tree_do_not_cross():
    edges = [(0, 2), (1, 2), (3, 5), (4, 5), (2, 6), (5, 6), (7, 8), (6, 8)]
    assert in_layers(9, edges).crossings() == 0


def test_a_crossing_that_can_be_undone_is_undone():
    edges = [(0, 3), (1, 2), (0, 4), (1, 4), (2, 5), (3, 5), (4, 5)]
    assert in_layers(6, edges).crossings() == 0


def test_columns_go_right_along_every_edge():
    for seed in range(25):
        sizes, edges = random_graph(seed)
        columns = columns_of(len(sizes), edges)
        assert min(columns) == 0
        assert all(columns[source] < columns[target] for source, target in edges)


def test_an_operation_on_shared_values_stands_close_to_them():
    # 0 and 1 are used at once by a chain that starts with 3, and by 2, which waits for its end
    chain = [(0, 3), (1, 3), (3, 4), (4, 5), (5, 6)]
    assert columns_of(7, [(0, 2), (1, 2), *chain, (2, 6)]) == [0, 0, 1, 1, 2, 3, 4]


def test_few_edges_cross():
    graphs = map(random_graph, range(25))
    assert sum(in_layers(len(sizes), edges).crossings() for sizes, edges in graphs) < 5_000


def test_long_edges_are_straight():
    straight = []
    for sizes, edges in map(random_graph, range(25)):
        layers = in_layers(len(sizes), edges)
        y = heights(layers, lambda upper, lower: 50.0)
        bends = range(len(sizes), len(y))
        straight += [y[u] == y[v] for u in bends for v in layers.right[u] if v in bends]
    assert sum(straight) > 0.8 * len(straight)


def test_settling_makes_edges_shorter(monkeypatch):
    def rise():
        layouts = (lay_out(*random_graph(seed)) for seed in range(25))
        routes = (route for layout in layouts for route in layout.routes)
        return sum(abs(a[1] - b[1]) for route in routes for a, b in pairwise(route))

    settled = rise()
    monkeypatch.setattr(sys.modules[lay_out.__module__], "settle", lambda *_: None)
    assert settled < 0.9 * rise()


def test_a_long_shared_edge_is_laid_once():
    w = 0
    edges = [(i - 1, i) for i in range(1, 41)] + [(w, i) for i in range(2, 41)]
    layout = lay_out([(50.0, 40.0)] * 41, edges)
    assert isinstance(layout, Layout)
    assert sum(map(len, layout.routes)) < 6 * len(edges)


# ---------------------------------------------------------------- large graphs


def chain(length):
    y = Value(1.0)
    for _ in range(length):
        y = y + 1.0
    return y


def test_a_deep_graph_needs_no_recursion():
    drawing = draw(chain(900))
    assert len(drawing.picture.boxes) == 1801
    assert len(list(frames(drawing))) == 1801


def test_too_large_a_graph_says_so():
    with pytest.raises(ValueError, match="more than 2,000 boxes"):
        draw(chain(100_000))
    with pytest.raises(ValueError, match="more than 2,000 boxes"):
        draw(chain(MOST_BOXES // 2))  # 1 + 2 × 1,000: one too many
    assert len(draw(chain(MOST_BOXES // 2 - 1)).picture.boxes) == MOST_BOXES - 1


# ---------------------------------------------------------------- the same from run to run

PROGRAM = """
import sys
sys.path.insert(0, "tests")
from test_draw import DRAWINGS
for make in DRAWINGS.values():
    print(ascii(make().svg), ascii(make().dot))
"""


def test_output_is_the_same_in_every_process():
    outputs = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("0", "1")
    }
    assert len(outputs) == 1
    assert len(outputs.pop()) > 100_000


# ---------------------------------------------------------------- the Drawing


def test_autograd_draw_is_the_function_however_it_is_imported():
    for first in ("import autograd.drawing.svg", "from autograd.drawing import Drawing", ""):
        program = f"{first}\nimport autograd\nfrom autograd import draw\nprint(autograd.draw, draw)"
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
        )
        assert done.stdout.count("<function draw") == 2


@pytest.mark.parametrize("wrong", [3, "y", None, [Value(1.0)], Value, np.ones(3)])
def test_what_is_not_a_node_is_refused(wrong):
    with pytest.raises(TypeError, match=f"a Value or a Tensor.*{type(wrong).__name__}"):
        draw(wrong)


def test_it_shows_itself():
    drawing = neuron()
    assert repr(drawing) == "<Drawing of 10 boxes, 9 edges>"
    assert repr(single_leaf()) == "<Drawing of 1 box, 0 edges>"
    assert drawing._repr_mimebundle_(include=None, exclude=None) == {
        "image/svg+xml": drawing.svg,
        "text/plain": repr(drawing),
    }
    assert drawing.svg is drawing.svg  # made once


@pytest.mark.parametrize("name", ["g.svg", "g.SVG", "g.dot", "g.gv"])
def test_save_writes_what_the_ending_says(tmp_path, name):
    drawing = odd_texts()
    (tmp_path / name).write_text("old")
    drawing.save(tmp_path / name)
    expected = drawing.svg if name.lower().endswith("svg") else drawing.dot
    assert (tmp_path / name).read_bytes().decode() == expected
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_save_takes_a_string_and_a_bare_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    neuron().save("g.svg")
    assert ET.parse("g.svg").getroot().tag == f"{SVG}svg"


@pytest.mark.parametrize("name", ["g.png", "g", ".svg", "g.svg.txt"])
def test_save_refuses_other_endings(tmp_path, name):
    with pytest.raises(ValueError, match=r"\.svg, \.dot or \.gv.*given.*" + name):
        neuron().save(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_save_is_all_or_nothing(tmp_path, monkeypatch):
    (tmp_path / "g.svg").write_text("old")

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        neuron().save(tmp_path / "g.svg")
    assert (tmp_path / "g.svg").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["g.svg"]


# ---------------------------------------------------------------- DOT


def test_dot_has_every_box_and_every_edge():
    dot = recurrent().dot.splitlines()
    picture = recurrent().picture
    assert [line.split()[0] for line in dot if " [label=<" in line] == [
        b.key for b in picture.boxes
    ]
    arrows = [line.strip().rstrip(";").split(" [")[0] for line in dot if "->" in line]
    assert arrows == [f"{edge.source} -> {edge.target}" for edge in picture.edges]
    assert recurrent().to_graphviz().source == recurrent().dot


def test_dot_takes_a_backslash_for_what_it_is():
    assert (
        r'tooltip="back\\N &quot;slash&quot;: leaf\ndata = 1.0'
        in draw(Value(1.0, name=r'back\N "slash"')).dot
    )


@pytest.mark.skipif(shutil.which("dot") is None, reason="needs Graphviz")
def test_graphviz_accepts_it(drawing):
    done = subprocess.run(
        ["dot", "-Tsvg"], input=drawing.dot.encode(), capture_output=True, check=True
    )
    assert done.stderr == b""
    nodes = [g for g in ET.fromstring(done.stdout).iter(f"{SVG}g") if g.get("class") == "node"]
    assert len(nodes) == len(drawing.picture.boxes)
