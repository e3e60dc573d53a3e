"""How whole sequences go through recurrent networks, and their gradients back, in NumPy.

A step is small: what it takes to begin each operation counts as much as the operation. So what
enters a step stands in one column for each sample, ``(h, x, 1)``, and all weights in one matrix,
and a step is one product. In columns, each gate is also one block of memory.

Each function gives its result, and what makes shares of its gradient: an `Op.pullback`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.op import TABLE, Rule
from autograd.rules import trigonometric  # noqa: F401  where tanh enters the table
from autograd.rules.kept import kept

Array = NDArray[Any]
bend: Any = TABLE["tanh"].array
slope: Any = TABLE["tanh"].partials[0]


def rnn(x: Array, h: Array, *weights: Array, nonlinearity: str) -> tuple[Array, Rule]:
    """The state after each step of a plain recurrent network."""
    steps, batch, units = *x.shape[:2], h.shape[1]
    matrix = _joined(1, [0], [0], weights)[0]
    columns = _columns(x, h, np.result_type(x, h, matrix))
    states = columns[1:, :units]
    for t in range(steps):
        state = np.dot(matrix, columns[t])
        if nonlinearity == "tanh":
            bend(state, out=states[t])
        else:
            np.maximum(state, 0.0, out=states[t])

    def find(g: Array) -> list[Any]:
        slopes = slope(states, None) if nonlinearity == "tanh" else states > 0.0
        d, dh, back, total, more = _workspace(matrix, steps, units, batch, columns.dtype)
        for t in reversed(range(steps)):
            dh += g[t].T
            np.multiply(slopes[t], dh, out=d[t])
            total += np.dot(d[t], columns[t].T, out=more)
            np.dot(back, d[t], out=dh)
        parts = _parted(total[None], [0], [0])
        return [lambda: _to_x(d, matrix, units), dh.T.copy(), *parts]

    return _rows(states), kept(find)


def lstm(x: Array, h: Array, c: Array, *weights: Array) -> tuple[Array, Rule]:
    """The state after each step of long short-term memory; and after them all, its last cells."""
    steps, batch, units = *x.shape[:2], h.shape[1]
    every = [0, 1, 2, 3]
    matrix = _joined(4, every, every, weights)
    columns = _columns(x, h, np.result_type(x, h, c, matrix))
    halved, states = _halved(matrix, [0, 1, 3]), columns[1:, :units]
    gates = np.empty((steps, 4, units, batch), columns.dtype)
    cells, bent = np.empty((2, steps + 1, units, batch), columns.dtype)
    cells[0] = c.T
    for t in range(steps):
        let_in, forget, new, let_out = gate = gates[t]
        np.dot(halved, columns[t], out=gate.reshape(4 * units, batch))
        bend(gate, out=gate)
        _sigmoid(gate[:2])
        _sigmoid(let_out)
        cell = np.multiply(forget, cells[t], out=cells[t + 1])
        cell += let_in * new
        bend(cell, out=bent[t])
        np.multiply(let_out, bent[t], out=states[t])

    def find(g: Array) -> list[Any]:
        wide = matrix.reshape(4 * units, -1)
        d, dh, back, total, more = _workspace(wide, steps, units, batch, columns.dtype)
        slopes = _lstm_slopes(gates, cells[:-1], bent[:-1], d.reshape(gates.shape))
        to_cells = slope(bent[:-1], None)
        to_cells *= gates[:, 3]
        dc = g[steps].T.copy()
        for t in reversed(range(steps)):
            dh += g[t].T
            dc += dh * to_cells[t]
            slopes[t, :3] *= dc
            slopes[t, 3] *= dh
            dc *= gates[t, 1]
            total += np.dot(d[t], columns[t].T, out=more)
            np.dot(back, d[t], out=dh)
        parts = _parted(total.reshape(matrix.shape), every, every)
        return [lambda: _to_x(d, wide, units), dh.T.copy(), dc.T.copy(), *parts]

    return np.concatenate([_rows(states), _rows(cells[-1:])]), kept(find)


def _lstm_slopes(gates: Array, cells: Array, bent: Array, out: Array) -> Array:
    """What the gradients of the cells, and for the last gate of the state, become by the gates."""
    let_in, _, new, _ = gates.swapaxes(0, 1)
    np.subtract(1.0, gates, out=out)
    out *= gates
    out[:, 0] *= new
    out[:, 1] *= cells
    np.multiply(slope(new, None), let_in, out=out[:, 2])
    out[:, 3] *= bent
    return out


def gru(x: Array, h: Array, *weights: Array) -> tuple[Array, Rule]:
    """The state after each step of gated recurrent units.

    What its new state makes of `x` and of `h` stays apart: there are four blocks.
    """
    steps, batch, units = *x.shape[:2], h.shape[1]
    of_x, of_h = [0, 1, 2], [0, 1, 3]
    matrix = _joined(4, of_x, of_h, weights)
    columns = _columns(x, h, np.result_type(x, h, matrix))
    halved, states = _halved(matrix, [0, 1]), columns[1:, :units]
    gates = np.empty((steps, 4, units, batch), columns.dtype)
    for t in range(steps):
        reset, keep, new, old = gate = gates[t]
        np.dot(halved, columns[t], out=gate.reshape(4 * units, batch))
        bend(gate[:2], out=gate[:2])
        _sigmoid(gate[:2])
        new += reset * old
        bend(new, out=new)
        state = np.subtract(columns[t, :units], new, out=states[t])
        state *= keep
        state += new

    def find(g: Array) -> list[Any]:
        reset, keep, new, old = gates.swapaxes(0, 1)
        wide = matrix.reshape(4 * units, -1)
        d, dh, back, total, more = _workspace(wide, steps, units, batch, columns.dtype)
        slopes = np.subtract(1.0, gates, out=d.reshape(gates.shape))
        np.multiply(1.0 - keep, slope(new, None), out=slopes[:, 2])
        slopes[:, :2] *= gates[:, :2]
        slopes[:, 0] *= slopes[:, 2] * old
        slopes[:, 1] *= columns[:-1, :units] - new
        np.multiply(slopes[:, 2], reset, out=slopes[:, 3])
        for t in reversed(range(steps)):
            dh += g[t].T
            slopes[t] *= dh
            total += np.dot(d[t], columns[t].T, out=more)
            dh *= keep[t]
            dh += np.dot(back, d[t])
        parts = _parted(total.reshape(matrix.shape), of_x, of_h)
        return [lambda: _to_x(d, wide, units), dh.T.copy(), *parts]

    return _rows(states), kept(find)


def _columns(x: Array, h: Array, dtype: Any) -> Array:
    """What enters each step, ``(h, x, 1)``, a column for each sample; of the states only `h`."""
    (steps, batch, features), units = x.shape, h.shape[1]
    columns = np.empty((steps + 1, units + features + 1, batch), dtype)
    columns[0, :units] = h.T
    columns[:-1, units:-1] = x.transpose(0, 2, 1)
    columns[:, -1] = 1.0
    return columns


def _rows(columns: Array) -> Array:
    """The samples of each step as rows."""
    return np.ascontiguousarray(columns.transpose(0, 2, 1))


def _joined(
    blocks: int, of_x: Sequence[int], of_h: Sequence[int], weights: Sequence[Array]
) -> Array:
    """All weights in one matrix, and which of its blocks of rows read `x`, and which `h`."""
    w_x, w_h, b_x, b_h = weights
    units = w_h.shape[1]
    matrix = np.zeros((blocks, units, units + w_x.shape[1] + 1), np.result_type(*weights))
    matrix[of_h, :, :units] = w_h.reshape(-1, units, units)
    matrix[of_x, :, units:-1] = w_x.reshape(len(of_x), units, -1)
    matrix[of_x, :, -1] = b_x.reshape(-1, units)
    matrix[of_h, :, -1] += b_h.reshape(-1, units)
    return matrix


def _parted(matrix: Array, of_x: Sequence[int], of_h: Sequence[int]) -> list[Array]:
    """The gradients of the weights, from that of the matrix that `_joined` made of them."""
    units = matrix.shape[1]
    w_x, w_h = matrix[of_x, :, units:-1], matrix[of_h, :, :units]
    b_x, b_h = matrix[of_x, :, -1], matrix[of_h, :, -1]
    return [w_x.reshape(-1, w_x.shape[2]), w_h.reshape(-1, units), b_x.ravel(), b_h.ravel()]


def _halved(matrix: Array, blocks: Sequence[int]) -> Array:
    """The matrix with some blocks halved: ``σ(z) = (1 + tanh(z / 2)) / 2``, and tanh is quick."""
    halved = matrix.copy()
    halved[blocks] *= 0.5
    return halved.reshape(-1, matrix.shape[2])


def _sigmoid(bent: Array) -> None:
    """Make sigmoids of the tanh of halves, where they are."""
    bent *= 0.5
    bent += 0.5


def _workspace(
    matrix: Array, steps: int, units: int, batch: int, dtype: Any
) -> tuple[Array, Array, Array, Array, Array]:
    """What a pass back writes to, and the way from the gates to the state before."""
    d, dh = np.empty((steps, len(matrix), batch), dtype), np.zeros((units, batch), dtype)
    back = np.ascontiguousarray(matrix[:, :units].T)
    return d, dh, back, np.zeros(matrix.shape, dtype), np.empty(matrix.shape, dtype)


def _to_x(d: Array, matrix: Array, units: int) -> Array:
    """The gradient of `x`, from those of the gates."""
    shares: Array = d.transpose(0, 2, 1) @ matrix[:, units:-1]
    return shares
