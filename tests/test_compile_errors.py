"""Where eager code raises, a replay raises the same; where it does not, it does not either."""

import itertools
import math

import numpy as np
import pytest
from compiled import values

import autograd
from autograd import Tensor, Value, compile, grad, vmap
from autograd.op import TABLE

SCALAR = {name: op for name, op in TABLE.items() if op.scalar is not None and op.public}
SPECIAL = [math.nan, math.inf, -math.inf, 0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 800.0, -800.0, 1e200]
NOT_FINITE = [math.nan, math.inf, -math.inf]
# A denominator of 0 beneath what is not finite: no error of floating point, but one of Python's.
QUIET = {
    (name, (x, y))
    for name in ("div", "floor_divide", "remainder")
    for x in NOT_FINITE
    for y in (0, 0)
}


def outcome(f, xs):
    """What comes out: numbers and gradients, or which error, in the words of which operation."""
    try:
        y = f(*xs)
    except (ArithmeticError, ValueError) as error:
        return [type(error), str(error)]
    try:
        y.backward()
    except (ArithmeticError, ValueError) as error:
        return [repr(y.data), type(error)]
    except RuntimeError:  # nothing to go back over
        return [repr(y.data)]
    return [repr(y.data), *(repr(x.grad) for x in xs)]


def same(found, expected):
    if len(found) != len(expected):
        return False
    for one, other in zip(found, expected, strict=True):
        numbers = isinstance(one, str) and isinstance(other, str) and "," not in one
        if one != other and not (
            numbers and math.isclose(float(one), float(other), rel_tol=1e-12, abs_tol=0.0)
        ):
            return False
    return True


@pytest.mark.parametrize("name", SCALAR)
def test_special_numbers(name):
    op = SCALAR[name]

    def f(*xs):
        return op.function(*xs)

    compiled = compile(f)
    compiled(*(Value((low + high) / 2) for low, high in op.domain[0]))
    for numbers in itertools.product(SPECIAL, repeat=op.arity):
        if (name, numbers) in QUIET:
            continue
        found, expected = outcome(compiled, values(*numbers)), outcome(f, values(*numbers))
        assert same(found, expected), numbers
    assert compiled.cache_info().misses == 1


RAISING = {
    "log": (lambda x: x.log(), 2.0, -1.0, ValueError, r"log\(x=-1\.0\)"),
    "log of 0": (lambda x: x.log(), 2.0, 0.0, ValueError, r"log\(x=0\.0\)"),
    "sqrt": (lambda x: x.sqrt(), 2.0, -4.0, ValueError, r"sqrt\(x=-4\.0\)"),
    "division": (lambda x: 1.0 / x, 2.0, 0.0, ZeroDivisionError, r"div\(x=1\.0, y=0\.0\)"),
    "power": (lambda x: x**-2, 2.0, 0.0, ZeroDivisionError, r"pow\(x=0\.0, y=-2"),
    "overflow": (lambda x: x.exp(), 2.0, 1000.0, OverflowError, r"exp\(x=1000\.0\)"),
    "sine": (lambda x: x.sin(), 2.0, math.inf, ValueError, r"sin\(x=inf\)"),
}


@pytest.mark.parametrize("how", RAISING)
@pytest.mark.parametrize("run", ["compile", "vmap"])
def test_errors_name_the_operation(how, run):
    f, fine, wrong, error, says = RAISING[how]
    w = Value(3.0)
    compiled = compile(lambda x, y: f(x) + w * y) if run == "compile" else None
    if run == "vmap":
        rows = vmap(lambda x, y: f(x) + w * y)
        compiled = lambda x, y: rows([fine, x, fine], [y, y, y]).sum()  # noqa: E731
    before = compiled(fine, 1.0)
    with pytest.raises(error, match=says):
        compiled(wrong, 1.0)
    before.backward()  # what was called before is as it was
    assert w.grad == (1.0 if run == "compile" else 3.0)
    compiled(fine, 1.0)


def test_the_users_name_is_said():
    f, price = compile(lambda v: v.log() * 2.0), Value(1.0, name="price")
    f(price)
    price.data = -1.0
    with pytest.raises(ValueError, match=r"log\(price=-1\.0\)"):
        f(price)


def test_a_derivative_that_does_not_exist():
    f, x = compile(lambda x: x.sqrt() * 3.0), Value(0.0)
    y = f(x)
    assert y.data == 0.0
    with pytest.raises(ZeroDivisionError, match=r"in the derivative of sqrt\(x=0\.0\)"):
        y.backward()
    assert not x.has_grad
    with pytest.raises(ZeroDivisionError, match=r"in the derivative of sqrt"):
        grad(f)(0.0)


