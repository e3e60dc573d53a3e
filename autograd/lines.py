"""Which line of the user's code is running."""

from __future__ import annotations

import contextlib
import os
import sys

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
