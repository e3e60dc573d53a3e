"""The losses as modules: the functions of `nn.functional`, with their settings."""

from nn.losses.distance import CosineEmbeddingLoss, HingeEmbeddingLoss, TripletMarginLoss
from nn.losses.errors import HuberLoss, L1Loss, MSELoss, SmoothL1Loss
from nn.losses.probability import BCELoss, BCEWithLogitsLoss, CrossEntropyLoss, KLDivLoss, NLLLoss

__all__ = [
    "BCELoss",
    "BCEWithLogitsLoss",
    "CosineEmbeddingLoss",
    "CrossEntropyLoss",
    "HingeEmbeddingLoss",
    "HuberLoss",
    "KLDivLoss",
    "L1Loss",
    "MSELoss",
    "NLLLoss",
    "SmoothL1Loss",
    "TripletMarginLoss",
]
