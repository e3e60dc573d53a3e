"""What a Value and a Tensor have in common: a place in the graph."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from autograd.complaints import broadcasting
from autograd.modes import Moment, is_recording, observers, scope, state
from autograd.op import TABLE, Op, apply
from autograd.operators import Operators
from autograd.rules import where
from autograd.tracing import Hidden, Varying, is_tracing, refusal

if TYPE_CHECKING:
    from autograd.drawing import Drawing
    from autograd.drawing.page import Stepper
    from autograd.explaining import Explanation
    from autograd.stepping import Step

UFUNCS = {op.array: op for op in TABLE.values() if op.scalar and isinstance(op.array, np.ufunc)}
"""NumPy's name for an operation on each element -> the operation."""


class Node(Operators):
    """A number or an array that remembers how it was computed.

    A node refers to its operands and to nothing else, so a graph has no reference cycles and is
    freed the moment its last result is dropped.

    Attributes
    ----------
    data : float or ndarray
        What was computed. It may be assigned on a leaf; on any other node it is read-only.
    grad : float, ndarray or None
        The gradient: set by `backward` on what was computed, added up on leaves.
    op : Op or None
        The operation that made it; None for a leaf.
    operands : tuple
        What it was made from, in order and with multiplicity: nodes, and plain numbers or arrays.
    parents : tuple of Node
        Those of the operands that are nodes.
    params : dict
        What else the operation was told, such as the axes of a sum.
    name : str or None
        What the user calls it.
    requires_grad : bool
        Whether a gradient is wanted here, or further back.
    """

    __slots__ = ()

    # How nodes are made stands in `autograd.record`, which knows the types; it puts itself here.
    _apply: Callable[[Op, tuple[Any, ...], dict[str, Any]], Any]
    _rank: int
    # So does `autograd.backward`, which knows all kinds of node.
    _backward: ClassVar[Callable[[Any, Any], None]]

    if TYPE_CHECKING:  # what Value and Tensor store

        @property
        def data(self) -> Any: ...

        _data: Any
        grad: Any
        op: Op | None
        name: str | None

        @property
        def operands(self) -> tuple[Any, ...]: ...
        @property
        def params(self) -> dict[str, Any]: ...
        @property
        def requires_grad(self) -> bool: ...

        _made: Moment | scope
        _changed: int  # only of a leaf

        @property
        def has_grad(self) -> bool: ...
        @property
        def shape(self) -> tuple[int, ...]: ...
        def zero_grad(self) -> None: ...
        def item(self) -> float: ...
        def _copy(self, operands: tuple[Any, ...], memo: dict[int, Any]) -> Self: ...
        def __setstate__(self, kept: dict[str, Any]) -> None: ...

        # The methods that the table gives them, one for each operation.
        def exp(self) -> Self: ...
        def expm1(self) -> Self: ...
        def log(self) -> Self: ...
        def log1p(self) -> Self: ...
        def exp2(self) -> Self: ...
        def log2(self) -> Self: ...
        def log10(self) -> Self: ...
        def rsqrt(self) -> Self: ...
        def reciprocal(self) -> Self: ...
        def sqrt(self) -> Self: ...
        def square(self) -> Self: ...
        def abs(self) -> Self: ...
        def sign(self) -> Self: ...
        def neg(self) -> Self: ...
        def sin(self) -> Self: ...
        def cos(self) -> Self: ...
        def tan(self) -> Self: ...
        def asin(self) -> Self: ...
        def acos(self) -> Self: ...
        def atan(self) -> Self: ...
        def sinh(self) -> Self: ...
        def cosh(self) -> Self: ...
        def tanh(self) -> Self: ...
        def asinh(self) -> Self: ...
        def acosh(self) -> Self: ...
        def atanh(self) -> Self: ...
        def floor(self) -> Self: ...
        def ceil(self) -> Self: ...
        def trunc(self) -> Self: ...
        def logical_and(self, other: Any) -> Self: ...
        def logical_or(self, other: Any) -> Self: ...
        def logical_xor(self, other: Any) -> Self: ...
        def logical_not(self) -> Self: ...
        def round(self, decimals: Any = 0) -> Self: ...
        def sigmoid(self) -> Self: ...
        def softplus(self) -> Self: ...
        def erf(self) -> Self: ...
        def relu(self) -> Self: ...
        def heaviside(self, values: Any = 1.0) -> Self: ...
        def detach(self) -> Self: ...
        def mul(self, other: Any) -> Self: ...
        def pow(self, exponent: Any) -> Self: ...
        def atan2(self, other: Any) -> Self: ...
        def maximum(self, other: Any) -> Self: ...
        def minimum(self, other: Any) -> Self: ...
        def floor_divide(self, other: Any) -> Self: ...
        def remainder(self, other: Any) -> Self: ...
        def logaddexp(self, other: Any) -> Self: ...
        def eq(self, other: Any) -> Self: ...
        def ne(self, other: Any) -> Self: ...
        def lt(self, other: Any) -> Self: ...
        def le(self, other: Any) -> Self: ...
        def gt(self, other: Any) -> Self: ...
        def ge(self, other: Any) -> Self: ...

    @property
    def parents(self) -> tuple[Node, ...]:
        """The operands that are nodes, in order and with multiplicity."""
        return tuple(operand for operand in self.operands if isinstance(operand, Node))

    @property
    def scope(self) -> scope | None:
        """The call of a module, or `autograd.scope`, in which it was computed."""
        return None if self.op is None else self._made.scope

    def where(self, condition: Any, other: Any) -> Self:
        """The same node where a condition holds, `other` elsewhere (as ``torch.Tensor.where``)."""
        result: Self = where(condition, self, other)
        return result

    def backward(self, gradient: Any = None) -> None:
        """Add to each leaf's `grad` the derivative of this node with respect to it.

        Every node between here and the leaves gets its `grad` set by this pass alone; only leaves
        add up, until `zero_grad`. The pass keeps the graph, and may be repeated.

        Parameters
        ----------
        gradient : float or array, optional
            The gradient to start from; 1 if omitted, which takes a result with one element.

        Raises
        ------
        RuntimeError
            If no leaf that it was computed from requires a gradient; or if a leaf was changed after
            it was used: its old value is gone. No leaf's gradient is touched.
        ValueError
            If this node has more than one element and no gradient is given, or one of another
            shape; or where a derivative does not exist for floats.
        ZeroDivisionError, OverflowError
            Where a derivative of floats is infinite.

        Examples
        --------
        >>> from autograd import Value
        >>> x = Value(3.0)
        >>> (x * x + x).backward()
        >>> x.grad
        7.0
        """
        self._backward(gradient)

    def __trunc__(self) -> int:
        return int(self.item())  # an integer of Python's, as math.floor and math.ceil give

    def steps(
        self, gradient: Any = None, *, names: Mapping[str, object] | None = None
    ) -> Iterator[Step]:
        """What `backward` does and what was computed before it, as data; see `autograd.steps`."""
        from autograd import stepping, variables  # rooms above

        return stepping.steps(
            self, gradient, names=variables.of_caller() if names is None else names
        )

    def step(self, gradient: Any = None, *, names: Mapping[str, object] | None = None) -> Stepper:
        """The steps of both passes to walk through, in a picture; see `autograd.drawing.page`."""
        from autograd import variables  # rooms above
        from autograd.drawing.page import stepper

        return stepper(self, gradient, names=variables.of_caller() if names is None else names)

    def explain(
        self, wrt: Node | None = None, *, names: Mapping[str, object] | None = None
    ) -> Explanation:
        """How this node was computed, and its derivative by a node; see `autograd.explain`."""
        from autograd import explaining, variables  # rooms above

        return explaining.explain(
            self, wrt, names=variables.of_caller() if names is None else names
        )

    def draw(self, *, names: Mapping[str, object] | None = None, **options: Any) -> Drawing:
        """A picture of the graph that ends in this node; see `autograd.draw`."""
        from autograd import drawing, variables  # rooms above

        return drawing.draw(
            self, names=variables.of_caller() if names is None else names, **options
        )

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *operands: Any, **options: Any) -> Any:
        op = UFUNCS.get(ufunc)
        if op is not None and method == "__call__" and not options:
            return apply(op, operands, {})
        from autograd.numpy_functions import call_ufunc  # a room above

        return call_ufunc(ufunc, method, operands, options)

    def __array_function__(
        self, function: Any, types: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        from autograd.numpy_functions import call  # a room above

        return call(function, args, kwargs)

    __hash__ = object.__hash__

    def __iadd__(self, other: Any) -> Any:
        return self._moved("+=")

    def __isub__(self, other: Any) -> Any:
        return self._moved("-=")

    def __imul__(self, other: Any) -> Any:
        return self._moved("*=")

    def __itruediv__(self, other: Any) -> Any:
        return self._moved("/=")

    def _moved(self, sign: str) -> Any:
        """Let ``y += x`` mean ``y = y + x``; but who moves a leaf in place means its numbers."""
        moves = self.op is None and self.requires_grad
        if moves and (self._rank > 1 or not is_recording()):
            raise TypeError(
                f"{self!r} cannot be changed in place, for it would be another node that is no "
                f"leaf; to move its numbers write `x.data {sign} ...`"
            )
        return NotImplemented

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        for node in ancestors([self]):
            if id(node) not in memo:
                operands = tuple(
                    memo[id(operand)] if isinstance(operand, Node) else operand
                    for operand in node.operands
                )
                memo[id(node)] = node._copy(operands, memo)
        copy: Self = memo[id(self)]
        return copy

    def __copy__(self) -> Self:
        if self.op is not None:
            return self._copy(self.operands, {})
        node: Self = object.__new__(type(self))
        node.__setstate__(self._kept() | {"data": copy.copy(self.data)})
        return node

    def _kept(self) -> dict[str, Any]:
        """What makes a leaf: its data, its gradient if it has one, and the user's attributes."""
        kept = {"data": self.data, "name": self.name, "requires_grad": self.requires_grad}
        return kept | ({"grad": self.grad} if self.has_grad else {}) | self.__dict__

    def __reduce_ex__(self, protocol: Any) -> Any:
        if self.op is not None:
            raise TypeError(
                f"{self!r} was computed by {self.op.name} and cannot be pickled; save the leaves "
                "it was computed from (a model's parameters), or its number, `.data`"
            )
        return object.__new__, (type(self),), self._kept()


def ancestors(roots: Sequence[Node]) -> Iterator[Node]:
    """Every node that `roots` were computed from and they themselves, operands first.

    Examples
    --------
    >>> from autograd import Value
    >>> x = Value(2.0)
    >>> [node.data for node in ancestors([x * x + 1.0])]
    [2.0, 4.0, 5.0]
    """
    entered: set[Node] = set()
    stack: list[Any] = list(reversed(roots))
    while stack:
        node = stack.pop()
        if node is None:  # all that the node below it was computed from is done
            yield stack.pop()
        elif node not in entered:
            entered.add(node)
            stack += (node, None)
            for operand in reversed(node.operands):
                if isinstance(operand, Node) and operand not in entered:
                    stack.append(operand)


def plain(x: Any) -> Any:
    """The data of a node, which a trace may not look at; what is not a node as it is."""
    if not isinstance(x, Node):
        return x
    return Hidden(x._data) if state.tracing and is_tracing() else x._data


def index_array(x: Any) -> NDArray[Any]:
    """Whole numbers, or booleans, as an array of their own, which knows where a trace has it from.

    Raises
    ------
    TypeError
        In a trace, of booleans, for how many there are is not known, and of one number.
    """
    if not isinstance(x, Node) or not (state.tracing and is_tracing()):
        return np.array(plain(x))
    if x._data.ndim == 0 or x._data.dtype.kind not in "iu":
        raise refusal("an index")
    array: NDArray[Any] = x._data.view(Varying)
    array.source = x  # type: ignore[attr-defined]
    return array


def describe(op: Op, operands: Sequence[Any]) -> str:
    """An application of an operation, with the user's names: ``log(x=-1.0)``, ``x: (8, 3)``."""
    given = []
    for operand, letter in zip(operands, op.letters(operands), strict=True):
        name = getattr(operand, "name", None) or letter
        data = operand._data if isinstance(operand, Node) else operand
        is_array = isinstance(data, np.ndarray)
        given.append(f"{name}: {data.shape}" if is_array else f"{name}={data!r}")
    return f"{op.name}({', '.join(given)})"


def named(error: Exception, op: Op, operands: Sequence[Any]) -> Exception:
    """The same kind of error, saying which operation it was and on which of the user's numbers."""
    if op.scalar is not None and isinstance(error, ValueError):
        apart = broadcasting(op.name, op.letters(operands), operands)
        if apart is not None:
            return apart
    here = "".join(observer.here() for observer in observers())
    return type(error)(f"{error}, in {describe(op, operands)}{here}")


for _op in TABLE.values():  # each operation on numbers is a method, too
    if _op.public and _op.scalar is not None and not hasattr(Node, _op.name):
        setattr(Node, _op.name, _op.function)
