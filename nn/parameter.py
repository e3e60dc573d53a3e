"""A leaf that a module trains, by PyTorch's name."""

from __future__ import annotations

from typing import Any

from numpy.typing import DTypeLike

from autograd import Tensor
from autograd.node import plain


class _Kind(type):
    def __instancecheck__(cls, x: object) -> bool:
        return isinstance(x, Tensor) and x.op is None and (x.requires_grad or is_declared(x))


class Parameter(metaclass=_Kind):
    """A leaf Tensor of floats that requires a gradient: ``torch.nn.Parameter``.

    It is a Tensor and no more, for any leaf that requires a gradient is a parameter of the module
    that holds it. One that is frozen from the start is a parameter, too. ``isinstance`` works.

    Parameters
    ----------
    data : array_like or Tensor
        Its numbers, which are copied; the past of a Tensor is left behind.
    requires_grad : bool, default True
    dtype : dtype, optional
        The type to convert to.

    Raises
    ------
    TypeError
        If they are not floats.

    Examples
    --------
    >>> import autograd
    >>> Parameter(autograd.zeros(2))
    Tensor([0., 0.], requires_grad=True)
    >>> isinstance(Parameter([1.0]), Parameter), isinstance(autograd.zeros(2), Parameter)
    (True, False)
    """

    def __new__(
        cls, data: Any, requires_grad: bool = True, *, dtype: DTypeLike | None = None
    ) -> Any:
        """Make the Tensor."""
        tensor = Tensor(plain(data), dtype=dtype)
        if tensor.dtype.kind != "f":
            raise TypeError(f"a Parameter holds floats, but was given {tensor.dtype}")
        tensor.requires_grad = requires_grad
        tensor.is_parameter = True  # type: ignore[attr-defined]  # also when it is frozen
        return tensor


def is_declared(leaf: Any) -> bool:
    """Whether a leaf was made as a parameter, so that it is one even if it is frozen."""
    return getattr(leaf, "is_parameter", False)
