"""Straight-line code in place of steps on arrays: numbers and errors are those of eager code."""

from __future__ import annotations

import math
import random
import zlib

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import autograd
from autograd import Value
from autograd.compiling import compile, vmap
from autograd.op import TABLE
from autograd.program import program as program_module
from autograd.program.program import PER_STEP, Program
from autograd.program.rounds import rounds
from autograd.program.straight import TERMS
from autograd.program.tape import tape_of
from benchmarks.workloads import random_graph

SCALAR = [op for op in TABLE.values() if op.scalar is not None]
UNARY = ["tanh", "sigmoid", "sin", "cos", "relu", "abs", "square", "neg", "softplus", "erf", "exp"]
MAKING = [
    lambda rng, a, b: a + b,
    lambda rng, a, b: a - b,
    lambda rng, a, b: b - a * a,
    lambda rng, a, b: a * b,
    lambda rng, a, b: a / (b * b + 1.0),
    lambda rng, a, b: (a * a + 0.5) ** rng.choice([2, 0.5, -1, b]),
    lambda rng, a, b: a * rng.choice([2.0, -1.0, 0.5, -0.0]),
    lambda rng, a, b: rng.choice([1.0, -2.0]) - a,
    lambda rng, a, b: autograd.maximum(a, b),
    lambda rng, a, b: autograd.where(autograd.gt(a, b), a, b.tanh()),
    lambda rng, a, b: a * b.detach(),
    lambda rng, a, b: autograd.clip(a, -0.5, b),
    lambda rng, a, b: getattr(autograd, rng.choice(UNARY))(a.tanh()),
]


@pytest.fixture(autouse=True)
def short_programs_too(monkeypatch):
    """Short programs stay steps, to be read; here they are lines as soon as that is quicker."""
    monkeypatch.setattr(program_module, "SHORT", 0)


def program_of(*outputs):
    """The program of some Values, filled with the numbers that their leaves have."""
    tape = tape_of(outputs)
    program = Program(tape)
    program.values[program.leaves] = [leaf.data for leaf in tape.leaves]
    program.forward()
    return program, tape.leaves


def assert_same_bits(y):
    """That the program of a Value finds its number and all gradients, exactly."""
    program, leaves = program_of(y)
    assert program.straight
    assert not program.steps
    assert_array_equal(program.values[program.outputs], [y.data])
    y.backward()
    for go_back in (program.backward, lambda: program.straight._careful([1.0])):
        program.gradients[:] = 7.0
        go_back()
        assert_array_equal(program.gradients[program.leaves], [leaf.grad for leaf in leaves])


def tangle(seed):
    """A graph drawn at random, of shared nodes, constants and repeated operands."""
    rng = random.Random(seed)
    pool = [Value(rng.uniform(0.2, 1.5)) for _ in range(rng.randint(1, 6))]
    for _ in range(rng.randint(1, 80)):
        a, b = rng.choice(pool[-8:]), rng.choice(pool)
        v = rng.choice(MAKING)(rng, a, b)
        if abs(v.data) < 1e3:
            pool.append(v)
    return sum(pool[-5:])


@pytest.mark.parametrize("seed", range(60))
def test_random_graphs_to_the_last_bit(seed):
    assert_same_bits(tangle(seed))


@pytest.mark.parametrize("op", SCALAR, ids=lambda op: op.name)
def test_every_operation_of_the_table(op):
    rng = random.Random(zlib.crc32(op.name.encode()))
    for box in op.domain:
        numbers = [rng.uniform(*interval) for interval in box]
        # All operands computed; and all but one of them constants.
        for kept in (range(op.arity), *([i] for i in range(op.arity))):
            operands = [Value(x) * 1.0 if i in kept else x for i, x in enumerate(numbers)]
            w = Value(rng.uniform(0.5, 1.5))
            assert_same_bits(op.function(*operands) * w)


