"""The digits as images, for networks that look at them as such; and what shows many at once."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from nn.examples.digits import Digits, Floats, load
from nn.examples.settings import Example, Settings


def load_images(settings: Example) -> Digits:
    """The digits, (n, 1, 8, 8), pixels from 0 to 1; a fifth of them held out for the test."""
    samples = 400 if settings.small else Settings.samples
    flat = load(Settings(samples=samples, seed=settings.seed))
    return dataclasses.replace(
        flat,
        train_x=flat.train_x.reshape(-1, 1, 8, 8),
        test_x=flat.test_x.reshape(-1, 1, 8, 8),
    )


def stratified(count: int | None, seed: int) -> tuple[Any, Any, Any, Any]:
    """So many digits, or all, as (n, 1, 8, 8) from 0 to 1 in 32 bits: to learn from, and held out.

    Of each digit a fifth is held out.
    """
    digits = load_digits()
    images, targets = digits.images[:count, None].astype(np.float32) / 16, digits.target[:count]
    train_x, test_x, train_y, test_y = train_test_split(
        images, targets, test_size=0.2, stratify=targets, random_state=seed
    )
    return train_x, train_y, test_x, test_y


def mosaic(images: Any, columns: int) -> Floats:
    """Images side by side as one, so many in a row, with a pixel of white between."""
    squares = np.pad(np.reshape(images, (-1, 8, 8)), ((0, 0), (1, 1), (1, 1)))
    rows = squares.reshape(-1, columns, 10, 10)
    picture: Floats = rows.transpose(0, 2, 1, 3).reshape(-1, 10 * columns)
    return picture
