"""The files of MNIST and Fashion-MNIST, if the reader has them: arrays in the format IDX."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

PARTS = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")


def read(folder: Path) -> list[NDArray[Any]]:
    """The images and labels to learn from, and those to test on, of the four files in a folder.

    Raises
    ------
    FileNotFoundError
        If one of them is not there, neither gzipped nor plain.
    ValueError
        If one is not what its name says.
    """
    return [array(_found(folder, part), int(part[-1])) for part in PARTS]


def array(path: Path, axes: int) -> NDArray[Any]:
    """The bytes of an IDX file, which begins with its type, its number of axes and their lengths.

    Source: Y. LeCun, C. Cortes & C. J. C. Burges, The MNIST database of handwritten digits.
    """
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    shape = tuple(np.frombuffer(content, ">u4", axes, offset=4)) if len(content) > 4 * axes else ()
    numbers = np.frombuffer(content, np.uint8)[4 + 4 * axes :]
    if content[:4] != bytes([0, 0, 8, axes]) or numbers.size != np.prod(shape, dtype=int):
        raise ValueError(f"{path} is no IDX file of bytes with {axes} axes")
    return numbers.reshape([int(length) for length in shape])


def _found(folder: Path, part: str) -> Path:
    """The file of a part, by the names that are in use."""
    names = [part + end for end in ("-ubyte.gz", "-ubyte")]
    names += [name.replace("-idx", ".idx") for name in names]
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise FileNotFoundError(2, f"there is none of {', '.join(names)}", str(folder))
