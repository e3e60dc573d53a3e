"""`vmap`: a function of one row on many at once, as a loop over them would run it."""

import numpy as np
import pytest
from compiled import assert_close, gradients, values

import autograd
from autograd import Tensor, Value, compile, grad, gradient, no_grad, pick, vmap


def score(w):
    """A function of a row, an index and a number that all rows share."""
    return lambda x, i, shift: (w[0] * x[0] + w[1] * x[1]).tanh() * pick(w, i) + shift * w[0]


ROWS = [[1.0, -2.0], [0.5, 0.25], [3.0, 1.0]]
WHICH = [0, 1, -1]


def looped(w, rows=ROWS, which=WHICH, shift=0.7):
    return [score(w)(x, i, shift) for x, i in zip(rows, which, strict=True)]


@pytest.mark.parametrize("kind", [list, np.array, tuple, Tensor])
def test_as_a_loop(kind):
    w = values(0.5, -1.0)
    f = vmap(score(w), over=["x", "i"])
    y = f(kind(ROWS), WHICH if kind is Tensor else kind(WHICH), 0.7)
    assert isinstance(y, Tensor)
    assert y.shape == (3,)
    assert_close(y.data, [v.data for v in looped(w)], 1e-12)
    weights = np.array([1.0, 2.0, 3.0])
    right = sum(k * v for k, v in zip(weights, looped(w), strict=True))
    assert_close(gradients((y * weights).sum(), w)[0], gradients(right, w)[0], 1e-12)


def test_replays_on_other_rows():
    w = values(0.5, -1.0)
    f = vmap(score(w), over=["x", "i"])
    for seed in range(3):
        random = np.random.default_rng(seed)
        rows, which = random.normal(size=(4, 2)).tolist(), random.integers(0, 2, 4).tolist()
        expected = [v.data for v in looped(w, rows, which, float(seed))]
        assert_close(f(rows, which, float(seed)).data, expected, 1e-12)
        w[0].data += 0.5
    assert f.cache_info()[:2] == (2, 1)
    f(ROWS, WHICH, 0.7)
    assert f.cache_info().misses == 2


def test_one_row():
    w = Value(2.0)
    y = vmap(lambda x: w * x * x)([3.0])
    assert y.tolist() == [18.0]
    y.sum().backward()
    assert w.grad == 9.0


def test_rows_of_values_and_a_shared_one():
    xs, w = values(1.0, 2.0, 3.0), Value(4.0)
    f = vmap(lambda x, w: x * x * w, over="x")
    f(xs, w).sum().backward()
    assert ([x.grad for x in xs], w.grad) == ([8.0, 16.0, 24.0], 14.0)


@pytest.mark.parametrize("shape", [(3,), (3, 2), (3, 2, 2)])
def test_rows_of_a_tensor(shape):
    t = Tensor(np.arange(1.0, 1.0 + np.prod(shape)).reshape(shape), requires_grad=True)
    w = Value(2.0)

    def f(x):
        return sum(map(f, x)) if isinstance(x, Tensor) and x.shape else w * x * x * x

    vmap(f)(t).sum().backward()
    assert_close(t.grad, 6.0 * t.data**2, 1e-12)
    assert w.grad == pytest.approx((t.data**3).sum())


def test_results_in_trees():
    w = Value(2.0)
    found = vmap(lambda x: {"y": w * x, "z": [x, (w * w,)]})([1.0, 2.0])
    assert found["y"].tolist() == [2.0, 4.0]
    assert [found["z"][0].tolist(), found["z"][1][0].tolist()] == [[1.0, 2.0], [4.0, 4.0]]
    (found["y"].sum() + found["z"][1][0].sum()).backward()
    assert w.grad == 3.0 + 8.0


def test_all_that_have_a_length_are_rows_unless_names_are_given():
    f = vmap(lambda x, y, scale: x * y * scale)
    assert f([1.0, 2.0], [3.0, 4.0], 10.0).tolist() == [30.0, 80.0]
    g = vmap(lambda x, y, scale: x * y[1] * scale, over=["x"])
    assert g([1.0, 2.0], [3.0, 4.0], 10.0).tolist() == [40.0, 80.0]
    h = vmap(lambda x, name: x * len(name))
    assert h([1.0, 2.0], "three").tolist() == [5.0, 10.0]


