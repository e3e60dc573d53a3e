"""Pictures drawn from the top down: the same boxes and edges, laid out on their side."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import combinations

import pytest
from drawings import DRAWINGS, SVG, frames, network, neuron, recurrent
from test_page_browser import FAULTS

from autograd import draw
from autograd.drawing.page import to_page


def down(drawing, **options):
    return draw(drawing.graph, names={}, direction="down", **options)


def apart(a, b):
    return a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def labels(drawing):
    """Where the labels of edges stand: left, top, right, bottom."""
    for group in ET.fromstring(drawing.svg).iter(f"{SVG}g"):
        if group.get("class") == "edge-label":
            x, y, w, h = (float(group[0].get(key)) for key in ("x", "y", "width", "height"))
            yield x, y, x + w, y + h


@pytest.mark.parametrize("drawing", DRAWINGS.values(), ids=DRAWINGS)
def test_nothing_touches(drawing):
    standing = down(drawing(), partials=True)
    boxes = [frame for _, frame, _ in frames(standing)]
    assert all(apart(a, b) for a, b in combinations(boxes, 2))
    assert all(apart(a, b) for a, b in combinations(labels(standing), 2))
    assert all(apart(a, b) for a in labels(standing) for b in boxes)


@pytest.mark.parametrize("drawing", DRAWINGS.values(), ids=DRAWINGS)
def test_edges_lead_down_from_box_to_box(drawing):
    standing = down(drawing())
    place = {key: frame for key, frame, _ in frames(standing)}
    paths = [p for p in ET.fromstring(standing.svg).iter(f"{SVG}path") if p.get("class") == "edge"]
    assert len(paths) == len(standing.picture.edges)
    for path in paths:
        left, top, right, _ = place[path.get("data-target")]
        assert place[path.get("data-source")][3] < top
        steps = re.findall(r"([MVC])([-\d. ]+)", path.get("d"))
        assert "".join(step + numbers for step, numbers in steps) == path.get("d")
        x = [numbers for step, numbers in steps if step != "V"][-1].split()[-2]
        assert left < float(x) < right
        assert float(steps[-1][1].split()[-1]) == pytest.approx(top, abs=0.11)


def test_it_has_the_same_boxes_and_is_high_instead_of_wide():
    level = recurrent()
    standing = draw(level.graph, direction="down", names={})
    level = draw(level.graph, names={})
    assert [(b.key, b.rows) for b in standing.picture.boxes] == [
        (b.key, b.rows) for b in level.picture.boxes
    ]
    assert standing.picture.edges == level.picture.edges

    def extent(drawing):
        root = ET.fromstring(drawing.svg)
        return float(root.get("width")), float(root.get("height"))

    assert extent(standing)[0] < extent(level)[0] / 3
    assert extent(standing)[1] > extent(level)[1] * 3


def test_words_and_dot_say_so():
    assert "from top to bottom" in down(neuron()).svg
    assert "from left to right" in neuron().svg
    assert "rankdir=TB;" in down(neuron()).dot
    assert "rankdir=LR;" in neuron().dot
    tags = [box for box in down(recurrent(8)).picture.boxes if box.kind == "tag"]
    assert tags
    assert all("further up" in tag.hover for tag in tags)


def test_parts_are_drawn_likewise():
    drawing = down(network())
    assert len(drawing.pictures) > 3
    assert {picture.direction for picture in drawing.pictures.values()} == {"down"}


@pytest.mark.parametrize("wrong", ["up", "LR", None, 1])
def test_there_are_two_directions(wrong):
    with pytest.raises(ValueError, match="direction is 'right' or 'down', but was given"):
        draw(neuron().graph, direction=wrong)


def test_the_page_begins_at_the_top(open_page):
    page = open_page(to_page("down", down(recurrent(), partials=True).html))
    assert page.evaluate(FAULTS) == []
    view = page.locator(".stage > svg").get_attribute("viewBox")
    x, y, _, _ = map(float, view.split())
    assert y == 0
    assert x != 0
