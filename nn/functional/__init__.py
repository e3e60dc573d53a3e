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
from nn.functional.classification import cross_entropy, nll_loss
from nn.functional.distance import (
    cosine_embedding_loss,
    cosine_similarity,
    hinge_embedding_loss,
    pairwise_distance,
    triplet_margin_loss,
)
from nn.functional.dropout import dropout, dropout2d
from nn.functional.embedding import embedding
from nn.functional.loss import hinge_loss, huber_loss, l1_loss, mse_loss, smooth_l1_loss
from nn.functional.probability import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    kl_div,
)
from nn.functional.shape import interpolate, normalize, one_hot
from nn.functional.softmax import log_softmax, logsumexp, softmax

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cosine_embedding_loss",
    "cosine_similarity",
    "cross_entropy",
    "dropout",
    "dropout2d",
    "elu",
    "embedding",
    "gelu",
    "hardtanh",
    "hinge_embedding_loss",
    "hinge_loss",
    "huber_loss",
    "interpolate",
    "kl_div",
    "l1_loss",
    "leaky_relu",
    "linear",
    "log_softmax",
    "logsumexp",
    "mish",
    "mse_loss",
    "nll_loss",
    "normalize",
    "one_hot",
    "pad",
    "pairwise_distance",
    "prelu",
    "relu",
    "selu",
    "sigmoid",
    "silu",
    "smooth_l1_loss",
    "softmax",
    "softplus",
    "tanh",
    "threshold",
    "triplet_margin_loss",
]
