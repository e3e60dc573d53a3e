"""One number that remembers how it was computed."""

from __future__ import annotations

import copy
import functools
import operator
from collections.abc import Callable
from numbers import Real
from typing import Any, Self

import numpy as np

from autograd import rules
from autograd.methods import Elementwise
from autograd.modes import Moment, scope, state, tick
from autograd.node import Node
from autograd.op import TABLE, Op
from autograd.tracing import is_tracing, refuse

COMPARISONS = {op.array for op in TABLE.values() if op.comparison}

NEVER = float("0")
"""The gradient of a Value that never got one: it reads 0.0, and `is NEVER` tells it apart."""


def _comparison(rule: Callable[..., Any], compare: Callable[[Any, Any], Any]) -> Any:
    """The method for an operator that compares: it looks at the numbers.

    In a trace, which may not look, it makes a node of 1 or 0, as `autograd.gt` and its like do.
    """

    def method(self: Value, other: Any) -> Any:
        if state.tracing and is_tracing():
            return rule(self, other)
        return compare(self._data, other._data if isinstance(other, Value) else other)

    return functools.update_wrapper(method, compare, ("__name__", "__doc__"))


class Value(Elementwise, Node):
    """A float that remembers how it was computed, and learns how it matters.

    ``Value(2.0)`` makes a leaf: a number that you chose. What is computed from it is a Value too,
    with the operation that made it and the operands that it was made from.

    Parameters
    ----------
    data : number
        Any real number: a float, an int, a bool or a NumPy scalar.
    name : str, optional
        What to call it in pictures, explanations and errors.
    requires_grad : bool, default True
        Whether `backward` should leave a gradient here.

    Raises
    ------
    TypeError
        If `data` is not a real number.

    Examples
    --------
    >>> a = Value(2.0, name="a")
    >>> b = Value(-3.0, name="b")
    >>> c = a * b + b ** 2
    >>> c
    Value(3.0, op=add)
    >>> c.backward()
    >>> a.grad, b.grad
    (-3.0, -4.0)
    """

    # Its operations are those of `Node`, from the table; `autograd.scalar` puts quicker ones in
    # their place. Slots, because a graph has millions of these; operands in slots of their own,
    # because a tuple would cost as much as the node. A node that was computed is of this very
    # class; a leaf is a `Leaf`, which has room for more.
    __slots__ = ("_a", "_b", "_c", "_data", "_made", "_name", "grad", "op")

    _data: float  # the number
    grad: float
    op: Op | None
    _a: Any  # the operands: each a Value, or a plain float; _c is a tuple of all further ones if
    # there are more than three. Where there may be any number, _a is a sequence of all, and _c the
    # params: of the others no operation on floats has any.
    _b: Any
    _c: Any
    _made: Moment | scope
    _name: str | None

    _rank = 1
    _requires_grad = True  # the same as `requires_grad`, and quicker to read
    shape = ()

    def __init_subclass__(cls) -> None:
        """See that what users derive is a leaf."""
        if cls.__base__ is Value and cls.__module__ != __name__:
            raise TypeError(f"{cls.__name__}: derive from autograd.Leaf; Value is what it computes")

    def __new__(cls, data: Any, name: str | None = None, *, requires_grad: bool = True) -> Self:
        """Make a leaf."""
        node: Any = object.__new__(Leaf if cls is Value else cls)
        node._data = as_float(data)
        node.grad = NEVER
        node.op = None
        node._made = state.now
        node._met = node._changed = 0
        node.name = name
        node.requires_grad = requires_grad
        return node

    @property
    def data(self) -> float:
        """The number. It may be assigned on a leaf only."""
        if state.tracing:
            refuse(".data")
        return self._data

    @data.setter
    def data(self, data: Any) -> None:
        if self.op is not None:
            raise AttributeError(
                f"the data of {self!r} cannot be assigned: it was computed by {self.op.name}, and "
                "its gradient would no longer fit; assign to the leaves it was computed from"
            )
        if state.tracing:
            refuse("assigning .data")
        number = as_float(data)
        # First: interrupted here, a change is noticed that was none.
        self._changed = tick()  # type: ignore[misc] # only a Leaf comes this far
        self._data = number

    @property
    def operands(self) -> tuple[Any, ...]:
        """What it was made from, in order: Values and plain floats."""
        if self.op is None:
            return ()
        if self.op.variadic:
            return tuple(self._a)
        if self.op.arity == 1:
            return (self._a,)
        if self.op.arity == 2:
            return (self._a, self._b)
        return (self._a, self._b, *(self._c if self.op.arity > 3 else (self._c,)))

    @property
    def params(self) -> dict[str, Any]:
        """What else the operation was told."""
        has_params = self.op is not None and (self.op.variadic or self.op.scalar is None)
        return self._c if has_params else {}

    @property
    def name(self) -> str | None:
        """What the user calls it."""
        return getattr(self, "_name", None)

    @name.setter
    def name(self, name: str | None) -> None:
        self._name = name

    @property
    def requires_grad(self) -> bool:
        """Whether a gradient is wanted here, or further back: what is computed says yes."""
        return True

    @property
    def has_grad(self) -> bool:
        """Whether `grad` was ever computed; until then it reads 0.0."""
        return self.grad is not NEVER and self.grad is not None

    def zero_grad(self) -> None:
        """Forget the gradient: it reads 0.0 again."""
        self.grad = NEVER

    def item(self) -> float:
        """The number, without its past."""
        if state.tracing:
            refuse("item()")
        return self._data

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *operands: Any, **options: Any) -> Any:
        # `np.float64(1) < v` looks at the data, as `1.0 < v` does.
        if ufunc in COMPARISONS and not (state.tracing and is_tracing()):
            data: Any = [x._data if isinstance(x, Value) else x for x in operands]
            return ufunc(*data, **options)
        return super().__array_ufunc__(ufunc, method, *operands, **options)

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise TypeError(
            f"{self!r} does not become an array by itself, for the array would not remember how it "
            "was computed; make a Tensor of a list of Values with autograd.stack, or take the "
            "number, `.data`, to leave the graph"
        )

    def __float__(self) -> float:
        if state.tracing:
            refuse("float()")
        return self._data

    def __int__(self) -> int:
        return int(float(self))

    def __round__(self, digits: int | None = None) -> Any:  # a number to read, as float(v) is
        return round(float(self), digits)

    def __bool__(self) -> bool:
        if state.tracing:
            refuse("a decision")
        return self._data != 0.0

    def __format__(self, spec: str) -> str:
        return format(self._data, spec) if spec else repr(self)

    __eq__ = _comparison(rules.eq, operator.eq)
    __ne__ = _comparison(rules.ne, operator.ne)
    __lt__ = _comparison(rules.lt, operator.lt)
    __le__ = _comparison(rules.le, operator.le)
    __gt__ = _comparison(rules.gt, operator.gt)
    __ge__ = _comparison(rules.ge, operator.ge)

    __hash__ = Node.__hash__

    def __repr__(self) -> str:
        name = f", name={self.name!r}" if self.name else ""
        op = f", op={self.op}" if self.op else ""
        grad = f", grad={self.grad!r}" if self.has_grad else ""
        return f"Value({self._data!r}{name}{op}{grad})"

    def _copy(self, operands: tuple[Any, ...], memo: dict[int, Any]) -> Self:
        assert self.op is not None
        node = made(self._data, self.op, operands)
        if self.op.variadic:
            node._c = copy.deepcopy(self._c, memo)
        node._made = self._made
        node.name = self.name
        node.grad = self.grad
        return node  # type: ignore[return-value]


