"""States in files: safetensors, which PyTorch reads and writes too, and never pickle."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import saving as files
from autograd.node import plain
from nn.extras import required
from nn.module import Module
from nn.state import Incompatible

KINDS = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "<i1",
    "U64": "<u8",
    "U32": "<u4",
    "U16": "<u2",
    "U8": "<u1",
    "BOOL": "?",
}
PICKLES = (b"\x80", b"PK\x03\x04")  # how pickles begin, and the archives of `torch.save`


class State(dict[str, NDArray[Any]]):
    """Arrays by name, as `nn.load` reads them.

    Attributes
    ----------
    metadata : dict of str to str
        What was written beside them.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]], metadata: Mapping[str, str]) -> None:
        super().__init__(arrays)
        self.metadata = dict(metadata)


def save(module: Any, path: files.Path, metadata: Mapping[str, str] | None = None) -> None:
    """Write the state of a module to a file that PyTorch can read; it appears whole or not at all.

    In PyTorch, ``model.load_state_dict(safetensors.torch.load_file(path))`` reads it.

    Parameters
    ----------
    module : Module, or a state: dict of str to array or Tensor
    path : str or path
        Its name ends in ``.safetensors``. A file that is there is replaced.
    metadata : dict of str to str, optional
        What to write beside it.

    Raises
    ------
    TypeError
        If it is neither, or an entry is no array of real numbers.
    ValueError
        If the name ends otherwise.
    OSError
        If the file cannot be written.
    ImportError
        If safetensors is not installed.

    Examples
    --------
    >>> import tempfile
    >>> from nn import Embedding
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(Embedding(3, 2, generator=0), f"{folder}/letters.safetensors", {"step": "7"})
    ...     state = load(f"{folder}/letters.safetensors")
    >>> state["weight"].shape, state.metadata
    ((3, 2), {'step': '7'})
    """
    state = module.state_dict() if isinstance(module, Module) else module
    if not isinstance(state, Mapping):
        raise TypeError(f"save takes a module or a state, but was given {module!r:.60}")
    arrays = {name: _array(name, entry) for name, entry in state.items()}
    for key, text in (metadata or {}).items():
        if not (isinstance(key, str) and isinstance(text, str)):
            raise TypeError(f"metadata is text by name, but was given {key!r}: {text!r:.60}")
    write = required("safetensors.numpy", "train", "nn.save").save
    whole = dict(metadata) if metadata else None
    files.save(path, {".safetensors": lambda: bytes(write(arrays, metadata=whole))})


def _array(name: Any, entry: Any) -> NDArray[Any]:
    array = np.array(plain(entry), order="C")
    if not isinstance(name, str) or array.dtype.kind not in "fiub" or array.dtype.itemsize > 8:
        raise TypeError(
            f"a state holds arrays of real numbers by name, but not {name!r}: {entry!r:.60}"
        )
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def load(path: files.Path) -> State:
    """The state in a file that `save` wrote, or PyTorch did: ``safetensors.torch.save_file``.

    Nothing in the file is run. PyTorch's bfloat16 becomes float32, which holds all of its numbers.

    Parameters
    ----------
    path : str or path

    Returns
    -------
    State
        A dict of arrays by name, with `metadata`.

    Raises
    ------
    ValueError
        If it is no safetensors file, or a damaged one; or if it holds numbers that NumPy has not.
    OSError
        If there is no such file, or it may not be read.
    ImportError
        If safetensors is not installed.

    Examples
    --------
    >>> load("no such file.safetensors")
    Traceback (most recent call last):
    ...
    FileNotFoundError: nn.load was given 'no such file.safetensors', but there is no such file
    """
    safetensors = required("safetensors", "train", "nn.load")
    file = Path(path)
    if not file.exists():
        raise FileNotFoundError(f"nn.load was given {str(path)!r}, but there is no such file")
    if not file.is_file():  # a folder, or something that never ends
        raise OSError(f"nn.load was given {str(path)!r}, which is not a file")
    content = file.read_bytes()
    try:
        entries = safetensors.deserialize(content)
    except safetensors.SafetensorError as error:
        raise ValueError(_complaint(path, content, error)) from None
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    arrays = {name: _read(path, name, entry) for name, entry in entries}
    return State(arrays, header.get("__metadata__") or {})


def _complaint(path: files.Path, content: bytes, error: Exception) -> str:
    """What is wrong with a file that could not be read."""
    if content.startswith(PICKLES):
        return (
            f"{os.fspath(path)!r} holds a pickle, as torch.save makes, and nn.load never runs one: "
            "it could do anything. In PyTorch, safetensors.torch.save_file(model.state_dict(), "
            "'model.safetensors') writes what nn.load reads"
        )
    return f"{os.fspath(path)!r} is damaged, or no safetensors file: {error}"


def _read(path: files.Path, name: str, entry: Mapping[str, Any]) -> NDArray[Any]:
    """One array of a file."""
    kind, shape, data = entry["dtype"], entry["shape"], entry["data"]
    if kind == "BF16":  # the upper half of a float32
        return (np.frombuffer(data, "<u2").astype("<u4") << 16).view("<f4").reshape(shape)
    if kind not in KINDS:
        raise ValueError(
            f"{os.fspath(path)!r} holds {name} as {kind}, which NumPy has not; it could be one of "
            f"{', '.join([*KINDS, 'BF16'])}"
        )
    return np.frombuffer(data, KINDS[kind]).reshape(shape).copy()  # that can be written to


def load_into(module: Module, path: files.Path, strict: bool = True) -> Incompatible:
    """Set the parameters and buffers of a module to those in a file.

    Parameters
    ----------
    module : Module
    path : str or path
        What `save` wrote, or ``safetensors.torch.save_file``.
    strict : bool, default True
        Whether the names must be the same.

    Returns
    -------
    (missing_keys, unexpected_keys)

    Raises
    ------
    ValueError
        If the file is damaged, or does not fit the module; then nothing is changed.
    OSError
        If it cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> from nn import Embedding
    >>> ours, theirs = Embedding(3, 2), Embedding(3, 2)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(ours, f"{folder}/letters.safetensors")
    ...     load_into(theirs, f"{folder}/letters.safetensors")
    Incompatible(missing_keys=[], unexpected_keys=[])
    >>> (ours.weight.data == theirs.weight.data).all()
    np.True_
    """
    if not isinstance(module, Module):
        raise TypeError(f"load_into takes a module and a path, but was given {module!r:.60}")
    return module.load_state_dict(load(path), strict)
