"""How an entry of reference/*.json that differentiated.py made is compared with autograd."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np

import autograd
from autograd import Tensor, gradient

HERE = Path(__file__).parent / "reference"
NAMES = vars(autograd) | {"inf": math.inf, "nan": math.nan}


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


def operands(entry):
    """The inputs, integers and booleans as such."""
    if "grads" not in entry:
        return [Tensor(data) for data in entry["inputs"]]
    pairs = zip(entry["inputs"], entry["shapes"], strict=True)
    return [Tensor(array(data, shape), requires_grad=True) for data, shape in pairs]


def same(found, data, shape, tolerance=1e-10):
    expected = array(data, shape)
    found = np.zeros(shape) if found is None else np.asarray(found)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance)


def compare(entry):
    """Forward, the gradient, and where it is there the second derivative."""
    xs = operands(entry)
    with np.errstate(all="ignore"):
        out = evaluated(entry["expression"], xs)
        same(out.data, entry["out"], entry["shape"])
        assert out.dtype == np.dtype(entry["type"])
        if not out.requires_grad:
            assert not any(array(grad, -1).any() for grad in entry.get("grads", []))
            return
        loss = (out * array(entry["weights"], entry["shape"])).sum()
        loss.backward()
        for x, grad in zip(xs, entry["grads"], strict=True):
            same(x.grad, grad, x.shape)
        if "second" in entry:
            compare_second(entry, loss, xs)


def compare_second(entry, loss, xs):
    found = gradient(loss, *xs)
    found = found if isinstance(found, tuple) else (found,)
    directions = zip(xs, entry["directions"], strict=True)
    directions = [array(direction, x.shape) for x, direction in directions]
    slope = sum((g * d).sum() for g, d in zip(found, directions, strict=True))
    seconds = gradient(slope, *xs)
    seconds = seconds if isinstance(seconds, tuple) else (seconds,)
    for x, second, expected in zip(xs, seconds, entry["second"], strict=True):
        same(second.data, expected, x.shape)
