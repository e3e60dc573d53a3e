"""The regression example: what keeps a network from learning by heart, as PyTorch's same nets."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_diabetes

from nn import AdamW
from nn.examples import regression
from nn.examples.settings import Example
from nn.layers.dropout import Dropout

REFERENCE = Path(__file__).parent / "reference" / "regression_example.json"
TORCH = json.loads(REFERENCE.read_text())


@pytest.fixture(scope="module")
def scores():
    return dict(regression.cross_validated(regression.EPOCHS, seed=0))


def test_what_is_printed_of_pytorch_is_what_it_gave():
    assert TORCH.keys() == regression.PYTORCH.keys()
    for name, means in TORCH.items():
        found = np.mean(means), np.std(means, ddof=1)
        assert regression.PYTORCH[name] == pytest.approx(found, abs=6e-4), name


@pytest.mark.parametrize("name", TORCH)
def test_it_is_as_pytorchs_same_network(name, scores):
    """Within three standard deviations of its ten seeds, or of a sample or two on wine."""
    mean, spread = regression.PYTORCH[name]
    assert scores[name].shape == (5,)
    assert scores[name].mean() == pytest.approx(mean, abs=3 * spread + 0.005)


def test_each_cure_is_better_than_none(scores):
    means = {name: folds.mean() for name, folds in scores.items()}
    assert means["diabetes early stopping"] > means["diabetes plain"] + 0.1
    assert means["diabetes regularised"] > means["diabetes plain"] + 0.1
    assert means["diabetes straight line"] == pytest.approx(0.489, abs=5e-4)


def test_the_plain_network_learns_by_heart_and_the_other_does_not():
    found = regression.histories(regression.EPOCHS, seed=0)
    plain, regularised = found["plain"], found["regularised"]
    assert plain["loss"][-1] < min(plain["val_loss"]) / 4
    assert plain["val_loss"][-1] > 1.3 * min(plain["val_loss"])
    assert regularised["val_loss"][-1] < 1.15 * min(regularised["val_loss"])


def test_an_estimator_has_what_its_way_says():
    model = clone(regression.regressor(1, 0, **regression.REGULARISED))
    fitted = model.fit(*load_diabetes(return_X_y=True)).regressor_[-1]
    assert [layer.p for layer in fitted.module_ if isinstance(layer, Dropout)] == [0.4, 0.4]
    assert isinstance(fitted.optimizer_, AdamW)
    assert fitted.optimizer_.param_groups[0]["weight_decay"] == 1.0


def test_the_search_names_the_best_of_its_grid(capsys):
    search, test = regression.searched(2, 0, small=True)
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 2
    best = max(printed, key=lambda line: float(line.split("R² ")[1].split()[0]))
    assert best.endswith("the best")
    assert search.best_score_ == max(search.cv_results_["mean_test_score"])
    assert -1 < test < 1


def test_a_seed_gives_the_same_numbers_again(small_run, tmp_path):
    again = regression.run(Example("regression", out=tmp_path, small=True))
    assert again == small_run("regression").measured
