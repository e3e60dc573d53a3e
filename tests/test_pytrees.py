"""Arguments in lists, tuples and dicts: what is a branch, what a leaf, what an error."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Tensor, Value, grad, hvp, jacobian, jvp, stop_gradient, value_and_grad, vjp
from autograd.trees import is_array, leaves, map_leaves, matching, paths, rebuild


class Pair(NamedTuple):
    w: object
    b: object


LEAVES = st.one_of(st.floats(-2, 2), st.lists(st.floats(-2, 2), min_size=1, max_size=3))
# A list is a tree only if it holds more than numbers, so each branch is in a dict of its own.
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.dictionaries(st.text(max_size=3), inner, max_size=3),
        st.lists(st.fixed_dictionaries({"x": inner}), max_size=3),
        st.tuples(st.none(), inner),
    ),
    max_leaves=6,
)


@given(TREES)
def test_taken_apart_and_put_together_is_the_same(tree):
    assert rebuild(tree, iter(leaves(tree))) == tree
    assert [leaf for _, leaf in paths(tree)] == leaves(tree)
    assert map_leaves(lambda leaf: leaf, tree) == tree
    assert matching("tree", tree, tree) == leaves(tree)


@given(TREES)
def test_gradient_has_the_form_of_the_argument(tree):
    def f(tree):
        return sum(
            ((x * x).sum() if isinstance(x, Tensor) else x * x for x in leaves(tree)), start=0.0
        )

    found = grad(f)(tree)
    for (there, x), (path, g) in zip(
        paths(tree), paths(map_leaves(np.asarray, found)), strict=True
    ):
        assert path == there
        np.testing.assert_allclose(g, 2.0 * np.array(x), rtol=1e-12)


def test_a_leaf_or_a_tree():
    v, a = Value(1.0), np.ones(2)
    for array in ([1.0, 2.0], (1, 2), [[1.0], [2.0]], [np.float32(1)], [True]):
        assert is_array(array)
        assert leaves(array) == [array]
    for tree, n in (([v, 1.0], 2), ((a, a), 2), ([[1.0], a], 2), ([], 0), (None, 0), ([None], 0)):
        assert not is_array(tree)
        assert len(leaves(tree)) == n
    assert leaves({"b": 1.0, "a": 2.0}) == [1.0, 2.0], "in its own order"


def test_named_tuples_stay():
    found = grad(lambda p: p.w * p.w * p.b)(Pair(Value(3.0), Value(5.0)))
    assert type(found) is Pair
    assert (found.w.data, found.b.data) == (30.0, 9.0)
    assert leaves(Pair([1.0, 2.0], None)) == [[1.0, 2.0]]


def test_a_network_in_a_dict():
    def loss(layers, x):
        for layer in layers:
            x = (x @ layer["W"] + layer["b"]).tanh()
        return (x * x).sum()

    rng = np.random.default_rng(0)
    layers = [{"W": rng.normal(size=(3, 3)), "b": rng.normal(size=3)} for _ in range(2)]
    x = rng.normal(size=(4, 3))
    value, (by_layers, by_x) = value_and_grad(loss, argnums=(0, 1))(layers, x)
    tensors = [{k: Tensor(v, requires_grad=True) for k, v in layer.items()} for layer in layers]
    t = Tensor(x, requires_grad=True)
    result = loss(tensors, t)
    result.backward()
    assert value == result.item()
    np.testing.assert_allclose(by_x, t.grad, rtol=1e-13)
    for found, layer in zip(by_layers, tensors, strict=True):
        assert list(found) == ["W", "b"]
        for name in found:
            assert type(found[name]) is np.ndarray
            np.testing.assert_allclose(found[name], layer[name].grad, rtol=1e-13)


def test_nodes_in_a_tree_give_nodes_in_a_tree():
    v, t = Value(2.0), Tensor([1.0, 2.0])
    found = grad(lambda p: (p["t"] * p["v"] * p["v"]).sum())({"v": v, "t": t})
    assert float(found["v"]) == 12.0
    assert (type(found["t"]), found["t"].data.tolist()) == (Tensor, [4.0, 4.0])
    by_number = grad(lambda p: p[0] * p[0] * p[1])([v, 3.0])
    assert [type(g) for g in by_number] == [Value, Value], "one node makes all of them nodes"
    assert grad(lambda q: grad(lambda p: p["x"] ** 3)({"x": q})["x"])(2.0) == 12.0


def test_none_and_nothing_hold_no_leaf():
    f = grad(lambda p: p["w"] * p["w"] if p["b"] is None else p["b"])
    assert f({"w": 3.0, "b": None}) == {"w": 6.0, "b": None}
    assert grad(lambda p, x: x * x, (0, 1))([], 3.0) == ([], 6.0)


def test_constants_among_arguments():
    assert grad(lambda x, how: x * how["scale"])(2.0, {"scale": 3.0, "name": "a"}) == 3.0
    assert grad(lambda p: p["x"] * stop_gradient(p["y"]))({"x": 2.0, "y": 3.0}) == {
        "x": 3.0,
        "y": 0.0,
    }


ERRORS = [
    (lambda: grad(lambda p: p["w"])({"w": "a"}), TypeError, r"argument 0\['w'\].*'a' of type str"),
    (
        lambda: grad(lambda p: p)([[1.0], [2.0, 3.0]]),
        ValueError,
        r"argument 0 cannot.*rows of equal lengths",
    ),
    (lambda: grad(lambda p: [p, p])(1.0), TypeError, "one number.*list; .*use jacobian or vjp"),
    (lambda: grad(lambda x, y: x, (0, 0))(1.0, 2.0), ValueError, r"twice: \(0, 0\)"),
    (lambda: grad(lambda x, y: x, (1, -1))(1.0, 2.0), ValueError, "an argument twice"),
    (lambda: jacobian(lambda x: x, 1)(1.0), TypeError, "jacobian by argument 1, but only 1"),
    (lambda: jacobian(lambda x: "a")(1.0), TypeError, "jacobian takes a function.*returned 'a'"),
    (
        lambda: vjp(lambda x: {"y": x}, 1.0)[1]({"z": 1.0}),
        ValueError,
        r"the gradient must be a dict with the keys \['y'\], but is \{'z': 1.0\}",
    ),
    (
        lambda: vjp(lambda x: x * x, [1.0, 2.0])[1](1.0),
        ValueError,
        r"the gradient has shape \(\) where \(2,\) belongs",
    ),
    (lambda: jvp(lambda x: x, 1.0, 1.0), TypeError, "primals is a tuple.*but is 1.0"),
    (lambda: jvp(lambda x: x, (1.0,), 1.0), TypeError, "tangents is a tuple.*but is 1.0"),
    (
        lambda: jvp(lambda x, y: x, (1.0, 2.0), (1.0,)),
        ValueError,
        r"tangents must be a tuple or list of 2, but is \(1.0,\)",
    ),
    (
        lambda: hvp(lambda x: x.sum(), ([1.0, 2.0],), ([1.0],)),
        ValueError,
        r"tangents has shape \(1,\) where \(2,\) belongs",
    ),
    (
        lambda: jvp(lambda x: x[1], ([None, 1.0],), ([1.0, 1.0],)),
        ValueError,
        r"tangents\[0\]\[0\] must be None, but is 1.0",
    ),
    (
        lambda: hvp(lambda x: [x], (1.0,), (1.0,)),
        TypeError,
        "hvp takes a function that returns one",
    ),
    (lambda: hvp(lambda x: x, ([1.0, 2.0],), ([1.0, 2.0],)), ValueError, r"shape \(2,\); take its"),
]


@pytest.mark.parametrize(("act", "error", "says"), ERRORS, ids=range(len(ERRORS)))
def test_error(act, error, says):
    with pytest.raises(error, match=says) as caught:
        act()
    assert "\n" not in str(caught.value)
