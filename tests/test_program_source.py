"""A program as NumPy code that runs alone."""

from __future__ import annotations

import ast

import numpy as np
import programs
import pytest

import autograd
from autograd import Value
from autograd.writing.program import _indices


def results(text):
    """What the code prints: the value, and the gradients in the order in which leaves stand."""
    value, *gradients = (ast.literal_eval(line[line.rindex(" [") :]) for line in text.splitlines())
    return value, [g for each in gradients for g in each]


@pytest.mark.parametrize("make", programs.EVERY)
def test_it_runs_alone_and_gives_the_same_bits(make, run_python):
    loss, args, parameters = make()
    y = loss(*args)
    (y.sum() if make is programs.rows else y).backward()
    program = loss.program
    code = program.source()
    printed = run_python(code, path=()).stdout
    value, gradients = results(printed)
    assert value == np.ravel(y.data).tolist()
    assert gradients == program.gradients[np.sort(program.wanted)].tolist()
    assert sorted(gradients) == sorted(p.grad for p in parameters)
    assert "autograd" not in code


def test_the_passes_are_the_very_text_that_runs():
    loss, args, _ = programs.lstm()
    loss(*args)
    code = loss.program.source().splitlines()
    for line in loss.program.text.splitlines():
        assert line in code


def test_it_says_what_its_arrays_are():
    loss, args, _ = programs.moons()
    loss(*args)
    code = loss.program.source()
    assert code.startswith("# loss: 157 scalar nodes in 10 steps")
    assert "  # layers.0.neurons.*.w\n" in code
    assert "  # s4\n" in code
    assert code.count("import") == 1


def test_operations_of_the_users_own_are_copied(run_python):
    @autograd.custom(partials=[lambda out, x: 3.0 * autograd.square(x)])
    def cube(x):
        return x * x * x

    w = [Value(2.0), Value(-1.0)]
    f = autograd.compile(lambda: sum(cube(v) for v in w))
    y = f()
    y.backward()
    value, gradients = results(run_python(f.program.source(), path=()).stdout)
    assert value == [y.data] == [7.0]
    assert gradients == [v.grad for v in w] == [12.0, 3.0]


@pytest.mark.parametrize(
    "numbers",
    [
        [7],
        [3, 4],
        [5, 1],
        [4, 5, 6, 7, 2, 4, 6],
        [0, 0, 1, 1, 2, 2],
        [9, 8, 7, 3, 3, 3],
        [1, 2, 4, 8, 16, 32],
        [5, 5, 5],
    ],
)
def test_indices_by_ranges(numbers):
    found = eval(_indices(numbers), {"np": np})
    assert found.tolist() == numbers
    assert found.dtype.kind == "i"
