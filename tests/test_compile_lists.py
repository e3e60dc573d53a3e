"""Lists of floats among the arguments of compiled functions, which are read at once."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value
from autograd.compiling.floats import FEW, floats

TABLE = [[i + j / 10 for j in range(12)] for i in range(12)]


@given(
    st.integers(4, 24).flatmap(
        lambda n: st.lists(st.lists(st.floats(), min_size=n, max_size=n), min_size=8, max_size=40)
    )
)
def test_a_table_is_read_to_the_last_bit(rows):
    found = floats(rows)
    if len(rows) * len(rows[0]) <= FEW:
        assert found is None
    else:
        assert found.tobytes() == np.array(rows).tobytes()


@given(st.lists(st.floats(), min_size=FEW + 1))
def test_a_list_is_read_to_the_last_bit(row):
    assert floats(row).tobytes() == np.array(row).tobytes()


@pytest.mark.parametrize("count", [1, FEW, FEW + 1])
@pytest.mark.parametrize("kind", [float, int])
def test_loose_numbers_are_read_to_the_last_bit(count, kind):
    w = Value(1.0)
    first = autograd.compile(lambda xs: w * xs[0] + sum(0.0 * x for x in xs))
    last = autograd.compile(lambda xs, y: w * xs[-1] + sum(0.0 * x for x in xs) + 0.0 * y)
    numbers = [kind(i) + kind(i) / 3 if kind is float else i for i in range(1, count + 1)]
    for xs in (numbers, tuple(numbers)):
        assert first(xs).data == numbers[0]
        assert last(xs, 1.0).data == numbers[-1]


def test_a_number_that_is_no_float_is_refused_by_each_call():
    w = Value(1.0)
    f = autograd.compile(lambda xs: sum(w * x for x in xs))
    for count in (2, FEW + 1):
        f([1] * count)
        with pytest.raises(OverflowError, match="too large to convert to float"):
            f([1] * (count - 1) + [10**400])


class Float(float):
    """A float of another kind."""


@pytest.mark.parametrize(
    "other",
    [1, True, None, "a", (), [], 1j, b"12345678", np.float64(1.0), Float(1.0), Value(1.0), math],
    ids=repr,
)
@pytest.mark.parametrize("place", [0, 3, -1])
def test_anything_else_is_left_alone(other, place):
    row = [0.5] * 200
    row[place] = other
    assert floats(row) is None
    table = [list(each) for each in TABLE]
    table[place][place] = other
    assert floats(table) is None
    table = [list(each) for each in TABLE]
    table[place] = other
    assert floats(table) is None


@pytest.mark.parametrize(
    "rows",
    [
        [*TABLE[:-1], TABLE[-1][:-1]],
        [tuple(row) for row in TABLE],
        [*TABLE[:-1], tuple(TABLE[-1])],
        [TABLE] * 12,
        [],
        [[]] * 500,
    ],
)
def test_other_forms_are_left_alone(rows):
    assert floats(rows) is None


def test_a_row_that_stands_in_a_table_twice():
    row = [float(i) for i in range(10)]
    np.testing.assert_array_equal(floats([row] * 20), [row] * 20)


def test_the_numbers_are_those_of_the_call():
    w = Value(2.0)

    @autograd.compile
    def total(rows):
        return sum(w * x for row in rows for x in row)

    rows = [list(row) for row in TABLE]
    result = total(rows)
    rows[0][0] = 1000.0  # after the call, before the way back
    result.backward()
    assert w.grad == pytest.approx(sum(map(sum, TABLE)))
    assert total(rows).data == pytest.approx(2.0 * (sum(map(sum, TABLE)) + 1000.0))
    assert total.cache_info()[:2] == (1, 1)
    rows[0][0] = 1
    assert total(rows).data == pytest.approx(2.0 * (sum(map(sum, TABLE)) + 1.0))
    assert total.cache_info()[:2] == (1, 2)
