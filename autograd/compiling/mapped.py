"""`vmap`: plain scalar code of one row that is run on many."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd.compiling.compiled import Compiled
from autograd.compiling.rows import Rows, count_of
from autograd.compiling.trace import Arguments
from autograd.tracing import is_tracing


class Mapped(Compiled):
    """A function of one row that `vmap` runs on many."""

    maker = "vmap"

    def __init__(
        self,
        f: Callable[..., Any],
        over: Iterable[str],
        stacked: bool,
        static: Iterable[str],
        maxsize: int,
    ) -> None:
        super().__init__(f, static, maxsize)
        self._over = self._named("over", over)
        self._stacked = stacked

    def _names_of_rows(self, arguments: Arguments) -> list[str]:
        chosen = self._over or {
            name
            for name, x in arguments.items()
            if hasattr(x, "__len__") and not isinstance(x, str)
        }
        return [name for name in arguments if name in chosen - self._static]

    def _rows(self, arguments: Arguments) -> Rows:
        names = self._names_of_rows(arguments)
        return Rows(frozenset(names), count_of(self._name, arguments, names), self._stacked)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the program on all rows; in a trace, the function on each."""
        if not is_tracing():
            return super().__call__(*args, **kwargs)
        arguments = self._arguments(args, kwargs)
        rows = self._rows(arguments)
        return list(map(self._again, rows.each(arguments)))


def vmap(
    f: Callable[..., Any] | None = None,
    *,
    over: Sequence[str] = (),
    stacked: bool = False,
    static: Iterable[str] = (),
    maxsize: int = 64,
) -> Any:
    """A function of one row that runs on many rows at once; like ``torch.vmap``.

    `f` is traced on the first row, and the trace is repeated for all: the gradients of what they
    share, such as parameters, are summed over the rows.

    Parameters
    ----------
    f : callable
        A function of Values that gives a Value, or a tree of them.
    over : names of parameters, optional
        Those that hold rows: lists, arrays or Tensors, all of one length. If omitted, all that have
        a length.
    stacked : bool, default False
        Whether several results a row come in one Tensor, of shape ``(rows, results)``.
    static, maxsize
        As for `compile`.

    Returns
    -------
    callable
        It gives a Tensor, with one number a row, in place of each Value. Within another trace it
        gives a list, with what `f` gives for each row.

    Raises
    ------
    ValueError
        When called with no rows, or with more of one argument than of another.

    Examples
    --------
    >>> from autograd import Value
    >>> w = Value(2.0)
    >>> score = vmap(lambda x, shift: w * x + shift, over=["x"])
    >>> score([1.0, 2.0, 3.0], 1.0)
    Tensor([3., 5., 7.], op=<lambda>)
    >>> score([1.0, 2.0, 3.0], 1.0).sum().backward()
    >>> w.grad
    6.0
    >>> vmap(lambda row: [w * row[0], w * row[1]], stacked=True)([[1.0, 2.0], [3.0, 4.0]]).shape
    (2, 2)
    """
    if f is None:
        return functools.partial(vmap, over=over, stacked=stacked, static=static, maxsize=maxsize)
    return Mapped(f, over, stacked, static, maxsize)
