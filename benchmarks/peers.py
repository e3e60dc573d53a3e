"""The same program in glassgrad, in other libraries and by hand, each as a candidate for a race.

All start from the same numbers in float64, in arrays of which every library makes its own.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from itertools import pairwise
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

import autograd
from autograd import Value
from benchmarks.baselines import TinyValue
from benchmarks.harness import Candidate
from benchmarks.workloads import Weights, Workload

Array = NDArray[Any]
Arrays = list[Array]
Cut = Callable[[Array], Arrays]


def cutter(*shapes: tuple[int, ...]) -> Cut:
    """Say how the numbers of a workload's parameters, in their order, become arrays."""
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])

    def cut(numbers: Array) -> Arrays:
        pieces = np.split(numbers, ends[:-1])
        return [piece.reshape(shape) for piece, shape in zip(pieces, shapes, strict=True)]

    return cut


def mlp_cutter(*sizes: int) -> Cut:
    """The same for an `nn.MLP`, where the bias of each neuron follows its weights."""
    blocks = cutter(*((fan_out, fan_in + 1) for fan_in, fan_out in pairwise(sizes)))

    def cut(numbers: Array) -> Arrays:
        return [part for b in blocks(numbers) for part in (b[:, :-1], b[:, -1])]

    return cut


def numbers(parameters: Sequence[Any]) -> Array:
    return np.array([parameter.data for parameter in parameters])


def scalar(
    loss: Callable[..., Any],
    args: Sequence[Any],
    parameters: Sequence[Any],
    cut: Cut,
    update: Callable[[], object] | None = None,
) -> Candidate:
    """Any engine whose nodes have `data`, `grad` and `backward()`, on plain scalar code.

    `update` moves the parameters and forgets their gradients; without one, a step is forward and
    backward alone.
    """

    def gradients(*data: Any) -> tuple[float, Arrays]:
        for parameter in parameters:
            parameter.grad = 0.0
        out = loss(*args, *data)
        out.backward()
        found = cut(np.array([float(parameter.grad) for parameter in parameters]))
        for parameter in parameters:
            parameter.grad = 0.0
        return out.data, found

    def step(*data: Any) -> float:
        out = loss(*args, *data)
        out.backward()
        if update is not None:
            update()
        return float(out.data)

    return Candidate(gradients, step)


def glassgrad(
    workload: Workload,
    cut: Cut,
    optimizer: Callable[[Any], Any] | None = None,
    *,
    compiled: bool = False,
    args: Sequence[Any] | None = None,
    set_to_none: bool = True,
) -> Candidate:
    """Plain scalar code, as it is or compiled; `args` stands in for the workload's own.

    Without `set_to_none` Adam moves, as elsewhere, also what a step does not reach.
    """
    loss = autograd.compile(workload.loss) if compiled else workload.loss
    moves = None if optimizer is None else optimizer(workload.parameters)

    def update() -> None:
        moves.step()
        moves.zero_grad(set_to_none)

    if moves is None:
        return scalar(loss, workload.args if args is None else args, workload.parameters, cut)
    moves.zero_grad(set_to_none)
    return scalar(loss, workload.args if args is None else args, workload.parameters, cut, update)


def tiny(
    workload: Workload,
    cut: Cut,
    args: Sequence[Any] | None = None,
    update: Callable[[Sequence[TinyValue]], Callable[[], None]] | None = None,
) -> Candidate:
    """The class of `baselines` in the style of microgpt, its indices and maxima those of Python."""
    twins = {value: TinyValue(value.data) for value in workload.parameters}
    parameters = list(twins.values())

    def twin(tree: Any) -> Any:
        if isinstance(tree, dict):
            return {key: twin(branch) for key, branch in tree.items()}
        if isinstance(tree, (list, tuple)):
            return [twin(branch) for branch in tree]
        if isinstance(tree, Weights):
            return SimpleNamespace(**twin(vars(tree)))
        return twins[tree] if isinstance(tree, Value) else tree

    def loss(*args: Any) -> TinyValue:
        plain = {"pick": lambda rows, i: rows[i], "max": lambda xs: max(x.data for x in xs)}
        with patch.multiple(autograd, **plain):
            return workload.loss(*args)

    args = twin(workload.args if args is None else args)
    return scalar(loss, args, parameters, cut, update and update(parameters))


