"""The losses of arrays and as modules: PyTorch's values and gradients, and clear errors."""

import copy
import itertools
import json
import math
import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
import nn
from autograd import Tensor, Value
from nn import functional as F  # noqa: N812 - PyTorch's users know it by this name

CASES = json.loads((Path(__file__).parent / "reference" / "nn_losses.json").read_text())["cases"]
MODULES = {
    "mse_loss": nn.MSELoss,
    "l1_loss": nn.L1Loss,
    "smooth_l1_loss": nn.SmoothL1Loss,
    "huber_loss": nn.HuberLoss,
    "cross_entropy": nn.CrossEntropyLoss,
    "nll_loss": nn.NLLLoss,
    "binary_cross_entropy": nn.BCELoss,
    "binary_cross_entropy_with_logits": nn.BCEWithLogitsLoss,
    "kl_div": nn.KLDivLoss,
    "hinge_embedding_loss": nn.HingeEmbeddingLoss,
    "cosine_embedding_loss": nn.CosineEmbeddingLoss,
    "triplet_margin_loss": nn.TripletMarginLoss,
}


def label(case):
    settings = "-".join(f"{key}={str(x)[:12]}" for key, x in case["settings"].items())
    return f"{case['function']}-{np.shape(case['operands'][0])}-{settings}"


def by_function(case):
    return getattr(F, case["function"])


def operands(case):
    pairs = zip(case["operands"], case["gradients"], strict=True)
    return [Tensor(x, requires_grad=gradient is not None) for x, gradient in pairs]


def compare(case, loss, tolerance=1e-12):
    """The value, and the gradients of what the script that made the reference weighs."""
    xs = operands(case)
    value = loss(*xs)
    np.testing.assert_allclose(value.data, case["value"], rtol=tolerance, atol=tolerance)
    (value.reshape(-1) * np.arange(1.0, value.size + 1)).sum().backward()
    for x, gradient in zip(xs, case["gradients"], strict=True):
        if gradient is None:
            assert x.grad is None
        else:
            np.testing.assert_allclose(x.grad, gradient, rtol=tolerance, atol=tolerance)


def test_there_are_cases_for_each_loss():
    found = {case["function"] for case in CASES}
    assert found == {*MODULES, "cosine_similarity", "pairwise_distance"}


@pytest.mark.parametrize("case", CASES, ids=label)
def test_functions_are_pytorchs(case):
    compare(case, lambda *xs: by_function(case)(*xs, **case["settings"]))


@pytest.mark.parametrize("case", [c for c in CASES if c["function"] in MODULES], ids=label)
def test_so_are_modules_and_copies_of_them(case):
    module = MODULES[case["function"]](**case["settings"])
    compare(case, module)
    compare(case, copy.deepcopy(module))
    compare(case, pickle.loads(pickle.dumps(module)))


@pytest.mark.parametrize("case", [c for c in CASES if c["function"] in MODULES], ids=label)
def test_so_are_modules_that_are_compiled(case):
    module = MODULES[case["function"]](**case["settings"])
    compiled = autograd.compile(module)
    compare(case, compiled)
    compare(case, compiled)
    assert compiled.cache_info()[:2] == (1, 1)


@pytest.mark.parametrize("case", CASES, ids=label)
def test_arrays_and_lists_give_the_same_numbers(case):
    arrays = [np.array(x) for x in case["operands"]]
    value = by_function(case)(*arrays, **case["settings"])
    assert isinstance(value, (float, np.ndarray))
    np.testing.assert_allclose(value, case["value"], rtol=1e-12, atol=1e-12)
    first, *rest = case["operands"]
    value = by_function(case)(Tensor(first), *rest, **case["settings"])
    assert isinstance(value, Tensor)
    np.testing.assert_allclose(value.data, case["value"], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("case", CASES, ids=label)
def test_float32_stays_float32(case):
    xs = [
        Tensor(np.array(x, np.float32)) if isinstance(np.ravel(x)[0], float) else np.array(x)
        for x in case["operands"]
    ]
    xs[0].requires_grad = True
    value = by_function(case)(*xs, **case["settings"])
    assert value.dtype == np.float32
    value.sum().backward()
    assert xs[0].grad.dtype == np.float32


SMOOTH = [case for case in CASES if max(np.ravel(np.abs(case["operands"][0]))) < 20]


@pytest.mark.parametrize("case", SMOOTH[::7], ids=label)
def test_first_and_second_derivatives_by_differences(case):
    rng = np.random.default_rng(0)
    xs = operands(case)
    function = by_function(case)
    if function is F.binary_cross_entropy:
        xs[0] = Tensor(rng.uniform(0.2, 0.8, xs[0].shape), requires_grad=True)
    elif xs[0].ndim:
        xs[0] = Tensor(xs[0].data + rng.normal(0.0, 0.01, xs[0].shape), requires_grad=True)
    some = [x for x in xs if x.requires_grad]

    def loss(*trained):
        left = iter(trained)
        return function(*(next(left) if x.requires_grad else x for x in xs), **case["settings"])

    assert autograd.gradcheck(loss, tuple(some))
    assert autograd.gradgradcheck(loss, tuple(some))


# What reductions have to do with each other


@given(
    st.sampled_from(["mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "hinge_loss"]),
    st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)), min_size=1, max_size=9),
)
def test_reductions_agree(name, pairs):
    x, y = (np.array(each) for each in zip(*pairs, strict=True))
    each, total, mean = (
        getattr(F, name)(x, y, reduction=reduction) for reduction in ("none", "sum", "mean")
    )
    assert each.shape == x.shape
    assert total == pytest.approx(each.sum(), rel=1e-12)
    assert mean == pytest.approx(each.mean(), rel=1e-12)


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=6), st.data())
def test_cross_entropy_is_the_negative_log_likelihood_of_log_softmax(scores, data):
    target = np.array([data.draw(st.integers(0, len(scores) - 1))])
    x = np.array([scores])
    found = F.nll_loss(autograd.log_softmax(x, 1), target, reduction="none")
    assert found == pytest.approx(F.cross_entropy(x, target, reduction="none"), rel=1e-12)
    assert found[0] == pytest.approx(F.cross_entropy(scores, int(target[0])), rel=1e-12, abs=1e-12)


