"""How an entry of a layer that reference/layer_calls.py made is compared with the layer of nn."""

from __future__ import annotations

import numpy as np
from reference_entries import same, weights

import autograd
from autograd import Tensor


def argument(described):
    """What a layer is called with: a Tensor, a mask, or a tuple of them."""
    if isinstance(described, dict) and "tuple" in described:
        return tuple(argument(each) for each in described["tuple"])
    if not isinstance(described, dict):
        return described
    mask = np.array(described["array"]).dtype == bool
    array = np.array(described["array"], dtype=bool if mask else float)
    return array if mask else Tensor(array, requires_grad=True)


def parts(x):
    """What nested tuples hold, in order, but for None."""
    if isinstance(x, tuple):
        return [part for each in x for part in parts(each)]
    return [] if x is None else [x]


def prepared(entry, make):
    """The layer of an entry, with its state, and what it is called with."""
    layer = make(entry["layer"], entry["settings"]).train(entry["training"])
    assert list(layer.state_dict()) == list(entry["state"])
    layer.load_state_dict(entry["state"])
    arguments = [argument(each) for each in entry["arguments"]]
    arguments = arguments[:1] * len(arguments) if entry["same"] else arguments
    options = {name: argument(each) for name, each in entry["options"].items()}
    options = {name: x.detach() if isinstance(x, Tensor) else x for name, x in options.items()}
    return layer, arguments, options


def total(outputs):
    """The sum of all outputs that the generator differentiates."""
    each = [(out * weights(out.shape, i)).sum() for i, out in enumerate(parts(outputs))]
    return sum(each[1:], each[0])


def gradients(entry, layer, arguments):
    """The leaves, and the gradients that they should have."""
    inputs = list({id(x): x for x in parts(tuple(arguments))}.values())
    leaves = inputs + [leaf for _, leaf in layer.named_parameters()]
    assert [name for name, _ in layer.named_parameters()] == list(entry["gradients"])
    return leaves, entry["input gradients"] + list(entry["gradients"].values())


def compare(entry, make):
    """Outputs and gradients; the latter also as nodes, and by a compiled function."""
    layer, arguments, options = prepared(entry, make)
    outputs = parts(layer(*arguments, **options))
    for out, expected in zip(outputs, entry["outputs"], strict=True):
        same(out.data, expected, out.shape)
    leaves, expected = gradients(entry, layer, arguments)
    total(layer(*arguments, **options)).backward()
    found = [[leaf.grad for leaf in leaves]]
    found.append([g.data for g in autograd.gradient(total(tuple(outputs)), *leaves)])
    for leaf in leaves:
        leaf.zero_grad()
    autograd.compile(lambda: total(layer(*arguments, **options)))().backward()
    found.append([leaf.grad for leaf in leaves])
    for way in found:
        for leaf, grad, right in zip(leaves, way, expected, strict=True):
            same(grad, right, leaf.shape)
