"""The convolutional example: how it divides its data, learns, and shows what is inside."""

from __future__ import annotations

import gzip

import numpy as np
import pytest
from sklearn.datasets import load_digits

import autograd
from nn.__main__ import main
from nn.examples import convolutional, idx
from nn.examples.settings import Example


@pytest.fixture(scope="module")
def data():
    return convolutional.load(Example("convolutional"))


def test_a_fifth_of_each_class_is_held_out(data):
    train_x, train_y, test_x, test_y = data
    assert (train_x.shape, test_x.shape) == ((1437, 1, 8, 8), (360, 1, 8, 8))
    shares = np.bincount(test_y) / np.bincount(np.concatenate([train_y, test_y]))
    np.testing.assert_allclose(shares, 0.2, atol=0.005)
    seen = {image.tobytes() for image in train_x}
    assert not any(image.tobytes() in seen for image in test_x)
    assert (train_x.min(), train_x.max(), train_x.dtype) == (0.0, 1.0, np.float32)


def test_another_seed_holds_out_others(data):
    other = convolutional.load(Example("convolutional", seed=1))
    assert not np.array_equal(other[3], data[3])


def test_it_learns_most_digits_in_two_epochs_of_half_the_data(data):
    train_x, train_y, test_x, test_y = data
    autograd.manual_seed(0)
    model = convolutional.network()
    history = convolutional.train(model, train_x[::2], train_y[::2], (test_x, test_y), 2)
    assert history[1]["loss"] < history[0]["loss"]
    assert history[1]["val_accuracy"] > 0.8
    sure = convolutional.probabilities(model, test_x)
    np.testing.assert_allclose(sure.sum(1), 1.0, rtol=1e-5)
    assert np.mean(sure.argmax(1) == test_y) == pytest.approx(history[1]["val_accuracy"])
    assert all(parameter.dtype == np.float32 for parameter in model.parameters())


def test_a_seed_gives_the_same_numbers_again(small_run, tmp_path):
    first = small_run("convolutional").measured
    assert convolutional.run(Example("convolutional", out=tmp_path, small=True)) == first
    assert first["test_accuracy"] == 1 - first["mistakes"] / 40
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"curves.png", "mistakes.png", "inside.png"}


@pytest.fixture(params=["-idx{}-ubyte.gz", "-idx{}-ubyte", ".idx{}-ubyte", ".idx{}-ubyte.gz"])
def mnist(request, tmp_path):
    """A folder with four files as those of MNIST, of our digits, each pixel 3 × 3 of them."""
    images, classes = load_digits(return_X_y=True)
    large = np.pad(
        np.kron(images.reshape(-1, 8, 8)[:300] * 15, np.ones((3, 3))), [(0, 0), (2, 2), (2, 2)]
    )
    arrays = large[:200], classes[:200], large[200:], classes[200:300]
    for part, array in zip(idx.PARTS, arrays, strict=True):
        content = bytes([0, 0, 8, array.ndim])
        content += b"".join(length.to_bytes(4, "big") for length in array.shape)
        content += array.astype(np.uint8).tobytes()
        packed = gzip.compress(content) if request.param.endswith("gz") else content
        name, axes = part.split("-idx")
        (tmp_path / f"{name}{request.param.format(axes)}").write_bytes(packed)
    return tmp_path


def test_mnists_files_are_read(mnist, monkeypatch):
    monkeypatch.setenv("GLASSGRAD_MNIST", str(mnist))
    train_x, train_y, test_x, test_y = convolutional.load(Example("convolutional"))
    assert (train_x.shape, test_x.shape) == ((200, 1, 28, 28), (100, 1, 28, 28))
    digits, classes = load_digits(return_X_y=True)
    np.testing.assert_array_equal(train_y, classes[:200])
    np.testing.assert_array_equal(test_y, classes[200:300])
    corner = train_x[:, 0, 2:-2:3, 2:-2:3].reshape(200, 64)
    np.testing.assert_allclose(corner, digits[:200] / 17, rtol=1e-6)


@pytest.mark.parametrize("mnist", ["-idx{}-ubyte.gz"], indirect=True)
def test_mnists_files_are_learned(mnist, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("GLASSGRAD_MNIST", str(mnist))
    out = tmp_path / "out"
    assert main(["convolutional", "--small", "--epochs", "1", "--out", str(out)]) == 0
    assert "100 images to learn from, 100 held out" in capsys.readouterr().out
    assert len(list(out.iterdir())) == 3


def test_a_file_of_mnist_that_is_not_there(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("GLASSGRAD_MNIST", str(tmp_path))
    assert main(["convolutional", "--out", str(tmp_path / "out")]) == 1
    complaint = capsys.readouterr().err
    assert complaint.startswith(f"{tmp_path}: there is none of train-images-idx3-ubyte.gz, train-")


HEAD = b"\0\0\x08\1\0\0\0"  # of labels, as many as the next byte says


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "no IDX file of bytes with 1 axes"),
        (b"<html>not found</html>", "no IDX file of bytes with 1 axes"),
        (HEAD, "no IDX file of bytes with 1 axes"),
        (b"\0\0\x0d\1\0\0\0\1\7", "no IDX file of bytes with 1 axes"),
        (HEAD + b"\2\7", "is to have 2 numbers after its head, but has 1"),
        (HEAD + b"\1\7\7", "is to have 1 numbers after its head, but has 2"),
        (gzip.compress(HEAD + b"\1\7")[:-9], "gzipped, but cut off or damaged"),
        (idx.GZIPPED + b"no more", "gzipped, but cut off or damaged"),
    ],
)
def test_a_file_that_cannot_be_used(content, complaint, tmp_path):
    (tmp_path / "labels").write_bytes(content)
    with pytest.raises(OSError, match=complaint) as raised:
        idx.array(tmp_path / "labels", 1)
    assert raised.value.filename == str(tmp_path / "labels")


def test_a_file_that_its_reader_unpacked_without_a_new_name(tmp_path):
    (tmp_path / "labels.gz").write_bytes(HEAD + b"\2\7\5")
    assert idx.array(tmp_path / "labels.gz", 1).tolist() == [7, 5]


@pytest.mark.parametrize("mnist", ["-idx{}-ubyte.gz"], indirect=True)
@pytest.mark.parametrize(
    ("labels", "complaint"), [(99, "has 99 labels, but there are 100"), (100, "labels up to 10")]
)
def test_labels_that_do_not_fit_the_images(labels, complaint, mnist, monkeypatch, capsys, tmp_path):
    for path in mnist.glob("t10k-labels*"):
        path.unlink()
    path = mnist / "t10k-labels.idx1-ubyte"
    path.write_bytes(HEAD + bytes([labels, *[10] * labels]))
    monkeypatch.setenv("GLASSGRAD_MNIST", str(mnist))
    assert main(["convolutional", "--out", str(tmp_path / "out")]) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"{path}: ")
    assert complaint in error


def test_a_mosaic_has_its_tiles_in_rows_of_eight():
    tiles = np.arange(16.0)[:, None, None] * np.ones((2, 3))
    laid = convolutional.mosaic(tiles)
    assert laid.shape == (5, 31)
    assert laid[0, ::4].tolist() == [0, 1, 2, 3, 4, 5, 6, 7]
    assert laid[3, ::4].tolist() == [8, 9, 10, 11, 12, 13, 14, 15]
    assert np.isnan(laid[2]).all()
    assert np.isnan(laid[:, 3]).all()
