"""A row of numbers for each of so many things: words, letters, users."""

from __future__ import annotations

from typing import Any

import autograd
from autograd import Tensor
from nn.module import Module


class Embedding(Module):
    """A table of rows, one for each index, ``out[i] = weight[input[i]]``: ``torch.nn.Embedding``.

    Parameters
    ----------
    num_embeddings : int
        How many rows there are.
    embedding_dim : int
        How long each is.
    generator : numpy.random.Generator or int, optional
        Where the rows are drawn from; see `autograd.randn`.

    Attributes
    ----------
    weight : Tensor of shape (num_embeddings, embedding_dim)
        Drawn from a normal distribution of mean 0 and variance 1.

    Raises
    ------
    ValueError
        If there is no row, or nothing in it.

    Examples
    --------
    >>> letters = Embedding(27, 16, generator=0)
    >>> letters([[1, 2, 3], [4, 5, 6]]).shape
    (2, 3, 16)
    """

    def __init__(self, num_embeddings: int, embedding_dim: int, *, generator: Any = None) -> None:
        for name, size in (("num_embeddings", num_embeddings), ("embedding_dim", embedding_dim)):
            if size < 1:
                raise ValueError(f"{name} must be at least 1, but is {size}")
        self.weight: Tensor = autograd.randn(
            num_embeddings, embedding_dim, generator=generator, requires_grad=True
        )

    def forward(self, input: Any) -> Any:
        """The rows of integers of any shape, which may be arguments of a compiled function."""
        return autograd.embedding(input, self.weight)

    def extra_repr(self) -> str:
        """How many rows, and how long each is."""
        return ", ".join(map(str, self.weight.shape))
