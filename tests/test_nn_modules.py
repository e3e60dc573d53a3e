"""What every module and every loss must do, found by looking at what `nn` offers."""

from __future__ import annotations

import copy
import json
import pickle
from pathlib import Path

import numpy as np
import pytest
from nn_modules import CASES, HOLDERS, LOSSES

import autograd
import nn
from autograd import Tensor, compile, draw, gradcheck, no_grad
from autograd.trees import leaves

REFERENCE = json.loads((Path(__file__).parent / "reference/modules.json").read_text())
EVERY = [*CASES, *HOLDERS, *LOSSES]
NO_FLOATS = {"Embedding"}
ANY_SHAPE = {  # of these a shape cannot be wrong
    "ELU", "GELU", "Hardtanh", "Identity", "LeakyReLU", "Mish", "PReLU", "ReLU", "SELU", "SiLU",
    "Sigmoid", "Softplus", "Tanh", "Threshold", "Dropout", "Embedding", "Flatten", "LogSoftmax",
    "Softmax", "Upsample", "Dropout2d",
}  # fmt: skip
# Of one Value a weight, or such as PyTorch has not: tested by themselves.
OWN = {"MLP", "Layer", "LearnedPositions", "Module", "Neuron", "SinusoidalPositions", "Step"}
AT_LEAST_ONE = {"GRU", "LSTM", "RNN"}  # sample, for these have none to start from


def kind(expression):
    return expression.partition("(")[0]


def made(expression, seed=0):
    """The module of an expression."""
    autograd.manual_seed(seed)
    return eval(expression, vars(nn) | {name: getattr(nn, name) for name in nn.__all__})


def given(shapes, seed=0, dtype=float):
    """What a module is called with."""
    rng = np.random.default_rng(seed)
    rows = [shapes[0]] if isinstance(shapes[0], list) else shapes
    return [
        Tensor(np.array(shape) if isinstance(shape, list) else rng.normal(size=shape).astype(dtype))
        for shape in rows
    ]


def results(module, *inputs):
    """All that a module gives, in a row."""
    return [x for x in leaves(module(*inputs)) if x is not None]


def total(module, *inputs):
    """One number that depends on all that a module gives."""
    return sum((x * (k + 1.5)).tanh().sum() for k, x in enumerate(results(module, *inputs)))


def every(cases):
    return pytest.mark.parametrize("expression", cases)


def test_every_module_is_tried():
    classes = {
        name
        for name in nn.__all__
        if isinstance(getattr(nn, name), type) and issubclass(getattr(nn, name), nn.Module)
    }
    assert classes - OWN == set(map(kind, EVERY))


@every(EVERY)
def test_it_prints_as_pytorchs_does(expression):
    expected = REFERENCE[expression]["repr"].replace("NonDynamicallyQuantizable", "")
    assert repr(made(expression)) == expected


@every(EVERY)
def test_its_state_has_pytorchs_names_and_shapes(expression):
    state = {name: list(x.shape) for name, x in made(expression).state_dict().items()}
    assert state == REFERENCE[expression]["state"]


@every([e for e in CASES if "padding_idx" not in e])  # whose row is left alone
def test_its_derivatives(expression):
    module, inputs = made(expression), given(CASES[expression])
    if kind(expression).startswith("Dropout"):
        module.eval()
    names = [name for name, _ in module.named_parameters()]

    def f(*numbers):
        for name, x in zip(names, numbers[len(inputs) :], strict=True):
            owner, _, attribute = name.rpartition(".")
            setattr(module.get_submodule(owner), attribute, x)
        return total(module, *numbers[: len(inputs)])

    operands = [x.data for x in [*inputs, *module.parameters()]]
    floats = [x for x in operands if x.dtype.kind == "f"]
    whole = [x for x in operands if x.dtype.kind != "f"]
    assert gradcheck(lambda *xs: f(*whole, *xs), tuple(floats))


@every(CASES)
def test_it_keeps_32_bits(expression):
    module = made(expression)
    for owner in module.modules():
        for name, x in [*owner.own_parameters(), *owner.own_buffers()]:
            if x.dtype.kind == "f":
                small = Tensor(x.data.astype(np.float32), requires_grad=x.requires_grad)
                setattr(owner, name, small)
    inputs = given(CASES[expression], dtype=np.float32)
    for x in inputs:
        x.requires_grad = x.dtype.kind == "f"
    out = results(module, *inputs)
    assert {x.dtype for x in out} == {np.dtype(np.float32)}
    if any(x.requires_grad for x in out):
        sum(x.sum() for x in out if x.requires_grad).backward()
        for leaf in [*inputs, *module.parameters()]:
            assert leaf.grad is None or leaf.grad.dtype == np.float32


