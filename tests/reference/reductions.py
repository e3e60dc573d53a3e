"""Make reductions.json: what PyTorch gives for reductions, to order 2, in float64.

The tests read the JSON and need no PyTorch. To make it again, in an environment of its own:

    python -m venv torch-environment
    torch-environment/bin/pip install torch==2.13.0 numpy
    torch-environment/bin/python tests/reference/reductions.py

As in operations.py, an expression stands in the file as text, and the test evaluates that same text
with autograd's functions.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import torch
from differentiated import at, drawn, write

SHAPES = [(), (5,), (3, 4), (2, 3, 2)]
MATRICES = [(3, 4), (2, 3, 2)]

# {} stands for the arguments, which come after a comma that may have to go.
OVER_ALL = ["sum", "mean", "prod", "var", "std", "max", "min", "amax", "amin", "norm", "median"]
OVER_ALL += ["any", "all", "argmax", "argmin"]
OVER_ONE = ["sum", "mean", "prod", "var", "std", "amax", "amin", "logsumexp", "softmax", "cumsum"]
OVER_ONE += ["log_softmax", "any", "all", "argmax", "argmin"]
KEEPING = ["sum", "mean", "prod", "var", "std", "amax", "amin", "logsumexp", "any", "argmax"]
OVER_SEVERAL = ["sum", "mean", "var", "std", "amax", "amin", "logsumexp", "any", "all"]

ARRAYS = {f"{name}(x)": SHAPES for name in OVER_ALL}
ARRAYS |= {f"x.{name}(dim=0)": SHAPES for name in OVER_ONE}
ARRAYS |= {f"{name}(x, -1)": MATRICES for name in OVER_ONE}
ARRAYS |= {f"x.{name}(-2, keepdim=True)": MATRICES for name in KEEPING}
ARRAYS |= {f"x.{name}(axis=1, keepdims=True)": [(3, 4)] for name in ("sum", "mean", "amax")}
ARRAYS |= {f"x.{name}(dim=(0, -1))": MATRICES for name in OVER_SEVERAL}
ARRAYS |= {f"x.T.{name}(0)": [(3, 4)] for name in OVER_ONE}
ARRAYS |= {f"x[:, ::2].{name}(1)": [(3, 4)] for name in OVER_ONE}
ARRAYS |= {f"x.{name}(correction=0)": SHAPES for name in ("var", "std")}
ARRAYS |= {f"x.{name}(1, correction=2.5)": MATRICES for name in ("var", "std")}
for pick in ("max", "min", "median"):
    ARRAYS |= {f"x.{pick}(0).values": SHAPES, f"{pick}(x, -1).indices": MATRICES}
    ARRAYS |= {f"x.{pick}(dim=-2, keepdim=True)[0]": MATRICES}
    ARRAYS |= {f"x.T.{pick}(1, True).indices": [(3, 4)]}
for p in ("2", "'fro'", "1", "0", "3", "1.5", "0.5", "-1", "inf", "-inf"):
    ARRAYS |= {f"norm(x, {p}) * 1": SHAPES, f"x.norm({p}, dim=-1) * 1": MATRICES}
    ARRAYS |= {f"x.norm({p}, (0, 1), keepdim=True) * 1": [(3, 4)]}
ARRAYS |= {
    "norm(x, 'nuc')": [(3, 4), (4, 2), (3, 3), (1, 1), (1, 3)],
    "norm(x, 'nuc', dim=(0, -1), keepdim=True)": [(2, 3, 4)],
    "x.norm('nuc', (2, 1)) * 1": [(2, 3, 2)],
    "(x.norm('nuc') * x[0]).sum()": [(3, 2)],
    "(x.softmax(-1) * x).sum(0).cumsum(0)": [(3, 4)],
    "((x - x.mean(-1, keepdim=True)) / x.std(-1, keepdim=True)).prod(0)": [(3, 4)],
    "x / x.norm(dim=1, keepdim=True)": [(3, 4)],
    "x - x.logsumexp(1, keepdim=True)": [(3, 4)],
}

EMPTY = {
    (0,): ["sum(x)", "prod(x)", "any(x)", "all(x)", "norm(x)", "median(x)", "norm(x, 1)"],
    (0, 3): ["x.prod(0)", "x.sum(1)", "x.amax(1)", "x.max(1).values", "x.norm(3, 0)", "x.norm()"],
    (2, 0): ["x.logsumexp(1)", "x.any(1)", "x.all(-1)", "x.prod(1, keepdim=True)"],
}
EMPTY[0,] += ["x.logsumexp(0)", "x.cumsum(0)", "x.softmax(0)", "x.log_softmax(0)"]
EMPTY[0, 3] += ["norm(x, 'nuc')", "x.norm('nuc', keepdim=True)"]
EMPTY[0, 3] += ["x.argmax(1)", "x.cumsum(0)", "x.softmax(0)", "x.log_softmax(1)", "x.norm(dim=0)"]

inf, nan = torch.inf, torch.nan
EDGES = [[3.0, 1.0, 3.0, 3.0], [0.0, 0.0], [0.0, 3.0, -4.0], [2.0, 0.0, 3.0, 0.0], [-2.0, -2.0]]
EDGES += [[1000.0, -1000.0, 999.0], [1000.0, 1000.0], [-1000.0, -1000.0], [7.0]]
WILD = [[inf, 1.0], [1.0, -inf], [-inf, -inf], [1.0, nan, 2.0, nan], [inf, -inf]]
AT_EDGES = ["sum(x)", "mean(x)", "prod(x)", "max(x)", "min(x)", "median(x)", "amax(x)", "amin(x)"]
AT_EDGES += ["argmax(x)", "argmin(x)", "any(x)", "all(x)", "cumsum(x, 0)", "logsumexp(x, 0)"]
AT_EDGES += ["max(x, 0).values", "min(x, 0).indices", "median(x, 0).values", "median(x, 0).indices"]
AT_EDGES += ["softmax(x, 0)", "log_softmax(x, 0)", "var(x, correction=0)", "std(x, correction=0)"]
NORMS = {p: f"norm(x, {p}) * 1" for p in (2, 1, 0, 3, 1.5, 0.5, -1, "inf", "-inf")}

# Where all are equal, or 0, in some rows.
EQUAL_ROWS = [[[2.0, 2.0], [1.0, 3.0]], [[0.0, 0.0], [3.0, 4.0]], [[0.0, 1.0], [0.0, 0.0]]]
KINKS = [f"{name}(x, -1)" for name in ("std", "var")]
KINKS += ["std(x, correction=0)", "x.std(0, correction=0, keepdim=True)"]
KINKS += [f"x.norm({p}, dim=1) * 1" for p in (2, "'fro'", 1, 0, 3, 1.5, 0.5, "inf", "-inf")]

WHOLE = ["sum(x)", "prod(x)", "x.prod(0)", "max(x)", "x.min(1).values", "x.max(1).indices"]
WHOLE += ["amax(x)", "argmin(x)", "any(x)", "x.all(0)", "median(x)", "x.cumsum(1)", "x.amin(0)"]
TRUE = ["sum(x)", "prod(x)", "any(x)", "x.all(1)", "x.cumsum(0)", "max(x)", "x.sum(0)", "x.any(1)"]


def arrays():
    """Over all axes, one, several; kept or not; not contiguous; empty."""
    for expression, shapes in ARRAYS.items():
        for shape in shapes:
            # Of one number, a variance has no meaning.
            smooth = shape != () or "var" not in expression
            yield at(expression, drawn([shape]), second=smooth)
    for shape, expressions in EMPTY.items():
        for expression in expressions:
            yield at(expression, [torch.zeros(shape)], second=False)


def edges():
    """Ties, zeros, and numbers whose exponentials overflow; infinities and NaN."""
    for expression in AT_EDGES:
        # PyTorch has NaN for some derivatives of these that exist.
        tame = expression.startswith(("prod", "amax", "amin"))
        for data in EDGES if tame else EDGES + WILD:
            yield at(expression, [torch.tensor(data)], second=data in EDGES)
    for p, expression in NORMS.items():
        for data in EDGES:
            yield at(expression, [torch.tensor(data)], second=p != -1)
    for expression in KINKS:
        for data in EQUAL_ROWS:
            yield at(expression, [torch.tensor(data)])


def whole():
    """Integers and booleans."""
    for expression in WHOLE:
        yield at(expression, [torch.tensor([[-5, 2, -1], [1, 2, 7]])])
    for expression in TRUE:
        yield at(expression, [torch.tensor([[True, False], [True, True]])])


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # of too few elements for a variance, which are meant
    write(Path(__file__), arrays=arrays(), edges=edges(), whole=whole())
