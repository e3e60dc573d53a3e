"""What networks are made of, each as one operation: fewer nodes, fewer passes over memory."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.op import Case, Rule, operation
from autograd.rules.arrays import matmul, over_rows, product, sum
from autograd.rules.reductions import softmax


def _linear(
    x: NDArray[Any], weight: NDArray[Any], bias: NDArray[Any], out: NDArray[Any] | None = None
) -> NDArray[Any]:
    if x.ndim < 2 or weight.ndim != 2:
        raise ValueError("it takes rows, and a matrix")
    result: NDArray[Any] = product(x, weight.T, out)
    result += bias
    return result


@operation(
    array=_linear,
    vjps=[
        lambda g, out, x, weight, bias: matmul(g, weight),
        lambda g, out, x, weight, bias: over_rows(g, x),
        lambda g, out, x, weight, bias: g,
    ],
    text="{0:2} @ {1:9}ᵀ + {2:1}",
    latex=r"{0:2} {1:9}^\top + {2:1}",
    multilinear=True,
    binds=1,
    cases=[
        Case(((3, 4), (2, 4), (2,))),
        Case(((1, 1), (3, 1), (3,))),
        Case(((2, 3, 4), (2, 4), (2,))),
    ],
    source="PyTorch, torch.nn.functional.linear",
)
def linear(x: Any, weight: Any, bias: Any) -> Any:
    """An affine map of rows, ``x @ weightᵀ + bias``.

    Examples
    --------
    >>> linear([[1.0, 2.0]], [[3.0, 4.0]], [0.5])
    array([[11.5]])
    """


NONE = -100  # a class that there never is
SAMPLES = [  # fewer than there are classes, and more; one does not count
    Case(((2, 3),), {"target": np.array([2, 0]), "ignored": NONE}),
    Case(((4, 3),), {"target": np.array([2, 0, 0, 1]), "ignored": NONE}),
    Case(((4, 3),), {"target": np.array([2, 0, 1, 1]), "ignored": 0}),
]


def _cross_entropy(x: NDArray[Any], target: NDArray[Any], ignored: int) -> tuple[Any, Rule]:
    """The loss, and what makes of its gradient that of `x`; an error if there is no such class."""
    n, classes = x.shape
    target = np.asarray(target)
    if ignored != NONE and (target == ignored).any():
        return _of_some(x, target, ignored)
    few = classes < n  # then lie the rows down: NumPy adds long ones at once, short ones singly
    axis, scores = (0, x.T.copy()) if few else (1, x)
    places = (target, np.arange(n)) if few else (np.arange(n), target)
    try:
        truth = np.ravel_multi_index(places, scores.shape)
    except ValueError:
        if (target == ignored).any():
            return _of_some(x, target, ignored)
        raise
    below = scores - np.maximum.reduce(scores, axis, keepdims=True)
    parts = np.exp(below)
    totals = np.add.reduce(parts, axis, keepdims=True)
    losses = np.log(totals.ravel())
    losses -= below.take(truth)

    def back(g: Any, i: int) -> NDArray[Any]:
        share: NDArray[Any] = np.divide(parts, totals, order="C")  # which `ravel` shows, uncopied
        share.ravel()[truth] -= 1
        share *= float(g) / n
        return share.T if few else share

    return np.add.reduce(losses) / n, back


def _of_some(x: NDArray[Any], target: NDArray[Any], ignored: int) -> tuple[Any, Rule]:
    """The same, of the rows that count."""
    kept = np.flatnonzero(target != ignored)
    if not kept.size:
        return x.dtype.type(math.nan), lambda g, i: np.zeros_like(x)
    loss, back_some = _cross_entropy(x[kept], target[kept], NONE)

    def back(g: Any, i: int) -> NDArray[Any]:
        share = np.zeros_like(x)
        share[kept] = back_some(g, i)
        return share

    return loss, back


@operation(
    array=lambda x, target, ignored: _cross_entropy(x, target, ignored)[0],
    vjps=[lambda g, out, x, target, ignored: g * residual(x, target=target, ignored=ignored)],
    pullback=_cross_entropy,
    symbol="CE",
    text="mean(ln Σ exp({0}) − {0:9}[target])",
    latex=r"\operatorname{{mean}}(\ln \sum e^{{{0}}} - {0:9}_{{target}})",
    cases=SAMPLES,
    source="Goodfellow, Bengio & Courville, Deep Learning, eq. 6.30",
)
def cross_entropy(x: Any, *, target: Any, ignored: Any) -> Any:
    """The mean cross-entropy of rows of scores and the class of each, but for those ignored.

    Examples
    --------
    >>> round(cross_entropy([[-2.0, 3.0, 0.5]], target=[1], ignored=-100).item(), 6)
    0.085097
    """


def _residual_rule(g: Any, out: Any, x: Any, target: Any, ignored: Any) -> Any:
    share = softmax(x, axis=(1,))
    across = share * (g - sum(g * share, axis=(1,), keepdims=True))
    return across * counted(x, target=target, ignored=ignored)


@operation(
    array=lambda x, target, ignored: _cross_entropy(x, target, ignored)[1](1.0, 0),
    vjps=[_residual_rule],
    text="(softmax({0}) − onehot(target)) / n",
    latex=r"(\operatorname{{softmax}}({0}) - \operatorname{{onehot}}(target)) / n",
    cases=SAMPLES,
    source="Goodfellow, Bengio & Courville, Deep Learning, eq. 6.29",
    public=False,
)
def residual(x: Any, *, target: Any, ignored: Any) -> Any:
    """What `softmax` says beyond the truth, over the number of rows: cross-entropy's derivative.

    Examples
    --------
    >>> residual([[0.0, 0.0]], target=[1], ignored=-100)
    array([[ 0.5, -0.5]])
    """


def _counted(x: NDArray[Any], target: NDArray[Any], ignored: int) -> NDArray[Any]:
    kept = (np.asarray(target) != ignored).astype(x.dtype)
    return np.expand_dims(kept / max(kept.sum(), 1), 1)


@operation(
    array=_counted,
    vjps=[None],
    cases=SAMPLES,
    source="PyTorch, torch.nn.functional.cross_entropy: a mean over the rows that count",
    public=False,
)
def counted(x: Any, *, target: Any, ignored: Any) -> Any:
    """How much each row counts in a mean over those that are not ignored.

    Examples
    --------
    >>> counted([[0.0, 0.0], [0.0, 0.0]], target=[1, -100], ignored=-100)
    array([[1.],
           [0.]])
    """
