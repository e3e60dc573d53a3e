"""Whole sequences through recurrent networks, each as one operation.

`autograd.rules.through_time` computes them, and goes back through them. What they are made of, to
be differentiated more than once, stands here.
"""

from __future__ import annotations

from typing import Any

from autograd.op import Case, operation
from autograd.rules import through_time
from autograd.rules.arrays import index
from autograd.rules.exponential import sigmoid
from autograd.rules.layout import stack
from autograd.rules.networks import linear
from autograd.rules.piecewise import relu
from autograd.rules.trigonometric import tanh as bend

WERBOS = "Werbos 1990, Backpropagation through time"
ELMAN = f"Elman 1990, Finding structure in time; {WERBOS}"
HOCHREITER = f"Hochreiter & Schmidhuber 1997, Long short-term memory; {WERBOS}"
CHO = f"Cho et al. 2014, Learning phrase representations using RNN encoder-decoder; {WERBOS}"


def _cases(gates: int, states: int, more: int, **params: Any) -> tuple[list[Case], list[Case]]:
    """Ways to try an operation, and its way back; `more` rows come after the states."""
    there, back = [], []
    for steps, batch, units in ((3, 2, 2), (1, 1, 1)):
        x, state = (steps, batch, 3), (batch, units)
        rows = gates * units
        shapes = (x, *[state] * states, (rows, 3), (rows, units), (rows,), (rows,))
        there.append(Case(shapes, params))
        back.append(Case(((steps + more, *state), *shapes), {**params, "i": 1}))
    return there, back


TANH, TANH_BACK = _cases(1, 1, 0, nonlinearity="tanh")
RELU, RELU_BACK = _cases(1, 1, 0, nonlinearity="relu")
LSTM, LSTM_BACK = _cases(4, 2, 1)
GRU, GRU_BACK = _cases(3, 1, 0)


def _by_gates(x: Any, count: int) -> list[Any]:
    """The blocks of columns that belong to each gate."""
    units = x.shape[-1] // count
    return [index(x, key=(..., slice(k * units, (k + 1) * units))) for k in range(count)]


def _rnn(x: Any, h: Any, w_x: Any, w_h: Any, b_x: Any, b_h: Any, nonlinearity: str) -> Any:
    bent, states = bend if nonlinearity == "tanh" else relu, []
    for t in range(x.shape[0]):
        h = bent(linear(index(x, key=(t,)), w_x, b_x) + linear(h, w_h, b_h))
        states.append(h)
    return stack(*states, axis=0)


@operation(
    array=lambda *xs, nonlinearity: through_time.rnn(*xs, nonlinearity=nonlinearity)[0],
    vjps=[
        lambda g, out, *xs, nonlinearity, i=i: rnn_back(g, *xs, nonlinearity=nonlinearity, i=i)
        for i in range(6)
    ],
    pullback=through_time.rnn,
    composed=_rnn,
    cases=TANH + RELU,
    source=ELMAN,
    public=False,
)
def rnn(x: Any, h: Any, w_x: Any, w_h: Any, b_x: Any, b_h: Any, *, nonlinearity: Any) -> Any:
    """The states of a plain recurrent network, ``h = tanh(w_x x + b_x + w_h h + b_h)``, or of relu.

    Examples
    --------
    >>> one = [[1.0]]
    >>> rnn([one, one], one, [[2.0]], [[3.0]], [0.0], [0.5], nonlinearity="relu")
    array([[[ 5.5]],
           [[19. ]]])
    """


@operation(
    array=lambda g, *xs, nonlinearity, i: through_time.rnn(*xs, nonlinearity=nonlinearity)[1](g, i),
    vjps=[None] * 7,
    cases=TANH_BACK + RELU_BACK,
    source=ELMAN,
    public=False,
)
def rnn_back(
    g: Any, x: Any, h: Any, w_x: Any, w_h: Any, b_x: Any, b_h: Any, *, nonlinearity: Any, i: Any
) -> Any:
    """What a gradient of `rnn` becomes at operand i, in numbers.

    Examples
    --------
    >>> one = [[1.0]]
    >>> rnn_back([one], [one], one, one, [[3.0]], [0.0], [0.5], nonlinearity="relu", i=1)
    array([[3.]])
    """


