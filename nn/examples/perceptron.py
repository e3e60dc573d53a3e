"""The perceptron: one neuron that learns from its mistakes, on iris, AND, OR, and in vain on XOR.

The neuron of McCulloch and Pitts is a weighted sum and a step: it fires if ``w · x + b > 0``.
Here three of them, their weights set by hand, compute XOR. Rosenblatt's rule finds the weights by
itself, ``w ← w + (target - output) · x`` after each mistake. If a straight line parts the two
classes, it comes to rest on one, as with AND, OR and two species of iris. If none does, as with
XOR, it never rests, and one neuron cannot be right about all four corners.

``lines.png`` shows, for each problem, its two classes, and the line on which the neuron ends: it
fires on the shaded side, and is to fire for the squares. The grey lines are where it stood after
earlier passes. For XOR by hand there are the lines of both hidden neurons; between them the third
fires. The last picture counts the mistakes in each pass.

Sources: McCulloch & Pitts 1943, A logical calculus of the ideas immanent in nervous activity;
Rosenblatt 1958, The perceptron; Minsky & Papert 1969, Perceptrons; the flowers, Fisher 1936.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split

from nn.examples.pictures import BLUE, ORANGE
from nn.examples.settings import Example
from nn.neuron import Layer, Neuron
from nn.perceptron import train_perceptron

EPOCHS = 100  # passes over the data, at most

Array: TypeAlias = NDArray[Any]
Line: TypeAlias = tuple[float, float, float]  # w₀ x₀ + w₁ x₁ + b = 0

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
GATES = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "XOR": [0, 1, 1, 0]}


@dataclass
class Learned:
    """How a neuron went about a problem."""

    x: Array  # (n, 2)
    y: Array  # (n,), of 0 and 1
    neuron: Neuron
    mistakes: list[int]  # in each pass
    lines: list[Line]  # where it stood after each

    @property
    def converged(self) -> bool:
        """Whether the last pass had no mistake."""
        return self.mistakes[-1] == 0

    @property
    def accuracy(self) -> float:
        """The share of samples that it is right about, as it is at last."""
        return accuracy(self.neuron, self.x, self.y)

    def __str__(self) -> str:
        end = "converges" if self.converged else "does not converge"
        return f"{end}; passes {len(self.mistakes)}, mistakes {sum(self.mistakes)}; " + (
            f"at last {self.accuracy:.0%} right"
        )


def accuracy(unit: Callable[[Any], Any], x: Array, y: Array) -> float:
    """The share of samples that a unit with one output is right about."""
    return float(
        np.mean([unit(sample).data == target for sample, target in zip(x, y, strict=True)])
    )


def iris(seed: int) -> tuple[Array, Array, Array, Array]:
    """Petals of 50 setosa (0) and 50 versicolor (1), length and width in cm; 30 are held out."""
    x, species = load_iris(return_X_y=True)
    two = species < 2
    x, y = x[two][:, 2:], species[two]
    train_x, test_x, train_y, test_y = train_test_split(
        x, y, test_size=0.3, stratify=y, random_state=seed
    )
    return train_x, train_y, test_x, test_y


def learn(x: Array, y: Any, epochs: int, seed: int) -> Learned:
    """Teach a new neuron, pass by pass, until it makes no mistake or the passes are over."""
    learned = Learned(x, np.asarray(y), Neuron(2, "step", seed=seed), [], [])
    while len(learned.mistakes) < epochs and not (learned.mistakes and learned.converged):
        learned.mistakes += train_perceptron(learned.neuron, x.tolist(), y, epochs=1).mistakes
        learned.lines.append(line(learned.neuron))
    return learned


def line(neuron: Neuron) -> Line:
    """The weights and the bias as they are now."""
    return neuron.w[0].data, neuron.w[1].data, neuron.b.data


def xor_by_hand() -> tuple[Layer, Neuron]:
    """XOR is OR but not AND: two hidden neurons, and one that fires between their lines."""
    hidden = Layer(2, 2, "step").set_weights([[1.0, 1.0], [1.0, 1.0]], [-0.5, -1.5])
    return hidden, Neuron(2, "step").set_weights([1.0, -1.0], -0.5)


def run(settings: Example) -> dict[str, float]:
    """Set weights by hand, learn them, report, and leave a picture."""
    epochs = settings.epochs or (10 if settings.small else EPOCHS)
    hidden, last = xor_by_hand()
    by_hand = accuracy(lambda corner: last(hidden(corner)), CORNERS, np.array(GATES["XOR"]))
    print(f"XOR of three neurons of McCulloch and Pitts, set by hand: {by_hand:.0%} right")

    train_x, train_y, test_x, test_y = iris(settings.seed)
    problems = {"iris": (train_x, train_y)} | {name: (CORNERS, y) for name, y in GATES.items()}
    learned = {name: learn(x, y, epochs, settings.seed) for name, (x, y) in problems.items()}
    for name, one in learned.items():
        reach = "must not converge" if name == "XOR" else "must converge"
        print(f"{name:4} {one} ({reach})")
    test = accuracy(learned["iris"].neuron, test_x, test_y)
    print(f"flowers that it had not seen: {test:.0%} right")
    draw(learned, hidden, settings.out / "lines.png")
    found = {"xor_by_hand_accuracy": by_hand, "iris_test_accuracy": test}
    for name, one in learned.items():
        found |= {
            f"{name.lower()}_converged": float(one.converged),
            f"{name.lower()}_passes": float(len(one.mistakes)),
            f"{name.lower()}_accuracy": one.accuracy,
        }
    return found


def draw(learned: dict[str, Learned], hidden: Layer, path: Path) -> None:
    """A picture for each problem, one for XOR by hand, and one of the mistakes."""
    figure = Figure(figsize=(10.5, 6.8), layout="constrained")
    places = iter(figure.subplots(2, 3).flat)
    for name, one in learned.items():
        axes = next(places)
        plane(axes, one.x, one.y)
        for earlier in one.lines[-6:-1]:
            stroke(axes, earlier, color="gray", lw=0.8, alpha=0.6)
        stroke(axes, one.lines[-1], color="black")
        shade(axes, one.neuron)
        passes = f"{len(one.mistakes)} pass{'es' if len(one.mistakes) > 1 else ''}"
        axes.set_title(f"{name}: {'learned in' if one.converged else 'not learned in'} {passes}")
    for axes in figure.axes[1:5]:
        ticks = {"xticks": (0, 1), "yticks": (0, 1)}
        axes.set(xlabel="first input", ylabel="second input", **ticks)
    figure.axes[0].set(xlabel="petal length, cm", ylabel="petal width, cm")
    figure.axes[0].legend(["setosa", "versicolor"], loc="upper left")

    axes, (once, both) = next(places), hidden.neurons
    plane(axes, CORNERS, np.array(GATES["XOR"]))
    stroke(axes, line(once), color="black")
    stroke(axes, line(both), color="black", ls="--")
    shade(axes, lambda table: once(table).data - both(table).data)
    axes.set_title("XOR by hand: OR, not AND (dashed)")

    axes = next(places)
    for (name, one), style in zip(learned.items(), ("-o", "--s", ":^", "-"), strict=True):
        axes.plot(range(1, len(one.mistakes) + 1), one.mistakes, style, ms=4, label=name)
    axes.set(title="Mistakes in each pass", xlabel="pass over the data", ylabel="mistakes")
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:.0f}")
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.legend()
    figure.savefig(path, dpi=110)


def plane(axes: Axes, x: Array, y: Array) -> None:
    """The samples of both classes, with room around them."""
    for kind, colour, marker in ((0, BLUE, "o"), (1, ORANGE, "s")):
        points = axes.scatter(x[y == kind, 0], x[y == kind, 1], 45, colour, marker=marker)
        points.set(edgecolor="white", zorder=3)
    low, high = x.min(0), x.max(0)
    room = 0.25 * (high - low)
    axes.set(xlim=(low[0] - room[0], high[0] + room[0]), ylim=(low[1] - room[1], high[1] + room[1]))


def stroke(axes: Axes, where: Line, **style: Any) -> None:
    """The line ``w₀ x₀ + w₁ x₁ + b = 0`` across a picture, which keeps its limits."""
    (w0, w1, b), limits = where, (axes.get_xlim(), axes.get_ylim())
    across = np.array(limits[0 if abs(w1) > abs(w0) else 1])
    if abs(w1) > abs(w0):
        axes.plot(across, -(w0 * across + b) / w1, **style)
    elif w0:
        axes.plot(-(w1 * across + b) / w0, across, **style)
    axes.set(xlim=limits[0], ylim=limits[1])


def shade(axes: Axes, unit: Callable[[Any], Any]) -> None:
    """The side on which a unit fires."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    x, y = np.meshgrid(np.linspace(left, right, 200), np.linspace(low, high, 200))
    fires = unit(np.column_stack([x.ravel(), y.ravel()]))
    surface = np.asarray(getattr(fires, "data", fires)).reshape(x.shape)
    axes.contourf(x, y, surface, levels=[0.5, 1.5], colors=[ORANGE], alpha=0.15)
