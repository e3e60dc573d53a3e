"""The table test: every operation, by every way in which its one rule is read."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value, explain, gradient
from autograd.node import UFUNCS
from autograd.op import TABLE
from autograd.symbol import documentation

ROOT = Path(__file__).parent.parent
OPERATIONS = list(TABLE.values())
SCALAR = [op for op in OPERATIONS if op.scalar is not None]
PUBLIC = [op for op in OPERATIONS if op.public]
COMPARISONS = {op.name for op in OPERATIONS if op.comparison}
NO_FLOATS = COMPARISONS | {"any", "all", "argmax", "argmin", "argmedian", "nonzero"}


def by_name(ops):
    return pytest.mark.parametrize("op", ops, ids=lambda op: op.name)


def random(op, salt=""):
    """Random numbers that are the same for an operation in every run and every order."""
    return np.random.default_rng(zlib.crc32((op.name + salt).encode()))


def points(op, n=3):
    """A few points from each box of the operation's domain."""
    rng = random(op)
    for box in op.domain:
        for _ in range(n):
            yield [float(rng.uniform(low, high)) for low, high in box]


def array_points(op):
    """Operands for each case of an operation, drawn from each box of its domain."""
    rng = random(op)
    for case in op.cases:
        for box in op.domain:
            pairs = zip(case.shapes, box, strict=True)
            yield [rng.uniform(low, high, shape) for shape, (low, high) in pairs], case.params


def slopes(f, xs, h=1e-5):
    """The derivatives of `f` at a list of floats, by central differences."""
    found = []
    for i in range(len(xs)):
        up, down = list(xs), list(xs)
        up[i] += h
        down[i] -= h
        found.append((f(*up) - f(*down)) / (2 * h))
    return found


def array_slopes(f, arrays, h=1e-5):
    """The derivatives of `f` by each element of each array, by central differences."""
    found = [np.empty_like(array) for array in arrays]
    for array, slope in zip(arrays, found, strict=True):
        for at in np.ndindex(array.shape):
            middle = array[at]
            array[at] = middle + h
            above = f(*arrays)
            array[at] = middle - h
            slope[at] = (above - f(*arrays)) / (2 * h)
            array[at] = middle
    return found


def close(a, b):
    return a == pytest.approx(b, rel=1e-6, abs=1e-7)


def go_back(out, flows, *seed):
    """`backward`, which says so where no gradient flows."""
    if flows:
        out.backward(*seed)
    else:
        with pytest.raises(RuntimeError, match="every way back ends in detach"):
            out.backward(*seed)


def grads(op, xs):
    """The gradient of an operation on floats, by `backward`."""
    values = [Value(x) for x in xs]
    go_back(op.function(*values), not op.inert)
    return [value.grad for value in values]


def tensors(arrays):
    return [Tensor(array, requires_grad=True) for array in arrays]


@by_name(SCALAR)
def test_gradient_of_floats(op):
    for xs in points(op):
        numeric = slopes(op.scalar, xs)
        expected = [s if op.flows_to(i) else 0.0 for i, s in enumerate(numeric)]
        assert close(grads(op, xs), expected), xs


@by_name(SCALAR)
def test_second_derivatives_of_floats(op):
    for xs in points(op):
        values = [Value(x) for x in xs]
        first = gradient(op.function(*values), *values)
        first = first if isinstance(first, tuple) else (first,)
        assert [g.data for g in first] == pytest.approx(grads(op, xs), rel=1e-14)
        for i, g in enumerate(first):
            second = gradient(g, *values)
            second = second if isinstance(second, tuple) else (second,)
            numeric = slopes(lambda *xs, i=i: grads(op, list(xs))[i], xs)
            assert close([s.data for s in second], numeric), (xs, i)


@by_name(OPERATIONS)
def test_gradient_of_arrays(op):
    for arrays, params in array_points(op):
        weights = random(op, "weights").normal(size=op.array(*arrays, **params).shape)

        def loss(*arrays, weights=weights, params=params):
            return float(np.sum(op.array(*arrays, **params) * weights))

        operands = tensors(arrays)
        out = op.function(*operands, **params)
        expected = array_slopes(loss, arrays)
        if out.requires_grad:
            (out * weights).sum().backward()
        for i, (x, slope) in enumerate(zip(operands, expected, strict=True)):
            if not op.flows_to(i) or not out.requires_grad:
                assert x.grad is None or not x.grad.any()
                assert not op.flows_to(i) or not slope.any()
            else:
                assert x.grad.shape == x.shape
                np.testing.assert_allclose(x.grad, slope, rtol=1e-6, atol=1e-7)


