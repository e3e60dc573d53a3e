"""``python -m nn``: train a small network on real handwritten digits."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import TypeVar

from nn.examples.settings import Settings

Number = TypeVar("Number", int, float)


def between(kind: type[Number], least: Number, most: float = math.inf) -> Callable[[str], Number]:
    """Make the type of an argument: a number that lies between two others."""

    def parsed(text: str) -> Number:
        number = kind(text)
        if not (least <= number <= most and math.isfinite(number)):
            limits = f"at least {least}" if most == math.inf else f"from {least} to {most}"
            raise argparse.ArgumentTypeError(f"must be {limits}, but is {text}")
        return number

    parsed.__name__ = kind.__name__  # argparse names it where the text is no number at all
    return parsed


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
    count, rate, seed = between(int, 1), between(float, 0.0), between(int, 0, 2**32 - 1)
    some = between(int, 2, default.samples)
    add("--epochs", type=count, default=default.epochs, help="passes over the training data")
    add("--hidden", type=count, default=default.hidden, help="neurons in the hidden layer")
    add("--lr", type=rate, default=default.lr, help="Adam's learning rate at the start")
    add("--batch", type=count, default=default.batch, help="samples a step")
    add("--samples", type=some, default=default.samples, help="how many digits to use")
    add("--seed", type=seed, default=default.seed, help="what all randomness comes from")
    add("--out", type=Path, default=default.out, help="the folder for the pictures")
    return Settings(**vars(parser.parse_args(arguments)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, report, and leave pictures; what the process returns."""
    settings = parse(arguments)
    try:
        from nn.examples import digits

        settings.out.mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=settings.out).close()
        digits.run(settings)
    except ModuleNotFoundError as error:
        return failed(
            f"this needs {error.name}, which is not installed; get all that the demo needs with "
            "`pip install 'glassgrad[demo]'`, or in a clone with `pip install -e '.[demo]'`"
        )
    except OSError as error:
        return failed(f"cannot write to --out {settings.out}: {error.strerror}")
    except KeyboardInterrupt:
        print("stopped before all was done")
    return 0


def failed(message: str) -> int:
    """Say what went wrong where errors are said; what the process returns."""
    print(message, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
