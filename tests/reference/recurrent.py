"""Make recurrent.json: what PyTorch gives for its recurrent layers, in float64.

The tests read the JSON and need no PyTorch. To make it again, in an environment of its own:

    python -m venv torch-environment
    torch-environment/bin/pip install torch==2.13.0 numpy
    torch-environment/bin/python tests/reference/recurrent.py

It is the same each time. Each entry has a layer, how it is made, its state, what it is called with,
what it gives (of nested tuples, all in order), and the gradients of the sum of all that, weighted
as in differentiated.py, by what it is called with and by its parameters.
"""

from __future__ import annotations

from pathlib import Path

from differentiated import write
from layer_calls import case, rounded
from torch.nn import GRU, LSTM, RNN, GRUCell, LSTMCell, RNNCell

SIZES = {"input_size": 3, "hidden_size": 2}
SETTINGS = [
    {},
    {"bias": False, "batch_first": True},
    {"num_layers": 2, "bidirectional": True},
    {"num_layers": 2, "batch_first": True, "dropout": 0.5},  # called after eval()
]


def started(layer, *shape):
    """A random state to start from, which of an LSTM is a pair."""
    states = tuple(rounded(shape) for _ in range(2 if "LSTM" in layer.__name__ else 1))
    return states if len(states) > 1 else states[0]


def sequences():
    for layer in (RNN, LSTM, GRU):
        more = [{"nonlinearity": "relu"}] if layer is RNN else []
        for settings in [*SETTINGS, *more]:
            batch, steps = (2, 3) if settings.get("batch_first") else (3, 2)
            x = rounded((batch, steps, 3))
            training = not settings.get("dropout")
            yield case(layer, SIZES | settings, x, training=training)
            count = settings.get("num_layers", 1) * (2 if settings.get("bidirectional") else 1)
            many = steps if not settings.get("batch_first") else batch
            start = started(layer, count, many, 2)
            yield case(layer, SIZES | settings, x.detach(), start, training=training)
        yield case(layer, SIZES, rounded((4, 3)))
        yield case(layer, SIZES | {"bidirectional": True}, rounded((1, 3)), started(layer, 2, 2))


def cells():
    for layer in (RNNCell, LSTMCell, GRUCell):
        more = [{"nonlinearity": "relu"}] if layer is RNNCell else []
        for settings in [{}, {"bias": False}, *more]:
            yield case(layer, SIZES | settings, rounded((4, 3)))
            yield case(layer, SIZES | settings, rounded((4, 3)), started(layer, 4, 2))
        yield case(layer, SIZES, rounded((3,)), started(layer, 2))


if __name__ == "__main__":
    write(Path(__file__), sequences=sequences(), cells=cells())
