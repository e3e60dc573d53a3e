"""Make arguments.json: what PyTorch gives for all its arguments, and at the edges, in float64.

The tests read the JSON and need no PyTorch. To make it again, in an environment of its own:

    python -m venv torch-environment
    torch-environment/bin/pip install torch==2.13.0 numpy
    torch-environment/bin/python tests/reference/arguments.py

As in operations.py, an expression stands in the file as text, and the test evaluates that same text
with autograd's functions.
"""

from __future__ import annotations

import itertools
import warnings
from pathlib import Path

import torch
from differentiated import at, drawn, write

vars(torch).update(
    {name: getattr(torch.nn.functional, name) for name in ("cross_entropy", "linear")}
)
inf, nan = torch.inf, torch.nan

TWO = [[(3, 4), (4,)], [(), (2, 3)]]
ARRAYS = {
    "add(x, y, alpha=2.5)": TWO,
    "x.sub(y, alpha=-2)": TWO,
    "x.add(other=y, alpha=3)": TWO,
    "x.mul(other=y)": TWO,
    "maximum(input=x, other=y)": TWO,
    "atan2(input=x, other=y)": TWO,
    "where(condition=x > 0, input=x * x, other=y)": TWO,
    "sum(input=x, dim=-1)": [[(3, 4)]],
    "lerp(input=x, end=y, weight=0.3)": TWO,
    "roll(input=x, shifts=1, dims=(1,))": [[(3, 4)]],
    "pow(input=exp(x), exponent=y)": TWO,
    "exp(x).pow(exponent=y)": TWO,
    "dot(input=x, tensor=y)": [[(4,), (4,)]],
    "x.dot(tensor=y)": [[(4,), (4,)]],
    "tensordot(a=x, b=y, dims=1)": [[(3, 4), (4, 2)]],
    "addmm(input=x, mat1=y, mat2=z)": [[(2,), (3, 4), (4, 2)]],
    "split(tensor=x, split_size_or_sections=3, dim=1)[1]": [[(3, 4)]],
    "x.div(other=y, rounding_mode=None)": TWO,
    "x.max(other=y) * x": TWO,
    "x[where(x > 0)]": [[(3, 4)], [(5,)]],
    "where(x > 0)[0]": [[(3, 4)], [()], [(0, 3)]],
    "nonzero(x > 0)": [[(2, 3, 4)], [(5,)], [()], [(0, 3)]],
    "nonzero(x.relu(), as_tuple=True)[-1]": [[(3, 4)]],
    "var(x, False)": [[(5,)], [(3, 4)]],
    "x.std(True)": [[(5,)], [(3, 4)]],
    "x.std(unbiased=False)": [[(3, 4)]],
    "var(x, 0, False)": [[(3, 4)]],
    "x.std((0, -1), False, True)": [[(2, 3, 4)]],
    "x.var(dim=1, unbiased=False, keepdim=True)": [[(3, 4)]],
    "x.var(1, keepdim=True, correction=0)": [[(3, 4)]],
    "logsumexp(x, (0, -1), True)": [[(2, 3, 4)]],
    "norm(x, None, 1)": [[(3, 4)]],
    "norm(x, 1.5, (-1, 0), True)": [[(2, 3, 4)]],
    "einsum('ij,jk->ik', [x, y])": [[(3, 4), (4, 2)]],
    "einsum('ij->j', [x])": [[(3, 4)]],
    "einsum(x, [0, 1], y, [1, 2], [2, 0])": [[(3, 4), (4, 2)]],
    "einsum(x, [0, 27], y, [27, 1])": [[(3, 4), (4, 2)]],
    "einsum(x, [..., 3], y, [..., 3], [...])": [[(2, 3, 4), (3, 4)]],
    "linear(x, y)": [[(2, 3, 4), (4,)], [(4,), (4,)]],
    "linear(x, y, z)": [
        [(2, 3, 4), (2, 4), (2,)],
        [(4,), (2, 4), (2,)],
        [(4,), (2, 4), ()],
        [(2, 3, 4), (2, 4), (1,)],
        [(3, 4), (2, 4), (3, 2)],
    ],
    "cross_entropy(x, argmax(y, 1))": [[(3, 4), (3, 4)], [(2, 3, 2), (2, 3, 2)]],
    "cross_entropy(x, argmax(y, 0))": [[(4,), (4,)]],
    "cross_entropy(x, softmax(y, 1))": [[(3, 4), (3, 4)], [(2, 3, 2), (2, 3, 2)]],
    "cross_entropy(x, softmax(y, 0), label_smoothing=0.2)": [[(4,), (4,)]],
}
ROWS = [[(3, 4), (3, 4), (4,)], [(2, 4, 3), (2, 4, 3), (4,)]]
OPTIONS = ["", "abs(z).detach(), ", "ignore_index=2, ", "label_smoothing=0.2, "]
OPTIONS += ["weight=abs(z).detach(), label_smoothing=0.1, ignore_index=0, "]
for given, reduction in itertools.product(OPTIONS, ["mean", "sum", "none"]):
    expression = f"cross_entropy(x, argmax(y, 1), {given}reduction={reduction!r})"
    ARRAYS[f"{expression} + 0 * z.sum()"] = ROWS
    if "smoothing" not in given:
        expression = f"nll_loss(x, argmax(y, 1), {given}reduction={reduction!r})"
        ARRAYS[f"{expression} + 0 * z.sum()"] = ROWS
