"""Leaves packed side by side, as optimisers do."""

import copy
import pickle

import numpy as np
import pytest

from autograd import Packed, Tensor, Value, compile
from autograd.value import Leaf
from nn import SGD, Adam


def pair():
    leaves = [Tensor([1.0, 2.0], requires_grad=True, name="w"), Tensor(3.0, requires_grad=True)]
    (leaves[0].sum() * leaves[1]).backward()
    return leaves


def test_what_is_written_in_the_pack_stands_in_the_tensors():
    leaves = pair()
    packed = Packed(leaves)
    packed.lend([0, 1])[0][:] = [4.0, 5.0, 6.0]
    assert leaves[0].tolist() == [4.0, 5.0]
    assert leaves[1].item() == 6.0
    packed.lend([1])[0][:] = 7.0
    assert [leaves[0].tolist(), leaves[1].item()] == [[4.0, 5.0], 7.0]


def test_other_data_is_taken_in():
    leaves = pair()
    packed = Packed(leaves)
    packed.lend([0, 1])
    leaves[0].data = [8.0, 9.0]
    assert packed.lend([0, 1])[0].tolist() == [8.0, 9.0, 3.0]


def test_another_shape_is_refused_by_name():
    leaves = pair()
    packed = Packed(leaves)
    leaves[0].data, leaves[0].grad = [1.0, 2.0, 3.0], np.ones(3)
    with pytest.raises(ValueError, match=r"the leaf 'w' had shape \(2,\) when it was packed"):
        packed.lend([0, 1])


def test_a_graph_made_before_is_known_to_be_stale():
    leaves = pair()
    packed = Packed(leaves)
    y = (leaves[0] * leaves[0]).sum()
    packed.lend([0])
    with pytest.raises(RuntimeError, match="the leaf 'w' was changed after mul had used it"):
        y.backward()


def test_copies_are_their_own():
    leaves = pair()
    packed = Packed(leaves)
    packed.lend([0, 1])
    copies = copy.deepcopy(leaves), pickle.loads(pickle.dumps(leaves))
    packed.lend([0, 1])[0][:] = 0.0
    for first, second in copies:
        assert [first.tolist(), second.item()] == [[1.0, 2.0], 3.0]


def test_the_gradients_are_lent_as_a_copy():
    leaves = pair()
    _, grad, note = Packed(leaves, notes=1).lend([0, 1])
    assert grad.tolist() == [3.0, 3.0, 3.0]
    assert note.tolist() == [0.0, 0.0, 0.0]
    grad[:] = 0.0
    assert leaves[0].grad.tolist() == [3.0, 3.0]


def test_a_gradient_of_another_shape_is_refused():
    leaves = pair()
    packed = Packed(leaves)
    leaves[0].grad = np.ones(3)
    with pytest.raises(ValueError, match=r"shape \(3,\) into shape \(2,\)"):
        packed.lend([0, 1])


@pytest.mark.parametrize("size", [1, 7, 1024, 17226])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_each_row_begins_where_a_line_of_the_cache_does_and_none_where_another_does(size, dtype):
    rows = Packed([Tensor(np.zeros(size), dtype=dtype)], notes=2)._rows
    starts = [row.__array_interface__["data"][0] for row in rows]
    assert {start % 64 for start in starts} == {0}
    assert len({start % 4096 for start in starts}) == len(starts)


def test_two_optimisers_may_share_a_parameter():
    w = Tensor([1.0, 2.0], requires_grad=True)
    first, second = SGD([w], lr=0.5), SGD([w], lr=0.25)
    for optimizer in (first, second, first):
        optimizer.zero_grad()
        w.sum().backward()
        optimizer.step()
    np.testing.assert_array_equal(w.data, [-0.25, 0.75])


def test_values_are_gathered_and_stored():
    leaves = [Value(1.0), Value(2.0)]
    (leaves[0] * leaves[1]).backward()
    packed = Packed(leaves)
    data, _ = packed.lend([0, 1])
    data += 1.0
    packed.store([0, 1], data)
    assert [leaf.data for leaf in leaves] == [2.0, 3.0]


def test_a_step_without_gradients_changes_no_leaf():
    w = [Value(2.0), Value(3.0)]
    f, optimiser = compile(lambda x: w[0] * w[1] * x), SGD(w, lr=0.1)
    f(1.0).backward()
    y = f(5.0)
    for v in w:
        v.zero_grad()
    optimiser.step()
    y.backward()
    assert [v.grad for v in w] == [15.0, 10.0]


