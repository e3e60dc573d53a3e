"""Make operations.json: what PyTorch gives for operators and for several operations together.

In float64, to order 2. The tests read the JSON and need no PyTorch. To make it again, in an
environment of its own:

    python -m venv torch-environment
    torch-environment/bin/pip install torch==2.13.0 numpy
    torch-environment/bin/python tests/reference/operations.py

The same PyTorch gives the same file. (A later one need not: 2.15 stops the gradient of `clip` on a
bound, where 2.13 lets it pass.) An expression stands in the file as text, and the test
evaluates that same text with autograd's functions: a method or a function of the same name must
mean the same in both.
"""

from __future__ import annotations

import itertools
from pathlib import Path

from differentiated import at, at_points, drawn, never, write

POINTS = [-1000.0, -30.0, -2.5, -1.0, -0.5, -1e-20, -0.0, 0.0, 1e-20, 0.5, 1.0, 2.5, 30.0, 1000.0]
ONE = ["-x", "+x", "neg(x)", "abs(x)", "x ** 2", "x ** 3", "x ** -1", "x ** 0", "x ** 1"]
ONE += ["x ** 0.5", "x ** 2.5", "pow(x, 2)", "x + 2", "x - 2", "x * 2", "x / 2", "x % 2"]
ONE += ["2 + x", "2 - x", "2 * x", "1 / x", "2 ** x"]
PAIRS = [-30.0, -2.0, -0.5, -0.0, 0.0, 1.0, 2.0, 3.0, 30.0]
# Where PyTorch's first derivative is of either sign.
ROUGHER = {"x ** 0.5": lambda x: str(x) == "-0.0"}
# Where its second is 0 or NaN although there is one, or finite although there is none.
ROUGH = {"x ** y": lambda x, y: x == 0 or y == 0}
TWO = ["x + y", "x - y", "x * y", "x / y", "x ** y"]

BROADCAST = [[(), ()], [(3, 4), (4,)], [(3, 1), (1, 4)], [(), (2, 3)], [(0, 3), (3,)]]
ARRAYS = {f"x {sign} y": BROADCAST for sign in "+-*/"}
ARRAYS |= {f"{name}(x, y)": [[(3, 4), (4,)]] for name in ("add", "sub", "mul", "div", "matmul")}
ARRAYS |= {f"x.{name}(y)": [[(2, 3), (2, 1)]] for name in ("add", "sub", "mul", "div")}
ARRAYS |= {
    "x.abs() ** y": BROADCAST,
    "(x * x + 0.5).pow(y)": [[(2, 3), (3,)]],
    "x.T * y": [[(4, 3), (4,)]],
    "-x[:, ::2] / y": [[(3, 4), (2,)]],
    "x.pow(3)": [[()], [(2, 3)], [(0,)]],
    "x.neg()": [[()], [(2, 3)]],
    "x + x * x + x.T": [[(3, 3)]],
    "x * y / (2 + y * y)": [[(3, 4), (3, 1)], [(2, 1, 4), (3, 1)]],
    # several together
    "(x @ y).tanh().mean(0)": [[(5, 3), (3, 4)]],
    "(x @ y) ** 2": [[(2, 3, 4), (2, 4, 2)], [(5, 1, 2, 3), (4, 3, 2)], [(2, 3, 4), (4,)]],
    "x.exp() / x.exp().sum(-1, keepdim=True)": [[(3, 4)]],
    "((x - x.mean(-1, keepdim=True)) ** 2).mean(-1).sqrt()": [[(3, 4)]],
    "where(x > 0, x * y, y.exp())": [[(3, 4), (4,)]],
    "softplus(x) - x * y": [[(6,), (6,)]],
    "(x ** 3).reshape(-1)[::2] * y": [[(2, 3), (3,)]],
    "x[[0, 0, 2], [1, 1, 3]].square()": [[(3, 4)]],
    "mT(x) @ y": [[(3, 4), (3, 2)]],
    "x.detach() * x": [[(2, 3)]],
    # networks
    "linear(x, y)": [[(3, 4), (2, 4)]],
    "linear(x, y, z)": [[(3, 4), (2, 4), (2,)], [(4,), (2, 4), (2,)], [(2, 3, 4), (2, 4), (2,)]],
    "linear(linear(x, y, z).tanh(), y, z)": [[(3, 2), (2, 2), (2,)]],
    "cross_entropy(x, ints([2, 0, 2]))": [[(3, 4)]],
    "cross_entropy(100 * x.T, ints([1, 1]))": [[(3, 2)]],
}


def numbers():
    """Operators on numbers, at ordinary points and at the edges."""
    places = {expression: [(x,) for x in POINTS] for expression in ONE}
    places |= {expression: list(itertools.product(PAIRS, PAIRS)) for expression in TWO}
    for expression, points in places.items():
        rough = [where.get(expression, never) for where in (ROUGH, ROUGHER)]
        yield from at_points(expression, points, *rough)


def arrays():
    """Operations on arrays: broadcast, empty, not contiguous, with repeated indices."""
    for expression, uses in ARRAYS.items():
        for shapes in uses:
            yield at(expression, drawn(shapes))


if __name__ == "__main__":
    write(Path(__file__), numbers=numbers(), arrays=arrays())
