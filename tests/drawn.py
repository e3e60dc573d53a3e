"""Graphs of several kinds, for the tests of pages in a browser."""

from __future__ import annotations

import random

import numpy as np

from autograd import Graph, Tensor, Value
from autograd.drawing.page import Numbers, to_html, to_page
from autograd.drawing.pictures import read
from nn import MLP


def page_of(root, at_once=60):
    """A whole page with the pictures of a graph."""
    graph = Graph(root)
    pictures = read(graph, graph.names, at_once)
    return to_page("a graph", to_html(pictures, Numbers.of(graph, graph.names)))


def neuron():
    x1, x2 = Value(2.0, name="x1"), Value(0.0, name="x2")
    w1, w2, b = Value(-3.0, name="w1"), Value(1.0, name="w2"), Value(6.88, name="b")
    return (x1 * w1 + x2 * w2 + b).tanh()


def perceptron(samples=5, shape=(16, 16, 1)):
    """A model and its loss, to be folded: samples, layers, neurons."""
    draw = random.Random(0)
    model = MLP(2, list(shape), seed=1)
    terms = [(1.0 - model([draw.random(), draw.random()])).relu() for _ in range(samples)]
    return model, sum(terms) * (1.0 / samples) + sum(p * p for p in model.parameters()) * 1e-4


def network():
    X = Tensor(np.arange(6.0).reshape(2, 3) / 10, name="X")
    W = Tensor(np.linspace(-1, 1, 6).reshape(3, 2), name="W", requires_grad=True)
    b = Tensor(np.ones(2) / 10, name="b", requires_grad=True)
    return ((X @ W + b).tanh() * 2.0).sum()


def awkward():
    """Names that would break HTML and JavaScript, numbers that are none."""
    a = Value(float("nan"), name="</script><b>\"&'`${x}🙂")
    return a * Value(float("-inf"), name="x\\n\u2028") + Value(-0.0, name="zero")
