"""What is in a picture: boxes, edges, and what is written in them."""

from __future__ import annotations

import numpy as np
from drawings import arrays, neuron, single_leaf, twice

from autograd import Tensor, Value, draw
from autograd.drawing.picture import Edge


def test_a_neuron_is_told_whole():
    picture = neuron().picture
    assert [(box.name, box.symbol, box.kind) for box in picture.boxes] == [
        ("x1", "", "parameter"),
        ("w1", "", "parameter"),
        ("", "×", "operation"),
        ("x2", "", "parameter"),
        ("w2", "", "parameter"),
        ("", "×", "operation"),
        ("", "+", "operation"),
        ("b", "", "parameter"),
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
    assert [box.kind for box in single_leaf().picture.boxes] == ["parameter"]