def trained(compiled, set_to_none):
    """Weights that Adam moved; later calls read more of them than the first."""
    w = [Value(0.5 * i - 1.0) for i in range(6)]
    f = (compile if compiled else lambda f: f)(
        lambda xs: sum((v * x).tanh() for v, x in zip(w, xs, strict=False))
    )
    optimiser = Adam(w, lr=0.1)
    optimiser.zero_grad(set_to_none)
    for n in (2, 4, 2, 5, 3, 2):
        f([0.5 + k for k in range(n)]).backward()
        optimiser.step()
        optimiser.zero_grad(set_to_none)
    return w, optimiser


@pytest.mark.parametrize("set_to_none", [True, False])
def test_programs_that_read_more_of_the_leaves_than_others_train_as_eager_code(set_to_none):
    (expected, _), (found, _) = (trained(compiled, set_to_none) for compiled in (False, True))
    np.testing.assert_allclose([v.data for v in found], [v.data for v in expected], rtol=1e-12)


def test_leaves_that_all_get_zeros_are_moved_together():
    w, optimiser = trained(True, set_to_none=False)
    assert len({v._a for v in w}) == 1
    assert len(list(optimiser.param_groups[0].blocks)) == 1
    eager, _ = trained(False, set_to_none=False)
    assert all(v.__class__ is Leaf for v in eager)  # which stay as quick to read


def test_leaves_that_are_joined_keep_what_was_noted_and_asked_for():
    w = [Value(0.5), Value(-1.0), Value(2.0), Value(3.0)]
    first, second = (compile(lambda xs, k=k: w[k] * w[k + 1] * xs[0]) for k in (0, 2))
    optimiser = Adam(w, lr=0.1)
    (first([1.0]) + second([2.0])).backward()
    optimiser.step()
    before, y = optimiser.state_dict()["state"], first([3.0])
    w[3].requires_grad = False
    optimiser.zero_grad(set_to_none=False)
    after = optimiser.state_dict()["state"]
    assert [after[i] for i in range(4)] == [before[i] for i in range(4)]
    y.backward()  # of a call from before they moved
    assert [v.grad for v in w[:3]] == [w[1].data * 3.0, w[0].data * 3.0, 0.0]
    assert not w[3].has_grad


def test_leaves_that_another_optimiser_moves_stay_where_they_are():
    w = [Value(1.0), Value(2.0), Value(3.0)]
    f = compile(lambda x: w[0] * w[1] * w[2] * x)
    f(1.0).backward()
    optimisers = SGD(w[:2], lr=0.1), SGD(w[2:], lr=0.1)
    for each in optimisers:
        each.zero_grad(set_to_none=False)
    assert len({v._a for v in w}) == 1
    f(2.0).backward()
    for each in optimisers:
        each.step()
    np.testing.assert_allclose([v.data for v in w], [1.0 - 1.2, 2.0 - 0.6, 3.0 - 0.4])


def test_that_leaves_were_changed_is_known_when_they_are_joined():
    w = [Value(0.5 * k - 1.0) for k in range(6)]
    parts = w[:3], w[3:]
    totals = [compile(lambda part=part: sum(v * v for v in part)) for part in parts]
    for total in totals:
        total().backward()
    optimiser, graphs = SGD(w, lr=0.1), [sum(v * v for v in w), *(total() for total in totals)]
    optimiser.step()
    optimiser.zero_grad(set_to_none=False)
    assert len({id(v._a) for v in w}) == 1
    for graph in graphs:
        with pytest.raises(RuntimeError, match="was changed after"):
            graph.backward()


def test_only_leaves_that_were_moved_have_changed():
    w = [Value(1.0), Value(2.0), Value(3.0), Value(4.0)]
    first, second = compile(lambda: w[0] * w[1]), compile(lambda: w[2] * w[3])
    optimiser = SGD(w, lr=0.1)
    first().backward()
    second().backward()
    optimiser.zero_grad(set_to_none=False)  # which puts them into one pack
    optimiser.zero_grad()
    first().backward()
    y, z = first(), second()
    optimiser.step()
    z.backward()
    assert [v.grad for v in w] == [2.0, 1.0, 4.0, 3.0]
    with pytest.raises(RuntimeError, match="was changed"):
        y.backward()
    with pytest.raises(RuntimeError, match="was changed"):
        (y * 2.0).backward()
    (second() * 2.0).backward()
