"""Two well-known ways to write a scalar autograd class, to measure against.

Both are small on purpose, and both do what such classes usually do: a number that meets a node
becomes a node, subtraction and division are made of other operations, and the order of the nodes
comes from a recursive walk with a set of those already seen.
"""

from __future__ import annotations

import math
from collections.abc import Callable


class TinyValue:
    """A node that stores its local derivatives when it is made, in the style of microgpt.

    Parameters
    ----------
    data : float
        The value of the node.
    children : tuple of TinyValue
        The nodes it was computed from.
    local_grads : tuple of float
        Its derivative in each of them.
    """

    __slots__ = ("children", "data", "grad", "local_grads")

    def __init__(
        self,
        data: float,
        children: tuple[TinyValue, ...] = (),
        local_grads: tuple[float, ...] = (),
    ) -> None:
        self.data = data
        self.grad = 0.0
        self.children = children
        self.local_grads = local_grads

    def __add__(self, other: TinyValue | float) -> TinyValue:
        other = other if isinstance(other, TinyValue) else TinyValue(other)
        return TinyValue(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other: TinyValue | float) -> TinyValue:
        other = other if isinstance(other, TinyValue) else TinyValue(other)
        return TinyValue(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, exponent: float) -> TinyValue:
        slope = exponent * self.data ** (exponent - 1)
        return TinyValue(self.data**exponent, (self,), (slope,))

    def __neg__(self) -> TinyValue:
        return self * -1.0

    def __sub__(self, other: TinyValue | float) -> TinyValue:
        return self + (-other)

    def __truediv__(self, other: TinyValue | float) -> TinyValue:
        return self * other**-1

    def __radd__(self, other: float) -> TinyValue:
        return self + other

    def __rmul__(self, other: float) -> TinyValue:
        return self * other

    def __rsub__(self, other: float) -> TinyValue:
        return -self + other

    def __rtruediv__(self, other: float) -> TinyValue:
        return self**-1 * other

    def exp(self) -> TinyValue:
        out = math.exp(self.data)
        return TinyValue(out, (self,), (out,))

    def log(self) -> TinyValue:
        return TinyValue(math.log(self.data), (self,), (1.0 / self.data,))

    def sin(self) -> TinyValue:
        return TinyValue(math.sin(self.data), (self,), (math.cos(self.data),))

    def tanh(self) -> TinyValue:
        out = math.tanh(self.data)
        return TinyValue(out, (self,), (1.0 - out * out,))

    def sigmoid(self) -> TinyValue:
        out = 1.0 / (1.0 + math.exp(-self.data))
        return TinyValue(out, (self,), (out * (1.0 - out),))

    def relu(self) -> TinyValue:
        return TinyValue(max(0.0, self.data), (self,), (float(self.data > 0),))

    def backward(self) -> None:
        order: list[TinyValue] = []
        seen: set[TinyValue] = set()

        def visit(node: TinyValue) -> None:
            if node not in seen:
                seen.add(node)
                for child in node.children:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            pairs = zip(node.children, node.local_grads)  # noqa: B905  `strict=` would cost it time
            for child, local in pairs:
                child.grad += local * node.grad


class ClosureValue:
    """A node that stores a function to push its gradient on, in the style of micrograd.

    Parameters
    ----------
    data : float
        The value of the node.
    parents : tuple of ClosureValue
        The nodes it was computed from.
    """

    def __init__(self, data: float, parents: tuple[ClosureValue, ...] = ()) -> None:
        self.data = data
        self.grad = 0.0
        self._prev = set(parents)
        self._backward: Callable[[], None] = lambda: None

    def __add__(self, other: ClosureValue | float) -> ClosureValue:
        other = other if isinstance(other, ClosureValue) else ClosureValue(other)
        out = ClosureValue(self.data + other.data, (self, other))

        def push() -> None:
            self.grad += out.grad
            other.grad += out.grad

        out._backward = push
        return out

    def __mul__(self, other: ClosureValue | float) -> ClosureValue:
        other = other if isinstance(other, ClosureValue) else ClosureValue(other)
        out = ClosureValue(self.data * other.data, (self, other))

        def push() -> None:
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = push
        return out

    def __pow__(self, exponent: float) -> ClosureValue:
        out = ClosureValue(self.data**exponent, (self,))

        def push() -> None:
            self.grad += exponent * self.data ** (exponent - 1) * out.grad

        out._backward = push
        return out

    def __neg__(self) -> ClosureValue:
        return self * -1.0

    def __sub__(self, other: ClosureValue | float) -> ClosureValue:
        return self + (-other)

    def __truediv__(self, other: ClosureValue | float) -> ClosureValue:
        return self * other**-1

    def __radd__(self, other: float) -> ClosureValue:
        return self + other

    def __rmul__(self, other: float) -> ClosureValue:
        return self * other

    def __rsub__(self, other: float) -> ClosureValue:
        return -self + other

    def __rtruediv__(self, other: float) -> ClosureValue:
        return self**-1 * other

    def exp(self) -> ClosureValue:
        out = ClosureValue(math.exp(self.data), (self,))

        def push() -> None:
            self.grad += out.data * out.grad

        out._backward = push
        return out

    def log(self) -> ClosureValue:
        out = ClosureValue(math.log(self.data), (self,))

        def push() -> None:
            self.grad += out.grad / self.data

        out._backward = push
        return out

    def tanh(self) -> ClosureValue:
        out = ClosureValue(math.tanh(self.data), (self,))

        def push() -> None:
            self.grad += (1.0 - out.data**2) * out.grad

        out._backward = push
        return out

    def relu(self) -> ClosureValue:
        out = ClosureValue(max(0.0, self.data), (self,))

        def push() -> None:
            self.grad += (out.data > 0) * out.grad

        out._backward = push
        return out

    def backward(self) -> None:
        order: list[ClosureValue] = []
        seen: set[ClosureValue] = set()

        def visit(node: ClosureValue) -> None:
            if node not in seen:
                seen.add(node)
                for parent in node._prev:
                    visit(parent)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            node._backward()
