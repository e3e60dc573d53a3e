"""The adversarial networks, a small game: who learns when, how it is judged, what is left."""

import numpy as np
import pytest
from small_runs import assert_pictures

import autograd
import nn
from nn.examples import gan
from nn.examples.digit_images import load_images
from nn.examples.settings import Example

PICTURES = ["losses.png", "samples.png"]
KINDS = [
    (gan.dense_generator, gan.dense_discriminator),
    (gan.convolutional_generator, gan.convolutional_discriminator),
]


@pytest.fixture
def finished(small_run):
    return small_run("gan")


def test_it_leaves_its_pictures(finished):
    assert_pictures(finished.out, PICTURES)


@pytest.mark.parametrize("name", ["dense", "convolutional"])
def test_what_is_made_comes_closer_to_digits_than_noise_is(finished, name):
    found = finished.measured
    assert found["real_nearest"] < found[f"{name}_nearest"] < found["noise_nearest"]


@pytest.mark.parametrize(("generator", "discriminator"), KINDS)
def test_each_player_learns_only_in_its_own_turn(generator, discriminator):
    autograd.manual_seed(0)
    game = gan.Game(generator(), discriminator())
    made = game.generator(autograd.randn(6, gan.NOISE))
    real = autograd.rand(6, 1, 8, 8)
    players = game.generator, game.discriminator
    before = [weights(player) for player in players]
    game.learn_to_tell(real, made.detach(), nn.Adam(game.discriminator.parameters(), 0.01))
    between = [weights(player) for player in players]
    game.learn_to_deceive(made, nn.Adam(game.generator.parameters(), 0.01))
    after = [weights(player) for player in players]
    assert same(before[0], between[0])
    assert not same(between[0], after[0])
    assert not same(before[1], between[1])
    assert same(between[1], after[1])


def weights(model):
    return [parameter.data.copy() for parameter in model.parameters()]


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_images_have_pixels_from_0_to_1():
    for generator, discriminator in KINDS:
        images = gan.Game(generator(), discriminator()).made(autograd.randn(4, gan.NOISE))
        assert images.shape == (4, 1, 8, 8)
        assert images.min() >= 0.0
        assert images.max() <= 1.0


def test_who_makes_only_one_digit_is_found_out():
    data = load_images(Example("gan", small=True))
    reader = gan.new_reader()
    reader[-1].weight.data[:] = 0.0
    reader[-1].bias.data[:] = 10.0 * (np.arange(10) == 3)
    found = gan.judged(reader, data.train_x[:20], data.train_x)
    assert found["confident"] == 1.0
    assert (found["classes"], found["rarest"]) == (1.0, 0.0)
    assert found["nearest"] == pytest.approx(0.0, abs=1e-6)  # copies, that they are


def test_a_reader_with_no_idea_is_not_confident():
    reader = gan.new_reader()
    for parameter in reader[-1].parameters():
        parameter.data[:] = 0.0
    images = np.random.default_rng(0).random((5, 1, 8, 8))
    assert gan.judged(reader, images, images)["confident"] == 0.0
