"""What a trace cannot see raises, with the user's line and the cure; the rest replays right."""

import copy
import math
import random

import numpy as np
import pytest
from compiled import gradients, values

import autograd
from autograd import Tensor, Value, checkpoint, compile, custom, gradient, no_grad

ROWS = [1.0, 2.0]
WEIGHT = Value(1.0)


def decides(v):
    if v > 0.0:
        return v
    return -v


def repeats(v):
    while v < 10.0:
        v = v * 2.0
    return v


def counts(n, v):
    return sum((v for _ in range(n)), v)


def indexes(n, v):
    return v * ROWS[n]


def slices(n, v):
    return sum(ROWS[:n], v)


def assigns(v):
    WEIGHT.data = v
    return WEIGHT * v


LOOKS = {
    "if": (decides, "if v > 0.0", r"autograd\.where\(condition, x, y\)"),
    "while": (repeats, "while v < 10.0", "how often a loop runs"),
    "bool": (lambda v: v * bool(v), r"bool\(v\)", r"autograd\.where"),
    "not": (lambda v: v * (not v), "not v", r"autograd\.where"),
    "and": (lambda v: v > 0.0 and v, "and v", r"autograd\.where"),
    "in": (lambda v: v * (v in [1.0, 2.0]), "v in", r"autograd\."),
    "float": (lambda v: v * float(v), r"float\(v\)", r"\.detach\(\)"),
    "int": (lambda v: v * int(v), r"int\(v\)", r"autograd\.trunc"),
    "round": (lambda v: v * round(v), r"round\(v\)", r"autograd\.round"),
    "data": (lambda v: v * v.data, r"v\.data", r"\.detach\(\)"),
    "item": (lambda v: v * v.item(), r"v\.item\(\)", r"autograd\."),
    "math": (lambda v: v * math.sqrt(v), r"math\.sqrt\(v\)", r"autograd\."),
    "max": (lambda v: max(v, 2.0), r"max\(v, 2\.0\)", r"autograd\.max"),
    "min": (lambda v: min(v, 2.0), r"min\(v, 2\.0\)", r"autograd\.min"),
    "sorted": (lambda v: sorted([v, v * v])[0], "sorted", "in order in one call"),
    "numpy's numbers": (
        lambda v: v if np.float64(0.5) < v else -v,
        r"np\.float64",
        r"autograd\.where",
    ),
    "isnan": (lambda v: v if not np.isnan(v) else -v, "isnan", r"autograd\.where"),
    "copy": (lambda v: v * copy.copy(v), "copy", r"autograd\."),
    "backward": (lambda v: [v, (v * WEIGHT).backward()][0], "backward", r"autograd\.gradient"),
    "assigns": (assigns, r"WEIGHT\.data = v", r"\.detach\(\)"),
}


@pytest.mark.parametrize("how", LOOKS)
def test_looking_at_a_number_raises(how):
    f, line, cure = LOOKS[how]
    compiled = compile(f)
    for _ in range(2):  # nothing of it is kept
        with pytest.raises(TypeError, match=line) as error:
            compiled(1.5)
        assert error.match(cure)
        assert "test_compile_traces.py" in str(error.value) or how == "copy"
    assert compiled.cache_info().currsize == 0
    assert not WEIGHT.has_grad
    assert WEIGHT.data == 1.0
    assert not autograd.is_tracing()


@pytest.mark.parametrize(
    ("f", "line", "cure"),
    [
        (counts, r"range\(n\)", "static="),
        (indexes, r"ROWS\[n\]", r"autograd\.pick"),
        (slices, r"ROWS\[:n\]", r"autograd\.pick"),
    ],
)
def test_an_integer_as_a_plain_index_or_count_raises(f, line, cure):
    with pytest.raises(TypeError, match=line) as error:
        compile(f)(1, 2.0)
    assert error.match("by n asks for an integer that differs")
    assert error.match(cure)
    compiled = compile(f, static="n")
    for n in (0, 1, 0):
        assert compiled(n, Value(2.0)).data == f(n, 2.0)
    assert compiled.cache_info()[:2] == (1, 2)


