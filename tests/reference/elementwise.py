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
from math import isinf, isnan
from pathlib import Path

import torch
from differentiated import at, at_points, drawn, never, write

POINTS = [-1000.0, -30.0, -2.5, -1.5, -1.0, -0.5, -1e-20, -0.0, 0.0, 1e-20, 0.5, 1.0, 1.5, 2.5]
POINTS += [30.0, 1000.0, torch.inf, -torch.inf, torch.nan]
PAIRS = [-30.0, -2.0, -0.5, 0.5, 2.0, 3.0, 1000.0, torch.inf, -torch.inf, torch.nan]
FINITE = [-30.0, -2.0, -0.5, -0.0, 0.0, 1.0, 2.0, 3.0, 30.0]
ONE = ["abs", "acos", "acosh", "asin", "asinh", "atan", "atanh", "ceil", "cos", "cosh", "erf"]
ONE += [
    "exp",
    "exp2",
    "expm1",
    "floor",
    "heaviside",
    "isfinite",
    "isinf",
    "isnan",
    "log",
    "log1p",
    "log2",
]
ONE += ["log10", "reciprocal", "relu", "round", "rsqrt", "sigmoid", "sign", "sin", "sinh", "sqrt"]
ONE += ["softplus", "square", "tan", "tanh", "trunc"]
EXPRESSIONS = [f"{name}(x)" for name in ONE]
EXPRESSIONS += ["round(x, decimals=2)", "round(x, decimals=-1)"]
EXPRESSIONS += ["clamp(x, -1.0, 1.0)", "clamp(x, min=0.5)", "clamp(x, max=0.5)"]
EXPRESSIONS += ["clamp(x, 1.0, -1.0)", "clamp_min(x, -0.5)", "clamp_max(x, 2.5)"]
EXPRESSIONS += ["clip(x, -1.0, 1.0)", "clip(x, 1.0, -1.0)", "clip(x, 0.5)"]
TWO = ["remainder(x, y)", "logaddexp(x, y)", "true_divide(x, y)", "x % y"]
TWO += [f"div(x, y, rounding_mode={mode!r})" for mode in (None, "floor", "trunc")]
TWO += ["max(x, y)", "min(x, y)", "clamp(x, min=y)", "clamp(x, max=y)"]
TWO += [f"{name}(x, y)" for name in ("eq", "ne", "lt", "le", "gt", "ge", "clamp_min", "clamp_max")]
ALSO_ZERO = ["atan2(x, y)", "heaviside(x, y)", "maximum(x, y)", "minimum(x, y)"]
BOUNDED = [(0.5, -1.0, 1.0), (-2.0, -1.0, 1.0), (2.0, -1.0, 1.0), (-1.0, -1.0, 1.0)]
BOUNDED += [(1.0, -1.0, 1.0), (0.0, 1.0, -1.0), (-2.0, 1.0, -1.0), (2.0, 1.0, -1.0)]
THREE = {
    "clamp(x, y, z)": BOUNDED,
    "clip(x, y, z)": BOUNDED,
    "lerp(x, y, z)": [(1.0, 3.0, 0.25), (1.0, 3.0, 0.75), (-2.0, 5.0, 0.0), (-2.0, 5.0, 1.0)],
    "where(x, y, z)": [(1.0, 2.0, 3.0), (0.0, 2.0, 3.0), (-1.0, 2.0, 3.0)],
}

# Where PyTorch's first derivative is of either sign, or drops a NaN, or cannot be asked for.
ROUGHER = {
    "abs(x)": isnan,
    "acosh(x)": lambda x: x == -1,
    "relu(x)": isnan,
    "sign(x)": isnan,
    "heaviside(x)": isinf,
}
# Where its second is NaN although there is one, or infinite, of either sign.
ROUGH = {f"{name}(x)": lambda x: abs(x) == 1 for name in ("acos", "asin", "acosh", "atanh")}
ROUGH |= {
    "logaddexp(x, y)": lambda x, y: not abs(x - y) < 700,
    "softplus(x)": lambda x: x < -700,
}