def test_a_derivative_that_does_not_exist_leaves_parameters_alone():
    w = values(0.0, 1.0)
    f = compile(lambda x: w[0].sqrt() * x + w[1])
    with pytest.raises(ZeroDivisionError):
        f(1.0).backward()
    assert [v.has_grad for v in w] == [False, False]
    (w[1] * 2.0).backward()
    assert [v.has_grad for v in w] == [False, True]


@pytest.mark.parametrize(
    "where", ["runs.receive", "leaves.Layout.receive", "leaves.InPack.receive"]
)
def test_an_interruption_leaves_gradients_as_they_were(where, monkeypatch):
    w, x = values(2.0, 3.0), Tensor([1.0, 2.0], requires_grad=True)
    f = compile(lambda y: (x * (w[0] * w[1] * y)).sum())
    f(1.0).backward()
    before = [v.grad for v in w], x.grad.tolist()

    def interrupted(*args):
        raise KeyboardInterrupt

    y = f(1.0)
    with monkeypatch.context() as patch:
        patch.setattr(f"autograd.compiling.{where}", interrupted)
        with pytest.raises(KeyboardInterrupt):
            y.backward()
    assert ([v.grad for v in w], x.grad.tolist()) == before
    f(1.0).backward()
    assert [v.grad for v in w] == [2.0 * g for g in before[0]]


@pytest.mark.parametrize("w", [Value(2.0), Tensor(2.0, requires_grad=True)])
def test_a_leaf_that_was_frozen_since_gets_no_gradient(w):
    y = compile(lambda: w * 3.0)()
    w.requires_grad = False
    with pytest.raises(RuntimeError, match="none of its leaves requires a gradient"):
        y.backward()
    assert not w.has_grad


def test_an_interruption_of_a_second_run_leaves_the_last_call_its_numbers(monkeypatch):
    w = values(2.0, 3.0)
    f = compile(lambda x: w[0] * w[1] * x)
    first, last = f(1.0), f(2.0)

    def interrupted(layout):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("autograd.compiling.leaves.Layout.fill", interrupted)
        with pytest.raises(KeyboardInterrupt):
            first.backward()
    last.backward()
    assert [v.grad for v in w] == [6.0, 4.0]


def test_a_result_beside_one_without_a_derivative():
    f, x = compile(lambda x: (x.sqrt(), x * 2.0)), Value(0.0)
    root, double = f(x)
    (double * 3.0).backward()
    assert x.grad == 6.0
    with pytest.raises(ZeroDivisionError):
        root.backward()
    assert x.grad == 6.0


@pytest.mark.parametrize("bad", [0.0, -1.0])
def test_a_branch_that_is_not_taken_leaks_nothing(bad):
    w = Value(2.0)
    f = compile(lambda x: autograd.where(x > 0.0, (w * x.relu() + 1e-30).log(), w * x))
    x = Value(bad)
    f(x).backward()
    assert (w.grad, x.grad) == (bad, 2.0)


@pytest.mark.parametrize("numbers", [(-math.inf, 1.0), (1.0, -math.inf), (-math.inf, -math.inf)])
def test_nothing_comes_of_a_zero_that_meets_an_infinity(numbers):
    def f(w, xs):
        return sum(v * x for v, x in zip(w, xs, strict=True)).exp() * 3.0

    ours, eager = values(0.5, 2.0), values(0.5, 2.0)
    y = compile(lambda xs: f(ours, xs))(list(numbers))
    y.backward()
    f(eager, numbers).backward()
    assert y.data == 0.0
    assert [v.grad for v in ours] == [v.grad for v in eager] == [0.0, 0.0]


@pytest.mark.parametrize(
    "numbers", [(math.inf, 1.0), (1e308, 1e308), (math.nan, 0.0), (1e308, -3.0)]
)
def test_infinities_go_on_as_in_eager_code(numbers):
    def f(x, y):
        return x * 10.0 + y * 10.0

    xs, zs = values(*numbers), values(*numbers)
    compiled = compile(f)
    compiled(*values(1.0, 2.0))
    found, expected = compiled(*xs), f(*zs)
    assert repr(found.data) == repr(expected.data)
    found.backward()
    assert [x.grad for x in xs] == [10.0, 10.0]


