"""Data: tables of samples, batches of them, and images that are never twice the same."""

from nn.data.augmentation import Augmentation, compose, flip, noise, rotate, shift
from nn.data.dataset import Subset, TensorDataset, random_split
from nn.data.loader import DataLoader

__all__ = [
    "Augmentation",
    "DataLoader",
    "Subset",
    "TensorDataset",
    "compose",
    "flip",
    "noise",
    "random_split",
    "rotate",
    "shift",
]
