"""Choosing by an index that varies from call to call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from autograd.backward import general_pull
from autograd.op import Op, operation
from autograd.record import watched_value
from autograd.tensor import Tensor
from autograd.tracing import refuse
from autograd.value import Leaf, Value


class Given(Leaf):
    """What stands for a number that each call of a compiled function brings anew."""

    __slots__ = ("natural", "path", "whole")

    path: str  # how an error names it: "tokens[2]"
    whole: bool  # whether it is an integer, and so may be an index
    natural: bool  # whether it must not be below 0

    @classmethod
    def of(cls, number: float, path: str, whole: bool) -> Self:
        """Make one for a number that was found somewhere among the arguments."""
        leaf = cls(number)
        leaf.path, leaf.whole, leaf.natural = path, whole, False
        return leaf

    def __index__(self) -> int:
        refuse(f"a plain index, or a count, by {self.path}", "an integer that differs")
        return int(self._data)


Given.__name__ = "Value"


def pick(rows: Any, index: Any, *, negative: bool = True) -> Any:
    """``rows[index]``, also for an index that a compiled function is given.

    In eager code it is plain indexing. In a function that `autograd.compile` or `autograd.vmap`
    traces, an integer argument is different in each call: `pick` is how it chooses.

    Parameters
    ----------
    rows : sequence
        Values, or sequences of them all of one length; or a Tensor.
    index : int
        From ``-len(rows)`` to ``len(rows) - 1``, as Python counts.
    negative : bool, default True
        Whether it may be below 0 and so count from the end; a class or a token may not.

    Returns
    -------
    Value, list of Value, or Tensor
        The element, or the row. The gradient of what was picked flows back to it alone; in a
        compiled function the others get 0.0, as the rows of ``torch.nn.Embedding`` do.

    Raises
    ------
    IndexError
        If there is no such row; in a compiled function, at the call that asks for it.

    Examples
    --------
    >>> import autograd
    >>> embedding = [[Value(0.1), Value(0.2)], [Value(0.3), Value(0.4)]]
    >>> [v.data for v in autograd.pick(embedding, 1)]
    [0.3, 0.4]
    """
    if not isinstance(index, Given):
        if isinstance(index, Value):
            raise TypeError(
                f"pick() takes an integer that the compiled function was given, but {index!r} was "
                "computed from one; compute the index before the call"
            )
        if not hasattr(rows, "__getitem__") or isinstance(rows, (str, dict)):
            raise TypeError(f"pick() takes rows to pick from, but was given {rows!r}")
        if not negative and index < 0:
            raise out_of_bounds("the index", index, len(rows))
        return rows[index]
    index.natural = index.natural or not negative
    if index.natural and index._data < 0:
        raise out_of_bounds(index.path, int(index._data), len(rows))
    if not index.whole:
        raise TypeError(f"pick() takes an integer, but {index.path} is given as a float")
    rows = [list(row) if isinstance(row, Tensor) and row.shape else row for row in rows]
    if not rows:
        raise IndexError("pick() was given nothing to pick from")
    if not isinstance(rows[0], Sequence):
        if any(isinstance(row, Tensor) for row in rows):
            raise TypeError(
                f"pick() from a Tensor takes an array of integers, but {index.path} is a single one"
            )
        return _picked(rows, index)
    lengths = {len(row) for row in rows}
    if len(lengths) > 1:
        raise ValueError(f"pick() takes rows of one length, but was given {sorted(lengths)}")
    return [pick(column, index) for column in zip(*rows, strict=True)]


def _picked(choices: Sequence[Any], index: Given) -> Value:
    try:
        data = float(choices[int(index._data)]._data)
    except AttributeError:
        choices = [x if isinstance(x, Value) else Value(x) for x in choices]
        data = choices[int(index._data)]._data
    except IndexError:
        raise out_of_bounds(index.path, int(index._data), len(choices)) from None
    return watched_value(data, PICK, (index, *choices))


def out_of_bounds(path: str, index: int, count: int) -> IndexError:
    """The error for an index that picks nothing."""
    return IndexError(f"pick(): {path} is {index}, but there are {count} to pick from")


def _operation() -> Op:
    table: dict[str, Op] = {}

    def pick(*operands: Any) -> Any:
        """One of several Values."""

    def back(i: int, g: Any, _: Any, operands: Any) -> Any:
        index, *choices = operands
        if i - 1 == int(float(index)) % len(choices):
            return g
        return 0.0 * g if isinstance(g, Value) else 0.0  # and not 0 · ∞

    operation(
        scalar=lambda index, *choices: choices[int(index)],
        array=lambda index, *choices: np.asarray(choices)[int(index)],
        vjps=[back],
        variadic=True,
        table=table,
        source="the picked one is the result",
    )(pick)
    op = table["pick"]
    op.direct, op.pull = False, general_pull
    return op


PICK = _operation()
