"""RNN, LSTM, GRU and their cells: PyTorch's numbers, names and shapes."""

import copy
import pickle

import numpy as np
import pytest
from layer_entries import compare, parts, total
from reference_entries import entries

import autograd
import nn
from autograd import Tensor, gradcheck, gradgradcheck

ENTRIES = [entry for group in ("sequences", "cells") for entry in entries("recurrent.json")[group]]
LAYERS = (nn.RNN, nn.LSTM, nn.GRU)
CELLS = (nn.RNNCell, nn.LSTMCell, nn.GRUCell)
STEPS = np.random.default_rng(0).normal(size=(4, 2, 3))


def make(name, settings):
    return getattr(nn, name)(**settings)


def name(entry):
    state = "from a state" if len(entry["arguments"]) > 1 else ""
    return f"{entry['layer']} {entry['settings']} {state}"


@pytest.mark.parametrize("entry", ENTRIES, ids=name)
def test_pytorchs_numbers(entry):
    compare(entry, make)


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("settings", [{}, {"num_layers": 2, "bidirectional": True}])
def test_derivatives_of_both_orders(layer, settings):
    module = layer(3, 2, generator=0, **settings)
    x = Tensor(STEPS[:3], requires_grad=True)
    parameters = module.parameters()

    def loss(x, *_):
        return total(module(x))

    assert gradcheck(loss, (x, *parameters))
    if not settings:
        assert gradgradcheck(loss, (x, *parameters))


@pytest.mark.parametrize("layer", LAYERS)
def test_cells_in_a_loop_give_what_the_layer_gives(layer):
    module = layer(3, 2, generator=0)
    cell = getattr(nn, f"{layer.__name__}Cell")(3, 2)
    cell.load_state_dict(
        {key.removesuffix("_l0"): array for key, array in module.state_dict().items()}
    )
    state, states = None, []
    for step in STEPS:
        state = cell(Tensor(step), state)
        states.append(state[0] if isinstance(state, tuple) else state)
    np.testing.assert_allclose(autograd.stack(states).data, module(STEPS)[0].data, rtol=1e-12)


@pytest.mark.parametrize("layer", LAYERS)
def test_float32_stays(layer):
    module = layer(3, 2, num_layers=2, generator=0, dtype=np.float32)
    x = Tensor(STEPS, dtype=np.float32, requires_grad=True)
    outputs = parts(module(x))
    assert {out.dtype for out in outputs} == {np.dtype(np.float32)}
    sum(out.sum() for out in outputs).backward()
    assert {leaf.grad.dtype for leaf in (x, *module.parameters())} == {np.dtype(np.float32)}
    wide = layer(3, 2, num_layers=2, generator=0)
    np.testing.assert_allclose(module(x)[0].data, wide(STEPS)[0].data, atol=1e-6)


@pytest.mark.parametrize("layer", [*LAYERS, *CELLS])
def test_weights_are_drawn_as_pytorch_draws_them(layer):
    module = layer(3, 25, generator=0)
    for parameter in module.parameters():
        assert np.abs(parameter.data).max() <= 0.2
        assert parameter.data.std() == pytest.approx(0.2 / 3**0.5, rel=0.2)
    again = layer(3, 25, generator=0)
    other = layer(3, 25, generator=1)
    for mine, same, different in zip(
        module.parameters(), again.parameters(), other.parameters(), strict=True
    ):
        assert (mine.data == same.data).all()
        assert (mine.data != different.data).all()
    assert (module.parameters()[0].data[:3, :3] != module.parameters()[1].data[:3, :3]).all()


def test_dropout_is_between_layers_and_in_training_alone():
    module = nn.LSTM(3, 8, num_layers=2, dropout=0.5, generator=0)
    one, two = (module(STEPS)[0].data for _ in range(2))
    assert (one != two).any()
    assert (module.eval()(STEPS)[0].data == module(STEPS)[0].data).all()
    with pytest.warns(UserWarning, match=r"dropout=0.5 is between layers, of which there is one"):
        nn.LSTM(3, 8, dropout=0.5)


def test_dropout_is_drawn_anew_in_each_replay():
    module = nn.GRU(3, 8, num_layers=2, dropout=0.5, generator=0)
    output = autograd.compile(lambda x: module(x)[0])
    one, two = (output(STEPS).data for _ in range(2))
    assert (one != two).any()
    assert output.cache_info()[:2] == (1, 1)


@pytest.mark.parametrize("layer", LAYERS)
def test_what_is_behind_a_choice_has_the_same_gradients(layer):
    """There each operation goes by its general way, which must not compute less."""
    module, x = layer(3, 2, generator=0), Tensor(STEPS)
    module(x)[0].sum().backward()
    expected = [parameter.grad for parameter in module.parameters()]
    module.zero_grad()
    output = module(x)[0]
    autograd.where(output.detach() < 10.0, output, 0.0).sum().backward()
    for parameter, grad in zip(module.parameters(), expected, strict=True):
        np.testing.assert_allclose(parameter.grad, grad, rtol=1e-12)


