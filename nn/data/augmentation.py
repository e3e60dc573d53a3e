"""Images that are never twice the same: moved, turned, mirrored, with noise.

Each function here makes a transform, which is called on a batch of images and changes each by
random numbers of its own. The interpolation is NumPy's own indexing, so that a whole batch is done
at once; SciPy would turn one image at a time, and would have to be installed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograd.node import plain
from nn.data.dataset import random_source

Images: TypeAlias = NDArray[Any]  # (n, channels, height, width) to the functions below


@dataclass(frozen=True)
class Augmentation:
    """A random change of images: called on a batch, it gives another of the same shape and type.

    Attributes
    ----------
    change : callable
        What does it, given the images, a generator, and the settings.
    settings : mapping of str to number
    """

    change: Callable[..., Images]
    settings: Mapping[str, Any]

    def __call__(self, images: Any, generator: np.random.Generator | int | None = None) -> Images:
        """Other images for those of shape (n, height, width) or (n, channels, height, width)."""
        given = np.asarray(plain(images))
        if given.ndim not in (3, 4):
            raise ValueError(
                f"{self!r} takes images of shape (n, height, width) or (n, channels, height, "
                f"width), but was given {given.shape}"
            )
        four = given if given.ndim == 4 else given[:, None]
        changed = self.change(four, random_source(generator), **self.settings)
        return changed.reshape(given.shape)

    def __repr__(self) -> str:
        settings = ", ".join(f"{name}={x!r}" for name, x in self.settings.items())
        return f"{self.change.__name__.strip('_')}({settings})"


def shift(pixels: int, fill: float = 0.0) -> Augmentation:
    """A shift by whole pixels, up to so many each way, drawn evenly; the edge is filled.

    Parameters
    ----------
    pixels : int
        The most that an image moves, down or up and right or left.
    fill : float, default 0
        What comes in at the edge.

    Examples
    --------
    >>> shift(1)(np.array([[[1.0, 2.0], [3.0, 4.0]]]), generator=9).tolist()
    [[[0.0, 1.0], [0.0, 3.0]]]
    """
    _at_least_zero("shift", pixels=pixels)
    if not isinstance(pixels, (int, np.integer)):
        raise TypeError(f"shift moves by whole pixels, but was given {pixels!r}")
    return Augmentation(_shift, {"pixels": pixels, "fill": fill})


def rotate(degrees: float, fill: float = 0.0) -> Augmentation:
    """A turn about the middle, by an angle up to so many degrees each way, drawn evenly.

    Each pixel is read, between the four nearest, where it comes from (bilinear interpolation).

    Parameters
    ----------
    degrees : float
        The most that an image turns.
    fill : float, default 0
        What lies outside of it.

    Examples
    --------
    >>> rotate(0.0)(np.eye(3)[None], generator=0).tolist() == [np.eye(3).tolist()]
    True
    """
    _at_least_zero("rotate", degrees=degrees)
    return Augmentation(_rotate, {"degrees": degrees, "fill": fill})


def flip(p: float = 0.5) -> Augmentation:
    """The mirror image, left to right, with a probability.

    Examples
    --------
    >>> flip(1.0)(np.array([[[1.0, 2.0]]]))
    array([[[2., 1.]]])
    """
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"flip takes a probability from 0 to 1, but p is {p!r}")
    return Augmentation(_flip, {"p": p})


def noise(std: float) -> Augmentation:
    """Normal noise on each pixel, with a standard deviation.

    Examples
    --------
    >>> noise(0.5)(np.zeros((1, 1, 2)), generator=0)
    array([[[ 0.06286511, -0.06605243]]])
    """
    _at_least_zero("noise", std=std)
    return Augmentation(_noise, {"std": std})


def compose(*changes: Callable[..., Any]) -> Augmentation:
    """Several changes, one after another.

    Examples
    --------
    >>> compose(shift(1), rotate(10.0), noise(0.1))
    compose(shift(pixels=1, fill=0.0), rotate(degrees=10.0, fill=0.0), noise(std=0.1))
    """
    return Composed(_one_after_another, {"changes": changes})


class Composed(Augmentation):
    """Several changes as one."""

    def __call__(self, images: Any, generator: np.random.Generator | int | None = None) -> Images:
        """The images, changed by each in turn."""
        return self.change(images, random_source(generator), **self.settings)

    def __repr__(self) -> str:
        return f"compose({', '.join(map(repr, self.settings['changes']))})"


def _one_after_another(images: Any, random: np.random.Generator, changes: tuple[Any, ...]) -> Any:
    for change in changes:
        images = change(images, generator=random)
    return images


def _shift(images: Images, random: np.random.Generator, pixels: int, fill: float) -> Images:
    n, channels, height, width = images.shape
    edge = ((0, 0), (0, 0), (pixels, pixels), (pixels, pixels))
    padded = np.pad(images, edge, constant_values=fill)
    down, right = random.integers(-pixels, pixels, (2, n, 1), endpoint=True)
    rows = (np.arange(height) + pixels - down)[:, None, :, None]
    columns = (np.arange(width) + pixels - right)[:, None, None, :]
    one = np.arange(n)[:, None, None, None]
    moved: Images = padded[one, np.arange(channels)[:, None, None], rows, columns]
    return moved


def _rotate(images: Images, random: np.random.Generator, degrees: float, fill: float) -> Images:
    images = _floats("rotate", images)
    n, _, height, width = images.shape
    angle = np.radians(random.uniform(-degrees, degrees, (n, 1, 1)))
    y = (np.arange(height) - (height - 1) / 2)[:, None]
    x = np.arange(width) - (width - 1) / 2
    # Where each pixel comes from: the place that is turned there.
    from_y = np.cos(angle) * y + np.sin(angle) * x + (height - 1) / 2  # (n, height, width)
    from_x = np.cos(angle) * x - np.sin(angle) * y + (width - 1) / 2
    top, left = np.floor(from_y).astype(int), np.floor(from_x).astype(int)
    down, right = from_y - top, from_x - left
    turned = np.zeros(images.shape)
    for row, share_y in ((top, 1 - down), (top + 1, down)):
        for column, share_x in ((left, 1 - right), (left + 1, right)):
            turned += (share_y * share_x)[:, None] * _read(images, row, column, fill)
    return turned.astype(images.dtype)


def _read(images: Images, row: Images, column: Images, fill: float) -> Images:
    """The pixels at some places, (n, height, width) of them, of each channel."""
    n, _, height, width = images.shape
    inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
    found = images[
        np.arange(n)[:, None, None], :, row.clip(0, height - 1), column.clip(0, width - 1)
    ]
    return np.where(inside[:, None], np.moveaxis(found, -1, 1), fill)


def _flip(images: Images, random: np.random.Generator, p: float) -> Images:
    mirrored = random.random(len(images)) < p
    return np.where(mirrored[:, None, None, None], images[..., ::-1], images)


def _noise(images: Images, random: np.random.Generator, std: float) -> Images:
    images = _floats("noise", images)
    grains = std * random.standard_normal(images.shape)
    noisy: Images = images + grains.astype(images.dtype)
    return noisy


def _floats(change: str, images: Images) -> Images:
    if images.dtype.kind != "f":
        raise TypeError(
            f"{change} takes images of floats, but they are of {images.dtype}; divide bytes by 255"
        )
    return images


def _at_least_zero(change: str, **settings: float) -> None:
    for name, x in settings.items():
        if not x >= 0:
            raise ValueError(f"{change} takes {name} of 0 or more, but was given {x!r}")