def pytorch(
    start: Arrays,
    loss: Callable[..., Any],
    optimizer: Callable[[Any], Any] | None = None,
    *,
    compiled: bool = False,
) -> Candidate:
    """PyTorch, eager or through `torch.compile`; ``loss(parameters, *data)`` is a Tensor."""
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    parameters = [torch.tensor(array, requires_grad=True) for array in start]
    moves = None if optimizer is None else optimizer(parameters)
    if compiled:
        torch.compiler.reset()
    run = torch.compile(loss) if compiled else loss

    def gradients(*data: Any) -> tuple[float, Arrays]:
        out = run(parameters, *map(torch.tensor, data))
        found = torch.autograd.grad(out, parameters)
        return out.item(), [gradient.numpy() for gradient in found]

    def step(*data: Any) -> float:
        out = run(parameters, *map(torch.tensor, data))
        if moves is None:
            torch.autograd.grad(out, parameters)
        else:
            moves.zero_grad()
            out.backward()
            moves.step()
        return float(out.item())

    return Candidate(gradients, step)


def jax(
    start: Arrays,
    loss: Callable[..., Any],
    update: Callable[..., Any] | None = None,
    state: Any = (),
) -> Candidate:
    """JAX, jitted as a whole; ``update(parameters, gradients, state)`` gives the first and last.

    It computes on the calling thread, for handing over to another costs twice the step itself, and
    old parameters are given back to it.
    """
    library = importlib.import_module("jax")
    library.config.update("jax_enable_x64", True)
    library.config.update("jax_cpu_enable_async_dispatch", False)
    parameters = [library.numpy.asarray(array) for array in start]
    state = library.tree.map(library.numpy.asarray, state)
    both = library.value_and_grad(loss)

    def moved(parameters: Any, state: Any, *data: Any) -> Any:
        value, found = both(parameters, *data)
        return value, *update(parameters, found, state)

    ways = library.jit(both), library.jit(moved, donate_argnums=(0, 1))

    def gradients(*data: Any) -> tuple[float, Arrays]:
        value, found = ways[0](parameters, *map(np.array, data))
        return float(value), [np.asarray(gradient) for gradient in found]

    def step(*data: Any) -> float:
        nonlocal parameters, state
        if update is None:
            value, _ = ways[0](parameters, *map(np.array, data))
        else:
            value, parameters, state = ways[1](parameters, state, *map(np.array, data))
        return float(value)

    return Candidate(gradients, step)


class Flat:
    """For steps by hand: arrays that lie side by side in one, their gradients in another."""

    def __init__(self, start: Arrays) -> None:
        cut = cutter(*(array.shape for array in start))
        self.w = np.concatenate([array.ravel() for array in start])
        self.g, self.m, self.v, self.t = np.zeros((4, self.w.size), self.w.dtype)
        self.weights, self.grads = cut(self.w), cut(self.g)
        self.steps = 0

    def sgd(self, lr: float) -> None:
        np.multiply(self.g, lr, out=self.t)
        self.w -= self.t

    def adam(self, lr: float, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8) -> None:
        """Move all weights by their gradients, in place and without a new array."""
        w, g, m, v, t = self.w, self.g, self.m, self.v, self.t
        self.steps += 1
        m *= beta1
        np.multiply(g, 1 - beta1, out=t)
        m += t
        v *= beta2
        g *= g
        g *= 1 - beta2
        v += g
        np.sqrt(v, out=t)
        t /= (1 - beta2**self.steps) ** 0.5
        t += eps
        np.divide(m, t, out=t)
        t *= lr / (1 - beta1**self.steps)
        w -= t


def by_hand(
    flat: Flat, derive: Callable[..., float], update: Callable[[], None] | None = None
) -> Candidate:
    """NumPy: ``derive(*data)`` writes ``flat.grads`` and returns the loss."""

    def gradients(*data: Any) -> tuple[float, Arrays]:
        return derive(*data), [gradient.copy() for gradient in flat.grads]

    def step(*data: Any) -> float:
        value = derive(*data)
        if update is not None:
            update()
        return float(value)

    return Candidate(gradients, step)
