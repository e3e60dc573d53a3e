"""Explanations by the slope of a score: what happens to it when the input changes a little."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

import autograd
from autograd.node import plain
from nn.explain.asking import Target, asked, scores
from nn.module import Module


def saliency(model: Module, x: Any, target: Target = None, abs: bool = True) -> NDArray[Any]:
    """How steep a score is along each number of the input: ``|∂score / ∂x|``.

    What matters most is where a small change would change the score most. It says nothing of how
    much of the score is due to it. Simonyan, Vedaldi & Zisserman 2014, Deep inside convolutional
    networks, sec. 3; Captum's `Saliency`.

    Parameters
    ----------
    model : Module
        It is run in evaluation, and left as it was.
    x : array or Tensor of shape (n, ...), or (...)
        A batch of samples, or one.
    target : int, sequence of n int, or callable
        Which score of each sample; a function is given the model's output, (n, ...), and picks a
        Tensor of shape (n,). None, where the model gives one number for each.
    abs : bool, default True
        Whether the sign is left out.

    Returns
    -------
    array of the shape of x

    Raises
    ------
    TypeError, ValueError
        If `x` is of no use to the model, or `target` picks no score for each sample.

    Examples
    --------
    >>> from nn import Linear
    >>> model = Linear(2, 1, bias=False)
    >>> model.weight.data = [[3.0, -4.0]]
    >>> saliency(model, [1.0, 1.0], target=0)
    array([3., 4.])
    """
    with asked("saliency", model, x) as given:
        slope = _slope(model, given.x, target)
    return given.shaped(np.abs(slope) if abs else slope)


def gradient_x_input(model: Module, x: Any, target: Target = None) -> NDArray[Any]:
    """The slope of a score along each number of the input, times that number: ``x · ∂score/∂x``.

    Of a model without biases, whose layers are linear or ReLU, these sum to the score. Shrikumar,
    Greenside & Kundaje 2017, Learning important features through propagating activation
    differences; Captum's `InputXGradient`.

    Parameters
    ----------
    model, x, target
        As of `saliency`.

    Returns
    -------
    array of the shape of x
        Positive for what speaks for the score, negative for what speaks against it.

    Examples
    --------
    >>> from nn import Linear
    >>> model = Linear(2, 1, bias=False)
    >>> model.weight.data = [[3.0, -4.0]]
    >>> gradient_x_input(model, [2.0, 1.0], target=0)
    array([ 6., -4.])
    """
    with asked("gradient_x_input", model, x) as given:
        return given.shaped(given.x * _slope(model, given.x, target))


def integrated_gradients(
    model: Module, x: Any, target: Target = None, baseline: Any = None, steps: int = 50
) -> NDArray[Any]:
    """How much each number of the input adds to a score on the way from a baseline to the input.

    ``(x - b) · ∫ ∂score/∂x (b + α (x - b)) dα``, α from 0 to 1. They sum to ``score(x) - score(b)``
    (completeness), as nearly as the integral is found; more steps find it better. Sundararajan,
    Taly & Yan 2017, Axiomatic attribution for deep networks; Captum's `IntegratedGradients`.

    Parameters
    ----------
    model, x, target
        As of `saliency`.
    baseline : number or array of the shape of x or of one sample, default 0
        An input that stands for nothing at all, such as a black image.
    steps : int, default 50
        At how many places the slope is taken: those of Gauss and Legendre.

    Returns
    -------
    array of the shape of x

    Raises
    ------
    ValueError
        If `steps` is less than 1, or the baseline does not fit; and as `saliency` does.

    Examples
    --------
    >>> from autograd import square
    >>> from nn import Linear, Module
    >>> class Squares(Module):
    ...     def forward(self, x):
    ...         return square(x).sum(dim=1)
    >>> integrated_gradients(Squares(), [3.0, -1.0], baseline=[1.0, 0.0]).round(6)
    array([8., 1.])
    """
    if steps < 1:
        raise ValueError(f"integrated_gradients takes steps of at least 1, but was given {steps}")
    with asked("integrated_gradients", model, x) as given:
        way = given.x - _baseline(baseline, given.x)
        places, weights = np.polynomial.legendre.leggauss(steps)  # on the way from -1 to 1
        mean = np.zeros_like(given.x)
        for place, weight in zip(places.tolist(), weights.tolist(), strict=True):
            mean += weight / 2 * _slope(model, given.x - (1 - place) / 2 * way, target)
        return given.shaped(way * mean)


def _baseline(baseline: Any, x: NDArray[Any]) -> NDArray[Any]:
    """The baseline of each sample."""
    found = 0.0 if baseline is None else baseline
    found = np.asarray(plain(found), x.dtype)
    if found.shape not in ((), x.shape[1:], x.shape):
        raise ValueError(
            f"integrated_gradients: a baseline of shape {found.shape} does not fit samples of "
            f"shape {x.shape[1:]}"
        )
    return np.broadcast_to(found, x.shape)


def _slope(model: Module, x: NDArray[Any], target: Target) -> NDArray[Any]:
    """The derivative of each sample's score by it; no parameter's gradient is touched."""

    def total(x: Any) -> Any:
        return scores(model(x), target).sum()

    found: NDArray[Any] = autograd.grad(total)(x)
    return found
