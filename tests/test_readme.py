"""The README's examples run as doctests; here is what those cannot show."""

from __future__ import annotations

import re
from pathlib import Path

from autograd import Value, draw

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_picture_is_what_the_code_beneath_it_draws():
    x1, x2 = Value(2.0), Value(0.0)
    w1, w2 = Value(-3.0), Value(1.0)
    bias = Value(6.8813735870195432)
    y = (w1 * x1 + w2 * x2 + bias).tanh()
    y.backward()
    picture = ROOT / "notebooks" / "pictures" / "neuron.svg"
    assert draw(y).svg == picture.read_text(encoding="utf-8")


def test_every_link_leads_somewhere():
    links = re.findall(r"\]\(([^)]+)\)", README)
    assert links
    for link in links:
        assert (ROOT / link).exists(), link


def test_every_make_target_that_it_names_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"make ([a-z-]+)", README)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
