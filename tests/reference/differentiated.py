"""What the scripts beside this one share: an expression, differentiated once and twice."""

from __future__ import annotations

import json
import math

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(0)
torch.set_num_threads(1)


def as_json(x):
    """Numbers and lists of them; what JSON has no word for as text."""
    if isinstance(x, torch.Tensor):
        x = x.tolist()
    if isinstance(x, list):
        return [as_json(entry) for entry in x]
    return x if math.isfinite(x) else str(x)


def drawn(shapes):
    """Random numbers of two decimals, so that the file stays readable; none is 0."""
    found = [torch.randn(shape).mul(100).round().div(100) for shape in shapes]
    return [torch.where(x == 0, 0.01, x) for x in found]


def slopes(out, inputs, **options):
    """The gradient of a sum; zeros where there is none."""
    if not out.requires_grad:
        return [torch.zeros_like(x) for x in inputs]
    found = torch.autograd.grad(out.sum(), inputs, allow_unused=True, **options)
    # Added to zeros, because PyTorch has zeros that are stored nowhere.
    return [
        torch.zeros_like(x) + (0 if g is None else g) for g, x in zip(found, inputs, strict=True)
    ]


def at(expression, inputs, second=False):
    """The expression's value and gradient there, each element of it weighted by another number.

    With `second`, also the gradient of a sum of those gradients, with other weights.
    """
    inputs = [x.clone() for x in inputs]
    for x in inputs:
        x.requires_grad_(x.dtype.is_floating_point)
    out = eval(expression, {**vars(torch), **dict(zip("xyz", inputs, strict=False))})
    entry = {
        "expression": expression,
        "shapes": [list(x.shape) for x in inputs],
        "inputs": [as_json(x.detach()) for x in inputs],
        "shape": list(out.shape),
        "type": str(out.dtype).removeprefix("torch."),
        "out": as_json(out.detach()),
    }
    if not inputs[0].requires_grad:
        return entry
    (weights,) = drawn([out.shape]) if second else [torch.ones(out.shape)]
    grads = slopes(out * weights, inputs, create_graph=second)
    entry |= {"weights": as_json(weights), "grads": [as_json(g.detach()) for g in grads]}
    if second:
        directions = drawn([x.shape for x in inputs])
        total = sum((g * d).sum() for g, d in zip(grads, directions, strict=True))
        entry |= {
            "directions": [as_json(d) for d in directions],
            "second": [as_json(g) for g in slopes(total, inputs)],
        }
    return entry


def write(script, **groups):
    """The JSON beside a script, one entry a line: a change is then seen for what it is."""
    lines = {
        group: ",\n".join(json.dumps(entry, allow_nan=False) for entry in entries)
        for group, entries in groups.items()
    }
    body = ",\n".join(f'"{group}": [\n{text}\n]' for group, text in lines.items())
    script.with_suffix(".json").write_text(
        f'{{"made by": "tests/reference/{script.name}", "torch": "{torch.__version__}",\n{body}}}\n'
    )
