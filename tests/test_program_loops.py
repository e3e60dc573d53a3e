"""What programs make of loops: averages over all so far, and states that are handed on."""

import pytest
from compiled import compiled_alike, titles

from autograd import Value
from autograd.trees import leaves as flat


def leaves(*shape):
    """Numbers that differ, in nested lists of some shape."""
    count = 0

    def nested(shape):
        nonlocal count
        if shape:
            return [nested(shape[1:]) for _ in range(shape[0])]
        count += 1
        return Value(((37 * count) % 29 - 14) / 20)

    return nested(shape)


def times(matrix, x):
    return [sum(w * xi for w, xi in zip(row, x, strict=True)) for row in matrix]


def test_an_average_over_all_so_far_is_one_step():
    """The first has one product, and is read by the same product with a matrix as the others."""
    weights, xs, matrix = leaves(5), leaves(5, 3), leaves(4, 3)

    def f(weights, xs, matrix):
        found = []
        for t in range(len(xs)):
            sofar = range(t + 1)
            mean = [sum(weights[k].exp() * xs[k][i] for k in sofar) for i in range(3)]
            found += [y.tanh() for y in times(matrix, mean)]
        return sum(found)

    args = (weights, xs, matrix)
    replayed = compiled_alike(f, args, parameters=flat(list(args)))
    assert titles(replayed) == ["exp", "sums", "matmul", "tanh", "sum"]


def test_a_product_that_goes_another_way_stays_one():
    weights, xs = leaves(4), leaves(4)

    def f(weights, xs):
        sums = [
            sum(w * x for w, x in zip(weights[:k], xs[:k], strict=True)).tanh() for k in (2, 3, 4)
        ]
        return sum(sums) + (weights[0] * xs[1]).exp()

    replayed = compiled_alike(f, (weights, xs), parameters=[*weights, *xs])
    assert "mul" in titles(replayed)


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 5, 9])
@pytest.mark.parametrize("function", ["tanh", "sigmoid", "exp", "relu", "square root"])
def test_a_state_that_is_handed_on(steps, function):
    apply = {"square root": lambda x: (x * x + 1.0) ** 0.5}.get(
        function, lambda x: getattr(x, function)()
    )
    into, within, bias, xs = leaves(9, 3), leaves(9, 9), leaves(9), leaves(steps, 3)

    def f(into, within, bias, xs):
        h = [0.0] * len(bias)
        for x in xs:
            sums = zip(times(into, x), times(within, h), bias, strict=True)
            h = [apply(0.3 * (a + b + c)) for a, b, c in sums]
        return h

    args = (into, within, bias, xs)
    assert compiled_alike(f, args, parameters=flat(list(args))).program.steps


def test_two_states_whose_derivatives_are_alike():
    gates, xs = leaves(2, 12, 14), leaves(7, 2)

    def f(gates, xs):
        h, c = [0.1] * 12, [0.5] * 12
        for x in xs:
            first, second = (times(gate, [*x, *h]) for gate in gates)
            c = [
                (a.tanh() * b.sigmoid() + d) * 0.5 for a, b, d in zip(first, second, c, strict=True)
            ]
            h = [d.tanh() for d in c]
        return h

    replayed = compiled_alike(f, (gates, xs), parameters=flat([gates, xs]))
    back = replayed.program.text.partition("def backward")[2]
    assert titles(replayed).count("tanh") > back.count("1.0 - ")  # found for several at once


def test_derivatives_of_one_number_that_is_read_more_often_in_some_steps():
    xs = leaves(6)

    def f(xs):
        h = xs[0]
        for k, x in enumerate(xs):
            n = 5 if k % 2 else 3
            h = sum([h.sin() for _ in range(n)] + [h.tanh() for _ in range(5 - n)]) * 0.1 + x
        return h

    replayed = compiled_alike(f, (xs,), parameters=xs)
    replayed.program.backward()  # which eager code would stand in for
    back = replayed.program.text.partition("def backward")[2]
    assert titles(replayed).count("sin") > back.count("cos")


def test_a_part_of_the_factors_that_needs_no_gradient_is_left_out():
    within, state = leaves(9, 11), leaves(9)
    rows = [[0.5, -1.0], [0.25, 2.0], [1.0, 0.125]]

    def f(within, state, rows):
        h = state
        for row in rows:
            h = [y.tanh() for y in times(within, [*row, *h])]
        return h

    replayed = compiled_alike(f, (within, state, rows), parameters=flat([within, state]))
    assert titles(replayed).count("matmul") == len(rows)


def test_distances_of_many_points():
    """Rows of three numbers, gathered and scattered column by column."""
    points, masses = leaves(9, 3), leaves(9)

    def f(points, masses):
        total = 0.0
        for i, p in enumerate(points):
            for j in range(i):
                r = sum((a - b) ** 2 for a, b in zip(p, points[j], strict=True)) + 0.5
                total = total + masses[i] * masses[j] * r**-1.5
        return total.tanh()

    assert compiled_alike(f, (points, masses), parameters=flat([points, masses])).program.steps


def test_leaves_that_are_two_matrices():
    """The same numbers in the same order, as rows of four and as rows of three."""
    w, xs, ys = leaves(12), leaves(5, 3), leaves(5, 4)

    def f(w, xs, ys):
        wide, tall = ([w[k : k + n] for k in range(0, 12, n)] for n in (4, 3))
        rows = [times(wide, y) for y in ys] + [times(tall, x) for x in xs]
        return sum(y.tanh() for row in rows for y in row)

    replayed = compiled_alike(f, (w, xs, ys), parameters=flat([w, xs, ys]))
    assert titles(replayed).count("matmul") == 2
