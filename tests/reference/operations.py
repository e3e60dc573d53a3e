"""Make operations.json: what PyTorch gives for each operation, forward and gradient, in float64.

The tests read the JSON and need no PyTorch. To make it again, in an environment of its own:

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
import json
import math
from pathlib import Path

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(0)
torch.set_num_threads(1)

# PyTorch's own softplus becomes the identity above 20, which is off by 2e-9 there.
FUNCTIONS = {
    "abs": torch.abs,
    "acos": torch.acos,
    "asin": torch.asin,
    "atan": torch.atan,
    "atan2": torch.atan2,
    "broadcast_to": torch.broadcast_to,
    "clip": torch.clip,
    "cos": torch.cos,
    "cosh": torch.cosh,
    "erf": torch.erf,
    "exp": torch.exp,
    "expm1": torch.expm1,
    "log": torch.log,
    "log1p": torch.log1p,
    "maximum": torch.maximum,
    "mean": torch.mean,
    "minimum": torch.minimum,
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "sign": torch.sign,
    "sin": torch.sin,
    "sinh": torch.sinh,
    "softplus": lambda x: torch.logaddexp(x, torch.zeros_like(x)),
    "sqrt": torch.sqrt,
    "square": torch.square,
    "step": lambda x: torch.heaviside(x.detach(), torch.ones(())) + 0.0 * x,
    "sum": torch.sum,
    "tan": torch.tan,
    "tanh": torch.tanh,
    "where": lambda c, x, y: torch.where(c.bool(), x, y),
}

POINTS = [-1000.0, -30.0, -2.5, -1.0, -0.5, -1e-20, -0.0, 0.0, 1e-20, 0.5, 1.0, 2.5, 30.0, 1000.0]
ONE = ["abs", "acos", "asin", "atan", "cos", "cosh", "erf", "exp", "expm1", "log", "log1p", "relu"]
ONE += ["sigmoid", "sign", "sin", "sinh", "softplus", "sqrt", "square", "step", "tan", "tanh"]
PAIRS = [-30.0, -2.0, -0.5, -0.0, 0.0, 1.0, 2.0, 3.0, 30.0]
ONE_AND_NUMBERS = ["clip(x, -1.0, 1.0)", "clip(x, 1.0, -1.0)", "clip(x, 0.5)", "x ** 2", "x ** 3"]
ONE_AND_NUMBERS += ["x ** -1", "x ** 0", "x ** 1", "x ** 0.5", "2 ** x", "1 / x", "x - 2", "2 - x"]
TWO = ["x + y", "x - y", "x * y", "x / y", "x ** y"]
TWO += ["atan2(x, y)", "maximum(x, y)", "minimum(x, y)"]
THREE = {
    "clip(x, y, z)": [
        (0.5, -1.0, 1.0),
        (-2.0, -1.0, 1.0),
        (2.0, -1.0, 1.0),
        (0.0, 1.0, -1.0),
        (-2.0, 1.0, -1.0),
        (2.0, 1.0, -1.0),
    ],
    "where(x, y, z)": [(1.0, 2.0, 3.0), (0.0, 2.0, 3.0), (-1.0, 2.0, 3.0)],
}

ARRAYS = {
    # matrix products
    "x @ y": [[(3, 4), (4, 2)], [(4,), (4,)], [(4,), (4, 2)], [(3, 4), (4,)]],
    "(x @ y) * 2": [[(2, 3, 4), (2, 4, 2)], [(5, 1, 2, 3), (4, 3, 2)], [(2, 3, 4), (4,)]],
    # sums
    "x.sum()": [[(3, 4)], [()]],
    "x.sum(0)": [[(3, 4)]],
    "x.sum(dim=-1)": [[(2, 3, 4)]],
    "x.sum((0, 2), keepdim=True)": [[(2, 3, 4)]],
    "sum(x, 1)": [[(2, 3, 4)]],
    "x.mean()": [[(3, 4)]],
    "x.mean(1)": [[(3, 4)]],
    "x.mean(dim=(0, -1), keepdim=True)": [[(2, 3, 4)]],
    # shapes
    "x.reshape(2, 6)": [[(3, 4)]],
    "x.reshape((-1, 2))": [[(3, 4)]],
    "x.T": [[(3, 4)]],
    "x.mT": [[(2, 3, 4)]],
    "x.transpose(0, 2)": [[(2, 3, 4)]],
    "x.transpose(-1, 0)": [[(2, 3, 4)]],
    "x.broadcast_to((2, 3, 4))": [[(3, 1)], [(4,)], [()]],
    # broadcasting
    "x + y": [[(3, 4), (4,)], [(3, 1), (1, 4)], [(), (2, 3)]],
    "x * y / (2 + y * y)": [[(3, 4), (3, 1)], [(2, 1, 4), (3, 1)]],
    "maximum(x, y)": [[(3, 4), (4,)]],
    "where(x > 0, x * y, y.exp())": [[(3, 4), (4,)]],
    "x.clip(-0.5, 0.5)": [[(3, 4)]],
    # indexing
    "x[1]": [[(3, 4)]],
    "x[:, 1]": [[(3, 4)]],
    "x[1:, ::2]": [[(3, 4)]],
    "x[..., None, 0]": [[(2, 3, 4)]],
    "x[[0, 0, 2]]": [[(3, 4)]],
    "x[[0, 0, 2], [1, 1, 3]]": [[(3, 4)]],
    "x[:, [2, 2]]": [[(2, 3)]],
    "x[x > 0]": [[(3, 4)]],
    # several together
    "(x @ y).tanh().mean(0)": [[(5, 3), (3, 4)]],
    "x.exp() / x.exp().sum(-1, keepdim=True)": [[(3, 4)]],
    "((x - x.mean(-1, keepdim=True)) ** 2).mean(-1).sqrt()": [[(3, 4)]],
    "softplus(x) - x * y": [[(6,), (6,)]],
    "(x ** 3).reshape(-1)[::2] * y": [[(2, 3), (3,)]],
    "x + x * x + x.T": [[(3, 3)]],
}


def as_json(x):
    """Numbers and lists of them; what JSON has no word for as text."""
    if isinstance(x, torch.Tensor):
        x = x.tolist()
    if isinstance(x, list):
        return [as_json(entry) for entry in x]
    return x if math.isfinite(x) else str(x)


def evaluated(expression, inputs, weights=None):
    """The expression's value and the gradient of its sum, weighted so that no element is alike."""
    names = dict(zip("xyz", inputs, strict=False))
    out = eval(expression, {**FUNCTIONS, **names})
    if weights is None:
        weights = torch.ones(out.shape)
    grads = torch.autograd.grad((out * weights).sum(), inputs, allow_unused=True)
    grads = [torch.zeros_like(x) if g is None else g for g, x in zip(grads, inputs, strict=True)]
    return {"out": as_json(out.detach()), "grads": [as_json(g) for g in grads]}


