"""What drawing, stepping, explaining and watching say of arguments that make no sense.

Each says what was given and what was expected, and nothing is written.
"""

from __future__ import annotations

import os

import numpy as np
import pytest

import autograd
import nn
from autograd import Graph, Tensor, Value, draw
from autograd.drawing.page import stepper

x = Value(2.0)
y = (x * 3.0).tanh()
t = Tensor([1.0, 2.0], requires_grad=True)
model = nn.MLP(2, [2, 1], seed=0)


def all_steps(root, **options):
    return list(autograd.steps(root, **options))


TAKE_NAMES = [draw, all_steps, stepper, autograd.explain, autograd.latex, autograd.source]
TAKE_A_NODE = [all_steps, stepper, autograd.explain, autograd.latex, autograd.source, draw, Graph]


@pytest.mark.parametrize("show", TAKE_NAMES)
@pytest.mark.parametrize(
    ("names", "said"),
    [([y], "a dict such as.*given \\[Value"), ("y", "given 'y'"), ({1: y}, "one of its keys is 1")],
)
def test_names_are_a_dict_by_strings(show, names, said):
    with pytest.raises(TypeError, match=f"names is .*{said}"):
        show(y, names=names)


@pytest.mark.parametrize("show", TAKE_A_NODE)
@pytest.mark.parametrize("wrong", [3, "y", [], {}, [None], {y}, np.ones(2), model, [y, 1]])
def test_what_is_shown_is_a_node_or_several(show, wrong):
    with pytest.raises(
        (TypeError, ValueError), match=r"(Value|node).*(given|is 1 of type int|is )"
    ):
        show(wrong)


@pytest.mark.parametrize(
    ("wrong", "error", "said"),
    [
        ("a", TypeError, "a whole number of {}, but was given 'a'"),
        (1.5, TypeError, "a whole number of {}, but was given 1.5"),
        (None, TypeError, "a whole number of {}, but was given None"),
        (0, ValueError, "a number of {}, 1 at least, but was given 0"),
        (-3, ValueError, "a number of {}, 1 at least, but was given -3"),
    ],
)
def test_counts_are_whole_and_1_at_least(wrong, error, said):
    with pytest.raises(error, match="at_once is " + said.format("boxes")):
        draw(y, at_once=wrong)
    with pytest.raises(error, match="most is " + said.format("steps")):
        stepper(y, most=wrong)


@pytest.mark.parametrize("wrong", ["red", 5, [1], True, np.zeros(3)])
def test_colours_are_among_three_or_a_diagnosis(wrong):
    with pytest.raises(ValueError, match=r"color is one of 'gradient', .* but was given"):
        draw(y, color=wrong)


@pytest.mark.parametrize("wrong", ["neato", 5, ["dot"], np.zeros(3)])
def test_there_is_one_other_engine(wrong):
    with pytest.raises(ValueError, match="engine is None or 'dot', but was given"):
        draw(y, engine=wrong)


@pytest.mark.parametrize("wrong", ["no", 5, None, ["y"]])
def test_a_part_that_is_not_there_is_not_opened(wrong):
    with pytest.raises(ValueError, match=r"there is no part .*nothing in it is folded"):
        draw(y).open(wrong)


@pytest.mark.parametrize("wrong", ["a", [1.0, 2.0], np.ones(3)])
def test_a_gradient_to_start_from_fits(wrong):
    for walk in (autograd.steps, stepper):
        with pytest.raises(TypeError, match="one real number, but was given"):
            walk(y, wrong)


@pytest.mark.parametrize("wrong", [5, "x", [x]])
def test_a_derivative_is_by_a_node(wrong):
    with pytest.raises(TypeError, match="by a node, but was given wrt="):
        autograd.explain(y, wrong)


def test_what_is_diagnosed_is_a_module_and_a_loss():
    with pytest.raises(TypeError, match=r"nn.Module, but was given \[MLP"):
        nn.diagnose([model], y)
    with pytest.raises(TypeError, match="the loss as a node, but was given 5"):
        nn.diagnose(model, 5)


@pytest.mark.parametrize("wrong", ["a", t, [1.0, 2.0], 1j])
def test_a_loss_is_one_number(wrong):
    watch = nn.watch(model)
    with pytest.raises(TypeError, match="watch takes the loss as one number, but was given"):
        watch(wrong)
    assert not watch.frames


@pytest.mark.parametrize("wrong", ["a", [1.0]])
def test_a_boundary_is_a_number(wrong):
    with pytest.raises(TypeError, match="boundary is a number, but was given"):
        nn.watch(model, ([[0, 1]], [1]), boundary=wrong)


@pytest.mark.parametrize("wrong", [1, -2, "a", 0.5, None])
def test_a_frame_that_is_not_there_is_not_drawn(wrong):
    watch = nn.watch(model)
    watch(0.5)
    with pytest.raises(IndexError, match=r"a frame among 1.*but was given"):
        watch.to_svg(wrong)


def savers():
    watch = nn.watch(model)
    watch(0.5)
    return [draw(y), stepper(y), watch]


@pytest.mark.parametrize("shown", savers(), ids=lambda shown: type(shown).__name__)
@pytest.mark.parametrize(
    ("path", "error", "said"),
    [
        (5, TypeError, "the name of a file, but was given 5"),
        (b"y.svg", TypeError, "the name of a file, but was given b'y.svg'"),
        ("y.doc", ValueError, "a name that ends in .*, but was given 'y.doc'"),
        ("svg", ValueError, "a name that ends in .*, but was given 'svg'"),
        ("", ValueError, "a name that ends in .*, but was given ''"),
        ("no/y.svg", FileNotFoundError, "given 'no/y.svg', but there is no folder 'no'"),
        ("folder.svg", IsADirectoryError, "save cannot write 'folder.svg': Is a directory"),
    ],
)
def test_a_file_that_cannot_be_is_not_begun(shown, path, error, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.svg").mkdir()
    with pytest.raises(error, match=said):
        shown.save(path)
    assert os.listdir(tmp_path) == ["folder.svg"]
    assert not os.listdir(tmp_path / "folder.svg")
