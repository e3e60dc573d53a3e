"""Recording, and not: no_grad, enable_grad, detach; and several threads at once."""

from __future__ import annotations

import functools
import os
import threading

import numpy as np
import pytest
from threads import in_threads

import autograd
from autograd import Leaf, Tensor, Value, enable_grad, grad, gradient, is_recording, no_grad


def test_no_grad_block():
    w, x = Value(3.0), Tensor([1.0], requires_grad=True)
    with no_grad():
        assert not is_recording()
        results = [w * w, -w, w.tanh(), 2**w, abs(w), w + 1, np.exp(w), w * x, x.sum(), x[0], x @ x]
    assert is_recording()
    for y in results:
        assert (y.op, y.operands, y.parents, y.requires_grad) == (None, (), (), False)
        with pytest.raises(RuntimeError, match="no_grad"):
            y.backward()
    assert results[0].data == 9.0
    assert isinstance(results[0], Leaf)


def test_what_was_computed_in_no_grad_is_a_constant():
    w = Value(3.0)
    with no_grad():
        c = w * w
    (c * w).backward()
    assert (w.grad, c.has_grad) == (9.0, False)
    c.data = 1.0  # a leaf: it may be assigned


def test_a_step_of_learning():
    w = Value(3.0)
    for _ in range(2):
        w.zero_grad()
        (w * w).backward()
        with no_grad():
            w.data -= 0.5 * w.grad
    assert w.data == 0.0


def test_float_errors_are_named_in_no_grad_too():
    with no_grad(), pytest.raises(ValueError, match=r"log\(weight=-1.0\)"):
        Value(-1.0, name="weight").log()


def test_modes_nest_and_end_with_their_block():
    w = Value(3.0)
    with no_grad():
        with enable_grad():
            assert (w * w).op is not None
            with no_grad():
                assert (w * w).op is None
            assert (w * w).op is not None
        assert (w * w).op is None
    with pytest.raises(KeyError), no_grad(), enable_grad(), no_grad():
        raise KeyError
    assert is_recording()
    assert (w * w).op is not None


def test_modes_decorate():
    @no_grad()
    def product(n, w):
        """Docstring."""
        return w * w if n == 0 else product(n - 1, w)

    @enable_grad()
    def recorded(w):
        return w * w

    assert product.__doc__ == "Docstring."
    assert product(3, Value(2.0)).op is None
    assert is_recording()
    with no_grad():
        assert recorded(Value(2.0)).op is not None
    with pytest.raises(TypeError):
        product(0, None)
    assert is_recording()


def test_backward_works_in_no_grad():
    w = Value(3.0)
    y = w * w
    with no_grad():
        y.backward()
        assert gradient(y, w).data == 6.0
    assert w.grad == 6.0


@pytest.mark.parametrize("x", [2.0, np.array([1.0, 2.0]), [1.0, 2.0]])
def test_grad_records_in_no_grad(x):
    def f(x):
        return x * x * x if isinstance(x, Value) else (x * x * x).sum()

    with no_grad():
        found = grad(f)(x)
        assert not is_recording()
    np.testing.assert_allclose(found, 3 * np.square(x))


def test_grad_of_nodes_records_in_no_grad():
    v, t = Value(2.0), Tensor([1.0, 2.0], requires_grad=True)
    with no_grad():
        assert grad(lambda x: x * x)(v).data == 4.0
        assert grad(lambda x: (x * x).sum())(t).data.tolist() == [2.0, 4.0]
        assert grad(grad(lambda x: x**3))(v).data == 12.0


def test_no_grad_inside_a_differentiated_function():
    def f(x):
        with no_grad():
            c = x * x
        return c * x

    assert grad(f)(3.0) == 9.0