def leaf(x):
    return torch.as_tensor(x, dtype=torch.float64).clone().requires_grad_()


def numbers():
    """Operations on numbers, at ordinary points and at the edges."""
    at = {f"{name}(x)": [(x,) for x in POINTS] for name in ONE}
    at |= {expression: [(x,) for x in POINTS] for expression in ONE_AND_NUMBERS}
    at |= {expression: list(itertools.product(PAIRS, PAIRS)) for expression in TWO}
    for expression, points in (at | THREE).items():
        found = [evaluated(expression, [leaf(x) for x in point]) for point in points]
        yield {
            "expression": expression,
            "points": [list(point) for point in points],
            "out": [each["out"] for each in found],
            "grads": [each["grads"] for each in found],
        }


def arrays():
    """Operations on arrays; the numbers have two decimals, so that the file stays readable."""
    for expression, uses in ARRAYS.items():
        for shapes in uses:
            inputs = [leaf(torch.randn(shape).mul(100).round().div(100)) for shape in shapes]
            names = dict(zip("xyz", inputs, strict=False))
            shape = eval(expression, {**FUNCTIONS, **names}).shape
            weights = torch.randn(shape).mul(100).round().div(100)
            yield {
                "expression": expression,
                "inputs": [as_json(x.detach()) for x in inputs],
                "weights": as_json(weights),
                **evaluated(expression, inputs, weights),
            }


def rows(entries):
    """JSON with one entry a line: a change is then seen for what it is."""
    return ",\n".join(json.dumps(entry, allow_nan=False) for entry in entries)


if __name__ == "__main__":
    path = Path(__file__).with_name("operations.json")
    path.write_text(
        f'{{"made by": "tests/reference/operations.py", "torch": "{torch.__version__}",\n'
        f'"numbers": [\n{rows(numbers())}\n],\n"arrays": [\n{rows(arrays())}\n]}}\n'
    )
