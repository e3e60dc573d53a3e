"""``python -m nn``: train a small network on real handwritten digits."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from nn.examples.settings import Settings


def positive(text: str) -> int:
    """An argument that must be a whole number above zero."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, but is {number}")
    return number


def parse(arguments: Sequence[str] | None = None) -> Settings:
    """The settings that the command line asks for."""
    default = Settings()
    parser = argparse.ArgumentParser(
        prog="python -m nn",
        description="Train an MLP, one Value per weight, on scikit-learn's 1,797 handwritten "
        "digits; print its accuracy and leave pictures of what it learned.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    add("--epochs", type=positive, default=default.epochs, help="passes over the training data")
    add("--hidden", type=positive, default=default.hidden, help="neurons in the hidden layer")
    add("--lr", type=float, default=default.lr, help="Adam's learning rate at the start")
    add("--batch", type=positive, default=default.batch, help="samples a step")
    add("--samples", type=positive, default=default.samples, help="how many digits to use")
    add("--seed", type=int, default=default.seed, help="what all randomness comes from")
    add("--out", type=Path, default=default.out, help="the folder for the pictures")
    return Settings(**vars(parser.parse_args(arguments)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, report, and leave pictures; what the process returns."""
    settings = parse(arguments)
    try:
        from nn.examples import digits
    except ImportError as error:
        print(
            f"this needs {error.name}, which is not installed; get all that the demo needs with "
            "`pip install 'glassgrad[demo]'`",
            file=sys.stderr,
        )
        return 1
    try:
        settings.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        print(f"cannot write to --out {settings.out}: {error.strerror}", file=sys.stderr)
        return 1
    digits.run(settings)
    return 0


if __name__ == "__main__":
    sys.exit(main())
