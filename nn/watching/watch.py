"""What `watch` gives: a recording of a training that shows itself and saves itself."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np

from autograd.node import plain
from autograd.saving import Path, save
from autograd.text import number
from nn.module import Module
from nn.parts import described, norms, parts
from nn.table import table
from nn.watching.page import image, to_html, to_page
from nn.watching.reading import Array, answers, columns, frame, outputs
from nn.watching.recording import Recording
from nn.watching.scene import Scene, headline
from nn.watching.surface import Plane, plane

PAUSE = 0.1  # seconds from one picture to the next, so that drawing does not slow the training


class Watch:
    """A training as it went: the network, its gradients and its loss at each step.

    Made by `nn.watch`. A notebook shows it by itself, as a player.

    Attributes
    ----------
    frames : list of Frame
        What was recorded: all steps, or when they are many an even choice of them.
    """

    def __init__(self, model: Module, data: Any = None, *, boundary: float | None = None) -> None:
        if not isinstance(boundary, Real | None):
            raise TypeError(f"boundary is a number, but was given {boundary!r:.60}")
        self.model = model
        self._parts = parts(model)
        self._columns = columns(self._parts)
        self._recording = Recording()
        self._step = 0
        self._sample: Any = None
        self._plane: Plane | None = None
        self._handle: Any = None
        self._shown = -math.inf  # when
        self._late = False  # whether the newest frame is still to be shown
        if data is not None:
            x, targets = _samples(data)
            self._sample = x[0].tolist()
            outputs(model, self._columns, self._sample)  # which sees that the samples fit
            if x.shape[1:] == (2,):
                self._plane = _plane(model, x, targets, boundary)

    @property
    def frames(self) -> list[Any]:
        """What was recorded."""
        return self._recording.frames

    def __call__(self, loss: Any = None) -> None:
        """Record the network as it is now, and in a notebook show it.

        Call it after `backward` and before the next `zero_grad`: then the gradients are there.

        Parameters
        ----------
        loss : number or node, optional
            The loss at this step.

        Raises
        ------
        TypeError
            If it is no number, and no node of one.
        """
        found = np.asarray(plain(math.nan if loss is None else loss))
        if found.size != 1 or found.dtype.kind not in "fiub":
            raise TypeError(f"watch takes the loss as one number, but was given {loss!r:.60}")
        self._step += 1
        grid = self._plane.grid if self._plane else None
        self._recording.add(
            frame(
                self.model,
                self._columns,
                step=self._step,
                loss=float(found.item()),
                sample=self._sample,
                grid=grid,
            )
        )
        self._display()

    def _display(self) -> None:
        """Show the newest frame in the notebook, if there is one, in place of the one before."""
        shell: Any = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
        if not hasattr(shell, "kernel"):  # only there something shown can change
            return
        if time.monotonic() > self._shown + PAUSE:
            self._put()
        elif not self._late:
            self._late = True  # the last frame of a cell is shown when the cell is done
            shell.events.register("post_run_cell", self._catch_up)

    def _catch_up(self, _: Any) -> None:
        from IPython import get_ipython

        shell: Any = get_ipython()
        shell.events.unregister("post_run_cell", self._catch_up)
        self._late = False
        self._put()

    def _put(self) -> None:
        display = _displayer()
        picture = image(self.to_svg(), headline(self.frames[-1]))
        bundle = {"text/html": picture, "text/plain": str(self)}
        if self._handle is None:
            self._handle = display(bundle, raw=True, display_id=True)
        else:
            self._handle.update(bundle, raw=True)
        self._shown = time.monotonic()

    def show(self) -> None:
        """Show the recording: a player in a notebook, a table in a terminal."""
        if "IPython" in sys.modules:
            _displayer()(self)
        else:
            print(self)

    @property
    def scene(self) -> Scene:
        """What is drawn, as data."""
        if not self.frames:
            raise ValueError("nothing was recorded yet; call the watch once a step: watch(loss)")
        names = [part.name for part in self._parts]
        return Scene(described(self.model), self._columns, names, self._plane, self.frames)

    def to_svg(self, at: int = -1, *, gradients: bool = False) -> str:
        """One frame as SVG, the newest if not said otherwise; with its gradients for weights.

        Raises
        ------
        ValueError
            If nothing was recorded.
        IndexError
            If there is no such frame.
        """
        count = len(self.frames)
        if count and (not isinstance(at, int) or not -count <= at < count):
            raise IndexError(
                f"at is the place of a frame among {count}, from 0, or from −1 for the newest "
                f"backwards, but was given {at!r:.60}"
            )
        return self.scene.svg(at, gradients=gradients)

    def to_html(self) -> str:
        """All frames as HTML that plays them; it asks no network for anything."""
        return to_html(self.scene)

    def save(self, path: Path) -> None:
        """Write the recording to a file; the name's ending says in which form.

        The file appears whole or not at all, and replaces one that is there.

        Parameters
        ----------
        path : str or path
            A name that ends in ``.html`` for the player, or in ``.svg`` for the newest frame.

        Raises
        ------
        ValueError
            If it ends otherwise, or nothing was recorded.
        OSError
            If it cannot be written: its folder is not there, or may not be written into.
        """
        save(path, {".html": lambda: to_page(self.scene), ".svg": self.to_svg})

    def __str__(self) -> str:
        head = headline(self.frames[-1]) if self.frames else "nothing recorded yet"
        rows = []
        for part in self._parts:
            weight, grad = norms(part)
            ratio = grad / weight if weight else math.nan
            rows.append((part.name, described(part.module), *map(number, (weight, grad, ratio))))
        return "\n".join([head, *table(("part", "", "|w|", "|grad|", "|grad|/|w|"), rows)])

    def __repr__(self) -> str:
        return f"<Watch of {self._step} step{'s' * (self._step != 1)} of {described(self.model)}>"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        if not self.frames:
            return {"text/plain": str(self)}
        return {
            "text/html": self.to_html(),
            "image/svg+xml": self.to_svg(),
            "text/plain": str(self),
        }


def _displayer() -> Any:
    """IPython's `display`, which has no types."""
    from IPython.display import display

    return display


