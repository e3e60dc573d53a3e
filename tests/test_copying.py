"""What becomes of a graph: it is copied, pickled or dropped, at any size."""

from __future__ import annotations

import builtins
import copy
import gc
import pickle
import sys
import tracemalloc
import weakref

import numpy as np
import pytest

from autograd import Leaf, Tensor, Value, grad, gradient, no_grad, value_and_grad
from autograd.node import ancestors
from autograd.op import TABLE

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)


def test_a_deep_copy_differentiates_on_its_own():
    x = Value(2.0, name="x")
    h = x * 3.0
    y = h.tanh() * h + x
    y.name = "y"
    twin = copy.deepcopy(y)
    twin.backward()
    assert (x.has_grad, h.has_grad, y.has_grad) == (False, False, False)
    y.backward()
    theirs = {node.name: node for node in ancestors([twin])}
    assert theirs["y"] is twin
    assert theirs["x"] is not x
    assert theirs["x"].grad == x.grad
    assert [repr(n) for n in ancestors([twin])] == [repr(n) for n in ancestors([y])]


def test_a_deep_copy_shares_what_the_original_shares():
    x = Value(2.0)
    h = x * x
    a, b, (again, leaf) = copy.deepcopy([h + 1.0, h * h, (h, x)])
    assert a.parents[0] is b.parents[0] is b.parents[1] is again
    assert again.parents == (leaf, leaf)


def test_a_deep_copy_of_a_deep_graph():
    x = Value(0.5)
    y = x
    for _ in range(200_000):
        y = y + 1.0
    twin = copy.deepcopy(y)
    del y
    twin.backward()
    (leaf,) = [node for node in ancestors([twin]) if node.op is None]
    assert (leaf.grad, twin.data, x.has_grad) == (1.0, 200_000.5, False)


def test_a_deep_copy_of_tensors():
    x = Tensor([1.0, 2.0], requires_grad=True, name="x")
    v = Value(3.0)
    y = (x * v).sum()
    y.backward()
    twin = copy.deepcopy(y)
    theirs = {type(node): node for node in ancestors([twin]) if node.op is None}
    assert theirs[Tensor].grad.tolist() == [3.0, 3.0], "the gradient is copied, too"
    theirs[Tensor].grad[0] = 99.0
    assert x.grad.tolist() == [3.0, 3.0]
    twin.backward()
    assert theirs[Leaf].grad == 6.0
    assert theirs[Tensor].requires_grad
    x.data = [5.0, 6.0]
    assert theirs[Tensor].data.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("w", [Value(2.0, name="w"), Tensor([2.0], requires_grad=True, name="w")])
@pytest.mark.parametrize("how", [copy.deepcopy, copy.copy])
def test_a_copy_of_a_stale_graph_is_stale(w, how):
    """A copy must not launder a leaf that was changed after it was used."""
    y = w * w
    w.data = w.data * 2
    with pytest.raises(RuntimeError, match="'w' was changed"):
        how(y).backward([1.0] if isinstance(w, Tensor) else 1.0)


def test_attributes_of_a_leaf_are_copied():
    w = Value(2.0, name="w", requires_grad=False)
    w.history = [1.0]
    w.past = w * w  # leads back to w
    twin = copy.deepcopy(w)
    assert (twin.data, twin.name, twin.requires_grad, twin.history) == (2.0, "w", False, [1.0])
    assert twin.history is not w.history
    assert twin.past.parents == (twin, twin)


def test_a_shallow_copy_has_numbers_of_its_own():
    x = Tensor([1.0, 2.0], requires_grad=True)
    y = (x * x).sum()
    copy.copy(x).data -= 1.0
    y.backward()
    assert x.grad.tolist() == [2.0, 4.0]


