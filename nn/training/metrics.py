"""What is measured beside the loss."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

import numpy as np

Metric: TypeAlias = Callable[[Any, Any], float]


def accuracy(output: Any, target: Any) -> float:
    """The share of right answers.

    Parameters
    ----------
    output : array of shape (n, classes), (n, 1) or (n,)
        Scores: the answer is the class with the highest, or of one score, whether it is above 0.
    target : array of shape (n,), or that of `output`
        The class of each sample; of one score, above 0 or not, as 0 and 1 or -1 and 1 are.

    Examples
    --------
    >>> accuracy(np.array([[1.0, 2.0], [3.0, 0.0]]), np.array([1, 1]))
    0.5
    >>> accuracy(np.array([-1.5, 0.5]), np.array([-1.0, 1.0]))
    1.0
    """
    output, target = np.asarray(output), np.asarray(target)
    if output.ndim == 2 and output.shape[1] > 1:
        classes = target.argmax(axis=1) if target.shape == output.shape else target.reshape(-1)
        right = output.argmax(axis=1) == classes
    else:
        right = (output.reshape(-1) > 0) == (target.reshape(-1) > 0)
    return float(np.mean(right))


KNOWN: dict[str, Metric] = {"accuracy": accuracy}


def by_name(metrics: Any) -> dict[str, Metric]:
    """The metrics that an argument `metrics` stands for, each by its name.

    Raises
    ------
    ValueError
        If a name is not known, or one is there twice.
    TypeError
        If one is neither a name nor a function.
    """
    if isinstance(metrics, Mapping):
        named = [(str(name), metric) for name, metric in metrics.items()]
    else:
        one = isinstance(metrics, str) or callable(metrics)
        each: Iterable[Any] = [metrics] if one else metrics or []
        named = [_named(metric) for metric in each]
    for name, metric in named:
        if not callable(metric):
            raise TypeError(f"metrics are functions of output and target, but {name} is {metric!r}")
    if len(dict(named)) < len(named):
        raise ValueError(f"two metrics have one name among {', '.join(name for name, _ in named)}")
    return dict(named)


def _named(metric: Any) -> tuple[str, Any]:
    if isinstance(metric, str):
        if metric not in KNOWN:
            raise ValueError(f"metric {metric!r} is not known; by name there is {', '.join(KNOWN)}")
        return metric, KNOWN[metric]
    return getattr(metric, "__name__", type(metric).__name__), metric
