"""How learning rates change while a network is trained; the definitions are PyTorch's."""

from nn.optim.schedules.annealing import CosineAnnealingLR, CosineAnnealingWarmRestarts
from nn.optim.schedules.one_cycle import OneCycleLR
from nn.optim.schedules.plateau import ReduceLROnPlateau
from nn.optim.schedules.scheduler import LRScheduler
from nn.optim.schedules.sequential import SequentialLR
from nn.optim.schedules.stepwise import ExponentialLR, LambdaLR, LinearLR, MultiStepLR, StepLR

__all__ = [
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "ExponentialLR",
    "LRScheduler",
    "LambdaLR",
    "LinearLR",
    "MultiStepLR",
    "OneCycleLR",
    "ReduceLROnPlateau",
    "SequentialLR",
    "StepLR",
]
