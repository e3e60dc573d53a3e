"""A sequence through an LSTM and back, in layers: `nn.LSTM` against PyTorch's and JAX.

``python -m benchmarks.lstm_step`` times forward and backward of an LSTM from 8 numbers to 64, over
32 steps and a batch of 32, in float32: of glassgrad's layer, as it is and compiled, and of its cell
in a loop; where they are installed, of PyTorch's, and of a scan in JAX.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np

import autograd
import nn
from autograd import Tensor
from benchmarks import peers
from benchmarks.harness import Candidate, Makers, at_hand, main, race
from benchmarks.peers import Array, Arrays

FEATURES, UNITS, STEPS, BATCH = 8, 64, 32, 32
BASELINE = "torch, nn.LSTM"
TITLE = f"LSTM {FEATURES} to {UNITS}, {STEPS} steps, float32, batch {BATCH}: forward and backward"


def draw() -> tuple[Array, Arrays]:
    """A batch of sequences, and the weights and biases, always the same."""
    rng = np.random.default_rng(0)
    shapes = ((4 * UNITS, FEATURES), (4 * UNITS, UNITS), (4 * UNITS,), (4 * UNITS,))
    start = [rng.uniform(-1, 1, shape) / UNITS**0.5 for shape in shapes]
    x = rng.normal(size=(STEPS, BATCH, FEATURES))
    return x.astype(np.float32), [array.astype(np.float32) for array in start]


def candidate(module: nn.Module, loss: Callable[[Any], Any], x: Array) -> Candidate:
    """Forward and backward of a loss that a module computes."""
    parameters, given = module.parameters(), Tensor(x)

    def gradients() -> tuple[float, Arrays]:
        return step(), [parameter.grad for parameter in parameters]

    def step() -> float:
        module.zero_grad()
        out = loss(given)
        out.backward()
        return float(out.item())

    return Candidate(gradients, step)


def layer(x: Array, start: Arrays, *, compiled: bool) -> Candidate:
    """The layer, whose whole sequence is one operation."""
    lstm = nn.LSTM(FEATURES, UNITS, dtype=np.float32)
    lstm.load_state_dict(dict(zip(lstm.state_dict(), start, strict=True)))

    def loss(x: Any) -> Any:
        return lstm(x)[0].square().mean()

    return candidate(lstm, autograd.compile(loss) if compiled else loss, x)


def cells(x: Array, start: Arrays) -> Candidate:
    """The cell, called for each step."""
    cell = nn.LSTMCell(FEATURES, UNITS, dtype=np.float32)
    cell.load_state_dict(dict(zip(cell.state_dict(), start, strict=True)))

    def loss(x: Any) -> Any:
        state, states = None, []
        for t in range(STEPS):
            state = cell(x[t], state)
            states.append(state[0])
        return autograd.stack(states).square().mean()

    return candidate(cell, loss, x)


def torch_layer(x: Array) -> Callable[[list[Any]], Any]:
    torch = importlib.import_module("torch")
    given, zero = torch.tensor(x), torch.zeros(1, BATCH, UNITS)

    def loss(parameters: list[Any]) -> Any:
        found, *_ = torch.lstm(given, (zero, zero), parameters, True, 1, 0.0, True, False, False)
        return found.square().mean()

    return loss


def torch_cells(x: Array) -> Callable[[list[Any]], Any]:
    torch = importlib.import_module("torch")
    given, zero = torch.tensor(x), torch.zeros(BATCH, UNITS)

    def loss(parameters: list[Any]) -> Any:
        state, states = (zero, zero), []
        for step in given:
            state = torch.lstm_cell(step, state, *parameters)
            states.append(state[0])
        return torch.stack(states).square().mean()

    return loss


def jax_scan(x: Array) -> Callable[[list[Any]], Any]:
    library = importlib.import_module("jax")
    jnp, sigmoid = library.numpy, library.nn.sigmoid
    zero = np.zeros((BATCH, UNITS), np.float32)

    def loss(parameters: list[Any]) -> Any:
        w_ih, w_hh, b_ih, b_hh = parameters

        def step(state: Any, before: Any) -> Any:
            h, c = state
            i, f, g, o = jnp.split(before + h @ w_hh.T, 4, axis=1)
            c = sigmoid(f) * c + sigmoid(i) * jnp.tanh(g)
            h = sigmoid(o) * jnp.tanh(c)
            return (h, c), h

        _, states = library.lax.scan(step, (zero, zero), x @ w_ih.T + (b_ih + b_hh))
        return jnp.square(states).mean()

    return loss


def makers() -> Makers:
    x, start = draw()
    return {
        "glassgrad, compiled": lambda: layer(x, start, compiled=True),
        "glassgrad, eager": lambda: layer(x, start, compiled=False),
        "glassgrad, nn.LSTMCell in a loop": lambda: cells(x, start),
        BASELINE: lambda: peers.pytorch(start, torch_layer(x)),
        "torch, nn.LSTMCell in a loop": lambda: peers.pytorch(start, torch_cells(x)),
        "jax.jit": lambda: peers.jax(start, jax_scan(x)),
    }


def measure(quick: bool) -> Any:
    ways = at_hand(makers(), quick)
    return {TITLE: race(ways, "glassgrad, eager", BASELINE, 3 if quick else 15, tolerance=1e-4)}


if __name__ == "__main__":
    main("lstm_step", measure, __doc__)
