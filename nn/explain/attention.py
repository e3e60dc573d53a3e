"""Where attention looks: the weights of each `MultiheadAttention` in a model."""

from __future__ import annotations

from contextlib import ExitStack
from inspect import signature
from typing import Any

import numpy as np
from numpy.typing import NDArray

import autograd
from autograd import Node, Tensor, no_grad
from nn.explain.asking import require_module
from nn.layers.attention import MultiheadAttention
from nn.modes import evaluating
from nn.module import Module

ARGUMENTS = signature(MultiheadAttention.forward)


def attention_maps(model: Module, x: Any) -> dict[str, NDArray[Any]]:
    """The weights by which each attention of a model attends, from one call of it.

    ``softmax(q kᵀ / √d + mask)``: row i says how much place i takes from each other; it sums to 1.
    They show where information may flow, and not of what use it is (Vaswani et al. 2017, Attention
    is all you need; Jain & Wallace 2019, Attention is not explanation).

    Parameters
    ----------
    model : Module
        One with `MultiheadAttention` in it, such as a `TransformerEncoder`; how it is called there
        makes no difference. It is run in evaluation, and left as it was.
    x : array or Tensor, or tuple of them
        What the model is called with.

    Returns
    -------
    dict of str to array of shape (batch, heads, queries, keys)
        By the paths of the attentions, in the order of their calls; of a second call of one, the
        name ends in ``" (2)"``. Of a sample without a batch axis they have none.

    Raises
    ------
    ValueError
        If the model has no attention, or calls none.

    Examples
    --------
    >>> from nn import TransformerEncoder, TransformerEncoderLayer
    >>> layer = TransformerEncoderLayer(8, 2, 16, batch_first=True, generator=0)
    >>> model = TransformerEncoder(layer, 2)
    >>> maps = attention_maps(model, autograd.rand(4, 5, 8, generator=1))
    >>> {name: weights.shape for name, weights in maps.items()}
    {'layers.0.self_attn': (4, 2, 5, 5), 'layers.1.self_attn': (4, 2, 5, 5)}
    """
    require_module("attention_maps", model)
    found: dict[str, NDArray[Any]] = {}
    inputs = x if isinstance(x, tuple) else (x,)
    with ExitStack() as hooks, no_grad(), evaluating(model):
        for path, module in model.named_modules():
            if isinstance(module, MultiheadAttention):
                it = _Listener(path, found)
                hooks.enter_context(module.register_forward_pre_hook(it.before, with_kwargs=True))
                # The first of the hooks afterwards: those of the user see what they are used to.
                hooks.enter_context(module.register_forward_hook(it.after, prepend=True))
        model(*(given if isinstance(given, Node) else Tensor(given) for given in inputs))
    if not found:
        raise ValueError(f"{type(model).__name__} calls no MultiheadAttention, which this looks at")
    return found


class _Listener:
    """What is called before an attention, to ask for weights, and after it, to keep them."""

    def __init__(self, path: str, found: dict[str, NDArray[Any]]) -> None:
        self.path, self.found = path, found
        self.asked: dict[str, Any] = {}  # what the model asked for in the call that goes on

    def before(self, module: Module, args: Any, kwargs: Any) -> Any:
        bound = ARGUMENTS.bind(module, *args, **kwargs)
        bound.apply_defaults()
        self.asked = dict(bound.arguments)
        bound.arguments |= {"need_weights": True, "average_attn_weights": False}
        return bound.args[1:], bound.kwargs

    def after(self, module: Module, args: Any, output: Any) -> Any:
        answer, weights = output
        count = sum(name.partition(" (")[0] == self.path for name in self.found)
        name = f"{self.path} ({count + 1})" if count else self.path
        self.found[name] = np.array(weights.data)
        if not self.asked["need_weights"]:
            return answer, None
        each = not self.asked["average_attn_weights"]
        return answer, weights if each else autograd.mean(weights, dim=-3)
