"""Networks as scikit-learn's estimators: its own checks, and what they are used in."""

import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_digits, load_iris, make_regression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import estimator_checks_generator

import autograd
from autograd import Tensor
from nn import MLP, SGD, EarlyStopping, Module, NeuralClassifier, NeuralRegressor

IRIS = load_iris(return_X_y=True)
LINE = make_regression(120, 3, noise=1.0, random_state=0)
LINE = LINE[0], LINE[1] / LINE[1].std()

SMALL = [
    NeuralClassifier((16,), lr=0.05, epochs=20),
    NeuralRegressor((16,), lr=0.05, epochs=30),
]
# It asks for SciPy's support of other kinds of arrays, which is switched on by an environment
# variable before SciPy is imported, and is skipped otherwise.
NOT_ASKED = "check_array_api_input"
CHECKS = [
    pytest.param(estimator, check, id=f"{type(estimator).__name__}-{check.func.__name__}-{i}")
    for each in SMALL
    for i, (estimator, check) in enumerate(estimator_checks_generator(each))
    if check.func.__name__ != NOT_ASKED
]


@pytest.mark.parametrize(("estimator", "check"), CHECKS)
def test_scikit_learns_own_check(estimator, check):
    check(estimator)


def test_all_of_them_are_asked():
    assert len(CHECKS) > 100


def logistic(features, classes):
    return MLP(features, [classes], seed=0)


class Line(Module):
    """A line with a weight for each feature: an output without a second axis."""

    def __init__(self, features, outputs):
        assert outputs == 1
        self.weight = Tensor(np.zeros(features), requires_grad=True)

    def forward(self, x):
        return autograd.linear(x, self.weight)


# A classifier


def test_it_learns_iris_and_knows_how_sure_it_is():
    names = np.array(["setosa", "versicolor", "virginica"])
    x, y = IRIS[0], names[IRIS[1]]
    model = NeuralClassifier(epochs=40, random_state=0).fit(x, y)
    assert model.score(x, y) > 0.95
    assert model.classes_.tolist() == names.tolist()
    sure = model.predict_proba(x)
    assert sure.shape == (150, 3)
    np.testing.assert_allclose(sure.sum(axis=1), 1.0)
    np.testing.assert_array_equal(names[sure.argmax(axis=1)], model.predict(x))
    assert len(model.history_) == 40
    assert not model.module_.training


def test_a_seed_gives_the_same_and_leaves_other_random_numbers_alone():
    before = autograd.get_rng_state()
    one, same, other = (
        NeuralClassifier(epochs=3, random_state=seed).fit(*IRIS).predict_proba(IRIS[0])
        for seed in (1, 1, 2)
    )
    assert autograd.get_rng_state() == before
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)
    assert NeuralClassifier(epochs=1).fit(*IRIS).score(*IRIS) > 0  # and without a seed


def test_a_module_and_an_optimiser_of_ones_own():
    model = NeuralClassifier(module=logistic, optimizer=SGD, lr=0.1, epochs=30, random_state=0)
    model.fit(*IRIS)
    assert isinstance(model.module_, MLP)
    assert isinstance(model.optimizer_, SGD)
    assert model.score(*IRIS) > 0.9


def test_what_fit_can_do_it_can():
    settings = {"callbacks": [EarlyStopping(2, "loss", min_delta=1e9)], "clip_grad_norm": 1.0}
    model = NeuralClassifier(epochs=50, random_state=0, **settings).fit(*IRIS)
    assert len(model.history_) == 3
    assert "stopped early" in model.history_.notes[1]


def test_a_share_of_each_class_is_held_out_to_stop_by():
    seen = []

    class See:
        def on_fit_start(self, run):
            seen.extend([len(run.data.dataset), list(run.validation)])

    model = NeuralClassifier(
        epochs=40,
        lr=0.05,
        random_state=0,
        validation_fraction=0.2,
        callbacks=[See(), EarlyStopping(3)],
    ).fit(*IRIS)
    assert seen[0] == 120
    held_out = np.concatenate([classes for _, classes in seen[1]])
    assert np.bincount(held_out).tolist() == [10, 10, 10]
    losses = model.history_["val_loss"]
    assert len(losses) == int(np.argmin(losses)) + 1 + 3 < 40
    assert model.history_.notes[-1].endswith(f"epoch {np.argmin(losses) + 1}, the best")