for reduction in ("mean", "sum", "none"):
    expression = f"cross_entropy(x, softmax(y, 1), abs(z).detach(), reduction={reduction!r})"
    ARRAYS[f"{expression} + 0 * z.sum()"] = ROWS

POINTS = [-2.0, -1.0, -0.0, 0.0, 0.5, 1.0, 2.0, inf, -inf, nan]
BOUNDS = ["-1.0, 1.0", "1.0, 1.0", "1.0, -1.0", "nan, 1.0", "-1.0, nan", "nan, nan", "-inf, inf"]
BOUNDS += ["min=nan", "max=nan", "min=1.0", "max=-1.0", "min=inf", "max=-inf"]
ONE = [f"clamp(x, {bounds})" for bounds in BOUNDS] + ["relu(x)", "sign(x)", "abs(x)", "asin(x)"]
ONE += ["acos(x)", "atanh(x)", "x.max()", "x.min()", "x.median()", "x.max(0)[0]", "x.min(0)[1]"]
ONE += ["x.norm(0) * 1", "x.norm(1)", "x.norm(inf)", "x.norm(-inf)", "x.argmax()", "x.argmin(0)"]
# Of amax and amin, PyTorch's gradient at NaN is NaN for all; here NaNs share it, as in `max`.
ONE += ["x.detach().amax() + 0 * x", "x.std()", "x.logsumexp(0)", "x.softmax(0)"]
BETWEEN = [-1.0, 0.5, 1.0, nan]


def arguments():
    """Each argument by position and by name."""
    for expression, uses in ARRAYS.items():
        for shapes in uses:
            yield at(expression, drawn(shapes), second=True)


def edges():
    """NaN, infinities, bounds that are equal, crossed or no numbers; one element, and none."""
    for expression in ONE:
        yield at(expression, [torch.tensor(POINTS)])
    lows, highs = zip(*itertools.product(BETWEEN, BETWEEN), strict=True)
    for x in (-2.0, 0.5, 1.0, 2.0, nan):
        points = [torch.full((len(lows),), x), torch.tensor(lows), torch.tensor(highs)]
        yield at("clamp(x, y, z)", points)
        for expression in ("maximum(x, y)", "min(x, y)", "clamp_min(x, y)", "clamp(x, max=y)"):
            yield at(expression, points[:2])
    for expression in ("asin(x)", "acos(x)", "atanh(x)"):
        yield at(expression, [torch.tensor([-1.0, 1.0, 0.5])], second=True)
    yield at("acosh(x)", [torch.tensor([1.0, 1.5])], second=True)
    for name in ("var", "std"):
        for shape in [(1,), ()]:
            # not twice: 0 there, as if a variance that is no number did not depend on x
            yield at(f"x.{name}()", [torch.full(shape, 3.0)], second=False)
            yield at(f"x.{name}(correction=0)", [torch.full(shape, 3.0)])
    yield at("cross_entropy(x, argmax(x, 1))", [torch.tensor([[0.0, -inf], [-inf, 1.0]])])
    yield at(
        "cross_entropy(x, argmax(x, 1), reduction='sum')", [torch.tensor([[0.0, -inf], [2.0, 1.0]])]
    )
    yield at("cross_entropy(x, argmax(x, 1), ignore_index=0)", [torch.tensor([[1.0, 0.0]])])


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # of too few elements for a variance, which are meant
    write(Path(__file__), arguments=arguments(), edges=edges())
