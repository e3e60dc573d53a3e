"""MNIST-1D: the paper's set and models, and that each learns."""

import json
import random
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread

from autograd import Tensor
from nn.examples import mnist1d_models

REFERENCE = Path(__file__).parent / "reference" / "mnist1d_example.json"
TORCH = json.loads(REFERENCE.read_text())


def test_the_set_is_the_same_each_time_and_leaves_the_shared_generators_alone():
    np.random.seed(5)
    random.seed(5)
    expected = np.random.random(), random.random()
    np.random.seed(5)
    random.seed(5)
    data = mnist1d_models.load(500)
    assert (np.random.random(), random.random()) == expected
    assert data["x"].shape == (400, 40)
    assert data["x_test"].shape == (100, 40)
    assert np.array_equal(data["x"], mnist1d_models.load(500)["x"])


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("logistic regression", 410),
        ("MLP, 100 units", 15210),
        ("MLP, 256 units", 78858),
        ("CNN", 5210),
        ("GRU", 5134),
    ],
)
def test_models_have_the_papers_number_of_parameters(name, count):
    model = mnist1d_models.models(0)[name]
    assert sum(parameter.data.size for parameter in model.parameters()) == count
    x = Tensor(np.zeros((3, 40), np.float32))
    assert model(x).shape == (3, 10)
    assert model(x).dtype == np.float32


def test_what_is_printed_of_pytorch_is_what_it_reached():
    assert list(TORCH) == list(mnist1d_models.PYTORCH) == list(mnist1d_models.PAPER)
    for name, shares in TORCH.items():
        found = np.mean(shares), np.std(shares, ddof=1)
        assert mnist1d_models.PYTORCH[name] == pytest.approx(found, abs=5e-4), name


def test_what_has_no_other_minimum_ends_where_pytorchs_does():
    data = mnist1d_models.load()
    model = mnist1d_models.models(0)["logistic regression"]
    history = mnist1d_models.train("logistic regression", model, data, epochs=30)
    mean, _ = mnist1d_models.PYTORCH["logistic regression"]
    assert history[-1]["val_accuracy"] == pytest.approx(mean, abs=0.01)


def test_all_learn(small_run):
    out, reached, printed = small_run("mnist1d_models")
    assert list(reached) == list(mnist1d_models.PAPER)
    assert min(reached.values()) > 0.2  # by chance it would be 0.1
    for name, share in reached.items():
        assert f"{mnist1d_models.PAPER[name]:5.0%}" in printed
        assert f"{share:6.1%}\n" in printed
    assert imread(out / "mnist1d.png").shape[2] == 4
