"""Packages that only some features need: imported when used, and asked for by the extra's name."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def required(module: str, extra: str, why: str) -> Any:
    """A module of an optional package.

    Parameters
    ----------
    module : str
        Its import name.
    extra : str
        The extra of glassgrad that brings it.
    why : str
        What needs it: the subject of the error's sentence.

    Raises
    ------
    ImportError
        If it is not installed, saying how to install it.

    Examples
    --------
    >>> required("no_such_package", "train", "nn.dream")
    Traceback (most recent call last):
    ...
    ImportError: nn.dream needs no_such_package: pip install 'glassgrad[train]'
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        package = module.partition(".")[0]
        if error.name is None or error.name.partition(".")[0] != package:
            raise
        raise ImportError(f"{why} needs {package}: pip install 'glassgrad[{extra}]'") from error
