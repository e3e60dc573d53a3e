"""Leaves that a compiled function has put side by side: each is still the Value that it was."""

import copy
import gc
import pickle

import pytest
from compiled import assert_close, gradients, values

from autograd import Leaf, Value, compile, no_grad
from autograd.pack import Pack, PackedLeaf
from nn import SGD, Adam


def packed(*numbers):
    """Leaves, and a compiled function that has put them into a pack."""
    w = values(*numbers)
    f = compile(lambda x: sum(v * v * (x + k) for k, v in enumerate(w)))
    f(0.0)
    assert all(v.__class__ is PackedLeaf for v in w)
    return w, f


def test_it_looks_as_any_other():
    w, f = packed(1.0, 2.0)
    assert (type(w[0]).__name__, repr(w[0]), isinstance(w[0], Leaf)) == (
        "Value",
        "Value(1.0)",
        True,
    )
    w[0].name, w[0].momentum = "w0", 3.0
    f(1.0).backward()
    assert repr(w[0]) == "Value(1.0, name='w0', grad=2.0)"
    assert (w[0].op, w[0].operands, w[0].momentum, w[0].shape) == (None, (), 3.0, ())
    assert (float(w[0]), w[0] < w[1], f"{w[1]:.1f}", w[0] == 1.0) == (1.0, True, "2.0", True)
    assert len({w[0], w[1], w[0]}) == 2


def test_data():
    w, f = packed(1.0, 2.0)
    w[0].data = 5
    w[1].data += 1.0
    assert [v.data for v in w] == [5.0, 3.0]
    assert all(type(v.data) is float for v in w)
    assert f(1.0).data == 25.0 + 9.0 * 2.0
    with pytest.raises(TypeError, match="a Value holds one real number"):
        w[0].data = "five"
    assert w[0].data == 5.0


def test_gradients_are_read_and_written():
    w, f = packed(1.0, 2.0)
    assert [(v.grad, v.has_grad) for v in w] == [(0.0, False)] * 2
    f(1.0).backward()
    assert [(v.grad, v.has_grad) for v in w] == [(2.0, True), (8.0, True)]
    f(1.0).backward()
    assert [v.grad for v in w] == [4.0, 16.0]
    w[0].zero_grad()
    assert [(v.grad, v.has_grad) for v in w] == [(0.0, False), (16.0, True)]
    w[1].grad = 0.5
    f(0.0).backward()
    assert [v.grad for v in w] == [0.0, 4.5]
    for v in w:
        v.zero_grad()
    assert not any(v.has_grad for v in w)


def test_what_had_a_gradient_before_it_was_packed_keeps_it():
    w = values(1.0, 2.0)
    (w[0] * 3.0).backward()
    f = compile(lambda x: w[0] * x + w[1])
    f(1.0)
    assert [(v.grad, v.has_grad) for v in w] == [(3.0, True), (0.0, False)]
    f(2.0).backward()
    assert [v.grad for v in w] == [5.0, 1.0]


def test_eager_code_on_packed_leaves_is_exact():
    w, _ = packed(0.3, -0.7, 1.1)
    other = values(0.3, -0.7, 1.1)

    def plain(w):
        return (w[0] * w[1]).tanh() + w[2].exp() * w[0] / 3.0 + sum(v * v for v in w)

    assert plain(w).data == plain(other).data
    assert gradients(plain(w), w) == gradients(plain(other), other)
    assert gradients(w[0] * 2.0, w) == gradients(other[0] * 2.0, other)  # of one alone
    w[0].zero_grad()
    w[0].backward()
    assert w[0].grad == 1.0


def test_where_no_more_than_a_zero_arrives():
    w, f = packed(-1.0, 2.0)
    f(1.0).backward()
    before = [v.grad for v in w]
    ((w[0] * 2.0).relu() * 3.0).backward()
    assert [v.grad for v in w] == before


def test_a_compiled_loss_and_an_eager_penalty():
    w, f = packed(0.3, -0.7, 1.1)
    other = values(0.3, -0.7, 1.1)
    plain = lambda x: sum(v * v * (x + k) for k, v in enumerate(other))  # noqa: E731
    mixed = f(2.0) + 0.1 * sum(v * v for v in w) + f(1.0) * w[0]
    right = plain(2.0) + 0.1 * sum(v * v for v in other) + plain(1.0) * other[0]
    assert_close(gradients(mixed, w)[0], gradients(right, other)[0], 1e-12)


def test_other_programs_share_some_of_them():
    w, f = packed(1.0, 2.0, 3.0)
    spare = values(4.0, 5.0)
    g = compile(lambda x: w[2] * x * spare[1] + w[0] * spare[0])
    h = compile(lambda x: w[1] * x)
    (f(1.0) + g(2.0) + h(3.0)).backward()
    assert [v.grad for v in (*w, *spare)] == [6.0, 11.0, 28.0, 1.0, 6.0]
    w[2].data = 10.0
    assert (f(0.0).data, g(1.0).data) == (4.0 + 200.0, 54.0)


@pytest.mark.parametrize("again", [False, True])
def test_a_leaf_that_moves_into_a_pack_between_the_passes(again):
    a, b, c = values(1.0, 2.0, 3.0)
    f = compile(lambda x: a * x)
    y = f(2.0)
    compile(lambda x: c * x + a * b)(1.0)  # packs all three
    if again:
        f(3.0)
    y.backward()
    assert [v.grad for v in (a, b, c)] == [2.0, 0.0, 0.0]
    assert not b.has_grad


