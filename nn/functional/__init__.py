"""Functions that layers are made of, and losses; the names and definitions are PyTorch's."""

from autograd import linear, pad
from nn.functional.activation import (
    elu,
    gelu,
    hardtanh,
    leaky_relu,
    mish,
    prelu,
    relu,
    selu,
    sigmoid,
    silu,
    softplus,
    tanh,
    threshold,
)
from nn.functional.dropout import dropout, dropout2d
from nn.functional.embedding import embedding
from nn.functional.loss import (
    binary_cross_entropy_with_logits,
    cross_entropy,
    hinge_loss,
    mse_loss,
)
from nn.functional.shape import interpolate, normalize, one_hot
from nn.functional.softmax import log_softmax, logsumexp, softmax

__all__ = [
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "dropout",
    "dropout2d",
    "elu",
    "embedding",
    "gelu",
    "hardtanh",
    "hinge_loss",
    "interpolate",
    "leaky_relu",
    "linear",
    "log_softmax",
    "logsumexp",
    "mish",
    "mse_loss",
    "normalize",
    "one_hot",
    "pad",
    "prelu",
    "relu",
    "selu",
    "sigmoid",
    "silu",
    "softmax",
    "softplus",
    "tanh",
    "threshold",
]
