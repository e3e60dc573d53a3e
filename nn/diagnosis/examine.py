"""Numbers that are not finite, gradients that are missing or out of all proportion."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd import Node
from autograd.node import ancestors, describe
from autograd.text import number
from nn.diagnosis.report import Diagnosis, Finding, Health, listed
from nn.diagnosis.units import sick_units
from nn.module import Module
from nn.parts import Part, norms, parts

RATIO = 1e3  # between the gradients of two layers, each per weight
STEP = 100.0  # gradient beside weights: a step at the rate 0.01 would be as large as they are


def diagnose(model: Module, loss: Any) -> Diagnosis:
    """Find out what ails a model, after ``loss.backward()``.

    - *not finite*: the first number in forward order that is NaN or infinite, and its operands;
      or a gradient that is.
    - *no gradient*: parameters that the loss does not depend on.
    - *vanishing*: a layer's gradient per parameter is a thousand times smaller than that of a layer
      after it. Layers count in the order in which the model holds them.
    - *exploding*: it is a thousand times larger than that of the last layer; or a hundred times as
      large as the parameters, so that one step at a rate of 0.01 moves them by their own size.
    - *dead*: a ReLU that gave 0 for every sample in the graph of the loss, at least 4 of them: no
      gradient passes, and it will not learn [3]_.
    - *saturated*: of the outputs of a hidden layer of tanh or sigmoid, more than half lie where the
      slope is below a twentieth of its greatest (|tanh| > 0.975) [1]_. At the end of a classifier
      that is as it should be, so only what feeds further parameters counts.

    Which neurons are meant follows from the module calls that the graph remembers. In arrays the
    last axis holds the units, and with four axes the second, as convolutions have it.

    Parameters
    ----------
    model : Module
        The model, of Values or of Tensors.
    loss : Value or Tensor
        What `backward` was called on.

    Returns
    -------
    Diagnosis

    Raises
    ------
    TypeError
        If `model` is not a module, or `loss` not a node.
    RuntimeError
        If `backward` was not called.

    Notes
    -----
    Where layers of unlike size are compared it is by the root mean square of their gradients, which
    good initialisation keeps alike [1]_ [2]_. The numbers 1000, 100, 4, 1/20 and 1/2 are this
    project's: far from what healthy networks show, and none is in the papers.

    References
    ----------
    .. [1] Glorot & Bengio 2010, Understanding the difficulty of training deep feedforward neural
       networks, sections 3 and 4.
    .. [2] He, Zhang, Ren & Sun 2015, Delving deep into rectifiers, section 2.2.
    .. [3] Lu, Shin, Su & Karniadakis 2019, Dying ReLU and initialization.

    Examples
    --------
    >>> import nn
    >>> from nn.functional import mse_loss
    >>> model = nn.MLP(1, [3, 1], seed=1)
    >>> for neuron in model.layers[0].neurons[:2]:
    ...     _ = neuron.set_weights([1.0], -5.0)  # so that it never fires
    >>> loss = mse_loss([model(x / 4) for x in range(5)], [0.0] * 5)
    >>> loss.backward()
    >>> print(nn.diagnose(model, loss))
    layer                            |w|  |grad|  |grad|/|w|  findings
    layers.0  Layer(1, 3, 'relu')    ...
    layers.1  Layer(3, 1, 'linear')  ...
    <BLANKLINE>
    dead: layers.0: 2 of 3 units gave 0 for all 5 samples: 0, 1. ...
    """
    found = parts(model)
    if not isinstance(loss, Node):
        raise TypeError(f"diagnose takes the loss as a node, but was given {loss!r}")
    if not loss.has_grad:
        raise RuntimeError("diagnose looks at gradients; call loss.backward() before")
    nodes = list(ancestors([loss]))
    layers = [_health(part) for part in found]
    findings = [
        *_not_finite(nodes, found),
        *_without_gradient(found),
        *_flow(layers),
        *sick_units(model, nodes, found),
    ]
    return Diagnosis(layers, findings)


def _health(part: Part) -> Health:
    weight, grad = norms(part)
    count = sum(np.size(leaf.data) for leaf in part.parameters.values() if leaf.has_grad)
    return Health(part, weight, grad, grad / math.sqrt(count) if count else math.nan)


def _finite(data: Any) -> bool:
    return data is None or bool(np.all(np.isfinite(data)))


def _not_finite(nodes: list[Any], found: list[Part]) -> Iterable[Finding]:
    """The first node that is not finite, forward; if all are, the first backward."""
    names = {leaf: name for part in found for name, leaf in part.parameters.items()}
    bad = [node for node in nodes if not _finite(node.data)]
    if bad:
        first = bad[0]
        born = "a leaf" if first.op is None else f"from {describe(first.op, first.operands)}"
        measure = f"{_kinds(first.data)}, {born}; {len(bad)} of {len(nodes)} nodes are not finite"
        yield Finding("not finite", _place(first, names), measure, _cure(first), tuple(bad))
        return
    wild = [node for node in nodes if node.has_grad and not _finite(node.grad)]
    if wild:
        last = wild[-1]  # gradients come from behind
        measure = f"its gradient is {_kinds(last.grad)}; its data are finite"
        advice = "The operation that uses it has no finite slope there; keep its operand away"
        yield Finding("not finite", _place(last, names), measure, advice, tuple(wild))


def _kinds(data: Any) -> str:
    """How many numbers are NaN, and how many infinite."""
    counts = {"NaN": np.isnan(data).sum(), "infinite": np.isinf(data).sum()}
    size = np.size(data)
    return " and ".join(
        kind if size == 1 else f"{count} of {size} {kind}"
        for kind, count in counts.items()
        if count
    )


def _place(node: Any, names: dict[Node, str]) -> str:
    """What to call a node: its own name, the parameter's, or its operation and module."""
    name = node.name or names.get(node)
    if name or node.op is None:
        return name or "an input"
    at, path = node.scope, []
    while at is not None:
        path.append(at.name)
        at = at.parent
    return " in ".join([node.op.name, ".".join(reversed(path))]) if path else str(node.op.name)