def _lstm(x: Any, h: Any, c: Any, w_x: Any, w_h: Any, b_x: Any, b_h: Any) -> Any:
    states = []
    for t in range(x.shape[0]):
        gates = linear(index(x, key=(t,)), w_x, b_x) + linear(h, w_h, b_h)
        let_in, forget, new, let_out = _by_gates(gates, 4)
        c = sigmoid(forget) * c + sigmoid(let_in) * bend(new)
        h = sigmoid(let_out) * bend(c)
        states.append(h)
    return stack(*states, c, axis=0)


@operation(
    array=lambda *xs: through_time.lstm(*xs)[0],
    vjps=[lambda g, out, *xs, i=i: lstm_back(g, *xs, i=i) for i in range(7)],
    pullback=through_time.lstm,
    composed=_lstm,
    cases=LSTM,
    source=HOCHREITER,
    public=False,
)
def lstm(x: Any, h: Any, c: Any, w_x: Any, w_h: Any, b_x: Any, b_h: Any) -> Any:
    """The states of long short-term memory after each step; and after them all, its last cells.

    Examples
    --------
    >>> zero, zeros = [[0.0]], [[0.0]] * 4
    >>> lstm([zero], zero, [[1.0]], zeros, zeros, [0.0] * 4, [0.0] * 4)[1]
    array([[0.5]])
    """


@operation(
    array=lambda g, *xs, i: through_time.lstm(*xs)[1](g, i),
    vjps=[None] * 8,
    cases=LSTM_BACK,
    source=HOCHREITER,
    public=False,
)
def lstm_back(
    g: Any, x: Any, h: Any, c: Any, w_x: Any, w_h: Any, b_x: Any, b_h: Any, *, i: Any
) -> Any:
    """What a gradient of `lstm` becomes at operand i, in numbers.

    Examples
    --------
    >>> zero, one, zeros = [[0.0]], [[1.0]], [[0.0]] * 4
    >>> lstm_back([zero, one], [zero], zero, one, zeros, zeros, [0.0] * 4, [0.0] * 4, i=2)
    array([[0.5]])
    """


def _gru(x: Any, h: Any, w_x: Any, w_h: Any, b_x: Any, b_h: Any) -> Any:
    states = []
    for t in range(x.shape[0]):
        reset_x, keep_x, new_x = _by_gates(linear(index(x, key=(t,)), w_x, b_x), 3)
        reset_h, keep_h, new_h = _by_gates(linear(h, w_h, b_h), 3)
        new = bend(new_x + sigmoid(reset_x + reset_h) * new_h)
        h = new + sigmoid(keep_x + keep_h) * (h - new)
        states.append(h)
    return stack(*states, axis=0)


@operation(
    array=lambda *xs: through_time.gru(*xs)[0],
    vjps=[lambda g, out, *xs, i=i: gru_back(g, *xs, i=i) for i in range(6)],
    pullback=through_time.gru,
    composed=_gru,
    cases=GRU,
    source=CHO,
    public=False,
)
def gru(x: Any, h: Any, w_x: Any, w_h: Any, b_x: Any, b_h: Any) -> Any:
    """The states of gated recurrent units after each step.

    Examples
    --------
    >>> zero, zeros = [[0.0]], [[0.0]] * 3
    >>> gru([zero], [[1.0]], zeros, zeros, [0.0] * 3, [0.0] * 3)
    array([[[0.5]]])
    """


@operation(
    array=lambda g, *xs, i: through_time.gru(*xs)[1](g, i),
    vjps=[None] * 7,
    cases=GRU_BACK,
    source=CHO,
    public=False,
)
def gru_back(g: Any, x: Any, h: Any, w_x: Any, w_h: Any, b_x: Any, b_h: Any, *, i: Any) -> Any:
    """What a gradient of `gru` becomes at operand i, in numbers.

    Examples
    --------
    >>> zero, zeros = [[0.0]], [[0.0]] * 3
    >>> gru_back([[[1.0]]], [zero], [[1.0]], zeros, zeros, [0.0] * 3, [0.0] * 3, i=1)
    array([[0.5]])
    """