def test_a_shallow_copy():
    w = Value(2.0, name="w")
    w.history = [1.0]
    y = w * 3.0
    leaf, node = copy.copy(w), copy.copy(y)
    assert leaf is not w
    leaf.data = 7.0
    assert w.data == 2.0
    assert leaf.history is w.history, "shallow: attributes are shared"
    assert node.parents == (w,)
    node.backward()
    assert (w.grad, y.has_grad) == (3.0, False)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_value_pickles(protocol):
    w = Value(2.0, name="w", requires_grad=False)
    w.momentum = 0.5
    twin = pickle.loads(pickle.dumps(w, protocol))
    assert (type(twin), twin.data, twin.name, twin.requires_grad) == (Leaf, 2.0, "w", False)
    assert (twin.momentum, twin.has_grad) == (0.5, False)
    x = Value(1.5)
    (x * x).backward()
    assert pickle.loads(pickle.dumps(x, protocol)).grad == 3.0


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_tensor_pickles(protocol):
    x = Tensor([1.0, 2.0], requires_grad=True, name="x", dtype=np.float32)
    x.momentum = np.zeros(2)
    (x * x).sum().backward()
    twin = pickle.loads(pickle.dumps(x, protocol))
    assert (twin.name, twin.requires_grad, twin.dtype) == ("x", True, np.float32)
    assert (twin.data.tolist(), twin.grad.tolist()) == ([1.0, 2.0], [2.0, 4.0])
    assert twin.momentum.tolist() == [0.0, 0.0]
    twin.zero_grad()
    (twin * twin).sum().backward()
    assert twin.grad.tolist() == [2.0, 4.0]


@pytest.mark.parametrize("leaf", [Value(3.0), Tensor([3.0], requires_grad=True)])
def test_a_pickled_leaf_learns_in_another_process(leaf, tmp_path, run_python):
    """The engine's clock stands elsewhere there, and the leaf must not be early or late by it."""
    for _ in range(5):
        leaf.data = leaf.data * 1.0
        (leaf * leaf).backward()
    leaf.zero_grad()
    (tmp_path / "leaf.pkl").write_bytes(pickle.dumps(leaf))
    run_python(
        "import pathlib, pickle, autograd\n"
        "x = pickle.loads(pathlib.Path('leaf.pkl').read_bytes())\n"
        "for times in range(1, 20):\n"
        "    (x * x).backward()\n"
        "    assert float(x.grad.sum() if hasattr(x.grad, 'sum') else x.grad) == 6.0 * times\n"
    )


@pytest.mark.parametrize("y", [Value(2.0) * 3.0, Tensor([2.0], requires_grad=True) * 3.0])
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_what_was_computed_does_not_pickle(y, protocol):
    with pytest.raises(TypeError, match=r"computed by mul.*save the leaves"):
        pickle.dumps(y, protocol)


def test_a_parameter_class_of_your_own():
    """A subclass with a constructor of its own copies and pickles."""
    w = Parameter(3)
    w.momentum = 1.0
    for twin in (copy.deepcopy(w), copy.copy(w), pickle.loads(pickle.dumps(w))):
        assert (type(twin), twin.data, twin.name, twin.momentum) == (Parameter, 0.125, "p3", 1.0)
    t = Weights(3)
    for twin in (copy.deepcopy(t), copy.copy(t), pickle.loads(pickle.dumps(t))):
        assert (type(twin), twin.shape, twin.requires_grad) == (Weights, (3,), True)


class Parameter(Leaf):
    def __new__(cls, bits):
        return super().__new__(cls, 2.0**-bits, name=f"p{bits}")


class Weights(Tensor):
    def __init__(self, n):
        super().__init__(np.ones(n), requires_grad=True)


def test_operations_pickle_as_themselves():
    tanh = TABLE["tanh"]
    assert pickle.loads(pickle.dumps(tanh)) is tanh
    assert copy.deepcopy(tanh) is tanh


# --- size, depth, freedom from cycles


def test_depth_of_a_million():
    """Built, differentiated, drawn on a line, and freed, with no recursion and no cycle."""
    x = Value(0.5)
    y = x
    for _ in range(1_000_000):
        y = y + 1.0
    y.backward()
    assert (x.grad, y.data) == (1.0, 1_000_000.5)
    assert repr(y) == "Value(1000000.5, op=add, grad=1.0)"
    gone = weakref.ref(x)
    gc.disable()
    try:
        del x, y
        assert gone() is None
    finally:
        gc.enable()


