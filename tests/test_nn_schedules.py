"""Schedules: PyTorch's learning rates, states that they go on from, and what they refuse."""

import copy
import json
import math
import pickle
from pathlib import Path

import numpy as np
import pytest

import nn
from autograd import Value
from nn import SGD, Adagrad, Adam, optim
from nn.optim import lr_scheduler

REFERENCE = json.loads((Path(__file__).parent / "reference" / "nn_schedules.json").read_text())
CASES, METRICS = REFERENCE["cases"], REFERENCE["metrics"]


def root(epoch):
    """As in the script that made the reference."""
    return 1.0 / math.sqrt(1.0 + epoch)


def power(epoch):
    """As in the script that made the reference."""
    return 0.95**epoch


LAMBDAS = {"root": root, "power": power}


def label(case):
    settings = "-".join(f"{key}={x}" for key, x in case["settings"].items())
    return f"{case['schedule']}-{case['optimiser']}-{settings}"


def optimizer_of(kind="SGD"):
    groups = [{"params": [Value(1.0)], "lr": rate} for rate in REFERENCE["start"]]
    return getattr(optim, kind)(groups, **({"momentum": 0.9} if kind == "SGD" else {}))


def made(optimizer, name, settings):
    if name == "SequentialLR":
        parts, milestones = REFERENCE["parts"][settings["parts"]]
        inner = [made(optimizer, *part) for part in parts]
        return lr_scheduler.SequentialLR(optimizer, inner, milestones)
    if name == "LambdaLR":
        words = settings["lr_lambda"]
        functions = LAMBDAS[words] if isinstance(words, str) else [LAMBDAS[w] for w in words]
        return lr_scheduler.LambdaLR(optimizer, functions)
    return getattr(lr_scheduler, name)(optimizer, **settings)


def begun(case):
    optimizer = optimizer_of(case["optimiser"])
    return optimizer, made(optimizer, case["schedule"], case["settings"])


def steps(schedule, first, last):
    """Take some steps; a generator of their numbers."""
    for step in range(first, last):
        if isinstance(schedule, lr_scheduler.ReduceLROnPlateau):
            schedule.step(METRICS[step])
        else:
            schedule.step()
        yield step


def rates(optimizer):
    return [group["lr"] for group in optimizer.param_groups]


def momenta(optimizer):
    groups = optimizer.param_groups
    return [group["betas"][0] if "betas" in group else group["momentum"] for group in groups]


def test_there_are_cases_for_each_schedule():
    names = set(lr_scheduler.__all__) - {"LRScheduler"}
    assert {case["schedule"] for case in CASES} == names
    assert all(getattr(nn, name) is getattr(lr_scheduler, name) for name in names)


@pytest.mark.parametrize("case", CASES, ids=label)
def test_sixty_steps_are_pytorchs(case):
    optimizer, schedule = begun(case)
    found, moved = [rates(optimizer)], [momenta(optimizer)]
    for step in steps(schedule, 0, 60):
        assert schedule.get_last_lr() == rates(optimizer)
        assert schedule.last_epoch == step + 1
        found.append(rates(optimizer))
        moved.append(momenta(optimizer))
    np.testing.assert_allclose(found, case["rates"], rtol=1e-15, atol=0.0)
    if "momenta" in case:
        np.testing.assert_allclose(moved, case["momenta"], rtol=1e-15, atol=0.0)


@pytest.mark.parametrize("way", [copy.deepcopy, lambda x: x], ids=["deepcopy", "as it is"])
@pytest.mark.parametrize("case", CASES, ids=label)
def test_a_schedule_that_is_resumed_goes_on_to_the_same_bits(case, way):
    optimizer, schedule = begun(case)
    for _ in steps(schedule, 0, 23):
        pass
    states = way(optimizer.state_dict()), way(schedule.state_dict())
    expected = [rates(optimizer) + momenta(optimizer) for _ in steps(schedule, 23, 60)]
    other, resumed = begun(case)
    other.load_state_dict(states[0])
    resumed.load_state_dict(states[1])
    assert resumed.last_epoch == 23
    assert resumed.get_last_lr() == rates(other)
    assert [rates(other) + momenta(other) for _ in steps(resumed, 23, 60)] == expected


