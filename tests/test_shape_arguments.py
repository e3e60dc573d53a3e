"""What functions of shapes, places and constructors say of arguments that do not fit."""

# ruff: noqa: PLW0108 - what is tried is written as a user would write it, and tried in the test
from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value


def t(*shape, name="t"):
    return Tensor(np.ones(shape), requires_grad=True, name=name)


x24 = t(2, 4, name="x")
ERRORS = [
    (lambda: x24.reshape(3, 3), "reshape: cannot make shape (3, 3) of the 8 elements of x (2, 4)"),
    (lambda: x24.view(3, -1), "view: cannot make shape (3, -1) of the 8 elements of x (2, 4)"),
    (lambda: x24.reshape(-1, -1), "reshape: only one length may be -1, but the shape is (-1, -1)"),
    (lambda: x24.reshape(-2, -4), "reshape: cannot make shape (-2, -4) of the 8 elements of x"),
    (lambda: t(0).reshape(0, -1), "reshape: cannot make shape (0, -1) of the 0 elements of t (0,)"),
    (lambda: x24.flatten(1, 0), "flatten: start_dim=1 comes after end_dim=0"),
    (lambda: x24.squeeze(2), "squeeze: x has shape (2, 4), so dim must lie in -2 … 1, but is 2"),
    (lambda: x24.squeeze(0, -2), "squeeze: dim=(0, -2) names an axis of x (2, 4) twice"),
    (lambda: x24.unsqueeze(4), "unsqueeze: x has shape (2, 4), so dim must lie in -3 … 2, but is"),
    (lambda: t().select(0, 0), "select: t has shape (), so it has no dim 0"),
    (lambda: autograd.stack([x24], 3), "stack: x has shape (2, 4), so dim must lie in -3 … 2, but"),
    (
        lambda: autograd.cat([x24], 2),
        "cat: x has shape (2, 4), so dim must lie in -2 … 1, but is 2",
    ),
    (lambda: np.flip(x24, 2), "flip: x has shape (2, 4), so dim must lie in -2 … 1, but is 2"),
    (lambda: x24.reshape(), "reshape takes integers, or one sequence of them, but was given none"),
    (lambda: x24.flip(), "flip takes integers, or one sequence of them, but was given none"),
    (lambda: x24.reshape(4, shape=(2, 4)), "reshape takes an integer for each length, but was"),
    (lambda: x24.expand(3, 4), "expand: x (2, 4) cannot be repeated to (3, 4)"),
    (lambda: x24.expand(-1, 2, 4), "expand: x (2, 4) cannot be repeated to (-1, 2, 4)"),
    (lambda: x24.broadcast_to(4), "broadcast_to: x (2, 4) cannot be repeated to (4,)"),
    (lambda: x24.permute(0, 0), "permute: (0, 0) does not name each axis of x (2, 4) once"),
    (lambda: x24.transpose((0,)), "transpose: (0,) does not name each axis of x (2, 4) once"),
    (
        lambda: x24.movedim((0, 1), 0),
        "movedim takes a place for each axis, but was given source=(0",
    ),
    (lambda: x24.movedim((0, 1), (1, 1)), "movedim: dim=(1, 1) names an axis of x (2, 4) twice"),
    (lambda: t(1, 2, 3).t(), "t takes at most 2 axes, not t (1, 2, 3); use mT or transpose"),
    (lambda: x24.flip(0, 0), "flip: dim=(0, 0) names an axis of x (2, 4) twice"),
    (lambda: x24.roll((1, 2), 0), "roll takes a shift for each axis, but was given (1, 2) and 0"),
    (lambda: x24.roll((1, 2)), "roll takes a shift for each axis, but was given (1, 2) and None"),
    (lambda: x24.repeat(2), "repeat takes a number for each axis of x (2, 4), not (2,)"),
    (lambda: x24.tile(-1), "tile repeats 0 times or more, but was given (1, -1)"),
    (lambda: x24.pad((1,)), "pad takes two numbers an axis, the last axis first, but was given (1"),
    (lambda: x24.pad(1), "pad takes two numbers an axis, the last axis first, but was given (1,)"),
    (lambda: x24.pad((1, 1), "mirror"), "but was 'mirror'"),
    (lambda: x24.pad((4, 0), "reflect"), "pad: axis 1 of x (2, 4) is too short to be padded by (4"),
    (lambda: x24.pad((1, 0), "reflect", 1.0), "only mode 'constant' takes a value"),
    (lambda: x24.pad((-3, -3)), "pad: x (2, 4) has too few elements to remove so many"),
    (lambda: x24.pad((-5, 2)), "pad: x (2, 4) has too few elements to remove so many"),
    (
        lambda: x24.pad((-2, 3), "circular"),
        "pad: axis 1 of x (2, 4) is too short to be padded by (-2, 3) in mode 'circular'",
    ),
    (
        lambda: autograd.cat([x24, t(2, 3, name="y")]),
        "cat along axis 0: x (2, 4) and y (2, 3), axis 1: their sizes 4 and 3 differ",
    ),
    (
        lambda: autograd.cat([x24, [1.0]]),
        "cat along axis 0: x (2, 4) and x1 (1,): one has 2 axes, the other 1",
    ),
    (lambda: autograd.cat([]), "cat takes at least one array, but was given none"),
    (lambda: autograd.cat([Value(1.0)]), "cat: x0 () has no axis to join along; use stack"),
    (lambda: autograd.stack(Value(1.0)), "stack takes a sequence of arrays, but was given Value("),
    (lambda: autograd.stack([x24, t(2)]), "stack: x (2, 4) and t (2,) differ in shape"),
    (lambda: x24.split([1, 2]), "split: lengths [1, 2] do not add up to the length 2 of axis 0 of"),
    (lambda: x24.split(0), "split takes pieces of length 1 or more, but was given 0"),
    (lambda: x24.chunk(0), "chunk makes 1 piece or more, but was asked for 0"),
    (lambda: x24.narrow(1, 3, 2), "narrow: axis 1 of x (2, 4) has no 2 places from 3 on"),
    (lambda: x24.select(1, 4), "select: axis 1 of x (2, 4) has no place 4"),
    (lambda: x24.index_select(1, [0, 4]), "index_select: index 4 is out of range for axis 1 of x"),
    (lambda: x24.index_select(1, [0.5]), "index_select takes integers for an index, but was given"),
    (lambda: x24.index_select(1, [[0]]), "index_select takes indices in a row, but their shape is"),
    (lambda: t().index_select(0, [0, 0]), "index_select takes one index for t (), not 2"),
    (lambda: x24.gather(1, [[-1]]), "gather: index -1 is out of range for axis 1 of x (2, 4)"),
    (lambda: x24.gather(1, [0]), "gather: index (1,) does not fit x (2, 4): it needs as many axes"),
    (
        lambda: x24.scatter_add(1, [[0, 1]], t(1, 1, name="s")),
        "scatter_add: index (1, 2) is larger than s (1, 1)",
    ),
    (lambda: x24.take_along_dim([[-5]], 1), "take_along_dim: index -5 is out of range for axis 1"),
    (
        lambda: x24.take_along_dim([[True]], 1),
        "take_along_dim takes integers for an index, but was",
    ),
    (lambda: x24.take_along_dim([0], 1), "take_along_dim: indices (1,) and x (2, 4) differ in"),
    (lambda: x24.masked_fill([1, 0], 0.0), "masked_fill takes a mask of booleans, but was given"),
    (
        lambda: x24.masked_select([True] * 3),
        "masked_select: mask (3,) and x (2, 4) do not broadcast: 3 and 4 differ",
    ),
    (lambda: x24.masked_fill([True], [1.0]), "masked_fill takes one number, but was given value"),
    (lambda: x24[2], "indexing x (2, 4): index 2 is out of bounds for axis 0 with size 2"),
    (lambda: x24[0, [4]], "indexing x (2, 4): index 4 is out of bounds"),
    (lambda: x24[0, 0, 0], "indexing x (2, 4): too many indices"),
    (lambda: x24[[0.5]], "indexing x (2, 4): arrays used as indices must be of integer"),
    (lambda: x24[[True, False, True]], "indexing x (2, 4): boolean index did not match"),
    (lambda: autograd.zeros(-1), "zeros: a shape has no negative lengths, but was given (-1,)"),
    (lambda: autograd.arange(0, 1, 0), "arange: a step of 0 never gets from 0 to 1"),
    (lambda: autograd.arange(3, 1), "arange: a step of 1 never gets from 3 to 1"),
    (lambda: autograd.arange(), "arange needs an end: arange(end), or arange(start, end)"),
    (lambda: autograd.eye(-1), "eye: a shape has no negative lengths, but was given (-1, -1)"),
    (lambda: autograd.zeros(), "zeros takes integers, or one sequence of them, but was given none"),
    (lambda: autograd.eye(2.0), "eye takes an integer for each length, but was given 2.0"),
]


@pytest.mark.parametrize(("act", "says"), ERRORS)
def test_errors(act, says):
    with pytest.raises((ValueError, IndexError, TypeError)) as raised:
        act()
    assert says in str(raised.value)
