"""Layers against PyTorch's numbers: outputs, gradients, states, what they print, errors."""

from __future__ import annotations

import copy
import inspect
import pickle

import numpy as np
import pytest
from reference_entries import entries, weights

import autograd
import nn
from autograd import Tensor, gradcheck

LAYERS = entries("layers.json")["layers"]


def made(entry):
    """The layer with PyTorch's state, and its input."""
    module = eval(entry["expression"], {"nn": nn})
    module.load_state_dict({name: np.array(x) for name, x in entry["state"].items()})
    data = np.array(entry["input"])
    return module, Tensor(data, requires_grad=data.dtype.kind == "f")


def label(entry):
    return entry["expression"]


def compare(entry, module, x, call):
    module.zero_grad()
    x.zero_grad()
    out = call(x)
    np.testing.assert_allclose(out.data, entry["out"], rtol=1e-12, atol=1e-12)
    (out * weights(out.shape, 0)).sum().backward()
    if entry["gradient"] is not None:
        np.testing.assert_allclose(x.grad, entry["gradient"], rtol=1e-12, atol=1e-12)
    found = {name: p.grad for name, p in module.named_parameters()}
    assert found.keys() == entry["gradients"].keys()
    for name, gradient in entry["gradients"].items():
        np.testing.assert_allclose(found[name], gradient, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("entry", LAYERS, ids=label)
def test_outputs_and_gradients_are_pytorchs(entry):
    module, x = made(entry)
    compare(entry, module, x, module)


@pytest.mark.parametrize("entry", LAYERS, ids=label)
def test_compiled_they_are_the_same(entry):
    module, x = made(entry)
    compiled = autograd.compile(module)
    for _ in range(2):  # traced, and replayed
        compare(entry, module, x, compiled)
    assert compiled.cache_info()[:2] == (1, 1)


@pytest.mark.parametrize("entry", LAYERS, ids=label)
def test_they_print_as_in_pytorch(entry):
    module, _ = made(entry)
    assert repr(module) == entry["repr"]


@pytest.mark.parametrize("entry", LAYERS, ids=label)
@pytest.mark.parametrize("copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_copies_are_drawn_and_compute_the_same(entry, copied):
    module, x = made(entry)
    twin = copied(module)
    assert twin(x).tolist() == module(x).tolist()
    assert repr(twin) == repr(module)
    assert {id(p) for p in twin.parameters()}.isdisjoint({id(p) for p in module.parameters()})
    assert "svg" in twin(x).draw().svg


@pytest.mark.parametrize("entry", LAYERS, ids=label)
def test_float32_stays(entry):
    module = eval(entry["expression"], {"nn": nn})
    for holder in module.modules():
        for name, parameter in list(holder.own_parameters()):
            small = Tensor(parameter.data, dtype=np.float32, requires_grad=True)
            setattr(holder, name, small)
    given = np.array(entry["input"])
    out = module(Tensor(given.astype(np.float32) if given.dtype.kind == "f" else given))
    assert out.dtype == np.float32


# Linear


def test_the_weights_of_linear_are_drawn_as_pytorch_draws_them():
    layer = nn.Linear(100, 400, generator=0)
    bound = 0.1
    for numbers in (layer.weight.data, layer.bias.data):
        assert abs(numbers).max() <= bound
        # the variance of n uniform numbers has a deviation of b² √(4/45n)
        spread = bound**2 * np.sqrt(4 / 45 / numbers.size)
        assert abs(numbers.var() - bound**2 / 3) < 5 * spread
        assert abs(numbers.mean()) < 5 * bound / np.sqrt(3 * numbers.size)
    assert not np.isin(layer.bias.data, layer.weight.data).any(), "each has numbers of its own"


def test_a_seed_and_a_type():
    first, again, other, small = (
        nn.Linear(3, 2, generator=seed, dtype=dtype)
        for seed, dtype in ((1, None), (1, None), (2, None), (1, np.float32))
    )
    assert first.weight.tolist() == again.weight.tolist() != other.weight.tolist()
    assert small.weight.dtype == small.bias.dtype == np.float32
    np.testing.assert_array_equal(small.weight.data, first.weight.data.astype(np.float32))
    assert nn.Linear(3, 2).weight.dtype == np.float64
    first.reset_parameters(2)
    assert first.weight.tolist() == other.weight.tolist()


def test_one_generator_feeds_several_layers():
    source = np.random.default_rng(0)
    one, two = nn.Linear(2, 2, generator=source), nn.Linear(2, 2, generator=source)
    assert one.weight.tolist() != two.weight.tolist()
    autograd.manual_seed(3)
    one = nn.Linear(2, 2)
    autograd.manual_seed(3)
    assert nn.Linear(2, 2).weight.tolist() == one.weight.tolist() != two.weight.tolist()


def test_the_derivatives_of_linear():
    layer = nn.Linear(3, 2, generator=0)
    assert gradcheck(layer, (np.arange(6.0).reshape(2, 3),))


def test_linear_takes_lists_and_arrays():
    layer = nn.Linear(2, 1, generator=0)
    assert layer([[1.0, 2.0]]).tolist() == layer(np.array([[1.0, 2.0]])).tolist()


@pytest.mark.parametrize(
    ("do", "said"),
    [
        (lambda: nn.Linear(0, 2), "Linear: in_features must be at least 1, but is 0"),
        (lambda: nn.Linear(2, -1), "Linear: out_features must be at least 1, but is -1"),
        (
            lambda: nn.Linear(4, 2)(autograd.ones(8, 3)),
            r"Linear\(in_features=4\) was given 3 features: x has shape \(8, 3\)",
        ),
        (
            lambda: nn.Linear(4, 2, bias=False)(Tensor([1.0, 2.0], name="sample")),
            r"Linear\(in_features=4\) was given 2 features: sample has shape \(2,\)",
        ),
        (lambda: nn.PReLU(0), "PReLU: num_parameters must be at least 1"),
        (lambda: nn.Unflatten(1, (5, 2))(autograd.ones(2, 6)), r"axis 1 of x \(2, 6\)"),
        (lambda: nn.Unflatten(1, (-1, 4))(autograd.ones(2, 6)), r"does not become \(-1, 4\)"),
        (lambda: nn.Embedding(4, 2, 4), "padding_idx is one of 4 rows, but was given 4"),
        (lambda: nn.Embedding.from_pretrained([1.0]), r"a matrix.*\(1,\)"),
        (lambda: nn.Dropout(-0.1), "Dropout: p is a probability"),
        (lambda: nn.Dropout2d(2), "Dropout2d: p is a probability"),
    ],
)
def test_what_layers_refuse(do, said):
    with pytest.raises(ValueError, match=said):
        do()


def test_unflatten_of_an_axis_that_there_is_not():
    with pytest.raises(IndexError, match=r"x has shape \(6,\), and no dim 1"):
        nn.Unflatten(1, (2, 3))(autograd.ones(6))


# Embedding


def test_an_embedding_of_pretrained_rows():
    rows = np.arange(6.0).reshape(3, 2)
    table = nn.Embedding.from_pretrained(rows)
    assert table([2]).tolist() == [[4.0, 5.0]]
    assert not table.weight.requires_grad
    assert list(table.state_dict()) == ["weight"]
    assert nn.Embedding.from_pretrained(rows, freeze=False).weight.requires_grad
    padded = nn.Embedding.from_pretrained(rows, padding_idx=-1)
    assert (padded.padding_idx, padded([2]).tolist()) == (2, [[4.0, 5.0]])


def test_a_padding_row_is_zero_and_stays_so_compiled_too():
    table = nn.Embedding(4, 2, padding_idx=0, generator=0)
    assert table.weight.data[0].tolist() == [0.0, 0.0]
    plain = nn.Embedding(4, 2, generator=0)
    np.testing.assert_array_equal(table.weight.data[1:], plain.weight.data[1:])
    loss = autograd.compile(lambda tokens: table(tokens).sum())
    for tokens in ([0, 1], [2, 2], [0, 0]):
        table.zero_grad()
        loss(np.array(tokens)).backward()
        expected = np.zeros((4, 2))
        for token in tokens:
            expected[token] += token != 0
        np.testing.assert_array_equal(table.weight.grad, expected)
    assert nn.Embedding(4, 2, dtype=np.float32).weight.dtype == np.float32


# Parameter


def test_parameters_are_leaves():
    w = nn.Parameter(autograd.ones(2) * 3.0)
    assert (w.tolist(), w.requires_grad, w.op) == ([3.0, 3.0], True, None)
    assert isinstance(w, nn.Parameter)
    assert isinstance(w, Tensor)
    assert not isinstance(w * 2.0, nn.Parameter)
    assert not isinstance(autograd.ones(2), nn.Parameter)
    assert not isinstance(3.0, nn.Parameter)
    assert nn.Parameter([1.0], dtype=np.float32).dtype == np.float32
    with pytest.raises(TypeError, match="a Parameter holds floats, but was given int64"):
        nn.Parameter([1, 2])


def test_a_frozen_parameter_is_one_too():
    class Scale(nn.Module):
        def __init__(self):
            self.w = nn.Parameter(np.ones(2), requires_grad=False)
            self.constant = autograd.ones(2)

    for module in (Scale(), copy.deepcopy(Scale()), pickle.loads(pickle.dumps(nn.Linear(1, 1)))):
        assert all(isinstance(p, nn.Parameter) for p in module.parameters())
    assert list(Scale().state_dict()) == ["w"]
    assert isinstance(pickle.loads(pickle.dumps(Scale().w)), nn.Parameter)


# What all of them have


def test_every_layer_is_listed_and_its_signature_is_pytorchs():
    expected = {
        "Linear": "in_features out_features bias generator dtype",
        "Embedding": "num_embeddings embedding_dim padding_idx generator dtype",
        "Dropout": "p inplace generator",
        "Upsample": "size scale_factor mode align_corners",
        "Hardtanh": "min_val max_val inplace",
        "PReLU": "num_parameters init dtype",
        "Softplus": "beta threshold",
    }
    for name, words in expected.items():
        found = list(inspect.signature(getattr(nn, name)).parameters)
        assert found == words.split()
        assert name in nn.__all__
