"""A row of numbers for each of so many things: words, letters, users."""

from __future__ import annotations

from typing import Any, Self

from numpy.typing import DTypeLike

import autograd
from autograd import Tensor
from nn import functional
from nn.functional.embedding import place_of
from nn.layers.sizes import at_least_one
from nn.module import Module
from nn.parameter import Parameter


class Embedding(Module):
    """A table of rows, one for each index, ``out[i] = weight[input[i]]``: ``torch.nn.Embedding``.

    Parameters
    ----------
    num_embeddings : int
        How many rows there are.
    embedding_dim : int
        How long each is.
    padding_idx : int, optional
        A row that is zero at first and gets no gradient: for what fills up short texts.
    generator : numpy.random.Generator or int, optional
        Where the rows are drawn from; see `autograd.randn`.
    dtype : dtype, default float64

    Attributes
    ----------
    weight : Tensor of shape (num_embeddings, embedding_dim)
        Drawn from a normal distribution of mean 0 and variance 1.

    Raises
    ------
    ValueError
        If there is no row, or nothing in it, or `padding_idx` is none of them.

    Examples
    --------
    >>> letters = Embedding(27, 16, generator=0)
    >>> letters([[1, 2, 3], [4, 5, 6]]).shape
    (2, 3, 16)
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        *,
        generator: Any = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        at_least_one(self, num_embeddings=num_embeddings, embedding_dim=embedding_dim)
        numbers = autograd.randn(num_embeddings, embedding_dim, generator=generator).numpy().copy()
        self.padding_idx = padding_idx
        if padding_idx is not None:
            self.padding_idx = place_of(padding_idx, num_embeddings)
            numbers[self.padding_idx] = 0.0
        self.weight: Tensor = Parameter(numbers, dtype=dtype)

    @classmethod
    def from_pretrained(
        cls, embeddings: Any, freeze: bool = True, padding_idx: int | None = None
    ) -> Self:
        """One with given rows, which by default stay as they are.

        Examples
        --------
        >>> Embedding.from_pretrained([[1.0, 2.0], [3.0, 4.0]])([1])
        Tensor([[3., 4.]])
        """
        weight = Parameter(embeddings, not freeze)
        if weight.ndim != 2:
            raise ValueError(f"the rows make a matrix, but were given in shape {weight.shape}")
        made = cls.__new__(cls)
        made.padding_idx = None if padding_idx is None else place_of(padding_idx, len(weight))
        made.weight = weight
        return made

    def forward(self, input: Any) -> Any:
        """The rows of integers of any shape, which may be arguments of a compiled function."""
        return functional.embedding(input, self.weight, self.padding_idx)

    def extra_repr(self) -> str:
        """How many rows, and how long each is."""
        padding = () if self.padding_idx is None else (f"padding_idx={self.padding_idx}",)
        return ", ".join([*map(str, self.weight.shape), *padding])
