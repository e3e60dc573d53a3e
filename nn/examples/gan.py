"""Generative adversarial networks, dense and convolutional: digits that nobody wrote.

Two networks play against each other. The generator makes images of noise; the discriminator is
shown real digits and made ones, and learns to tell them apart; the generator learns to be mistaken
for real. It never sees a digit: all it knows is which way the discriminator's answer would rise.

Whether the made digits can be read is asked of a third network, a reader that learned from the real
ones: at least 80 % are to be classified with a confidence of more than 0.8, and all ten classes are
to be there. Beside it stands how the reader does on real test digits, and on noise, for a network
may be sure of what is no digit at all: so the distance to the nearest real image counts, too. It is
far less than that of noise, and not zero: who copies makes good digits, but learns nothing.

Pictures: `samples.png` has what both generators make of the same noise, in the course of training;
`losses.png` the losses of both players. They do not fall as those of other networks do: what is
good for one is bad for the other. At 0.69 = ln 2 the discriminator has no idea.

Sources: Goodfellow et al. 2014, Generative adversarial nets; Radford, Metz & Chintala 2016,
Unsupervised representation learning with deep convolutional generative adversarial networks;
Salimans et al. 2016, Improved techniques for training GANs (one-sided label smoothing).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from matplotlib.figure import Figure

import autograd
import nn
from nn.examples.digit_images import load_images, mosaic
from nn.examples.digits import Digits, Floats
from nn.examples.reporting import Lines
from nn.examples.settings import Example
from nn.functional import binary_cross_entropy_with_logits, softmax

EPOCHS = 160
NOISE = 32  # numbers that an image is made of
SHOWN = 10  # images of each stage in the picture
JUDGED = 1000  # images that the reader is shown
REAL, MADE = 0.9, 0.0  # what the discriminator is to say; not quite 1, so that it is never sure


def dense_generator() -> nn.Module:
    """Noise, 128 units, 256, and 64 pixels, from -1 to 1."""
    return nn.Sequential(
        nn.Linear(NOISE, 128),
        nn.BatchNorm1d(128),
        nn.ReLU(),
        nn.Linear(128, 256),
        nn.BatchNorm1d(256),
        nn.ReLU(),
        nn.Linear(256, 64),
        nn.Tanh(),
        nn.Unflatten(1, (1, 8, 8)),
    )


def dense_discriminator() -> nn.Module:
    """64 pixels, 256 units, 128, and a score: high for real."""
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(64, 256),
        nn.LeakyReLU(0.2),
        nn.Dropout(0.3),
        nn.Linear(256, 128),
        nn.LeakyReLU(0.2),
        nn.Dropout(0.3),
        nn.Linear(128, 1),
    )


def convolutional_generator() -> nn.Module:
    """Noise, 2 × 2 pixels of 64 channels, 4 × 4 of 32, and 8 × 8 of one, from -1 to 1."""
    return nn.Sequential(
        nn.Linear(NOISE, 64 * 2 * 2),
        nn.Unflatten(1, (64, 2, 2)),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.ConvTranspose2d(64, 32, 4, stride=2, padding=1),
        nn.BatchNorm2d(32),
        nn.ReLU(),
        nn.ConvTranspose2d(32, 1, 4, stride=2, padding=1),
        nn.Tanh(),
    )


def convolutional_discriminator() -> nn.Module:
    """8 × 8 pixels, 4 × 4 of 32 channels, 2 × 2 of 64, and a score: high for real."""
    return nn.Sequential(
        nn.Conv2d(1, 32, 4, stride=2, padding=1),
        nn.LeakyReLU(0.2),
        nn.Dropout(0.3),
        nn.Conv2d(32, 64, 4, stride=2, padding=1),
        nn.LeakyReLU(0.2),
        nn.Dropout(0.3),
        nn.Flatten(),
        nn.Linear(64 * 2 * 2, 1),
    )


@dataclass
class Game:
    """A generator against a discriminator, and what became of them."""

    generator: nn.Module
    discriminator: nn.Module
    generator_loss: list[float] = field(default_factory=list)  # the mean of each epoch
    discriminator_loss: list[float] = field(default_factory=list)
    stages: dict[int, Floats] = field(default_factory=dict)  # images made after some epochs

    def play(self, images: Floats, epochs: int, seed: int) -> None:
        """Train both, in turns: for each batch a step of the one, and a step of the other."""
        batches = nn.DataLoader(
            2.0 * images - 1.0, 64, shuffle=True, drop_last=True, generator=seed
        )
        of_generator = nn.Adam(self.generator.parameters(), 1e-3, betas=(0.5, 0.999))
        of_discriminator = nn.Adam(self.discriminator.parameters(), 5e-4, betas=(0.5, 0.999))
        same_noise = autograd.randn(SHOWN, NOISE)
        shown = {round(epochs * share) for share in (0.02, 0.1, 0.3, 1.0)} | {1}
        start = time.perf_counter()
        for epoch in range(1, epochs + 1):
            losses = []
            for real in batches:
                made = self.generator(autograd.randn(len(real), NOISE))
                one = self.learn_to_tell(autograd.Tensor(real), made.detach(), of_discriminator)
                losses.append((one, self.learn_to_deceive(made, of_generator)))
            told, deceived = np.mean(losses, axis=0)
            self.discriminator_loss.append(float(told))
            self.generator_loss.append(float(deceived))
            if epoch in shown:
                self.stages[epoch] = self.made(same_noise)
            if epoch % max(1, epochs // 10) == 0:
                print(
                    f"  epoch {epoch:3d} of {epochs}: loss of the discriminator {told:.3f}, "
                    f"of the generator {deceived:.3f}"
                )
        print(f"  trained in {time.perf_counter() - start:.1f} s")

    def learn_to_tell(self, real: Any, made: Any, optimizer: nn.Adam) -> float:
        """A step of the discriminator: real images from those that were made."""
        optimizer.zero_grad()
        loss = (score(self.discriminator(real), REAL) + score(self.discriminator(made), MADE)) / 2
        loss.backward()
        optimizer.step()
        return float(loss.item())

    def learn_to_deceive(self, made: Any, optimizer: nn.Adam) -> float:
        """A step of the generator: what it made is to be taken for real."""
        optimizer.zero_grad()
        loss = score(self.discriminator(made), 1.0)
        loss.backward()
        optimizer.step()
        return float(loss.item())

    def made(self, noise: Any) -> Floats:
        """The images that the generator makes, pixels from 0 to 1."""
        self.generator.eval()
        with autograd.no_grad():
            images: Floats = (self.generator(noise).data + 1.0) / 2.0
        self.generator.train()
        return images


def score(answers: Any, wanted: float) -> Any:
    """The loss of the discriminator's answers, if all ought to be the same."""
    return binary_cross_entropy_with_logits(answers, np.full(answers.shape, wanted))


