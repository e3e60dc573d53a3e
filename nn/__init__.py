"""glassgrad's neural networks: modules, losses and optimisers on top of `autograd`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import autograd

if not hasattr(autograd, "Value"):  # another package on PyPI has the same import name
    raise ImportError(
        f"nn belongs to glassgrad and needs glassgrad's autograd, but the autograd that was found "
        f"is another package, at {getattr(autograd, '__file__', autograd)}. The two cannot share "
        "an environment: run `pip uninstall autograd`, then `pip install --force-reinstall "
        "glassgrad`, or use a new environment"
    )

from nn import data, functional, init, optim
from nn.data import DataLoader, Subset, TensorDataset, random_split
from nn.layers.activation import (
    ELU,
    GELU,
    SELU,
    Hardtanh,
    LeakyReLU,
    Mish,
    PReLU,
    ReLU,
    Sigmoid,
    SiLU,
    Softplus,
    Step,
    Tanh,
    Threshold,
)
from nn.layers.attention import MultiheadAttention
from nn.layers.batch_norm import BatchNorm1d, BatchNorm2d
from nn.layers.cells import GRUCell, LSTMCell, RNNCell
from nn.layers.containers import Identity, ModuleDict, ModuleList, Sequential
from nn.layers.convolution import Conv1d, Conv2d, ConvTranspose2d
from nn.layers.dropout import Dropout, Dropout2d
from nn.layers.embedding import Embedding
from nn.layers.linear import Linear
from nn.layers.normalization import GroupNorm, LayerNorm, RMSNorm
from nn.layers.pooling import AdaptiveAvgPool2d, AvgPool1d, AvgPool2d, MaxPool1d, MaxPool2d
from nn.layers.positions import LearnedPositions, SinusoidalPositions
from nn.layers.recurrent import GRU, LSTM, RNN
from nn.layers.shape import Flatten, Unflatten, Upsample
from nn.layers.softmax import LogSoftmax, Softmax
from nn.layers.transformer import TransformerEncoder, TransformerEncoderLayer
from nn.losses import (
    BCELoss,
    BCEWithLogitsLoss,
    CosineEmbeddingLoss,
    CrossEntropyLoss,
    HingeEmbeddingLoss,
    HuberLoss,
    KLDivLoss,
    L1Loss,
    MSELoss,
    NLLLoss,
    SmoothL1Loss,
    TripletMarginLoss,
)
from nn.module import Module
from nn.neuron import MLP, Layer, Neuron
from nn.optim import (
    SGD,
    Adagrad,
    Adam,
    AdamW,
    RMSprop,
    clip_grad_norm_,
    clip_grad_value_,
)
from nn.optim.schedules import (
    CosineAnnealingLR,
    CosineAnnealingWarmRestarts,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    LRScheduler,
    MultiStepLR,
    OneCycleLR,
    ReduceLROnPlateau,
    SequentialLR,
    StepLR,
)
from nn.parameter import Parameter
from nn.perceptron import PerceptronRun, train_perceptron

if TYPE_CHECKING:
    from nn import explain
    from nn.diagnosis import Diagnosis, Finding, diagnose
    from nn.estimators import NeuralClassifier, NeuralRegressor
    from nn.overview import Summary, summary
    from nn.saving import load, load_into, save
    from nn.training import (
        Checkpoint,
        DivergedError,
        EarlyStopping,
        History,
        Run,
        accuracy,
        fit,
    )
    from nn.watching import Watch, watch

__all__ = [
    "ELU",
    "GELU",
    "GRU",
    "LSTM",
    "MLP",
    "RNN",
    "SELU",
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "AdaptiveAvgPool2d",
    "AvgPool1d",
    "AvgPool2d",
    "BCELoss",
    "BCEWithLogitsLoss",
    "BatchNorm1d",
    "BatchNorm2d",
    "Checkpoint",
    "Conv1d",
    "Conv2d",
    "ConvTranspose2d",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "CosineEmbeddingLoss",
    "CrossEntropyLoss",
    "DataLoader",
    "Diagnosis",
    "DivergedError",
    "Dropout",
    "Dropout2d",
    "EarlyStopping",
    "Embedding",
    "ExponentialLR",
    "Finding",
    "Flatten",
    "GRUCell",
    "GroupNorm",
    "Hardtanh",
    "HingeEmbeddingLoss",
    "History",
    "HuberLoss",
    "Identity",
    "KLDivLoss",
    "L1Loss",
    "LRScheduler",
    "LSTMCell",
    "LambdaLR",
    "Layer",
    "LayerNorm",
    "LeakyReLU",
    "LearnedPositions",
    "Linear",
    "LinearLR",
    "LogSoftmax",
    "MSELoss",
    "MaxPool1d",
    "MaxPool2d",
    "Mish",
    "Module",
    "ModuleDict",
    "ModuleList",
    "MultiStepLR",
    "MultiheadAttention",
    "NLLLoss",
    "NeuralClassifier",
    "NeuralRegressor",
    "Neuron",
    "OneCycleLR",
    "PReLU",
    "Parameter",
    "PerceptronRun",
    "RMSNorm",
    "RMSprop",
    "RNNCell",
    "ReLU",
    "ReduceLROnPlateau",
    "Run",
    "Sequential",
    "SequentialLR",
    "SiLU",
    "Sigmoid",
    "SinusoidalPositions",
    "SmoothL1Loss",
    "Softmax",
    "Softplus",
    "Step",
    "StepLR",
    "Subset",
    "Summary",
    "Tanh",
    "TensorDataset",
    "Threshold",
    "TransformerEncoder",
    "TransformerEncoderLayer",
    "TripletMarginLoss",
    "Unflatten",
    "Upsample",
    "Watch",
    "accuracy",
    "clip_grad_norm_",
    "clip_grad_value_",
    "data",
    "diagnose",
    "explain",
    "fit",
    "functional",
    "init",
    "load",
    "load_into",
    "optim",
    "random_split",
    "save",
    "summary",
    "train_perceptron",
    "watch",
]

_ROOMS = {  # imported when one of their names is first used: training needs none of them
    "diagnosis": "Diagnosis Finding diagnose",
    "estimators": "NeuralClassifier NeuralRegressor",
    "explain": "explain",  # itself
    "overview": "Summary summary",
    "saving": "load load_into save",
    "training": "Checkpoint DivergedError EarlyStopping History Run accuracy fit",
    "watching": "Watch watch",
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    """Import the room of a name when it is first used."""
    if name not in _ROOM_OF:
        raise AttributeError(f"module 'nn' has no attribute {name!r}")
    from importlib import import_module

    room = import_module(f"nn.{_ROOM_OF[name]}")
    value = globals()[name] = room if name == _ROOM_OF[name] else getattr(room, name)
    return value


def __dir__() -> list[str]:
    """What tab completion offers: the public names, also those that are not imported yet."""
    return __all__