def test_what_decides_anew_in_each_call():
    f = compile(lambda v: autograd.where(v > 0.0, v * v, -v) + v.relu() + autograd.max([v, 1.0]))
    assert [f(v).data for v in (2.0, -3.0, 0.5)] == [8.0, 4.0, 1.75]
    for v, slope in ((2.0, 6.0), (-3.0, -1.0), (0.5, 2.0)):
        assert gradients(f(x := Value(v)), [x])[0] == [slope]


def test_comparisons_are_numbers():
    f = compile(lambda v, w: (v > w) + 2.0 * (v == w) + 4.0 * (v <= w))
    assert [f(1.0, w).data for w in (0.0, 1.0, 2.0)] == [1.0, 6.0, 4.0]


def test_no_grad_inside_records_but_lets_no_gradient_through():
    w = values(2.0, 3.0)

    def f(x):
        with no_grad():
            scale = w[0] * x
        return scale * w[1] + x

    compiled, x = compile(f), Value(5.0)
    for number in (5.0, 7.0):
        w[0].data = number
        assert compiled(x).data == f(x).data
        assert gradients(compiled(x), [*w, x]) == gradients(f(x), [*w, x])


def test_detach():
    x = Value(3.0)
    f = compile(lambda x: x.detach() * x)
    assert gradients(f(x), [x])[0] == [3.0]
    x.data = 4.0
    assert (f(x).data, gradients(f(x), [x])[0]) == (16.0, [4.0])


def test_gradients_inside():
    f = compile(lambda x: gradient(x**3, x) + autograd.grad(lambda y: y * y)(x))
    for number in (2.0, 5.0):
        x = Value(number)
        assert f(x).data == 3.0 * number**2 + 2.0 * number
        assert gradients(f(x), [x])[0] == [6.0 * number + 2.0]


def test_checkpoints_and_operations_of_the_users_own():
    @custom(partials=[lambda out, x: 3.0 * x * x])
    def cube(x):
        return x * x * x

    f = compile(lambda x: checkpoint(cube, x) * 2.0 + sum(cube(x * k) for k in (1.0, 2.0)))
    for number in (2.0, 3.0):
        x = Value(number)
        assert f(x).data == pytest.approx(11.0 * number**3)
        assert gradients(f(x), [x])[0] == pytest.approx([33.0 * number**2])


def test_prints_happen_once(capsys):
    calls = []

    def f(x):
        print("here")
        calls.append(1)
        return x * 2.0

    compiled = compile(f)
    assert [compiled(x).data for x in (1.0, 2.0)] == [2.0, 4.0]
    assert (capsys.readouterr().out, calls) == ("here\n", [1])


def test_an_error_in_the_function_leaves_nothing_behind():
    def f(x, wrong):
        if wrong:
            raise KeyError("the user's own")
        return x * 2.0

    compiled = compile(f)
    with pytest.raises(KeyError, match="the user's own"):
        compiled(1.0, True)
    assert not autograd.is_tracing()
    assert (compiled(1.0, False).data, compiled.cache_info().currsize) == (2.0, 1)


def test_a_parameter_that_is_made_when_it_is_first_needed():
    kept, dropped = [], compile(lambda x: x * Value(3.0) + Value(0.5))

    def lazy(x):
        if not kept:
            kept.append(Value(0.5))
        return kept[0] * x

    compiled = compile(lazy)
    with pytest.raises(RuntimeError, match=r"lazy made Value\(0\.5\).*before the first call"):
        compiled(2.0)
    kept[0].data = 4.0  # now it is there
    assert (compiled(2.0).data, dropped(2.0).data, dropped(4.0).data) == (8.0, 6.5, 12.5)


# Random numbers.


def test_a_tensor_that_is_made_when_it_is_first_needed():
    kept = {}

    @compile
    def lazy(x):
        if "w" not in kept:
            kept["w"] = Tensor([0.5, 1.0], requires_grad=True)
        return (kept["w"] * x).sum()

    with pytest.raises(RuntimeError, match=r"lazy made Tensor\(\[0\.5.*before the first call"):
        lazy(np.ones(2))
    lazy(np.ones(2)).backward()
    assert kept["w"].grad.tolist() == [1.0, 1.0]
    passing = compile(lambda x: (Tensor([2.0], requires_grad=True) * x).sum())
    assert passing(np.ones(2)).data == 4.0


