"""Layers that give the same numbers, or more of them, in another shape."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import autograd
from nn import functional
from nn.functional.operands import shape_of
from nn.module import Module


class Flatten(Module):
    """Several axes made into one: ``torch.nn.Flatten``.

    ``(n, a, b)`` gives ``(n, a·b)``, by default; see `autograd.flatten`.

    Examples
    --------
    >>> from autograd import ones
    >>> Flatten()(ones(2, 3, 4)).shape
    (2, 12)
    """

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, input: Any) -> Any:
        """The same elements with fewer axes."""
        return autograd.flatten(input, self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        """Which axes."""
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Unflatten(Module):
    """One axis made into several: ``torch.nn.Unflatten``.

    Parameters
    ----------
    dim : int
        Which axis.
    unflattened_size : sequence of int
        The lengths of those that it becomes; one may be -1 and is then worked out.

    Raises
    ------
    ValueError
        In a call, if the axis has not as many elements.

    Examples
    --------
    >>> from autograd import ones
    >>> Unflatten(1, (3, 4))(ones(2, 12)).shape
    (2, 3, 4)
    """

    def __init__(self, dim: int, unflattened_size: Sequence[int]) -> None:
        self.dim, self.unflattened_size = dim, tuple(unflattened_size)

    def forward(self, input: Any) -> Any:
        """The same elements with more axes."""
        shape = shape_of("Unflatten", input)
        if not -len(shape) <= self.dim < len(shape):
            raise IndexError(f"Unflatten: x has shape {shape}, and no dim {self.dim}")
        at, sizes = self.dim % len(shape), self.unflattened_size
        known = math.prod(n for n in sizes if n != -1)
        if sizes.count(-1) == 1 and known and shape[at] % known == 0:
            sizes = tuple(shape[at] // known if n == -1 else n for n in sizes)
        if min(sizes, default=0) < 0 or math.prod(sizes) != shape[at]:
            raise ValueError(
                f"Unflatten: axis {self.dim} of x {shape} does not become {self.unflattened_size}"
            )
        return autograd.reshape(input, (*shape[:at], *sizes, *shape[at + 1 :]))

    def extra_repr(self) -> str:
        """Which axis, and what it becomes."""
        return f"dim={self.dim}, unflattened_size={self.unflattened_size}"


class Upsample(Module):
    """More points along all axes after the channels: ``torch.nn.Upsample``.

    The parameters are those of `nn.functional.interpolate`.

    Examples
    --------
    >>> from autograd import ones
    >>> Upsample(scale_factor=2)(ones(1, 3, 4, 5)).shape
    (1, 3, 8, 10)
    """

    def __init__(
        self,
        size: int | Sequence[int] | None = None,
        scale_factor: float | Sequence[float] | None = None,
        mode: str = "nearest",
        align_corners: bool | None = None,
    ) -> None:
        self.size, self.scale_factor = size, scale_factor
        if isinstance(scale_factor, int):
            self.scale_factor = float(scale_factor)
        self.mode, self.align_corners = mode, align_corners

    def forward(self, input: Any) -> Any:
        """More points."""
        return functional.interpolate(
            input, self.size, self.scale_factor, self.mode, self.align_corners
        )

    def extra_repr(self) -> str:
        """How many more, and how."""
        how_many = f"size={self.size}" if self.size else f"scale_factor={self.scale_factor}"
        return f"{how_many}, mode={self.mode!r}"
