"""Make nn_losses.json: PyTorch's losses of arrays, with their gradients, in float64.

The tests read only the JSON file and need no PyTorch. To make it again, install PyTorch 2.13 (the
CPU build will do) in an environment of its own, because it is no dependency of this project:

    python -m venv torch-environment
    torch-environment/bin/pip install "torch==2.13.*" numpy
    torch-environment/bin/python tests/reference/nn_losses.py

It is the same each time. One case a line: the function, its operands (whole numbers are classes),
its settings, the value, and the gradient by each operand of ``Σ k · value[k]``, k = 1, 2, …; null
where there is none.
"""

from __future__ import annotations

import json
import math
import warnings
from pathlib import Path

import torch
from torch.nn import functional

torch.set_default_dtype(torch.float64)
torch.manual_seed(0)
torch.set_num_threads(1)

ALL = ("mean", "sum", "none")


def case(function, *operands, fixed=(), **settings):
    """A case; `fixed` are the operands that nobody asks for a gradient."""
    given = [x.clone() for x in operands]
    for i, x in enumerate(given):
        x.requires_grad = x.is_floating_point() and i not in fixed
    known = {key: torch.tensor(x) if isinstance(x, list) else x for key, x in settings.items()}
    value = getattr(functional, function)(*given, **known)
    weights = torch.arange(1.0, value.numel() + 1)
    (value.reshape(-1) * weights).sum().backward()
    return {
        "function": function,
        "operands": [x.tolist() for x in operands],
        "settings": settings,
        "value": value.tolist(),
        "gradients": [None if x.grad is None else x.grad.tolist() for x in given],
    }


def row(*numbers):
    return torch.tensor(numbers, dtype=torch.float64)


def errors():
    kinks = row(0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 1e-9, 1000.0, -1000.0)
    for reduction in ALL:
        x, y = torch.randn(3, 4), torch.randn(3, 4)
        for function in ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"):
            yield case(function, x, y, reduction=reduction)
        for setting in (0.0, 0.5, 2.0):
            yield case("smooth_l1_loss", x, y, reduction=reduction, beta=setting)
        for setting in (0.5, 2.0):
            yield case("huber_loss", x, y, reduction=reduction, delta=setting)
    for function in ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"):
        yield case(function, kinks, torch.zeros(10), reduction="none")
        yield case(function, row(1.5)[0], row(-1.0)[0])
    for setting in (0.0, 0.5, 2.0):
        yield case("smooth_l1_loss", kinks, torch.zeros(10), reduction="none", beta=setting)
        yield case("huber_loss", kinks, torch.zeros(10), reduction="none", delta=setting or 1.0)


def probabilities():
    x, y = torch.rand(3, 4), torch.rand(3, 4)
    weight, classes = torch.rand(4).tolist(), [0.5, 2.0, 1.0, 3.0]
    for reduction in ALL:
        for settings in ({}, {"weight": weight}):
            yield case("binary_cross_entropy", x, y, reduction=reduction, **settings)
            yield case(
                "binary_cross_entropy_with_logits", 4 * x - 2, y, reduction=reduction, **settings
            )
        for settings in ({"pos_weight": classes}, {"pos_weight": classes, "weight": weight}):
            yield case(
                "binary_cross_entropy_with_logits", 4 * x - 2, y, reduction=reduction, **settings
            )
    for truth in (0.0, 1.0, 0.25):
        edge = row(0.0, 1.0, 1e-13, 1.0 - 1e-13, 1e-50, 0.5)
        target = torch.full((6,), truth)
        # By the target PyTorch derives logarithms that are not bounded, as those of its value are.
        yield case("binary_cross_entropy", edge, target, fixed=[1], reduction="none")
        edge = row(0.0, 1000.0, -1000.0, 36.5, -36.5, 40.0, -40.0, 1e-9)
        target = torch.full((8,), truth)
        yield case("binary_cross_entropy_with_logits", edge, target, reduction="none")
        yield case(
            "binary_cross_entropy_with_logits", edge, target, reduction="sum", pos_weight=[3.0]
        )


def divergences():
    x, y = torch.randn(3, 4).log_softmax(1), torch.randn(3, 4).softmax(1)
    for reduction in (*ALL, "batchmean"):
        yield case("kl_div", x, y, reduction=reduction)
        yield case("kl_div", x, y.log(), reduction=reduction, log_target=True)
    yield case("kl_div", x[0], row(0.0, 1.0, 0.0, 0.0), fixed=[1], reduction="batchmean")
    yield case("kl_div", x, torch.zeros(3, 4), fixed=[1], reduction="none")


