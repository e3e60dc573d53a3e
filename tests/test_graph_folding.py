"""Folding: equal parts are found, unequal ones are not, and no node is lost."""

from __future__ import annotations

import functools
import operator
import random

import numpy as np
import pytest

import autograd
import nn
from autograd import Graph, Tensor, Value, scope
from autograd.graph import Group


def total(terms):
    return functools.reduce(operator.add, terms)


def groups(inside):
    return [each for each in inside if isinstance(each, Group)]


def folds(output):
    """What the graph of a result is folded to: (label, ×k, nodes of each)."""
    inside = Graph(output).folded.inside
    return [(group.label, group.count, len(group.nodes[0])) for group in groups(inside)]


def fresh(count):
    return [Value(random.random()) for _ in range(count)]


def samples(count=100):
    """A loss in plain scalar code, no scope anywhere: 3 weights shared by all samples."""
    w, u, b = fresh(3)
    return total(
        ((w * x + u * (x * x) + b).tanh() - y) ** 2.0
        for x, y in zip(fresh(count), fresh(count), strict=True)
    )


def model_loss(model=None):
    model = model or nn.MLP(2, [4, 4, 1], "tanh", seed=0)
    return total((model([x, y]) - 1.0) ** 2.0 for x, y in [(0.0, 1.0), (1.0, 2.0), (0.0, 3.0)])


def recurrent():
    cell, h = nn.Neuron(2, "tanh", seed=0), Value(0.0)
    for x in fresh(20):
        h = cell([x, h])
    return h


def network_of_lists():
    W = [fresh(8) for _ in range(6)]
    x = fresh(8)
    h = [total(w * a for w, a in zip(row, x, strict=True)).relu() for row in W]
    return total(a * a for a in h)


def tangled(seed=0):
    rng = random.Random(seed)
    made = fresh(10)
    for _ in range(400):
        a, b = rng.choice(made[-40:]), rng.choice(made)
        made.append(rng.choice([a + b, a * b, a + b + a, (a * 0.5).tanh(), autograd.maximum(a, b)]))
    return made[-5:]


def arrays():
    W = Tensor(np.ones((4, 4)), requires_grad=True)
    return autograd.stack([(W @ Tensor(np.ones(4) * i)).tanh() for i in range(12)]).sum()


EXAMPLES = [samples, model_loss, recurrent, network_of_lists, tangled, arrays, lambda: Value(1.0)]


@pytest.mark.parametrize("make", EXAMPLES, ids=lambda make: make.__name__)
def test_no_node_is_lost_and_none_is_twice(make):
    """Opened to the bottom, each group holds exactly its representative's nodes."""
    graph = Graph(make())
    stack = [graph.folded]
    while stack:
        group = stack.pop()
        assert group.count == len(group.members) == len(group.nodes)
        assert len({len(nodes) for nodes in group.nodes}) == 1
        held = []
        for each in group.inside:
            held += (
                [n for nodes in each.nodes for n in nodes] if isinstance(each, Group) else [each]
            )
        assert len(held) == len(set(map(id, held)))
        assert set(map(id, held)) == set(map(id, group.nodes[0]))
        stack += groups(group.inside)


@pytest.mark.parametrize("make", EXAMPLES, ids=lambda make: make.__name__)
def test_members_correspond_node_by_node(make):
    graph = Graph(make())
    stack = [graph.folded]
    while stack:
        group = stack.pop()
        for nodes in zip(*group.nodes, strict=True):
            assert len({node.op for node in nodes}) == 1
            assert len({node.shape for node in nodes}) == 1
        places = [{id(node): i for i, node in enumerate(nodes)} for nodes in group.nodes]
        for nodes in zip(*group.nodes, strict=True):
            links = [
                [place.get(id(x)) for x in node.operands]
                for node, place in zip(nodes, places, strict=True)
            ]
            assert all(link == links[0] for link in links)
        stack += groups(group.inside)


def test_a_loss_over_samples_is_one_sample():
    graph = Graph(samples(100))
    group, sums = groups(graph.folded.inside)
    assert (group.label, group.count) == ("pow", 100)
    assert (sums.label, sums.count) == ("add", 99)
    assert [node.op and node.op.name for node in group.nodes[0]].count("tanh") == 1
    assert group.call is None
    rest = [each for each in graph.folded.inside if not isinstance(each, Group)]
    assert len(rest) == 3, "the shared weights"


def test_calls_within_terms():
    mlp = nn.MLP(2, [4, 4, 1], "tanh", seed=0)
    graph = Graph(model_loss(mlp))
    (sample,) = groups(graph.folded.inside)
    assert (sample.label, sample.count) == ("pow", 3)
    (model,) = groups(sample.inside)
    assert (model.label, model.call) == ("MLP #1", graph.scopes.children[0])
    assert [(g.label, g.count) for g in groups(model.inside)] == [
        ("layers.0", 1),
        ("layers.1", 1),
        ("layers.2", 1),
    ]
    (neurons,) = groups(groups(model.inside)[0].inside)
    assert (neurons.label, neurons.count) == ("neurons", 4)
    assert [member[0].name for member in neurons.members] == [f"neurons.{i}" for i in range(4)]


