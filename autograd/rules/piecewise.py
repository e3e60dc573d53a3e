"""Comparing, choosing, and what bends.

A comparison is 1 where it holds and 0 where it does not; its derivative is 0. Rules multiply by
no such mask but choose with `where`, so that an infinite gradient does not meet a zero.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.op import Rule, operation
from autograd.rules.arithmetic import CALCULUS, FLAT

APART = [[(-2.0, -0.3), (0.3, 2.0)], [(0.3, 2.0), (-2.0, -0.3)]]
OFF_ZERO = [[(-2.0, -0.3)], [(0.3, 2.0)]]
ZERO: list[Rule] = [lambda out, *operands: 0.0, lambda out, *operands: 0.0]


@operation(
    scalar=lambda x, y: float(x > y),
    array=np.greater,
    partials=ZERO,
    comparison=True,
    text="[{0:1} > {1:1}]",
    latex="[{0:1} > {1:1}]",
    code="({0:1} > {1:1})",
    symbol=">",
    domain=APART,
    source=FLAT,
)
def gt(x: Any, y: Any) -> Any:
    """Whether ``x > y``. As ``torch.gt``.

    Examples
    --------
    >>> gt(2.0, 1.0)
    1.0
    """


@operation(
    scalar=lambda x, y: float(x >= y),
    array=np.greater_equal,
    partials=ZERO,
    comparison=True,
    text="[{0:1} ≥ {1:1}]",
    latex=r"[{0:1} \ge {1:1}]",
    code="({0:1} >= {1:1})",
    symbol="≥",
    domain=APART,
    source=FLAT,
)
def ge(x: Any, y: Any) -> Any:
    """Whether ``x >= y``. As ``torch.ge``.

    Examples
    --------
    >>> ge(2.0, 2.0)
    1.0
    """


@operation(
    scalar=lambda x, y: float(x < y),
    array=np.less,
    partials=ZERO,
    comparison=True,
    text="[{0:1} < {1:1}]",
    latex="[{0:1} < {1:1}]",
    code="({0:1} < {1:1})",
    symbol="<",
    domain=APART,
    source=FLAT,
)
def lt(x: Any, y: Any) -> Any:
    """Whether ``x < y``. As ``torch.lt``.

    Examples
    --------
    >>> lt(2.0, 1.0)
    0.0
    """


@operation(
    scalar=lambda x, y: float(x <= y),
    array=np.less_equal,
    partials=ZERO,
    comparison=True,
    text="[{0:1} ≤ {1:1}]",
    latex=r"[{0:1} \le {1:1}]",
    code="({0:1} <= {1:1})",
    symbol="≤",
    domain=APART,
    source=FLAT,
)
def le(x: Any, y: Any) -> Any:
    """Whether ``x <= y``. As ``torch.le``.

    Examples
    --------
    >>> le(2.0, 2.0)
    1.0
    """


@operation(
    scalar=lambda x, y: float(x == y),
    array=np.equal,
    partials=ZERO,
    comparison=True,
    symmetric=True,
    text="[{0:1} = {1:1}]",
    latex="[{0:1} = {1:1}]",
    code="({0:1} == {1:1})",
    symbol="=",
    domain=APART,
    source=FLAT,
)
def eq(x: Any, y: Any) -> Any:
    """Whether ``x == y``. As ``torch.eq``.

    Examples
    --------
    >>> eq(2.0, 2.0)
    1.0
    """


@operation(
    scalar=lambda x, y: float(x != y),
    array=np.not_equal,
    partials=ZERO,
    comparison=True,
    symmetric=True,
    text="[{0:1} ≠ {1:1}]",
    latex=r"[{0:1} \ne {1:1}]",
    code="({0:1} != {1:1})",
    symbol="≠",
    domain=APART,
    source=FLAT,
)
def ne(x: Any, y: Any) -> Any:
    """Whether ``x != y``. As ``torch.ne``.

    Examples
    --------
    >>> ne(2.0, 2.0)
    0.0
    """


BITS = {np.dtype(np.float32): np.int32, np.dtype(np.float64): np.int64}


def _where_array(condition: Any, x: Any, y: Any) -> NDArray[Any]:
    condition = np.asarray(condition, dtype=bool)
    if x.__class__ is float:
        condition, x, y = ~condition, y, x
    bits = BITS.get(getattr(x, "dtype", None))
    if bits and y.__class__ is float and y == 0.0 and condition.shape == x.shape != ():
        # What `relu` and others need in every backward pass: a number or nothing. Its bits, times 1
        # or 0: three times as fast as `np.where`, which branches at each element.
        return np.multiply(x.view(bits), condition).view(x.dtype)
    return np.where(condition, x, y)


@operation(
    scalar=lambda condition, x, y: x if condition else y,
    array=_where_array,
    vjps=[
        None,
        lambda g, out, condition, x, y: where(condition, g, 0.0),
        lambda g, out, condition, x, y: where(condition, 0.0, g),
    ],
    selects=True,
    code="({1} if {0} else {2})",
    domain=[[(1.0, 1.0), (-2.0, 2.0), (-2.0, 2.0)], [(0.0, 0.0), (-2.0, 2.0), (-2.0, 2.0)]],
    source="PyTorch, torch.where; no gradient reaches the condition",
)
def where(condition: Any, x: Any, y: Any) -> Any:
    """`x` where the condition holds and `y` where it does not.

    Only the branch taken gets a gradient; an infinity or NaN in the other does not leak into it.

    Examples
    --------
    >>> where(2.0 > 1.0, 10.0, 20.0)
    10.0
    """


def _maximum(x: float, y: float) -> float:
    return x if x >= y or x != x else y


def _minimum(x: float, y: float) -> float:
    return x if x <= y or x != x else y


@operation(
    scalar=_maximum,
    array=np.maximum,
    vjps=[
        lambda g, out, x, y: where(lt(x, y), 0.0, where(eq(x, y), 0.5 * g, g)),
        lambda g, out, x, y: where(lt(y, x), 0.0, where(eq(x, y), 0.5 * g, g)),
    ],
    selects=True,
    symmetric=True,
    text="max({0}, {1})",
    latex=r"\max({0}, {1})",
    symbol="max",
    domain=APART,
    source="PyTorch, torch.maximum: a tie gives half the gradient to each",
)
def maximum(x: Any, y: Any) -> Any:
    """The larger of two, element by element; NaN if either is. A tie shares the gradient.

    As ``torch.maximum``.

    Examples
    --------
    >>> maximum(2.0, 3.0)
    3.0
    """


@operation(
    scalar=_minimum,
    array=np.minimum,
    vjps=[
        lambda g, out, x, y: where(gt(x, y), 0.0, where(eq(x, y), 0.5 * g, g)),
        lambda g, out, x, y: where(gt(y, x), 0.0, where(eq(x, y), 0.5 * g, g)),
    ],
    selects=True,
    symmetric=True,
    text="min({0}, {1})",
    latex=r"\min({0}, {1})",
    symbol="min",
    domain=APART,
    source="PyTorch, torch.minimum: a tie gives half the gradient to each",
)
def minimum(x: Any, y: Any) -> Any:
    """The smaller of two, element by element; NaN if either is. A tie shares the gradient.

    As ``torch.minimum``.

    Examples
    --------
    >>> minimum(2.0, 3.0)
    2.0
    """


@operation(
    scalar=lambda x, low, high: _minimum(_maximum(x, low), high),
    array=lambda x, low, high: np.minimum(np.maximum(x, low), high),
    vjps=[
        lambda g, out, x, low, high: where(ge(x, low) * le(x, high), g, 0.0),
        # Where the bounds are equal PyTorch gives the lower one nothing; infinity is no bound.
        lambda g, out, x, low, high: where(
            lt(x, low) * (lt(low, high) + eq(high, math.inf)), g, 0.0
        ),
        lambda g, out, x, low, high: where(gt(x, high) + gt(low, high), g, 0.0),
    ],
    domain=[
        [(-0.4, 0.4), (-2.0, -0.6), (0.6, 2.0)],
        [(-3.0, -2.2), (-2.0, -0.6), (0.6, 2.0)],
        [(2.2, 3.0), (-2.0, -0.6), (0.6, 2.0)],
    ],
    selects=True,
    source="PyTorch 2.13, torch.clamp: on a bound the gradient still reaches x",
)
def clip(x: Any, min: Any = -math.inf, max: Any = math.inf) -> Any:
    """`x` kept between two bounds; if ``min > max`` it is `max`, as in NumPy and PyTorch.

    Examples
    --------
    >>> clip(5.0, 0.0, 1.0)
    1.0
    """


@operation(
    scalar=lambda x: 0.0 if x <= 0.0 else x,
    array=lambda x, out=None: np.maximum(x, 0, out=out),
    vjps=[lambda g, out, x: where(ne(out, 0.0), g, 0.0)],  # NaN is not 0: it goes on
    symbol="relu",
    domain=OFF_ZERO,
    source="Nair & Hinton 2010; subgradient 0 at 0, as in PyTorch",
)
def relu(x: Any) -> Any:
    """``max(x, 0)``; its derivative at 0 is taken as 0. As ``torch.relu``.

    Examples
    --------
    >>> relu(-2.0), relu(3.0)
    (0.0, 3.0)
    """


@operation(
    scalar=lambda x, values: values if x == 0.0 else x if x != x else float(x > 0.0),
    array=np.heaviside,
    partials=[lambda out, x, values: 0.0, lambda out, x, values: eq(x, 0.0)],
    domain=APART,
    source="McCulloch & Pitts 1943; PyTorch, torch.heaviside, which has no derivative there",
)
def heaviside(x: Any, values: Any = 1.0) -> Any:
    """Heaviside's step: 0 below 0, 1 above, and `values` where x is 0; its slope is 0.

    As ``torch.heaviside``, where `values` has no default; a NaN stays one, as in NumPy.

    Examples
    --------
    >>> heaviside(-0.1), heaviside(0.0), heaviside(0.0, 0.5)
    (0.0, 1.0, 0.5)
    """


@operation(
    scalar=float,
    array=lambda x: x,
    partials=[None],
    source="PyTorch, Tensor.detach",
)
def detach(x: Any) -> Any:
    """`x` as a constant: the same number, through which no gradient flows.

    Examples
    --------
    >>> from autograd import Value
    >>> w = Value(3.0)
    >>> (w * w.detach()).backward()
    >>> w.grad
    3.0
    """


@operation(
    scalar=float,
    array=lambda x: x,
    partials=[lambda out, x: 1.0],
    text="{0}",
    latex="{0}",
    code="{0}",
    symbol="=",
    source=CALCULUS,
    public=False,
)
def alias(x: Any) -> Any:
    """`x` under another identity, so that nested derivatives do not take one for the other.

    Examples
    --------
    >>> alias(2.0)
    2.0
    """
