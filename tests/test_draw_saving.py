"""The Drawing: what it takes, how it shows and saves itself, and what Graphviz makes of it."""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from drawings import DRAWINGS, SVG, neuron, odd_texts, recurrent, single_leaf

from autograd import Graph, Value, draw
from autograd.drawing.drawing import to_png

ROOT = Path(__file__).parents[1]


def test_autograd_draw_is_the_function_however_it_is_imported():
    for first in ("import autograd.drawing.svg", "from autograd.drawing import Drawing", ""):
        program = f"{first}\nimport autograd\nfrom autograd import draw\nprint(autograd.draw, draw)"
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
        )
        assert done.stdout.count("<function draw") == 2


@pytest.mark.parametrize("wrong", [3, "y", None, Value, np.ones(3)])
def test_what_is_not_a_node_is_refused(wrong):
    with pytest.raises(TypeError, match=f"a Value or a Tensor.*{type(wrong).__name__}"):
        draw(wrong)


def test_a_page_is_of_the_time_when_it_was_drawn(tmp_path):
    w = Value(2.0, name="w")
    y = w * w
    before, later = draw(y), draw(y)
    html = before.html
    y.backward()
    w.data = 7.0
    assert later.html == html
    before.save(tmp_path / "g.html")
    page = (tmp_path / "g.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert html in page


@pytest.mark.usefixtures("dot_or_none")
def test_it_shows_itself():
    drawing = neuron()
    assert repr(drawing) == "<Drawing of 10 boxes, 9 edges>"
    assert repr(single_leaf()) == "<Drawing of 1 box, 0 edges>"
    assert drawing._repr_mimebundle_(include=None, exclude=None) == {
        "text/html": drawing.html,
        "image/svg+xml": drawing.svg,
        "text/plain": repr(drawing),
    }
    assert drawing.svg is drawing.svg  # made once


@pytest.mark.usefixtures("dot_or_none")
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


@pytest.mark.parametrize("name", ["g.jpg", "g", ".svg", "g.svg.txt"])
def test_save_refuses_other_endings(tmp_path, name):
    with pytest.raises(ValueError, match=r"\.svg, \.png, \.html, \.dot or \.gv.*given.*" + name):
        neuron().save(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_save_says_that_there_is_no_such_folder(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"there is no folder.*nowhere"):
        neuron().save(tmp_path / "nowhere" / "g.svg")


def test_a_png_is_twice_as_fine_and_has_the_text_in_it(tmp_path):
    drawing = neuron()
    drawing.save(tmp_path / "g.png")
    content = (tmp_path / "g.png").read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    root = ET.fromstring(drawing.svg)
    wide, high = (2 * float(root.get(key)) for key in ("width", "height"))
    assert struct.unpack(">II", content[16:24]) == (round(wide), round(high))
    without = re.sub("<text.*</text>", "", drawing.svg)
    assert len(content) > 1.5 * len(to_png(without))


def test_a_png_says_what_it_needs(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(ImportError, match=r"glassgrad\[png\]"):
        neuron().save(tmp_path / "g.png")
    assert not list(tmp_path.iterdir())


def test_an_unwritable_folder_is_told_by_the_system(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied", str(tmp_path))

    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    with pytest.raises(PermissionError, match=r"save cannot write .*g\.svg.*: Permission denied"):
        neuron().save(tmp_path / "g.svg")
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


def test_dot_has_every_box_and_every_edge():
    dot = recurrent().dot.splitlines()
    picture = recurrent().picture
    assert [line.split('"')[1] for line in dot if " [label=<" in line] == [
        b.key for b in picture.boxes
    ]
    arrows = [line.strip().rstrip(";").split(" [")[0] for line in dot if "->" in line]
    assert arrows == [f'"{edge.source}" -> "{edge.target}"' for edge in picture.edges]
    assert recurrent().to_graphviz().source == recurrent().dot


def test_dot_takes_a_backslash_for_what_it_is():
    assert (
        r'tooltip="back\\N &quot;slash&quot;: leaf\ndata = 1.0'
        in draw(Value(1.0, name=r'back\N "slash"')).dot
    )


@pytest.mark.skipif(shutil.which("dot") is None, reason="needs Graphviz")
@pytest.mark.parametrize("name", DRAWINGS)
def test_graphviz_accepts_it(name):
    drawing = DRAWINGS[name]()
    done = subprocess.run(
        ["dot", "-Tsvg"], input=drawing.dot.encode(), capture_output=True, check=True
    )
    assert done.stderr == b""
    nodes = [g for g in ET.fromstring(done.stdout).iter(f"{SVG}g") if g.get("class") == "node"]
    assert len(nodes) == len(drawing.picture.boxes)


def without_dot(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))


def test_without_dot_all_else_works(tmp_path, monkeypatch):
    without_dot(monkeypatch, tmp_path)
    drawing = neuron()
    assert drawing.svg.startswith("<svg")
    assert drawing.to_graphviz().source == drawing.dot
    with pytest.raises(RuntimeError, match=r"`dot` of Graphviz.*not on the PATH.*leave engine out"):
        draw(Value(1.0), engine="dot")


@pytest.mark.skipif(shutil.which("dot") is None, reason="needs Graphviz")
def test_with_dot_it_lays_out_the_same_boxes(tmp_path):
    x = Value(2.0)
    drawing = draw(x * 2.0 - x, engine="dot")
    titles = [t.text for t in ET.fromstring(drawing.svg).iter(f"{SVG}title")]
    assert {box.key for box in drawing.picture.boxes} < set(titles)
    drawing.save(tmp_path / "g.svg")
    assert (tmp_path / "g.svg").read_text() == drawing.svg


# ---------------------------------------------------------------- what is given


def test_what_can_be_drawn():
    x = Value(2.0)
    y, z = x * 3.0, x + 1.0
    assert [b.name for b in draw([y, z]).picture.boxes if b.kind == "output"] == ["y", "z"]
    assert draw({"a": y}).svg == draw(y).svg == draw(Graph(y)).svg == y.draw().svg
    assert Graph(y).draw().svg == y.draw().svg
    assert y.draw(names={}).picture.boxes[-1].name == ""


@pytest.mark.parametrize("empty", [[], (), {}])
def test_nothing_cannot_be_drawn(empty):
    with pytest.raises(ValueError, match="at least one Value or Tensor"):
        draw(empty)
    with pytest.raises(TypeError, match="is 3"):
        draw([Value(1.0), 3])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"engine": "neato"}, "engine is None or 'dot'.*'neato'"),
        ({"color": "red"}, "'gradient', 'activation', 'operation'.*'red'"),
        ({"at_once": 0}, "at_once.*0"),
        ({"path": "MLP"}, "no part 'MLP'.*nothing in it is folded"),
    ],
)
def test_options_that_do_not_exist(options, message):
    with pytest.raises(ValueError, match=message):
        draw(Value(1.0) * 2.0, **options)
