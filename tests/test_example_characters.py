"""Names, spelt by an RNN and an LSTM: how they are encoded, PyTorch's losses, what is made."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread

from autograd import Tensor
from nn import Module
from nn.examples import characters, names
from nn.examples.settings import Example

SMALL = Example("characters", small=True)
PYTORCH = json.loads((Path(__file__).parent / "reference/names.json").read_text("utf-8"))


class Sure(Module):
    """A network that is sure of what comes: b after the beginning, a after b, and then the end."""

    def forward(self, x):
        following = np.array([2, 0, 1])[x.data]
        return Tensor(1000.0 * np.eye(len(names.ALPHABET))[following])


def test_names_are_parted_by_the_seed():
    whole = names.load(Example("characters"))
    assert len(whole.train) > 6000
    assert len(whole.held_out) == (len(whole.train) + len(whole.held_out)) // 10
    assert not set(whole.train) & set(whole.held_out)
    assert names.load(Example("characters")) == whole
    assert names.load(Example("characters", seed=1)) != whole


def test_every_name_fits():
    whole = names.load(Example("characters"))
    for name in (*whole.train, *whole.held_out):
        assert set(name) <= set(names.ALPHABET[1:])
        assert len(name) < names.PLACES


def test_what_is_read_is_what_came():
    x, y = names.encode(["abe", "jo"])
    assert x.shape == y.shape == (2, names.PLACES)
    assert x[0, :4].tolist() == [0, 1, 2, 5]
    assert y[0, :4].tolist() == [1, 2, 5, 0]
    assert y[1, :3].tolist() == [10, 15, 0]
    assert set(y[0, 4:]) == set(y[1, 3:]) == {names.IGNORED}


def test_of_equal_scores_the_loss_is_the_log_of_the_alphabet():
    x, y = names.encode(["abe", "elizabeth"])
    scores = Tensor(np.zeros((*x.shape, len(names.ALPHABET))))
    assert names.nats(scores, Tensor(y)).item() == pytest.approx(math.log(27))


def test_what_follows_the_end_does_not_count():
    _, y = names.encode(["abe"])
    scores = np.random.default_rng(0).normal(size=(1, names.PLACES, 27))
    before = names.nats(Tensor(scores), y).item()
    scores[:, 4:] += np.arange(27.0)
    assert names.nats(Tensor(scores), y).item() == before


def test_frequencies_of_names_of_one_letter():
    same = names.Names(["aaa"] * 1000, ["aaa"])
    assert names.frequencies(same) == pytest.approx(
        -(3 * math.log(0.75) + math.log(0.25)) / 4, 0.02
    )


def test_made_names_are_drawn_by_the_scores():
    assert names.generate(Sure(), 3, seed=0) == ["Ba"] * 3


@pytest.mark.parametrize("kind", ["RNN", "LSTM"])
def test_pytorchs_losses(kind):
    model, data = characters.spellers(SMALL)[kind], names.Names(**PYTORCH["small"]["names"])
    history = names.train(kind, model, data, 3, seed=0)
    assert history["val_loss"] == pytest.approx(PYTORCH["small"][kind], abs=2e-5)


def test_the_losses_it_is_shown_beside_are_those_of_the_reference():
    for kind, loss in names.PYTORCH.items():
        assert loss == pytest.approx(PYTORCH["full"][kind][-1], abs=1e-6)


def test_both_learn_and_make_names(small_run):
    out, measured, printed = small_run("characters")
    assert measured["RNN"] < measured["frequencies"]
    assert measured["LSTM"] < measured["frequencies"]
    assert "LSTM makes names, " in printed
    assert imread(out / "characters.png").shape[2] == 4
