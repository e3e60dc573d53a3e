"""An array that remembers how it was computed."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from autograd.complaints import dtype_of, ragged
from autograd.functions.shape import transpose
from autograd.methods import Methods
from autograd.modes import Moment, scope, state, tick
from autograd.node import Node
from autograd.op import Op, Rule, entries
from autograd.rules import (
    eq,
    ge,
    gt,
    le,
    logical_and,
    logical_not,
    logical_or,
    logical_xor,
    lt,
    mT,
    ne,
)
from autograd.tracing import is_tracing, refuse


class Tensor(Methods, Node):
    """An ndarray that remembers how it was computed, and learns how it matters.

    Parameters
    ----------
    data : array_like
        Numbers; floats stay as they are (Python's are float64), float32 stays float32. Integers
        and booleans stay too: they hold labels, indices and masks.
    requires_grad : bool, default False
        Whether `backward` should leave a gradient here. What is computed from tensors that
        require none is a tensor without a past.
    name : str, optional
        What to call it in pictures, explanations and errors.
    dtype : dtype, optional
        The type to convert to.

    Raises
    ------
    TypeError
        If `data` is not an array of real numbers, or of integers and a gradient is required.

    Examples
    --------
    >>> x = Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    >>> y = (x @ x).sum()
    >>> y
    Tensor(54., op=sum)
    >>> y.backward()
    >>> x.grad
    array([[ 7., 11.],
           [ 9., 13.]])
    """

    __slots__ = (
        "__dict__",
        "__weakref__",
        "_back",
        "_changed",
        "_data",
        "_made",
        "_parts",
        "_requires_grad",
        "grad",
        "name",
        "op",
        "operands",
        "params",
    )

    _data: NDArray[Any]
    grad: NDArray[Any] | None
    op: Op | None
    operands: tuple[Any, ...]
    params: dict[str, Any]
    name: str | None
    _requires_grad: bool
    _parts: NDArray[Any]  # the gradient, where parts of it are added up
    _back: Rule  # set where the operation has a pullback, whose second result it is
    _changed: int
    _made: Moment | scope

    _rank = 2

    def __init__(
        self,
        data: ArrayLike,
        requires_grad: bool = False,
        name: str | None = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        self._data = as_array(data, dtype)
        self.name = name
        self.grad = None
        self.op, self.operands, self.params = None, (), {}
        self.requires_grad = requires_grad
        self._made = state.now
        self._changed = 0

    @property
    def data(self) -> NDArray[Any]:
        """The array. On a leaf it may be assigned; that of a computed Tensor is read-only.

        Assign all of it, ``t.data = ...`` or ``t.data -= ...``: `backward` then notices if the old
        one is still needed. Writing one entry, ``t.data[0] = ...``, it cannot notice.
        """
        if state.tracing:
            refuse(".data")
        return self._data

    @data.setter
    def data(self, data: ArrayLike) -> None:
        if self.op is not None:
            raise AttributeError(
                f"the data of a Tensor computed by {self.op.name} cannot be assigned: its gradient "
                "would no longer fit; assign to the leaves it was computed from"
            )
        if state.tracing:
            refuse("assigning .data")
        array = as_array(data, self.dtype)
        self._changed = tick()  # first: interrupted here, a change is noticed that was none
        self._data = array

    @property
    def requires_grad(self) -> bool:
        """Whether `backward` leaves a gradient here or further back; of a leaf it may be set."""
        return self._requires_grad

    @requires_grad.setter
    def requires_grad(self, wanted: bool) -> None:
        if wanted and self._data.dtype.kind != "f":
            raise TypeError(
                f"only a Tensor of floats can require a gradient, but this one is of {self.dtype}, "
                "for labels, masks and indices; make it one with dtype=float"
            )
        if self.op is not None:
            raise AttributeError(
                f"whether a Tensor computed by {self.op.name} requires a gradient follows from its "
                "operands; set it on leaves, or leave the graph with .detach()"
            )
        self._requires_grad = bool(wanted)

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each axis."""
        return self._data.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of its elements."""
        return self._data.dtype

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self._data.ndim

    @property
    def size(self) -> int:
        """The number of elements."""
        return self._data.size

    @property
    def has_grad(self) -> bool:
        """Whether `grad` was ever computed."""
        return self.grad is not None

    def zero_grad(self) -> None:
        """Forget the gradient: it is None again."""
        self.grad = None

    @property
    def T(self) -> Self:  # noqa: N802 - NumPy's name
        """The tensor with its axes in reverse order."""
        return transpose(self)

    @property
    def mT(self) -> Self:  # noqa: N802 - PyTorch's name
        """The transpose of a matrix, or of each in a stack."""
        result: Self = mT(self)
        return result

    def __setitem__(self, key: Any, value: Any) -> None:
        raise TypeError(
            "a Tensor cannot be changed in place, its gradient would be wrong; make a new one with "
            "autograd.where(mask, new, old), or add to some elements with "
            "t.scatter_add(dim, index, new)"
        )

    def __iter__(self) -> Iterator[Self]:
        return (self[i] for i in range(len(self)))

    def __len__(self) -> int:
        if not self._data.ndim:
            raise TypeError("a Tensor with 0 axes has no length")
        return len(self._data)

    def item(self) -> float:
        """The number in a Tensor of one element, as a Python number without a past."""
        if state.tracing:
            refuse("item(), or float()")
        if self._data.size != 1:
            raise ValueError(
                f"item() and float() take a Tensor of one element; this one has {self.shape}"
            )
        number: float = self._data.item()
        return number

    def tolist(self) -> Any:
        """The numbers as nested lists of Python's, or as one number, without a past."""
        if state.tracing:
            refuse("tolist()")
        return self._data.tolist()

    def numpy(self) -> NDArray[Any]:
        """The array, without a past and read-only; so is ``np.asarray(t)``.

        It shows the numbers of the Tensor and not a copy of them, so writing there would change
        what gradients are computed from: it raises. ``np.array(t)`` is a copy, to do with as you
        like. PyTorch wants a ``detach()`` first where a gradient is required; here it may be.

        NumPy asks for this array wherever it is not given the Tensor itself but a list of them, or
        an array to fill: ``np.array([t, t])``, ``np.sum([t, t])``, ``np.full(3, t)`` and
        ``a[0] = t`` have no past, and no gradient comes back from them. `autograd.stack` joins
        Tensors, and `autograd.where` or `scatter_add` put one into another.

        Examples
        --------
        >>> Tensor([1.0, 2.0], requires_grad=True).numpy()
        array([1., 2.])
        """
        if state.tracing:
            refuse("numpy()")
        view = self._data.view()
        view.flags.writeable = False
        return view

    def __float__(self) -> float:
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __index__(self) -> int:
        if self._data.size != 1 or self._data.dtype.kind not in "iu":
            raise TypeError(
                f"only a Tensor of one integer can be an index; this one has {self.dtype} of shape "
                f"{self.shape}"
            )
        return int(self.item())

    def __bool__(self) -> bool:
        if self._data.size != 1:
            raise ValueError(
                f"a Tensor of shape {self.shape} is neither true nor false; "
                "use .data.any() or .data.all()"
            )
        return bool(self.item())

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if spec else repr(self)

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self.numpy(), dtype=dtype, copy=copy)

    def __eq__(self, other: object) -> Any:
        return NotImplemented if other is None or isinstance(other, str) else eq(self, other)

    def __ne__(self, other: object) -> Any:
        return NotImplemented if other is None or isinstance(other, str) else ne(self, other)

    def __lt__(self, other: Any) -> Any:
        return lt(self, other)

    def __le__(self, other: Any) -> Any:
        return le(self, other)

    def __gt__(self, other: Any) -> Any:
        return gt(self, other)

    def __ge__(self, other: Any) -> Any:
        return ge(self, other)

    def __and__(self, other: Any) -> Self:
        return logical_and(*masks("&", self, other))

    def __or__(self, other: Any) -> Self:
        return logical_or(*masks("|", self, other))

    def __xor__(self, other: Any) -> Self:
        return logical_xor(*masks("^", self, other))

    __rand__, __ror__, __rxor__ = __and__, __or__, __xor__

    def __invert__(self) -> Self:
        return logical_not(*masks("~", self))

    __hash__ = Node.__hash__

    def __repr__(self) -> str:
        array = np.array2string(self._data, separator=", ", prefix="Tensor(")
        dtype = f", dtype={self.dtype}" if self.dtype not in (float, int, bool) else ""
        name = f", name={self.name!r}" if self.name else ""
        past = f", op={self.op}" if self.op else ", requires_grad=True" * self.requires_grad
        return f"Tensor({array}{dtype}{name}{past})"

    def _copy(self, operands: tuple[Any, ...], memo: dict[int, Any]) -> Self:
        node = object.__new__(type(self))
        memo[id(self)] = node  # before its attributes, which may lead back here
        node.__setstate__(copy.deepcopy(self._kept(), memo))
        node.op, node.operands, node.params = self.op, operands, self.params
        node._changed = self._changed
        if self.op is not None:
            node._made = self._made
        return node

    def __setstate__(self, kept: dict[str, Any]) -> None:
        self._data = kept.pop("data")
        self.grad = kept.pop("grad", None)
        self.op, self.operands, self.params = None, (), {}
        self._made = state.now
        self._changed = 0
        for name, value in kept.items():
            setattr(self, name, value)


