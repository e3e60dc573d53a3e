"""More optimisers: PyTorch's paths, parameter groups, states that a training goes on from."""

import copy
import json
import math
import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Tensor, Value
from nn import MLP, SGD, Adagrad, Adam, AdamW, RMSprop, optim
from nn.optim import Optimizer

REFERENCE = json.loads((Path(__file__).parent / "reference" / "nn_optimisers.json").read_text())
START, CASES, HALF = REFERENCE["start"], REFERENCE["cases"], REFERENCE["half"]


def problem(a, b, c, d):
    """As in the script that made the reference."""
    valley = (1.0 - a) ** 2 + 4.0 * (b - a * a) ** 2
    return valley + autograd.tanh(a * c - d) + 0.1 * d**4 + autograd.exp(0.5 * c)


def as_values():
    parameters = [Value(x) for x in START]
    return parameters, lambda: parameters, lambda: [p.data for p in parameters]


def as_tensors():
    parameters = [Tensor(x, requires_grad=True) for x in START]
    return parameters, lambda: parameters, lambda: [p.item() for p in parameters]


def as_both():
    parameters = [Value(START[0]), Tensor(START[1], requires_grad=True)]
    parameters += [Tensor(START[2], requires_grad=True), Value(START[3])]
    return parameters, lambda: parameters, lambda: [float(p.data) for p in parameters]


def in_a_pack():
    parameters = [Value(x) for x in START]
    loss = autograd.compile(lambda *given: problem(*parameters))
    loss()
    return parameters, loss, lambda: [p.data for p in parameters]


def label(case):
    settings = "-".join(f"{key}={x}" for key, x in case["settings"].items())
    return f"{case['optimiser']}-{settings}-{case['own'] or ''}"


def make(case, parameters):
    own = case["own"]
    groups = [{"params": parameters[:2], **(own or {})}, {"params": parameters[2:]}]
    kind = getattr(optim, case["optimiser"])
    return kind(parameters if own is None else groups, **case["settings"])


def go(optimizer, loss, first=1, last=REFERENCE["steps"]):
    """Take some steps; a generator of their numbers."""
    for step in range(first, last + 1):
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()
        yield step


def squares(*leaves):
    return lambda: sum((w * w).sum() for w in leaves)


def loss_of(case, parts):
    sign = -1.0 if case["settings"].get("maximize") else 1.0
    return lambda: sign * (problem(*parts()) if isinstance(parts(), list) else parts())


