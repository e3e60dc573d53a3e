"""Where in its sequence each place is: added to its features, which attention cannot order."""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd
from autograd import Tensor
from nn.layers.sizes import at_least_one
from nn.module import Module


class Positions(Module):
    """What `SinusoidalPositions` and `LearnedPositions` share: a row for each place.

    Parameters
    ----------
    max_len : int
        How long a sequence may be.
    d_model : int
        How many features each place has.
    batch_first : bool, default False
        Whether a batch is (batch, length, features), and not (length, batch, features).
    """

    def __init__(self, max_len: int, d_model: int, batch_first: bool = False) -> None:
        at_least_one(self, max_len=max_len, d_model=d_model)
        self.max_len, self.d_model, self.batch_first = max_len, d_model, batch_first

    def rows(self) -> Tensor:
        """A row for each place."""
        raise NotImplementedError

    def forward(self, input: Any) -> Any:
        """The input, (length, batch, d_model) or (length, d_model), with its places added."""
        shape, name = input.shape, type(self).__name__
        if len(shape) not in (2, 3) or shape[-1] != self.d_model:
            raise ValueError(f"{name}(d_model={self.d_model}) was given x of shape {shape}")
        length = shape[1 if self.batch_first and len(shape) == 3 else 0]
        if length > self.max_len:
            raise ValueError(
                f"{name}(max_len={self.max_len}) was given {length} places: x has shape {shape}"
            )
        rows: Any = self.rows()[:length]
        if len(shape) == 3 and not self.batch_first:
            rows = autograd.unsqueeze(rows, 1)
        return input + (rows if rows.dtype == input.dtype else rows.astype(input.dtype))

    def extra_repr(self) -> str:
        """Its sizes."""
        return f"{self.max_len}, {self.d_model}" + (", batch_first=True" * self.batch_first)


class SinusoidalPositions(Positions):
    """Waves of growing length: ``sin(p / 10000^(2i / d))`` in column 2i, and the cosine after it.

    Vaswani et al. 2017, Attention is all you need, sec. 3.5. There is nothing to learn, and nothing
    in the state. The parameters are those of `Positions`, and:

    Parameters
    ----------
    dtype : dtype, default float64

    Examples
    --------
    >>> SinusoidalPositions(100, 4)(autograd.zeros(2, 4))
    Tensor([[0.        , 1.        , 0.        , 1.        ],
            [0.84147098, 0.54030231, 0.00999983, 0.99995   ]])
    """

    def __init__(
        self, max_len: int, d_model: int, batch_first: bool = False, *, dtype: Any = None
    ) -> None:
        super().__init__(max_len, d_model, batch_first)
        places = np.arange(max_len)[:, None] / 10000.0 ** (np.arange(0, d_model, 2) / d_model)
        waves = np.empty((max_len, d_model))
        waves[:, 0::2] = np.sin(places)
        waves[:, 1::2] = np.cos(places)[:, : d_model // 2]
        self.register_buffer("waves", Tensor(waves, dtype=dtype), persistent=False)

    def rows(self) -> Tensor:
        """The waves."""
        waves: Tensor = vars(self)["waves"]
        return waves


class LearnedPositions(Positions):
    """A row of parameters for each place, as an embedding of its number.

    Gehring et al. 2017, Convolutional sequence to sequence learning; Radford et al. 2019, Language
    models are unsupervised multitask learners, from which the scale is. The parameters are those of
    `Positions`, and:

    Parameters
    ----------
    generator : numpy.random.Generator or int, optional
        Where the rows are drawn from; see `autograd.randn`.
    dtype : dtype, default float64

    Attributes
    ----------
    weight : Tensor of shape (max_len, d_model)
        Drawn from a normal distribution of mean 0 and deviation 0.02.

    Examples
    --------
    >>> LearnedPositions(100, 4, generator=0)(autograd.zeros(3, 2, 4)).shape
    (3, 2, 4)
    """

    def __init__(
        self,
        max_len: int,
        d_model: int,
        batch_first: bool = False,
        *,
        generator: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(max_len, d_model, batch_first)
        numbers = autograd.randn(max_len, d_model, generator=generator).numpy()
        self.weight = Tensor(0.02 * numbers, requires_grad=True, dtype=dtype)

    def rows(self) -> Tensor:
        """The rows."""
        return self.weight
