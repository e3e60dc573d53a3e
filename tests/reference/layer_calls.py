"""What the scripts for layers share: a layer with its state, called and differentiated."""

from __future__ import annotations

import torch
from differentiated import as_json, weights


def tensors(x):
    """The tensors in nested tuples, in order; what is None is left out."""
    if isinstance(x, (tuple, list)):
        return [part for each in x for part in tensors(each)]
    return [] if x is None else [x]


def described(x):
    """An argument: an array of numbers, or a tuple of arguments."""
    if isinstance(x, tuple):
        return {"tuple": [described(each) for each in x]}
    return {"array": as_json(x.detach())} if isinstance(x, torch.Tensor) else x


def rounded(shape):
    """Random numbers of three decimals, so that the file stays readable."""
    return torch.randn(shape).mul(500).round().div(1000)


def case(layer, settings, *arguments, training=True, **options):
    """A layer's outputs, and the gradients of their weighted sum by its inputs and parameters."""
    module = layer(**settings).train(training)
    for parameter in module.parameters():
        parameter.data = rounded(parameter.shape)
    inputs = [x for x in tensors(arguments) if x.dtype.is_floating_point]
    distinct = list({id(x): x.requires_grad_() for x in inputs}.values())
    outputs = tensors(module(*arguments, **options))
    loss = sum((out * weights(out.shape, i)).sum() for i, out in enumerate(outputs))
    named = dict(module.named_parameters())
    found = torch.autograd.grad(loss, distinct + list(named.values()))
    return {
        "layer": layer.__name__,
        "settings": settings,
        "training": training,
        "state": {name: as_json(x) for name, x in module.state_dict().items()},
        "arguments": [described(x) for x in arguments],
        "same": len(arguments) > 1 and all(x is arguments[0] for x in arguments),
        "options": {name: described(x) for name, x in options.items()},
        "outputs": [as_json(out.detach()) for out in outputs],
        "input gradients": [as_json(g) for g in found[: len(distinct)]],
        "gradients": dict(zip(named, [as_json(g) for g in found[len(distinct) :]], strict=True)),
    }
