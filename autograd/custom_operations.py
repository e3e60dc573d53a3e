"""Operations of the user's own: a forward function and its derivative, written once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from autograd.backward import general_pull
from autograd.op import Op, Rule, operation

Function = TypeVar("Function", bound=Callable[..., Any])


def custom(
    *,
    partials: Sequence[Rule | None] = (),
    vjps: Sequence[Rule | None] = (),
    unbounded: bool = False,
    text: str | None = None,
    latex: str | None = None,
    symbol: str | None = None,
    source: str = "the user",
) -> Callable[[Function], Function]:
    r"""Make an operation of a function and a derivative rule of your own.

    What comes back is used as a built-in is: it takes a Value, a Tensor, a float or an array, makes
    one node, and is drawn and explained by its name. It does not enter the engine's table, so its
    name may be any, also one that the table has. `gradcheck` tells whether the rule is right.

    Give the derivative in one of two forms, with one rule for each operand. A rule is plain
    arithmetic and operations of `autograd` (or ufuncs of NumPy): then it also serves for higher
    derivatives. None in place of a rule says that no gradient flows to that operand.

    Parameters
    ----------
    partials : sequence of callable
        For a function that acts on each element alone: ``∂out/∂xᵢ`` as ``rule(out, *operands)``.
        Broadcasting is taken care of.
    vjps : sequence of callable
        For any other function, of arrays: ``gᵀ · ∂out/∂xᵢ`` as
        ``rule(g, out, *operands, **settings)``, in the shape of operand i; the settings are the
        function's keyword-only arguments.
    unbounded : bool, default False
        Whether a partial can be infinite; there a gradient of zero from above stays zero.
    text, latex : str, optional
        How `explain` prints it, as format strings over its operands, such as ``"swish({0})"``.
    symbol : str, optional
        What stands for it in a picture; its name if omitted.
    source : str, optional
        Where the derivative is written down.

    Returns
    -------
    callable
        A decorator for the forward function. That is given floats where its operands are Values
        (partials only), otherwise ndarrays, and returns the same.

    Raises
    ------
    TypeError
        If the rules do not fit the function.

    Examples
    --------
    >>> import autograd
    >>> import numpy as np
    >>> @autograd.custom(partials=[lambda out, x: 3.0 * autograd.square(x)])
    ... def cube(x):
    ...     return x * x * x
    >>> autograd.grad(cube)(2.0), autograd.grad(autograd.grad(cube))(2.0)
    (12.0, 12.0)
    >>> autograd.gradcheck(cube, (np.array([1.0, 2.0]),))
    True
    >>> print(autograd.explain(cube))
    out = cube(x)
    ∂out/∂x = 3 · x²
    """

    def make(definition: Function) -> Function:
        _check(definition, partials, vjps)
        name = definition.__name__
        operands = ", ".join(f"{{{i}}}" for i in range(len(partials or vjps)))
        escaped = name.replace("_", r"\_")
        table: dict[str, Op] = {}
        function = operation(
            array=definition,
            scalar=(lambda *xs: float(definition(*xs))) if partials else None,
            partials=partials,
            vjps=vjps,
            unbounded=unbounded,
            text=text,
            latex=latex or rf"\operatorname{{{{{escaped}}}}}({operands})",
            symbol=symbol,
            source=source,
            table=table,
        )(definition)
        op = table[name]
        op.pull = op.array_pull = general_pull  # a rule may do what generated code cannot
        return function

    return make


def _check(definition: Any, partials: Sequence[Any], vjps: Sequence[Any]) -> None:
    if not hasattr(definition, "__code__"):
        raise TypeError(
            f"custom decorates a function written in Python, but was given {definition!r}"
        )
    name, written = definition.__name__, definition.__code__
    if bool(partials) == bool(vjps):
        raise TypeError(f"custom takes either partials or vjps for {name}")
    given = len(partials or vjps)
    if given != written.co_argcount:
        raise TypeError(
            f"{name} has {written.co_argcount} operands, but custom was given {given} rules; give "
            "one for each, None where no gradient flows"
        )
    if partials and written.co_kwonlyargcount:
        raise TypeError(
            f"{name} has keyword-only settings, which rules given as partials are not told; give "
            "vjps"
        )
