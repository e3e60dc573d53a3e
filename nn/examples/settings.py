"""What can be chosen on the command line; free of the extras that training needs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """How to train on the digits."""

    epochs: int = 10
    hidden: int = 16
    lr: float = 0.01
    batch: int = 16
    samples: int = 1797
    seed: int = 0
    out: Path = Path("runs/digits")


@dataclass(frozen=True)
class Example:
    """What can be chosen of an example."""

    name: str
    seed: int = 0
    epochs: int | None = None
    out: Path = Path("runs")
    small: bool = False  # little data and few epochs: to try it, and to test it
