"""The functions of nn.functional against PyTorch's numbers, on every carrier, and their errors."""

from __future__ import annotations

import numpy as np
import pytest
from reference_entries import compare, entries, name

import autograd
import nn
from autograd import Tensor, Value, gradcheck, gradgradcheck
from nn import functional as F  # noqa: N812 - PyTorch's users know it by this name

FUNCTIONS = entries("layers.json")["functions"]

ELEMENTWISE = {
    "relu": F.relu,
    "leaky_relu": lambda x: F.leaky_relu(x, 0.2),
    "elu": lambda x: F.elu(x, 1.5),
    "selu": F.selu,
    "gelu": F.gelu,
    "gelu_tanh": lambda x: F.gelu(x, "tanh"),
    "silu": F.silu,
    "mish": F.mish,
    "sigmoid": F.sigmoid,
    "tanh": F.tanh,
    "softplus": lambda x: F.softplus(x, 2.0),
    "hardtanh": lambda x: F.hardtanh(x, -0.5, 2.0),
    "threshold": lambda x: F.threshold(x, 0.1, 20.0),
    "prelu": lambda x: F.prelu(x, 0.25),
}
each = pytest.mark.parametrize("function", ELEMENTWISE.values(), ids=ELEMENTWISE)
NUMBERS = [-800.0, -3.0, -0.3, 0.0, 0.7, 4.0, 800.0]


def test_there_are_entries_for_each_function():
    asked = {entry["expression"].split("(")[0].removeprefix("F.") for entry in FUNCTIONS}
    ours = ("activation", "dropout", "embedding", "shape", "softmax")
    rooms = {name: getattr(F, name).__module__.rpartition(".")[2] for name in F.__all__}
    assert {name for name, room in rooms.items() if room in ours} - {
        "logsumexp",
        "one_hot",
    } <= asked
    assert len(FUNCTIONS) > 130


@pytest.mark.parametrize("entry", FUNCTIONS, ids=name)
def test_values_and_derivatives_are_pytorchs(entry):
    compare(entry)


@each
def test_a_value_gives_a_value_a_float_a_float_an_array_an_array(function):
    for number in NUMBERS:
        v, t = Value(number), Tensor([number], requires_grad=True)
        y, z = function(v), function(t)
        assert (type(y), type(function(number))) == (Value, float)
        y.backward()
        z.sum().backward()
        assert y.data == function(number) == pytest.approx(z.data[0], rel=1e-13, abs=1e-300)
        assert v.grad == pytest.approx(t.grad[0], rel=1e-13, abs=1e-300)
    found = function(np.array(NUMBERS))
    assert type(found) is np.ndarray
    assert found.tolist() == pytest.approx([function(x) for x in NUMBERS], rel=1e-13, abs=1e-300)


@each
def test_the_derivatives_are_those_of_differences(function):
    x = np.array([-2.1, -0.8, 0.3, 1.4])
    assert gradcheck(function, (x,))
    assert gradgradcheck(function, (x,))


@each
def test_float32_stays(function):
    x = Tensor(np.array([-1.5, 0.0, 2.5], np.float32), requires_grad=True)
    y = function(x)
    y.sum().backward()
    assert (y.dtype, x.grad.dtype) == (np.float32, np.float32)


@each
def test_compiled_scalar_and_array_code_give_the_same(function):
    scalar, array = autograd.compile(function), autograd.compile(lambda x: function(x).sum())
    for number in NUMBERS:
        v, w, t = Value(number), Value(number), Tensor([number, 0.5], requires_grad=True)
        y, z = scalar(v), function(w)
        assert y.data == pytest.approx(z.data, rel=1e-13, abs=1e-300)
        y.backward()
        z.backward()
        array(t).backward()
        assert v.grad == pytest.approx(w.grad, rel=1e-13, abs=1e-300)
        assert t.grad[0] == pytest.approx(w.grad, rel=1e-13, abs=1e-300)
    assert scalar.cache_info().misses == array.cache_info().misses == 1


@each
def test_nothing_warns_and_nothing_is_lost_far_out(function):
    x = Tensor([-1e200, -1e9, 1e9, 1e200], requires_grad=True)
    y = function(x)
    y.sum().backward()
    assert np.isfinite(y.data).all()
    assert np.isfinite(x.grad).all()


def test_the_weight_of_prelu_learns():
    x, weight = np.array([[-1.0, 2.0], [-3.0, -4.0]]), np.array([0.2, 0.3])
    assert gradcheck(F.prelu, (x, weight))
    assert gradcheck(F.prelu, (x, weight[:1]))


