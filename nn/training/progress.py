"""A bar that shows how far a training is, in a terminal or a notebook."""

from __future__ import annotations

from typing import Any

from nn.extras import required
from nn.training.run import Run


class Progress:
    """A callback that moves a bar of tqdm: one for all batches of all epochs."""

    def __init__(self) -> None:
        self._make = required(
            "tqdm.auto", "train", "nn.fit's progress bar (progress=False goes without)"
        ).tqdm
        self._bar: Any = None
        self._batch = 0

    def on_fit_start(self, run: Run) -> None:
        """Show it."""
        batches = len(run.data) if hasattr(run.data, "__len__") else None
        total = None if batches is None else batches * run.epochs
        done = 0 if batches is None else batches * run.epoch
        self._bar = self._make(total=total, initial=done, unit="batch", dynamic_ncols=True)

    def on_epoch_start(self, run: Run) -> None:
        """Say which epoch it is."""
        self._batch = 0
        self._bar.set_description(f"epoch {run.epoch + 1}/{run.epochs}", refresh=False)

    def on_batch_end(self, run: Run) -> None:
        """Move it."""
        self._bar.update(run.batch - self._batch)
        self._batch = run.batch

    def on_epoch_end(self, run: Run) -> None:
        """Show what was measured, and how the model runs."""
        shown = {name: f"{x:.4g}" for name, x in run.history[-1].items()}
        how = "compiled" if run.steps.is_compiled else "eager"
        text = ", ".join([*(f"{name}={x}" for name, x in shown.items()), how])
        self._bar.set_postfix_str(text, refresh=False)

    def on_fit_end(self, run: Run) -> None:
        """Leave it as it is."""
        self.close()

    def close(self) -> None:
        """Leave it as it is; also after an error."""
        if self._bar is not None:
            self._bar.close()