@pytest.mark.parametrize("y", [0.5, -0.5, 1.5, -1.5, 2.5, -1.0])
def test_powers_of_infinity_are_those_of_floats(y):
    def f(xs):
        return sum(x**y for x in xs)

    xs, zs = values(*[-math.inf] * 40), values(*[-math.inf] * 40)
    found, expected = compile(f)(xs), f(zs)
    assert found.data == expected.data
    found.backward()
    expected.backward()
    assert [x.grad for x in xs] == [z.grad for z in zs]


def test_sums_of_different_lengths_keep_their_infinities_to_themselves():
    """No padding: a loss that is finite stays finite."""

    def f(scores):
        rows = [scores[: k + 1] for k in range(len(scores))]
        return [sum(x.exp() for x in row).log() - autograd.max(row) for row in rows]

    for numbers in ([-math.inf, 0.0, 1.0, 2.0], [700.0, 1.0, -700.0, 0.0]):
        try:
            expected = [y.data for y in f(values(*numbers))]
        except (ArithmeticError, ValueError) as error:
            with pytest.raises(type(error)):
                compile(f)(values(*numbers))
            continue
        compiled = compile(f)
        compiled(values(0.0, 1.0, 2.0, 3.0))
        assert [y.data for y in compiled(values(*numbers))] == pytest.approx(expected, nan_ok=True)


def test_what_is_too_small_is_no_error_however_numpy_is_set():
    w = values(*range(50))
    f = compile(lambda x: sum((v * x).exp() for v in w))
    with np.errstate(all="raise"):
        y = f(-100.0)
        y.backward()
    assert y.data == pytest.approx(1.0)
    assert w[0].grad == -100.0


def test_an_error_leaves_numpy_as_it_was_set():
    w = values(*range(50))
    f = compile(lambda x: sum((v * x).exp() for v in w))
    before = np.geterr()
    with np.errstate(over="warn", invalid="ignore"):
        inside = np.geterr()
        f(0.0)
        with pytest.raises(OverflowError):
            f(1000.0)
        assert np.geterr() == inside
        y = f(0.0)  # which runs as ever
        y.backward()
        assert np.geterr() == inside
    assert np.geterr() == before
    assert (y.data, w[49].grad) == (50.0, 0.0)


def back(f, leaves):
    """The gradients of all that a function gives, by some leaves."""
    for leaf in leaves:
        leaf.zero_grad()
    result = f()
    sum(result if isinstance(result, list) else [result]).backward()
    return [leaf.grad for leaf in leaves]


def as_eager_code(f, leaves):
    """See that a compiled function has these gradients, too, however little they are numbers."""
    np.testing.assert_allclose(back(compile(f), leaves), back(f, leaves), rtol=1e-12)


@pytest.mark.parametrize("several", [False, True])
def test_a_unit_that_is_dead_hands_on_nothing_beside_one_that_is_not(several):
    xs, rows = values(-math.inf, 2.0), [values(3.0, 2.0), values(-1.0, math.inf)]

    def f():
        units = [sum(w * x for w, x in zip(row, xs, strict=True)).relu() for row in rows]
        units = [units[0] * 3.0, (units[1] + 1.0) ** -1.0]
        return units if several else sum(units)

    as_eager_code(f, [*xs, *rows[0], *rows[1]])


def test_where_floats_found_the_result_they_find_the_gradient():
    """A matrix product finds a number where floats find ∞ - ∞, and goes on with that."""
    xs, ws = values(1e200, 1e200), [values(1e200, -1e200), values(-1e200, 1e200), values(1.0, 2.0)]

    def f():
        return sum(sum(w * x for w, x in zip(row, xs, strict=True)).sigmoid() for row in ws)

    as_eager_code(f, [*xs, *(w for row in ws for w in row)])


def test_what_was_not_picked_gets_zero_from_an_infinity():
    rows = values(1e-320, 2.0, 3.0)
    f = compile(lambda i: autograd.pick(rows, i).log() * 2.0)
    with np.errstate(all="raise"):
        f(0).backward()
    assert [x.grad for x in rows] == [math.inf, 0.0, 0.0]


@pytest.mark.parametrize("extreme", [autograd.max, autograd.min])
@pytest.mark.parametrize(
    "rows",
    [
        [[1.0, math.nan, 4.0], [2.0, 2.0, 2.0]],
        [[1.0, math.nan, 4.0], [3.0, 3.0]],
        [[1.0, 5.0, math.nan]],
        [[math.nan, math.nan, 0.5], [0.0, 1.0]],
    ],
)
def test_extremes_beside_those_that_are_no_numbers(extreme, rows):
    leaves = [values(*row) for row in rows]
    as_eager_code(
        lambda: sum((k + 1.0) * extreme(row) for k, row in enumerate(leaves)),
        [x for row in leaves for x in row],
    )
