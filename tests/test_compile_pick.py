"""`pick`: choosing by an index that varies from call to call."""

import numpy as np
import pytest
from compiled import values

import autograd
import nn
from autograd import Value, compile, pick

COUNT = r"but there are 3 to pick from"


@pytest.fixture
def rows():
    return values(1.0, 2.0, 4.0)


def test_outside_a_trace_it_indexes(rows):
    assert pick(rows, -1) is rows[2]
    assert pick([[1, 2], [3, 4]], 1) == [3, 4]


@pytest.mark.parametrize("whole", [int, np.int64, np.uint8, np.int32])
def test_of_single_values(rows, whole):
    f = compile(lambda i: pick(rows, i) * 3.0)
    assert [f(whole(i)).data for i in (0, 2, 1)] == [3.0, 12.0, 6.0]
    assert f.cache_info()[:2] == (2, 1)
    f(whole(2)).backward()
    assert [v.grad for v in rows] == [0.0, 0.0, 3.0]


def test_negative_indices(rows):
    f = compile(lambda i: pick(rows, i) * 3.0)
    assert [f(i).data for i in (-1, -2, -3, 0)] == [12.0, 6.0, 3.0, 3.0]
    f(-1).backward()
    assert [v.grad for v in rows] == [0.0, 0.0, 3.0]


def test_of_rows_and_of_what_is_computed():
    table = [values(1.0, 2.0), values(3.0, 4.0), values(5.0, 6.0)]
    f = compile(
        lambda i, j: sum(a * b for a, b in zip(pick(table, i), pick(table, j), strict=True))
    )
    assert [f(0, 1).data, f(2, 2).data, f(-1, 0).data] == [11.0, 61.0, 17.0]
    f(2, 2).backward()
    assert [v.grad for v in table[2]] == [10.0, 12.0]
    squares = compile(lambda i: pick([v * v for row in table for v in row], i))
    squares(3).backward()
    assert table[1][1].grad == 8.0


def test_of_rows_of_rows():
    cube = [[[float(100 * i + 10 * j + k) for k in range(2)] for j in range(3)] for i in range(4)]
    f = compile(lambda i: pick(cube, i))
    assert [[v.data for v in row] for row in f(3)] == cube[3]
    g = compile(lambda i, j, k: pick(pick(pick(cube, i), j), k))
    assert g(2, -1, 1).data == 221.0
    assert g(0, 0, 0).data == 0.0


@pytest.mark.parametrize(
    "kind", [lambda x: x, tuple, np.array, lambda x: [list(row) for row in np.array(x)]]
)
def test_indices_in_lists_and_arrays(rows, kind):
    f = compile(lambda tokens: sum(pick(rows, i) for row in tokens for i in row))
    assert f(kind([[0, 1], [1, 1]])).data == 7.0
    assert f(kind([[2, 2], [2, 0]])).data == 13.0
    assert f.cache_info()[:2] == (1, 1)
    f(kind([[1, 0], [1, 1]])).backward()  # gradients of repeated ones add up
    assert [v.grad for v in rows] == [1.0, 3.0, 0.0]


def test_from_rows_that_are_given():
    f = compile(lambda rows, i: pick(rows, i) * 2.0)
    assert f([1.0, 2.0, 4.0], 1).data == 4.0
    assert f(values(5.0, 6.0, 7.0), 2).data == 14.0
    matrix = compile(lambda x, i: sum(pick(x, i)))
    assert matrix(np.arange(6.0).reshape(3, 2), -1).item() == 9.0


@pytest.mark.parametrize("wrong", [3, -4, 100])
def test_out_of_bounds(rows, wrong):
    f = compile(lambda tokens: sum(pick(rows, i) for i in tokens))
    for _ in range(2):
        with pytest.raises(IndexError, match=rf"tokens\[1\] is {wrong}, {COUNT}"):
            f([0, wrong])  # when traced
    assert f([0, 2]).data == 5.0
    with pytest.raises(IndexError, match=rf"tokens\[0\] is {wrong}, {COUNT}"):
        f([wrong, 1])  # when replayed
    assert f([1, 1]).data == 4.0


def test_out_of_bounds_by_the_path_of_the_argument(rows):
    f = compile(lambda batch: pick(rows, batch["tokens"][1][0]) * 1.0)
    f({"tokens": [(0,), (1,)]})
    with pytest.raises(IndexError, match=r"batch\['tokens'\]\[1\]\[0\] is 7"):
        f({"tokens": [(0,), (7,)]})


def test_a_call_that_failed_does_not_disturb_another(rows):
    f = compile(lambda i: pick(rows, i) * pick(rows, i))
    y = f(1)
    with pytest.raises(IndexError):
        f(3)
    y.backward()
    assert [v.grad for v in rows] == [0.0, 4.0, 0.0]


def test_integers_are_numbers_too(rows):
    f = compile(lambda n, v: v * n + pick(rows, n))
    assert [f(2, 1.5).data, f(1, 1.5).data] == [7.0, 3.5]


@pytest.mark.parametrize(
    ("f", "error", "says"),
    [
        (lambda rows, i: pick(rows, i + 1), TypeError, "compute the index before the call"),
        (lambda rows, i: pick(rows, i * 1.0), TypeError, "compute the index before the call"),
        (lambda rows, i: pick([], i), IndexError, "nothing to pick from"),
        (lambda rows, i: pick([[1.0], [1.0, 2.0]], i), ValueError, r"one length.*\[1, 2\]"),
    ],
)
def test_what_it_cannot_choose_by_or_from(rows, f, error, says):
    with pytest.raises(error, match=says):
        compile(f)(rows, 0)


def test_a_float_is_no_index(rows):
    with pytest.raises(TypeError, match="takes an integer, but i is given as a float"):
        compile(lambda i: pick(rows, i))(1.0)
    with pytest.raises(TypeError, match="compute the index before the call"):
        pick(rows, Value(1.0))


def test_an_index_that_may_not_be_negative():
    rows = [Value(1.0), Value(2.0)]
    last = autograd.compile(lambda i: autograd.pick(rows, i, negative=False))
    assert last(1).data == 2.0
    for function in (last, lambda i: autograd.pick(rows, i, negative=False)):
        with pytest.raises(IndexError, match="is -1, but there are 2 to pick from"):
            function(-1)


def test_a_class_is_not_counted_from_the_end():
    scores = [Value(1.0), Value(2.0)]
    loss = autograd.compile(lambda target: nn.functional.cross_entropy(scores, target))
    assert loss(0).data == nn.functional.cross_entropy(scores, 0).data
    with pytest.raises(IndexError, match="target is -1, but there are 2"):
        loss(-1)
