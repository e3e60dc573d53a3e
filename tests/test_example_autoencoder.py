"""The autoencoders, a small training of each: they learn, and leave pictures."""

import numpy as np
import pytest
from small_runs import assert_pictures

import autograd
from nn.examples import autoencoder
from nn.examples.digit_images import load_images, mosaic
from nn.examples.settings import Example

PICTURES = ["codes.png", "reconstructions.png", "samples.png"]


@pytest.fixture
def finished(small_run):
    return small_run("autoencoder")


def test_it_leaves_its_pictures(finished):
    assert_pictures(finished.out, PICTURES)


@pytest.mark.parametrize("name", ["dense", "convolutional", "variational"])
def test_each_learns_more_than_what_digits_have_in_common(finished, name):
    data = load_images(Example("autoencoder", small=True))
    mean = data.train_x.mean(axis=0)
    assert finished.measured[f"{name}_error"] < autoencoder.error(data.test_x, mean)


def test_a_seed_gives_the_same_again(finished, tmp_path):
    again = autoencoder.run(Example("autoencoder", out=tmp_path, small=True))
    assert again == finished.measured


def test_the_divergence_is_that_of_two_normal_distributions():
    assert autoencoder.divergence(autograd.zeros(3, 2), autograd.zeros(3, 2)).item() == 0.0
    mean, deviation = 0.7, 0.4
    x = np.linspace(-8.0, 8.0, 20_001)
    log_p = -((x - mean) ** 2) / (2 * deviation**2) - np.log(deviation)
    integrand = np.exp(log_p) / np.sqrt(2 * np.pi) * (log_p + x**2 / 2)
    expected = integrand.sum() * (x[1] - x[0])
    found = autoencoder.divergence(autograd.Tensor([mean]), autograd.Tensor([2 * np.log(0.4)]))
    assert found.item() == pytest.approx(expected, rel=1e-6)


def test_a_variational_code_is_drawn_in_training_and_the_mean_is_what_it_stands_for():
    autograd.manual_seed(0)
    encoder = autoencoder.dense_encoder(2 * autoencoder.CODE)
    model = autoencoder.VariationalAutoencoder(encoder, autoencoder.dense_decoder())
    x = autograd.rand(5, 1, 8, 8)
    (first, mean, _), (second, _, _) = model(x), model(x)
    assert first.shape == x.shape
    assert not np.array_equal(first.data, second.data)
    assert np.array_equal(model.code(x).data, mean.data)


def test_a_mosaic_has_images_in_rows():
    images = np.arange(1.0, 7.0)[:, None, None] * np.ones((6, 8, 8))
    picture = mosaic(images, 3)
    assert picture.shape == (20, 30)
    assert np.array_equal(picture[5::10, 5::10], [[1, 2, 3], [4, 5, 6]])
    assert not picture[::10].any()
