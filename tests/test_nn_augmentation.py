"""Images that are moved, turned, mirrored and made noisy: against SciPy, and what is kept."""

import pickle

import numpy as np
import pytest
from scipy import ndimage

from nn import DataLoader
from nn.data import compose, flip, noise, rotate, shift

DRAW = np.random.default_rng(0)
IMAGES = DRAW.random((6, 3, 9, 7))
EACH = [shift(2), rotate(25.0), flip(), noise(0.1), compose(shift(1), rotate(5.0), flip())]


@pytest.mark.parametrize("change", EACH, ids=repr)
@pytest.mark.parametrize("shape", [(6, 3, 9, 7), (6, 9, 7), (0, 9, 7), (1, 1, 1, 1)])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_shape_and_type_are_kept_and_the_images_are_not_changed(change, shape, dtype):
    images = DRAW.random(shape).astype(dtype)
    before = images.copy()
    changed = change(images, generator=1)
    assert (changed.shape, changed.dtype) == (shape, dtype)
    np.testing.assert_array_equal(images, before)


@pytest.mark.parametrize("change", EACH, ids=repr)
def test_a_seed_gives_the_same_again_and_each_image_its_own(change):
    images = np.repeat(IMAGES[:1], 20, axis=0)
    first, second = change(images, generator=3), change(images, generator=3)
    np.testing.assert_array_equal(first, second)
    assert len({image.tobytes() for image in first}) > 1
    assert not np.array_equal(first, change(images, generator=4))
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(change))(images, generator=3), first)


@pytest.mark.parametrize("change", [shift(2), flip(), rotate(30.0)], ids=repr)
def test_all_channels_of_an_image_go_together(change):
    changed = change(np.repeat(IMAGES[:, :1], 3, axis=1), generator=0)
    np.testing.assert_array_equal(changed[:, 0], changed[:, 1])
    np.testing.assert_array_equal(changed[:, 0], changed[:, 2])


def test_a_shift_is_one_of_those_that_scipy_makes():
    seen = set()
    changed = shift(2, fill=-1.0)(np.repeat(IMAGES[:1, 0], 200, axis=0), generator=0)
    for image in changed:
        fits = [
            (down, right)
            for down in range(-2, 3)
            for right in range(-2, 3)
            if np.array_equal(image, ndimage.shift(IMAGES[0, 0], (down, right), order=0, cval=-1.0))
        ]
        assert len(fits) == 1
        seen |= {*fits}
    assert len(seen) == 25


@pytest.mark.parametrize("fill", [0.0, 0.5])
def test_a_turn_is_that_of_scipy(fill):
    angles = np.random.default_rng(7).uniform(-40.0, 40.0, (6, 1, 1))[:, 0, 0]
    changed = rotate(40.0, fill)(IMAGES, generator=7)
    # Inside, where all four neighbours are pixels: at the edge SciPy does not mix in the fill.
    for image, turned, angle in zip(IMAGES, changed, angles, strict=True):
        for before, after in zip(image, turned, strict=True):
            expected = ndimage.rotate(before, angle, reshape=False, order=1, cval=np.nan)
            inside = ~np.isnan(expected)
            assert inside.mean() > 0.4
            np.testing.assert_allclose(after[inside], expected[inside], atol=1e-12)


def test_what_lies_outside_of_a_turned_image_is_filled():
    ones = np.ones((1, 5, 21))
    np.testing.assert_allclose(rotate(90.0, fill=1.0)(ones, generator=0), 1.0)
    turned = rotate(90.0, fill=3.0)(ones, generator=0)  # by 25 degrees
    assert turned[0, 0, 0] == turned[0, -1, -1] == 3.0
    assert turned[0, 2, 10] == 1.0
    assert 1.0 <= turned.min().round(9) <= turned.max().round(9) <= 3.0


def test_how_often_an_image_is_mirrored():
    images = np.repeat(IMAGES[:1], 2000, axis=0)
    mirrored = flip(0.3)(images, generator=0)
    is_mirrored = (mirrored == IMAGES[0][..., ::-1]).all(axis=(1, 2, 3))
    is_kept = (mirrored == IMAGES[0]).all(axis=(1, 2, 3))
    assert (is_mirrored ^ is_kept).all()
    assert abs(is_mirrored.mean() - 0.3) < 0.04


def test_the_noise_is_normal_and_of_that_size():
    grains = noise(0.5)(np.zeros((100, 20, 20)), generator=0)
    assert abs(grains.mean()) < 0.01
    assert abs(grains.std() - 0.5) < 0.01


@pytest.mark.parametrize("change", [shift(0), rotate(0.0), flip(0.0), noise(0.0), compose()])
def test_nothing_changes_nothing(change):
    np.testing.assert_allclose(change(IMAGES, generator=0), IMAGES, rtol=1e-15)


def test_bytes_may_be_moved_and_mirrored():
    images = (IMAGES * 255).astype(np.uint8)
    assert compose(shift(1), flip())(images, generator=0).dtype == np.uint8


def test_a_composition_is_one_after_another_from_one_source():
    random = np.random.default_rng(2)
    expected = noise(0.1)(shift(2)(IMAGES, generator=random), generator=random)
    np.testing.assert_array_equal(compose(shift(2), noise(0.1))(IMAGES, generator=2), expected)


def test_in_a_loader_images_are_never_twice_the_same_but_a_seed_gives_them_again():
    def epochs():
        loader = DataLoader((IMAGES, np.arange(6)), 6, transform=shift(2), generator=5)
        return [next(iter(loader))[0] for _ in range(2)]

    first, second = epochs()
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(epochs(), [first, second])


@pytest.mark.parametrize(
    ("use", "error", "match"),
    [
        (
            lambda: shift(1)(np.zeros((5, 64))),
            ValueError,
            r"height, width\), but was given \(5, 64",
        ),
        (lambda: rotate(9)(np.zeros((1, 2, 2), int)), TypeError, "rotate takes images of floats"),
        (lambda: noise(9)(np.zeros((1, 2, 2), int)), TypeError, "divide bytes by 255"),
        (lambda: shift(-1), ValueError, "pixels of 0 or more, but was given -1"),
        (lambda: shift(1.5), TypeError, "whole pixels, but was given 1.5"),
        (lambda: rotate(float("nan")), ValueError, "degrees of 0 or more"),
        (lambda: flip(1.5), ValueError, "probability from 0 to 1"),
    ],
)
def test_what_is_refused(use, error, match):
    with pytest.raises(error, match=match):
        use()
