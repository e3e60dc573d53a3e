"""Modules of scalar code, which compute one sample at a time, called on many at once."""

from __future__ import annotations

import copy
from itertools import chain
from typing import Any

import numpy as np

import autograd
from autograd import Node
from nn.module import NOTHING, Found, Module

ROWS = 128  # at once: more of them take as long each, and longer to build
PROGRAMS = 8  # that a module keeps, each for one number of rows


class SampleModule(Module):
    """A module whose `forward` takes one sample; called on a table, it takes a sample a row.

    Its scalar code is traced on one row and run on all by `autograd.vmap`. The result is a Tensor
    of shape ``(rows, nout)``, or ``(rows,)`` if a sample gives one Value.
    """

    @property
    def nin(self) -> int:
        """How many numbers a sample has."""
        raise NotImplementedError(f"{type(self).__name__} has no nin; say how many inputs it takes")

    def __call__(self, x: Any) -> Any:
        """The result for one sample, or for each row of a table."""
        if not is_table(x):
            return super().__call__(x)
        rows = self._rows(x)
        if autograd.is_tracing():  # and so compiled anyway
            return _stacked([self(row) for row in rows])
        program = self._program_of_rows()
        parts = [program(rows[i : i + ROWS]) for i in range(0, len(rows), ROWS)]
        return parts[0] if len(parts) == 1 else autograd.cat(parts)

    def _rows(self, x: Any) -> Any:
        """A table of the right shape: an array, or rows with nodes among their numbers."""
        if isinstance(x, (list, tuple)):
            for i, row in enumerate(x):
                self._check(f"x[{i}]", _shape(row), (self.nin,))
            if any(issubclass(kind, Node) for kind in set(map(type, chain.from_iterable(x)))):
                return x
        if not isinstance(x, Node):
            x = np.asarray(x)
            if x.dtype.kind not in "biuf":
                raise TypeError(f"{self!r} takes real numbers, but x is of dtype {x.dtype}")
            x = x.astype(float, copy=False)
        self._check("x", x.shape, (max(len(x), 1), self.nin))
        return x

    def _check(self, name: str, shape: tuple[int, ...], expected: tuple[int, ...]) -> None:
        if shape != expected:
            raise ValueError(
                f"{self!r} takes {self.nin} inputs, or rows of them, but {name} has shape {shape}"
            )

    def _program_of_rows(self) -> Any:
        """The module as a function of many rows, which compiles it for each number of them."""
        state = self.compile_state()
        kept: tuple[Found, ...] = self.__dict__.get("_rows_of", NOTHING).what
        known = [each for each in kept if each.state == state]
        if not known:
            twin = copy.copy(self)  # so that no program refers to the module that keeps it

            def forward(x: Any) -> Any:
                return twin(x)

            forward.__name__ = type(self).__name__
            known = [Found(state, autograd.vmap(forward, stacked=True, maxsize=PROGRAMS))]
            # The last two: those for training and for evaluation.
            self.__dict__["_rows_of"] = Found(state, (*known, *kept[:1]))
        return known[0].what


def _stacked(rows: list[Any]) -> Any:
    """What each row gives, Values or lists of them, as one Tensor."""
    if not isinstance(rows[0], list):
        return autograd.stack(rows)
    return autograd.stack(list(chain.from_iterable(rows))).reshape(len(rows), -1)


def is_table(x: Any) -> bool:
    """Whether it holds rows, rather than the numbers of one sample."""
    return len(_shape(x)) > 1


def _shape(x: Any) -> tuple[int, ...]:
    """The shape of an array, of a node, or of lists, by the first of what they hold."""
    if isinstance(x, (list, tuple)):
        return (len(x), *(_shape(x[0]) if x else ()))
    shape: tuple[int, ...] = getattr(x, "shape", ())
    return shape