def made(
    data: Any, op: Op | None, operands: tuple[Any, ...], params: dict[str, Any], requires_grad: bool
) -> Tensor:
    """Make the node of an array that was computed, and that nobody else has."""
    if data.__class__ is not np.ndarray:
        data = np.asarray(data)  # NumPy makes a scalar of what has no axes
    node = object.__new__(Tensor)
    if requires_grad or (state.tracing and is_tracing()):
        data.setflags(write=False)
        node.op, node.operands, node.params = op, operands, params
    else:
        node.op, node.operands, node.params = None, (), {}
    node._data = data
    node._requires_grad = requires_grad
    node.grad = node.name = None
    node._made = state.now
    node._changed = 0
    return node


def masks(operator: str, *operands: Any) -> tuple[Any, ...]:
    """The operands, if all are masks; an error that says what else was given to the operator."""
    for operand in operands:
        dtype = dtype_of(operand)
        if dtype.kind != "b":
            raise TypeError(
                f"{operator} puts masks together, but was given {dtype}; compare first, as in "
                f"(x > 0) {operator} (y > 0)"
            )
    return operands


def as_array(data: Any, dtype: DTypeLike | None = None) -> NDArray[Any]:
    """A copy of `data` as an array of real numbers; an error that says what else was given."""
    if data.__class__ is not np.ndarray and any(isinstance(x, Node) for x in entries(data)):
        raise TypeError(
            f"a Tensor is made from numbers, but was given {data!r}, which has a past; "
            "use it as it is, join a list of them with autograd.stack, or give the `.data`"
        )
    try:
        array = np.array(data, dtype=dtype)
    except ValueError as error:
        raise ragged(data) or ValueError(
            f"a Tensor holds real numbers, in rows of equal lengths: {error}"
        ) from None
    if array.dtype.kind not in "fiub":
        raise TypeError(
            f"a Tensor holds real numbers, but was given {data!r} of type {type(data).__name__} "
            f"({array.dtype})"
        )
    return array
