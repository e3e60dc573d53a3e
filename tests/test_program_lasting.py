"""What a program's source makes in every run is made once, where that changes nothing."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from autograd.program.lasting import with_lasting


def function_of_floats(x, y):
    assert isinstance(y, float)
    return x * y


@pytest.fixture
def namespace():
    numbers = {"v1": np.arange(6.0).reshape(2, 3), "b2": np.ones((3, 2))}
    numbers |= {"b3": np.empty((2, 2)), "b4": np.empty(3)}
    return {"np": np, "own": function_of_floats, "twice": np.add, **numbers}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("y = np.dot(v1.T, v1)", "y = _0(_1, v1)"),
        ("y = np.add(v1[..., None], v1[:, 0:1].T)", "y = _0(_1, _2)"),
        ("y = np.multiply(v1, 0.5)", "y = _0(v1, _1)"),
        ("y = np.multiply(v1, 1.0 - b2.T * 1e-05)", "y = _0(v1, _1 - _2 * _3)"),
        ("y = np.add(v1.T, v1.T) * 1.0", "y = _0(_1, _1) * 1.0"),
        ("y = np.add(v1, np.exp(v1))", "y = _0(v1, _1(v1))"),
        ("y = np.add.reduce(v1, 0)", "y = _0(v1, 0)"),
        ("y = twice(v1, (2.0 * v1))", "y = twice(v1, (_0 * v1))"),
        ("y = np.add(v1, (b2.reshape(2, 3) + 1.0))", "y = _0(v1, (_1 + _2))"),
        ("y = np.exp(v1, out=b2.reshape(2, 3))", "y = _0(v1, _1)"),
        ("y = np.dot(v1, b2, out=b3)", "y = _0(v1, b2, b3)"),
        ("y = np.maximum(v1, 0.0, out=v1)", "y = _0(v1, _1, out=v1)"),
        ("y = np.add.reduce(v1, 0, out=b4)", "y = _0(v1, 0, out=b4)"),
        ("y = own(np.exp(v1, out=v1), 0.5)", "y = own(_0(v1, v1), 0.5)"),
    ],
)
def test_views_and_numbers_are_made_once(source, expected, namespace):
    plain = copy.deepcopy({k: x for k, x in namespace.items() if k != "np"}) | {"np": np}
    exec(source, plain)
    assert with_lasting(source, namespace) == expected
    exec(expected, namespace)
    assert np.array_equal(plain["y"], namespace["y"])


@pytest.mark.parametrize(
    "source",
    [
        "y = own(v1, 0.5)",
        "y = own(own(v1, 2.0), 1.0)",
        "v1[...] = v1",
        "b2[0:2] = 0.0",
        "rows = (v1, v1)",
    ],
)
def test_targets_and_what_others_are_given_stay(source, namespace):
    assert with_lasting(source, namespace) == source
    exec(source, namespace)


def test_names_of_others_are_not_taken(namespace):
    source = with_lasting("y = _0(v1.T)", namespace | {"_0": np.sin})
    assert source == "y = _0(_1)"


def test_a_view_sees_what_is_written_later(namespace):
    source = with_lasting("y = v1.T + 0.0", namespace)
    namespace["v1"][...] = 7.0
    exec(source, namespace)
    assert (namespace["y"] == 7.0).all()
