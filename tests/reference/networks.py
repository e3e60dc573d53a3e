"""Make networks.json: what PyTorch gives for recurrent networks and attention, in float64.

The tests read the JSON and need no PyTorch. To make it again, in an environment of its own:

    python -m venv torch-environment
    torch-environment/bin/pip install torch==2.13.0 numpy
    torch-environment/bin/python tests/reference/networks.py

As in operations.py, an expression stands in the file as text, and the test evaluates that same text
with autograd's functions.
"""

from __future__ import annotations

from pathlib import Path

import torch
from differentiated import NAMES, at, drawn, write


def in_steps(cell, x, *states, weights):
    """The states after each step, and those of each kind after the last."""
    w_ih, w_hh, *biases = weights
    b_ih, b_hh = biases or (None, None)
    found = []
    for step in x:
        states = cell(step, states[0] if len(states) == 1 else states, w_ih, w_hh, b_ih, b_hh)
        states = states if isinstance(states, tuple) else (states,)
        found.append(states[0])
    return torch.stack(found), *states


def rnn(x, h, *weights, nonlinearity="tanh"):
    cell = torch.rnn_tanh_cell if nonlinearity == "tanh" else torch.rnn_relu_cell
    return in_steps(cell, x, h, weights=weights)[0]


def lstm(x, h, c, *weights):
    output, _, c = in_steps(torch.lstm_cell, x, h, c, weights=weights)
    return output, c


def gru(x, h, *weights):
    return in_steps(torch.gru_cell, x, h, weights=weights)[0]


def attention_weights(q, k, mask=None, scale=None):
    scores = q @ k.mT * (q.shape[-1] ** -0.5 if scale is None else scale)
    if mask is not None and mask.dtype == torch.bool:
        mask = torch.zeros(mask.shape).masked_fill(~mask, -torch.inf)
    return torch.softmax(scores if mask is None else scores + mask, -1)


def attention(q, k, v, mask=None, scale=None):
    """Written out: PyTorch's own has no second derivative."""
    return attention_weights(q, k, mask, scale) @ v


def self_attention(packed, heads, mask=None):
    batch, length, width = packed.shape
    apart = packed.reshape(batch, length, 3, heads, width // (3 * heads)).permute(2, 0, 3, 1, 4)
    found = attention(*apart, mask)
    return found.transpose(1, 2).reshape(batch, length, -1)


NAMES.update(rnn=rnn, lstm=lstm, gru=gru)
NAMES.update(
    attention=attention, attention_weights=attention_weights, self_attention=self_attention
)

STEPS, ONE = (3, 2, 2), (1, 1, 2)
HEADS = [[(2, 3, 4), (2, 5, 4), (2, 5, 2)], [(3, 4), (1, 4), (1, 3)]]
USES = {
    "rnn(x, x[0], y, z)": [[STEPS, (2, 2), (2, 2)], [ONE, (2, 2), (2, 2)]],
    "rnn(x, x[0], y, z, y[0], z[1], nonlinearity='relu')": [[STEPS, (2, 2), (2, 2)]],
    "lstm(x, x[0], x[-1], y, z)[0]": [[STEPS, (8, 2), (8, 2)], [ONE, (8, 2), (8, 2)]],
    "lstm(x, x[0], x[1], y, z, y[:, 0], z[:, 1])[1]": [[STEPS, (8, 2), (8, 2)]],
    "gru(x, x[0], y, z)": [[STEPS, (6, 2), (6, 2)], [ONE, (6, 2), (6, 2)]],
    "gru(x, x[0], y, z, y[:, 0], z[:, 1])": [[STEPS, (6, 2), (6, 2)]],
    "attention(x, y, z)": HEADS,
    "attention(x, y, z, scale=0.3)": HEADS,
    "attention(x, y, z, bools([[True, False, True, True, False]]))": HEADS[:1],
    "attention(x, y, y, z)": [[(2, 3, 4), (2, 5, 4), (3, 5)], [(2, 3, 4), (2, 5, 4), (2, 1, 5)]],
    "attention_weights(x, y)": [[(2, 3, 4), (2, 5, 4)]],
    "attention_weights(x, y, z, scale=1.0)": [[(2, 3, 4), (2, 5, 4), (5,)]],
    "self_attention(x, 2)": [[(2, 3, 12)], [(1, 1, 6)]],
    "self_attention(x, 2, y)": [[(2, 3, 12), (3, 3)]],
}


def networks():
    for expression, uses in USES.items():
        for shapes in uses:
            yield at(expression, drawn(shapes), second=True)


if __name__ == "__main__":
    write(Path(__file__), networks=networks())
