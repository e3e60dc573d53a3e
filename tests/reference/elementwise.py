"""Make elementwise.json: what PyTorch gives for functions of each element, to order 2, in float64.

The tests read the JSON and need no PyTorch. To make it again, in an environment of its own:

    python -m venv torch-environment
    torch-environment/bin/pip install torch==2.13.0 numpy
    torch-environment/bin/python tests/reference/elementwise.py

As in operations.py, an expression stands in the file as text, and the test evaluates that same text
with autograd's functions.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import torch
from differentiated import at, drawn, write

POINTS = [-1000.0, -30.0, -2.5, -1.5, -1.0, -0.5, -1e-20, -0.0, 0.0, 1e-20, 0.5, 1.0, 1.5, 2.5]
POINTS += [30.0, 1000.0, torch.inf, -torch.inf, torch.nan]
PAIRS = [-30.0, -2.0, -0.5, 0.5, 2.0, 3.0, 1000.0, torch.inf, -torch.inf, torch.nan]
ONE = ["exp2", "log2", "log10", "rsqrt", "reciprocal", "asinh", "acosh", "atanh"]
ONE += ["floor", "ceil", "round", "trunc", "isnan", "isinf", "isfinite"]
ONE = [f"{name}(x)" for name in ONE]
ONE += ["round(x, decimals=2)", "round(x, decimals=-1)", "clamp(x, -1.0, 1.0)", "clamp(x, min=0.5)"]
ONE += ["clamp(x, max=0.5)", "clamp(x, 1.0, -1.0)", "clamp_min(x, -0.5)", "clamp_max(x, 2.5)"]
TWO = ["remainder(x, y)", "logaddexp(x, y)", "true_divide(x, y)", "x % y"]
TWO += [f"div(x, y, rounding_mode={mode!r})" for mode in (None, "floor", "trunc")]
TWO += ["max(x, y)", "min(x, y)", "clamp(x, min=y)", "clamp(x, max=y)"]
TWO += [f"{name}(x, y)" for name in ("eq", "ne", "lt", "le", "gt", "ge", "clamp_min", "clamp_max")]
THREE = {
    "clamp(x, y, z)": [
        (0.5, -1.0, 1.0),
        (-2.0, -1.0, 1.0),
        (2.0, -1.0, 1.0),
        (-1.0, -1.0, 1.0),
        (1.0, -1.0, 1.0),
        (0.0, 1.0, -1.0),
    ],
    "lerp(x, y, z)": [(1.0, 3.0, 0.25), (1.0, 3.0, 0.75), (-2.0, 5.0, 0.0), (-2.0, 5.0, 1.0)],
}

PAIRS_OF_SHAPES = [[(), ()], [(3, 4), (4,)], [(3, 1), (1, 4)], [(2, 1, 3), (4, 1)], [(0, 3), (3,)]]
SHAPES = [[()], [(5,)], [(2, 3, 4)], [(0,)]]
ARRAYS = {f"x.{name}()": SHAPES for name in ["exp2", "reciprocal", "asinh", "floor", "round"]}
ARRAYS |= {f"(x * x + 1.5).{name}()": SHAPES for name in ["log2", "log10", "rsqrt", "acosh"]}
ARRAYS |= {
    "(x / 10).atanh()": SHAPES,
    "x.round(decimals=1) * x": SHAPES,
    "x.T.exp2() * x.T": [[(3, 4)]],
    "x[:, ::2].reciprocal()": [[(3, 4)]],
    "x.clamp(-0.5, 0.5)": SHAPES,
    "x.clamp(y, y + 1)": PAIRS_OF_SHAPES,
    "x.remainder(y)": PAIRS_OF_SHAPES,
    "x % y": PAIRS_OF_SHAPES,
    "x.logaddexp(y)": PAIRS_OF_SHAPES,
    "x.true_divide(y)": PAIRS_OF_SHAPES,
    "x.div(y, rounding_mode='floor') * y": PAIRS_OF_SHAPES,
    "x.div(y, rounding_mode='trunc') * y": PAIRS_OF_SHAPES,
    "lerp(x, y, 0.3)": PAIRS_OF_SHAPES,
    "x.lerp(y, x * y)": PAIRS_OF_SHAPES,
    "max(x, y) * x": PAIRS_OF_SHAPES,
    "x.min(y) * x": PAIRS_OF_SHAPES,
    "where(x.gt(y), x * x, y)": PAIRS_OF_SHAPES,
    "logaddexp(x.T, y).exp2()": [[(3, 4), (3,)]],
}

WHOLE = ["x.floor()", "x.round()", "x.reciprocal()", "x.exp2()", "x.clamp(-1, 2)", "x.clamp(min=0)"]
WHOLE += ["x.clamp(max=1)", "x.clamp(min=0.5)", "x.div(2)", "x.div(2, rounding_mode='floor')"]
WHOLE += ["x.div(2, rounding_mode='trunc')", "x.remainder(3)", "x % 3", "x // 2", "x.isnan()"]
WHOLE += ["x.isfinite()", "x.isinf()", "x.eq(2)", "x.max(x * 0)", "x.min(x * 0)"]
WHOLE += ["x.floor_divide(2)"]


def numbers():
    """Functions of numbers, at ordinary points and at the edges."""
    places = {expression: [(x,) for x in POINTS] for expression in ONE}
    # There it is NaN, and its derivative infinite: of either sign.
    places["acosh(x)"].remove((-1.0,))
    places |= {expression: list(itertools.product(PAIRS, PAIRS)) for expression in TWO}
    for expression, points in (places | THREE).items():
        yield at(expression, [torch.tensor(column) for column in zip(*points, strict=True)])


def arrays():
    """Functions of arrays, broadcast, empty, and not contiguous."""
    for expression, uses in ARRAYS.items():
        for shapes in uses:
            yield at(expression, drawn(shapes), second=True)
    for expression in WHOLE:
        yield at(expression, [torch.tensor([[-5, -2, -1], [1, 2, 7]])])


if __name__ == "__main__":
    write(Path(__file__), numbers=numbers(), arrays=arrays())
