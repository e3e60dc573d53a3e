"""How many numbers enter and leave a layer, and what an activation leaves of their size."""

from __future__ import annotations

import math
from typing import Any

from nn.init.fill import require_tensor


def fan_in_and_fan_out(tensor: Any) -> tuple[int, int]:
    """How many numbers each output of a layer is made of, and how many each input goes to.

    Of a weight of shape ``(out, in, *kernel)``: ``in · Πkernel`` and ``out · Πkernel``. As
    ``torch.nn.init._calculate_fan_in_and_fan_out``.

    Raises
    ------
    ValueError
        If it has fewer than two axes.

    Examples
    --------
    >>> from autograd import zeros
    >>> fan_in_and_fan_out(zeros(16, 3, 5, 5))
    (75, 400)
    """
    require_tensor("fan_in_and_fan_out", tensor)
    if tensor.ndim < 2:
        raise ValueError(
            f"the fans are those of a weight (out, in, *kernel), but it has shape {tensor.shape}"
        )
    outputs, inputs, *kernel = tensor.shape
    return inputs * math.prod(kernel), outputs * math.prod(kernel)


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """By how much to enlarge weights, for what an activation takes away: PyTorch's table.

    Parameters
    ----------
    nonlinearity : str
        ``linear``, ``sigmoid`` and ``conv1d`` to ``conv_transpose3d``: 1. ``tanh``: 5/3. ``relu``:
        √2. ``leaky_relu``: ``√(2 / (1 + slope²))``. ``selu``: 3/4.
    param : float, default 0.01
        The slope of ``leaky_relu``.

    Raises
    ------
    ValueError
        If it is not in the table, or the slope is not a number.

    Notes
    -----
    As ``torch.nn.init.calculate_gain`` (He et al. 2015, Delving deep into rectifiers, eq. 15).

    Examples
    --------
    >>> calculate_gain("leaky_relu", 0.2)
    1.3867504905630728
    """
    convolutions = [f"conv{kind}{n}d" for kind in ("", "_transpose") for n in (1, 2, 3)]
    slope = 0.01 if param is None else param
    if isinstance(slope, bool) or not isinstance(slope, (int, float)):
        raise ValueError(f"the slope of leaky_relu is a number, but was given {slope!r}")
    gains = dict.fromkeys(["linear", *convolutions, "sigmoid"], 1.0) | {
        "tanh": 5.0 / 3.0,
        "relu": math.sqrt(2.0),
        "leaky_relu": math.sqrt(2.0 / (1.0 + slope**2)),
        "selu": 0.75,
    }
    if nonlinearity not in gains:
        raise ValueError(f"calculate_gain knows {', '.join(gains)}, but was given {nonlinearity!r}")
    return gains[nonlinearity]