@pytest.mark.parametrize("parameters", [as_values, as_tensors, as_both, in_a_pack])
@pytest.mark.parametrize("case", CASES, ids=label)
def test_fifty_steps_are_pytorchs(case, parameters):
    leaves, parts, where = parameters()
    optimizer = make(case, leaves)
    steps = go(optimizer, loss_of(case, parts))
    visited = [where() for step in steps if step in REFERENCE["kept"]]
    np.testing.assert_allclose(visited, case["path"], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("case", CASES, ids=label)
def test_a_training_goes_on_from_pytorchs_state(case):
    leaves, parts, where = as_both()
    optimizer = make(case, leaves)
    for _ in go(optimizer, loss_of(case, parts), last=HALF):
        pass
    state = case["state"] | {"state": {int(i): x for i, x in case["state"]["state"].items()}}
    other = make(case, leaves)
    other.load_state_dict(state)
    steps = go(other, loss_of(case, parts), first=HALF + 1)
    visited = [where() for step in steps if step in REFERENCE["kept"]]
    expected = case["path"][-len(visited) :]
    np.testing.assert_allclose(visited, expected, rtol=1e-11, atol=1e-11)


def through_json(state):
    """As a file would have it: arrays as lists, numbers as words, and back."""
    text = json.dumps(state, default=lambda array: array.tolist())
    read = json.loads(text)
    return read | {"state": {int(i): x for i, x in read["state"].items()}}


WAYS = {"copied": copy.deepcopy, "through json": through_json, "itself": lambda x: x}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("parameters", [as_values, as_tensors, as_both, in_a_pack])
@pytest.mark.parametrize("case", CASES, ids=label)
def test_a_training_that_is_resumed_goes_on_to_the_same_bits(case, parameters, way):
    leaves, parts, where = parameters()
    optimizer = make(case, leaves)
    for _ in go(optimizer, loss_of(case, parts), last=10):
        pass
    state, there = way(optimizer.state_dict()), where()
    for _ in go(optimizer, loss_of(case, parts), first=11, last=20):
        pass
    leaves, parts, where_else = parameters()
    for leaf, number in zip(leaves, there, strict=True):
        leaf.data = number
    other = make(case, leaves)
    other.load_state_dict(state)
    for _ in go(other, loss_of(case, parts), first=11, last=20):
        pass
    assert where_else() == where()


KINDS = [  # one of each
    lambda p: SGD(p, lr=0.1, momentum=0.9),
    lambda p: Adam(p, lr=0.1, amsgrad=True),
    lambda p: AdamW(p, lr=0.1),
    lambda p: RMSprop(p, lr=0.1, momentum=0.5, centered=True),
    lambda p: Adagrad(p, lr=0.1),
]


def test_every_optimiser_is_tried():
    kinds = {type(make([Value(1.0)])) for make in KINDS}
    found = [x for x in vars(optim).values() if isinstance(x, type) and issubclass(x, Optimizer)]
    assert kinds == set(found) - {Optimizer}


@given(st.sampled_from(KINDS), st.integers(0, 6), st.integers(0, 6), st.booleans())
def test_resuming_at_any_step(make, before, after, sparse):
    def train(optimizer, w, b, steps, first):
        for step in range(first, first + steps):
            optimizer.zero_grad()
            loss = (w * w).sum() if sparse and step % 2 else ((w * b).sum() - 1.0).square()
            loss.backward()
            optimizer.step()

    def numbers():
        rng = np.random.default_rng(1)
        return Tensor(rng.normal(size=3), requires_grad=True), Value(0.5)

    w, b = numbers()
    whole = make([w, b])
    train(whole, w, b, before + after, 0)
    u, c = numbers()
    one = make([u, c])
    train(one, u, c, before, 0)
    other = make([u, c])
    other.load_state_dict(one.state_dict())
    train(other, u, c, after, before)
    assert u.data.tolist() == w.data.tolist()
    assert c.data == b.data


@pytest.mark.parametrize("make", KINDS)
@pytest.mark.parametrize("copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_copy_is_its_own(make, copied):
    w = Tensor([1.0, 2.0], requires_grad=True)
    optimizer = make([w])
    for _ in go(optimizer, squares(w), last=2):
        pass
    twin, v = copied((optimizer, w))
    for _ in go(optimizer, squares(w), last=2):
        pass
    for _ in go(twin, squares(v), last=2):
        pass
    assert v.data.tolist() == w.data.tolist()
    assert twin.param_groups[0]["params"][0] is v


@pytest.mark.parametrize("make", KINDS)
@pytest.mark.parametrize("shape", [(), (3,)])
def test_float32_stays_float32(make, shape):
    w = Tensor(np.ones(shape, np.float32), requires_grad=True)
    optimizer = make([w])
    for _ in go(optimizer, squares(w), last=3):
        pass
    assert (w.dtype, w.shape) == (np.float32, shape)
    notes = optimizer.state_dict()["state"][0]
    assert {x.dtype for key, x in notes.items() if key != "step"} == {np.dtype(np.float32)}


@pytest.mark.parametrize("make", KINDS)
def test_gradients_are_left_as_they_are(make):
    w = Tensor([1.0, 2.0], requires_grad=True)
    optimizer = make([w])
    (w * w).sum().backward()
    optimizer.step()
    assert w.grad.tolist() == [2.0, 4.0]


# Groups


def test_a_group_has_settings_of_its_own_and_the_defaults():
    a, b = Value(1.0), Value(1.0)
    optimizer = SGD([{"params": [a], "lr": 0.5}, {"params": b}], lr=0.25)
    (a * a + b * b).backward()
    optimizer.step()
    assert (a.data, b.data) == (0.0, 0.5)
    assert [group["lr"] for group in optimizer.param_groups] == [0.5, 0.25]
    assert optimizer.param_groups[1]["params"] == [b]
    settings = """
    dampening: 0.0
    lr: {}
    maximize: False
    momentum: 0.0
    nesterov: False
    weight_decay: 0.0
"""
    groups = [f"Parameter Group {i}{settings.format(lr)}" for i, lr in enumerate((0.5, 0.25))]
    assert repr(optimizer) == f"SGD (\n{''.join(groups)})"


def test_a_group_that_is_added_later():
    a, b = Value(1.0), Value(1.0)
    optimizer = Adam([a], lr=0.1)
    for _ in go(optimizer, lambda: a * a + b * b, last=2):
        pass
    assert b.data == 1.0
    optimizer.add_param_group({"params": [b], "lr": 0.25, "name": "late"})
    for _ in go(optimizer, lambda: a * a + b * b, last=1):
        pass
    assert b.data == pytest.approx(0.75)
    assert optimizer.param_groups[1]["name"] == "late"


def test_settings_of_a_group_may_change_on_the_way():
    a, b = Value(1.0), Value(1.0)
    optimizer = SGD([{"params": [a]}, {"params": [b]}], lr=0.25)
    optimizer.param_groups[1]["lr"] = 0.5
    (a * a + b * b).backward()
    optimizer.step()
    assert (a.data, b.data) == (0.5, 0.0)
    optimizer.lr = 0.125  # of all groups
    assert [group["lr"] for group in optimizer.param_groups] == [0.125, 0.125]
    with pytest.raises(ValueError, match=r"lr must not be negative, but is -1\.0"):
        optimizer.lr = -1.0
    assert optimizer.lr == 0.125


@pytest.mark.parametrize("make", KINDS)
def test_every_setting_is_an_attribute(make):
    optimizer = make([Value(1.0)])
    for name, setting in optimizer.defaults.items():
        assert getattr(optimizer, name) == setting
        setattr(optimizer, name, setting)
    assert vars(optimizer).keys() == {"defaults", "param_groups"}


def test_betas_of_a_group_may_change_and_the_means_stay():
    def train(change):
        w = Tensor([1.0, -2.0], requires_grad=True)
        optimizer = Adam([w], lr=0.1, amsgrad=True)
        seen = []
        for step in go(optimizer, squares(w), last=6):
            change(optimizer, 0.9 if step % 2 else 0.5)
            seen.append(w.data.tolist())
        return seen

    def by_group(optimizer, beta):
        optimizer.param_groups[0]["betas"] = (beta, 0.99)

    def by_state(optimizer, beta):
        by_group(optimizer, beta)
        optimizer.load_state_dict(optimizer.state_dict())

    def by_attribute(optimizer, beta):
        optimizer.betas = (beta, 0.99)

    assert train(by_group) == train(by_attribute)
    np.testing.assert_allclose(train(by_group), train(by_state), rtol=1e-14)


def test_betas_of_a_group_that_are_out_of_range_are_refused_by_the_step():
    w = Value(1.0)
    optimizer = Adam([w])
    optimizer.param_groups[0]["betas"] = (0.9, 1.0)
    w.backward()
    with pytest.raises(ValueError, match="betas must be two numbers"):
        optimizer.step()
    assert w.data == 1.0


# What is frozen


@pytest.mark.parametrize("make", KINDS)
def test_frozen_parameters_are_skipped(make):
    model = MLP(2, [3, 1], seed=0)
    model.layers[0].requires_grad_(False)
    before = [p.data for p in model.parameters()]
    optimizer = make(model.parameters())
    for _ in go(optimizer, lambda: model([1.0, -1.0]).square(), last=3):
        pass
    for set_to_none in (True, False):
        optimizer.zero_grad(set_to_none)
        optimizer.step()
    moved = [p.data != x for p, x in zip(model.parameters(), before, strict=True)]
    assert moved == [False] * 9 + [True] * 4


def test_frozen_ones_among_others_in_every_order():
    leaves = [Tensor([1.0, 2.0], requires_grad=i % 3 != 0) for i in range(7)]
    leaves.append(Tensor([1, 2]))  # whole numbers never train
    optimizer = SGD(leaves, lr=0.5, momentum=0.5)
    sum((leaf * leaf).sum() for leaf in leaves[:7]).backward()
    optimizer.step()
    assert [leaf.tolist() == [0.0, 0.0] for leaf in leaves[:7]] == [i % 3 != 0 for i in range(7)]


def test_what_is_no_longer_frozen_is_moved():
    w = Tensor([1.0])
    optimizer = SGD([w], lr=0.25)
    w.requires_grad = True
    (w * w).sum().backward()
    optimizer.step()
    assert w.tolist() == [0.5]


# Closures, states and errors


def test_a_closure_computes_the_loss():
    w = Value(1.0)
    optimizer = SGD([w], lr=0.25)

    def closure():
        optimizer.zero_grad()
        loss = w * w
        loss.backward()
        return loss

    assert optimizer.step(closure).data == 1.0
    assert (w.data, optimizer.step()) == (0.5, None)


def test_what_a_state_holds():
    w, b = Tensor(np.ones((2, 3)), requires_grad=True), Value(1.0)
    optimizer = SGD([{"params": [w]}, {"params": [b], "momentum": 0.0}], momentum=0.9)
    assert optimizer.state_dict()["state"] == {}
    ((w * w).sum() * b).backward()
    optimizer.step()
    state = optimizer.state_dict()
    assert state["state"][0]["momentum_buffer"].tolist() == [[2.0] * 3] * 2
    assert state["state"][1] == {"step": 1}
    assert [group["params"] for group in state["param_groups"]] == [[0], [1]]
    state["state"][0]["momentum_buffer"][:] = 7.0
    assert optimizer.state_dict()["state"][0]["momentum_buffer"][0, 0] == 2.0


def trained():
    w, b = Tensor([1.0, 2.0], requires_grad=True), Value(1.0)
    optimizer = Adam([w, b])
    ((w * w).sum() * b).backward()
    optimizer.step()
    return optimizer


def changed(change):
    state = trained().state_dict()
    change(state)
    return state


@pytest.mark.parametrize(
    ("state", "match"),
    [
        ({}, "the state of Adam is a dict with 'state' and 'param_groups'"),
        (
            changed(lambda s: s["param_groups"].pop()),
            r"groups of \[\] parameters, but Adam has \[2\]",
        ),
        (changed(lambda s: s["param_groups"][0]["params"].pop()), r"groups of \[1\] parameters"),
        (changed(lambda s: s["param_groups"][0].pop("eps")), "group 0 lacks eps: is it of Adam"),
        (changed(lambda s: s["state"].update({5: {}})), "a parameter 5 that is in none of its"),
        (changed(lambda s: s["state"][0].pop("grad_sum")), "parameter 0 has no 'grad_sum'"),
        (
            changed(lambda s: s["state"][0].update(square_sum=np.ones(3))),
            r"parameter 0 has a 'square_sum' of shape \(3,\), but the parameter has \(2,\)",
        ),
        (changed(lambda s: s["param_groups"][0].update(lr=-1.0)), "lr must not be negative"),
        (SGD([Value(1.0), Value(1.0)]).state_dict(), "group 0 lacks betas, eps, amsgrad"),
    ],
)
def test_a_state_that_does_not_fit(state, match):
    optimizer = trained()
    before = json.dumps(optimizer.state_dict(), default=lambda array: array.tolist())
    with pytest.raises(ValueError, match=match):
        optimizer.load_state_dict(state)
    assert json.dumps(optimizer.state_dict(), default=lambda array: array.tolist()) == before


@pytest.mark.parametrize(
    ("kind", "settings", "match"),
    [
        (RMSprop, {"alpha": -0.1}, "alpha must not be negative"),
        (RMSprop, {"momentum": math.nan}, "momentum must not be negative"),
        (RMSprop, {"eps": -1.0}, "eps must not be negative"),
        (Adagrad, {"lr_decay": -1.0}, "lr_decay must not be negative"),
        (Adagrad, {"initial_accumulator_value": -1.0}, "initial_accumulator_value must not"),
        (AdamW, {"weight_decay": -1.0}, "weight_decay must not be negative"),
        (AdamW, {"betas": (0.9, 1.5)}, "betas must be two numbers"),
    ],
)
def test_bad_settings(kind, settings, match):
    with pytest.raises(ValueError, match=match):
        kind([Value(1.0)], **settings)
    with pytest.raises(ValueError, match=match):
        kind([{"params": [Value(1.0)], **settings}])


@pytest.mark.parametrize(
    ("given", "error", "match"),
    [
        ([{"lr": 0.1}], TypeError, "a group of SGD is a dict with 'params' in it"),
        ([{"params": [Value(1.0)]}, Value(1.0)], TypeError, "a group of SGD is a dict"),
        ([Value(1.0), {"params": [Value(1.0)]}], TypeError, "SGD moves leaves"),
        ({"params": [Value(1.0)]}, TypeError, "SGD takes a list of parameters"),
        ([{"params": [1.0]}], TypeError, "SGD moves leaves, such as a Value, but was given 1.0"),
        (MLP(1, [1]), TypeError, r"pass its \.parameters\(\)"),
    ],
)
def test_what_are_no_groups(given, error, match):
    with pytest.raises(error, match=match):
        SGD(given)


def test_a_parameter_in_two_groups():
    w = Value(1.0)
    with pytest.raises(ValueError, match="the same parameter twice"):
        SGD([{"params": [w]}, {"params": [w]}])
    optimizer = SGD([w])
    with pytest.raises(ValueError, match="the same parameter twice"):
        optimizer.add_param_group({"params": [w]})
    assert len(optimizer.param_groups) == 1
