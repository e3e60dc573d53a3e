"""Rows of texts, written below one another in columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], left: int = 2) -> Iterator[str]:
    """The lines of a table; the first `left` columns are flush left, the others flush right.

    Examples
    --------
    >>> print(*table(("name", "size"), [("a", "10")], left=1), sep="|")
    name  size|a       10
    """
    lines = [heads, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = [
            cell.ljust(wide) if i < left else cell.rjust(wide)
            for i, (cell, wide) in enumerate(zip(line, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()