def test_width_of_a_hundred_thousand():
    x = Value(2.0)
    total = builtins.sum([x] * 100_000)
    total.backward()
    assert (total.data, x.grad) == (200_000.0, 100_000.0)
    product = x * 1.5
    builtins.sum(product * k for k in range(100_000)).backward()
    assert x.grad == 100_000 + 1.5 * builtins.sum(range(100_000))


def test_at_most_160_bytes_a_node():
    x = Value(1.0)
    y = x.tanh()  # each pull is written at its first use: not counted here
    (y * 2 + y - x).backward()
    n = 20_000
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(n // 4):
            y = (y * 2 + x).tanh() - 0.25
        y.backward()
        held = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert held / n <= 160


MANY = {
    "a million of Values": (1_000_000, Value(0.5), lambda w: w * 2.0 + 1.0),
    "Values, differentiated": (200_000, Value(0.5), lambda w: (w * 2.0 + 1.0).backward()),
    "Tensors": (200_000, Tensor([0.5, 2.0], requires_grad=True), lambda w: (w * 2.0).sum()),
    "Tensors, differentiated": (
        *(50_000, Tensor([0.5, 2.0], requires_grad=True)),
        lambda w: (w * 2.0).sum().backward(),
    ),
    "gradients": (50_000, Value(0.5), lambda w: gradient(w * w, w)),
}


@pytest.mark.parametrize("many", MANY)
def test_many_small_graphs_leave_memory_flat(many):
    """In blocks of memory as Python counts them, and with nothing for the collector to collect."""
    count, w, use = MANY[many]
    gc.disable()
    try:
        for _ in range(10_000):  # Python keeps some blocks for the next time
            use(w)
        before = sys.getallocatedblocks()
        for _ in range(count):
            use(w)
        kept = sys.getallocatedblocks() - before
        assert kept < count / 20, "a few are another thread's: that of a worker, told what to do"
    finally:
        gc.enable()


def changed_leaf(w, x):
    y = w * x.sum()
    w.data = 3.0
    y.backward()


LIVES = {
    "forward": lambda w, x: (w * 2 + w).tanh() * x,
    "backward": lambda w, x: ((w * 2 + w).tanh() * x).sum().backward(),
    "in no_grad": lambda w, x: no_grad()(lambda: w * x)(),
    "gradient of gradient": lambda w, x: gradient(gradient((w**3 * x).sum(), w), w),
    "grad": lambda w, x: grad(lambda z: (z * w * x).sum())(2.0),
    "grad of grad": lambda w, x: grad(grad(lambda z: z**3 * w))(w),
    "value_and_grad": lambda w, x: value_and_grad(lambda z: (z * w * z).sum())(x),
    "deep copy": lambda w, x: copy.deepcopy((w * x).sum()),
    "attribute": lambda w, x: setattr(w, "norm", x.sum().item()),
    "error forward": lambda w, x: (w - 5.0).log(),
    "error of shape": lambda w, x: (w * x).reshape(7),
    "error backward": lambda w, x: (w * 0.0).sqrt().backward(),
    "error of a changed leaf": changed_leaf,
}


@pytest.mark.parametrize("life", LIVES)
def test_nothing_outlives_its_last_reference(life):
    """Without the garbage collector: no cycle, in whatever way a graph was used."""
    w, x = Value(2.0), Tensor([1.0, 2.0], requires_grad=True)
    ends = weakref.ref(w), weakref.ref(x)
    gc.collect()
    gc.disable()
    try:
        nodes = builtins.sum(isinstance(o, Value | Tensor) for o in gc.get_objects())
        failed = False
        try:
            result = LIVES[life](w, x)
        except (ValueError, ArithmeticError, RuntimeError):
            failed = True
        assert failed == life.startswith("error")
        result = None  # noqa: F841 - dropped
        assert builtins.sum(isinstance(o, Value | Tensor) for o in gc.get_objects()) == nodes
        del w, x
        assert [end() for end in ends] == [None, None]
    finally:
        gc.enable()
