"""What ``python -m nn NAME --small`` does: once in each process of tests, for all that ask.

The fixture ``small_run(name)`` is known to every test by `conftest.py`.
"""

from __future__ import annotations

import contextlib
import functools
import io
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import pytest


class Ran(NamedTuple):
    """What is left of a run."""

    out: Path  # the default, `runs/NAME`, in a folder that was empty
    measured: dict[str, float]
    printed: str


def assert_pictures(out: Path, names: list[str]) -> None:
    """That these pictures are what is in a folder, and that they are small files."""
    assert sorted(path.name for path in out.iterdir()) == names
    for name in names:
        picture = (out / name).read_bytes()
        assert picture.startswith(b"\x89PNG")
        assert len(picture) < 200_000


@pytest.fixture(scope="session")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Ran]:
    """Run an example by the command line, where that has not been done."""

    @functools.cache
    def run(name: str) -> Ran:
        from nn.__main__ import main

        folder = tmp_path_factory.mktemp(name)
        module, printed, kept = import_module(f"nn.examples.{name}"), io.StringIO(), []
        original = module.run
        with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(printed):
            patch.setattr(module, "run", lambda settings: kept.append(original(settings)))
            patch.chdir(folder)
            assert main([name, "--small"]) == 0
        return Ran(folder / "runs" / name, kept[0], printed.getvalue())

    return run
