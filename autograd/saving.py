"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from tempfile import TemporaryDirectory

Path = str | os.PathLike[str]
Form = Callable[[], str | bytes]


def save(path: Path, forms: Mapping[str, Form]) -> None:
    """Write a file in the form that its name's ending asks for; it replaces one that is there.

    Parameters
    ----------
    path : str or path
    forms : mapping of str to callable
        For each known ending, in lower case and with its point, what gives the content.

    Raises
    ------
    TypeError
        If `path` is no name of a file.
    ValueError
        If it ends otherwise.
    OSError
        If it cannot be written: its folder is not there, or may not be written into.

    Examples
    --------
    >>> save("picture.doc", {".html": str, ".svg": str})
    Traceback (most recent call last):
    ...
    ValueError: save expects a name that ends in .html or .svg, but was given 'picture.doc'
    """
    if not isinstance(path, str | os.PathLike):
        raise TypeError(f"save expects the name of a file, but was given {path!r:.60}")
    folder, file = os.path.split(os.fspath(path))
    ending = os.path.splitext(file)[1].lower()
    if ending not in forms:
        *others, last = forms
        known = f"{', '.join(others)} or {last}" if others else last
        raise ValueError(f"save expects a name that ends in {known}, but was given {path!r}")
    if not os.path.isdir(folder or "."):
        raise FileNotFoundError(f"save was given {path!r}, but there is no folder {folder!r}")
    content = forms[ending]()
    try:
        with TemporaryDirectory(prefix=".save-", dir=folder or ".") as beside:
            whole = os.path.join(beside, file)
            with open(whole, "wb") as stream:
                stream.write(content.encode() if isinstance(content, str) else content)
            os.replace(whole, path)
    except OSError as error:
        raise type(error)(f"save cannot write {path!r}: {error.strerror or error}") from error
