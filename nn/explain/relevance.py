"""Layer-wise relevance propagation: a score shared out, layer by layer, back to the input."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

import autograd
from nn.explain.asking import Target, asked, scores
from nn.explain.chain import BENDING, MOVING, WEIGHTED, Link, chain, weighing
from nn.module import Module

RULES = ("epsilon", "gamma", "z+")


def layer_relevance(
    model: Module,
    x: Any,
    target: Target = None,
    rule: str | Mapping[str, str] = "epsilon",
    *,
    epsilon: float = 1e-6,
    gamma: float = 0.25,
) -> NDArray[Any]:
    """How much of a score is due to each number of the input, by layer-wise relevance propagation.

    What a unit k of a layer has of the score, Rₖ, is shared among those that feed it, by what each
    contributes: ``Rⱼ = Σₖ zⱼₖ / (Σⱼ zⱼₖ) · Rₖ``.

    - *epsilon*: ``zⱼₖ = aⱼ wⱼₖ``, the sum including the bias, and ``ε`` more, away from 0.
    - *gamma*: ``zⱼₖ = aⱼ (wⱼₖ + γ max(wⱼₖ, 0))``, else the same: what speaks for it counts more.
    - *z+*: ``zⱼₖ = max(aⱼ wⱼₖ, 0)``, and no bias: only what speaks for it counts.

    By z+ what comes out sums to the score; by epsilon and gamma too, as ε goes to 0, but for the
    share of the biases. What has no contributors, such as by z+ a unit that only its bias speaks
    for, shares evenly. Activations hand on what they get; of a max pooling the largest gets it
    all. A batch norm is part of the layer before it.

    Bach et al. 2015, On pixel-wise explanations for non-linear classifier decisions by layer-wise
    relevance propagation; Montavon et al. 2019, Layer-wise relevance propagation: an overview;
    Captum's `LRP`.

    Parameters
    ----------
    model : Module
        Layers of which each is given what the last one gave, such as a `Sequential`: `Linear`,
        convolutions, pooling, batch norms, `Flatten`, `Dropout`, and activations such as `ReLU`.
    x, target
        As of `saliency`. Of a target that is a function, the relevance at the output is the output
        times the slope of the score there.
    rule : {"epsilon", "gamma", "z+"}, or dict of str to one of them, default "epsilon"
        That of all layers; or by their paths, epsilon for those that are not named.
    epsilon : float, default 1e-6
    gamma : float, default 0.25

    Returns
    -------
    array of the shape of x
        Positive for what speaks for the score, negative for what speaks against it.

    Raises
    ------
    ValueError
        If the model has a layer that is not known, or is no chain of them; if a rule is unknown.

    Examples
    --------
    >>> from nn import Linear, ReLU, Sequential
    >>> model = Sequential(Linear(2, 1, bias=False), ReLU())
    >>> model[0].weight.data = [[2.0, -1.0]]
    >>> layer_relevance(model, [2.0, 1.0], target=0).round(3)
    array([ 4., -1.])
    >>> layer_relevance(model, [2.0, 1.0], target=0, rule="z+")
    array([3., 0.])
    """
    if epsilon < 0 or gamma < 0:
        raise ValueError(
            f"layer_relevance takes epsilon and gamma of 0 or more, not {epsilon} and {gamma}"
        )
    with asked("layer_relevance", model, x) as given:
        links = chain(model, given.x)
        rules = _rules(rule, links)
        output = links[-1].y.data
        relevance = output * autograd.grad(lambda y: scores(y, target).sum())(output)
        for link in reversed(links):
            relevance = _back(link, relevance, rules.get(link.path, "epsilon"), epsilon, gamma)
        return given.shaped(relevance)


def _rules(rule: str | Mapping[str, str], links: list[Link]) -> dict[str, str]:
    """The rule of each layer."""
    paths = [link.path for link in links]
    rules = dict.fromkeys(paths, rule) if isinstance(rule, str) else dict(rule)
    for path, name in rules.items():
        if name not in RULES:
            raise ValueError(f"rule is one of {', '.join(RULES)}, but is {name!r}")
        if path not in paths:
            raise ValueError(f"rule names a layer {path!r}; those of the model are {paths}")
    return rules


def _back(
    link: Link, relevance: NDArray[Any], rule: str, epsilon: float, gamma: float
) -> NDArray[Any]:
    """The relevance of what a layer was given, for that of what it gave."""
    layer, x = link.layer, link.x.data
    if isinstance(layer, BENDING):
        return relevance
    if isinstance(layer, MOVING):
        (moved,) = _pull(layer, x)[1](relevance)
        return np.asarray(moved)
    pulls = [(part, *_pull(twin, part)) for part, twin in _contributors(layer, x, rule, gamma)]
    total = sum(z for _, z, _ in pulls)
    if rule != "z+":
        total = total + np.where(total < 0, -epsilon, epsilon).astype(x.dtype)
    idle = total == 0
    share = np.divide(relevance, total, out=np.zeros_like(relevance), where=~idle)
    found: NDArray[Any] = sum(part * pull(share)[0] for part, _, pull in pulls)
    return found + _evenly(layer, x, np.where(idle, relevance, 0)) if idle.any() else found


def _contributors(
    layer: Any, x: NDArray[Any], rule: str, gamma: float
) -> list[tuple[NDArray[Any], Any]]:
    """Parts of an input, and what each passes, so that a rule's sum is that of what comes out."""
    positive, negative = np.maximum(x, 0), np.minimum(x, 0)
    if not isinstance(layer, WEIGHTED):  # a mean, all of whose weights are positive
        return [(positive if rule == "z+" else x, layer)]
    weight = layer.weight.data
    if rule == "z+":
        return [
            (positive, weighing(layer, np.maximum(weight, 0), None)),
            (negative, weighing(layer, np.minimum(weight, 0), None)),
        ]
    if rule == "gamma":
        bias = None if layer.bias is None else _favoured(layer.bias.data, gamma)
        return [(x, weighing(layer, _favoured(weight, gamma), bias))]
    return [(x, layer)]


def _favoured(weight: NDArray[Any], gamma: float) -> NDArray[Any]:
    """Weights of which the positive ones are enlarged."""
    favoured: NDArray[Any] = weight + gamma * np.maximum(weight, 0)
    return favoured


def _evenly(layer: Any, x: NDArray[Any], relevance: NDArray[Any]) -> NDArray[Any]:
    """The relevance of what a layer was given, if all that feeds a unit gets the same."""
    if isinstance(layer, WEIGHTED):
        layer = weighing(layer, np.ones(layer.weight.shape), None)
    count, pull = _pull(layer, np.ones_like(x))
    found: NDArray[Any] = pull(relevance / count)[0]
    return found


def _pull(layer: Any, x: NDArray[Any]) -> Any:
    """What a layer gives, and the function that takes a gradient there back to its input.

    Its hooks are not called, for they are the user's, of the model's own calls.
    """
    return autograd.vjp(lambda x: type(layer).forward(layer, x), x)
