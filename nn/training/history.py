"""What was measured in each epoch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, overload

from autograd.text import number
from nn.extras import required
from nn.table import table

COLOURS = ("#0072B2", "#B34700")  # of training, and of validation


class History(Sequence[dict[str, float]]):
    """What was measured in each epoch: a list of dicts, and of each measure a list.

    Made by `nn.fit`. ``history[0]`` is the first epoch, ``history["loss"]`` all losses.

    Attributes
    ----------
    epochs : list of dict of str to float
        For each epoch ``loss``, the metrics, both again as ``val_loss`` and so on if there is
        validation, and with a schedule ``lr``.
    notes : list of str
        What else there is to know: whether the model was compiled, and why training stopped.

    Examples
    --------
    >>> history = History([{"loss": 2.0, "val_loss": 3.0}, {"loss": 0.5, "val_loss": 1.0}])
    >>> history["loss"], history[-1]["val_loss"], len(history)
    ([2.0, 0.5], 1.0, 2)
    >>> history
    History(2 epochs: loss 2 → 0.5, val_loss 3 → 1)
    """

    def __init__(self, epochs: Iterable[dict[str, float]] = (), notes: Iterable[str] = ()) -> None:
        self.epochs, self.notes = list(epochs), list(notes)

    def __len__(self) -> int:
        return len(self.epochs)

    @overload
    def __getitem__(self, key: str) -> list[float]: ...
    @overload
    def __getitem__(self, key: int) -> dict[str, float]: ...
    @overload
    def __getitem__(self, key: slice) -> list[dict[str, float]]: ...

    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, str):
            return self.epochs[key]
        if self.epochs and key not in self.names:
            raise KeyError(f"{key!r} was not measured; there is {', '.join(self.names)}")
        return [epoch[key] for epoch in self.epochs if key in epoch]

    @property
    def names(self) -> list[str]:
        """What was measured."""
        return list(dict.fromkeys(name for epoch in self.epochs for name in epoch))

    def frame(self) -> Any:
        """A row for each epoch, counted from 1: a pandas DataFrame.

        Raises
        ------
        ImportError
            If pandas is not installed.
        """
        pandas = required("pandas", "train", "History.frame")
        index = pandas.RangeIndex(1, len(self) + 1, name="epoch")
        return pandas.DataFrame(self.epochs, index=index, columns=self.names)

    def plot(self) -> Any:
        """A curve for each measure, that of training and of validation in one picture.

        It is drawn by matplotlib's pyplot: a notebook shows it, a script calls ``plt.show()``.

        Returns
        -------
        array of matplotlib.axes.Axes
            One for each picture.

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        ValueError
            If nothing was measured.
        """
        pyplot = required("matplotlib.pyplot", "train", "History.plot")
        if not self.epochs:
            raise ValueError("no epoch was finished, so there is nothing to plot")
        kinds = list(dict.fromkeys(name.removeprefix("val_") for name in self.names))
        shape = {"figsize": (4.5 * len(kinds), 3.6), "layout": "constrained"}
        _, row = pyplot.subplots(1, len(kinds), squeeze=False, **shape)
        for axes, kind in zip(row[0], kinds, strict=True):
            for name, label, colour in ((kind, "training", 0), (f"val_{kind}", "validation", 1)):
                if name in self.names:
                    style = "--s" if colour else "-o"
                    here = [i for i, epoch in enumerate(self.epochs, 1) if name in epoch]
                    axes.plot(here, self[name], style, color=COLOURS[colour], label=label)
            axes.set(title=kind, xlabel="epoch")
            axes.xaxis.get_major_locator().set_params(integer=True, min_n_ticks=1)
            axes.grid(alpha=0.3)
            axes.legend()
        return row[0]

    def __str__(self) -> str:
        rows = [
            [str(i), *(number(epoch[n]) if n in epoch else "" for n in self.names)]
            for i, epoch in enumerate(self.epochs, 1)
        ]
        return "\n".join(
            [*(table(["epoch", *self.names], rows, left=0) if rows else []), *self.notes]
        )

    def __repr__(self) -> str:
        spans = []
        for name in self.names:
            numbers = [number(x) for x in self[name]]
            spans.append(f"{name} {' → '.join(dict.fromkeys([numbers[0], numbers[-1]]))}")
        count = f"{len(self)} epoch{'' if len(self) == 1 else 's'}"
        return f"History({count}{': ' if spans else ''}{', '.join(spans)})"
