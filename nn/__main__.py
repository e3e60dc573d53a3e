"""``python -m nn``: train a small network on real handwritten digits, or any other example."""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, TypeVar

from nn.examples.listing import DEMO, examples, listing, unknown
from nn.examples.settings import Example, Settings

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


COUNT, SEED = between(int, 1), between(int, 0, 2**32 - 1)


class Listing(argparse.Action):
    """What ``--list`` does: it prints the examples, and ends the program as ``--help`` does."""

    def __call__(self, parser: argparse.ArgumentParser, *arguments: Any) -> None:
        """Print them."""
        print(listing())
        parser.exit()


def parse(arguments: Sequence[str] | None = None) -> Settings:
    """The settings of the demo that the command line asks for."""
    default = Settings()
    parser = argparse.ArgumentParser(
        prog="python -m nn",
        description="Train an MLP, one Value per weight, on scikit-learn's 1,797 handwritten "
        "digits; print its accuracy and leave pictures of what it learned.",
        epilog="There are more examples: `python -m nn NAME` runs one, and `python -m nn NAME "
        "--help` tells of it.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    rate, some = between(float, 0.0), between(int, 2, default.samples)
    add("--list", action=Listing, nargs=0, default=argparse.SUPPRESS, help="show all examples")
    add("--epochs", type=COUNT, default=default.epochs, help="passes over the training data")
    add("--hidden", type=COUNT, default=default.hidden, help="neurons in the hidden layer")
    add("--lr", type=rate, default=default.lr, help="Adam's learning rate at the start")
    add("--batch", type=COUNT, default=default.batch, help="samples a step")
    add("--samples", type=some, default=default.samples, help="how many digits to use")
    add("--seed", type=SEED, default=default.seed, help="what all randomness comes from")
    add("--out", type=Path, default=default.out, help="the folder for the pictures")
    chosen, strange = parser.parse_known_args(arguments)
    if late := [name for name in strange if name in examples()]:
        parser.error(f"the name of an example comes first, as in `python -m nn {late[0]} --seed 1`")
    if strange:
        parser.error(f"unrecognized arguments: {' '.join(strange)}")
    return Settings(**vars(chosen))


def parse_example(name: str, about: str, arguments: Sequence[str]) -> Example:
    """The settings of an example that the command line asks for."""
    default = Example(name, out=Path("runs", name))
    parser = argparse.ArgumentParser(
        prog=f"python -m nn {name}",
        description=about,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--seed", type=SEED, default=default.seed, help="what all randomness comes from")
    add("--epochs", type=COUNT, help="passes over the training data, if not as many as usual")
    add("--out", type=Path, default=default.out, help=f"where pictures go, if not {default.out}")
    add("--small", action="store_true", help="little data and few epochs, to try it in seconds")
    return Example(name, **vars(parser.parse_args(arguments)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, report, and leave pictures; what the process returns."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    name = given.pop(0) if given and not given[0].startswith("-") else DEMO
    if name == DEMO:
        return ran(DEMO, parse(given), "all that the demo needs", "demo")
    known = examples()
    if name not in known:
        return failed(unknown(name), 2)
    settings, start = parse_example(name, known[name], given), time.perf_counter()
    code = ran(name, settings, "all that the examples need", "examples")
    if not code:
        print(f"{time.perf_counter() - start:.1f} s; what there is to see is in {settings.out}")
    return code


def ran(name: str, settings: Settings | Example, needs: str, extra: str) -> int:
    """Run an example, and say what went wrong if something did; what the process returns."""
    try:
        module = import_module(f"nn.examples.{name}")
        if trouble := unwritable(settings.out):
            return failed(f"cannot write to --out {settings.out}: {trouble.strerror}")
        module.run(settings)
    except ImportError as error:
        return failed(
            f"this needs {missing(error)}, which is not installed; get {needs} with "
            f"`pip install 'glassgrad[{extra}]'`, or in a clone with `pip install -e '.[{extra}]'`"
        )
    except OSError as error:  # a file that it was to read, or a disk that is full
        return failed(f"{error.filename or settings.out}: {error.strerror or error}")
    except KeyboardInterrupt:
        print("stopped before all was done")
    return 0


def unwritable(folder: Path) -> OSError | None:
    """Why nothing can be written to a folder, which is made if it is not there; None if it can."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=folder).close()
    except OSError as error:
        return error
    return None


def missing(error: ImportError) -> str:
    """The package that is not installed; an error of another kind goes on its way."""
    cause = error if isinstance(error, ModuleNotFoundError) else error.__cause__
    package = (getattr(cause, "name", None) or "").partition(".")[0]
    if not isinstance(cause, ModuleNotFoundError) or package in ("", "autograd", "nn"):
        raise error
    return package


def failed(message: str, code: int = 1) -> int:
    """Say what went wrong where errors are said; what the process returns."""
    print(message, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
