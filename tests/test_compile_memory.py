"""Calls of compiled functions leave nothing behind."""

import gc
import tracemalloc

import pytest
from compiled import values

import autograd
from autograd import Value, compile, gradient, no_grad, pick, vmap


def model():
    w = values(0.5, -1.0, 2.0)
    return w, lambda x, i: (pick(w, i) * x + w[0]).tanh() + autograd.max([v * x for v in w])


def calls(f, how):
    for k in range(50):
        y = f([0.1 * k, 1.0], [k % 3, 0]) if how == "vmap" else f(0.1 * k, k % 3)
        if how == "no grad":
            continue
        if how == "vmap":
            y = y.sum()
        if how == "two":
            y = y + f(1.0, 1)
        if how == "graph":
            gradient(y, Value(1.0))
        y.backward()


def in_use(f, how):
    """How many bytes are in use after many calls, without what Python keeps for later use."""
    for _ in range(4):
        calls(f, how)
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


@pytest.mark.parametrize("how", ["one", "two", "vmap", "graph", "no grad"])
def test_memory_does_not_grow(how):
    _, plain = model()
    f = vmap(plain) if how == "vmap" else compile(plain)
    with no_grad() if how == "no grad" else autograd.enable_grad():
        calls(f, how)
        tracemalloc.start()
        try:
            first, second, third = (in_use(f, how) for _ in range(3))
        finally:
            tracemalloc.stop()
    # What is kept is kept each time; once, it may be another thread's: a worker's, told what to do.
    assert min(second - first, third - second) < 1000


@pytest.mark.parametrize("how", ["one", "two", "vmap", "no grad"])
def test_a_call_is_no_cycle(how):
    _, plain = model()
    f = vmap(plain) if how == "vmap" else compile(plain)
    with no_grad() if how == "no grad" else autograd.enable_grad():
        calls(f, how)
        gc.collect()
        gc.disable()
        try:
            calls(f, how)
            assert gc.collect() == 0
        finally:
            gc.enable()


def test_results_in_trees_and_higher_derivatives_are_no_cycles():
    w, plain = model()
    f = compile(lambda x, i: {"y": plain(x, i), "z": [x * w[1]]})

    def work():
        x = Value(0.7)
        found = f(x, 1)
        slope = gradient(found["y"] * found["z"][0], x)
        gradient(slope, x)
        (slope * slope).backward()

    work()
    gc.collect()
    gc.disable()
    try:
        work()
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_an_error_leaves_the_collector_as_it_was():
    with pytest.raises(TypeError):
        compile(lambda v: float(v))(1.0)  # noqa: PLW0108 - the traced function is what matters
    assert gc.isenabled()


def test_a_program_keeps_nothing_of_its_trace():
    w, _ = model()
    f = compile(lambda xs: [sum(v * x for v in w).tanh() for x in xs])
    f([0.1 * k for k in range(200)])
    gc.collect()
    alive = [x for x in gc.get_objects() if type(x) is Value and x.op is not None]
    assert len(alive) < 100