@pytest.mark.parametrize("number", [-2.5, -0.0, 0.0, 1.0, -1.0, math.inf, -math.inf])
def test_constants_keep_their_sign_and_their_place(number):
    x, y, z = Value(3.0), Value(3.0), Value(3.0)
    assert_same_bits((x * number + (number - x)) * 0.5 + x)
    assert_same_bits(autograd.atan(y / math.copysign(2.0, number)) - number)
    assert_same_bits((z * z) ** (number / 2.0) + z if number else number**z + z)


def test_zeros_of_both_signs_are_two_constants():
    x = Value(-1.0)
    y = autograd.atan2(0.0, x) + 3.0 * autograd.atan2(-0.0, x)
    assert y.data == -2.0 * math.pi
    assert_same_bits(y)


def test_a_leaf_that_is_used_a_thousand_times():
    w, x = Value(0.3), Value(0.7)
    for i in range(3 * TERMS + 1):
        x = (x * w).tanh() + (w if i % 3 else 0.25)
    assert_same_bits(x)


def test_what_a_choice_leaves_out_leaks_no_nan():
    x, y = Value(0.0), Value(2.0)
    assert_same_bits(autograd.where(autograd.gt(x, 0.0), x.sqrt(), y) * y)
    assert x.grad == 0.0
    x, y = Value(0.0), Value(2.0)
    infinite = (x + 1e308) * 10.0
    assert_same_bits(autograd.where(autograd.gt(y, 5.0), infinite * x, y) * y)
    assert (x.grad, y.grad) == (0.0, 4.0)


def test_infinities_come_out_where_they_do_in_eager_code():
    x, y = Value(5.0), Value(5.0)
    assert_same_bits(x * 1e308 * 10.0)
    assert_same_bits(1.0 / (y * 1e308 * 10.0) + y)


@pytest.mark.parametrize(
    ("f", "number", "kind"),
    [
        (lambda x: (x * 2.0).log() + x, -1.0, ValueError),
        (lambda x: (x * 1000.0).exp() * x, 1.0, OverflowError),
        (lambda x: x / (x - 1.0), 1.0, ZeroDivisionError),
        (lambda x: (x * 1.0).sqrt() + x, 0.0, ZeroDivisionError),  # on the way back
    ],
)
def test_errors_are_those_of_eager_code(f, number, kind):
    compiled = compile(f)
    compiled(Value(0.5)).backward()
    assert compiled.program.straight
    with pytest.raises(kind) as eager:
        f(Value(number)).backward()
    x = Value(number)
    with pytest.raises(kind) as replayed:
        compiled(x).backward()
    assert str(replayed.value).startswith(str(eager.value))
    assert x.grad == 0.0
    x = Value(0.5)
    compiled(x).backward()  # goes on as if nothing had happened
    assert x.grad == autograd.grad(f)(0.5)


def test_results_that_are_leaves_constants_and_repeated():
    x, w = Value(2.0), Value(3.0)
    y = x * w
    program, leaves = program_of(y, w, y, w, Value(5.0), y.tanh())
    assert program.straight
    numbers = [6.0, 3.0, 6.0, 3.0, 5.0, math.tanh(6.0)]
    assert program.values[program.outputs].tolist() == numbers
    program.backward(np.array([1.0, 10.0, 100.0, 1000.0, 1e9, 0.0]))
    found = dict(zip(leaves, program.gradients[program.leaves].tolist(), strict=True))
    assert found[x] == 101.0 * 3.0
    assert found[w] == 101.0 * 2.0 + 1010.0


def test_a_compiled_function_gives_arguments_constants_and_what_is_around_it():
    w = Value(3.0)
    f = compile(lambda x, y: [x, y * w, Value(5.0), w, y * w, 4.0 * x])
    for numbers in ((1.0, 2.0), (10.0, 20.0)):
        x, y = map(Value, numbers)
        w.zero_grad()
        found = f(x, y)
        assert [v.data for v in found] == [x.data, 3.0 * y.data, 5.0, 3.0, 3.0 * y.data, 4 * x.data]
        sum(found).backward()
        assert (x.grad, y.grad, w.grad) == (5.0, 6.0, 2.0 * y.data + 1.0)
    assert f.program.straight


