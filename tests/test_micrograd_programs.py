"""Programs for micrograd run here with only their imports changed, and follow a naive engine."""

from __future__ import annotations

import random

import numpy as np
import pytest
from sklearn.datasets import make_moons

import nn
from autograd import Value
from nn import MLP, Neuron


class Naive:
    """A scalar engine as short as can be: each node keeps a closure that hands its gradient on."""

    count = 0

    def __init__(self, data, parents=(), pull=lambda g: None):
        self.data, self.parents, self.pull, self.grad = float(data), parents, pull, 0.0
        Naive.count = self.made = Naive.count + 1

    def __add__(self, other):
        other = other if isinstance(other, Naive) else Naive(other)
        return Naive(self.data + other.data, (self, other), lambda g: (g, g))

    def __mul__(self, other):
        other = other if isinstance(other, Naive) else Naive(other)
        pull = lambda g: (g * other.data, g * self.data)  # noqa: E731
        return Naive(self.data * other.data, (self, other), pull)

    def relu(self):
        return Naive(max(self.data, 0.0), (self,), lambda g: (g * (self.data > 0),))

    def backward(self):
        reached, new = {self}, [self]
        while new:
            new = {parent for node in new for parent in node.parents} - reached
            reached |= new
        self.grad = 1.0
        for node in sorted(reached, key=lambda node: -node.made):
            for parent, share in zip(node.parents, node.pull(node.grad) or (), strict=True):
                parent.grad += share


class NaiveMLP:
    """The network of the moons demo, its weights drawn as micrograd draws them."""

    def __init__(self, nin, nouts):
        sizes = [nin, *nouts]
        self.layers = [
            [
                ([Naive(random.uniform(-1, 1)) for _ in range(before)], Naive(0.0))
                for _ in range(after)
            ]
            for before, after in zip(sizes, nouts, strict=False)
        ]

    def parameters(self):
        return [p for layer in self.layers for w, b in layer for p in [*w, b]]

    def __call__(self, x):
        for i, layer in enumerate(self.layers):
            sums = []
            for w, b in layer:
                total = b
                for weight, entry in zip(w, x, strict=True):
                    total = total + weight * entry
                sums.append(total)
            x = sums if i == len(self.layers) - 1 else [total.relu() for total in sums]
        return x[0]


def naive_moons(xs, ys, steps, batch):
    """The moons demo on the naive engine: its losses and final weights."""
    model, history = NaiveMLP(2, [16, 16, 1]), []
    for step in range(steps):
        chosen = range(len(xs)) if batch is None else np.random.permutation(len(xs))[:batch]
        total = Naive(0.0)
        for i in chosen:
            total = total + (model([Naive(x) for x in xs[i]]) * -ys[i] + 1).relu()
        penalty = Naive(0.0)
        for p in model.parameters():
            penalty = penalty + p * p
        loss = total * (1.0 / len(chosen)) + penalty * 1e-4
        for p in model.parameters():
            p.grad = 0.0
        loss.backward()
        for p in model.parameters():
            p.data -= (1.0 - 0.9 * step / 100) * p.grad
        history.append(loss.data)
    return history, [p.data for p in model.parameters()]


def moons(xs, ys, steps, batch):
    """The moons demo with micrograd's interface: losses, accuracies, final weights, the model."""
    model = MLP(2, [16, 16, 1])

    def loss(batch_size=None):
        if batch_size is None:
            Xb, yb = xs, ys
        else:
            ri = np.random.permutation(xs.shape[0])[:batch_size]
            Xb, yb = xs[ri], ys[ri]
        inputs = [list(map(Value, xrow)) for xrow in Xb]
        scores = list(map(model, inputs))
        losses = [(1 + -yi * scorei).relu() for yi, scorei in zip(yb, scores, strict=True)]
        data_loss = sum(losses) * (1.0 / len(losses))
        alpha = 1e-4
        reg_loss = alpha * sum((p * p for p in model.parameters()))  # noqa: UP034
        right = [(yi > 0) == (scorei.data > 0) for yi, scorei in zip(yb, scores, strict=True)]
        return data_loss + reg_loss, sum(right) / len(right)

    history, accuracies = [], []
    for k in range(steps):
        total_loss, accuracy = loss(batch)
        model.zero_grad()
        total_loss.backward()
        learning_rate = 1.0 - 0.9 * k / 100
        for p in model.parameters():
            p.data -= learning_rate * p.grad
        history.append(total_loss.data)
        accuracies.append(accuracy)
    return history, accuracies, [p.data for p in model.parameters()], model


def two_moons(count):
    np.random.seed(1337)
    random.seed(1337)
    x, y = make_moons(n_samples=count, noise=0.1)
    return x, y * 2 - 1


def seeded(function, count, **options):
    x, y = two_moons(count)
    return function(x, y, **options)


@pytest.mark.parametrize(
    ("count", "options"),
    [
        (20, {"steps": 8, "batch": None}),
        (20, {"steps": 8, "batch": 7}),
        (100, {"steps": 1, "batch": None}),
    ],
    ids=["shortened", "in batches", "as it is, one step"],
)
def test_the_moons_demo_follows_the_naive_engine(count, options):
    history, _, weights, _ = seeded(moons, count, **options)
    expected_history, expected_weights = seeded(naive_moons, count, **options)
    assert len(weights) == 337
    np.testing.assert_allclose(history, expected_history, rtol=1e-9)
    np.testing.assert_allclose(weights, expected_weights, rtol=1e-9, atol=1e-12)


def test_the_moons_demo_learns():
    history, accuracies, _, model = seeded(moons, 20, steps=16, batch=None)
    assert history[-1] < 0.5 * history[0]
    assert accuracies[-1] > 0.8
    assert all(type(value) is float for value in history)
    grid = np.c_[np.array([-1.0, 0.5, 2.0]), np.array([1.0, 0.0, -0.5])]
    inputs = [list(map(Value, xrow)) for xrow in grid]
    Z = np.array([s.data > 0 for s in map(model, inputs)])  # as it draws the boundary
    assert Z.dtype == bool


def test_the_naive_engine_is_right():
    """x² + 3x, used by two paths, at 2: the derivative is 7."""
    x = Naive(2.0)
    y = x * x + x * 3.0
    (y + y).backward()
    assert x.grad == 14.0


def test_the_example_of_the_readme():
    a = Value(-4.0)
    b = Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    assert f"{g.data:.4f}" == "24.7041"
    g.backward()
    assert f"{a.grad:.4f}" == "138.8338"
    assert f"{b.grad:.4f}" == "645.5773"


def test_the_neuron_of_the_readme():
    random.seed(1)
    w = [random.uniform(-1, 1) for _ in range(2)]
    random.seed(1)
    n = nn.Neuron(2)
    x = [Value(1.0), Value(-2.0)]
    y = n(x)
    assert y.data == max(0.0, w[0] - 2.0 * w[1])
    assert len(Neuron(2).parameters()) == 3
