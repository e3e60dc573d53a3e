"""The tuning example: what the searches try, what they choose, and what the choice is worth."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.image import imread
from sklearn.model_selection import cross_val_score

from nn.examples import tuning
from nn.examples.digit_images import stratified
from nn.examples.settings import Example

SMALL = Example("tuning", small=True)


@pytest.fixture(scope="module")
def finished():
    """Both searches, and the digits that they were given."""
    images, digits, _, _ = stratified(300, 0)
    x = images.reshape(-1, 64).astype(float)
    searches = tuning.searches(SMALL, epochs=3)
    return {name: search.fit(x, digits) for name, search in searches.items()}, x, digits


def test_the_whole_grid_and_half_as_many_choices_by_chance():
    found = tuning.searches(Example("tuning"), tuning.EPOCHS)
    rates, widths = found["grid"].param_grid["lr"], found["grid"].param_grid["hidden"]
    assert rates == [*tuning.RATES]
    assert widths == [(width,) for width in tuning.WIDTHS]
    assert found["random"].n_iter == len(rates) * len(widths) // 2
    finer = found["random"].param_distributions
    assert min(finer["hidden"]) == min(widths)
    assert max(finer["hidden"]) == max(widths)
    assert (min(finer["lr"]), max(finer["lr"])) == pytest.approx((min(rates), max(rates)))


@pytest.mark.parametrize("name", ["grid", "random"])
def test_the_choice_is_the_best_of_those_tried(name, finished):
    search = finished[0][name]
    rates, widths, shares = tuning.table(search)
    best = int(shares.argmax())
    assert search.best_score_ == shares[best]
    assert search.best_params_ == {"hidden": (widths[best],), "lr": rates[best]}


@pytest.mark.parametrize("name", ["grid", "random"])
def test_a_score_is_that_of_cross_validation_with_this_choice(name, finished):
    searches, x, digits = finished
    rates, widths, shares = tuning.table(searches[name])
    model = tuning.classifier(3, 0).set_params(lr=rates[1], hidden=(int(widths[1]),))
    assert shares[1] == np.mean(cross_val_score(model, x, digits, cv=searches[name].cv))


def test_no_search_sees_the_digits_held_out(monkeypatch, tmp_path):
    _, _, held_out, _ = stratified(300, 0)
    seen = []
    fit = tuning.NeuralClassifier.fit

    def watched(self, x, y):
        seen.append(x)
        return fit(self, x, y)

    monkeypatch.setattr(tuning.NeuralClassifier, "fit", watched)
    tuning.run(Example("tuning", epochs=1, out=tmp_path, small=True))
    learned = {image.tobytes() for x in seen for image in x}
    assert len(learned) > 200
    assert not learned & {image.tobytes() for image in held_out.reshape(-1, 64).astype(float)}


def test_a_search_finds_what_is_better_than_what_it_leaves(small_run, tmp_path):
    out, found, printed = small_run("tuning")
    assert found["grid valid"] > found["grid worst"] + 0.3
    assert found["grid test"] > 0.7
    assert "grid search: 4 choices, from " in printed
    assert "random search: 2 choices, from " in printed
    assert imread(out / "search.png").shape[2] == 4
    assert tuning.run(Example("tuning", out=tmp_path, small=True)) == found
