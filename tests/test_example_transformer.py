"""Names, spelt by a transformer: PyTorch's losses, where it looks, what is made."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread

from autograd import no_grad
from nn.examples import names, transformer
from nn.examples.settings import Example

SMALL = Example("transformer", small=True)
PYTORCH = json.loads((Path(__file__).parent / "reference/names.json").read_text("utf-8"))


def test_pytorchs_losses():
    model = transformer.gpt(SMALL, dropout=0.0)
    data = names.Names(**PYTORCH["small"]["names"])
    history = names.train("transformer", model, data, 3, seed=0)
    assert history["val_loss"] == pytest.approx(PYTORCH["small"]["transformer"], abs=2e-5)


def test_no_place_sees_what_comes_after_it():
    model = transformer.gpt(SMALL).eval()
    with no_grad():
        one, other = (model(names.encode([name])[0]).numpy() for name in ("anna", "anton"))
    assert np.array_equal(one[:, :3], other[:, :3])
    assert not np.allclose(one[:, 3], other[:, 3])


def test_attention_is_the_weights_that_the_layers_use():
    model = transformer.GPT(16, 2, seed=0)
    maps = transformer.attention(model, "abe")
    assert maps.shape == (2, transformer.HEADS, 4, 4)
    assert maps.sum(axis=3) == pytest.approx(1.0, abs=1e-6)
    assert (np.triu(maps, 1) == 0.0).all()
    assert maps[0] != pytest.approx(maps[1])


def test_likings_are_the_share_of_a_letter_beside_that_if_all_places_were_alike():
    model = transformer.GPT(16, 2, seed=0)
    names = ["abe", "anna", "anton"]
    found, usual = {}, {}
    for name in names:
        maps = transformer.attention(model, name)
        for place in range(len(name) + 1):
            for seen, letter in enumerate(("." + name)[: place + 1]):
                found[letter] = found.get(letter, 0.0) + maps[:, :, place, seen]
                usual[letter] = usual.get(letter, 0.0) + 1 / (place + 1)
    liked = transformer.likings(model, names)
    for i, letter in enumerate(transformer.ALPHABET):
        if usual.get(letter, 0.0) < transformer.RARE * sum(usual.values()):
            assert (liked[:, :, i] == 0.0).all()
        else:
            assert liked[:, :, i] == pytest.approx(found[letter] / usual[letter], abs=1e-5)
    assert np.count_nonzero(liked[0, 0]) > 3


def test_it_learns_and_makes_names_the_same_each_time(small_run, tmp_path):
    out, measured, printed = small_run("transformer")
    assert measured["transformer"] < measured["frequencies"]
    assert "transformer makes names, " in printed
    for file in ("transformer.png", "attention.png"):
        assert imread(out / file).shape[2] == 4
    assert transformer.run(replace(SMALL, out=tmp_path)) == measured
