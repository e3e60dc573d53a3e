"""Layers that go through a sequence step by step and keep a state: `RNN`, `LSTM`, `GRU`."""

from __future__ import annotations

import warnings
from typing import Any, ClassVar

import autograd
from nn.functional.dropout import dropout as left_out
from nn.functional.dropout import require_probability
from nn.init.fill import one_source
from nn.layers.cells import as_tensor, require_nonlinearity, shapes, zeros
from nn.layers.sizes import at_least_one, uniform
from nn.module import Module


class Recurrent(Module):
    """What `RNN`, `LSTM` and `GRU` share: layers upon layers, in one direction or in both.

    Parameters
    ----------
    input_size : int
        How many features each step has.
    hidden_size : int
        How many numbers the state has.
    num_layers : int, default 1
        Each goes through the states of the one below.
    bias : bool, default True
    batch_first : bool, default False
        Whether a batch is (batch, steps, features), and not (steps, batch, features).
    dropout : float, default 0
        How likely a state is left out, while training, on its way to the next layer.
    bidirectional : bool, default False
        Whether each layer goes through the sequence from its end, too.
    generator : numpy.random.Generator or int, optional
        Where the weights are drawn from; see `autograd.rand`.
    dtype : dtype, default float64

    Attributes
    ----------
    weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0 : Tensor
        The weights of the first layer, a block of rows for each gate; further ones end in ``l1``,
        those from the end in ``l0_reverse``. All are drawn from ±1 / √hidden_size.
    """

    gates: ClassVar[int] = 1
    states: ClassVar[tuple[str, ...]] = ("h_0",)  # what they are called at the start

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        *,
        generator: Any = None,
        dtype: Any = None,
    ) -> None:
        name = type(self).__name__
        at_least_one(self, input_size=input_size, hidden_size=hidden_size, num_layers=num_layers)
        require_probability(name, dropout, "dropout")
        if dropout and num_layers == 1:
            warnings.warn(
                f"{name}: dropout={dropout} is between layers, of which there is one", stacklevel=3
            )
        if proj_size:
            raise ValueError(f"{name} has no projections: proj_size={proj_size} must be 0")
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        self.bias, self.batch_first = bias, batch_first
        self.dropout, self.bidirectional = float(dropout), bidirectional
        source = one_source(generator)
        for ending, features in self._runs():
            for part, shape in shapes(self.gates, features, hidden_size, bias).items():
                setattr(self, part + ending, uniform(shape, hidden_size**-0.5, source, dtype))

    def _runs(self) -> list[tuple[str, int]]:
        """For each layer and direction, how its weights' names end, and its features."""
        ways = ("", "_reverse") if self.bidirectional else ("",)
        return [
            (f"_l{layer}{way}", self.hidden_size * len(ways) if layer else self.input_size)
            for layer in range(self.num_layers)
            for way in ways
        ]

    def run(self, x: Any, states: list[Any], weights: list[Any]) -> tuple[Any, list[Any]]:
        """The states after each step, and those of each kind after the last."""
        raise NotImplementedError

    def through(self, input: Any, given: list[Any]) -> tuple[Any, list[Any]]:
        """The output, and the last states of each kind, for states of each kind to start from."""
        x = self._fitting(input)
        batched = len(x.shape) == 3
        x = x if batched else autograd.unsqueeze(x, 1)
        x = autograd.transpose(x, 0, 1) if batched and self.batch_first else x
        start = self._starting(given, batched, x)
        last: list[list[Any]] = []
        ways = 2 if self.bidirectional else 1
        for layer in range(self.num_layers):
            outputs = []
            for way in range(ways):
                k = layer * ways + way
                output, ends = self._run(k, autograd.flip(x, (0,)) if way else x, start)
                outputs.append(autograd.flip(output, (0,)) if way else output)
                last.append(ends)
            x = outputs[0] if ways == 1 else autograd.cat(outputs, dim=2)
            if layer + 1 < self.num_layers:
                x = left_out(x, self.dropout, self.training)
        ends = [autograd.stack(list(kind)) for kind in zip(*last, strict=True)]
        if not batched:
            return autograd.squeeze(x, 1), [autograd.squeeze(end, 1) for end in ends]
        return (autograd.transpose(x, 0, 1) if self.batch_first else x), ends

    def _run(self, k: int, x: Any, start: list[Any]) -> tuple[Any, list[Any]]:
        """One layer in one direction."""
        ending, features = self._runs()[k]
        parts = shapes(self.gates, features, self.hidden_size, self.bias)
        weights = [getattr(self, part + ending) for part in parts]
        return self.run(x, [state[k] for state in start], weights)

    def _fitting(self, input: Any) -> Any:
        """The input, if it is a sequence of so many features; an error that says what it is."""
        x = as_tensor(input)
        name = f"{type(self).__name__}(input_size={self.input_size})"
        if len(x.shape) not in (2, 3) or 0 in x.shape[:-1]:
            order = "(batch, steps, features)" if self.batch_first else "(steps, batch, features)"
            raise ValueError(
                f"{name} takes {order}, or (steps, features), of at least one step and sample, "
                f"but x has shape {x.shape}"
            )
        if x.shape[-1] != self.input_size:
            raise ValueError(f"{name} was given {x.shape[-1]} features: x has shape {x.shape}")
        return x

    def _starting(self, given: list[Any], batched: bool, x: Any) -> list[Any]:
        """The states of each kind to start from, zeros if none are given."""
        batch, count = x.shape[1], len(self._runs())
        if not given:
            return [[zeros((batch, self.hidden_size), x)] * count for _ in self.states]
        wanted = (count, batch, self.hidden_size) if batched else (count, self.hidden_size)
        states = [as_tensor(state) for state in given]
        for what, state in zip(self.states, states, strict=True):
            if state.shape != wanted:
                raise ValueError(
                    f"{type(self).__name__}: {what} must have shape {wanted}, but has {state.shape}"
                )
        return [state if batched else autograd.unsqueeze(state, 1) for state in states]

    def extra_repr(self) -> str:
        """Its sizes, and what is not as usual."""
        unusual = {
            "num_layers": self.num_layers if self.num_layers > 1 else None,
            "bias": None if self.bias else False,
            "batch_first": self.batch_first or None,
            "dropout": self.dropout or None,
            "bidirectional": self.bidirectional or None,
        }
        said = [f"{name}={given}" for name, given in unusual.items() if given is not None]
        return ", ".join([str(self.input_size), str(self.hidden_size), *said])


