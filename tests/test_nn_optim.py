"""Optimisers: PyTorch's paths, step by step, and what they refuse."""

from __future__ import annotations

import copy
import json
import math
import pickle
from pathlib import Path

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value
from nn import MLP, SGD, Adam, optim

REFERENCE = json.loads((Path(__file__).parent / "reference" / "optimisers.json").read_text())
START = REFERENCE["start"]


def problem(a, b, c, d, everything=True):
    """As in the script that made the reference."""
    valley = (1.0 - a) ** 2 + 4.0 * (b - a * a) ** 2
    if not everything:
        return valley
    return valley + autograd.tanh(a * c - d) + 0.1 * d**4 + autograd.exp(0.5 * c)


def as_values():
    parameters = [Value(x) for x in START]
    return parameters, lambda: parameters, lambda: [p.data for p in parameters]


def as_tensors():
    pair = Tensor(START[:2], requires_grad=True)
    column = Tensor([[x] for x in START[2:]], requires_grad=True)
    parts = lambda: (pair[0], pair[1], column[0, 0], column[1, 0])  # noqa: E731
    return [pair, column], parts, lambda: [*pair.data, *column.data[:, 0]]


def as_both():
    one, two, rest = Value(START[0]), Value(START[1]), Tensor(START[2:], requires_grad=True)
    parts = lambda: (one, two, rest[0], rest[1])  # noqa: E731
    return [one, two, rest], parts, lambda: [one.data, two.data, *rest.data]


def label(case):
    extras = [key for key in ("late_lr", "sparse") if key in case]
    return "-".join(
        [case["optimiser"], *(f"{k}={v}" for k, v in case["settings"].items()), *extras]
    )


@pytest.mark.parametrize("parameters", [as_values, as_tensors, as_both])
@pytest.mark.parametrize("case", REFERENCE["cases"], ids=label)
def test_fifty_steps_are_pytorchs(case, parameters):
    leaves, parts, where = parameters()
    optimizer = getattr(optim, case["optimiser"])(leaves, **case["settings"])
    visited = []
    for step in range(1, REFERENCE["steps"] + 1):
        if "late_lr" in case and step == 25:
            optimizer.lr = case["late_lr"]
        optimizer.zero_grad()
        problem(*parts(), everything=not ("sparse" in case and step % 3 == 0)).backward()
        optimizer.step()
        if step in REFERENCE["kept"]:
            visited.append(where())
    np.testing.assert_allclose(visited, case["path"], rtol=1e-12, atol=1e-12)


OPTIMISERS = [
    lambda p: SGD(p, lr=0.1, momentum=0.9, weight_decay=0.5),
    lambda p: Adam(p, lr=0.1, weight_decay=0.5),
]


@pytest.mark.parametrize("make", OPTIMISERS)
def test_a_parameter_without_a_gradient_is_left_alone(make):
    used, unused = Value(1.0), Value(2.0)
    tensor = Tensor([3.0], requires_grad=True)
    optimizer = make([used, unused, tensor])
    for _ in range(3):
        optimizer.zero_grad()
        (used * used).backward()
        optimizer.step()
    assert used.data != 1.0
    assert (unused.data, tensor.data.tolist()) == (2.0, [3.0])


@pytest.mark.parametrize("make", OPTIMISERS)
def test_a_gradient_of_zero_is_a_gradient(make):
    w, t = Value(2.0), Tensor([2.0], requires_grad=True)
    optimizer = make([w, t])
    (w * 0.0 + (t * 0.0).sum()).backward()
    optimizer.step()
    assert w.data < 2.0
    assert t.data[0] == w.data


def test_without_a_gradient_nothing_moves():
    w = Value(2.0)
    SGD([w], lr=0.1, weight_decay=1.0).step()
    assert w.data == 2.0


def test_zero_grad_forgets():
    w, t = Value(2.0), Tensor([2.0], requires_grad=True)
    optimizer = SGD([w, t])
    (w * t.sum()).backward()
    optimizer.zero_grad()
    assert not w.has_grad
    assert t.grad is None


