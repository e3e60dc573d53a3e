"""Datasets and loaders: what a batch is, in which order, and how to go on where one was."""

import json

import numpy as np
import pytest
from sklearn.datasets import load_iris

import autograd
from autograd import Tensor
from nn import DataLoader, Subset, TensorDataset, random_split

X, Y = np.arange(20.0).reshape(10, 2), np.arange(10)


class Squares:
    """A dataset of the user's own."""

    def __init__(self, count=10):
        self.count = count

    def __len__(self):
        return self.count

    def __getitem__(self, i):
        assert type(i) is int
        if not 0 <= i < self.count:
            raise IndexError(i)
        return np.array([float(i), 1.0]), i * i


class Counted(np.ndarray):
    """An array that counts how often it is indexed."""

    looks = 0

    def __getitem__(self, key):
        Counted.looks += 1
        return np.asarray(self)[key]


@pytest.mark.parametrize(
    "data",
    [
        (X, Y),
        [X, Y],
        (Tensor(X), Tensor(Y)),
        (X.tolist(), Y.tolist()),
        TensorDataset(X, Y),
        [(x, y) for x, y in zip(X, Y, strict=True)],
        Subset((X, Y), range(10)),
        Subset([(x, y) for x, y in zip(X, Y, strict=True)], range(10)),
    ],
    ids=lambda data: type(data).__name__,
)
def test_batches_are_tuples_of_arrays(data):
    batches = list(DataLoader(data, batch_size=4))
    assert [type(batch) for batch in batches] == [tuple] * 3
    assert [x.shape for x, _ in batches] == [(4, 2), (4, 2), (2, 2)]
    np.testing.assert_array_equal(np.concatenate([x for x, _ in batches]), X)
    np.testing.assert_array_equal(np.concatenate([y for _, y in batches]), Y)


def test_a_dict_gives_dicts_and_an_array_gives_arrays():
    (batch,) = DataLoader({"x": X, "y": Y}, batch_size=10)
    assert [*batch] == ["x", "y"]
    np.testing.assert_array_equal(batch["y"], Y)
    (batch,) = DataLoader([{"a": i} for i in range(3)], batch_size=3)
    assert batch["a"].tolist() == [0, 1, 2]
    assert [batch.tolist() for batch in DataLoader(Y, batch_size=5)] == [
        [*range(5)],
        [*range(5, 10)],
    ]


def test_a_bunch_gives_data_and_target():
    iris = load_iris()
    ((x, y),) = DataLoader(iris, batch_size=150)
    np.testing.assert_array_equal(x, iris.data)
    np.testing.assert_array_equal(y, iris.target)


def test_a_dataset_of_ones_own_is_collated():
    first, second = DataLoader(Squares(5), batch_size=3)
    np.testing.assert_array_equal(first[0], [[0.0, 1.0], [1.0, 1.0], [2.0, 1.0]])
    assert (first[1].tolist(), second[1].tolist()) == ([0, 1, 4], [9, 16])


def test_arrays_are_indexed_once_a_batch():
    Counted.looks = 0
    loader = DataLoader((Y, Y), batch_size=5)
    loader.dataset.tensors = (Y.view(Counted),)
    list(loader)
    assert Counted.looks == 2


def test_a_collate_fn_gets_a_list_of_samples():
    words = [["a"], ["b", "c"], ["d"]]
    loader = DataLoader(words, batch_size=2, collate_fn=lambda samples: [*samples[0], *samples[-1]])
    assert list(loader) == [["a", "b", "c"], ["d", "d"]]


@pytest.mark.parametrize(("drop_last", "sizes"), [(False, [4, 4, 2]), (True, [4, 4])])
def test_the_last_batch_may_be_dropped(drop_last, sizes):
    loader = DataLoader((X, Y), 4, drop_last=drop_last)
    assert len(loader) == len(sizes)
    assert [len(x) for x, _ in loader] == sizes


def order(loader):
    return [y for _, ys in loader for y in ys.tolist()]


def test_shuffling_gives_each_sample_once_and_another_order_each_epoch():
    loader = DataLoader((X, Y), 3, shuffle=True, generator=0)
    epochs = [order(loader) for _ in range(3)]
    assert all(sorted(epoch) == [*range(10)] for epoch in epochs)
    assert len(set(map(tuple, epochs))) == 3
    again = DataLoader((X, Y), 3, shuffle=True, generator=np.random.default_rng(0))
    assert [order(again) for _ in range(3)] == epochs
    x, y = next(iter(DataLoader((X, Y), 3, shuffle=True)))
    np.testing.assert_array_equal(x, X[y])


