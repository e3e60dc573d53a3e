"""What a program says of itself: a line a step, and how long and how much memory each takes."""

from __future__ import annotations

import gc
import tracemalloc
import weakref

import numpy as np
import programs
import pytest

import autograd
import nn
from autograd import Value
from autograd.program.naming import Pattern

MOONS = """\
loss: 157 scalar nodes in 10 steps on 85 numbers
  s1 = layers.*… @ layers.*…ᵀ                             (1, 1)  25
  s2 = −ys                                                (5,)     5
  s3 = xs @ layers.0.neurons.*.wᵀ + layers.0.neurons.*.b  (5, 3)  60
  s4 = relu(s3)                                           (5, 3)  15
  s5 = s4 @ layers.1.neurons.0.wᵀ + layers.1.neurons.0.b  (5, 1)  30
  s6 = s2 · s5 + 1                                        (5,)    10
  s7 = relu(s6)                                           (5,)     5
  s8 = sum(s7)                                            (1,)     4
  s9 = s8 / 5                                             (1,)     1
  s10 = s1 · 0.0001 + s9                                  (1, 1)   2"""

LSTM = """\
loss: 135 scalar nodes in 13 steps on 82 numbers
  s1 = [xs[0][0], h] @ gates[*][0]ᵀ + gates[*][1]   (1, 8)  48
  s2 = σ(s1[…])                                     (6,)     6
  s3 = tanh(s1[…])                                  (2,)     2
  s4 = sum([h, s2][…] · [s2, s3][…])                (2,)     6
  s5 = tanh(s4)                                     (2,)     2
  s6 = s2[…] · s5                                   (2,)     2
  s7 = [xs[1][0], s6] @ gates[*][0]ᵀ + gates[*][1]  (1, 8)  48
  s8 = σ(s7[…])                                     (6,)     6
  s9 = tanh(s7[…])                                  (2,)     2
  s10 = sum(s8[…] · [s4, s9])                       (2,)     6
  s11 = tanh(s10)                                   (2,)     2
  s12 = s11 @ s8[…]ᵀ − target                       (1, 1)   4
  s13 = s12²                                        (1, 1)   1"""


def program_of(make):
    loss, args, _ = make()
    loss(*args)
    return loss.program


@pytest.mark.parametrize(("make", "text"), [(programs.moons, MOONS), (programs.lstm, LSTM)])
def test_a_line_a_step(make, text):
    assert str(program_of(make)) == text


@pytest.mark.parametrize("make", programs.EVERY)
def test_every_scalar_node_is_counted_once(make):
    program = program_of(make)
    assert sum(step.nodes for step in program.steps) == program.nodes > 0


def test_signs_and_operands_read_as_they_are():
    @autograd.compile
    def f(a, b):
        return -a * b - (a + b.exp()) * a - 2.0 / b

    y = f(0.5, 2.0)
    lines = str(f.program).splitlines()[1:]
    scalar = {"a": 0.5, "b": 2.0, "exp": np.exp, "sum": np.sum}
    for line in lines:  # each formula of one number can be computed as it stands
        name, formula = line.rsplit("  (", 1)[0].split(" = ", 1)
        for written, code in (("−", "-"), ("·", "*"), ("² ", "**2 ")):
            formula = formula.replace(written, code)
        if "[" not in formula and "@" not in formula:
            scalar[name.strip()] = eval(formula, scalar)
    assert "exp(b)" in str(f.program)
    assert y.data == pytest.approx(-0.5 * 2.0 - (0.5 + np.exp(2.0)) * 0.5 - 1.0)


def test_leaves_are_named_by_name_then_module_then_variable():
    model, held = nn.MLP(2, [1], seed=0), [Value(1.0), Value(2.0)]
    gain = Value(3.0, name="own name")

    @autograd.compile
    def f(xs):
        return model(xs) * gain + held[0] * held[1]

    f([1.0, 2.0])
    text = str(f.program)
    assert "own name" in text
    assert "held[0]" in text
    assert "layers.0.neurons.0.w" in text
    assert "xs" in text
    assert elsewhere(f).count("parameters[") == 2