@pytest.mark.parametrize("make", OPTIMISERS)
def test_a_step_leaves_gradients_and_old_arrays_alone(make):
    t = Tensor([1.0, 2.0], requires_grad=True)
    optimizer, before = make([t]), t.data
    (t * t).sum().backward()
    optimizer.step()
    assert t.grad.tolist() == [2.0, 4.0]
    assert before.tolist() == [1.0, 2.0]


def test_momentum_keeps_a_gradient_of_its_own():
    def second_step(between):
        t = Tensor([1.0, 2.0], requires_grad=True)
        optimizer = SGD([t], lr=0.1, momentum=0.9)
        for _ in range(2):
            optimizer.zero_grad()
            (t * t).sum().backward()
            optimizer.step()
            between(t.grad)
        return t.data.tolist()

    assert second_step(lambda grad: grad.fill(0.0)) == second_step(lambda grad: None)


@pytest.mark.parametrize(
    "make",
    [
        lambda p: SGD(p, lr=0.1, momentum=0.9, weight_decay=0.1, nesterov=True),
        lambda p: SGD(p, lr=np.float64(0.1), momentum=np.float64(0.9)),
        lambda p: Adam(p, lr=0.1, weight_decay=0.1),
        lambda p: Adam(p, lr=np.linspace(0.1, 0.01, 5)[0]),
    ],
)
@pytest.mark.parametrize("shape", [(), (3,)])
def test_float32_stays_float32(make, shape):
    t = Tensor(np.ones(shape, np.float32), requires_grad=True)
    optimizer = make([t])
    for _ in range(3):
        optimizer.zero_grad()
        (t * t).sum().backward()
        optimizer.step()
    assert t.data.dtype == t.grad.dtype == np.float32
    assert t.data.shape == shape


def test_a_value_stays_a_python_float():
    w = Value(1.0)
    optimizer = Adam([w], lr=np.float64(0.1))
    (w * w).backward()
    optimizer.step()
    assert type(w.data) is float


def test_the_parameters_may_be_any_iterable():
    w = Value(1.0)
    optimizer = SGD((p for p in [w]), lr=0.25)
    (w * w).backward()
    optimizer.step()
    assert w.data == 0.5


def test_settings_may_change_on_the_way():
    w = Value(1.0)
    optimizer = SGD([w], lr=0.5)
    optimizer.lr = 0.0
    (w * w).backward()
    optimizer.step()
    assert w.data == 1.0


COPIES = pytest.mark.parametrize(
    "copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))], ids=["deepcopy", "pickle"]
)


@COPIES
def test_a_copy_goes_on_from_the_same_state(copied):
    def go(model, optimizer):
        for _ in range(3):
            optimizer.zero_grad()
            (model([1.0, -1.0]) - 2.0).square().backward()
            optimizer.step()
        return [p.data for p in model.parameters()]

    model = MLP(2, [3, 1], "tanh", seed=2)
    optimizer = Adam(model.parameters(), lr=0.1)
    go(model, optimizer)
    twins = copied((model, optimizer))
    assert go(model, optimizer) == go(*twins)


@COPIES
@pytest.mark.parametrize("make", [Adam, lambda params: SGD(params, momentum=0.9)])
def test_so_does_a_copy_that_moves_tensors(copied, make):
    def go(w, b, optimizer):
        optimizer.zero_grad()
        ((w * b).sum() * b).backward()
        optimizer.step()
        return [*w.tolist(), b.item()]

    w, b = Tensor([1.0, 2.0], requires_grad=True), Tensor(3.0, requires_grad=True)
    optimizer = make([w, b])
    go(w, b, optimizer)
    twins = copied((w, b, optimizer))
    moved = [(go(w, b, optimizer), go(*twins)) for _ in range(3)]
    assert all(ours == theirs for ours, theirs in moved)
    assert moved[0] != moved[1]