# Scalar code and arrays


@pytest.mark.parametrize("loss", [nn.MSELoss(), nn.BCEWithLogitsLoss(), F.hinge_loss])
def test_scalar_code_gives_values_and_arrays_give_tensors(loss):
    numbers, targets = [0.5, -2.0, 3.0], [1.0, 1.0, -1.0]
    values, tensor = [Value(x) for x in numbers], Tensor(numbers, requires_grad=True)
    one, other = loss(values, targets), loss(tensor, targets)
    assert (type(one), type(other)) == (Value, Tensor)
    assert one.data == pytest.approx(other.item(), rel=1e-14)
    one.backward()
    other.backward()
    np.testing.assert_allclose(tensor.grad, [v.grad for v in values], rtol=1e-14)
    assert type(loss(values, np.array(targets))) is Value
    assert isinstance(loss(numbers, targets), float)


def test_settings_make_a_tensor_of_values():
    values = [Value(0.5), Value(-2.0)]
    loss = F.mse_loss(values, [1.0, 1.0], reduction="sum")
    assert type(loss) is Tensor
    loss.backward()
    assert [v.grad for v in values] == [-1.0, -6.0]
    rows = [[Value(0.5), Value(-2.0)]] * 2
    assert F.cross_entropy(rows, [0, 1], reduction="none").shape == (2,)
    assert F.l1_loss(Value(1.0), 3.0).item() == 2.0


@pytest.mark.parametrize("settings", [{}, {"weight": [0.5, 2.0, 1.0]}, {"label_smoothing": 0.2}])
def test_classes_that_are_arguments_of_a_compiled_function(settings):
    module = nn.CrossEntropyLoss(**settings)
    compiled = autograd.compile(module)
    rng = np.random.default_rng(0)
    for classes in ([0, 2, 1, 1], [1, -100, -100, 2], [2, 2, 2, 2], [-100] * 4):
        target, numbers = np.array(classes), rng.normal(size=(4, 3))
        given, plain = (Tensor(numbers, requires_grad=True) for _ in range(2))
        found, expected = compiled(given, target), module(plain, target)
        np.testing.assert_allclose(found.data, expected.data, rtol=1e-13)
        found.backward()
        expected.backward()
        np.testing.assert_allclose(given.grad, plain.grad, rtol=1e-13, atol=1e-15)
    assert compiled.cache_info()[:2] == (3, 1)
    for wrong in (3, -1):
        with pytest.raises(IndexError, match=f"class {wrong} is not one of the 3"):
            compiled(given, np.array([0, 1, 2, wrong]))


@pytest.mark.parametrize("target", [1, [1]])
def test_with_settings_classes_come_in_arrays_to_compiled_functions(target):
    scores = Tensor(np.ones((*np.shape(target), 3)))
    compiled = autograd.compile(nn.CrossEntropyLoss(label_smoothing=0.1))
    with pytest.raises(TypeError, match="takes classes in an array of whole numbers"):
        compiled(scores, target)
    assert compiled(scores, np.array(target)).item() == pytest.approx(math.log(3.0))


def test_curvature_where_some_rows_are_ignored():
    target = np.array([0, -100, 2])
    x = Tensor(np.random.default_rng(0).normal(size=(3, 3)), requires_grad=True)
    assert autograd.gradgradcheck(lambda x: F.cross_entropy(x, target), (x,))
    assert not np.any(autograd.hessian(lambda x: F.cross_entropy(x, target))(x.data)[1])


def test_the_mean_of_none_is_nan_and_has_no_slope():
    for settings in ({}, {"weight": [1.0, 1.0]}, {"label_smoothing": 0.1}):
        x = Tensor([[1.0, 2.0]], requires_grad=True)
        loss = F.cross_entropy(x, [-100], **settings)
        loss.backward()
        assert math.isnan(loss.item())
        assert x.grad.tolist() == [[0.0, 0.0]]


