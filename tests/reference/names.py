"""Make names.json: how well PyTorch's same networks learn to spell names, trained alike.

The tests read the JSON and need no PyTorch. To make it again, in an environment of its own, from
the project's folder:

    python -m venv torch-environment
    torch-environment/bin/pip install torch==2.13.0 "faker==40.54.0" -e '.[train]'
    PYTHONPATH=. torch-environment/bin/python tests/reference/names.py

Each network starts from the weights that ours starts from, and is given the same batches. The small
ones, whose names are written down too, leave nothing out by dropout, and so have the same losses
after each epoch. The others are those of `python -m nn characters` and `python -m nn transformer`:
float32 and dropout let them go apart a little.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from pathlib import Path

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from nn.examples import characters, names, transformer
from nn.examples.settings import Example


class Speller(nn.Module):
    def __init__(self, kind, units):
        super().__init__()
        self.letters = nn.Embedding(len(names.ALPHABET), 32)
        self.recurrent = kind(32, units, batch_first=True)
        self.readout = nn.Linear(units, len(names.ALPHABET))

    def forward(self, x):
        return self.readout(self.recurrent(self.letters(x))[0])


class Positions(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(names.PLACES, width))

    def forward(self, x):
        return x + self.weight[: x.shape[1]]


class GPT(nn.Module):
    def __init__(self, width, layers, dropout):
        super().__init__()
        self.letters = nn.Embedding(len(names.ALPHABET), width)
        self.positions = Positions(width)
        settings = {"activation": "gelu", "batch_first": True, "norm_first": True}
        layer = nn.TransformerEncoderLayer(width, transformer.HEADS, 4 * width, dropout, **settings)
        self.encoder = nn.TransformerEncoder(
            layer, layers, nn.LayerNorm(width), enable_nested_tensor=False
        )
        self.readout = nn.Linear(width, len(names.ALPHABET))

    def forward(self, x):
        mask = nn.Transformer.generate_square_subsequent_mask(x.shape[1])
        found = self.encoder(self.positions(self.letters(x)), mask=mask, is_causal=True)
        return self.readout(found)


def pairs(settings):
    """By name, our network and PyTorch's same."""
    for name, model in characters.spellers(settings).items():
        yield name, model, Speller(getattr(nn, name), model.recurrent.hidden_size)
    dropout = 0.0 if settings.small else 0.1
    ours = transformer.gpt(settings, dropout)
    width, layers = ours.positions.d_model, ours.encoder.num_layers
    yield "transformer", ours, GPT(width, layers, dropout)


def nats(model, batch):
    x, y = map(torch.as_tensor, batch)
    return cross_entropy(model(x).flatten(0, 1), y.flatten())


def losses(model, data, epochs, seed):
    """The loss on held-out names after each epoch."""
    learned, held_out = names.batches(data, seed)
    (unseen,) = held_out
    optimizer = torch.optim.Adam(model.parameters(), lr=names.LR)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs * len(learned))
    found = []
    for _ in range(epochs):
        model.train()
        for batch in learned:
            optimizer.zero_grad()
            nats(model, batch).backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
        model.eval()
        with torch.no_grad():
            found.append(round(nats(model, unseen).item(), 6))
    return found


def main():
    torch.manual_seed(0)
    torch.set_num_threads(1)
    made = {}
    for size in ("small", "full"):
        settings = Example("names", small=size == "small")
        data = names.load(settings)
        made[size] = {"names": asdict(data)} if settings.small else {}
        for name, ours, theirs in pairs(settings):
            whole = transformer.EPOCHS if name == "transformer" else characters.EPOCHS
            state = {key: torch.tensor(array) for key, array in ours.state_dict().items()}
            theirs.load_state_dict(state)
            start = time.perf_counter()
            made[size][name] = losses(theirs, data, 3 if settings.small else whole, 0)
            print(size, name, made[size][name][-1], f"{time.perf_counter() - start:.1f} s")
    Path(__file__).with_suffix(".json").write_text(json.dumps(made) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
