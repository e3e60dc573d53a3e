"""Samples that can be counted and picked out, one at a time or many at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

import autograd
from autograd import Node
from autograd.node import plain

Collate: TypeAlias = Callable[[list[Any]], Any]


class TensorDataset:
    """Arrays side by side, whose first axis is that of the samples: ``torch.utils.data``'s.

    Parameters
    ----------
    *tensors : array, Tensor, or what makes one, of shape (n, ...)

    Attributes
    ----------
    tensors : tuple of ndarray
        The same, as arrays.

    Raises
    ------
    ValueError
        If there are none, or they are not equally long.

    Examples
    --------
    >>> data = TensorDataset([[1.0, 2.0], [3.0, 4.0]], [0, 1])
    >>> len(data)
    2
    >>> data[1]
    (array([3., 4.]), np.int64(1))
    """

    def __init__(self, *tensors: Any) -> None:
        columns = {f"tensors[{i}]": tensor for i, tensor in enumerate(tensors)}
        self.tensors = tuple(_columns(type(self).__name__, columns).values())

    def __len__(self) -> int:
        return len(self.tensors[0])

    def __getitem__(self, index: Any) -> tuple[Any, ...]:
        return tuple(tensor[index] for tensor in self.tensors)

    def rows(self, indices: Any) -> tuple[Any, ...]:
        """Several samples at once, as arrays."""
        return self[indices]


class Columns:
    """A dict of arrays, or one array, as samples; a batch of it is of the same kind."""

    def __init__(self, held: Any) -> None:
        self._held = held

    def __len__(self) -> int:
        return len(next(iter(self._held.values())) if isinstance(self._held, dict) else self._held)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(self._held, dict):
            return {name: column[index] for name, column in self._held.items()}
        return self._held[index]

    rows = __getitem__


class Subset:
    """Some of the samples of a dataset: ``torch.utils.data.Subset``.

    Parameters
    ----------
    dataset : TensorDataset, arrays, or what else a `DataLoader` takes
    indices : sequence of int
        Which.

    Raises
    ------
    IndexError
        If there is no such sample.

    Examples
    --------
    >>> odd = Subset(TensorDataset([10, 11, 12, 13]), [1, 3])
    >>> len(odd), odd[1]
    (2, (np.int64(13),))
    """

    def __init__(self, dataset: Any, indices: Sequence[int] | NDArray[Any]) -> None:
        self.dataset = as_dataset(dataset)
        self.indices = np.asarray(indices, int if not len(indices) else None)
        if self.indices.dtype.kind not in "iu" or self.indices.ndim != 1:
            raise TypeError(f"Subset takes a row of integers, but was given {indices!r:.60}")
        count = len(self.dataset)
        wrong = self.indices[(self.indices < -count) | (self.indices >= count)]
        if wrong.size:
            raise IndexError(f"Subset was given index {wrong[0]}, but there are {count} samples")

    def __len__(self) -> int:
        return len(self.indices)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, (int, np.integer)):
            return self.dataset[int(self.indices[index])]
        return self.rows(index)

    def rows(self, indices: Any) -> Any:
        """Several samples at once, as arrays."""
        return rows_of(self.dataset, self.indices[indices])


def random_split(
    dataset: Any, lengths: Sequence[float], generator: np.random.Generator | int | None = None
) -> list[Subset]:
    """Split a dataset at random into parts of given lengths: ``torch.utils.data.random_split``.

    Parameters
    ----------
    dataset : TensorDataset, arrays, or what else a `DataLoader` takes
    lengths : sequence of int, or of float
        How many samples each part has; or which share of them, the shares adding up to 1. What
        rounding leaves over goes to the first parts, one each.
    generator : numpy.random.Generator or int, optional
        Where the order is drawn from.

    Raises
    ------
    ValueError
        If the lengths do not add up to that of the dataset, or the shares to 1.

    Examples
    --------
    >>> x, y = np.arange(20.0).reshape(10, 2), np.arange(10)
    >>> train, test = random_split((x, y), [0.8, 0.2], generator=0)
    >>> len(train), len(test)
    (8, 2)
    """
    samples = as_dataset(dataset)
    counts = _counts(list(lengths), len(samples))
    order = random_source(generator).permutation(len(samples))
    ends = np.cumsum(counts)
    return [Subset(samples, order[end - n : end]) for end, n in zip(ends, counts, strict=True)]


def _counts(lengths: list[float], total: int) -> list[int]:
    """How many samples each part gets."""
    if any(not length >= 0 for length in lengths):
        raise ValueError(f"random_split takes lengths of 0 or more, but was given {lengths}")
    if all(isinstance(length, (int, np.integer)) for length in lengths):
        counts = [int(length) for length in lengths]
        if sum(counts) != total:
            raise ValueError(
                f"random_split was given lengths {counts}, which add up to {sum(counts)}, for "
                f"{total} samples"
            )
        return counts
    if not math.isclose(sum(lengths), 1.0):
        raise ValueError(
            f"random_split takes integers, or shares that add up to 1, but {lengths} add up to "
            f"{sum(lengths)}"
        )
    counts = [math.floor(total * share) for share in lengths]
    for i in range(total - sum(counts)):
        counts[i % len(counts)] += 1
    return counts


def random_source(generator: np.random.Generator | int | None) -> np.random.Generator:
    """The source of random numbers that an argument `generator` stands for.

    None is one that starts from a number drawn of autograd's, so `autograd.manual_seed` holds.
    """
    if generator is None:
        generator = int(autograd.rand(()).item() * 2**53)
    return np.random.default_rng(generator)


def as_dataset(data: Any) -> Any:
    """What has `len()` and samples by index, made of whatever a `DataLoader` takes.

    Raises
    ------
    TypeError
        If it is none of that.
    ValueError
        If arrays are not equally long.
    """
    if isinstance(data, (np.ndarray, Node)):
        return Columns(_columns("a dataset", {"data": data})["data"])
    if isinstance(data, Mapping) and hasattr(data, "data") and hasattr(data, "target"):
        return TensorDataset(data.data, data.target)  # scikit-learn's Bunch
    if isinstance(data, Mapping):
        return Columns(_columns("a dataset", dict(data)))
    is_columns = isinstance(data, list) and all(getattr(x, "shape", ()) for x in data)
    if isinstance(data, tuple) or (is_columns and data):
        return TensorDataset(*data)
    if hasattr(data, "__len__") and hasattr(data, "__getitem__") and not isinstance(data, str):
        return data
    raise TypeError(
        "data is a tuple, list or dict of arrays, or has __len__ and __getitem__, but was given "
        f"{data!r:.60}"
    )


def _columns(taker: str, given: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """Arrays of one length, by name."""
    if not given:
        raise ValueError(f"{taker} takes at least one array, but was given none")
    columns = {name: np.asarray(plain(x)) for name, x in given.items()}
    for name, column in columns.items():
        if not column.ndim:
            raise TypeError(f"{taker} takes arrays of samples, but {name} is {given[name]!r:.60}")
    if len(set(map(len, columns.values()))) > 1:
        lengths = ", ".join(f"{name} has {len(column)}" for name, column in columns.items())
        raise ValueError(f"{taker} takes arrays of equally many samples, but {lengths}")
    return columns


def rows_of(dataset: Any, indices: NDArray[Any]) -> Any:
    """Several samples of a dataset as one batch."""
    if hasattr(dataset, "rows"):
        return dataset.rows(indices)
    return collate([dataset[int(i)] for i in indices])


def collate(samples: list[Any]) -> Any:
    """Samples as one batch: tuples as tuples of arrays, dicts as dicts, numbers as an array.

    Raises
    ------
    ValueError
        If they are not alike.

    Examples
    --------
    >>> collate([([1.0, 2.0], 0), ([3.0, 4.0], 1)])
    (array([[1., 2.], [3., 4.]]), array([0, 1]))
    """
    first = samples[0]
    if isinstance(first, dict):
        return {name: collate([sample[name] for sample in samples]) for name in first}
    if isinstance(first, tuple):
        return tuple(collate(list(column)) for column in _transposed(samples))
    arrays = [np.asarray(plain(x)) for x in samples]
    shapes = sorted({array.shape for array in arrays})
    if len(shapes) > 1:
        raise ValueError(
            f"samples of shapes {' and '.join(map(str, shapes[:2]))} do not make an array; give a "
            "collate_fn that makes a batch of them"
        )
    return np.stack(arrays)


def _transposed(samples: list[Any]) -> Iterable[tuple[Any, ...]]:
    if len({len(sample) for sample in samples}) > 1:
        raise ValueError("samples are tuples of different lengths")
    return zip(*samples, strict=True)