def elsewhere(f):
    """The listing where none of the variables can be seen."""
    return str(f.program)


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["w"], "w"),
        (["w[0][1]"], "w[0][1]"),
        (["w[0][0]", "w[0][1]"], "w[0]"),
        (["w[0][0]", "w[1][0]"], "w[*][0]"),
        (["net.0.w", "net.1.w"], "net.*.w"),
        (["net.w", "net.b"], "net.w|b"),
        (["w['q'][0]", "w['k'][1]"], "w['q'|'k']"),
        (["net.w", "net.w[0]"], "net.w…"),
        ([f"net.{letter}" for letter in "abcde"], "net…"),
        (["a b", "a b[0]"], "a b…"),
    ],
)
def test_names_in_common(names, text):
    pattern = Pattern(names)
    assert str(pattern) == text
    assert all(map(pattern.fits, names))
    assert not pattern.fits("other")


def test_a_choice_out_of_bounds_is_named():
    loss, (tokens,), _ = programs.picking()
    loss(tokens)
    with pytest.raises(IndexError, match=r"tokens\[2\] is 9, but there are 4"):
        loss([0, 1, 9, 0])


def test_a_program_without_steps():
    f = autograd.compile(lambda a: a)
    v = Value(2.0)
    f(v).backward()
    assert str(f.program) == "<lambda>: 0 scalar nodes in 0 steps on 1 numbers"
    assert f.program.profile(2).rows == []
    assert [box.name for box in f.program.draw().picture.boxes] == ["a"]


# What is kept.


def test_the_trace_is_not_kept():
    seen = []

    @autograd.compile
    def f(x):
        leaf = Value(1.0)
        seen.append(weakref.ref(leaf))
        return (leaf * x).tanh()

    f(2.0)
    gc.collect()
    assert seen[0]() is None


def test_a_program_keeps_little_beside_its_arrays():
    def work(xs):
        h = list(xs)
        for _ in range(30):
            h = [(a * b + 0.5).tanh() for a, b in zip(h, h[1:] + h[:1], strict=True)]
        return sum(h)

    xs = [0.01 * i for i in range(200)]
    f = autograd.compile(work)
    gc.collect()
    tracemalloc.start()
    f(xs)
    gc.collect()
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    program = f.program
    assert program.nodes > 18_000  # of which each alone takes over 100 bytes
    assert kept < 3 * program.memory < 60 * program.nodes


# Time and memory.


@pytest.mark.parametrize("make", programs.EVERY)
def test_a_profile_has_a_row_for_each_step(make):
    program = program_of(make)
    found = program.profile(rounds=5)
    rows = [row for row in found.rows if row.step]
    assert [row.step for row in rows] == list(range(1, len(program.steps) + 1))
    assert all(row.forward > 0.0 and row.memory > 0 for row in rows)
    assert sum(row.nodes for row in rows) == program.nodes
    assert any(row.backward > 0.0 for row in rows)
    assert found.forward > 0.0 < found.backward
    leaves = 16 * (program.values.size - sum(int(np.prod(s.shape)) for s in program.steps))
    kept = sum(row.memory for row in found.rows)
    assert kept + leaves == found.memory == program.memory


def test_a_profile_leaves_the_program_as_it_was():
    loss, args, parameters = programs.moons()
    expected = loss(*args)
    expected.backward()
    gradients = [p.grad for p in parameters]
    for p in parameters:
        p.zero_grad()
    again = loss(*args)
    loss.program.profile(rounds=2)
    again.backward()
    assert again.data == expected.data
    assert [p.grad for p in parameters] == gradients


def test_a_profile_reads_as_a_table():
    lines = str(program_of(programs.moons).profile(rounds=2)).splitlines()
    assert lines[0].split() == ["step", "nodes", "forward", "backward", "memory"]
    assert any(line.startswith("s3 matmul") for line in lines)
    assert lines[-1].startswith("both passes")
    assert len({len(line) for line in lines}) == 1
    with pytest.raises(ValueError, match="rounds must be at least 1, but is 0"):
        program_of(programs.moons).profile(rounds=0)
