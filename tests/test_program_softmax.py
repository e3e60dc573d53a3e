"""A softmax of scalar code is one step, where nothing of it is used for anything else."""

import pytest
from compiled import assert_alike, compiled_alike, titles

import autograd
from autograd import Value, compile
from autograd.trees import leaves as flat

ROWS = [[0.3, -1.2, 2.0], [0.0, 0.5, 0.5], [4.0, -3.0, 1.0], [1.0, 1.0, 1.0]]
RAGGED = [[0.7], [0.3, -1.2], [2.0, 0.5, 0.5], [0.1, -0.4, 0.2, 0.9], [-2.0]]


def softmax(logits):
    largest = autograd.max(logits)
    exps = [(x - largest).exp() for x in logits]
    total = sum(exps)
    return [e / total for e in exps]


def scored(rows):
    """A number that every share counts in, each for something else."""
    shares = [a for row in rows for a in row]
    return sum((k + 1.0) * a * a for k, a in enumerate(shares))


def values(rows):
    return [[Value(x) for x in row] for row in rows]


def same_as_eager(f, rows):
    """Compile a function; compare it on two draws, of which another number is the largest."""
    leaves = values(rows)
    replayed = compiled_alike(f, (leaves,), parameters=flat(leaves))
    for k, x in enumerate(flat(leaves)):
        x.data = ((7 * k) % 5) / 3.0 - 0.5
    assert_alike(f, replayed, leaves, parameters=flat(leaves))
    return replayed


@pytest.mark.parametrize("rows", [ROWS, RAGGED], ids=["rows", "ragged"])
def test_a_softmax_is_one_step(rows):
    replayed = same_as_eager(lambda leaves: scored([softmax(row) for row in leaves]), rows)
    assert titles(replayed).count("softmax") == 1
    assert not {"exp", "largest", "div"} & set(titles(replayed))
    assert "softmax(" in str(replayed.program)


def test_its_source_runs_alone():
    replayed = same_as_eager(lambda leaves: scored([softmax(row) for row in leaves]), RAGGED)
    space = {"__name__": "alone"}
    exec(replayed.program.source(), space)
    space["forward"]()
    space["backward"](1.0)
    assert space["v"].tolist() == replayed.program.values.tolist()


def test_inside_it_are_its_scalar_nodes():
    leaves = values(ROWS)
    replayed = compile(lambda leaves: scored([softmax(row) for row in leaves]))
    replayed(leaves)
    step = 1 + titles(replayed).index("softmax")
    inside = replayed.inside(step, leaves)
    assert inside.output.op.name == "div"
    assert inside.output.data == pytest.approx(softmax(leaves[0])[0].data)


def test_what_is_picked_from_it():
    def f(leaves, targets):
        rows = [softmax(row) for row in leaves]
        return -sum(autograd.pick(row, t).log() for row, t in zip(rows, targets, strict=True))

    leaves = values(ROWS)
    calls = [(leaves, targets) for targets in ([0, 1, 2, 0], [2, 2, 1, -1])]
    replayed = compiled_alike(f, *calls, parameters=flat(leaves))
    assert "softmax" in titles(replayed)


def test_one_of_another():
    def f(leaves):
        return scored([softmax(softmax(row)) for row in leaves])

    assert titles(same_as_eager(f, RAGGED)).count("softmax") == 2


def log_too(row):
    largest = autograd.max(row)
    exps = [(x - largest).exp() for x in row]
    total = sum(exps)
    return [e / total + total.log() + largest for e in exps]


def without_one(row):
    return softmax(row)[:-1] or [row[0]]


def without_the_largest(row):
    exps = [x.exp() for x in row]
    return [e / sum(exps) for e in exps]


def of_others(row):
    largest = autograd.max([*row, 0.25])
    exps = [(x - largest).exp() for x in row]
    return [e / sum(exps) for e in exps]


def used_twice(row):
    largest = autograd.max(row)
    exps = [(x - largest).exp() for x in row]
    total = sum(exps)
    return [e / total + e for e in exps]


def of_the_same_twice(row):
    return softmax([*row, row[0]])


def by(total):
    """Shares of something else than the sum of all."""

    def like(row):
        largest = autograd.max(row)
        exps = [(x - largest).exp() for x in row]
        whole = total(exps, row[0])
        return [e / whole for e in exps]

    return like


def less(row):
    largest = autograd.max(row)
    exps = [(x - largest).exp() for x in row]
    total = sum(exps[1:]) - exps[0]
    return [e / total for e in exps] if len(row) > 2 else row


@pytest.mark.parametrize(
    "like",
    [
        log_too,
        without_one,
        without_the_largest,
        of_others,
        used_twice,
        of_the_same_twice,
        less,
        by(lambda exps, x: sum(exps) + x * x),
        by(lambda exps, x: sum(exps) - x * 0.125),
        by(lambda exps, x: 4.0 - sum(exps) / 8.0),
        by(lambda exps, x: sum(exps) - x.tanh() / 2.0),
        by(lambda exps, x: sum(exps) + x.tanh() / 2.0),
        by(lambda exps, x: autograd.max(exps)),
        by(lambda exps, x: autograd.min(exps)),
    ],
)
def test_what_is_only_like_a_softmax_is_as_in_eager_code(like):
    same_as_eager(lambda leaves: scored([like(row) for row in leaves]), RAGGED)
    same_as_eager(lambda leaves: scored([like(row) for row in leaves]), ROWS)


@pytest.mark.parametrize("x", [float("inf"), float("-inf"), float("nan")])
def test_what_is_not_finite_is_as_in_eager_code(x):
    def f(leaves):
        return softmax(leaves)

    leaves = [Value(0.0), Value(1.0), Value(2.0)]
    replayed = compile(f)
    replayed(leaves)
    leaves[1].data = x
    assert_alike(f, replayed, leaves, parameters=leaves)
