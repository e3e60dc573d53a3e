"""The adding problem: what is drawn, and that the LSTM learns it."""

import numpy as np
import pytest
from matplotlib.image import imread

from nn.examples import adding_problem
from nn.examples.settings import Example


def test_one_number_of_each_half_is_marked_and_the_target_is_their_sum():
    x, sums = adding_problem.draw(50, 10, np.random.default_rng(0))
    numbers, marks = x[..., 0], x[..., 1]
    assert x.shape == (50, 10, 2)
    assert set(np.unique(marks)) == {0.0, 1.0}
    assert (marks[:, :5].sum(axis=1) == 1).all()
    assert (marks[:, 5:].sum(axis=1) == 1).all()
    assert sums == pytest.approx((numbers * marks).sum(axis=1))


def test_the_baseline_is_the_variance_of_the_sums():
    _, sums = adding_problem.draw(100_000, 4, np.random.default_rng(0))
    assert np.mean((sums - 1.0) ** 2) == pytest.approx(adding_problem.BASELINE, rel=0.02)


def test_each_epoch_brings_new_sequences():
    batches = adding_problem.Batches(2, 3, 10, np.random.default_rng(0))
    (first, _), (second, _) = batches
    (again, _), _ = batches
    assert not np.array_equal(first, second)
    assert not np.array_equal(first, again)


def test_forget_gates_begin_open():
    bias = adding_problem.networks(4, seed=0)["LSTM"].recurrent.bias_ih_l0.numpy()
    assert (bias[4:8] == 1.0).all()
    assert not (bias[[*range(4), *range(8, 16)]] == 1.0).any()


def test_over_ten_steps_the_lstm_learns_it(small_run):
    out, measured, printed = small_run("adding_problem")
    assert set(measured) == {"baseline", "RNN error", "LSTM error"}
    assert measured["LSTM error"] < adding_problem.BASELINE / 4
    assert "of saying 1" in printed
    assert imread(out / "adding.png").shape[2] == 4


def test_ctrl_c_before_there_is_anything_to_show_ends_it(tmp_path, monkeypatch):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(adding_problem.Batches, "__iter__", stopped)
    with pytest.raises(KeyboardInterrupt):
        adding_problem.run(Example("adding_problem", out=tmp_path, small=True))
    assert not list(tmp_path.iterdir())