@pytest.mark.parametrize("case", CASES, ids=label)
@pytest.mark.parametrize("copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_copies(case, copied):
    optimizer, schedule = begun(case)
    for _ in steps(schedule, 0, 5):
        pass
    twin, twins = copied((optimizer, schedule))
    assert twins.optimizer is twin
    expected = [rates(optimizer) for _ in steps(schedule, 5, 30)]
    assert [rates(twin) for _ in steps(twins, 5, 30)] == expected


RESUMED = ["StepLR", "MultiStepLR", "ExponentialLR", "LinearLR", "CosineAnnealingLR", "OneCycleLR"]
RESUMED += ["CosineAnnealingWarmRestarts", "LambdaLR"]


@pytest.mark.parametrize("case", [c for c in CASES if c["schedule"] in RESUMED], ids=label)
def test_last_epoch_begins_in_the_middle(case):
    optimizer, schedule = begun(case)
    for _ in steps(schedule, 0, 12):
        pass
    settings = dict(case["settings"]) | {"last_epoch": 11}
    if case["schedule"] == "LambdaLR":
        words = settings.pop("lr_lambda")
        functions = LAMBDAS[words] if isinstance(words, str) else [LAMBDAS[w] for w in words]
        settings["lr_lambda"] = functions
    again = getattr(lr_scheduler, case["schedule"])(optimizer, **settings)
    assert again.last_epoch == 12
    found = [rates(optimizer), *(rates(optimizer) for _ in steps(again, 12, 40))]
    np.testing.assert_allclose(found, case["rates"][12:41], rtol=1e-12)


def test_it_multiplies_what_others_set():
    optimizer = SGD([Value(1.0)], lr=1.0)
    one, other = nn.StepLR(optimizer, 2, gamma=0.5), nn.ExponentialLR(optimizer, 0.1)
    for schedule in (one, other, one, other):
        schedule.step()
    assert optimizer.lr == pytest.approx(0.005)


def test_a_training_with_a_schedule():
    w = Value(1.0)
    optimizer = SGD([w], lr=0.25)
    schedule = nn.ExponentialLR(optimizer, 0.5)
    for expected in (0.5, 0.375):
        optimizer.zero_grad()
        (w * w).backward()
        optimizer.step()
        schedule.step()
        assert w.data == expected


def test_betas_that_are_cycled_keep_the_means():
    """Adam by its definition, with the β₁ of each step."""
    w = Value(1.0)
    optimizer = Adam([w], lr=0.1)
    schedule = nn.OneCycleLR(optimizer, max_lr=0.1, total_steps=10)
    x, m, v = 1.0, 0.0, 0.0
    for step in range(1, 9):
        (beta1, beta2), lr = optimizer.betas, optimizer.lr
        optimizer.zero_grad()
        (w * w).backward()
        optimizer.step()
        schedule.step()
        m, v = beta1 * m + (1 - beta1) * 2 * x, beta2 * v + (1 - beta2) * 4 * x * x
        x -= lr * m / (1 - beta1**step) / (math.sqrt(v / (1 - beta2**step)) + 1e-8)
        assert w.data == pytest.approx(x, rel=1e-13)


@pytest.mark.parametrize("mult", [1, 2, 3])
def test_warm_restarts_at_any_epoch(mult):
    optimizer, other = (SGD([Value(1.0)], lr=1.0) for _ in range(2))
    schedule = nn.CosineAnnealingWarmRestarts(optimizer, T_0=4, T_mult=mult)
    jumping = nn.CosineAnnealingWarmRestarts(other, T_0=4, T_mult=mult)
    for epoch in range(1, 30):
        schedule.step()
        jumping.step(epoch)
        assert (other.lr, jumping.last_epoch) == (optimizer.lr, epoch)
    jumping.step(2.5)
    assert other.lr == pytest.approx((1 + math.cos(math.pi * 2.5 / 4)) / 2)
    jumping.step()
    assert other.lr == pytest.approx((1 + math.cos(math.pi * 3.5 / 4)) / 2)


def test_functions_that_are_objects_are_in_the_state():
    class Slope:
        def __init__(self, by):
            self.by = by

        def __call__(self, epoch):
            return 1.0 - self.by * epoch

    optimizer = SGD([{"params": [Value(1.0)]}, {"params": [Value(1.0)]}], lr=1.0)
    state = nn.LambdaLR(optimizer, [Slope(0.1), root]).state_dict()
    assert state["lr_lambdas"] == [{"by": 0.1}, None]
    slope = Slope(0.0)
    schedule = nn.LambdaLR(optimizer, [slope, root])
    schedule.load_state_dict(state)
    assert slope.by == 0.1


def test_a_schedule_of_the_users_own():
    class Halving(lr_scheduler.LRScheduler):
        def get_lr(self):
            return [base / 2**self.last_epoch for base in self.base_lrs]

    optimizer = SGD([Value(1.0)], lr=1.0)
    schedule = Halving(optimizer)
    schedule.step()
    assert optimizer.lr == 0.5


def test_sequences_within_sequences():
    optimizer = SGD([Value(1.0)], lr=1.0)
    inner = nn.SequentialLR(
        optimizer,
        [nn.LinearLR(optimizer, 0.5, total_iters=2), nn.ExponentialLR(optimizer, 0.5)],
        [2],
    )
    schedule = nn.SequentialLR(optimizer, [nn.StepLR(optimizer, 1, 0.5), inner], [2])
    found = [optimizer.lr, *(optimizer.lr for _ in steps(schedule, 0, 6))]
    assert found == [1.0, 0.5, 0.5, 0.75, 1.0, 0.5, 0.25]


def test_a_metric_may_be_a_node():
    optimizer = SGD([Value(1.0)], lr=1.0)
    schedule = nn.ReduceLROnPlateau(optimizer, patience=0)
    schedule.step(Value(2.0))
    schedule.step(Value(2.0))
    assert optimizer.lr == pytest.approx(0.1)


# What they refuse


def sgd(lr=0.1):
    return SGD([Value(1.0)], lr=lr)


def in_a_row(*others, milestones=(1,)):
    optimizer = sgd()
    return nn.SequentialLR(
        optimizer,
        [nn.StepLR(optimizer, 1), *(x or nn.StepLR(optimizer, 1) for x in others)],
        list(milestones),
    )


@pytest.mark.parametrize(
    ("do", "match"),
    [
        (lambda: nn.StepLR(sgd(), 0), "step_size must be at least 1, but is 0"),
        (lambda: nn.LinearLR(sgd(), 0.0), "start_factor must lie above 0, up to 1, but is 0.0"),
        (lambda: nn.LinearLR(sgd(), 1.0, 1.5), "end_factor must lie from 0 to 1, but is 1.5"),
        (lambda: nn.CosineAnnealingWarmRestarts(sgd(), 0), "T_0 is a whole number, 1 at least"),
        (lambda: nn.CosineAnnealingWarmRestarts(sgd(), 1, 0.5), "T_mult is a whole number"),
        (lambda: nn.CosineAnnealingWarmRestarts(sgd(), 1).step(-1), "epoch must not be negative"),
        (lambda: nn.OneCycleLR(sgd(), 0.1), "takes total_steps, or epochs and steps_per_epoch"),
        (lambda: nn.OneCycleLR(sgd(), 0.1, 0), "total_steps is a whole number, 1 at least"),
        (
            lambda: nn.OneCycleLR(sgd(), 0.1, epochs=2, steps_per_epoch=-1),
            "steps_per_epoch is a whole number, 1 at least, but is -1",
        ),
        (lambda: nn.OneCycleLR(sgd(), 0.1, 9, pct_start=2.0), "pct_start must lie from 0 to 1"),
        (lambda: nn.OneCycleLR(sgd(), 0.1, 9, anneal_strategy="x"), "is 'cos' or 'linear', not"),
        (lambda: nn.OneCycleLR(sgd(), [0.1] * 2, 9), "max_lr has 2 entries for 1 parameter groups"),
        (
            lambda: nn.OneCycleLR(Adagrad([Value(1.0)]), 0.1, 9),
            "Adagrad has no momentum to cycle; pass cycle_momentum=False",
        ),
        (lambda: nn.LambdaLR(sgd(), [root, root]), "lr_lambda has 2 entries for 1"),
        (lambda: nn.ReduceLROnPlateau(sgd(), factor=1.0), "factor must be below 1, but is 1.0"),
        (lambda: nn.ReduceLROnPlateau(sgd(), "low"), "mode is 'min' or 'max', not 'low'"),
        (lambda: nn.ReduceLROnPlateau(sgd(), threshold_mode="x"), "is 'rel' or 'abs', not 'x'"),
        (lambda: nn.ReduceLROnPlateau(sgd(), min_lr=[0.1] * 2), "min_lr has 2 entries for 1"),
        (lambda: in_a_row(None, None), "given 1 for 3"),
        (
            lambda: in_a_row(nn.StepLR(sgd(), 1)),
            r"schedulers\[1\] is no schedule of this optimiser",
        ),
        (lambda: in_a_row(nn.ReduceLROnPlateau(sgd())), r"schedulers\[1\] must be told metrics"),
        (
            lambda: nn.StepLR(sgd(), 1).load_state_dict(nn.ExponentialLR(sgd(), 1.0).state_dict()),
            "the state lacks step_size: is it of StepLR",
        ),
    ],
)
def test_what_they_refuse(do, match):
    with pytest.raises(ValueError, match=match):
        do()


@pytest.mark.parametrize("kind", [nn.ExponentialLR, nn.ReduceLROnPlateau, nn.SequentialLR])
def test_what_is_no_optimiser(kind):
    rest = {nn.ExponentialLR: [0.5], nn.SequentialLR: [[], []]}.get(kind, [])
    with pytest.raises(TypeError, match=f"{kind.__name__} sets the rates of an optimiser"):
        kind([Value(1.0)], *rest)


def test_going_on_without_the_first_rates():
    with pytest.raises(KeyError, match=r"from epoch 3, but param_groups\[0\] has no 'initial_lr'"):
        nn.ExponentialLR(sgd(), 0.5, last_epoch=3)


def test_more_steps_than_there_are():
    optimizer = sgd()
    schedule = nn.OneCycleLR(optimizer, 0.1, 4)
    for _ in steps(schedule, 0, 4):
        pass
    rate = optimizer.lr
    with pytest.raises(ValueError, match="OneCycleLR has 4 steps, and all of them are over"):
        schedule.step()
    assert (schedule.last_epoch, optimizer.lr) == (4, rate)


def test_a_group_that_came_later():
    optimizer = sgd()
    schedule = nn.ReduceLROnPlateau(optimizer, patience=0)
    optimizer.add_param_group({"params": [Value(1.0)], "lr": 0.5})
    for _ in range(2):
        schedule.step(1.0)
    assert rates(optimizer) == pytest.approx([0.01, 0.05])