def test_rows_in_tuples_of_rows():
    f = vmap(lambda pair: pair[0][0] * pair[1])
    assert f([((1.0, 2.0), 3.0), ((4.0, 5.0), 6.0)]).tolist() == [3.0, 24.0]


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (([1.0, 2.0], [1.0]), "x has 2, y has 1"),
        (([], []), "x has 0, y has 0"),
        ((1.0, 2.0), "none has any"),
    ],
)
def test_rows_that_do_not_fit(args, says):
    with pytest.raises(ValueError, match=rf"as many in each argument, but {says}"):
        vmap(lambda x, y: x * y)(*args)


def test_unknown_names():
    with pytest.raises(TypeError, match="over= names z, but <lambda> takes x, y"):
        vmap(lambda x, y: x, over=["z"])


def test_an_index_out_of_bounds_is_named_by_its_row():
    w = values(1.0, 2.0)
    f = vmap(lambda tokens, scale: pick(w, tokens[1]) * scale, over=["tokens"])
    assert f([[0, 1], [1, 0]], 2.0).tolist() == [4.0, 2.0]
    with pytest.raises(IndexError, match=r"tokens\[1\]\[1\] is 5, but there are 2"):
        f([[0, 1], [1, 5]], 2.0)
    with pytest.raises(IndexError, match=r"tokens\[0\]\[1\] is -3, but there are 2"):
        f([[0, -3], [1, 1]], 2.0)


def test_errors_are_those_of_the_loop():
    f = vmap(lambda x: x.log() * 2.0)
    f([1.0, 2.0])
    with pytest.raises(ValueError, match=r"log\(x=-2\.0\)"):
        f([1.0, -2.0])


def test_random_numbers_are_drawn_for_each_row():
    f = vmap(lambda x: x * autograd.rand(2)[0])
    first, second = f([1.0] * 6), f([1.0] * 6)
    assert len({*first.tolist(), *second.tolist()}) == 12
    x = Tensor([2.0, 3.0], requires_grad=True)
    y = f(x)
    f(x)
    y.sum().backward()
    assert_close(x.grad, y.data / x.data, 1e-12)


def test_higher_derivatives():
    w = Value(2.0)
    f = vmap(lambda x: w**3 * x * x)
    slope = gradient(f([1.0, 2.0]).sum(), w)
    assert (slope.item(), gradient(slope, w).item()) == (60.0, 60.0)
    x = Tensor([1.0, 2.0], requires_grad=True)
    slope = gradient(f(x).sum(), x)
    assert_close(gradient(slope.sum(), x).data, [16.0, 16.0], 1e-12)
    assert grad(lambda x: f([x, 2.0 * x]).sum())(1.0) == pytest.approx(80.0)


def test_second_derivatives_see_the_random_numbers_of_each_row():
    x = Tensor([1.0, 2.0, 4.0], requires_grad=True)
    f = vmap(lambda x: x * x * autograd.rand(2)[1] * autograd.rand(1)[0])
    y = f(x)
    slope = gradient(y.sum(), x)
    assert_close(slope.data, 2.0 * y.data / x.data, 1e-12)
    assert_close(gradient(slope.sum(), x).data, 2.0 * y.data / x.data**2, 1e-12)


def test_in_no_grad():
    w = Value(2.0)
    f = vmap(lambda x: (w * x, x))
    with no_grad():
        y, _ = f([1.0, 2.0])
    assert (y.tolist(), y.requires_grad) == ([2.0, 4.0], False)
    f([1.0, 3.0])[0].sum().backward()
    assert w.grad == 4.0


def test_within_compile():
    w = values(0.5, -1.0)
    rows = vmap(score(w), over=["x", "i"])
    f = compile(lambda x, i: sum(rows(x, i, 0.7)))
    for _ in range(2):
        assert_close(gradients(f(ROWS, WHICH), w)[0], gradients(sum(looped(w)), w)[0], 1e-12)


def test_the_rows_are_one_array():
    """As many steps for many rows as for two."""
    w = values(0.5, -1.0)
    f = vmap(score(w), over=["x", "i"])
    steps = set()
    for n in (2, 5, 20):
        f([[float(k), 1.0] for k in range(n)], [k % 2 for k in range(n)], 0.7)
        steps.add(len(f.program.steps))
    assert len(steps) == 1