@pytest.mark.parametrize("parameters", [as_values, as_tensors])
def test_other_betas_keep_the_means_that_the_old_ones_left(parameters):
    """By the definition, in float64: m ← β₁ m + (1 - β₁) g, with the β₁ of each step."""
    leaves, _, numbers = parameters()
    optimizer = Adam(leaves, lr=0.1)
    w, m, v = np.array(numbers()), np.zeros(len(START)), np.zeros(len(START))
    schedule = [(0.9, 0.999), (0.5, 0.99), (0.0, 0.0), (0.8, 0.9)]
    for step, (beta1, beta2) in enumerate(schedule, 1):
        optimizer.betas = beta1, beta2
        optimizer.zero_grad()
        for leaf in leaves:
            (leaf * leaf if isinstance(leaf, Value) else (leaf * leaf).sum()).backward()
        optimizer.step()
        g = 2.0 * w
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        w = w - 0.1 * m / (1 - beta1**step) / (np.sqrt(v / (1 - beta2**step)) + 1e-8)
        np.testing.assert_allclose(numbers(), w, rtol=1e-12)


def test_betas_out_of_range_are_refused_later_too():
    optimizer = Adam([Value(1.0)])
    with pytest.raises(ValueError, match="betas must be two numbers"):
        optimizer.betas = (0.9, 1.0)
    assert optimizer.betas == (0.9, 0.999)


# What they refuse


@pytest.mark.parametrize("kind", [SGD, Adam])
@pytest.mark.parametrize("setting", ["lr", "weight_decay"])
@pytest.mark.parametrize("value", [-1e-3, math.nan])
def test_settings_below_zero(kind, setting, value):
    with pytest.raises(ValueError, match=f"{setting} must not be negative, but is"):
        kind([Value(1.0)], **{setting: value})


@pytest.mark.parametrize(
    ("kind", "settings", "match"),
    [
        (SGD, {"momentum": -0.1}, "momentum must not be negative"),
        (SGD, {"nesterov": True}, "nesterov takes a momentum"),
        (SGD, {"nesterov": True, "momentum": 0.9, "dampening": 0.1}, "no dampening"),
        (Adam, {"eps": -1e-8}, "eps must not be negative"),
        (Adam, {"betas": (1.0, 0.9)}, "betas"),
        (Adam, {"betas": (0.9, 1.0)}, "betas"),
        (Adam, {"betas": (-0.1, 0.9)}, "betas"),
        (Adam, {"betas": (0.9, math.nan)}, "betas"),
        (Adam, {"betas": (0.9,)}, "betas"),
        (Adam, {"betas": (0.9, 0.9, 0.9)}, "betas"),
        (Adam, {"betas": 0.9}, "betas"),
    ],
)
def test_bad_settings(kind, settings, match):
    with pytest.raises((ValueError, TypeError), match=match):
        kind([Value(1.0)], **settings)


@pytest.mark.parametrize("kind", [SGD, Adam])
def test_no_parameters(kind):
    with pytest.raises(ValueError, match=f"{kind.__name__} was given no parameters"):
        kind([])


@pytest.mark.parametrize(
    "stranger",
    [
        Value(1.0) * 2.0,
        Tensor([1.0], requires_grad=True).sum(),
        1.0,
        "w",
    ],
    ids=repr,
)
def test_only_leaves(stranger):
    with pytest.raises(TypeError, match="SGD moves leaves, such as a Value, but was given"):
        SGD([Value(1.0), stranger])


@pytest.mark.parametrize("given", [Value(1.0), Tensor([1.0, 2.0], requires_grad=True)], ids=repr)
def test_one_parameter_instead_of_a_list(given):
    with pytest.raises(TypeError, match=r"SGD .*given"):
        SGD(given)


def test_the_same_parameter_twice():
    w = Value(1.0)
    with pytest.raises(ValueError, match=r"twice|more than once"):
        SGD([w, Value(2.0), w])


def test_what_every_optimiser_shares_is_abstract():
    with pytest.raises(TypeError, match="abstract"):
        optim.Optimizer([Value(1.0)], 0.1)