def _cure(node: Any) -> str:
    """What helps against a number that is not finite."""
    cures = {
        "log": "Keep its operand above 0, or use a loss that takes scores",
        "sqrt": "Keep its operand at 0 or above, or add a little to it",
        "div": "Keep the divisor away from 0",
        "exp": "Subtract the largest first, as softmax does, or use a smaller learning rate",
    }
    if node.op is None:
        return "Look where it comes from: the data, or a step that was too large"
    return cures.get(node.op.name, "Use a smaller learning rate, or look at its operands")


def _without_gradient(found: list[Part]) -> Iterable[Finding]:
    for part in found:
        without = {name: leaf for name, leaf in part.parameters.items() if not leaf.has_grad}
        if without:
            measure = f"{len(without)} of {len(part.parameters)} parameters: {listed(without)}"
            advice = "See that forward uses them, outside no_grad and without .data or detach"
            yield Finding("no gradient", part.name, measure, advice, tuple(without.values()))


def _flow(layers: list[Health]) -> Iterable[Finding]:
    """Layers whose gradients are out of all proportion."""
    known = [health for health in layers if math.isfinite(health.slope)]
    if not known or not any(health.slope for health in known):
        return  # no gradient anywhere: as at a minimum
    last = known[-1]
    for i, health in enumerate(known):
        leaves = tuple(health.part.parameters.values())
        later = max(known[i:], key=lambda health: health.slope)
        if health.slope * RATIO < later.slope:
            ratio = number(health.slope / later.slope)
            measure = f"its gradient is {ratio} of that of {later.part.name}, per parameter"
            advice = "Initialise by fan-in (xavier, kaiming), use ReLU, fewer layers or shortcuts"
            yield Finding("vanishing", health.part.name, measure, advice, leaves)
        elif health.slope > last.slope * RATIO and last.slope:
            ratio = number(health.slope / last.slope)
            measure = f"its gradient is {ratio} times that of {last.part.name}, per parameter"
            advice = "Initialise by fan-in (xavier, kaiming), or clip the gradients"
            yield Finding("exploding", health.part.name, measure, advice, leaves)
        elif health.weight and health.grad > STEP * health.weight:
            measure = f"its gradient is {number(health.grad / health.weight)} times its parameters"
            advice = "Clip the gradients, scale the data, or use a smaller learning rate"
            yield Finding("exploding", health.part.name, measure, advice, leaves)
