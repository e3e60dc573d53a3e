"""Models in evaluation for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from nn.module import Module


@contextmanager
def keeping_modes(model: Module) -> Iterator[None]:
    """A block after which each module of a model is in the mode that it was in."""
    modes = [(module, module.training) for module in model.modules()]
    try:
        yield
    finally:
        for module, mode in modes:
            if module.training != mode:
                module.training = mode


@contextmanager
def evaluating(model: Module) -> Iterator[None]:
    """A block in which a model is in evaluation; after it each module is in the mode it was in.

    Examples
    --------
    >>> from nn import Dropout
    >>> model = Dropout(0.5)
    >>> with evaluating(model):
    ...     model.training
    False
    >>> model.training
    True
    """
    with keeping_modes(model):
        model.eval()
        yield