class RNN(Recurrent):
    """A plain recurrent network, ``h = tanh(w_ih x + b_ih + w_hh h + b_hh)``: ``torch.nn.RNN``.

    Elman 1990, Finding structure in time. The parameters are those of `Recurrent`, and:

    Parameters
    ----------
    nonlinearity : {"tanh", "relu"}

    Examples
    --------
    >>> rnn = RNN(3, 4, num_layers=2, generator=0)
    >>> output, h_n = rnn(autograd.zeros(5, 2, 3))
    >>> output.shape, h_n.shape
    ((5, 2, 4), (2, 2, 4))
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        *,
        generator: Any = None,
        dtype: Any = None,
    ) -> None:
        require_nonlinearity("RNN", nonlinearity)
        self.nonlinearity = nonlinearity
        super().__init__(
            input_size,
            hidden_size,
            num_layers,
            bias,
            batch_first,
            dropout,
            bidirectional,
            generator=generator,
            dtype=dtype,
        )

    def forward(self, input: Any, hx: Any = None) -> tuple[Any, Any]:
        """The states after each step, and that of each layer and direction after its last.

        Parameters
        ----------
        input : Tensor of shape (steps, batch, features), or (steps, features)
        hx : Tensor of shape (layers · directions, batch, hidden_size), optional
            Where each starts; zeros if omitted. Of one sample it has no batch axis.

        Returns
        -------
        output : Tensor of shape (steps, batch, directions · hidden_size)
        h_n : Tensor of the shape of `hx`
        """
        output, (h_n,) = self.through(input, [] if hx is None else [hx])
        return output, h_n

    def run(self, x: Any, states: list[Any], weights: list[Any]) -> tuple[Any, list[Any]]:
        """The states after each step, and the last."""
        output = autograd.rnn(x, *states, *weights, nonlinearity=self.nonlinearity)
        return output, [output[-1]]


class LSTM(Recurrent):
    """Long short-term memory: ``torch.nn.LSTM``. See `autograd.lstm` for the formulas.

    Hochreiter & Schmidhuber 1997, Long short-term memory. The gates lie in the order in, forget,
    new, out. The parameters are those of `Recurrent`.

    Examples
    --------
    >>> lstm = LSTM(3, 4, bidirectional=True, generator=0)
    >>> output, (h_n, c_n) = lstm(autograd.zeros(5, 2, 3))
    >>> output.shape, h_n.shape, c_n.shape
    ((5, 2, 8), (2, 2, 4), (2, 2, 4))
    """

    gates = 4
    states = ("h_0", "c_0")

    def forward(self, input: Any, hx: tuple[Any, Any] | None = None) -> tuple[Any, tuple[Any, Any]]:
        """The states after each step, and states and cells after the last.

        Parameters
        ----------
        input : Tensor of shape (steps, batch, features), or (steps, features)
        hx : pair of Tensors of shape (layers · directions, batch, hidden_size), optional
            The states and the cells where each starts; zeros if omitted.

        Returns
        -------
        output : Tensor of shape (steps, batch, directions · hidden_size)
        (h_n, c_n) : pair of Tensors of the shapes of `hx`
        """
        if hx is not None and (not isinstance(hx, (tuple, list)) or len(hx) != 2):
            raise TypeError(f"LSTM starts from a pair (h_0, c_0), but was given {hx!r:.60}")
        output, (h_n, c_n) = self.through(input, [] if hx is None else list(hx))
        return output, (h_n, c_n)

    def run(self, x: Any, states: list[Any], weights: list[Any]) -> tuple[Any, list[Any]]:
        """The states after each step, the last of them, and the cells then."""
        output, c = autograd.lstm(x, *states, *weights)
        return output, [output[-1], c]


class GRU(Recurrent):
    """Gated recurrent units: ``torch.nn.GRU``. See `autograd.gru` for the formulas.

    Cho et al. 2014, Learning phrase representations using RNN encoder-decoder. The gates lie in the
    order reset, update, new. The parameters are those of `Recurrent`.

    Examples
    --------
    >>> output, h_n = GRU(3, 4, batch_first=True, generator=0)(autograd.zeros(2, 5, 3))
    >>> output.shape, h_n.shape
    ((2, 5, 4), (1, 2, 4))
    """

    gates = 3

    def forward(self, input: Any, hx: Any = None) -> tuple[Any, Any]:
        """The states after each step, and the last; arguments and results are those of `RNN`."""
        output, (h_n,) = self.through(input, [] if hx is None else [hx])
        return output, h_n

    def run(self, x: Any, states: list[Any], weights: list[Any]) -> tuple[Any, list[Any]]:
        """The states after each step, and the last."""
        output = autograd.gru(x, *states, *weights)
        return output, [output[-1]]
