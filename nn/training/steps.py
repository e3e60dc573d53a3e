"""One batch: its loss and what the model gave, compiled where that helps; where NaN was born."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

import autograd
from autograd import Tensor, Value
from autograd.node import plain
from nn.batch import SampleModule, is_table
from nn.module import Module
from nn.training.randomness import Randomness

Compile: TypeAlias = Literal["auto"] | bool
Batch: TypeAlias = tuple[tuple[Any, ...], Any]
CANNOT = (
    TypeError,
    RuntimeError,
    NotImplementedError,
)  # what a function that cannot be traced raises


class DivergedError(FloatingPointError):
    """A loss, or a gradient, that became NaN or infinite.

    Attributes
    ----------
    history : History
        What was measured before.
    """

    history: Any = None


class Steps:
    """A model and its loss as a function of a batch.

    Parameters
    ----------
    model : Module
    loss : callable
        Of what the model gives and the target.
    outputs : bool
        Whether what the model gives is wanted too.
    compile : {"auto", True, False}

    Attributes
    ----------
    note : str
        Whether it is compiled, and why or why not.
    """

    def __init__(
        self, model: Module, loss: Callable[..., Any], outputs: bool, compile: Compile
    ) -> None:
        self.model, self.loss, self.wants_outputs = model, loss, outputs
        self.parameters = model.parameters()
        self._tensors = [p for p in self.parameters if not isinstance(p, Value)]
        self.is_compiled, self.note = _decided(model, self.parameters, compile)
        self._compiled: dict[bool, Any] = {}  # for training, and for evaluation
        self.randomness = Randomness(model)

    def __call__(self, batch: Batch) -> tuple[Any, Any]:
        """The loss of a batch, as a node, and what the model gave, as an array.

        A model of Tensors is given Tensors, so that their methods mean what they mean elsewhere.
        """
        if self._tensors:
            batch = tuple(map(as_tensor, batch[0])), as_tensor(batch[1])
        if self.is_compiled:
            try:
                return self._replayed(*batch)
            except CANNOT as error:
                found = self._eager(*batch)  # which raises, if it is not the tracing that failed
                self.is_compiled = False
                reason = str(error).partition("\n")[0]
                self.note = f"not compiled, for it cannot be traced: {reason}"
                return found
        return self._eager(*batch)

    def _eager(self, inputs: tuple[Any, ...], target: Any) -> tuple[Any, Any]:
        output = self.model(*inputs)
        loss = self.loss(output, target)
        return loss, numbers(output) if self.wants_outputs else None

    def _replayed(self, inputs: tuple[Any, ...], target: Any) -> tuple[Any, Any]:
        mode = self.model.training
        if mode not in self._compiled:
            self._compiled[mode] = autograd.compile(self._traced)
        compiled, before = self._compiled[mode], self.randomness.state()
        builds = compiled.cache_info().misses
        try:
            found = compiled(inputs, target)
        except CANNOT:
            self.randomness.restore(before)
            raise
        if compiled.cache_info().misses > builds and before != self.randomness.state():
            self.randomness.restore(before)  # tracing drew some, too: they are drawn but once
            found = compiled(inputs, target)
        return found[0], numbers(found[1]) if self.wants_outputs else None

    def _traced(self, inputs: tuple[Any, ...], target: Any) -> Any:
        """The loss, and what the model gave if that is wanted."""
        output = self.model(*inputs)
        loss = self.loss(output, target)
        return (loss, output) if self.wants_outputs else (loss,)

    def gradients(self) -> Iterator[NDArray[Any]]:
        """Those of the parameters, but of Values: these raise by themselves, as all floats do."""
        return (p.grad for p in self._tensors if p.grad is not None)

    def require_finite(
        self, what: str, arrays: Iterable[Any], batch: Batch, before: dict[str, Any], where: str
    ) -> None:
        """See that a loss, or the gradients that it left, are finite.

        Raises
        ------
        DivergedError
            Naming the operation that made what is not, which is found by doing the batch again.
        """
        for array in arrays:
            if not np.isfinite(array).all():
                bad = np.asarray(array)[~np.isfinite(array)].flat[0]
                raise DivergedError(
                    f"{what} became {bad} in {where}: {self._born(batch, before)}. No parameter "
                    "was changed by this batch"
                )

    def _born(self, batch: Batch, before: dict[str, Any]) -> str:
        """Where it was born, found by computing the batch again."""
        inputs, target = batch
        for parameter in self.parameters:
            parameter.zero_grad()
        try:
            with autograd.detect_anomaly():
                self.randomness.restore(before)
                if isinstance(self.model, SampleModule) and is_table(inputs[0]):
                    for row in inputs[0]:  # one operation at a time, not as a program of rows
                        self.model(row)
                self.randomness.restore(before)
                loss, _ = self._eager(inputs, target)
                loss.backward()
        except (ArithmeticError, ValueError) as error:
            return str(error)
        finally:
            for parameter in self.parameters:
                parameter.zero_grad()
        return "but when the batch was computed again all was finite; its random numbers differ"


def _decided(model: Module, parameters: list[Any], compile: Compile) -> tuple[bool, str]:
    """Whether to compile, and why."""
    if compile not in ("auto", True, False):
        raise ValueError(f"compile is 'auto', True or False, but was given {compile!r}")
    if compile != "auto":
        return compile, "compiled, as asked for" if compile else "not compiled, as asked for"
    if isinstance(model, SampleModule):
        return False, f"not compiled as a whole: {type(model).__name__} replays batches by itself"
    if any(isinstance(parameter, Value) for parameter in parameters):
        return True, "compiled: its parameters are Values"
    return False, "not compiled: its parameters are Tensors, whose operations are on arrays anyway"


def as_tensor(part: Any) -> Any:
    """An array as a Tensor; anything else as it is."""
    is_array = isinstance(part, np.ndarray) and part.dtype.kind in "fiub"
    return Tensor(part) if is_array else part


def given_to(model: Module, x: Any) -> Any:
    """What a model is given: a Tensor, if its parameters are Tensors."""
    return as_tensor(x) if any(isinstance(p, Tensor) for p in model.parameters()) else x


def numbers(output: Any) -> NDArray[Any]:
    """What a model gave, nodes or lists of them, as an array of its own."""
    if isinstance(output, (list, tuple)):
        return np.array([numbers(entry) for entry in output])
    return np.array(plain(output))
