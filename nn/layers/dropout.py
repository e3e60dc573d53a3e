"""Dropout, which training alone sees."""

from __future__ import annotations

from typing import Any

from nn import functional
from nn.functional.dropout import require_probability
from nn.init.fill import one_source
from nn.module import Module


class Dropout(Module):
    """Each element left out with probability p, the others enlarged: ``torch.nn.Dropout``.

    In training, ``out = x · kept / (1 - p)``; after `eval()` what it is given. See
    `nn.functional.dropout`.

    Parameters
    ----------
    p : float from 0 to 1, default 0.5
    inplace : bool
        For code written for PyTorch: nothing is changed in place.
    generator : numpy.random.Generator or int, optional
        Where the random numbers come from; without one, from that which `autograd.manual_seed`
        seeds. A compiled function draws anew at each call.

    Raises
    ------
    ValueError
        If `p` is no probability.

    Examples
    --------
    >>> from autograd import ones
    >>> dropout = Dropout(0.5)
    >>> sorted(set(dropout(ones(100)).tolist()))
    [0.0, 2.0]
    >>> dropout.eval()(ones(3))
    Tensor([1., 1., 1.])
    """

    def __init__(self, p: float = 0.5, inplace: bool = False, *, generator: Any = None) -> None:
        require_probability(type(self).__name__, p)
        self.p, self.inplace, self.generator = p, inplace, one_source(generator)

    def forward(self, input: Any) -> Any:
        """The same with parts left out, or unchanged."""
        return functional.dropout(input, self.p, self.training, generator=self.generator)

    def extra_repr(self) -> str:
        """How it was made."""
        return f"p={self.p}, inplace={self.inplace}"


class Dropout2d(Dropout):
    """Whole channels left out with probability p, the others enlarged: ``torch.nn.Dropout2d``.

    It takes ``(n, channels, ...)``; the parameters are those of `Dropout`.

    Examples
    --------
    >>> from autograd import ones
    >>> Dropout2d(0.5)(ones(2, 3, 4, 4)).shape
    (2, 3, 4, 4)
    """

    def forward(self, input: Any) -> Any:
        """The same with channels left out, or unchanged."""
        return functional.dropout2d(input, self.p, self.training, generator=self.generator)