@pytest.mark.parametrize("draw", [random.random, np.random.rand, lambda: random.choice(ROWS)])
def test_random_numbers_of_others_raise(draw):
    with pytest.raises(RuntimeError, match=r"of Python or NumPy.*autograd\.rand"):
        compile(lambda x: x * draw())(1.0)


def test_random_numbers_are_drawn_anew():
    f = compile(lambda x: x * autograd.rand(3)[1] + autograd.randn(2)[0])
    assert len({f(1.0).data for _ in range(20)}) == 20


def test_random_numbers_follow_the_seed_as_in_eager_code():
    def f(x):
        return x * autograd.rand(3)[1]

    compiled = compile(f)
    compiled(Value(1.0))
    autograd.manual_seed(3)
    expected = [f(1.0).item() for _ in range(4)]
    autograd.manual_seed(3)
    assert [compiled(Value(1.0)).data for _ in range(4)] == expected


def test_a_seed_given_by_number_gives_the_same_each_time():
    f = compile(lambda x: x * autograd.rand(2, generator=0)[0])
    expected = autograd.rand(2, generator=0).data[0]
    assert [f(1.0).data for _ in range(3)] == [expected] * 3


def test_backward_uses_the_random_numbers_of_its_call():
    f, x = compile(lambda x: x * x * autograd.rand(2)[0]), Value(3.0)
    first, second = f(x), f(x)
    assert gradients(first, [x])[0] == pytest.approx([2.0 * first.data / 3.0])
    assert gradients(second, [x])[0] == pytest.approx([2.0 * second.data / 3.0])


@pytest.mark.parametrize("make", [np.random.default_rng, np.random.RandomState, random.Random])
def test_a_generator_around_a_function_is_watched(make):
    rng = make(0)
    f = autograd.compile(lambda x: x * rng.random())
    with pytest.raises(RuntimeError, match=r"draws random numbers.*autograd\.rand"):
        f(1.0)


def scaled(k, name="scaled"):
    """An operation of the user's own, which shares its name with others."""

    def function(x):
        return x * k

    function.__name__ = name
    return custom(partials=[lambda out, x: k])(function)


@pytest.mark.parametrize("name", ["scaled", "relu"])
def test_operations_that_share_a_name_in_tensor_code(name):
    double, triple = scaled(2.0, name), scaled(3.0, name)
    x = Tensor([1.0, -2.0, 3.0], requires_grad=True)
    y = compile(lambda x: (double(x) * triple(x) + x.relu()).sum())(x)
    y.backward()
    assert (y.item(), x.grad.tolist()) == (88.0, [13.0, -24.0, 37.0])


def test_one_operation_on_mixed_types_and_on_equal_ones():
    x = Tensor(np.full((3, 2), 0.5), requires_grad=True)
    single = Tensor(np.full((3, 2), 2.0, dtype=np.float32))
    y = compile(lambda x: ((x * single).sum(dim=0).sum() * 3.0 + (x.sum() * 2.0) * x.sum()).sum())(
        x
    )
    y.backward()
    assert (y.item(), x.grad.tolist()) == (36.0, [[18.0, 18.0]] * 3)


def test_operations_that_share_a_name_in_scalar_code_are_refused():
    double, triple = scaled(2.0), scaled(3.0)
    with pytest.raises(NotImplementedError, match="two custom operations named 'scaled'"):
        compile(lambda v: sum(double(x) * triple(x) for x in v))([1.0, 2.0, 3.0])


@pytest.mark.parametrize("name", ["scaled", "relu"])
def test_a_rule_that_uses_another_operation_of_the_users_own(name):
    slope = scaled(5.0, name)

    @custom(partials=[lambda out, x: slope(x)])
    def bowl(x):
        return 2.5 * x * x

    x = Tensor([1.0, -2.0, 3.0], requires_grad=True)
    compile(lambda x: bowl(x).sum())(x).backward()
    assert x.grad.tolist() == [5.0, -10.0, 15.0]
    with pytest.raises(NotImplementedError, match=f"whose derivative uses '{name}'"):
        compile(lambda v: sum(bowl(x) for x in v))([Value(1.0), Value(2.0)])