@by_name([op for op in OPERATIONS if op.name not in COMPARISONS])
def test_second_derivatives_of_arrays(op):
    """Of a random combination of all first derivatives, so that mixed ones are in it, too."""
    for arrays, params in array_points(op):
        rng = random(op, "weights")
        weights = rng.normal(size=op.array(*arrays, **params).shape)
        directions = [rng.normal(size=array.shape) for array in arrays]

        def first(*arrays, weights=weights, directions=directions, params=params):
            operands = tensors(arrays)
            out = (op.function(*operands, **params) * weights).sum()
            found = gradient(out, *operands)
            found = found if isinstance(found, tuple) else (found,)
            return operands, sum((g * d).sum() for g, d in zip(found, directions, strict=True))

        operands, slope = first(*arrays)
        second = gradient(slope, *operands)
        second = second if isinstance(second, tuple) else (second,)
        numeric = array_slopes(lambda *arrays, f=first: f(*arrays)[1].item(), arrays)
        for g, expected in zip(second, numeric, strict=True):
            assert g.shape == expected.shape
            np.testing.assert_allclose(g.data, expected, rtol=1e-5, atol=1e-6)


@by_name(SCALAR)
def test_generated_code_is_the_rule_bit_for_bit(op):
    for xs in points(op):
        values = [Value(x) for x in xs]
        out = op.function(*values)
        go_back(out, not op.inert, 0.7)
        for i, value in enumerate(values):
            flows = op.flows_to(i)
            general = op.vjp(i, 0.7, out.data, *xs) if flows else 0.0
            assert value.grad == general, (xs, i)


@by_name(SCALAR)
def test_generated_code_with_a_plain_operand(op):
    """A plain number in place of a Value changes nothing for the others."""
    for xs in points(op, n=1):
        for variable in range(op.arity):
            operands = [Value(x) if i == variable else x for i, x in enumerate(xs)]
            out = op.function(*operands)
            go_back(out, op.flows_to(variable))
            assert out.data == op.scalar(*xs)
            assert operands[variable].grad == grads(op, xs)[variable]


@by_name(SCALAR)
def test_value_tensor_array_and_float_agree(op):
    for xs in points(op):
        plain = op.function(*xs)
        assert type(plain) is float
        assert op.function(*map(Value, xs)).data == plain
        array = op.function(*map(np.array, xs))
        tensor = op.function(*map(Tensor, xs))
        assert isinstance(tensor, Tensor)
        assert tensor.shape == ()
        assert tensor.data == array
        assert float(array) == pytest.approx(plain, rel=1e-14, abs=1e-15)


@by_name(SCALAR)
def test_gradient_of_a_value_equals_that_of_a_tensor_without_axes(op):
    for xs in points(op):
        operands = tensors(map(np.array, xs))
        out = op.function(*operands)
        if not out.requires_grad:
            assert not any(grads(op, xs))
            continue
        out.backward()
        arrays = [0.0 if x.grad is None else x.grad.item() for x in operands]
        assert arrays == pytest.approx(grads(op, xs), rel=1e-13, abs=1e-15)


@by_name([op for op in OPERATIONS if op.name not in NO_FLOATS | {"astype"}])
def test_float32_stays(op):
    for arrays, params in array_points(op):
        operands = [Tensor(a, requires_grad=True, dtype=np.float32) for a in arrays]
        out = op.function(*operands, **params)
        assert out.dtype == np.float32
        if out.requires_grad:
            loss = out.sum()
            loss.backward()
            found = gradient(loss, *operands)
            found = found if isinstance(found, tuple) else (found,)
            assert {x.grad.dtype for x in operands if x.has_grad} == {np.dtype(np.float32)}
            assert {g.dtype for g in found} == {np.dtype(np.float32)}


@by_name(OPERATIONS)
def test_an_operation_on_what_needs_no_gradient_has_no_past(op):
    arrays, params = next(array_points(op))
    out = op.function(*map(Tensor, arrays), **params)
    assert (out.op, out.parents, out.requires_grad) == (None, (), False)


