"""Batches of samples, in an order that can be had again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.data.dataset import Collate, as_dataset, random_source, rows_of


class DataLoader:
    """Batches of a dataset, each epoch in a new order if asked for: ``torch.utils.data``'s.

    A batch is what a sample is, with arrays of samples in the place of each part: of ``(x, y)`` it
    is a tuple, of a dict a dict. Arrays are indexed once a batch.

    Parameters
    ----------
    dataset : tuple, list or dict of arrays, an array, scikit-learn's Bunch, or a dataset
        A tuple or list of arrays has one for each part of a sample; of a Bunch, the data and the
        target are taken. Anything else has `__len__` and, by an integer, `__getitem__`; `Subset`
        and `TensorDataset` do.
    batch_size : int, default 1
    shuffle : bool, default False
        Whether the order is drawn anew for each epoch.
    drop_last : bool, default False
        Whether to leave out the last batch if it is smaller.
    collate_fn : callable, optional
        Makes a batch of a list of samples.
    transform : callable, optional
        Called as ``transform(x, generator=...)`` with the first part of each batch, such as the
        images; what it gives takes its place. `nn.data.shift` and its neighbours make some.
    generator : numpy.random.Generator or int, optional
        Where the order and the transform's random numbers come from. If omitted, they start from
        those of `autograd.manual_seed`.

    Raises
    ------
    ValueError, TypeError
        If the dataset is none, or its arrays are not equally long.

    Examples
    --------
    >>> x, y = np.arange(10.0).reshape(5, 2), np.arange(5)
    >>> loader = DataLoader((x, y), batch_size=2, shuffle=True, generator=0)
    >>> len(loader)
    3
    >>> [classes.tolist() for _, classes in loader]
    [[2, 4], [3, 0], [1]]
    """

    def __init__(
        self,
        dataset: Any,
        batch_size: int = 1,
        shuffle: bool = False,
        *,
        drop_last: bool = False,
        collate_fn: Collate | None = None,
        transform: Callable[..., Any] | None = None,
        generator: np.random.Generator | int | None = None,
    ) -> None:
        if not isinstance(batch_size, (int, np.integer)) or batch_size < 1:
            raise ValueError(f"batch_size is an integer of at least 1, but is {batch_size!r}")
        self.dataset = as_dataset(dataset)
        self.batch_size, self.shuffle, self.drop_last = int(batch_size), shuffle, drop_last
        self.collate_fn, self.transform = collate_fn, transform
        is_random = generator is not None or shuffle or transform is not None
        self.generator = random_source(generator if is_random else 0)  # which nobody asks
        self._before: dict[str, Any] | None = None  # the generator's state before this epoch
        self._given = self._skip = 0  # batches: given in this epoch; not to be given again

    def __len__(self) -> int:
        whole, rest = divmod(len(self.dataset), self.batch_size)
        return whole + (rest > 0 and not self.drop_last)

    def __iter__(self) -> Iterator[Any]:
        now, skip = dict(self.generator.bit_generator.state), self._skip
        if skip:
            assert self._before is not None
            self.generator.bit_generator.state = self._before
        self._before = dict(self.generator.bit_generator.state)
        self._given, self._skip = skip, 0
        order = np.arange(len(self.dataset))
        if self.shuffle:
            self.generator.shuffle(order)
        if skip:
            self.generator.bit_generator.state = now
        for i in range(skip, len(self)):
            batch = self._batch(order[i * self.batch_size : (i + 1) * self.batch_size])
            self._given = (i + 1) % len(self)
            yield batch

    def _batch(self, indices: NDArray[Any]) -> Any:
        if self.collate_fn is None:
            batch = rows_of(self.dataset, indices)
        else:
            batch = self.collate_fn([self.dataset[int(i)] for i in indices])
        return batch if self.transform is None else self._transformed(batch)

    def _transformed(self, batch: Any) -> Any:
        """The batch with its first part transformed."""
        assert self.transform is not None
        if isinstance(batch, tuple):
            return (self.transform(batch[0], generator=self.generator), *batch[1:])
        if isinstance(batch, dict):
            name = next(iter(batch))
            return batch | {name: self.transform(batch[name], generator=self.generator)}
        return self.transform(batch, generator=self.generator)

    def state_dict(self) -> dict[str, Any]:
        """Where it is: what `load_state_dict` needs to go on with the next batch.

        Examples
        --------
        >>> loader = DataLoader(np.arange(6), 2, shuffle=True, generator=1)
        >>> batches = iter(loader)
        >>> first, state = next(batches), loader.state_dict()
        >>> rest = [batch.tolist() for batch in batches]
        >>> other = DataLoader(np.arange(6), 2, shuffle=True)
        >>> other.load_state_dict(state)
        >>> [batch.tolist() for batch in other] == rest
        True
        """
        return {
            "generator": dict(self.generator.bit_generator.state),
            "epoch_began": self._before if self._given else None,
            "batches_given": self._given,
        }

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on where another loader of the same data was."""
        self.generator.bit_generator.state = state_dict["generator"]
        self._before = state_dict["epoch_began"]
        self._given = self._skip = state_dict["batches_given"]

    def __repr__(self) -> str:
        return (
            f"DataLoader({len(self.dataset)} samples, batch_size={self.batch_size}, "
            f"shuffle={self.shuffle})"
        )
