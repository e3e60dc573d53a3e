"""Losses and what belongs to them; the names and definitions are PyTorch's."""

from nn.functional.loss import (
    binary_cross_entropy_with_logits,
    cross_entropy,
    hinge_loss,
    logsumexp,
    mse_loss,
    softmax,
)

__all__ = [
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "hinge_loss",
    "logsumexp",
    "mse_loss",
    "softmax",
]
