"""Names and numbers as they are written in pictures."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from drawings import SVG, odd_texts

from autograd import Value, draw, scope
from autograd.drawing.rows import in_common
from autograd.drawing.svg import to_svg
from autograd.text import LONGEST, clean, number
from autograd.variables import find_names, visible


def test_own_name_then_local_then_global(monkeypatch):
    monkeypatch.setitem(globals(), "shadowed", Value(1.0))
    monkeypatch.setitem(globals(), "shared", Value(2.0))
    hidden = globals()["shadowed"]
    shadowed = Value(3.0)
    named = Value(4.0, name="mine")
    _private = Value(5.0)
    y = shadowed * hidden + globals()["shared"] * named + _private
    names = {box.rows[0][1]: box.name for box in draw(y).picture.boxes if box.kind == "parameter"}
    assert names == {"3": "shadowed", "1": "hidden", "2": "shared", "4": "mine", "5": ""}


def test_lists_give_names_with_indices_and_the_first_name_wins():
    w = [[Value(1.0), Value(2.0)], (Value(3.0), "no node")]
    again = w[0][1]
    y = w[0][0] * again + w[1][0]
    boxes = draw(y).picture.boxes
    assert {box.rows[0][1]: box.name for box in boxes if box.kind == "parameter"} == {
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
    names = [box.name for box in drawing.picture.boxes if box.kind == "parameter"]
    assert names[0] == '<b>&"x" 🙂 \N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}]]>'
    assert len(names[1]) == LONGEST
    assert "&lt;b&gt;&amp;&quot;x&quot; 🙂" in drawing.svg
    texts = [text.text for text in ET.fromstring(drawing.svg).iter(f"{SVG}text")]
    assert names[0] in texts
    assert "line break \\N 'q'" in texts
    assert clean("👩\N{ZERO WIDTH JOINER}🚀") == "👩\N{ZERO WIDTH JOINER}🚀"


def test_dicts_by_strings_are_searched_and_other_dicts_are_not():
    a, b = Value(1.0), Value(2.0)
    assert find_names([a], {"p": {"w": [b, a]}}) == {id(a): "p['w'][1]"}
    assert find_names([a], {"Out": {3: a}, "y": a}) == {id(a): "y"}


def test_what_is_too_long_is_not_searched():
    a = Value(1.0)
    rows = [[0.0] * 1_000 for _ in range(1_000)]
    assert find_names([a], {"x": [0.0] * 3_000 + [a], "rows": rows, "y": a}) == {id(a): "y"}


def test_only_what_can_be_the_name_of_a_variable_is_seen():
    a = Value(1.0)
    (frame,) = (sys._getframe() for a in [a])
    assert all(name.isidentifier() for name in visible(frame))
    assert visible(frame)["a"] is a


def test_several_are_called_by_what_they_have_in_common():
    assert in_common(["w[3]"]) == "w[3]"
    assert in_common(["", ""]) == ""
    assert in_common(["a.b.w[0]", "a.b.w[1]", "a.b.bias"]) == "a.b"
    assert in_common(["a.b.c", "a.b.d", "a.e"]) == "a"
    assert in_common(["x", "y", "z"]) == "x, …"


def test_scopes_may_be_called_anything():
    y = Value(0.5)
    with scope("a\x1b \ud800\n</script>"):
        for _ in range(70):
            y = y.tanh() * y
    drawing = draw(y + 1.0, at_once=20)
    assert len(drawing.pictures) > 1
    for picture in drawing.pictures.values():
        title = ET.fromstring(to_svg(picture)).find(f"{SVG}title").text
        assert clean(title) == title
    assert drawing.html.encode().count(b"</script") == 1
    assert drawing.open("a� � </script>").path
