"""Autoencoders, dense, convolutional and variational: digits pressed into two numbers and back.

An autoencoder is two networks: the encoder makes a code of an image, here of only two numbers, and
the decoder makes the image again. Nobody says what the code is to mean; it is learned from the
images alone, and digits that look alike come to lie side by side. PCA of two components is the best
that straight lines can do, and is what the networks are to beat.

The variational autoencoder gives each image not a point but a cloud, a normal distribution, and
pays for how far that is from N(0, 1). So the plane of codes has no holes: whatever is drawn from
N(0, 1) is decoded to something like a digit.

Pictures: `reconstructions.png` has test digits above what each model makes of them;
`codes.png` the plane of codes, a dot for each test digit, coloured by which it is (no model was
told); `samples.png` what the variational decoder makes of a grid of codes: digits that nobody
wrote, each going over into its neighbours.

Sources: Rumelhart, Hinton & Williams 1986, Learning internal representations by error propagation;
Hinton & Salakhutdinov 2006, Reducing the dimensionality of data with neural networks;
Kingma & Welling 2014, Auto-encoding variational Bayes.
"""

from __future__ import annotations

import time
from statistics import NormalDist
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from sklearn.decomposition import PCA

import autograd
import nn
from nn.examples.digit_images import load_images, mosaic
from nn.examples.digits import Digits, Floats, Ints
from nn.examples.reporting import Lines
from nn.examples.settings import Example
from nn.functional import binary_cross_entropy

EPOCHS = 100
CODE = 2  # numbers in a code; the pictures of the plane need two


class Autoencoder(nn.Module):
    """An encoder, and a decoder that undoes what it did."""

    def __init__(self, encoder: nn.Module, decoder: nn.Module) -> None:
        self.encoder, self.decoder = encoder, decoder

    def code(self, x: Any) -> Any:
        """The two numbers that stand for an image."""
        return self.encoder(x)

    def forward(self, x: Any) -> Any:
        """The images, made again of their codes."""
        return self.decoder(self.code(x))

    def loss(self, output: Any, x: Any) -> Any:
        """How far they are from what they were: the mean squared error of a pixel."""
        return autograd.mean((output - x) ** 2)


class VariationalAutoencoder(Autoencoder):
    """An autoencoder whose codes are normal distributions; the encoder gives mean and log σ²."""

    def code(self, x: Any) -> Any:
        """The mean."""
        return self.encoder(x)[:, :CODE]

    def forward(self, x: Any) -> Any:
        """The images made of codes that are drawn, and the distributions that these are from."""
        mean, log_variance = autograd.chunk(self.encoder(x), 2, dim=1)
        # The trick: noise that depends on no parameter, moved and stretched by what does.
        code = mean + autograd.exp(log_variance / 2) * autograd.randn(mean.shape)
        return self.decoder(code), mean, log_variance

    def loss(self, output: Any, x: Any) -> Any:
        """The negative evidence lower bound, per image: reconstruction, and distance to N(0, 1)."""
        image, mean, log_variance = output
        missed = binary_cross_entropy(image, x, reduction="sum")
        return (missed + divergence(mean, log_variance)) / len(x)


def divergence(mean: Any, log_variance: Any) -> Any:
    """How far normal distributions are from N(0, 1): Kullback and Leibler's, summed over all."""
    return autograd.sum(mean**2 + autograd.exp(log_variance) - log_variance - 1.0) / 2


def dense_encoder(numbers: int) -> nn.Module:
    """64 pixels, 128 units, 64, and the code."""
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(64, 128),
        nn.ReLU(),
        nn.Linear(128, 64),
        nn.ReLU(),
        nn.Linear(64, numbers),
    )


def dense_decoder() -> nn.Module:
    """The same, backwards; at last the sigmoid, for pixels are from 0 to 1."""
    return nn.Sequential(
        nn.Linear(CODE, 64),
        nn.ReLU(),
        nn.Linear(64, 128),
        nn.ReLU(),
        nn.Linear(128, 64),
        nn.Sigmoid(),
        nn.Unflatten(1, (1, 8, 8)),
    )


def convolutional_encoder() -> nn.Module:
    """8 × 8 pixels, 4 × 4 of 16 channels, 2 × 2 of 32, and the code."""
    return nn.Sequential(
        nn.Conv2d(1, 16, 4, stride=2, padding=1),
        nn.ReLU(),
        nn.Conv2d(16, 32, 4, stride=2, padding=1),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(32 * 2 * 2, CODE),
    )


def convolutional_decoder() -> nn.Module:
    """The same, backwards, by transposed convolutions."""
    return nn.Sequential(
        nn.Linear(CODE, 32 * 2 * 2),
        nn.ReLU(),
        nn.Unflatten(1, (32, 2, 2)),
        nn.ConvTranspose2d(32, 16, 4, stride=2, padding=1),
        nn.ReLU(),
        nn.ConvTranspose2d(16, 1, 4, stride=2, padding=1),
        nn.Sigmoid(),
    )


