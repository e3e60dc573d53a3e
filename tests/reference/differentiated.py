"""What the scripts beside this one share: an expression, differentiated once and twice."""

from __future__ import annotations

import json
import math

import torch
from torch.nn import functional

torch.set_default_dtype(torch.float64)
torch.manual_seed(0)
torch.set_num_threads(1)

ONE = torch.ones(())


def heaviside(x, values=ONE):
    """PyTorch's, which hands no gradient on and makes 0 of a NaN, with both."""
    known = torch.heaviside(x.detach(), values.detach())
    return torch.where(x == 0, values, known) + 0.0 * x


# What PyTorch calls otherwise, or has elsewhere. Its own softplus becomes the identity above 20,
# which is off by 2e-9 there.
WINDOWS = ["avg_pool1d", "avg_pool2d", "adaptive_avg_pool1d", "adaptive_avg_pool2d"]
WINDOWS += ["batch_norm", "group_norm", "layer_norm", "max_pool1d", "max_pool2d", "rms_norm"]
NAMES = vars(torch) | {name: getattr(functional, name) for name in WINDOWS}
NAMES |= {
    "astype": lambda x, dtype: x.to(getattr(torch, dtype)),
    "bools": torch.tensor,
    "cross_entropy": functional.cross_entropy,
    "embedding": functional.embedding,
    "heaviside": heaviside,
    "ints": torch.tensor,
    "linear": functional.linear,
    "mT": lambda x: x.mT,
    "nll_loss": functional.nll_loss,
    "pad": functional.pad,
    "softplus": lambda x: torch.logaddexp(x, torch.zeros_like(x)),
    "solve": torch.linalg.solve,
    "where": lambda condition, *xs, **given: torch.where(condition.bool(), *xs, **given),
}


def as_json(x):
    """Numbers of 13 digits, and lists of them; what JSON has no word for as text."""
    if isinstance(x, torch.Tensor):
        x = x.tolist()
    if isinstance(x, list):
        return [as_json(entry) for entry in x]
    if not isinstance(x, float):
        return x
    return float(f"{x:.13g}") if math.isfinite(x) else str(x)


def drawn(shapes):
    """Random numbers of two decimals, so that the file stays readable; none is 0."""
    found = [torch.randn(shape).mul(100).round().div(100) for shape in shapes]
    return [torch.where(x == 0, 0.01, x) for x in found]


def weights(shape, start):
    """Numbers of which no two that stand close are alike, and none is 0: -1.1, 0.3, -0.5, …"""
    return ((torch.arange(math.prod(shape)) * 7 + start) % 11 / 5 - 1.1).reshape(shape)


def slopes(out, inputs, **options):
    """The gradient of a sum; zeros where there is none."""
    if not out.requires_grad:
        return [torch.zeros_like(x) for x in inputs]
    found = torch.autograd.grad(out.sum(), inputs, allow_unused=True, **options)
    # Added to zeros, because PyTorch has zeros that are stored nowhere.
    return [
        torch.zeros_like(x) + (0 if g is None else g) for g, x in zip(found, inputs, strict=True)
    ]


def at(expression, inputs, second=True):
    """The expression's value and gradient there, each element of it weighted by another number.

    With `second`, also the gradient of a sum of those gradients, with other weights.
    """
    inputs = [x.clone() for x in inputs]
    for x in inputs:
        x.requires_grad_(x.dtype.is_floating_point)
    out = eval(expression, {**NAMES, **dict(zip("xyz", inputs, strict=False))})
    entry = {
        "expression": expression,
        "shapes": [list(x.shape) for x in inputs],
        "inputs": [as_json(x.detach()) for x in inputs],
        "shape": list(out.shape),
        "type": str(out.dtype).removeprefix("torch."),
        "out": as_json(out.detach()),
    }
    if not inputs[0].requires_grad or not out.dtype.is_floating_point:
        return entry
    grads = slopes(out * weights(out.shape, 0), inputs, create_graph=second)
    entry["grads"] = [as_json(g.detach()) for g in grads]
    if second:
        directed = [g * weights(g.shape, i) for i, g in enumerate(grads, start=1)]
        entry["second"] = [as_json(g) for g in slopes(sum(g.sum() for g in directed), inputs)]
    return entry


def never(*point):
    return False


def at_points(expression, points, rough=never, rougher=never):
    """A function of numbers at each point but the `rougher`, and not twice at the `rough` ones."""
    points = [point for point in points if not rougher(*point)]
    for second in (True, False):
        chosen = [point for point in points if rough(*point) != second]
        if chosen:
            yield at(expression, [torch.tensor(each) for each in zip(*chosen, strict=True)], second)


def write(script, **groups):
    """The JSON beside a script, one entry a line: a change is then seen for what it is."""
    lines = {
        group: ",\n".join(
            json.dumps(entry, allow_nan=False, separators=(",", ":")) for entry in entries
        )
        for group, entries in groups.items()
    }
    body = ",\n".join(f'"{group}": [\n{text}\n]' for group, text in lines.items())
    script.with_suffix(".json").write_text(
        f'{{"made by": "tests/reference/{script.name}", "torch": "{torch.__version__}",\n{body}}}\n'
    )
