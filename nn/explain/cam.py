"""Where in an image a convolution sees what speaks for a score."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import Tensor, enable_grad, gradient
from nn.explain.asking import Target, asked, output_and_layer, scores
from nn.functional.shape import interpolate
from nn.module import Module

MODES = {3: "linear", 4: "bilinear"}  # by the axes of a batch


def grad_cam(model: Module, x: Any, target: Target, layer: Module | str) -> NDArray[Any]:
    """Where in the input a layer sees what speaks for a score: a class activation map by gradients.

    ``relu(Σₖ αₖ Aₖ)`` of the layer's channels Aₖ, each weighed by the mean slope of the score over
    its places, ``αₖ = mean ∂score / ∂Aₖ``; drawn out to the size of the input, by straight lines
    between the places. Selvaraju et al. 2017, Grad-CAM: visual explanations from deep networks via
    gradient-based localization; Captum's `LayerGradCam` with ``relu_attributions=True``.

    Parameters
    ----------
    model, x, target
        As of `saliency`; samples have channels first, (n, channels, height, width) or (n, channels,
        length).
    layer : Module or str
        A layer of the model, or its path, that gives channels first, too: often the last
        convolution, or the activation after it.

    Returns
    -------
    array of the shape of x, but with one channel
        0 or more.

    Raises
    ------
    ValueError
        If the layer is not part of the model, was not called once, or gives no channels with
        places.

    Examples
    --------
    >>> import autograd
    >>> from nn import Conv2d, Flatten, Linear, ReLU, Sequential
    >>> parts = Conv2d(1, 4, 3, generator=0), ReLU(), Flatten(), Linear(4 * 36, 10, generator=1)
    >>> model = Sequential(*parts)
    >>> grad_cam(model, autograd.rand(5, 1, 8, 8, generator=2), 3, layer="1").shape
    (5, 1, 8, 8)
    """
    with asked("grad_cam", model, x) as given, enable_grad():
        x = Tensor(given.x, requires_grad=True)  # so that frozen models have a graph, too
        output, maps = output_and_layer("grad_cam", model, layer, x)
        if maps.ndim not in MODES or maps.ndim != given.x.ndim:
            raise ValueError(
                f"grad_cam: {layer!r:.60} gives {maps.shape} for x of shape {given.x.shape}; both "
                "have channels, and places in them"
            )
        slope = gradient(scores(output, target).sum(), maps).data
        places = tuple(range(2, maps.ndim))
        weighed = slope.mean(axis=places, keepdims=True) * maps.data
        coarse = np.maximum(weighed.sum(axis=1, keepdims=True), 0)
        fine = interpolate(Tensor(coarse), given.x.shape[2:], mode=MODES[maps.ndim])
        return given.shaped(fine.data)