def train(model: Autoencoder, images: Floats, epochs: int, seed: int) -> None:
    """Teach it to give the images back: they are both what goes in and what is to come out."""
    batches = nn.DataLoader((images, images), batch_size=32, shuffle=True, generator=seed)
    optimizer = nn.Adam(model.parameters(), lr=0.003)
    nn.fit(
        model,
        batches,
        model.loss,
        optimizer,
        epochs=epochs,
        schedule=nn.CosineAnnealingLR(optimizer, epochs),
        callbacks=[Lines()],
        progress=False,
    )


def error(images: Floats, made: Floats) -> float:
    """The mean squared error of a pixel, which is from 0 to 1."""
    return float(np.mean((images - made) ** 2))


def run(settings: Example) -> dict[str, float]:
    """Train all three, compare them with PCA, and draw what they learned."""
    epochs = settings.epochs or (20 if settings.small else EPOCHS)
    autograd.manual_seed(settings.seed)
    data = load_images(settings)
    models = {
        "dense": Autoencoder(dense_encoder(CODE), dense_decoder()),
        "convolutional": Autoencoder(convolutional_encoder(), convolutional_decoder()),
        "variational": VariationalAutoencoder(dense_encoder(2 * CODE), dense_decoder()),
    }
    codes, made = {}, {}
    codes["PCA"], made["PCA"] = by_pca(data)
    for name, model in models.items():
        print(f"{name}: {sum(p.data.size for p in model.parameters()):,} parameters")
        start = time.perf_counter()
        train(model, data.train_x, epochs, settings.seed)
        print(f"  trained in {time.perf_counter() - start:.1f} s")
        with autograd.no_grad():
            code = model.code(data.test_x)
            codes[name], made[name] = code.data, model.decoder(code).data
    errors = {name: error(data.test_x, images) for name, images in made.items()}
    print("mean squared error of a pixel, on the test digits; the networks are to beat PCA")
    for name, missed in errors.items():
        print(f"  {name:13} {missed:.4f}")
    draw_reconstructions(data, made, errors, settings.out / "reconstructions.png")
    draw_codes(codes, data.test_y, settings.out / "codes.png")
    draw_samples(models["variational"], settings.out / "samples.png")
    print(f"the pictures are in {settings.out}")
    return {f"{name}_error": missed for name, missed in errors.items()}


def by_pca(data: Digits) -> tuple[Floats, Floats]:
    """The codes that PCA gives to the test digits, and what it makes of them again."""
    pca = PCA(CODE).fit(data.train_x.reshape(-1, 64))
    codes = pca.transform(data.test_x.reshape(-1, 64))
    return codes, pca.inverse_transform(codes).reshape(-1, 1, 8, 8)


def draw_reconstructions(
    data: Digits, made: dict[str, Floats], errors: dict[str, float], path: Any
) -> None:
    """Two test digits of each kind above what the models make of them."""
    some = np.concatenate([np.flatnonzero(data.test_y == digit)[:2] for digit in range(10)])
    rows = {"test digits": data.test_x}
    rows |= {f"{name}\nerror {errors[name]:.4f}": images for name, images in made.items()}
    figure = Figure(figsize=(10, 2.9), layout="constrained")
    axes = figure.subplots()
    picture = mosaic(np.concatenate([images[some] for images in rows.values()]), len(some))
    axes.imshow(picture, cmap="gray_r", vmin=0, vmax=1)
    axes.set_yticks(10 * np.arange(len(rows)) + 4.5, rows)
    axes.set_xticks([])
    axes.set_title(f"Test digits, and what is made again of {CODE} numbers for each")
    figure.savefig(path, dpi=110)


def draw_codes(codes: dict[str, Floats], digits: Ints, path: Any) -> None:
    """The code of each test digit, coloured by which it is."""
    figure = Figure(figsize=(9, 8), layout="constrained")
    for axes, (name, code) in zip(figure.subplots(2, 2).flat, codes.items(), strict=True):
        dots = axes.scatter(*code.T, c=digits, cmap="tab10", vmin=-0.5, vmax=9.5, s=14)
        axes.set(title=name, xlabel="first number", ylabel="second number")
    figure.colorbar(dots, ax=figure.axes, ticks=range(10), label="digit", shrink=0.6)
    figure.suptitle("The codes of the test digits; which digit it is was never told")
    figure.savefig(path, dpi=75)


def draw_samples(model: Autoencoder, path: Any) -> None:
    """What the decoder makes of a grid of codes that lies on N(0, 1) as evenly as can be."""
    side = 15
    steps = np.array([NormalDist().inv_cdf((i + 0.5) / side) for i in range(side)])
    grid = np.stack(np.meshgrid(steps, steps[::-1]), axis=-1).reshape(-1, CODE)
    with autograd.no_grad():
        images = model.decoder(autograd.Tensor(grid)).data
    figure = Figure(figsize=(6.5, 6.7), layout="constrained")
    axes = figure.subplots()
    axes.imshow(mosaic(images, side), cmap="gray_r", vmin=0, vmax=1)
    shown = [0, side // 2, side - 1]
    labels = [f"{steps[i]:.1f}" for i in shown]
    axes.set_xticks([10 * i + 4.5 for i in shown], labels)
    axes.set_yticks([10 * (side - 1 - i) + 4.5 for i in shown], labels)
    axes.set(xlabel="first number of the code", ylabel="second number")
    axes.set_title("What the variational decoder makes of a grid of codes")
    figure.savefig(path, dpi=90)
