"""What is in a picture: boxes, edges, and what is written in them."""

from __future__ import annotations

import numpy as np
import pytest
from drawings import arrays, neuron, single_leaf, twice

from autograd import Tensor, Value, checkpoint, draw
from autograd.drawing.heat import heat
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


# ---------------------------------------------------------------- derivatives and colours


def test_local_derivatives_stand_on_the_edges():
    a, b = Value(3.0), Value(2.0)
    labels = {
        name: [edge.label for edge in draw(node, partials=True).picture.edges]
        for name, node in {"a * b": a * b, "a - b": a - b, "a * a": a * a, "a ** 2": a**2.0}.items()
    }
    assert labels == {
        "a * b": ["∂ 2", "∂ 3"],
        "a - b": ["1: ∂ 1", "2: ∂ −1"],
        "a * a": ["×2 ∂ 6"],
        "a ** 2": ["1: ∂ 6", "2"],
    }
    W = Tensor(np.ones((2, 2)), requires_grad=True)
    (edge,) = draw(W.tanh(), partials=True).picture.edges
    assert edge.partial == "∂ 1 − out²"
    (edge, _) = draw(W @ np.eye(2), partials=True).picture.edges
    assert edge.partial.startswith("g @ ")


def test_a_checkpoint_has_no_local_derivative_and_says_what_it_hands_back():
    (edge,) = draw(checkpoint(lambda x: x * x, Value(3.0)), partials=True).picture.edges
    assert edge.partial == "what a second call finds"


def test_local_derivatives_may_be_infinite():
    a = Value(0.0)
    (edge, _) = draw(a**0.5, partials=True).picture.edges
    assert edge.partial in ("∂ inf", "∂ nan")


def test_bars_are_as_long_as_gradients_are_large():
    w, x = Value(1e-3, name="w"), Value(100.0, name="x")
    y = w * x
    y.backward()
    picture = draw(y, color="gradient").picture
    bars = {box.name: box.bar for box in picture.boxes}
    assert [bars[name].length for name in ("w", "y", "x")] == [1.0, 0.8, 0.2]
    assert len({bar.fill for bar in bars.values()}) == 3
    assert [bar.length for bar in picture.legend] == [0.2, 0.4, 0.6, 0.8, 1.0]
    assert picture.legend[0].text.startswith("|grad| 0.001 … ")
    assert picture.legend[-1].text.endswith("… 100")


def test_what_has_no_gradient_has_no_bar_and_what_is_not_finite_a_black_one():
    a = Value(float("inf"))
    y = a * 0.0
    assert {box.bar for box in draw(y, color="gradient").picture.boxes} == {None}
    data = draw(y, color="activation").picture
    assert [box.bar and box.bar.text for box in data.boxes] == ["inf", None, "nan"]
    assert data.legend[-1].text == "not finite"


def test_operations_have_a_colour_each():
    a = Value(2.0)
    picture = draw((a * a).tanh() * a, color="operation").picture
    bars = [box.bar for box in picture.boxes]
    assert [bar and bar.text for bar in bars] == [None, "mul", "tanh", "mul"]
    assert bars[1].fill == bars[3].fill != bars[2].fill
    assert [bar.text for bar in picture.legend] == ["mul", "tanh"]


def test_a_group_has_the_colour_of_its_largest_member():
    w = [Value(10.0**-i) for i in range(30)]
    y = sum(each * 2.0 for each in w)
    y.backward()
    drawing = draw(y, color="activation")
    (group,) = (box for box in drawing.picture.boxes if box.kind == "group")
    assert group.bar.text == "2"


# ---------------------------------------------------------------- arrays in little


@pytest.mark.parametrize(
    ("array", "cells"),
    [
        (np.array([1.0, -4.0, 0.0, np.nan]), ((1, -4, 0, None),)),
        (np.array([[2.0], [np.inf]]), ((4,), (4,))),
        (np.zeros((1, 2)), ((0, 0),)),
        (np.array([[[1.0, 2.0]], [[3.0, 4.0]]]), ((1, 2), (3, 4))),
        (np.eye(16), tuple(tuple(4 * (i == j) for j in range(8)) for i in range(8))),
        (np.arange(24) - 23.0, ((-4, -4, -3, -3, -2, -2, -1, -1),)),
        (np.arange(10.0), ((1, 1, 2, 2, 3, 4, 4, 4),)),
        (
            np.array([-1.0, 1.0, np.nan, 3.0, -2.0, -np.inf] + [0.0] * 10),
            ((4, None, -4, 0, 0, 0, 0, 0),),
        ),
    ],
)
def test_an_array_in_little(array, cells):
    assert heat("data", array).cells == cells


@pytest.mark.parametrize("value", [3.0, np.array(3.0), np.ones(1), np.array(["a", "b"])])
def test_what_is_no_array_of_numbers_has_none(value):
    assert heat("data", value) is None


def test_boxes_of_arrays_show_data_and_gradient():
    boxes = {box.name: box for box in arrays().picture.boxes}
    assert [each.label for each in boxes["W"].heat] == ["data", "grad"]
    assert [each.label for each in boxes["X"].heat] == ["data"]
    assert neuron().picture.boxes[0].heat == ()
