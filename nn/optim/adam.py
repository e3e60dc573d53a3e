"""Adam, and what it became when the decay of weights was taken out of the gradient: AdamW."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import numpy as np

from nn.optim.optimizer import Group, Optimizer, Setting, at_least_zero, direct, require_betas


class Adam(Optimizer):
    """Adaptive moment estimation: ``torch.optim.Adam``.

    With gradient g (to which weight decay adds ``weight_decay · w``) at step t::

        m ← β₁ m + (1 - β₁) g          v ← β₂ v + (1 - β₂) g²
        w ← w - lr · m / (1 - β₁ᵗ) / (√(v / (1 - β₂ᵗ)) + eps)

    Parameters
    ----------
    params : iterable of Value or Tensor, or of groups of them
        See `Optimizer`.
    lr : float, default 0.001
    betas : pair of float, default (0.9, 0.999)
    eps : float, default 1e-8
    weight_decay : float, default 0
    amsgrad : bool, default False
        Whether the largest v so far takes the place of v (Reddi, Kale & Kumar 2018, On the
        convergence of Adam and beyond, algorithm 2).
    maximize : bool, default False
        Whether to go uphill: with ``-g`` in place of g.

    Notes
    -----
    Noted are the sums ``m / (1 - β₁)`` and ``v / (1 - β₂)``, which saves two passes over the
    numbers. They are in the state, too, from which a training goes on to the same bits.

    References
    ----------
    Kingma & Ba 2015, Adam: a method for stochastic optimization, algorithm 1.

    Examples
    --------
    >>> from autograd import Value
    >>> w = Value(1.0)
    >>> optimizer = Adam([w], lr=0.1)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> round(w.data, 6)
    0.9
    """

    notes = ("grad_sum", "square_sum", "max_square_sum")
    betas, eps, amsgrad = Setting(), Setting(), Setting()
    decoupled: ClassVar[bool] = False

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        settings = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        super().__init__(params, settings | {"amsgrad": amsgrad, "maximize": maximize})

    def check(self, settings: Mapping[str, Any]) -> None:
        """See that settings are in their ranges."""
        super().check(settings)
        at_least_zero(settings, "eps")
        require_betas(settings)

    def settle(self, group: Group) -> None:
        """Make of the sums those that give the same means with other betas."""
        betas = group["betas"]
        if betas == group.settled:
            return
        require_betas(group)
        betas = tuple(betas)
        if group.settled is not None:
            scales = _scales(betas) / _scales(group.settled)
            for block in group.blocks:
                for note, scale in zip(block.notes, scales.tolist(), strict=True):
                    np.multiply(note, scale, out=note)
        group.settled = betas

    def noted(self, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """Both sums, and the largest of the second if that counts."""
        return self.notes if settings["amsgrad"] else self.notes[:2]

    def adopted(self, entry: Mapping[str, Any], settings: Mapping[str, Any]) -> Mapping[str, Any]:
        """The sums, where PyTorch has the means."""
        if "exp_avg" not in entry:
            return entry
        means = ("exp_avg", "exp_avg_sq", "max_exp_avg_sq")
        return {"step": entry["step"]} | {
            note: np.asarray(entry[mean]) * scale
            for note, mean, scale in zip(self.notes, means, _scales(settings["betas"]), strict=True)
            if mean in entry
        }

    def move(self, group: Group, step: int, data: Any, grad: Any, *notes: Any) -> None:
        """Move numbers in place, given their gradients."""
        lr, (beta1, beta2) = group["lr"], group["betas"]
        m, v, largest = notes
        if self.decoupled:
            data *= 1.0 - lr * group["weight_decay"]
            if group["maximize"]:
                np.negative(grad, out=grad)
        else:
            direct(group, data, grad)
        m *= beta1
        m += grad
        v *= beta2
        grad *= grad
        v += grad
        if group["amsgrad"]:
            v = np.maximum(largest, v, out=largest)
        # √(v / c²) + eps is (√v + c · eps) / c, which saves another pass (sec. 2).
        c = math.sqrt((1.0 - beta2**step) / (1.0 - beta2))
        spread = np.sqrt(v, out=grad)
        spread += c * group["eps"]
        np.divide(m, spread, out=spread)
        spread *= c * lr * (1.0 - beta1) / (1.0 - beta1**step)
        data -= spread


def _scales(betas: Any) -> Any:
    """What makes a sum of each mean: of m, of v, and of the largest v."""
    return 1.0 / (1.0 - np.array([*betas, betas[1]], float))


class AdamW(Adam):
    """Adam whose weights decay by themselves, beside what the gradient does: ``torch.optim.AdamW``.

    At each step ``w ← (1 - lr · weight_decay) · w`` comes first, and the gradient that `Adam` then
    moves by knows nothing of it. The parameters are those of `Adam`, but ``weight_decay`` is 0.01
    by default.

    References
    ----------
    Loshchilov & Hutter 2019, Decoupled weight decay regularization, algorithm 2.

    Examples
    --------
    >>> from autograd import Value
    >>> w = Value(1.0)
    >>> optimizer = AdamW([w], lr=0.1, weight_decay=0.5)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> round(w.data, 6)
    0.85
    """

    decoupled = True

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize)
