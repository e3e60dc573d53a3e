"""The steps of a program do not depend on how a person happens to write it."""

from functools import reduce
from itertools import pairwise
from operator import add
from random import Random

import pytest
from compiled import assert_close, gradients

import autograd
from autograd import Value, compile

SIZES = (5, 4, 3)  # inputs, hidden units, outputs
ROWS = [[0.1 * (i + 1) * (-1) ** j + 0.3 * j for j in range(SIZES[0])] for i in range(6)]


def weights(random):
    """For each layer the rows of weights, and the biases."""
    return [
        (
            [[Value(random.uniform(-1, 1)) for _ in range(n)] for _ in range(m)],
            [Value(random.uniform(-1, 1)) for _ in range(m)],
        )
        for n, m in pairwise(SIZES)
    ]


def loop(terms):
    total = None
    for term in terms:
        total = term if total is None else total + term
    return total


def halves(terms):
    terms = list(terms)
    middle = len(terms) // 2
    return terms[0] if len(terms) == 1 else halves(terms[:middle]) + halves(terms[middle:])


def growing(terms):
    total = 0.0
    for term in terms:
        total += term
    return total


SUMS = {
    "sum": sum,
    "a loop": loop,
    "from 0": growing,
    "reduced": lambda terms: reduce(add, terms),
    "backwards": lambda terms: sum(reversed(list(terms))),
    "in halves": halves,
}
PRODUCTS = {"w x": lambda w, x: w * x, "x w": lambda w, x: x * w}
BIASES = {
    "last": lambda terms, b, total: total(terms) + b,
    "first": lambda terms, b, total: b + total(terms),
    "as the start": lambda terms, b, total: total([b, *terms]),
    "among them": lambda terms, b, total: total([*terms[:2], b, *terms[2:]]),
}


def network(model, total=sum, product=PRODUCTS["w x"], bias=BIASES["last"], order=range):
    """The loss of a network on all rows, written in some way."""

    def f(rows):
        losses = []
        for row in rows:
            x = row
            for matrix, biases in model:
                y = {}
                for i in order(len(matrix)):
                    terms = [product(w, xi) for w, xi in zip(matrix[i], x, strict=True)]
                    y[i] = bias(terms, biases[i], total).tanh()
                x = [y[i] for i in range(len(matrix))]
            losses.append(sum(xi * xi for xi in x))
        return sum(losses)

    return f


def parameters(model):
    return [w for matrix, biases in model for row in [*matrix, biases] for w in row]


def steps(f, *args):
    compiled = compile(f)
    compiled(*args)
    return len(compiled.program.steps)


def assert_as_few(model, f, plain):
    assert steps(f, ROWS) == steps(plain, ROWS) < 12
    assert_close(
        gradients(compile(f)(ROWS), parameters(model))[0],
        gradients(plain(ROWS), parameters(model))[0],
        1e-10,
    )


@pytest.mark.parametrize("total", SUMS)
def test_a_sum(total):
    model = weights(Random(0))
    assert_as_few(model, network(model, total=SUMS[total]), network(model))


@pytest.mark.parametrize("product", PRODUCTS)
def test_the_order_of_factors(product):
    model = weights(Random(0))
    assert_as_few(model, network(model, product=PRODUCTS[product]), network(model))


@pytest.mark.parametrize("bias", BIASES)
def test_where_the_bias_stands(bias):
    model = weights(Random(0))
    assert_as_few(model, network(model, bias=BIASES[bias]), network(model))


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_neurons_and_of_terms(seed):
    model, random = weights(Random(0)), Random(seed)

    def shuffled(m):
        return random.sample(range(m), m)

    def mixed(terms):
        terms = list(terms)
        return sum(random.sample(terms, len(terms)))

    assert_as_few(model, network(model, order=shuffled), network(model))
    assert_as_few(model, network(model, total=mixed), network(model))


def test_each_neuron_written_in_a_way_of_its_own():
    model, random = weights(Random(0)), Random(1)

    def total(terms):
        return random.choice([loop, halves, SUMS["reduced"]])(list(terms))

    def product(w, x):
        return random.choice(list(PRODUCTS.values()))(w, x)

    f = network(model, total=total, product=product)
    assert_as_few(model, f, network(model, total=loop))


@pytest.mark.parametrize("how", ["in a loop", "in lists", "one by one"])
def test_how_the_rows_are_gone_through(how):
    w = [Value(0.1 * k) for k in range(5)]

    def score(row):
        return sum(wi * xi for wi, xi in zip(w, row, strict=True)).sigmoid()

    def f(rows):
        if how == "in a loop":
            total = 0.0
            for row in rows:
                total = total + score(row) * 2.0
            return total
        if how == "in lists":
            return sum(y * 2.0 for y in [score(row) for row in rows])
        first, *others = rows
        return score(first) * 2.0 + (f(others) if others else 0.0)

    assert steps(f, ROWS) == steps(lambda rows: sum(score(row) * 2.0 for row in rows), ROWS)


def test_more_samples_and_more_units_are_no_more_steps():
    model = weights(Random(0))
    assert (
        steps(network(model), ROWS)
        == steps(network(model), ROWS * 5)
        == steps(network(model), ROWS[:2])
    )


def test_a_difference():
    w = [Value(0.1 * k) for k in range(6)]
    ways = [
        lambda xs: sum((x - v) ** 2 for x, v in zip(xs, w, strict=True)),
        lambda xs: sum((x + -v) ** 2 for x, v in zip(xs, w, strict=True)),
        lambda xs: sum((-v + x) ** 2 for x, v in zip(xs, w, strict=True)),
        lambda xs: sum((v - x) ** 2 for x, v in zip(xs, w, strict=True)),
    ]
    numbers = [0.3 * k for k in range(6)]
    assert len({steps(f, numbers) for f in ways}) == 1
    for f in ways:
        assert_close(gradients(compile(f)(numbers), w)[0], gradients(ways[0](numbers), w)[0], 1e-10)


def test_a_softmax():
    w = [[Value(0.1 * (i - j)) for j in range(4)] for i in range(5)]

    def f(rows, largest, total):
        losses = []
        for row in rows:
            logits = [sum(a * x for a, x in zip(v, row[:4], strict=True)) for v in w]
            top = largest(logits)
            exps = [(z - top).exp() for z in logits]
            losses.append((exps[0] / total(exps)).log())
        return sum(losses)

    def one_by_one(xs):
        top = xs[0]
        for x in xs[1:]:
            top = autograd.maximum(top, x)
        return top

    found = {
        steps(lambda rows, a=a, b=b: f(rows, a, b), ROWS)
        for a in (autograd.max, one_by_one)
        for b in SUMS.values()
    }
    assert len(found) == 1
