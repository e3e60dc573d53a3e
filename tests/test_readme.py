"""The README's examples run as doctests; here is what those cannot show.

Its pictures are renewed with ``python tests/test_readme.py``.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from autograd import Tensor, Value, draw
from nn import MLP

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def steps():
    x1, x2 = Value(2.0), Value(0.0)
    w1, w2 = Value(-3.0), Value(1.0)
    bias = Value(6.8813735870195432)
    y = (w1 * x1 + w2 * x2 + bias).tanh()
    return y.step()


def folded():
    model = MLP(2, [16, 16, 1], seed=1)
    points = [(i / 50 - 1, i * i % 97 / 48 - 1) for i in range(100)]
    data_loss = sum((1.0 - model(point)).relu() for point in points) / 100
    loss = data_loss + 1e-4 * sum(p * p for p in model.parameters())
    loss.backward()
    return draw(loss, color="gradient")


def arrays():
    rng = np.random.default_rng(0)
    X, W = Tensor(rng.normal(size=(8, 3))), Tensor(rng.normal(size=(3, 6)), requires_grad=True)
    h = (X @ W).tanh()
    total = h.square().sum()
    total.backward()
    return draw(total)


PICTURES = {"steps": steps, "folded": folded, "arrays": arrays}


@pytest.mark.parametrize("name", PICTURES)
def test_the_pictures_are_what_the_code_beside_them_draws(name):
    path = f"notebooks/pictures/{name}.svg"
    assert path in README
    assert PICTURES[name]().svg == (ROOT / path).read_text(encoding="utf-8")


def test_every_link_leads_somewhere():
    links = re.findall(r"\]\(([^)]+)\)", README)
    assert links
    for link in links:
        assert (ROOT / link).exists(), link


def test_every_make_target_that_it_names_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"make ([a-z-]+)", README)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


if __name__ == "__main__":
    for each, drawn in PICTURES.items():
        drawn().save(ROOT / "notebooks" / "pictures" / f"{each}.svg")