def test_softmax_of_a_tensor_takes_an_axis_and_lists_of_values_go_on_as_they_did():
    rows = Tensor([[1.0, 2.0], [3.0, 5.0]])
    listed = F.softmax([Value(3.0), Value(5.0)])
    assert [type(p) for p in listed] == [Value, Value]
    assert F.softmax(rows, dim=1).data[1] == pytest.approx([p.data for p in listed])
    assert F.log_softmax([3.0, 5.0]) == pytest.approx(np.log(F.softmax([3.0, 5.0])))
    assert F.logsumexp(rows, dim=1).tolist() == pytest.approx(
        [F.logsumexp(row) for row in rows.tolist()]
    )
    for function in (F.softmax, F.log_softmax):
        with pytest.raises(TypeError, match="needs the axis"):
            function(rows)


# One-hot rows


@pytest.mark.parametrize("entry", entries("layers.json")["one_hots"])
def test_one_hot_is_pytorchs(entry):
    found = F.one_hot(np.array(entry["numbers"], dtype=int), entry["classes"])
    assert found.tolist() == entry["found"]
    assert found.dtype == np.int64


def test_one_hot_compiled():
    compiled = autograd.compile(lambda i, w: (F.one_hot(i, 3) * w).sum())
    w = Tensor([1.0, 2.0, 4.0], requires_grad=True)
    assert [compiled(np.array(i), w).item() for i in ([0, 2], [1, 1])] == [5.0, 4.0]
    with pytest.raises(IndexError, match="index 3 is out of range"):
        compiled(np.array([0, 3]), w)
    with pytest.raises(TypeError, match="give num_classes"):
        autograd.compile(lambda i: F.one_hot(i).sum())(np.array([1]))


# Interpolation


@pytest.mark.parametrize("mode", ["nearest", "nearest-exact", "bilinear"])
@pytest.mark.parametrize("how", [{"scale_factor": 2}, {"size": (2, 5)}])
def test_the_derivative_of_interpolation(mode, how):
    x = np.arange(12.0).reshape(1, 2, 2, 3) / 7
    assert gradcheck(lambda x: F.interpolate(x, mode=mode, **how), (x,))


def test_interpolation_keeps_float32_and_compiles():
    x = Tensor(np.ones((1, 1, 3), np.float32))
    for mode in ("nearest", "linear"):
        assert F.interpolate(x, size=4, mode=mode).dtype == np.float32
        compiled = autograd.compile(lambda x, mode=mode: F.interpolate(x, size=4, mode=mode))
        assert compiled(x).tolist() == [[[1.0] * 4]]


@pytest.mark.parametrize(
    ("do", "said"),
    [
        (F.interpolate, "either size or scale_factor"),
        (lambda x: F.interpolate(x, 2, 2.0), "either size or scale_factor"),
        (lambda x: F.interpolate(x, size=(2, 3)), "a number for each of 1 axes"),
        (lambda x: F.interpolate(x, scale_factor=0.1), "nothing is left"),
        (lambda x: F.interpolate(x, 2, mode="bicubic"), "mode is one of nearest.*'bicubic'"),
        (lambda x: F.interpolate(x, 2, mode="bilinear"), r"'bilinear' does not fit x of shape"),
        (lambda x: F.interpolate(x, 2, align_corners=True), "takes no align_corners"),
        (lambda x: F.gelu(x, "tan"), "'none' or 'tanh', but was given 'tan'"),
        (lambda x: F.hardtanh(x, 1.0, 1.0), "min_val < max_val"),
        (lambda x: F.prelu(x, Tensor([1.0, 2.0])), r"weight \(2,\) and x \(1, 1, 3\)"),
        (lambda x: F.dropout(x, 1.5), "dropout: p is a probability, from 0 to 1, but is 1.5"),
        (lambda x: F.dropout2d(x[0]), r"channels.*\(1, 3\)"),
        (lambda x: F.one_hot(np.array([], int)), "takes num_classes"),
        (lambda x: F.embedding([0], x[0], 5), "padding_idx is one of 1 rows.*5"),
    ],
)
def test_what_they_refuse(do, said):
    with pytest.raises(ValueError, match=said):
        do(Tensor([[[1.0, 2.0, 3.0]]]))


def test_a_step_is_a_layer_for_a_sequential_of_neurons():
    step = nn.Step()
    assert step(Tensor([-1.0, 0.0, 2.0])).tolist() == [0.0, 1.0, 1.0]
    v = Value(2.0)
    (step(v) * v).backward()
    assert v.grad == 1.0
