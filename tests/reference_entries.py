"""How an entry of reference/*.json that differentiated.py made is compared with autograd."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np

import autograd
import nn
from autograd import Tensor, gradient
from nn import functional

HERE = Path(__file__).parent / "reference"
# Not vars(autograd): some functions are not there until they are first used.
NAMES = {name: getattr(autograd, name) for name in autograd.__all__}
NAMES |= {"inf": math.inf, "nan": math.nan, "ints": np.array, "bools": np.array}
NAMES["F"] = functional


def entries(file):
    """The groups of entries in a file."""
    return json.loads((HERE / file).read_text())


def name(entry):
    return " ".join([entry["expression"], *(str(tuple(shape)) for shape in entry["shapes"])])


def evaluated(expression, operands):
    return eval(expression, NAMES | dict(zip("xyz", operands, strict=False)))


def array(data, shape):
    """An array of JSON's numbers, and of the words that it has for those it lacks."""
    return np.array(data, dtype=float).reshape(shape)


def weights(shape, start):
    """What the generator weighs the elements of such an array with."""
    return ((np.arange(math.prod(shape)) * 7 + start) % 11 / 5 - 1.1).reshape(shape)


def operands(entry, order="C"):
    """The inputs, in rows or, as a transpose has them, in columns; whole numbers as such."""
    return [
        Tensor(data)
        if np.array(data).dtype.kind in "ib"
        else Tensor(np.array(array(data, shape), order=order), requires_grad=True)
        for data, shape in zip(entry["inputs"], entry["shapes"], strict=True)
    ]


def as_tuple(x):
    return x if isinstance(x, tuple) else (x,)


def same(found, data, shape, tolerance=1e-10):
    expected = array(data, shape)
    found = np.zeros(shape) if found is None else np.asarray(found)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance)


def compare(entry, order="C"):
    """Forward, the gradient, and where it is there the second derivative."""
    xs = operands(entry, order)
    with np.errstate(all="ignore"):
        out = evaluated(entry["expression"], xs)
        same(out.data, entry["out"], entry["shape"])
        assert out.dtype == np.dtype(entry["type"])
        if not out.requires_grad:
            derivatives = entry.get("grads", []) + entry.get("second", [])
            assert not any(array(slope, -1).any() for slope in derivatives)
            return
        assert "grads" in entry
        loss = (out * weights(out.shape, 0)).sum()
        loss.backward()
        for x, grad in zip(xs, entry["grads"], strict=True):
            same(x.grad, grad, x.shape)
        if "second" in entry:
            compare_second(entry, loss, xs)


def compare_second(entry, loss, xs):
    first = as_tuple(gradient(loss, *xs))
    slope = sum((g * weights(g.shape, i)).sum() for i, g in enumerate(first, start=1))
    for x, second, expected in zip(
        xs, as_tuple(gradient(slope, *xs)), entry["second"], strict=True
    ):
        same(second.data, expected, x.shape)


def layer_entries(*kinds):
    """The entries of window_layers.json for layers whose names begin so."""
    return [
        entry
        for entry in entries("window_layers.json")["layers"]
        if entry["layer"].startswith(kinds)
    ]


def layer_name(entry):
    return f"{entry['layer']} {tuple(entry['x'])}"


def layer_of(entry):
    """The layer that an entry names, with its parameters."""
    layer = eval(entry["layer"], vars(nn))
    assert repr(layer) == entry["repr"]
    assert [name for name, _ in layer.named_parameters()] == list(entry["parameters"])
    for name, x in layer.named_parameters():
        x.data = array(entry["parameters"][name], x.shape)
    return layer


def compare_layer(entry, compiled=False):
    """Each call of a layer: its result, all gradients, and its buffers afterwards."""
    layer = layer_of(entry)
    call = autograd.compile(layer) if compiled else layer
    for known in entry["calls"]:
        layer.train(known["training"])
        layer.zero_grad()
        x = Tensor(array(known["input"], entry["x"]), requires_grad=True)
        out = call(x)
        same(out.data, known["out"], known["shape"])
        out.backward(weights(out.shape, 0))
        for leaf, grad in zip([x, *layer.parameters()], known["grads"], strict=True):
            same(leaf.grad, grad, leaf.shape)
        buffers = dict(layer.named_buffers())
        assert list(buffers) == list(known["buffers"])
        for name, buffer in buffers.items():
            same(buffer.data, known["buffers"][name], buffer.shape)
