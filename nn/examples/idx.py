"""The files of MNIST and Fashion-MNIST, if the reader has them: arrays in the format IDX."""

from __future__ import annotations

import errno
import gzip
import math
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

PARTS = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
GZIPPED = b"\x1f\x8b"  # what a gzipped file begins with, whatever it is called


def read(folder: Path) -> list[NDArray[Any]]:
    """The images and labels to learn from, and those to test on, of the four files in a folder.

    Raises
    ------
    FileNotFoundError
        If one of them is not there, by none of its names.
    OSError
        If one is not what its name says, or if there is not a digit from 0 to 9 for each image.
    """
    paths = [_found(folder, part) for part in PARTS]
    arrays = [array(path, int(part[-1])) for path, part in zip(paths, PARTS, strict=True)]
    for path, images, labels in zip(paths[1::2], arrays[::2], arrays[1::2], strict=True):
        if len(images) != len(labels):
            raise _unfit(path, f"has {len(labels):,} labels, but there are {len(images):,} images")
        if labels.max(initial=0) > 9:
            raise _unfit(path, f"has labels up to {labels.max()}, and not of ten classes")
    return arrays


def array(path: Path, axes: int) -> NDArray[Any]:
    """The bytes of an IDX file, which begins with its type, its number of axes and their lengths.

    Source: Y. LeCun, C. Cortes & C. J. C. Burges, The MNIST database of handwritten digits.

    Raises
    ------
    OSError
        If it is none, has another number of axes, or is cut off.
    """
    content = path.read_bytes()
    if content.startswith(GZIPPED):
        try:
            content = gzip.decompress(content)
        except (EOFError, OSError, zlib.error) as error:
            raise _unfit(path, f"is gzipped, but cut off or damaged: {error}") from None
    begin = 4 + 4 * axes
    if content[:4] != bytes([0, 0, 8, axes]) or len(content) < begin:
        raise _unfit(path, f"is no IDX file of bytes with {axes} axes")
    shape = [int(length) for length in np.frombuffer(content, ">u4", axes, offset=4)]
    numbers = np.frombuffer(content, np.uint8, offset=begin)
    if numbers.size != math.prod(shape):
        raise _unfit(
            path,
            f"is to have {math.prod(shape):,} numbers after its head, but has {numbers.size:,}",
        )
    return numbers.reshape(shape)


def _found(folder: Path, part: str) -> Path:
    """The file of a part, by the names that are in use."""
    names = [part + end for end in ("-ubyte.gz", "-ubyte")]
    names += [name.replace("-idx", ".idx") for name in names]
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise FileNotFoundError(errno.ENOENT, f"there is none of {', '.join(names)}", str(folder))


def _unfit(path: Path, why: str) -> OSError:
    """What is raised of a file that is there and cannot be used."""
    return OSError(errno.EINVAL, why, str(path))