def watch(model: Module, data: Any = None, *, boundary: float | None = None) -> Watch:
    """Watch a model while it is trained: call what comes back once a step.

    Each call records the network: its weights (colour and dash for the sign, width for the size),
    its biases, its gradients, and the loss. In a notebook the picture changes in place; afterwards
    the watch itself is a player of all that was recorded, and `save` makes a file of it. Of a layer
    at most 16 units are drawn, evenly spread. At most 300 frames are kept: when there are more,
    every second one is dropped, again and again, so that those that remain are evenly spread and
    memory stays bounded.

    Parameters
    ----------
    model : Module
        What is trained: of `Neuron`, `Layer`, `MLP` and modules with a two-dimensional ``weight``
        the units are drawn, of others the norms are told.
    data : (X, y), optional
        Samples, shape (N, ...), and what is wanted for them: numbers, classes, or a one in the
        place of the class. The outputs of units are those for the first sample. If there are two
        inputs, what the model answers is drawn over the plane.
    boundary : float, optional
        The answer that parts the two classes. If omitted, halfway between the least and the
        largest of `y`; give 0 where the answers are logits and the classes 0 and 1.

    Returns
    -------
    Watch

    Raises
    ------
    TypeError
        If `model` is not a module, or `boundary` no number.
    ValueError
        If it has no parameters, or there are not as many targets as samples.

    Examples
    --------
    >>> import nn
    >>> from nn.functional import mse_loss
    >>> corners, xor = [(0, 0), (0, 1), (1, 0), (1, 1)], [0, 1, 1, 0]
    >>> model = nn.MLP(2, [4, 1], activation="tanh", seed=1)
    >>> optimizer = nn.SGD(model.parameters(), lr=0.2)
    >>> watch = nn.watch(model, data=(corners, xor))
    >>> for step in range(20):
    ...     optimizer.zero_grad()
    ...     loss = mse_loss([model(x) for x in corners], xor)
    ...     loss.backward()
    ...     optimizer.step()
    ...     watch(loss)
    >>> print(watch)
    step 20 · loss 0.2038
    part                               |w|   |grad|  |grad|/|w|
    layers.0  Layer(2, 4, 'tanh')    1.476   0.1226     0.08306
    layers.1  Layer(4, 1, 'linear')  1.486  0.07939     0.05344
    >>> watch.save("training.html")  # doctest: +SKIP
    """
    return Watch(model, data, boundary=boundary)


def _samples(data: Any) -> tuple[Array, Array]:
    """The samples as an array of shape (N, ...), and their targets as one of shape (N,)."""
    if not isinstance(data, Sequence) or len(data) != 2:
        raise ValueError(f"data must be two things, (X, y), but was given {data!r:.60}")
    try:
        x, targets = np.asarray(_plain(data[0])), np.asarray(_plain(data[1]), float)
    except ValueError as error:  # NumPy's, of lists of unlike lengths and the like
        raise ValueError(f"data must hold samples of one shape, and numbers: {error}") from None
    if x.ndim == 0 or x.dtype.kind not in "fiub":
        raise ValueError(f"X must hold samples made of numbers, but is {data[0]!r:.60}")
    if targets.ndim == 2:
        targets = targets[:, 0] if targets.shape[1] == 1 else targets.argmax(axis=1)
    if targets.shape != (len(x),) or not len(x):
        raise ValueError(
            f"data must hold a target for each sample, but X holds {len(x)} samples and y has "
            f"shape {np.shape(_plain(data[1]))}"
        )
    return x, targets


def _plain(x: Any) -> Any:
    if isinstance(x, (list, tuple)):
        return [_plain(each) for each in x]
    return plain(x)


def _plane(model: Module, x: Array, targets: Array, boundary: float | None) -> Plane:
    if boundary is None:
        boundary = float(targets.min() + targets.max()) / 2
    return plane(x, targets, answers(model, x[:1]).shape[1], boundary)