def new_reader() -> nn.Sequential:
    """A small convolutional network that gives each of the ten digits a score."""
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(16, 32, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(64 * 2 * 2, 10),
    )


def train_reader(data: Digits, epochs: int, seed: int) -> nn.Sequential:
    """The judge: a network that reads real digits."""
    reader = new_reader()
    optimizer = nn.Adam(reader.parameters(), lr=0.002)
    batches = nn.DataLoader((data.train_x, data.train_y), 32, shuffle=True, generator=seed)
    test = data.test_x, data.test_y
    nn.fit(
        reader,
        batches,
        nn.CrossEntropyLoss(),
        optimizer,
        epochs=epochs,
        validation=test,
        metrics="accuracy",
        callbacks=[Lines()],
        progress=False,
    )
    return reader


def judged(reader: nn.Module, images: Floats, real: Floats) -> dict[str, float]:
    """How the reader finds images, and how far they are from the nearest real one."""
    with autograd.no_grad():
        chances = softmax(reader(images), 1).data
    shares = np.bincount(chances.argmax(axis=1), minlength=10) / len(images)
    a, b = images.reshape(-1, 64), real.reshape(-1, 64)
    squares = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2.0 * a @ b.T
    return {
        "confident": float(np.mean(chances.max(axis=1) > 0.8)),
        "classes": float(np.count_nonzero(shares)),
        "rarest": float(shares.min()),
        "nearest": float(np.median(np.sqrt(np.maximum(squares.min(axis=1), 0.0)))),
    }


def run(settings: Example) -> dict[str, float]:
    """Train the reader and both generators, let it judge, and draw what was made."""
    epochs = settings.epochs or (4 if settings.small else EPOCHS)
    autograd.manual_seed(settings.seed)
    data = load_images(settings)
    print("the judge: a network that reads real digits")
    reader = train_reader(data, 4 if settings.small else 25, settings.seed)
    games = {
        "dense": Game(dense_generator(), dense_discriminator()),
        "convolutional": Game(convolutional_generator(), convolutional_discriminator()),
    }
    noise = autograd.randn(JUDGED, NOISE)
    shown = {"real": data.test_x, "noise": autograd.rand(JUDGED, 1, 8, 8).data}
    for name, game in games.items():
        print(f"{name}: the game")
        game.play(data.train_x, epochs, settings.seed)
        shown[name] = game.made(noise)
    print("found by the judge; to be reached: at least 80 % with confidence > 0.8, all 10 classes")
    found = {name: judged(reader, images, data.train_x) for name, images in shown.items()}
    for name, one in found.items():
        print(
            f"  {name:13} {one['confident']:6.1%} confident, {one['classes']:.0f} classes (rarest "
            f"{one['rarest']:.1%}), distance to the nearest digit learned from {one['nearest']:.2f}"
        )
    draw_samples(games, settings.out / "samples.png")
    draw_losses(games, settings.out / "losses.png")
    print(f"the pictures are in {settings.out}")
    return {f"{name}_{what}": x for name, one in found.items() for what, x in one.items()}


def draw_samples(games: dict[str, Game], path: Any) -> None:
    """What the generators make of the same noise, from the first epoch to the last."""
    figure = Figure(figsize=(10, 3.2), layout="constrained")
    for axes, (name, game) in zip(figure.subplots(1, len(games)), games.items(), strict=True):
        picture = mosaic(np.concatenate(list(game.stages.values())), SHOWN)
        axes.imshow(picture, cmap="gray_r", vmin=0, vmax=1)
        axes.set_yticks(10 * np.arange(len(game.stages)) + 4.5, game.stages)
        axes.set_xticks([])
        axes.set(title=name, ylabel="epoch")
    figure.suptitle("Digits that nobody wrote: each column is made of the same noise")
    figure.savefig(path, dpi=110)


def draw_losses(games: dict[str, Game], path: Any) -> None:
    """The losses of both players, by epoch."""
    figure = Figure(figsize=(9, 3.4), layout="constrained")
    for axes, (name, game) in zip(
        figure.subplots(1, len(games), sharey=True), games.items(), strict=True
    ):
        epochs = range(1, len(game.generator_loss) + 1)
        axes.plot(epochs, game.generator_loss, ".-", ms=3, color="#B34700", label="generator")
        axes.plot(
            epochs, game.discriminator_loss, ".--", ms=3, color="#0072B2", label="discriminator"
        )
        axes.axhline(np.log(2), color="grey", lw=0.8, ls=":", label="ln 2: no idea")
        axes.set(title=name, xlabel="epoch", ylabel="cross-entropy")
        axes.grid(alpha=0.3)
        axes.legend()
    figure.savefig(path, dpi=100)