@by_name(OPERATIONS)
def test_entry_is_complete(op):
    assert op.name.isidentifier()
    assert op.doc.strip()
    assert ">>>" in op.doc, "an example"
    assert op.source.strip()
    assert 0 < len(op.symbol) <= 12
    assert op.cases
    assert all(len(box) == op.arity for box in op.domain)
    assert all(len(case.shapes) == op.arity for case in op.cases)
    assert len(op.names) == op.arity
    assert op.function.__doc__ == documentation(op)
    assert op.array is not None


@by_name(OPERATIONS)
def test_entry_renders(op):
    flowing = sum(op.flows_to(i) for i in range(op.arity))
    text, latex = str(explain(op)), explain(op).latex()
    assert text.startswith("out = ")
    assert len(text.splitlines()) == len(explain(op).lines) == 1 + flowing
    assert text.count("∂") >= 2 * flowing
    assert latex.count(r"\partial") >= 2 * flowing
    for printed in (text, latex):
        assert not re.search(r"\bat 0x|lambda|None|nan", printed), printed
    assert latex.count("{") == latex.count("}")


@by_name(list(UFUNCS.values()))
def test_numpy_ufunc_is_the_operation(op):
    for arrays, _ in array_points(op):
        operands = tensors(arrays)
        out = op.array(*operands)
        np.testing.assert_array_equal(out.data, op.array(*arrays))
        assert out.op is (op if out.requires_grad else None)
    for xs in points(op) if op.scalar is not None else ():
        values = [Value(x) for x in xs]
        out = op.array(*values)
        if op.name in COMPARISONS:  # as Python's: an answer
            assert out == op.scalar(*xs)
            continue
        assert type(out) is Value
        assert (out.op, out.data, out.parents) == (op, op.scalar(*xs), tuple(values))


@by_name([op for op in PUBLIC if op.scalar is not None])
def test_a_type_checker_is_told_of_the_method(op):
    told = (ROOT / "autograd" / "node.py").read_text() + (
        ROOT / "autograd" / "methods.py"
    ).read_text()
    assert f"def {op.name}(" in told or f"    {op.name} = " in told


@by_name(PUBLIC)
def test_public_operation_is_a_function_of_the_package(op):
    assert callable(getattr(autograd, op.name))


@by_name([op for op in PUBLIC if op.scalar is not None])
def test_public_operation_is_a_method(op):
    for xs in points(op, n=1):
        values = [Value(x) for x in xs]
        function = getattr(autograd, op.name)(*values)
        if op.name == "where":  # the receiver is the branch taken, as in torch.Tensor.where
            method = values[1].where(values[0], values[2])
        else:
            method = getattr(values[0], op.name)(*values[1:])
        assert (type(method), method.op, method.data) == (Value, op, function.data)
        assert method.parents == tuple(values)


@by_name([op for op in PUBLIC if op.scalar is not None])
def test_public_operation_is_a_method_of_tensors(op):
    arrays, _ = next(array_points(op))
    operands = tensors(arrays)
    function = getattr(autograd, op.name)(*operands)
    if op.name == "where":
        method = operands[1].where(operands[0], operands[2])
    else:
        method = getattr(operands[0], op.name)(*operands[1:])
    np.testing.assert_array_equal(method.data, function.data)


def test_array_operations_are_methods_of_tensors():
    x = Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    for method, op in [
        (x.sum(), "sum"),
        (x.mean(), "div"),
        (x.reshape(4), "reshape"),
        (x.transpose(0, 1), "transpose"),
        (x.T, "transpose"),
        (x.mT, "mT"),
        (x.broadcast_to(2, 2, 2), "broadcast_to"),
        (x.matmul(x), "matmul"),
        (x @ x, "matmul"),
        (x[0], "index"),
    ]:
        assert method.op.name == op


PYTHON = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
    "pow": lambda x, y: x**y,
    "neg": lambda x: -x,
    "abs": abs,
}


@pytest.mark.parametrize("name", PYTHON)
def test_python_operator_is_the_operation(name):
    op, operator = TABLE[name], PYTHON[name]
    for xs in points(op):
        values = [Value(x) for x in xs]
        out = operator(*values)
        assert (out.op, out.data, out.parents) == (op, op.scalar(*xs), tuple(values))
        assert operator(*tensors(map(np.array, xs))).op is op
        for i in range(op.arity) if op.arity > 1 else ():  # a float on either side
            mixed = [
                value if i == j else x for j, (value, x) in enumerate(zip(values, xs, strict=True))
            ]
            out = operator(*mixed)
            assert (out.op, out.data, out.operands) == (op, op.scalar(*xs), tuple(mixed))
