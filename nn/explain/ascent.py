"""What a unit likes best, found by going up its slope."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

import autograd
from autograd import Tensor
from nn.data.dataset import random_source
from nn.explain.asking import output_and_layer, require_module, scores
from nn.modes import evaluating
from nn.module import Module
from nn.optim import Adam
from nn.parts import dtype_of


def feature_visualization(
    model: Module,
    unit: int | Sequence[int] | Callable[[Any], Any],
    shape: Sequence[int],
    *,
    layer: Module | str = "",
    where: Literal["everywhere", "middle"] = "everywhere",
    steps: int = 200,
    lr: float = 0.05,
    decay: float = 0.01,
    smoothness: float = 0.05,
    bounds: tuple[float, float] | None = None,
    generator: np.random.Generator | int | None = None,
) -> NDArray[Any]:
    """The input that a unit likes best, by gradient ascent from noise.

    What is maximised, by `Adam`, is ``a(x) - decay · Σ x² - smoothness · Σ (xᵢ - xᵢ₊₁)²``: the
    activation of the unit, less what makes inputs large or rough, without which they look like
    noise. Erhan, Bengio, Courville & Vincent 2009, Visualizing higher-layer features of a deep
    network; Olah, Mordvintsev & Schubert 2017, Feature visualization.

    Parameters
    ----------
    model : Module
        It is run in evaluation, and left as it was.
    unit : int, sequence of int, or callable
        Which unit of the layer, axis 1 of what it gives. Several give several inputs. A function
        is given what the layer gives, for a batch of one, and picks a number.
    shape : sequence of int
        That of one sample, as the model takes it in a batch.
    layer : Module or str, default ""
        Which layer, or its path; the model itself, if omitted.
    where : {"everywhere", "middle"}
        What is meant by a channel that has places: the mean of all, or the one in the middle, which
        sees but a part of the input.
    steps : int, default 200
    lr : float, default 0.05
        About how far a number of the input moves in a step.
    decay, smoothness : float, default 0.01 and 0.05
        How much large numbers count against an input, and neighbours that differ: those on the
        last axis, and of channels with height and width on the last two.
    bounds : pair of float, optional
        The least and the greatest number in an input, such as (0, 1) for an image.
    generator : numpy.random.Generator or int, optional
        Where the noise to start from is drawn, with a standard deviation of 0.1; within bounds,
        about their middle.

    Returns
    -------
    array of shape `shape`, or (units, *shape) for several

    Raises
    ------
    TypeError
        If `model` is no Module.
    ValueError
        If the layer is not part of the model, or has no such unit; if `where` is none of these,
        `steps` is less than 0, or the bounds are the wrong way round.

    Examples
    --------
    >>> from nn import Linear
    >>> model = Linear(3, 1, bias=False)
    >>> model.weight.data = [[1.0, 0.0, -1.0]]
    >>> likes = feature_visualization(model, 0, (3,), bounds=(-1, 1), generator=0)
    >>> likes.round()
    array([ 1.,  0., -1.])
    """
    require_module("feature_visualization", model)
    _require_settings(where, steps, bounds)
    several = not callable(unit) and np.ndim(unit) > 0
    dtype = dtype_of(model)
    count = len(unit) if several else 1  # type: ignore[arg-type]
    start = 0.1 * random_source(generator).standard_normal((count, *shape))
    start += 0.0 if bounds is None else np.mean(bounds)
    image = Tensor(_within(start, bounds, dtype), requires_grad=True)
    optimizer = Adam([image], lr)

    def loss(x: Any) -> Any:
        _, found = output_and_layer("feature_visualization", model, layer, x)
        liked = scores(found if callable(unit) else _by_unit(found, where), unit).sum()
        return decay * autograd.square(x).sum() + smoothness * _roughness(x) - liked

    with evaluating(model):
        for _ in range(steps):
            image.grad = autograd.grad(loss)(image.data)
            optimizer.step()
            image.data = _within(image.data, bounds, dtype)
    return image.data if several else image.data[0]


def _require_settings(where: str, steps: int, bounds: tuple[float, float] | None) -> None:
    """See that settings are in their ranges."""
    if where not in ("everywhere", "middle"):
        raise ValueError(f"where is 'everywhere' or 'middle', but is {where!r}")
    if steps < 0:
        raise ValueError(f"feature_visualization takes steps of 0 or more, but was given {steps}")
    if bounds is not None and not bounds[0] < bounds[1]:
        raise ValueError(f"bounds are the least and the greatest number, but are {bounds}")


def _by_unit(output: Any, where: str) -> Any:
    """The activations as (n, units), one for each channel that has places."""
    if len(output.shape) == 2:
        return output
    if where == "everywhere":
        return output.flatten(2).mean(dim=2)
    return output[(slice(None), slice(None), *(n // 2 for n in output.shape[2:]))]


def _within(x: NDArray[Any], bounds: tuple[float, float] | None, dtype: Any) -> NDArray[Any]:
    return (x if bounds is None else x.clip(*bounds)).astype(dtype)


def _roughness(x: Any) -> Any:
    """How much neighbours differ, squared and summed."""
    rough = autograd.square(x[..., 1:] - x[..., :-1]).sum()
    if len(x.shape) < 4:
        return rough
    return rough + autograd.square(x[..., 1:, :] - x[..., :-1, :]).sum()
