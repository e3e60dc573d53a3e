"""The perceptron learning rule: learning from mistakes, before there were gradients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nn.neuron import Neuron, as_inputs


@dataclass(frozen=True)
class PerceptronRun:
    """How the learning went.

    Attributes
    ----------
    mistakes : tuple of int
        How many samples were answered wrongly in each pass over the data.
    converged : bool
        Whether the last pass had none.
    """

    mistakes: tuple[int, ...]
    converged: bool

    def __str__(self) -> str:
        end = "converged" if self.converged else "has not converged"
        return f"{end} after {len(self.mistakes)} passes, mistakes {self.mistakes}"


def train_perceptron(
    neuron: Neuron,
    inputs: Sequence[Sequence[Any]],
    targets: Sequence[int],
    *,
    lr: float = 1.0,
    epochs: int = 100,
) -> PerceptronRun:
    """Teach a neuron by Rosenblatt's rule, ``w ← w + lr · (target - output) · x``.

    If a straight line (a hyperplane) separates the two classes it is found after a finite number
    of mistakes; if none does, as for XOR, the rule never comes to rest.

    Parameters
    ----------
    neuron : Neuron
        One with the activation ``step``; its weights are changed.
    inputs : sequence of samples
        Each holds as many numbers as the neuron takes.
    targets : sequence of 0 and 1
        The class of each sample.
    lr : float, default 1
        How far a mistake moves the weights.
    epochs : int, default 100
        How many passes over the data are made at most.

    Raises
    ------
    ValueError
        If it is not a neuron with that activation, `lr` is not above 0, a target is neither 0
        nor 1, or there are not as many targets as inputs.

    References
    ----------
    Rosenblatt 1958, The perceptron; Novikoff 1962, On convergence proofs on perceptrons; Minsky &
    Papert 1969, Perceptrons.

    Examples
    --------
    >>> corners = [(0, 0), (0, 1), (1, 0), (1, 1)]
    >>> print(train_perceptron(Neuron(2, "step", init="zeros"), corners, [0, 0, 0, 1]))
    converged after 6 passes, mistakes (2, 3, 3, 2, 1, 0)
    >>> train_perceptron(Neuron(2, "step", init="zeros"), corners, [0, 1, 1, 0]).converged
    False
    """
    if not isinstance(neuron, Neuron) or neuron.activation != "step":
        raise ValueError(f"the perceptron rule takes a neuron with step, but was given {neuron!r}")
    if not lr > 0.0:
        raise ValueError(f"lr must be above 0, but is {lr!r}")
    if len(inputs) != len(targets) or any(target not in (0, 1) for target in targets):
        raise ValueError(
            f"the perceptron rule takes a target of 0 or 1 for each of the {len(inputs)} inputs, "
            f"but was given {list(targets)!r}"
        )
    mistakes: list[int] = []
    while len(mistakes) < epochs and (not mistakes or mistakes[-1]):
        wrong = 0
        for given, target in zip(inputs, targets, strict=True):
            x = [float(number) for number in as_inputs(neuron, given)]
            error = target - neuron(x).data
            if error:
                wrong += 1
                for weight, value in zip(neuron.w, x, strict=True):
                    weight.data += lr * error * value
                neuron.b.data += lr * error
        mistakes.append(wrong)
    return PerceptronRun(tuple(mistakes), bool(mistakes) and mistakes[-1] == 0)
