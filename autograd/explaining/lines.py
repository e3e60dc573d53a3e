"""What `explain` gives: lines of text, each as LaTeX, too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograd.explaining.check import Check
    from autograd.explaining.paths import Path
    from autograd.node import Node


@dataclass(frozen=True, eq=False, repr=False)
class Explanation:
    r"""A derivative, explained. Printed it is text, in a notebook mathematics.

    Attributes
    ----------
    lines : tuple of (str, str)
        Each line as text and as LaTeX.
    output : Node or None
        What is differentiated; None for an operation by itself.
    wrt : Node or None
        By what, if a node was named.
    gradient : float, ndarray or None
        The derivative, as the engine computes it.
    count : int or None
        How many paths lead from `wrt` to `output`; more than 10¹⁸ are not counted further.
    paths : tuple of Path
        The few of them that contribute most.
    check : Check or None
        The derivative by finite differences.

    Examples
    --------
    >>> import autograd
    >>> print(autograd.explain(autograd.tanh))
    out = tanh(x)
    ∂out/∂x = 1 − out²
    >>> print(autograd.explain(autograd.neg).latex())
    \begin{aligned}
    out &= -x \\
    \frac{\partial out}{\partial x} &= −1
    \end{aligned}
    """

    lines: tuple[tuple[str, str], ...]
    output: Node | None = None
    wrt: Node | None = None
    gradient: Any = None
    count: int | None = None
    paths: tuple[Path, ...] = ()
    check: Check | None = None

    def __str__(self) -> str:
        return "\n".join(text for text, _ in self.lines)

    def __repr__(self) -> str:
        return f"<Explanation: {self.lines[0][0]}>"

    def latex(self) -> str:
        """The same for mathematical mode, lines aligned at their first sign of relation."""
        relation = re.compile(r" (=|\\in|\\mathrel\{\+\}=) ")
        rows = [
            relation.sub(r" &\1 ", latex, count=1) if relation.search(latex) else f"& {latex}"
            for _, latex in self.lines
        ]
        return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/latex": f"$\\displaystyle {self.latex()}$", "text/plain": str(self)}