# Modules


def test_weights_are_buffers():
    module = nn.CrossEntropyLoss(weight=[1.0, 2.0])
    assert module.parameters() == []
    assert module.state_dict()["weight"].tolist() == [1.0, 2.0]
    both = nn.BCEWithLogitsLoss(weight=np.float32([1.0]), pos_weight=Tensor([2.0]))
    assert [name for name, _ in both.named_buffers()] == ["weight", "pos_weight"]
    assert both.weight.dtype == np.float32
    assert list(nn.BCELoss().state_dict()) == []
    other = nn.CrossEntropyLoss(weight=[0.0, 0.0])
    other.load_state_dict(module.state_dict())
    assert other.weight.data.tolist() == [1.0, 2.0]


def test_they_print_as_pytorchs():
    assert repr(nn.SmoothL1Loss(beta=0.5)) == "SmoothL1Loss()"


def test_another_setting_is_noticed_by_what_is_compiled():
    module = nn.MSELoss()
    compiled = autograd.compile(module)
    x, y = Tensor([1.0, 2.0]), Tensor([0.0, 0.0])
    assert compiled(x, y).item() == 2.5
    module.reduction = "sum"
    assert compiled(x, y).item() == 5.0


def test_a_loss_is_drawn():
    x = Tensor([[0.25, 0.75]], requires_grad=True)
    for loss in (F.binary_cross_entropy(x, [[0.0, 1.0]]), nn.CrossEntropyLoss()(x, [1])):
        assert "<svg" in autograd.draw(loss).svg


# Errors


@pytest.mark.parametrize("kind", MODULES.values())
def test_there_is_no_such_reduction(kind):
    with pytest.raises(ValueError, match=rf"{kind.__name__} takes reduction='mean', .*'average'"):
        kind(reduction="average")


@pytest.mark.parametrize(
    ("name", "shapes"),
    [
        (name, shapes)
        for name, shapes in itertools.product(
            [
                name
                for name in MODULES
                if name.split("_")[0] not in ("cross", "nll", "cosine", "triplet")
            ],
            [((8, 1), (8,)), ((8,), (8, 1)), ((3, 2), (2,)), ((3,), ())],
        )
    ],
)
def test_shapes_that_differ(name, shapes):
    x, y = (np.full(shape, 0.5) for shape in shapes)
    with pytest.raises(ValueError, match=rf"{name} was given .*the input has shape") as caught:
        getattr(F, name)(Tensor(x), y)
    assert str(shapes[0]) in str(caught.value)
    assert str(shapes[1]) in str(caught.value)


@pytest.mark.parametrize(
    ("do", "match"),
    [
        (lambda: F.smooth_l1_loss([1.0], [1.0], beta=-1.0), "a beta of 0 or more, .* -1.0"),
        (lambda: F.huber_loss([1.0], [1.0], delta=0.0), "a delta above 0, .* 0.0"),
        (lambda: F.binary_cross_entropy([1.5], [1.0]), "takes probabilities, from 0 to 1"),
        (lambda: F.binary_cross_entropy(Tensor([-0.1]), [1.0]), "takes probabilities"),
        (lambda: F.binary_cross_entropy([math.nan], [1.0]), "takes probabilities"),
        (lambda: F.triplet_margin_loss([1.0], [1.0], [1.0], margin=0.0), "a margin above 0"),
        (lambda: F.triplet_margin_loss([[1.0]], [1.0], [1.0]), "takes three of one shape"),
        (lambda: F.cosine_embedding_loss([[1.0]], [[1.0]], [[1.0]]), r"shape \(1, 1\)"),
        (lambda: F.cosine_embedding_loss([[1.0]], [[1.0, 2.0]], [1.0]), "the input has shape"),
        (lambda: F.kl_div([1.0], [1.0], reduction="all"), "'none' or 'batchmean', but .* 'all'"),
        (lambda: F.mse_loss([1.0], [1.0], reduction="batchmean"), "'mean', 'sum' or 'none'"),
        (lambda: F.cross_entropy(np.ones((3, 2)), [0, 1]), "given 3 inputs for 2 targets"),
        (lambda: F.nll_loss(np.ones((3, 2)), [0, 1]), "nll_loss takes rows of logarithms"),
        (lambda: F.nll_loss([[0.0, 0.0]], [0.5]), "nll_loss takes whole numbers"),
        (lambda: F.nll_loss([[0.0, 0.0]], [0], [1.0]), "nll_loss takes a weight for each class"),
    ],
)
def test_what_they_refuse(do, match):
    with pytest.raises(ValueError, match=match):
        do()


@pytest.mark.parametrize("wrong", [-1, 2])
def test_a_class_that_there_is_not(wrong):
    for function, reduction in itertools.product((F.nll_loss, F.cross_entropy), ("mean", "none")):
        with pytest.raises(IndexError, match=f"class {wrong} is not one of the 2 that have"):
            function(Tensor([[0.0, 1.0]]), [wrong], reduction=reduction)