def test_calls_in_a_row():
    """The first is given another kind of state, a leaf of its own."""
    assert folds(recurrent()) == [("Neuron #1", 1, 7), ("Neuron", 19, 6)]


def test_calls_in_a_row_of_different_modules_are_not_folded():
    class Pair(nn.Module):
        def __init__(self):
            self.encoder, self.decoder = nn.Neuron(1, seed=0), nn.Neuron(1, seed=0)

        def forward(self, x):
            return self.decoder([self.encoder([x])])

    model = Pair()
    (pair,) = groups(Graph(model(Value(1.0))).folded.inside)
    assert [(g.label, g.count) for g in groups(pair.inside)] == [("encoder", 1), ("decoder", 1)]


def test_terms_fold_inside_terms():
    row, _ = groups(Graph(network_of_lists()).folded.inside)
    assert (row.label, row.count) == ("mul", 6)
    product, sums = groups(row.inside)
    assert (product.label, product.count, len(product.nodes[0])) == ("mul", 8, 2)
    assert (sums.label, sums.count) == ("add", 7)


def test_several_results_fold():
    w = Value(2.0)
    assert folds([(w * x).tanh() for x in fresh(5)]) == [("tanh", 5, 3)]


def test_what_is_stacked_folds():
    W = Tensor(np.ones((4, 4)), requires_grad=True)
    xs = [Tensor(np.ones(4)) for _ in range(5)]
    ((label, count, _),) = folds(autograd.stack([(W @ x).tanh() for x in xs]))
    assert (label, count) == ("tanh", 5)


def test_two_single_nodes_are_left_as_they_are():
    w = Value(2.0)
    assert folds(w * 1.0 + w * 7.0) == []
    assert folds(w * 1.0 + w * 7.0 + w * 2.0) == [("mul", 3, 1)]


def test_numbers_make_no_difference_but_shapes_do():
    w = Tensor(2.0, requires_grad=True)
    a, b = np.ones(2), np.ones((1, 2))
    assert folds((w * a).exp() + (w * (a + 1.0)).exp()) == [("exp", 2, 2)]
    assert folds((w * a).exp() + (w * b).exp()) == []
    assert folds((w * a).sum(0) + (w * b).sum()) == []
    assert folds((w * a).sum() + (w * a).sum(0, keepdim=True)) == []


def test_the_way_that_operands_are_joined_makes_a_difference():
    """The same expressions as trees, but not as graphs."""
    a, b, c, d, e, f, g, h = fresh(8)
    assert folds((a + b) * (a - b) + (c + d) * (e - f)) == []
    assert folds((a + b) * (a - b) + (c + d) * (c - d)) == [("mul", 2, 5)]
    assert folds((a * a).exp() + (b * c).exp()) == []
    assert folds(a / b + c / d + e / f + g / h) == [("div", 4, 3), ("add", 3, 1)]


def test_what_is_used_elsewhere_stays_outside():
    x, y, z = fresh(3)
    loss = sum((((x * y).exp() + w).tanh() for w in fresh(3)), start=Value(0.0))
    assert folds(loss) == [("tanh", 3, 5), ("add", 3, 1)]
    shared, other = (x * y).exp(), (y * z).exp()
    assert folds(shared.tanh() + other.tanh() + shared) == [], "one is made for its term alone"


def test_scopes_by_hand():
    def step(x):
        with scope("step"):
            return (x * 2.0).tanh()

    x = Value(1.0)
    for _ in range(5):
        x = step(x)
    assert [(label, count) for label, count, _ in folds(x)][-1] == ("step", 4)


def test_steps_of_a_loop():
    h = chain(80)
    assert folds(h) == [("step", 19, 4)], "the first is made of a leaf"
    assert folds((h - 1.0) ** 2.0) == [("step", 19, 4)]
    assert folds(chain(8)) == [], "two are no stretch"


def test_steps_that_take_something_new_each_time():
    w, h = fresh(2)
    kept = []
    for x in fresh(10):
        h = (w * h + x).tanh()
        kept.append(h)
    assert folds(h) == [("step", 9, 4)], "each with a leaf of its own"
    last = functools.reduce(operator.sub, kept)
    assert folds(last) == [("step", 7, 5)], "each with what is made of it"


def test_steps_that_differ_are_not_put_together():
    h, w = fresh(2)
    for n in range(12):
        h = (h * w).tanh() if n % 5 else (h - w).exp()
    assert all(label != "step" or size > 4 for label, _, size in folds(h))


@pytest.mark.parametrize(
    "make", [lambda: samples(8_000), lambda: chain(50_000)], ids=["sum", "rnn"]
)
def test_it_takes_time_in_proportion(make):
    """In the square of its size it would take hours."""
    graph = Graph(make())
    assert len(graph) > 40_000
    assert len(str(graph).splitlines()) < 10


def chain(steps):
    """No sum of equal terms anywhere, but a sum at each step."""
    w, u, h = fresh(3)
    for _ in range(steps // 4):
        h = (w * h + u * 1.0).tanh()
    return h
