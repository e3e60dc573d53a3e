"""One step of a recurrent network: `RNNCell`, `LSTMCell`, `GRUCell`."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

import autograd
from autograd import Node, Tensor
from nn.init.fill import one_source
from nn.layers.sizes import at_least_one, uniform
from nn.module import Module


def shapes(gates: int, features: int, units: int, bias: bool) -> dict[str, tuple[int, ...]]:
    """The shapes of the weights, by name; the biases are left out where there are none."""
    rows = gates * units
    found: dict[str, tuple[int, ...]] = {"weight_ih": (rows, features), "weight_hh": (rows, units)}
    return found | ({"bias_ih": (rows,), "bias_hh": (rows,)} if bias else {})


def zeros(shape: tuple[int, ...], like: Any) -> Any:
    """A state to start from, of the type of the input if that is one of floats."""
    array = np.zeros(shape, like.dtype if like.dtype.kind == "f" else float)
    array.setflags(write=False)
    return array


def as_tensor(x: Any) -> Any:
    """A node as it is, and numbers as a Tensor."""
    return x if isinstance(x, Node) else Tensor(x)


def require_nonlinearity(layer: str, given: str) -> None:
    """See that a plain recurrent network bends its sums in a known way."""
    if given not in ("tanh", "relu"):
        raise ValueError(f"{layer} takes nonlinearity='tanh' or 'relu', not {given!r}")


def next_state(states: Any, input: Any) -> Any:
    """The state after the only step, with a batch axis if the input had one."""
    return autograd.reshape(states, (*input.shape[:-1], states.shape[-1]))


class Cell(Module):
    """What `RNNCell`, `LSTMCell` and `GRUCell` share.

    Parameters
    ----------
    input_size, hidden_size : int
        How many features a step has, and how many numbers a state.
    bias : bool, default True
    generator : numpy.random.Generator or int, optional
        Where the weights are drawn from; see `autograd.rand`.
    dtype : dtype, default float64

    Attributes
    ----------
    weight_ih, weight_hh, bias_ih, bias_hh : Tensor
        A block of rows for each gate, drawn from ±1 / √hidden_size.
    """

    gates: ClassVar[int] = 1

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        *,
        generator: Any = None,
        dtype: Any = None,
    ) -> None:
        at_least_one(self, input_size=input_size, hidden_size=hidden_size)
        self.input_size, self.hidden_size, self.bias = input_size, hidden_size, bias
        source = one_source(generator)
        for name, shape in shapes(self.gates, input_size, hidden_size, bias).items():
            setattr(self, name, uniform(shape, hidden_size**-0.5, source, dtype))

    def weights(self) -> list[Any]:
        """The weights, in the order in which the functions of `autograd` take them."""
        names = shapes(self.gates, self.input_size, self.hidden_size, self.bias)
        return [getattr(self, name) for name in names]

    def sequence(self, input: Any, *given: Any) -> tuple[Any, ...]:
        """The input as a sequence of one step, and the states, each as a batch."""
        x, name = input, type(self).__name__
        if len(x.shape) not in (1, 2) or x.shape[-1] != self.input_size:
            raise ValueError(
                f"{name}(input_size={self.input_size}) takes (batch, {self.input_size}) or "
                f"({self.input_size},), but x has shape {x.shape}"
            )
        wanted = (*x.shape[:-1], self.hidden_size)
        rows, states = (*wanted[:-1], 1)[:1] + wanted[-1:], []
        for state in given:
            if state is None:
                states.append(zeros(rows, x))
            elif np.shape(state) != wanted:
                raise ValueError(f"{name}: a state must have shape {wanted}, not {np.shape(state)}")
            else:
                states.append(state if len(wanted) == 2 else autograd.reshape(state, rows))
        return autograd.reshape(x, (1, rows[0], self.input_size)), *states

    def extra_repr(self) -> str:
        """Its sizes, and what is not as usual."""
        return f"{self.input_size}, {self.hidden_size}" + ("" if self.bias else ", bias=False")


class RNNCell(Cell):
    """A step of a plain recurrent network: ``torch.nn.RNNCell``.

    ``h = tanh(w_ih x + b_ih + w_hh h + b_hh)``, or relu. The parameters are those of `Cell`, and:

    Parameters
    ----------
    nonlinearity : {"tanh", "relu"}

    Examples
    --------
    >>> RNNCell(3, 4, generator=0)(autograd.zeros(2, 3)).shape
    (2, 4)
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: str = "tanh",
        *,
        generator: Any = None,
        dtype: Any = None,
    ) -> None:
        require_nonlinearity("RNNCell", nonlinearity)
        self.nonlinearity = nonlinearity
        super().__init__(input_size, hidden_size, bias, generator=generator, dtype=dtype)

    def forward(self, input: Any, hx: Any = None) -> Any:
        """The next state, (batch, hidden_size), from a step (batch, features) and a state."""
        input = as_tensor(input)
        x, h = self.sequence(input, hx)
        states = autograd.rnn(x, h, *self.weights(), nonlinearity=self.nonlinearity)
        return next_state(states, input)

    def extra_repr(self) -> str:
        """Its sizes, and what is not as usual."""
        bent = "" if self.nonlinearity == "tanh" else f", nonlinearity={self.nonlinearity}"
        return super().extra_repr() + bent


class LSTMCell(Cell):
    """A step of long short-term memory: ``torch.nn.LSTMCell``; the parameters are those of `Cell`.

    Examples
    --------
    >>> h, c = LSTMCell(3, 4, generator=0)(autograd.zeros(2, 3))
    >>> h.shape, c.shape
    ((2, 4), (2, 4))
    """

    gates = 4

    def forward(self, input: Any, hx: tuple[Any, Any] | None = None) -> tuple[Any, Any]:
        """The next state and cells, from a step (batch, features) and a pair of them."""
        input = as_tensor(input)
        x, h, c = self.sequence(input, *((None, None) if hx is None else hx))
        states, cells = autograd.lstm(x, h, c, *self.weights())
        return next_state(states, input), next_state(cells, input)


class GRUCell(Cell):
    """A step of gated recurrent units: ``torch.nn.GRUCell``; the parameters are those of `Cell`.

    Examples
    --------
    >>> GRUCell(3, 4, generator=0)(autograd.zeros(2, 3)).shape
    (2, 4)
    """

    gates = 3

    def forward(self, input: Any, hx: Any = None) -> Any:
        """The next state, (batch, hidden_size), from a step (batch, features) and a state."""
        input = as_tensor(input)
        x, h = self.sequence(input, hx)
        return next_state(autograd.gru(x, h, *self.weights()), input)