@every(CASES)
def test_copies_and_pickles_compute_the_same(expression):
    module, inputs = made(expression).eval(), given(CASES[expression])
    expected = results(module, *inputs)
    for other in (copy.deepcopy(module), pickle.loads(pickle.dumps(module))):
        for mine, theirs in zip(results(other, *inputs), expected, strict=True):
            np.testing.assert_array_equal(mine.data, theirs.data)
        assert not {id(x) for x in other.parameters()} & {id(x) for x in module.parameters()}


@every(CASES)
def test_a_state_is_all_that_it_remembers(expression):
    module, other, inputs = made(expression, 0), made(expression, 1), given(CASES[expression])
    module(*inputs)  # in training: a norm learns its means
    assert other.load_state_dict(module.state_dict()) == ([], [])
    module.eval(), other.eval()
    for mine, theirs in zip(results(other, *inputs), results(module, *inputs), strict=True):
        np.testing.assert_array_equal(mine.data, theirs.data)


@every(EVERY)
def test_training_and_evaluation(expression):
    module = made(expression)
    assert all(each.training for each in module.modules())
    assert not any(each.training for each in module.eval().modules())
    assert all(each.training for each in module.train().modules())


@every(CASES)
def test_compiled_it_computes_the_same(expression):
    module, inputs = made(expression).eval(), given(CASES[expression])
    compiled = compile(lambda *xs: total(module, *xs))
    for seed in range(3):
        inputs = given(CASES[expression], seed)
        module.zero_grad()
        expected = total(module, *inputs)
        found = compiled(*inputs)
        np.testing.assert_allclose(found.data, expected.data, rtol=1e-12)
        if not expected.requires_grad:
            continue
        expected.backward()
        slopes = [np.array(p.grad) for p in module.parameters()]
        module.zero_grad()
        found.backward()
        for p, slope in zip(module.parameters(), slopes, strict=True):
            np.testing.assert_allclose(p.grad, slope, rtol=1e-9, atol=1e-12)
    assert compiled.cache_info().currsize == 1


@every([e for e in CASES if kind(e) != "Identity"])
def test_it_is_drawn_as_one_box(expression):
    module, inputs = made(expression), given(CASES[expression])
    for x in inputs:
        x.requires_grad = x.dtype.kind == "f"
    beside = autograd.ones(1, requires_grad=True) * 2.0  # what is all that there is is drawn open
    picture = draw([results(module, *inputs)[0], beside], at_once=1).picture
    assert kind(expression) in {box.name for box in picture.boxes}


@every(CASES)
def test_a_batch_of_one_and_an_empty_batch(expression):
    module, inputs = made(expression).eval(), given(CASES[expression])
    axis = 1 if _is_sequence(expression) else 0
    rows = results(module, *[Tensor(x.data.take([0], axis)) for x in inputs])
    with no_grad():
        whole = results(module, *inputs)
    for row, all_rows in zip(rows, whole, strict=True):
        at = _axis_of(row.shape, all_rows.shape)
        if at is not None:
            np.testing.assert_allclose(row.data, all_rows.data.take([0], at), atol=1e-12)
    none = [Tensor(x.data.take([], axis)) for x in inputs]
    if kind(expression) in AT_LEAST_ONE:
        with pytest.raises(ValueError, match="at least one step and sample, but x has shape"):
            module(*none)
    else:
        assert all(0 in x.shape for x in results(module, *none))


def _is_sequence(expression):
    name = kind(expression)
    return "batch_first" not in expression and (
        name in ("RNN", "LSTM", "GRU", "MultiheadAttention") or name.startswith("Transformer")
    )


def _axis_of(one, many):
    differ = [i for i, (a, b) in enumerate(zip(one, many, strict=True)) if a != b]
    return differ[0] if differ else None


