"""Graphs that are drawn by several tests, and how their pictures are measured."""

from __future__ import annotations

import random
import xml.etree.ElementTree as ET

import numpy as np

from autograd import Tensor, Value, draw
from autograd.text import width
from nn import MLP

SVG = "{http://www.w3.org/2000/svg}"


def neuron():
    x1, x2, w1, w2 = Value(2.0), Value(0.0), Value(-3.0), Value(1.0)
    b = Value(6.8813735870195432)
    n = x1 * w1 + x2 * w2 + b
    o = n.tanh()
    o.backward()
    return draw(o)


def twice():
    a = Value(3.0)
    return draw(a + a)


def mlp(*sizes):
    random.seed(0)
    h = [Value(random.uniform(-1, 1), name=f"x[{i}]") for i in range(sizes[0])]
    for size in sizes[1:]:
        layer = []
        for _ in range(size):
            total = Value(random.uniform(-1, 1))
            for x in h:
                total = total + x * Value(random.uniform(-1, 1))
            layer.append(total.tanh())
        h = layer
    h[0].backward()
    return draw(h[0])


def recurrent(steps=4):
    w, u, h = Value(0.5), Value(-1.25), Value(0.0)
    for x in range(steps):
        h = (w * h + u * float(x)).relu() - h / 3.0
    return draw(h)


def arrays():
    X = Tensor(np.ones((8, 3)), name="X")
    W = Tensor(np.full((3, 4), 0.1), requires_grad=True, name="W")
    loss = (((X @ W).tanh() - np.zeros((8, 4))) ** 2.0).sum() / 32.0
    loss.backward()
    return draw(loss)


def odd_texts():
    a = Value(-0.08846, name='<b>&"x" 🙂 \x00\ud800]]>')
    b = Value(-1.23456e-120, name="W" * 300)
    y = a * b - Value(float("nan"), name="中文变量" * 5)
    y.name = "line\nbreak \\N 'q'"
    return draw(y)


def network():
    model = MLP(2, [16, 16, 1], seed=1)
    loss = (model([0.5, -1.0]) - 1.0) ** 2.0
    loss = loss + sum(p * p for p in model.parameters()) * 1e-4
    loss.backward()
    return draw(loss)


def constants_only():
    return draw(Tensor(np.ones((2, 3))) + 1.0, names={})


def not_finite():
    a, b = Value(float("nan"), name="a"), Value(float("inf"), name="b")
    t = Tensor([[1.0, float("nan")], [float("-inf"), -2.0]], name="t", requires_grad=True)
    y = (t * a * b).sum()
    y.backward()
    return draw(y)


def single_leaf():
    return draw(Value(1.0), names={})


def dag(count, seed):
    random.seed(seed)
    made = [Value(1.0) for _ in range(count // 4)]
    while len(made) < count:
        made.append(random.choice(made[-30:]) + random.choice(made[-30:]) * 0.5)
    return draw(made[-1])


DRAWINGS = {
    "neuron": neuron,
    "twice": twice,
    "mlp": lambda: mlp(2, 3, 2, 1),
    "wide mlp": lambda: mlp(4, 8, 6, 1),
    "recurrent": recurrent,
    "arrays": arrays,
    "network": network,
    "steps": lambda: recurrent(100),
    "inside": lambda: network().open("layers.0"),
    "partials": lambda: draw(arrays().graph, partials=True, color="activation"),
    "colours": lambda: draw(network().graph, color="gradient"),
    "operations": lambda: draw(arrays().graph, color="operation"),
    "constants only": constants_only,
    "not finite": not_finite,
    "odd texts": odd_texts,
    "single leaf": single_leaf,
    "dag": lambda: dag(120, 1),
}


def frames(drawing):
    """The outer frame of each box as (left, top, right, bottom), and its group, by key."""
    for group in ET.fromstring(drawing.svg).iter(f"{SVG}g"):
        if group.get("class").partition(" ")[0] != "box":
            continue
        rect = group.find(f"{SVG}rect[@class='frame']")
        x, y, w, h = (float(rect.get(k)) for k in ("x", "y", "width", "height"))
        yield group.get("data-key"), (x, y, x + w, y + h), group


def extent(text):
    """Where a text begins and ends, by the estimate of its width."""
    wide = width(
        text.text, float(text.get("font-size", 12)), bold=text.get("font-weight") == "bold"
    )
    x = float(text.get("x"))
    return {"end": (x - wide, x), "middle": (x - wide / 2, x + wide / 2)}.get(
        text.get("text-anchor"), (x, x + wide)
    )
