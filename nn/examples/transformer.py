"""A small transformer in the manner of GPT that learns to spell first names, and makes new ones.

It reads all letters of a name at once. At each place, each layer looks back: every head weighs all
places up to its own, by how well what they offer fits what it asks for, and takes the mean of what
they hold. A place cannot look ahead, where the answer stands, so every place is an exercise of its
own. What a letter is and where it stands are two rows of numbers, both learned, that are added.

The first picture shows the loss on names learned from and held out, in nats a letter, as in
`characters`, and names that it made. The second shows the weights of each head for one name: a row
for each place that looks, a column for each that it looks at; the dot is the beginning. Above the
diagonal there is nothing, for no place sees what comes after it. Most look a letter or two back,
and each has likings of its own: above it stands the letter it likes best in the names held out, and
how many times as much it looks at it as if all places were alike. Where a head looks is not yet why
the answer is what it is.

Sources: A. Vaswani et al. 2017, Attention is all you need; A. Radford et al. 2018, Improving
language understanding by generative pre-training.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from matplotlib.figure import Figure

import autograd
from nn import (
    Embedding,
    LayerNorm,
    LearnedPositions,
    Linear,
    Module,
    TransformerEncoder,
    TransformerEncoderLayer,
)
from nn.examples.characters import column, curves
from nn.examples.names import (
    ALPHABET,
    IGNORED,
    PLACES,
    compare,
    encode,
    frequencies,
    generate,
    load,
    show,
    train,
)
from nn.examples.pictures import ORANGE
from nn.examples.settings import Example
from nn.explain import attention_maps
from nn.training import History

EPOCHS = 12
HEADS = 4
RARE = 0.02  # of all letters that are looked at
SHOWN = "elizabeth"  # the name whose attention is drawn


class GPT(Module):
    """Letters and places as rows of numbers, layers of attention, a score for each letter."""

    def __init__(self, width: int, layers: int, seed: int, dropout: float = 0.1) -> None:
        drawn: Any = {"generator": np.random.default_rng(seed), "dtype": np.float32}
        self.letters = Embedding(len(ALPHABET), width, **drawn)
        self.positions = LearnedPositions(PLACES, width, batch_first=True, **drawn)
        layer = TransformerEncoderLayer(
            width,
            HEADS,
            4 * width,
            dropout,
            activation="gelu",
            batch_first=True,
            norm_first=True,
            **drawn,
        )
        self.encoder = TransformerEncoder(layer, layers, LayerNorm(width, dtype=np.float32))
        self.readout = Linear(width, len(ALPHABET), **drawn)

    def forward(self, x: Any) -> Any:
        """The scores at each place."""
        return self.readout(self.encoder(self.positions(self.letters(x)), is_causal=True))


def gpt(settings: Example, dropout: float = 0.1) -> GPT:
    """The network: of three layers, or a tiny one."""
    width, layers = (16, 1) if settings.small else (64, 3)
    return GPT(width, layers, settings.seed, dropout)


def attention(model: GPT, name: str) -> Any:
    """How each head of each layer weighs the places of a name: (layers, heads, places, places)."""
    read = encode([name])[0][:, : len(name) + 1]
    return np.concatenate([*attention_maps(model, read).values()])


def likings(model: GPT, names: list[str]) -> Any:
    """How many times as much each head looks at a letter as if it looked at all places alike.

    Of shape (layers, heads, letters of the alphabet); 0 for letters that are rare in these names.
    """
    read, target = encode(names)
    maps = np.stack([*attention_maps(model, read).values()])
    looks, letters = (target != IGNORED).astype(float), np.eye(len(ALPHABET))[read]
    alike = np.tril(np.ones((PLACES, PLACES))) / np.arange(1, PLACES + 1)[:, None]
    found = np.einsum("lnhij,ni,njc->lhc", maps, looks, letters, optimize=True)
    usual = np.einsum("ij,ni,njc->c", alike, looks, letters, optimize=True)
    is_rare = usual < RARE * usual.sum()
    return np.where(is_rare, 0.0, found / np.where(is_rare, 1.0, usual))


def run(settings: Example) -> dict[str, float]:
    """Train it, let it make names, and see where it looks; its loss on names it never read."""
    names = load(settings)
    epochs = settings.epochs or (6 if settings.small else EPOCHS)
    autograd.manual_seed(settings.seed)  # from which dropout draws
    model, alone = gpt(settings), frequencies(names)
    count = sum(parameter.data.size for parameter in model.parameters())
    print(f"{len(names.train):,} names to learn from, {len(names.held_out)} held out.")
    print(f"Who knows only how frequent each letter is: {alone:.3f} nats a letter.")
    print(f"The transformer has {count:,} parameters.")
    start = time.perf_counter()
    history = train("transformer", model, names, epochs, settings.seed)
    print(f"trained in {time.perf_counter() - start:.1f} s")
    made = generate(model, 200, settings.seed)
    new = show("transformer", made, names)
    loss = history[-1]["val_loss"]
    compare("transformer", loss, settings)
    picture(history, made, alone).savefig(settings.out / "transformer.png", dpi=100)
    maps = attention(model, SHOWN)
    liked = likings(model, names.held_out)
    attention_picture(maps, SHOWN, liked).savefig(settings.out / "attention.png", dpi=80)
    print(f"the pictures are transformer.png and attention.png in {settings.out}")
    return {"frequencies": alone, "transformer": loss, "transformer new": new}


def picture(history: History, made: list[str], alone: float) -> Figure:
    """The losses by epoch, and names that were made."""
    figure = Figure(figsize=(8, 4), layout="constrained")
    left, *texts = figure.subplots(1, 3, width_ratios=(4, 1.2, 1.2))
    curves(left, {"transformer": history}, alone)
    for i, axes in enumerate(texts):
        column(axes, "made by it" if i == 0 else "", made[18 * i :], ORANGE)
    return figure


def attention_picture(maps: Any, name: str, liked: Any) -> Figure:
    """A map for each head of each layer: who looks, down; at whom, across."""
    layers, heads = maps.shape[:2]
    figure = Figure(figsize=(2.6 * heads, 2.9 * layers), layout="constrained")
    letters, signs = ["•", *name], ["•", *ALPHABET[1:]]
    for i, row in enumerate(figure.subplots(layers, heads, squeeze=False)):
        for j, axes in enumerate(row):
            axes.imshow(maps[i, j], cmap="Blues", vmin=0, vmax=1)
            best = int(liked[i, j].argmax())
            likes = f"likes {signs[best]}, {liked[i, j, best]:.1f} ×"
            axes.set_title(f"layer {i + 1}, head {j + 1}\n{likes}", fontsize=10)
            axes.set_xticks(range(len(letters)), letters)
            axes.set_yticks(range(len(letters)), letters)
    figure.supxlabel("the letter it looks at")
    figure.supylabel("the place that looks")
    figure.suptitle(f"Where the heads look in “{name}”, and the letter that each likes best")
    return figure