def test_detach():
    w, x = Value(3.0), Tensor([1.0, 2.0], requires_grad=True)
    assert (w * w.detach()).data == 9.0
    (w * w.detach() + (x * x.detach()).sum()).backward()
    assert (w.grad, x.grad.tolist()) == (3.0, [1.0, 2.0])
    assert w.detach().op is autograd.op.TABLE["detach"], "an operation, so that a trace sees it"
    assert gradient(w.detach() * 2.0, w).data == 0.0


def test_a_leaf_that_no_gradient_reaches_may_change():
    w, c = Value(2.0), Value(1.0)
    y = w * c.detach()
    c.data = 5.0
    y.backward()
    assert w.grad == 1.0


def test_leaves_that_want_no_gradient_get_none():
    c, w = Value(3.0, requires_grad=False), Value(2.0)
    k, x = Tensor([1.0, 2.0]), Tensor([1.0, 2.0], requires_grad=True)
    (c * w).backward()
    (k * x).sum().backward()
    assert (c.has_grad, w.grad, k.grad, x.grad.tolist()) == (False, 3.0, None, [1.0, 2.0])


def test_other_threads_go_on_recording():
    inside, finish, seen = threading.Event(), threading.Event(), []

    def quiet():
        with no_grad():
            inside.set()
            finish.wait(10)
            seen.append((is_recording(), (Value(1.0) * 2).op))

    thread = threading.Thread(target=quiet)
    thread.start()
    inside.wait(10)
    w = Value(2.0)
    y = w * w.tanh()
    recording = is_recording()
    finish.set()
    thread.join()
    assert recording
    assert [p.op and p.op.name for p in y.parents] == [None, "tanh"]
    assert seen == [(False, None)]
    assert is_recording()


def test_two_threads_give_the_bits_of_one():
    """Each has its own graph; the parameters of `gradient` and `grad` are shared."""
    shared = [Value(0.1 * i, name=f"w{i}") for i in range(1, 6)]

    def work(seed):
        rng = np.random.default_rng(seed)
        own = [Value(x) for x in rng.normal(size=20)]
        bits = []
        for _ in range(40):
            y = functools.reduce(lambda t, v: (t * 1.1 + v).tanh() * v, own, Value(0.1))
            z = functools.reduce(lambda t, w: (t + w) * w.sin(), shared, y)
            for leaf in own:
                leaf.zero_grad()
            y.backward()
            bits += [leaf.grad.hex() for leaf in own]
            bits += [g.data.hex() for g in gradient(z, *shared)]
            bits.append(grad(lambda t, z=z: (t * z).tanh())(0.5).hex())
        return bits

    alone = {seed: work(seed) for seed in range(3)}
    assert in_threads(work, range(3)) == alone
    assert not any(w.has_grad for w in shared)


def test_threads_add_up_what_they_find_on_shared_leaves():
    w, x = Value(1.0), Tensor([1.0], requires_grad=True)

    def work(seed):
        for k in range(300):
            (w * k + w * seed).backward()
            ((x * k) + w).sum().backward()

    in_threads(work, range(1, 4))
    steps = 3 * sum(range(300))
    assert (w.grad, x.grad.tolist()) == (steps + 300 * 6 + 900, [steps])


FORK = """
import os, signal, threading, warnings
from autograd import Value
from autograd.modes import lock
held, done = threading.Event(), threading.Event()
def hold():
    with lock:
        held.set()
        done.wait(30)
threading.Thread(target=hold).start()
held.wait(30)
warnings.simplefilter("ignore")  # later Pythons warn of forking beside a thread
child = os.fork()
if not child:
    signal.alarm(20)  # waiting for the thread that it does not have would take for ever
    x = Value(3.0)
    (x * x).backward()
    os._exit(0 if x.grad == 6.0 else 1)
status = os.waitpid(child, 0)[1]
done.set()
print(status)
"""


def test_a_forked_child_does_not_wait_for_a_thread_it_does_not_have(run_python):
    assert not hasattr(os, "fork") or run_python(FORK).stdout.strip() == "0"
