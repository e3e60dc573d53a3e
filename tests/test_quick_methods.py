"""A Tensor's methods and functions that take a short cut do what `record` does."""

import functools

import numpy as np
import pytest

from autograd import Tensor, Value, array, no_grad, record
from autograd.op import TABLE

OPERATORS = {f"__{symbol}__": name for name, symbol in array.SYMBOLS.items()}
PRODUCTS = ["matmul", "linear"]
REFLECTED = {f"__r{symbol}__": name for name, symbol in array.SYMBOLS.items() if symbol != "add"}


def same(one, two):
    assert type(one) is type(two) is Tensor
    np.testing.assert_array_equal(one.data, two.data)
    assert one.dtype == two.dtype
    assert one.op is two.op
    for x, y in zip(one.operands, two.operands, strict=True):
        assert type(x) is type(y)
        assert x is y if isinstance(x, (Tensor, Value)) else np.array_equal(x, y)
    assert one.requires_grad == two.requires_grad
    assert one.data.flags.writeable == two.data.flags.writeable


def partners(like):
    yield Tensor(np.full(like.shape, 1.5, like.dtype), requires_grad=like.dtype.kind == "f")
    yield Tensor(np.full((2, 1, 1), 1.5, like.dtype))
    yield Tensor(np.full(like.shape, 1.5, np.float64))
    yield Tensor([2])
    yield from (2.0, 0.0, 2, True, np.float64(2.0), np.full(like.shape, 1.5), Value(2.0))


QUICK = [op.name for op in TABLE.values() if Tensor in op.quick and op.name not in PRODUCTS]


def test_there_are_quick_forms():
    assert {"add", "mul", "tanh", "relu", "maximum"} < set(QUICK)


@pytest.mark.parametrize("name", [*OPERATORS, *REFLECTED, "__neg__", *QUICK])
@pytest.mark.parametrize("wanted", [True, False])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
@pytest.mark.parametrize("shape", [(), (0,), (2, 3)])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_quick_methods_are_the_general_way(name, wanted, dtype, shape):
    data = np.arange(1, 1 + np.prod(shape, dtype=int)).reshape(shape).astype(dtype)
    x = Tensor(data, requires_grad=wanted and dtype != np.int64)
    op = TABLE[{**OPERATORS, **REFLECTED, "__neg__": "neg"}.get(name, name)]
    others = [(other,) for other in partners(x)] if op.arity == 2 else [()]
    for other in others:
        operands = (*other, x) if name in REFLECTED else (x, *other)
        quick = getattr(x, name) if name.startswith("__") else functools.partial(op.function, x)
        same(quick(*other), record.record_tensors(op, operands, {}))
        with no_grad():
            same(quick(*other), record.record_tensors(op, operands, {}))


@pytest.mark.parametrize("name", PRODUCTS)
@pytest.mark.parametrize("wanted", [True, False])
def test_products_too(name, wanted):
    op = TABLE[name]
    for shapes in (op.cases[0].shapes, op.cases[-1].shapes):
        arrays = [np.ones(shape, np.float32) for shape in shapes]
        tensors = [Tensor(array, requires_grad=wanted) for array in arrays]
        mixed = [tensors[0], *arrays[1:]]
        for operands in (tensors, mixed, [tensors[0].astype(float), *tensors[1:]]):
            same(op.function(*operands), record.record_tensors(op, tuple(operands), {}))
            with no_grad():
                same(op.function(*operands), record.record_tensors(op, tuple(operands), {}))


def test_shapes_that_do_not_fit_are_named():
    x, y = Tensor(np.ones((2, 3)), name="x"), Tensor(np.ones(4), name="y")
    with pytest.raises(ValueError, match=r"add: x \(2, 3\) and y \(4,\)"):
        x + y
