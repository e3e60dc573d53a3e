"""The SVG: plain, complete, and nothing in it overlaps."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from drawings import DRAWINGS, SVG, extent, frames

from autograd import Value, draw
from autograd.drawing import Drawing

ROOT = Path(__file__).parents[1]


@pytest.fixture(params=DRAWINGS, scope="module")
def drawing(request) -> Drawing:
    return DRAWINGS[request.param]()


def test_the_svg_is_plain_and_complete(drawing):
    root = ET.fromstring(drawing.svg)
    assert root.get("role") == "img"
    assert [child.tag for child in root][:3] == [f"{SVG}{tag}" for tag in ("title", "desc", "rect")]
    assert root.find(f"{SVG}rect").get("fill") == "#FFFFFF"
    wide, high = float(root.get("width")), float(root.get("height"))
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "rect", "g", "path", "text"}
    assert not any(key in ("style", "id", "href") for e in root.iter() for key in e.attrib)
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
    lines = [e for e in root.iter(f"{SVG}path") if e.get("class") == "edge"]
    drawn = [(line.get("data-source"), line.get("data-target")) for line in lines]
    assert drawn == [(edge.source, edge.target) for edge in drawing.picture.edges]
    labels = [text.text for text in root.findall(f"{SVG}g[@class='edge-label']/{SVG}text")]
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


PROGRAM = """
import sys
sys.path.insert(0, "tests")
from drawings import DRAWINGS
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
