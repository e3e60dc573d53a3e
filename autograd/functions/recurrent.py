"""Sequences through recurrent networks: plain, with long short-term memory, with gates."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import rules
from autograd.complaints import called, dtype_of, shape_of
from autograd.functions.arguments import operand
from autograd.rules.arrays import index


def rnn(
    input: Any,
    h: Any,
    weight_ih: Any,
    weight_hh: Any,
    bias_ih: Any = None,
    bias_hh: Any = None,
    *,
    nonlinearity: str = "tanh",
) -> Any:
    """The states of a plain recurrent network after each step of a sequence.

    ``h = tanh(weight_ih x + bias_ih + weight_hh h + bias_hh)``, or relu, as in ``torch.nn.RNN``
    (Elman 1990, Finding structure in time).

    Parameters
    ----------
    input : Tensor of shape (steps, batch, features)
    h : Tensor of shape (batch, units)
        The state before the first step.
    weight_ih, weight_hh : Tensors of shape (units, features) and (units, units)
    bias_ih, bias_hh : Tensors of shape (units,), optional
    nonlinearity : {"tanh", "relu"}

    Returns
    -------
    Tensor of shape (steps, batch, units)

    Raises
    ------
    ValueError
        If the shapes do not fit, there is no step, or there is no such nonlinearity.

    Examples
    --------
    >>> from autograd import Tensor
    >>> x = Tensor([[[1.0]], [[1.0]]])
    >>> rnn(x, [[1.0]], [[2.0]], [[3.0]], nonlinearity="relu").tolist()
    [[[5.0]], [[17.0]]]
    """
    if nonlinearity not in ("tanh", "relu"):
        raise ValueError(f"rnn takes nonlinearity='tanh' or 'relu', not {nonlinearity!r}")
    operands = _fitting("rnn", 1, (input, h), (weight_ih, weight_hh, bias_ih, bias_hh))
    return rules.rnn(*operands, nonlinearity=nonlinearity)


def lstm(
    input: Any,
    h: Any,
    c: Any,
    weight_ih: Any,
    weight_hh: Any,
    bias_ih: Any = None,
    bias_hh: Any = None,
) -> tuple[Any, Any]:
    """The states of long short-term memory after each step of a sequence, and its last cells.

    ``c = σ(f) · c + σ(i) · tanh(g)`` and ``h = σ(o) · tanh(c)``, where the gates i, f, g, o are the
    four blocks of ``weight_ih x + bias_ih + weight_hh h + bias_hh``. As in ``torch.nn.LSTM``
    (Hochreiter & Schmidhuber 1997, Long short-term memory).

    Parameters
    ----------
    input : Tensor of shape (steps, batch, features)
    h, c : Tensors of shape (batch, units)
        The state and the cells before the first step.
    weight_ih, weight_hh : Tensors of shape (4 · units, features) and (4 · units, units)
    bias_ih, bias_hh : Tensors of shape (4 · units,), optional

    Returns
    -------
    output : Tensor of shape (steps, batch, units)
        The state after each step.
    c : Tensor of shape (batch, units)
        The cells after the last.

    Raises
    ------
    ValueError
        If the shapes do not fit, or there is no step.

    Examples
    --------
    >>> from autograd import zeros
    >>> output, c = lstm(zeros(1, 1, 3), [[0.0]], [[1.0]], zeros(4, 3), zeros(4, 1))
    >>> c
    Tensor([[0.5]])
    """
    weights = (weight_ih, weight_hh, bias_ih, bias_hh)
    states = rules.lstm(*_fitting("lstm", 4, (input, h, c), weights))
    steps = shape_of(input)[0]
    return index(states, key=(slice(0, steps),)), index(states, key=(steps,))


def gru(
    input: Any, h: Any, weight_ih: Any, weight_hh: Any, bias_ih: Any = None, bias_hh: Any = None
) -> Any:
    """The states of gated recurrent units after each step of a sequence.

    ``h = (1 - z) · n + z · h`` with ``n = tanh(nx + r · nh)``, ``r = σ(rx + rh)``, ``z = σ(zx +
    zh)``, where rx, zx, nx are the three blocks of ``weight_ih x + bias_ih``, and rh, zh, nh those
    of ``weight_hh h + bias_hh``. As in ``torch.nn.GRU``, and not quite as in Cho et al. 2014,
    Learning phrase representations using RNN encoder-decoder.

    Parameters
    ----------
    input : Tensor of shape (steps, batch, features)
    h : Tensor of shape (batch, units)
        The state before the first step.
    weight_ih, weight_hh : Tensors of shape (3 · units, features) and (3 · units, units)
    bias_ih, bias_hh : Tensors of shape (3 · units,), optional

    Returns
    -------
    Tensor of shape (steps, batch, units)

    Raises
    ------
    ValueError
        If the shapes do not fit, or there is no step.

    Examples
    --------
    >>> from autograd import zeros
    >>> gru(zeros(1, 1, 2), [[1.0]], zeros(3, 2), zeros(3, 1)).tolist()
    [[[0.5]]]
    """
    weights = (weight_ih, weight_hh, bias_ih, bias_hh)
    return rules.gru(*_fitting("gru", 3, (input, h), weights))


def _fitting(
    function: str, gates: int, given: tuple[Any, ...], weights: tuple[Any, ...]
) -> list[Any]:
    """The operands, zeros for the biases that are not given; an error if shapes do not fit."""
    operands = [operand(function, x) for x in (*given, *weights[:2])]
    x, *states, w_ih, w_hh = operands
    shape, columns = shape_of(x), shape_of(w_hh)[-1:]
    if len(shape) != 3 or not shape[0]:
        raise ValueError(
            f"{function} takes steps, at least one, of samples of features, but was given "
            f"{called(x, 'input')}"
        )
    rows = gates * columns[0] if columns else 0
    zeros = np.zeros(rows, dtype_of(w_hh))
    zeros.setflags(write=False)
    biases = [zeros if b is None else operand(function, b) for b in weights[2:]]
    wanted = [(shape[1], *columns)] * len(states)
    wanted += [(rows, shape[2]), (rows, *columns), (rows,), (rows,)]
    names = (*"hc"[: len(states)], "weight_ih", "weight_hh", "bias_ih", "bias_hh")
    for name, each, size in zip(names, [*states, w_ih, w_hh, *biases], wanted, strict=True):
        if shape_of(each) != size:
            raise ValueError(
                f"{function}: {called(each, name)} does not fit {called(x, 'input')} and "
                f"{called(w_hh, 'weight_hh')}: {name} must be {size}"
            )
    return [x, *states, w_ih, w_hh, *biases]