def test_a_derivative_that_no_number_has_is_an_error_only_where_it_is_needed():
    x = Value(2.0)
    ratio = TABLE["ratio"].function(x, 0.0)  # 0, and without a slope
    assert_same_bits(autograd.where(autograd.gt(x, 5.0), ratio, x) * x)
    program, _ = program_of(ratio * x)
    with pytest.raises(ZeroDivisionError):
        program.backward()


def test_a_leaf_that_wants_no_gradient_gets_none():
    f = compile(lambda x, w: (x * w).sin() * x.detach())
    x, w = Value(0.5), Value(2.0, requires_grad=False)
    f(x, w).backward()
    assert f.program.straight
    assert (x.grad, w.grad) == (math.cos(1.0) * 0.5 * 2.0, 0.0)


@pytest.mark.parametrize("index", [0, 2, -1, -3])
def test_picks(index):
    rows = [Value(0.1), Value(0.2), Value(0.3)]
    x = Value(2.0)

    def f(rows, i, x):
        return (autograd.pick([*rows, x, 0.5], i) * x).tanh() + autograd.pick(rows, i)

    g = compile(f)
    g(rows, 1, x)
    g(rows, index, x).backward()
    found = [v.grad for v in [*rows, x]]
    assert g.program.straight
    for v in [*rows, x]:
        v.zero_grad()
    f(rows, index, x).backward()
    assert found == [v.grad for v in [*rows, x]]


def test_a_pick_out_of_bounds_is_named():
    f = compile(lambda rows, i, x: autograd.pick(rows, i) * x)
    rows = [Value(0.1), Value(0.2)]
    f(rows, 1, Value(1.0))
    assert f.program.straight
    with pytest.raises(IndexError, match=r"pick\(\): i is 2, but there are 2 to pick from"):
        f(rows, 2, Value(1.0))


def test_operations_of_the_users_own_whose_rules_look_at_numbers():
    @autograd.custom(partials=[lambda out, x: 3.0 * x * x if x > 0.0 else 0.0])
    def tanh(x):  # a name that the table has
        return x**3 if x > 0.0 else 0.0

    for number in (2.0, -2.0):
        x = Value(number)
        assert_same_bits(tanh(x * 2.0) * x.tanh() + x)


def test_a_few_rows_of_little_code():
    w = Value(0.5)
    f = vmap(lambda x, w: (x * w).tanh(), over=["x"])
    y = f([1.0, 2.0], w)
    y.sum().backward()
    assert f.program.straight
    eager = Value(0.5)
    ((1.0 * eager).tanh() + (2.0 * eager).tanh()).backward()
    assert y.data.tolist() == [math.tanh(0.5), math.tanh(1.0)]
    assert w.grad == pytest.approx(eager.grad, rel=1e-15)


def test_code_that_repeats_becomes_steps_and_code_that_does_not_becomes_lines():
    loss, args, _ = random_graph.make(1, nodes=500)
    assert Program(tape_of([loss(*args)])).straight
    for width, straight in ((PER_STEP // 2, True), (2 * PER_STEP, False)):
        xs = [Value(float(i)) for i in range(width)]
        program = Program(tape_of([x.tanh().sin().cos() for x in xs]))
        assert bool(program.straight) == straight
        assert len(program.steps) == (0 if straight else 3)


def test_rounds_end_where_there_are_too_many():
    chain = np.arange(9), np.arange(1, 10), np.arange(10) % 2
    assert rounds(*chain, most=9) is None
    assert rounds(*chain, most=10).tolist() == list(range(10))


def test_it_says_what_it_is_and_what_shows_more():
    f = autograd.compile(random_graph.make(1).loss)
    f(*random_graph.make(1).args)
    assert str(f.program) == "loss: 10,064 scalar nodes as straight-line Python, a line a node"
    for show in (f.program.draw, f.program.source):
        with pytest.raises(ValueError, match=r"shows steps, but loss is a line of Python for each"):
            show()


def test_names_are_taken_again():
    workload = random_graph.make(0, nodes=2000)
    program, leaves = program_of(workload.loss(*workload.args))
    assert program.straight.forward.__code__.co_nlocals < 3 * len(leaves)
    assert program.nodes > 15 * len(leaves)
