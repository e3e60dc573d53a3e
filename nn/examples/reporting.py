"""What the examples print while they train."""

from __future__ import annotations

from nn.training.run import Run


def is_time(run: Run, lines: int = 10) -> bool:
    """Whether to print a line after this epoch, if there are to be about so many in a training."""
    return run.epoch % max(1, run.epochs // lines) == 0 or run.epoch == run.epochs


class Lines:
    """A callback that prints what was measured, in about so many lines for the whole training."""

    def __init__(self, name: str = "", lines: int = 10) -> None:
        self.name, self.lines = name, lines

    def on_epoch_end(self, run: Run) -> None:
        """Print a line if it is time for one."""
        if not is_time(run, self.lines):
            return
        epoch = f"{self.name}, epoch {run.epoch}" if self.name else f"  epoch {run.epoch:3d}"
        measured = ", ".join(f"{what} {number:.4f}" for what, number in run.history[-1].items())
        print(f"{epoch} of {run.epochs}: {measured}", flush=True)

    def on_fit_end(self, run: Run) -> None:
        """End the whole example if Ctrl-C came before there was anything to show."""
        if not run.history:
            raise KeyboardInterrupt