def test_manual_seed_is_where_orders_come_from():
    def orders():
        autograd.manual_seed(5)
        return [order(DataLoader((X, Y), 3, shuffle=True)) for _ in range(2)]

    first, second = orders()
    assert orders() == [first, second]
    assert first != second


def noisy(x, generator):
    return x + generator.standard_normal(x.shape)


@pytest.mark.parametrize("given", [0, 1, 3, 4, 6])
def test_a_loader_goes_on_where_another_was(given):
    make = lambda seed: DataLoader((X, Y), 3, True, generator=seed, transform=noisy)  # noqa: E731
    loader, other = make(0), make(1)
    batches = (batch for _ in range(3) for batch in loader)
    for _ in range(given):
        next(batches)
    state = json.loads(json.dumps(loader.state_dict()))
    rest = [x.tolist() for x, _ in batches]
    other.load_state_dict(state)
    epochs = 3 - given // 4
    assert [x.tolist() for _ in range(epochs) for x, _ in other] == rest


def test_the_transform_gets_the_first_part_alone():
    double = lambda x, generator: 2.0 * x  # noqa: E731
    ((x, y),) = DataLoader((X, Y), 10, transform=double)
    np.testing.assert_array_equal(x, 2.0 * X)
    np.testing.assert_array_equal(y, Y)
    (batch,) = DataLoader({"x": X, "y": Y}, 10, transform=double)
    np.testing.assert_array_equal(batch["x"], 2.0 * X)
    (batch,) = DataLoader(X, 10, transform=double)
    np.testing.assert_array_equal(batch, 2.0 * X)


# Splits


@pytest.mark.parametrize(
    ("lengths", "counts"),
    [([7, 3], [7, 3]), ([0.5, 0.5], [5, 5]), ([0.35, 0.35, 0.3], [4, 3, 3]), ([10, 0], [10, 0])],
)
def test_a_split_is_a_partition(lengths, counts):
    parts = random_split((X, Y), lengths, generator=1)
    assert [len(part) for part in parts] == counts
    assert sorted(np.concatenate([part.indices for part in parts])) == [*range(10)]
    again = random_split((X, Y), lengths, generator=1)
    assert [part.indices.tolist() for part in again] == [part.indices.tolist() for part in parts]


def test_a_subset_of_a_subset():
    inner = Subset(Subset(Squares(), [1, 3, 5, 7]), [0, -1])
    assert [inner[i][1] for i in range(len(inner))] == [1, 49]
    ((_, y),) = DataLoader(inner, 2)
    assert y.tolist() == [1, 49]


# What is refused


@pytest.mark.parametrize(
    ("data", "error", "match"),
    [
        ((X, Y[:-1]), ValueError, r"tensors\[0\] has 10, tensors\[1\] has 9"),
        ({"x": X, "y": Y[:3]}, ValueError, "x has 10, y has 3"),
        ((), ValueError, "at least one array"),
        ((X, 3.0), TypeError, r"tensors\[1\] is 3.0"),
        (5, TypeError, "has __len__ and __getitem__, but was given 5"),
        ("text", TypeError, "was given 'text'"),
        ((x for x in X), TypeError, "has __len__"),
    ],
)
def test_what_is_no_dataset(data, error, match):
    with pytest.raises(error, match=match):
        DataLoader(data)


@pytest.mark.parametrize("batch_size", [0, -1, 2.5, "4"])
def test_a_batch_has_at_least_one_sample(batch_size):
    with pytest.raises(ValueError, match="batch_size is an integer of at least 1"):
        DataLoader((X, Y), batch_size)


def test_samples_that_do_not_fit_together():
    with pytest.raises(ValueError, match=r"shapes \(1,\) and \(2,\) do not make an array"):
        list(DataLoader([[1.0], [1.0, 2.0]], 2))
    with pytest.raises(ValueError, match="tuples of different lengths"):
        list(DataLoader([(1, 2), (1, 2, 3)], 2))


@pytest.mark.parametrize(
    ("lengths", "match"),
    [([5, 4], "add up to 9, for 10"), ([0.5, 0.4], "add up to"), ([11, -1], "of 0 or more")],
)
def test_lengths_that_do_not_add_up(lengths, match):
    with pytest.raises(ValueError, match=match):
        random_split((X, Y), lengths)


def test_a_subset_of_what_is_not_there():
    with pytest.raises(IndexError, match="index 10, but there are 10 samples"):
        Subset((X, Y), [0, 10])
    with pytest.raises(TypeError, match="row of integers"):
        Subset((X, Y), [0.5])
