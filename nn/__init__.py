"""glassgrad's neural networks: modules, losses and optimisers on top of `autograd`."""

from __future__ import annotations

import autograd

if not hasattr(autograd, "Value"):  # another package on PyPI has the same import name
    raise ImportError(
        f"nn belongs to glassgrad and needs glassgrad's autograd, but the autograd that was found "
        f"is another package, at {getattr(autograd, '__file__', autograd)}. The two cannot share "
        "an environment: run `pip uninstall autograd`, then `pip install --force-reinstall "
        "glassgrad`, or use a new environment"
    )

from nn import functional, init, optim
from nn.module import Module
from nn.neuron import MLP, Layer, Neuron
from nn.optim import SGD, Adam
from nn.perceptron import PerceptronRun, train_perceptron

__all__ = [
    "MLP",
    "SGD",
    "Adam",
    "Layer",
    "Module",
    "Neuron",
    "PerceptronRun",
    "functional",
    "init",
    "optim",
    "train_perceptron",
]
