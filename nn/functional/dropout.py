"""Dropout: parts of what passes are left out at random while training, so that none is relied on.

Random numbers come from `generator`, a NumPy Generator; without one, from that which
`autograd.manual_seed` seeds. In a compiled function they are drawn anew at each call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import autograd
from nn.functional.operands import shape_of

if TYPE_CHECKING:
    import numpy as np


def dropout(
    input: Any,
    p: float = 0.5,
    training: bool = True,
    inplace: bool = False,
    *,
    generator: np.random.Generator | None = None,
) -> Any:
    """Each element left out with probability p, the others enlarged by ``1 / (1 - p)``.

    As ``torch.nn.functional.dropout`` (Srivastava et al. 2014, Dropout: a simple way to prevent
    neural networks from overfitting). On the average it changes nothing; where not `training` it
    does nothing.

    Parameters
    ----------
    input : Tensor or array, of any shape
    p : float from 0 to 1, default 0.5
    training : bool, default True
    inplace : bool
        For code written for PyTorch: nothing is changed in place.
    generator : numpy.random.Generator, optional

    Raises
    ------
    ValueError
        If `p` is no probability.

    Examples
    --------
    >>> import autograd
    >>> from autograd import Tensor
    >>> autograd.manual_seed(1)
    >>> dropout(Tensor([1.0, 2.0, 3.0, 4.0]))
    Tensor([2., 4., 0., 8.])
    """
    require_probability("dropout", p)
    shape = shape_of("dropout", input)
    return _thinned(input, p, shape, generator) if training else input


def dropout2d(
    input: Any,
    p: float = 0.5,
    training: bool = True,
    inplace: bool = False,
    *,
    generator: np.random.Generator | None = None,
) -> Any:
    """Whole channels left out with probability p, the others enlarged by ``1 / (1 - p)``.

    As ``torch.nn.functional.dropout2d`` (Tompson et al. 2015, Efficient object localization using
    convolutional networks). The arguments are those of `dropout`, but `input` has the shape
    ``(n, channels, ...)``.

    Examples
    --------
    >>> import autograd
    >>> autograd.manual_seed(1)
    >>> dropout2d(autograd.ones(1, 3, 2, 2)).sum(dim=(2, 3))
    Tensor([[8., 8., 0.]])
    """
    require_probability("dropout2d", p)
    shape = shape_of("dropout2d", input)
    if len(shape) < 3:
        raise ValueError(f"dropout2d takes channels, (n, channels, ...), but x has shape {shape}")
    if not training:
        return input
    return _thinned(input, p, (*shape[:2], *(1 for _ in shape[2:])), generator)


def require_probability(owner: str, p: float, name: str = "p") -> None:
    """See that it is a number from 0 to 1."""
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"{owner}: {name} is a probability, from 0 to 1, but is {p}")


def _thinned(x: Any, p: float, shape: tuple[int, ...], generator: Any) -> Any:
    """`x` times 0 or ``1 / (1 - p)``, drawn for each element of a shape that fits that of `x`."""
    if p == 0.0:
        return x
    kept = autograd.rand(shape, generator=generator) >= p
    scale = 0.0 if p == 1.0 else 1.0 / (1.0 - p)
    return autograd.mul(x, autograd.astype(kept, getattr(x, "dtype", float)) * scale)
