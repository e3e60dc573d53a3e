"""Small networks, data and losses for the tests of training."""

from __future__ import annotations

import numpy as np

import autograd
from autograd import Tensor, Value
from nn import DataLoader, Module, fit

DRAW = np.random.default_rng(0)
X = DRAW.standard_normal((40, 3))
Y = (X @ [1.0, -2.0, 0.5] > 0).astype(int)
T = X @ [1.0, -2.0, 0.5] + 0.3


class Linear(Module):
    def __init__(self, fan_in, fan_out, seed, dtype=float):
        self.weight = autograd.randn(
            fan_out, fan_in, generator=seed, dtype=dtype, requires_grad=True
        )
        self.bias = Tensor(np.zeros(fan_out, dtype), requires_grad=True)

    def forward(self, x):
        return autograd.linear(x, self.weight, self.bias)


class Net(Module):
    """Two layers, with noise in training from both kinds of generators, and a buffer."""

    def __init__(self, seed=0, noise=0.0, dtype=float):
        self.first, self.second = Linear(3, 5, seed, dtype), Linear(5, 2, seed + 1, dtype)
        self.noise, self.generator = noise, np.random.default_rng(seed)
        self.register_buffer("calls", Tensor(0))
        self.register_buffer("mean", Tensor(np.zeros(5, dtype)), persistent=False)

    def forward(self, x):
        h = autograd.tanh(self.first(x))
        if self.training:
            self.calls.data = self.calls.data + 1
            if self.noise:
                mean = 0.9 * self.mean.data + 0.1 * np.asarray(h.data).mean(0)
                h = h - self.mean.data
                self.mean.data = mean
                h = h + self.noise * autograd.randn(*h.shape)
                h = h + self.noise * autograd.randn(*h.shape, generator=self.generator)
        return self.second(h)


class ScalarLine(Module):
    """Plain scalar code on a batch: a Value for each sample."""

    def __init__(self):
        self.w, self.b = [Value(0.1), Value(-0.2), Value(0.3)], Value(0.0)

    def forward(self, x):
        return [sum((w * a for w, a in zip(self.w, row, strict=True)), self.b) for row in x]


def scalar_mse(output, target):
    return sum((o - t) ** 2 for o, t in zip(output, target, strict=True)) / len(output)


def mse(output, target):
    return ((output - target) ** 2).mean()


def close_by(output, target):
    return float(np.mean(np.abs(output - target) < 0.5))


def loader(x=X, y=Y, size=8, seed=0, **settings):
    return DataLoader((x, y), size, shuffle=True, generator=seed, **settings)


def quietly(model, data, loss, optimizer, **settings):
    return fit(model, data, loss, optimizer, progress=False, **settings)


def bits(model):
    return {name: array.tobytes() for name, array in model.state_dict().items()}


class Plain(Module):
    """A network of Tensors that can be traced, with noise."""

    def __init__(self):
        self.first, self.second = Linear(3, 5, 0), Linear(5, 2, 1)

    def forward(self, x):
        h = autograd.tanh(self.first(x))
        if self.training:
            h = h + 0.1 * autograd.randn(*h.shape)
        return self.second(h)


class Halving:
    """As schedules of PyTorch are, in what they are called with."""

    def __init__(self, optimizer):
        self.optimizer, self.steps = optimizer, 0

    def step(self, epoch=None):
        assert epoch is None
        self.steps += 1
        self.optimizer.lr /= 2

    def state_dict(self):
        return {"steps": self.steps}

    def load_state_dict(self, state):
        self.steps = state["steps"]
