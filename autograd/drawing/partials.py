"""What is written on edges: local derivatives, as numbers or as the rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from autograd.labels import handed, is_elementwise, numbers, rule
from autograd.labels import partial as local_derivative
from autograd.node import Node
from autograd.text import clip, number
from autograd.value import Value


def partial(node: Node, places: Sequence[int], names: Mapping[Node, str]) -> str:
    """Write the derivative of a node by one of its operands, which may be several of its places.

    Of a Value its number, of a Tensor its rule; where it is not one number an element, as of a
    checkpoint, what the operation hands back of a gradient g.

    Examples
    --------
    >>> from autograd import Tensor, Value
    >>> a = Value(3.0)
    >>> partial(a * a, (1, 2), {}), partial(a * 2.0, (1,), {})
    ('∂ 6', '∂ 2')
    >>> t = Tensor([1.0, 2.0], requires_grad=True)
    >>> partial(t.tanh(), (1,), {}), partial(t.sum(), (1,), {})
    ('∂ 1 − out²', 'spread(g)')
    """
    if isinstance(node, Value) and node.op is not None and is_elementwise(node.op):
        data = tuple(map(np.asarray, numbers(node)))  # where a float would raise, they give inf
        with np.errstate(all="ignore"):
            total = sum(local_derivative(node, at - 1, data) for at in places)
        return f"∂ {number(float(total))}"
    called = {x: names.get(x, "x") for x in node.operands if isinstance(x, Node)}
    called[node] = "out"
    first = places[0] - 1
    local = rule(node, first, called, "text")
    text = f"∂ {local}" if local else handed(node, first, "g", called, "text")
    return clip(text)