PAIRS_OF_SHAPES = [[(), ()], [(3, 4), (4,)], [(3, 1), (1, 4)], [(2, 1, 3), (4, 1)], [(0, 3), (3,)]]
SHAPES = [[()], [(5,)], [(2, 1, 3)], [(0,)]]
ANYWHERE = ["abs", "asinh", "atan", "ceil", "cos", "cosh", "erf", "exp", "exp2", "expm1", "floor"]
ANYWHERE += [
    "heaviside",
    "reciprocal",
    "relu",
    "round",
    "sigmoid",
    "sign",
    "sin",
    "sinh",
    "softplus",
    "square",
]
ANYWHERE += ["tan", "tanh", "trunc"]
ARRAYS = {f"{name}(x)": SHAPES for name in ANYWHERE}
ARRAYS |= {f"{name}(x.T * x.T)": [[(3, 4)]] for name in ANYWHERE}
ARRAYS |= {f"{name}(x * x + 1.5)": SHAPES for name in ["acosh", "log", "log10", "log1p", "log2"]}
ARRAYS |= {f"{name}(x[:, ::2].exp())": [[(3, 4)]] for name in ["log", "log1p", "rsqrt", "sqrt"]}
ARRAYS |= {f"{name}(x * x + 1.5)": SHAPES for name in ["rsqrt", "sqrt"]}
ARRAYS |= {f"{name}(x / 10)": SHAPES for name in ["acos", "asin", "atanh"]}
ARRAYS |= {f"x.{name}(y)": PAIRS_OF_SHAPES for name in ["atan2", "maximum", "minimum"]}
ARRAYS |= {f"(x * x).{name}(y.exp())": [[(2, 3), (3,)]] for name in ["maximum", "minimum"]}
ARRAYS |= {f"x * x.{name}(y)": PAIRS_OF_SHAPES for name in ["clamp_min", "clamp_max"]}
ARRAYS |= {
    "(x / 10).atanh()": SHAPES,
    "x.round(decimals=1) * x": SHAPES,
    "x.T.exp2() * x.T": [[(3, 4)]],
    "x[:, ::2].reciprocal()": [[(3, 4)]],
    "x.clip(-0.5, 0.5) * x": [[(3, 4)], [()]],
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
    "heaviside(x, y) * x": PAIRS_OF_SHAPES,
    "heaviside(0.0 * x, y) * x": PAIRS_OF_SHAPES,
    "max(x, y) * x": PAIRS_OF_SHAPES,
    "x.min(y) * x": PAIRS_OF_SHAPES,
    "where(x.gt(y), x * x, y)": PAIRS_OF_SHAPES,
    "logaddexp(x.T, y).exp2()": [[(3, 4), (3,)]],
}

WHOLE = ["x.floor()", "x.round()", "x.reciprocal()", "x.exp2()", "x.clamp(-1, 2)", "x.clamp(min=0)"]
WHOLE += ["x.clamp(max=1)", "x.clamp(min=0.5)", "x.div(2)", "x.div(2, rounding_mode='floor')"]
WHOLE += ["x.div(2, rounding_mode='trunc')", "x.remainder(3)", "x % 3", "x // 2", "7 // x", "7 % x"]
WHOLE += ["x.isnan()", "(x > 0) & (x < 2)", "(x > 1) | (x < 0)", "(x > 0) ^ (x < 2)", "~(x > 1)"]
WHOLE += ["logical_not(x - 1)"]
WHOLE += [f"logical_{name}(x, x - 1)" for name in ("and", "or", "xor")]
WHOLE += ["x.isfinite()", "x.isinf()", "x.eq(2)", "x.max(x * 0)", "x.min(x * 0)"]
WHOLE += ["x.floor_divide(2)"]


def numbers():
    """Functions of numbers, at ordinary points and at the edges."""
    places = {expression: [(x,) for x in POINTS] for expression in EXPRESSIONS}
    places |= {expression: list(itertools.product(PAIRS, PAIRS)) for expression in TWO}
    places |= {expression: list(itertools.product(FINITE, FINITE)) for expression in ALSO_ZERO}
    for expression, points in (places | THREE).items():
        rough = [where.get(expression, never) for where in (ROUGH, ROUGHER)]
        yield from at_points(expression, points, *rough)


def arrays():
    """Functions of arrays, broadcast, empty, and not contiguous."""
    for expression, uses in ARRAYS.items():
        for shapes in uses:
            yield at(expression, drawn(shapes))
    for expression in WHOLE:
        yield at(expression, [torch.tensor([[-5, -2, -1], [1, 2, 7]])])


if __name__ == "__main__":
    write(Path(__file__), numbers=numbers(), arrays=arrays())