def test_without_requires_grad_it_leaves_the_pack():
    w, f = packed(1.0, 2.0, 3.0)
    w[1].requires_grad = False
    f(1.0).backward()
    assert [v.grad for v in w] == [2.0, 0.0, 18.0]
    assert (w[1].requires_grad, w[1].has_grad, w[1].data) == (False, False, 2.0)
    w[1].data = 0.0
    assert f(1.0).data == 28.0
    w[1].requires_grad = True
    w[1].data = 5.0
    f(1.0).backward()
    assert [v.grad for v in w] == [4.0, 20.0, 36.0]


@pytest.mark.parametrize("which", [0, 1])
def test_a_leaf_that_is_changed_between_the_passes(which):
    w, f = packed(1.0, 2.0)
    w[which].name = "mine"
    y = f(1.0)
    w[which].data = 7.0
    with pytest.raises(
        RuntimeError, match=r"the leaf 'mine' was changed after <lambda> had used it"
    ):
        y.backward()
    assert not any(v.has_grad for v in w)
    z = w[0] * w[1]
    w[which].data = 8.0
    with pytest.raises(RuntimeError, match="the leaf 'mine' was changed after mul had used it"):
        z.backward()
    f(1.0).backward()
    assert all(v.has_grad for v in w)


def test_a_leaf_that_an_optimiser_moves_between_the_passes():
    w, f = packed(1.0, 2.0)
    optimizer = SGD(w, lr=0.1)
    y = f(1.0)
    y.backward()
    optimizer.step()
    with pytest.raises(RuntimeError, match="was changed after"):
        y.backward()


def test_copies():
    w, f = packed(1.0, 2.0)
    w[0].name = "w0"
    f(1.0).backward()
    for copied in (copy.deepcopy(w), pickle.loads(pickle.dumps(w)), [copy.copy(v) for v in w]):
        assert all(type(v) is Leaf for v in copied)
        assert [(v.data, v.grad, v.name) for v in copied] == [(1.0, 2.0, "w0"), (2.0, 8.0, None)]
        copied[0].data = 9.0
        (copied[0] * copied[1]).backward()
        assert [v.grad for v in copied] == [4.0, 17.0]
    assert [(v.data, v.grad) for v in w] == [(1.0, 2.0), (2.0, 8.0)]


def test_a_copy_of_eager_code_on_them():
    w, _ = packed(1.0, 2.0)
    y = w[0] * w[1]
    v, z = copy.deepcopy((w, y))
    z.backward()
    assert ([x.grad for x in v], [x.has_grad for x in w]) == ([2.0, 1.0], [False, False])


@pytest.mark.parametrize("result", [lambda y: y, lambda y: y * 2.0, lambda y: [y, y]])
def test_what_a_compiled_function_gave_is_not_copied(result):
    _, f = packed(1.0, 2.0)
    with pytest.raises(TypeError, match=r"cannot be copied.*call the function again"):
        copy.deepcopy(result(f(1.0)))


@pytest.mark.parametrize(
    "make",
    [
        lambda w: SGD(w, lr=0.05),
        lambda w: SGD(w, lr=0.05, momentum=0.9, nesterov=True),
        lambda w: Adam(w, lr=0.05),
    ],
)
@pytest.mark.parametrize("packs", ["before", "after"])
def test_optimisers(make, packs):
    plain = values(0.3, -0.7, 1.1)
    loss = lambda w, x: sum((v - x).tanh() ** 2 * (k + 1.0) for k, v in enumerate(w))  # noqa: E731
    w = values(0.3, -0.7, 1.1)
    f = compile(lambda x: loss(w, x))
    if packs == "before":
        f(0.0)
    one, other = make(plain), make(w)
    for x in (0.5, 0.1, -0.3, 0.8):
        for optimizer, y in ((one, loss(plain, x)), (other, f(x))):
            optimizer.zero_grad()
            y.backward()
            optimizer.step()
    assert_close([v.data for v in w], [v.data for v in plain], 1e-12)


def test_two_optimisers_and_leaves_without_a_gradient():
    w, f = packed(1.0, 2.0, 3.0)
    first, rest = SGD(w[:1], lr=1.0), SGD(w[1:], lr=0.5)
    f(0.0).backward()  # 0, 4, 12
    first.step()
    rest.step()
    assert [v.data for v in w] == [1.0, 0.0, -3.0]
    first.zero_grad()
    assert [v.has_grad for v in w] == [False, True, True]
    rest.zero_grad()
    (w[2] * 2.0).backward()
    rest.step()
    assert [v.data for v in w] == [1.0, 0.0, -4.0]


def test_a_pack_goes_with_its_leaves():
    w, f = packed(1.0, 2.0)
    f(1.0).backward()
    del w, f
    gc.collect()
    assert not [
        x for x in gc.get_objects() if isinstance(x, Pack) and x.size == 2 and x.grad is not None
    ]


def test_leaves_of_the_users_own_kind_stay_by_themselves():
    class Parameter(Leaf):
        pass

    w = [Parameter(1.0), Value(2.0), Value(3.0)]
    f = compile(lambda x: sum(v * v for v in w) * x)
    f(2.0).backward()
    assert (type(w[0]), [v.grad for v in w]) == (Parameter, [4.0, 8.0, 12.0])
    with no_grad():
        assert f(1.0).data == 14.0
