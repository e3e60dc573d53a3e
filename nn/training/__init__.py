"""Training: the loop, what it measures, and what is done beside it."""

from nn.training.callbacks import Checkpoint, EarlyStopping
from nn.training.fit import fit
from nn.training.history import History
from nn.training.metrics import accuracy
from nn.training.run import Run
from nn.training.steps import DivergedError

__all__ = [
    "Checkpoint",
    "DivergedError",
    "EarlyStopping",
    "History",
    "Run",
    "accuracy",
    "fit",
]
