"""Compiled functions give what plain ones give: every operation, random graphs, whole programs."""

from random import Random

import numpy as np
import pytest
from compiled import assert_alike, assert_close, compiled_alike, gradients, values
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value, compile
from autograd.op import TABLE
from benchmarks.workloads import cnn, digits, lstm, microgpt, moons, nbody, random_graph

SCALAR = {name: op for name, op in TABLE.items() if op.scalar is not None and op.public}


def points(op, seed, count=7):
    """Operands from each box of the operation's domain, several times."""
    random = Random(seed)
    return [
        [random.uniform(low, high) for low, high in box] for box in op.domain for _ in range(count)
    ]


@pytest.mark.parametrize("name", SCALAR)
def test_each_operation(name):
    op = SCALAR[name]

    def f(rows):
        return sum((k + 1.0) * op.function(*row) for k, row in enumerate(rows))

    rows = [values(*row) for row in points(op, 0)]
    leaves = [leaf for row in rows for leaf in row]
    compiled = compile(f)
    for seed in range(3):
        for leaf, x in zip(leaves, [x for row in points(op, seed) for x in row], strict=True):
            leaf.data = x
        assert_close(compiled(rows).data, f(rows).data, 1e-12)
        if not op.inert:
            assert_close(gradients(compiled(rows), leaves)[0], gradients(f(rows), leaves)[0], 1e-10)
    assert len(compiled.program.steps) < 6


@pytest.mark.parametrize("name", SCALAR)
def test_each_operation_on_constants_and_on_what_it_is_given(name):
    op = SCALAR[name]
    weight = Value(0.5)
    first, *others = points(op, 1, count=3)

    def f(*xs):
        return weight * (op.function(*xs) + op.function(*first))

    compiled_alike(f, *others[:2], parameters=[weight])


UNARY = {
    "sin": autograd.sin,
    "tanh": autograd.tanh,
    "relu": autograd.relu,
    "abs": abs,
    "neg": lambda x: -x,
    "square": lambda x: x**2,
    "root": lambda x: (x * x + 0.5) ** 0.5,
    "log": lambda x: (x * x + 0.5).log(),
    "bounded exp": lambda x: x.tanh().exp(),
    "plus": lambda x: x + 1.5,
    "from": lambda x: 2.0 - x,
    "times": lambda x: 0.5 * x,
    "detached": lambda x: x.detach(),
}
BINARY = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / (1.5 + y * y),
    "maximum": autograd.maximum,
    "minimum": autograd.minimum,
    "where": lambda x, y: autograd.where(x > y, x, y * y),
}
STEPS = st.lists(
    st.tuples(
        st.sampled_from([*sorted(UNARY), *sorted(BINARY) * 2]),
        st.integers(0, 200),
        st.integers(0, 200),
    ),
    min_size=1,
    max_size=40,
)


def grown(steps, pool):
    """A graph in which each step uses two of what is there already: shared, repeated, or not."""
    for name, i, j in steps:
        x, y = pool[-1 - i % len(pool)], pool[j % len(pool)]
        step = UNARY[name](x) if name in UNARY else BINARY[name](x, y)
        pool.append(step if abs(step._data) < 1e3 else step.tanh())
    return pool


@given(STEPS, st.lists(st.floats(-1.5, 1.5), min_size=6, max_size=6))
def test_random_graphs(steps, numbers):
    parameters = values(*numbers[:3])
    deep = [p.sin() for p in parameters]  # parameters enter at several levels

    def f(xs):
        pool = grown(steps, [*deep, *parameters, *xs])
        return [pool[-1], pool[len(pool) // 2], sum(pool)]

    fresh = [Value(x) for x in numbers[3:]]
    compiled = compile(f)
    for shift in (0.0, 0.25):
        for p in [*parameters, *fresh]:
            p.data += shift
        deep = [p.sin() for p in parameters]
        again = compile(f) if shift else compiled  # `deep` was computed anew
        right, got = gradients(f(fresh), [*parameters, *fresh])
        share, reached = gradients(again(fresh), [*parameters, *fresh])
        assert_close(share, right, 1e-10)
        assert reached == got


@given(STEPS, st.integers(2, 5))
def test_random_graphs_many_times_over(steps, count):
    """In a loop each step is computed `count` times alike, and becomes one on arrays."""
    random = Random(count)
    weights = values(*(random.uniform(-1.0, 1.0) for _ in range(3)))

    def f(rows):
        return sum((k + 1.0) * grown(steps, [*weights, *row])[-1] for k, row in enumerate(rows))

    calls = [
        ([[random.uniform(-1.5, 1.5) for _ in range(2)] for _ in range(count)],) for _ in range(2)
    ]
    compiled = compile(f)
    for rows in calls:
        plain = [[Value(x) for x in row] for row in rows[0]]
        assert_close(compiled(*rows).data, f(plain).data, 1e-12)
        right = gradients(f(plain) + 0.0 * sum(weights), weights)[0]  # also of what is detached
        assert_close(gradients(compiled(*rows) + 0.0 * sum(weights), weights)[0], right, 1e-10)


WORKLOADS = {
    "moons": lambda seed: moons.make(seed, hidden=(6, 5), samples=9),
    "microgpt": lambda seed: microgpt.make(seed, name="ada", width=8, block=4),
    "lstm": lambda seed: lstm.make(seed, hidden=4, steps=4, features=3),
    "cnn": lambda seed: cnn.make(seed, channels=(2, 2), size=6),
    "nbody": lambda seed: nbody.make(seed, bodies=4, steps=3),
    "random graph": lambda seed: random_graph.make(seed, nodes=300, registers=20),
    "digits": lambda seed: digits.make(seed, hidden=5, size=6),
}


@pytest.mark.parametrize("name", WORKLOADS)
def test_programs(name):
    workload = WORKLOADS[name](0)
    compiled = compile(workload.loss)
    for seed in range(3):
        assert_alike(workload.loss, compiled, *workload.args)
        right, _ = gradients(workload.loss(*workload.args), workload.parameters)
        share, _ = gradients(compiled(*workload.args), workload.parameters)
        assert_close(share, right, 1e-10)
        workload.redraw(seed)
    assert compiled.cache_info()[:2] == (5, 1)


@pytest.mark.parametrize("name", ["moons", "microgpt", "lstm", "cnn", "digits"])
def test_programs_on_other_data(name):
    workload = WORKLOADS[name](0)
    compiled, model = compile(workload.loss), workload.args[0]
    for seed in range(3):
        data = WORKLOADS[name](seed).args[1:]
        right, _ = gradients(workload.loss(model, *data), workload.parameters)
        share, _ = gradients(compiled(model, *data), workload.parameters)
        assert_close(share, right, 1e-10)
    assert compiled.cache_info()[:2] == (2, 1)


def test_a_deep_chain_and_a_wide_sum():
    w = Value(0.3)

    def f(xs):
        y = xs[0]
        for _ in range(300):
            y = y * 0.999 + w
        return y + sum(x * w for x in xs)

    compiled_alike(f, (list(np.linspace(-1.0, 1.0, 500)),), parameters=[w])