def test_a_regressor_holds_out_too():
    model = NeuralRegressor(epochs=3, random_state=0, validation_fraction=0.25).fit(*LINE)
    assert len(model.history_["val_loss"]) == 3
    again = clone(model).fit(*LINE)
    assert again.history_["val_loss"] == model.history_["val_loss"]
    assert "val_loss" not in NeuralRegressor(epochs=1).fit(*LINE).history_.names


def test_partial_fit_goes_on():
    x, y = load_digits(return_X_y=True)
    x, y = x[:600] / 16, y[:600]
    model = NeuralClassifier(lr=0.02, random_state=0)
    model.partial_fit(x[:5], y[:5], classes=range(10))
    for _ in range(8):
        model.partial_fit(x, y)
    assert model.score(x, y) > 0.9
    assert len(model.history_) == 9
    with pytest.raises(ValueError, match=r"y has classes \[10\], which are not among"):
        model.partial_fit(x, y + 1)


# A regressor


@pytest.mark.parametrize("module", [None, Line])
def test_it_learns_a_line(module):
    x, y = LINE
    model = NeuralRegressor(module=module, lr=0.05, epochs=60, random_state=0).fit(x, y)
    assert model.score(x, y) > 0.98
    assert model.predict(x).shape == y.shape


def test_several_targets():
    x, y = LINE
    both = np.stack([y, -2.0 * y], axis=1)
    model = NeuralRegressor(epochs=60, random_state=0).fit(x, both)
    assert model.predict(x).shape == (120, 2)
    assert model.score(x, both) > 0.95
    with pytest.raises(ValueError, match=r"y has targets of shape \(\), but had \(2,\) before"):
        model.partial_fit(x, y)


def test_a_regressor_learns_on():
    x, y = LINE
    model = NeuralRegressor(lr=0.05, random_state=0)
    for _ in range(30):
        model.partial_fit(x, y)
    assert model.score(x, y) > 0.95


# What they are used in


def test_cross_validation_in_a_pipeline():
    pipeline = make_pipeline(
        StandardScaler(), NeuralClassifier((8,), lr=0.05, epochs=20, random_state=0)
    )
    assert cross_val_score(pipeline, *IRIS, cv=3).mean() > 0.9


def test_a_search():
    search = GridSearchCV(
        NeuralRegressor((8,), epochs=20, random_state=0), {"lr": [1e-6, 0.05]}, cv=2
    ).fit(*LINE)
    assert search.best_params_ == {"lr": 0.05}
    assert search.best_estimator_.score(*LINE) > 0.8


@pytest.mark.parametrize(
    ("model", "data"),
    [
        (NeuralClassifier(module=logistic, epochs=2, random_state=0), IRIS),
        (NeuralClassifier(epochs=2, random_state=0), IRIS),
        (NeuralRegressor(epochs=2, random_state=0), LINE),
    ],
)
def test_a_pickle_predicts_and_learns_on_as_the_original(model, data):
    model = clone(model).fit(*data)
    twin = pickle.loads(pickle.dumps(model))
    np.testing.assert_array_equal(model.predict(data[0]), twin.predict(data[0]))
    for each in (model, twin):
        each.partial_fit(*data)
    np.testing.assert_array_equal(model.predict(data[0]), twin.predict(data[0]))
    assert not hasattr(clone(model), "module_")


@pytest.mark.parametrize(
    ("settings", "match"),
    [
        ({"activation": "swish"}, "activation='swish' is not known; choose one of relu"),
        ({"hidden": (0,)}, "at least 1 unit, but the sizes are"),
        ({"epochs": -1}, "epochs is an integer of at least 0"),
        ({"validation_fraction": 1.5}, "validation_fraction is a share between 0 and 1, but is"),
    ],
)
def test_bad_settings_are_refused_by_fit(settings, match):
    with pytest.raises(ValueError, match=match):
        NeuralClassifier(**settings).fit(*IRIS)
