"""What `+=` and its like mean for nodes, which are never changed in place."""

import operator

import numpy as np
import pytest

from autograd import Tensor, Value, no_grad

IN_PLACE = [operator.iadd, operator.isub, operator.imul, operator.itruediv]


@pytest.mark.parametrize("change", IN_PLACE)
@pytest.mark.parametrize("make", [lambda: Value(3.0) * 1.0, lambda: Tensor([3.0, 4.0])])
def test_of_what_is_no_parameter_it_is_the_usual_operation(change, make):
    x, same = make(), make()
    plain = getattr(operator, change.__name__[1:])
    assert np.array_equal(change(x, 2.0).data, plain(same, 2.0).data)
    assert np.array_equal(x.data, same.data)


@pytest.mark.parametrize("change", IN_PLACE)
def test_a_tensor_that_is_trained_is_not_lost(change):
    w = Tensor([3.0], requires_grad=True)
    with pytest.raises(TypeError, match="cannot be changed in place"):
        change(w, 2.0)
    assert w.data == [3.0]


@pytest.mark.parametrize("change", IN_PLACE)
def test_nor_is_a_value_where_nothing_is_recorded(change):
    w = Value(3.0)
    assert change(Value(3.0), 2.0).op is not None  # as a sum that begins with a leaf
    with no_grad(), pytest.raises(TypeError, match=r"write `x\.data"):
        change(w, 2.0)
    assert w.data == 3.0
