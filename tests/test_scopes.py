"""Scopes: which call of what computed a node."""

import copy
import gc
import threading

import pytest
from threads import in_threads

from autograd import Tensor, Value, scope
from nn import MLP, Module


def path(node):
    names, at = [], node.scope
    while at is not None:
        names.append(at.name)
        at = at.parent
    return names[::-1]


@pytest.mark.parametrize("kind", [Value, lambda x: Tensor(x, requires_grad=True)])
def test_a_node_knows_the_scopes_it_was_computed_in(kind):
    x = kind(2.0)
    with scope("outer"):
        a = x * x
        with scope("inner"):
            b = a + x
        c = b * b
    d = c + x
    d.backward()  # which must not forget
    assert [path(node) for node in (x, a, b, c, d)] == [
        [],
        ["outer"],
        ["outer", "inner"],
        ["outer"],
        [],
    ]
    assert path(copy.deepcopy(d).operands[0]) == ["outer"]


def test_each_call_is_a_scope_of_its_own():
    @scope("double")
    def double(x):
        return x + x

    once, twice = double(Value(1.0)), double(Value(1.0))
    assert once.scope.name == twice.scope.name == "double"
    assert once.scope is not twice.scope


def test_an_error_leaves_the_scope():
    with pytest.raises(ZeroDivisionError), scope("outer"), scope("inner"):
        Value(1.0) / 0.0
    assert (Value(1.0) + 1.0).scope is None


def test_a_module_is_a_scope_and_may_go():
    model = MLP(2, [3, 1], seed=0)
    y = model([1.0, 2.0])
    assert path(y) == ["MLP", "Layer", "Neuron"]
    assert y.scope.module is model.layers[1].neurons[0]
    assert y.scope.parent.parent.module is model
    del model
    gc.collect()
    assert y.scope.module is None
    assert path(y) == ["MLP", "Layer", "Neuron"]


def test_threads_leave_their_own_scopes():
    class Waits(Module):
        def forward(self, entered, leave):
            entered.set()
            leave.wait()

    first, second = threading.Event(), threading.Event()
    go_first, go_second = threading.Event(), threading.Event()
    one = threading.Thread(target=Waits(), args=(first, go_first))
    two = threading.Thread(target=Waits(), args=(second, go_second))
    one.start(), first.wait(10)
    two.start(), second.wait(10)
    go_first.set(), one.join(10)
    go_second.set(), two.join(10)
    assert (Value(1.0) + 1.0).scope is None


def test_threads_at_once_stay_in_their_own_scopes():
    class Nested(Module):
        def forward(self, x, depth):
            return self(x, depth - 1) if depth else x * x

    def work(seed):
        nested, x = Nested(), Value(1.0)
        for n in range(200):
            with scope("outer") as outer, scope("inner") as inner:
                x.data = float(n)  # the clock ticks in the midst of the others' calls
                nested(x, 3).backward()  # which would not, had the clock gone back
                after = scope("after")
                with after:
                    pass
            assert (outer.parent, inner.parent, after.parent) == (None, outer, inner)

    in_threads(work, range(3))
    assert (Value(1.0) + 1.0).scope is None


def test_a_leaf_changed_in_a_scope_is_known_to_be_changed():
    x = Value(1.0)
    with scope("outer"):
        with scope("inner"):
            before = x * 2.0
            x.data = 3.0
            after = x * 2.0
        also = x * 2.0
    for y in (after, also, x * 2.0):
        y.backward()
    assert [path(after), path(also)] == [["outer", "inner"], ["outer"]]
    with pytest.raises(RuntimeError, match="changed after mul had used it"):
        before.backward()


def generated(name):
    with scope(name):
        while True:
            yield Value(1.0) + 1.0


def test_a_generator_may_leave_before_what_was_entered_in_its_scope():
    suspended = generated("generator")
    assert path(next(suspended)) == ["generator"]
    with scope("outer"), scope("inner"):
        suspended.close()
        assert path(Value(1.0) + 1.0) == ["generator", "outer", "inner"]
    assert (Value(1.0) + 1.0).scope is None


def test_a_generator_may_leave_after_what_was_entered_around_it():
    class Keeps(Module):
        def forward(self, x):
            self.suspended = generated("generator")
            return next(self.suspended) + x

    module = Keeps()
    assert path(module(1.0)) == ["Keeps", "generator"]
    module.suspended.close()
    assert (Value(1.0) + 1.0).scope is None


def test_a_scope_is_entered_once():
    once = scope("once")
    with once:
        pass
    called = MLP(1, [1], seed=0)(1.0).scope
    for entered in (once, called):
        with pytest.raises(RuntimeError, match=r"scope\('\w+'\) was entered before"), entered:
            pass