def classes():
    shapes = [((5, 4), (5,)), ((4,), ()), ((2, 4, 3), (2, 3))]
    kinds = [(*pair, reduction) for pair in shapes for reduction in ALL]
    weight = [0.5, 2.0, 1.0, 3.0]
    for shape, rows, reduction in [*kinds, ((2, 4, 2, 2), (2, 2, 2), "mean")]:
        x, target = torch.randn(shape), torch.randint(0, 4, rows)
        soft = torch.randn(shape).softmax(1 if len(shape) > 1 else 0)
        some = target.clone()
        if rows:
            some.view(-1)[1] = -100
        for settings in ({}, {"weight": weight}, {"ignore_index": 2}):
            missing = target if "ignore_index" in settings else some
            yield case("nll_loss", x, missing, reduction=reduction, **settings)
            for smoothing in (0.0, 0.1):
                more = settings | {"label_smoothing": smoothing, "reduction": reduction}
                yield case("cross_entropy", x, target, **more)
                if "ignore_index" not in settings:
                    yield case("cross_entropy", x, missing, **more)
                    yield case("cross_entropy", x, soft, **more)
    yield case("cross_entropy", row(1000.0, -1000.0, 999.0)[None], torch.tensor([1]))
    yield case("cross_entropy", 1000.0 * torch.eye(3), torch.tensor([0, 2, 2]), reduction="none")


def distances():
    x, y = torch.randn(2, 3, 4)
    for settings in ({}, {"dim": 0}, {"dim": -1, "eps": 3.0}):
        yield case("cosine_similarity", x, y, **settings)
    short = torch.stack([row(0.0, 0.0), row(3e-9, 4e-9), row(1.0, 0.0)])
    yield case("cosine_similarity", short, torch.ones(3, 2), fixed=[0])
    yield case("cosine_similarity", short[1:], torch.ones(2, 2))
    yield case("cosine_similarity", torch.randn(2, 3, 4), torch.randn(3, 1), dim=1)
    for p in (1.0, 2.0, 3.0, math.inf):
        yield case("pairwise_distance", x, y, p=p)
    yield case("pairwise_distance", x, y, keepdim=True, eps=0.1)
    yield case("pairwise_distance", x[0], x[0])
    yield case("pairwise_distance", x, y[0])


def embeddings():
    x, y, z = torch.randn(3, 5, 4)
    sign = row(1.0, -1.0, -1.0, 1.0, -1.0)
    for reduction in ALL:
        distance = torch.rand(5) * 2
        for margin in (1.0, 0.5):
            yield case(
                "hinge_embedding_loss",
                distance,
                sign,
                fixed=[1],
                margin=margin,
                reduction=reduction,
            )
        for margin in (0.0, 0.5, -0.5):
            yield case(
                "cosine_embedding_loss",
                *(x, y, sign),
                fixed=[2],
                margin=margin,
                reduction=reduction,
            )
        for settings in ({}, {"swap": True}, {"p": 1.0, "margin": 2.0}, {"p": 3.0, "eps": 0.1}):
            yield case("triplet_margin_loss", x, y, z, reduction=reduction, **settings)
    corner = row(1.0, 1.0, 0.0, 0.0, 2.0)
    yield case("hinge_embedding_loss", corner, sign, fixed=[1], reduction="none")
    two = torch.eye(2), torch.eye(2).flip(0)
    yield case("cosine_embedding_loss", *two, row(-1.0, 1.0), fixed=[2], reduction="none")
    yield case("cosine_embedding_loss", x[0], y[0], row(-1.0)[0], fixed=[2])
    yield case("triplet_margin_loss", x, y, y, swap=True, reduction="none")
    yield case("triplet_margin_loss", x, x, 10.0 + x, reduction="none")
    yield case("triplet_margin_loss", x[0], y[0], z[0])


def main():
    groups = (errors, probabilities, divergences, classes, distances, embeddings)
    lines = ",\n".join(json.dumps(each) for group in groups for each in group())
    version = torch.__version__.partition("+")[0]
    text = f'{{"made with": "PyTorch {version}", "cases": [\n{lines}\n]}}\n'
    Path(__file__).with_suffix(".json").write_text(text)


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # of kl_div's mean, which is meant
    main()
