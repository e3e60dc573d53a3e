"""Rows of a table by their numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd


def embedding(input: Any, weight: Any, padding_idx: int | None = None) -> Any:
    """The rows of a matrix that indices name, ``out[i] = weight[input[i]]``.

    As ``torch.nn.functional.embedding``.

    Parameters
    ----------
    input : integers, of any shape (...)
        In a compiled function they may be arguments.
    weight : Tensor of shape (rows, m)
    padding_idx : int, optional
        A row that gets no gradient, counted from the end if negative.

    Returns
    -------
    Tensor of shape (..., m)

    Raises
    ------
    IndexError
        If there is no such row.

    Examples
    --------
    >>> from autograd import Tensor
    >>> weight = Tensor([[0.0, 0.0], [1.0, 2.0]], requires_grad=True)
    >>> embedding([0, 1, 1], weight, padding_idx=0).sum().backward()
    >>> weight.grad
    array([[0., 0.],
           [2., 2.]])
    """
    rows = autograd.embedding(input, weight)
    if padding_idx is None:
        return rows
    row = place_of(padding_idx, weight.shape[0])
    given = input if isinstance(input, autograd.Node) else np.asarray(input)
    is_padding = autograd.unsqueeze(autograd.eq(given, row), -1)
    return autograd.where(is_padding, autograd.detach(rows), rows)


def place_of(padding_idx: int, rows: int) -> int:
    """A row counted from the front; an error if there is none."""
    if not -rows <= padding_idx < rows:
        raise ValueError(f"padding_idx is one of {rows} rows, but was given {padding_idx}")
    return padding_idx % rows
