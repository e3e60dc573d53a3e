"""Transformer encoders and positions: PyTorch's numbers, and what is refused."""

import copy
import pickle

import numpy as np
import pytest
from layer_entries import compare, total
from reference_entries import entries

import autograd
import nn
from autograd import Tensor, gradcheck, gradgradcheck
from nn import LearnedPositions, SinusoidalPositions, TransformerEncoder, TransformerEncoderLayer

ENTRIES = entries("transformers.json")
X = np.random.default_rng(0).normal(size=(3, 2, 4))
SMALL = {"d_model": 4, "nhead": 2, "dim_feedforward": 3, "dropout": 0.0}


def make(name, settings):
    if name == "TransformerEncoderLayer":
        return TransformerEncoderLayer(**settings)
    settings = dict(settings)
    norm = nn.LayerNorm(settings["d_model"]) if settings.pop("norm") else None
    return TransformerEncoder(TransformerEncoderLayer(**settings), 2, norm)


@pytest.mark.parametrize("entry", ENTRIES["encoders"], ids=lambda entry: str(entry["settings"]))
def test_pytorchs_numbers(entry):
    compare(entry, make)


@pytest.mark.parametrize("entry", ENTRIES["stacks"], ids=lambda entry: str(entry["settings"]))
def test_pytorchs_numbers_of_several_layers(entry):
    compare(entry, make)


def test_derivatives_of_both_orders():
    layer = TransformerEncoderLayer(**SMALL, activation="gelu", generator=0)
    x = Tensor(X, requires_grad=True)

    def loss(x, *_):
        return total(layer(x, is_causal=True))

    assert gradcheck(loss, (x, *layer.parameters()))
    assert gradgradcheck(loss, (x, *layer.parameters()[:2]))


def test_the_layers_are_copies():
    layer = TransformerEncoderLayer(**SMALL, generator=0)
    encoder = TransformerEncoder(layer, 3)
    assert len(encoder.parameters()) == 3 * len(layer.parameters())
    first, last = encoder.layers[0], encoder.layers[2]
    np.testing.assert_array_equal(first.linear1.weight.data, last.linear1.weight.data)
    last.linear1.weight.data = last.linear1.weight.data + 1.0
    np.testing.assert_array_equal(first.linear1.weight.data, layer.linear1.weight.data)


def test_an_activation_of_the_users_own():
    layer = TransformerEncoderLayer(**SMALL, activation=autograd.tanh, generator=0)
    usual = TransformerEncoderLayer(**SMALL, generator=0)
    assert (layer(Tensor(X)).data != usual(Tensor(X)).data).any()
    for other in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        np.testing.assert_array_equal(other(Tensor(X)).data, layer(Tensor(X)).data)


def test_dropout_is_drawn_anew_in_each_replay():
    layer = TransformerEncoderLayer(**SMALL | {"dropout": 0.5}, generator=0)
    found = autograd.compile(layer)
    assert (found(X).data != found(X).data).any()
    layer.eval()
    np.testing.assert_array_equal(found(X).data, found(X).data)


def test_float32_stays():
    layer = TransformerEncoderLayer(**SMALL, activation="gelu", generator=0, dtype=np.float32)
    x = Tensor(X, dtype=np.float32, requires_grad=True)
    places = [SinusoidalPositions(5, 4), LearnedPositions(5, 4, generator=0)]
    out = layer(places[1](places[0](x)))
    assert out.dtype == np.float32
    out.sum().backward()
    assert {leaf.grad.dtype for leaf in (x, *layer.parameters())} == {np.dtype(np.float32)}


def test_the_waves_are_those_of_the_paper():
    waves = SinusoidalPositions(50, 6)(autograd.zeros(50, 6)).data
    for place in (0, 1, 49):
        for i in range(3):
            angle = place / 10000 ** (2 * i / 6)
            assert waves[place, 2 * i] == pytest.approx(np.sin(angle), abs=1e-12)
            assert waves[place, 2 * i + 1] == pytest.approx(np.cos(angle), abs=1e-12)


@pytest.mark.parametrize("width", [1, 5, 6])
def test_places_are_counted_along_the_sequence(width):
    first, later = (
        SinusoidalPositions(9, width, batch_first=batch_first) for batch_first in (True, False)
    )
    x = Tensor(np.random.default_rng(0).normal(size=(2, 7, width)))
    np.testing.assert_allclose(first(x).data, later(x.transpose(0, 1)).data.swapaxes(0, 1))
    np.testing.assert_allclose(first(x).data[1], later(x[1]).data)
    assert not first.parameters()
    assert not first.state_dict()


def test_learned_places_learn():
    places = LearnedPositions(5, 4, generator=0)
    places(Tensor(X)).sum().backward()
    np.testing.assert_array_equal(places.weight.grad, [[2.0] * 4] * 3 + [[0.0] * 4] * 2)
    assert list(places.state_dict()) == ["weight"]
    assert repr(places) == "LearnedPositions(5, 4)"


REFUSED = {
    "activation": (
        lambda: TransformerEncoderLayer(4, 2, activation="sin"),
        "activation='relu' or 'gelu', or a function, not 'sin'",
    ),
    "layers": (
        lambda: TransformerEncoder(TransformerEncoderLayer(4, 2), 0),
        "num_layers must be at least 1, but is 0",
    ),
    "length": (
        lambda: SinusoidalPositions(2, 4)(Tensor(X)),
        r"SinusoidalPositions\(max_len=2\) was given 3 places: x has shape \(3, 2, 4\)",
    ),
    "width": (
        lambda: LearnedPositions(5, 3)(Tensor(X)),
        r"LearnedPositions\(d_model=3\) was given x of shape \(3, 2, 4\)",
    ),
    "size": (lambda: LearnedPositions(0, 3), "max_len must be at least 1, but is 0"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_it_refuses(name):
    act, text = REFUSED[name]
    with pytest.raises(ValueError, match=text):
        act()
