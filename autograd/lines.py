"""Which line of the user's code is running, and lines of code that was written by a program."""

from __future__ import annotations

import contextlib
import linecache
import os
import sys
from typing import Any

PACKAGES = os.path.dirname(os.path.dirname(__file__))  # pathlib is slow to import
# Code that is not the user's: the two packages, methods that were written out, decorators.
OURS = (
    os.path.join(PACKAGES, "autograd", ""),
    os.path.join(PACKAGES, "nn", ""),
    "<autograd:",
    contextlib.__file__,
)


def user_line() -> tuple[str, int]:
    """The file and line of the innermost frame that is neither autograd's nor nn's."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(OURS):
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


def run_source(source: str, filename: str, namespace: dict[str, Any]) -> None:
    """Run code in a namespace; tracebacks and `inspect.getsource` show its lines."""
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    exec(compile(source, filename, "exec"), namespace)