def test_two_passes_over_one_graph_are_twice_one():
    module = nn.LSTM(3, 2, generator=0)
    loss = total(module(Tensor(STEPS)))
    loss.backward()
    once = [parameter.grad.copy() for parameter in module.parameters()]
    loss.backward()
    for parameter, grad in zip(module.parameters(), once, strict=True):
        np.testing.assert_array_equal(parameter.grad, 2.0 * grad)


def test_a_frozen_weight_gets_no_gradient():
    module = nn.LSTM(3, 2, generator=0)
    module.weight_ih_l0.requires_grad = False
    total(module(Tensor(STEPS))).backward()
    assert module.weight_ih_l0.grad is None
    assert module.weight_hh_l0.grad is not None


def test_it_can_be_copied_and_pickled_and_says_what_it_is():
    module = nn.LSTM(3, 2, num_layers=2, bidirectional=True, generator=0)
    for other in (copy.deepcopy(module), pickle.loads(pickle.dumps(module))):
        np.testing.assert_array_equal(other(STEPS)[0].data, module(STEPS)[0].data)
    assert repr(module) == "LSTM(3, 2, num_layers=2, bidirectional=True)"
    assert repr(nn.RNN(3, 2, bias=False, batch_first=True)) == (
        "RNN(3, 2, bias=False, batch_first=True)"
    )
    assert repr(nn.RNNCell(3, 2, nonlinearity="relu")) == "RNNCell(3, 2, nonlinearity=relu)"
    assert repr(nn.LSTMCell(3, 2, bias=False)) == "LSTMCell(3, 2, bias=False)"


REFUSED = {
    "features": (
        lambda: nn.LSTM(8, 2)(np.ones((32, 4, 7))),
        r"LSTM\(input_size=8\) was given 7 features: x has shape \(32, 4, 7\)",
    ),
    "axes": (
        lambda: nn.GRU(8, 2, batch_first=True)(np.ones(8)),
        r"GRU\(input_size=8\) takes \(batch, steps, features\), or .*shape \(8,\)",
    ),
    "no step": (lambda: nn.RNN(8, 2)(np.ones((0, 2, 8))), "of at least one step and sample"),
    "state": (
        lambda: nn.GRU(8, 2)(np.ones((5, 4, 8)), np.ones((4, 2))),
        r"GRU: h_0 must have shape \(1, 4, 2\), but has \(4, 2\)",
    ),
    "cells": (
        lambda: nn.LSTM(8, 2)(np.ones((5, 8)), (np.ones((1, 2)), np.ones((1, 3)))),
        r"LSTM: c_0 must have shape \(1, 2\), but has \(1, 3\)",
    ),
    "pair": (lambda: nn.LSTM(8, 2)(np.ones((5, 8)), np.ones((1, 2))), r"a pair \(h_0, c_0\)"),
    "size": (lambda: nn.LSTM(0, 2), "LSTM: input_size must be at least 1, but is 0"),
    "dropout": (
        lambda: nn.LSTM(1, 2, 2, dropout=2.0),
        "dropout is a probability",
    ),
    "projection": (lambda: nn.LSTM(3, 2, proj_size=1), "proj_size=1 must be 0"),
    "bent": (lambda: nn.RNN(3, 2, nonlinearity="sin"), "nonlinearity='tanh' or 'relu', not 'sin'"),
    "cell": (
        lambda: nn.LSTMCell(8, 2)(np.ones((4, 7))),
        r"LSTMCell\(input_size=8\) takes \(batch, 8\) or \(8,\), but x has shape \(4, 7\)",
    ),
    "cell state": (
        lambda: nn.GRUCell(8, 2)(np.ones((4, 8)), np.ones(2)),
        r"GRUCell: a state must have shape \(4, 2\), not \(2,\)",
    ),
    "function": (
        lambda: autograd.lstm(
            np.ones((5, 4, 8)), *np.ones((2, 4, 2)), np.ones((8, 7)), np.ones((8, 2))
        ),
        r"lstm: weight_ih \(8, 7\) does not fit input \(5, 4, 8\).*must be \(8, 8\)",
    ),
    "function without steps": (
        lambda: autograd.gru(np.ones((0, 4, 8)), np.ones((4, 2)), np.ones((6, 8)), np.ones((6, 2))),
        r"gru takes steps, at least one, .* input \(0, 4, 8\)",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_it_refuses(name):
    act, text = REFUSED[name]
    with pytest.raises((ValueError, TypeError), match=text):
        act()
