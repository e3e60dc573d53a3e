"""Where a NaN or an infinity comes from."""

from __future__ import annotations

import contextlib
import linecache
from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np

from autograd.lines import user_line
from autograd.modes import Observer
from autograd.node import Node, plain


class detect_anomaly(Observer):  # noqa: N801 - PyTorch's name
    """A block that raises the first NaN or infinity at its birth, forward or backward.

    The error says which operation, on which of the user's numbers, and in which line of the user's
    code; so do those that Python raises by itself, as for the logarithm of a negative Value. An
    infinity that was put in (a mask's ``-inf``, say) may pass through; a NaN may not, and neither
    may one in a gradient. Outside the block it costs nothing; inside, an operation takes several
    times as long. It watches this thread only. NumPy's warnings are silent inside, for the error
    says more. As ``torch.autograd.detect_anomaly``.

    Raises
    ------
    FloatingPointError
        By the operation, or by `backward`, `gradient` or a transform, inside the block.
    ValueError, ZeroDivisionError, OverflowError
        Where Python's floats have no result, as outside the block.

    Examples
    --------
    >>> from autograd import Tensor, detect_anomaly
    >>> x = Tensor([1.0, -1.0], requires_grad=True, name="x")
    >>> with detect_anomaly():
    ...     y = x.log()
    Traceback (most recent call last):
    FloatingPointError: log made nan at [1] of x=[ 1., -1.], computed at ...:2: `y = x.log()`
    """

    def __init__(self) -> None:
        # Node's identity -> the user's file and line. Only while the block is open, so that no node
        # needs room for it; a node made later at the same place in memory overwrites it.
        self._lines: dict[int, tuple[str, int]] = {}
        self._settings = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self._settings.enter_context(np.errstate(all="ignore"))
        return super().__enter__()

    def __exit__(self, *exception: object) -> None:
        super().__exit__(*exception)
        self._settings.close()
        self._lines.clear()

    def made(self, node: Any, op: Any, operands: Sequence[Any]) -> None:
        """See that what was computed is finite, and remember where that was."""
        self._lines[id(node)] = user_line()
        bad = _born(node._data, list(map(plain, operands)))
        if bad is not None:
            raise FloatingPointError(
                f"{op.name} made {_first(node._data, bad)} of {_shown(op, operands)}"
                f"{self.where(node)}"
            )

    def pulled(self, node: Any, gradient: Callable[[Any], Any]) -> None:
        """See that the gradients of a node's operands are finite."""
        for operand, name in zip(node.operands, node.op.letters(node.operands), strict=True):
            found = gradient(operand) if isinstance(operand, Node) else None
            found = plain(found)
            bad = None if found is None else ~np.isfinite(found)
            if bad is not None and np.any(bad):
                raise FloatingPointError(
                    f"the gradient of {operand.name or name} became {_first(found, bad)}, with "
                    f"{_shown(node.op, node.operands)}"
                )

    def copied(self, node: Any, copy: Any) -> None:
        """Remember where what is copied was computed."""
        self._lines.pop(id(copy), None)  # of a node that was there before
        if id(node) in self._lines:
            self._lines[id(copy)] = self._lines[id(node)]

    def where(self, node: Any) -> str:
        """The line of the user's code that computed a node."""
        return _at(*self._lines[id(node)]) if id(node) in self._lines else ""

    def here(self) -> str:
        """The line of the user's code that is computing."""
        return _at(*user_line())


def _at(file: str, number: int) -> str:
    text = linecache.getline(file, number).strip()
    in_cell = "ipykernel_" in file  # a file that is not there
    place = f"in line {number} of a cell" if in_cell else f"at {file}:{number}"
    return f", computed {place}" + (f": `{text}`" if text else "")


def _born(data: Any, operands: list[Any]) -> Any:
    """Where a result is NaN, or infinite though no operand is; None if nowhere."""
    if np.asarray(data).dtype.kind != "f":
        return None
    bad = ~np.isfinite(data)
    if not np.any(bad):
        return None
    if any(np.any(np.isinf(x)) for x in operands):
        bad = np.isnan(data)  # the infinity was there before; a NaN made of it was not
    return bad if np.any(bad) else None


def _first(data: Any, bad: Any) -> str:
    """The first bad number, and where it stands: ``nan at [1]``."""
    if not np.ndim(data):
        return f"{float(data)}"
    at = tuple(int(i) for i in np.argwhere(bad)[0])
    return f"{data[at]} at [{', '.join(map(str, at))}]"


def _shown(op: Any, operands: Sequence[Any]) -> str:
    """The operands by name, with their numbers: the first and the last of a long array."""
    shown = []
    for x, letter in zip(operands, op.letters(operands), strict=True):
        text = np.array2string(
            np.asarray(plain(x)), separator=", ", threshold=12, edgeitems=2, max_line_width=10**6
        )
        shown.append(f"{getattr(x, 'name', None) or letter}={' '.join(text.split())}")
    return ", ".join(shown)