class Leaf(Value):
    """A Value that you made, rather than computed; ``Value(2.0)`` is one.

    It may be given attributes of your own, such as an optimiser's momentum, and it can be pickled.

    Examples
    --------
    >>> w = Value(0.5)
    >>> w.momentum = 0.0
    >>> w.data = 0.25
    >>> w
    Value(0.25)
    """

    __slots__ = ("__dict__", "__weakref__", "_changed", "_met", "requires_grad")

    _changed: int  # when its data was last assigned
    _met: int  # when a pass last came upon it
    requires_grad: bool

    @property
    def _requires_grad(self) -> bool:  # type: ignore[override]
        return self.requires_grad

    def _copy(self, operands: tuple[Any, ...], memo: dict[int, Any]) -> Self:
        node = object.__new__(type(self))
        memo[id(self)] = node  # before its attributes, which may lead back here
        node.__setstate__(copy.deepcopy(self._kept(), memo))
        node._changed = self._changed
        return node

    def __setstate__(self, kept: dict[str, Any]) -> None:
        self._data = kept.pop("data")
        self.grad = kept.pop("grad", NEVER)
        self.op = None
        self._made = state.now
        self._met = self._changed = 0
        for name, value in kept.items():
            setattr(self, name, value)


Leaf.__name__ = "Value"  # what users wrote, and so what Python's own messages should say

new = object.__new__


def made(data: float, op: Op, operands: tuple[Any, ...]) -> Value:
    """Make the node of a number that was computed."""
    node: Value = new(Value)
    node._data = data
    node.op = op
    node.grad = NEVER
    node._made = state.now
    if op.variadic:
        node._a, node._b, node._c = operands, None, {}
        return node
    node._a = operands[0]
    node._b = operands[1] if len(operands) > 1 else None
    if len(operands) > 2:
        node._c = operands[2] if len(operands) == 3 else operands[2:]
    return node


def constant(data: float) -> Value:
    """Make the node of a number that was computed inside `no_grad`: a leaf without a past."""
    node: Leaf = new(Leaf)
    node._data = data
    node.op = None
    node.grad = NEVER
    node._made = state.now
    node._met = node._changed = 0
    node.requires_grad = False
    return node


def as_float(data: Any) -> float:
    """`data` as a float; an error that says what was given if it is not one real number."""
    if isinstance(data, (Real, np.bool_)):
        return float(data)
    hint = ""
    if isinstance(data, Node):
        hint = "; it is one already: use it as it is, or `.detach()` for a copy without its past"
    elif isinstance(data, (list, tuple, np.ndarray)):
        hint = "; for an array use Tensor, for a list of Values [Value(x) for x in ...]"
    elif isinstance(data, str):
        hint = "; convert it with float(...)"
    kind = "" if isinstance(data, Node) else f" of type {type(data).__name__}"
    raise TypeError(f"a Value holds one real number, but was given {data!r}{kind}{hint}")