@every([e for e in CASES if kind(e) not in ANY_SHAPE])
def test_a_wrong_shape_is_a_clear_error(expression):
    module, inputs = made(expression), given(CASES[expression])
    # Too many axes; for a norm of groups, which takes them, too few channels.
    cut = (
        np.s_[:, :3] if kind(expression) == "GroupNorm" else np.s_[..., :1, None, None, None, None]
    )
    wrong = [x[cut] for x in inputs]
    with pytest.raises((ValueError, TypeError, IndexError), match=r"shape|axes|axis|takes"):
        module(*wrong)


@every([e for e in CASES if kind(e) != "Identity"])
@pytest.mark.parametrize("wrong", ["text", None, {}], ids=repr)
def test_what_is_no_array_is_a_clear_error(expression, wrong):
    module = made(expression)
    with pytest.raises((TypeError, ValueError), match=r"given|expects|takes|must"):
        module(*[wrong] * len(given(CASES[expression])))


# Losses.


def told(what, seed=0, dtype=float):
    """What a loss is told."""
    rng = np.random.default_rng(seed)
    raw = rng.normal(size=(4, 3))
    shares = np.exp(raw) / np.exp(raw).sum(1, keepdims=True)
    numbers = {
        "probabilities": shares,
        "log probabilities": np.log(shares),
        "classes": np.array([0, 2, 1, 1]),
        "signs": np.array([1.0, -1.0, -1.0, 1.0]),
        "signs of all": np.where(raw > 0, 1.0, -1.0),
    }
    array = rng.normal(size=what) if isinstance(what, tuple) else numbers[what]
    return Tensor(array.astype(dtype) if array.dtype.kind == "f" else array)


def told_all(expression, dtype=float):
    return [told(what, seed, dtype) for seed, what in enumerate(LOSSES[expression])]


@every(LOSSES)
def test_the_derivatives_of_a_loss(expression):
    loss, (first, *rest) = made(expression), told_all(expression)
    assert gradcheck(lambda x: loss(x, *rest), first.data)


@every(LOSSES)
def test_a_loss_is_one_number_of_32_bits(expression):
    loss, (first, *rest) = made(expression), told_all(expression, np.float32)
    x = Tensor(first.data, requires_grad=True)
    y = loss(x, *rest)
    y.backward()
    assert (y.shape, y.dtype, x.grad.dtype) == ((), np.float32, np.float32)


@every(LOSSES)
def test_the_reductions_of_a_loss_agree(expression):
    name, inputs = kind(expression), told_all(expression)
    each, whole, mean = (
        getattr(nn, name)(reduction=how)(*inputs).data for how in ("none", "sum", "mean")
    )
    assert each.ndim
    assert each.sum() == pytest.approx(whole)
    assert each.mean() == pytest.approx(mean)
    with pytest.raises(ValueError, match="reduction"):
        getattr(nn, name)(reduction="median")(*inputs)


@every(LOSSES)
def test_a_compiled_loss_is_the_same(expression):
    loss = made(expression)
    compiled = compile(loss)
    for _ in range(2):
        inputs = told_all(expression)
        x, y = (Tensor(inputs[0].data, requires_grad=True) for _ in range(2))
        expected, found = loss(x, *inputs[1:]), compiled(y, *inputs[1:])
        assert found.data == pytest.approx(expected.data, rel=1e-12)
        expected.backward()
        found.backward()
        np.testing.assert_allclose(y.grad, x.grad, rtol=1e-10, atol=1e-14)


@every(LOSSES)
def test_shapes_that_do_not_fit_are_a_clear_error(expression):
    loss, (first, *rest) = made(expression), told_all(expression)
    with pytest.raises(ValueError, match=r"shape|given|takes"):
        loss(first, *[x[:3] for x in rest])


@pytest.mark.parametrize("generator", [0, np.random.default_rng(0)], ids=["seed", "generator"])
@pytest.mark.parametrize("layer", [nn.Dropout, nn.Dropout2d])
def test_dropout_draws_anew_at_each_call(layer, generator):
    drop, x = layer(0.5, generator=generator), autograd.ones(4, 9, 2)
    assert len({drop(x).data.tobytes() for _ in range(5)}) == 5


@pytest.mark.parametrize(
    "layer", [nn.BatchNorm1d(2), nn.GroupNorm(1, 2), nn.LayerNorm(2)], ids=repr
)
def test_lists_are_arrays(layer):
    rows = [[1.0, 2.0], [3.0, 5.0]]
    np.testing.assert_array_equal(layer(rows).data, layer(Tensor(rows)).data)
