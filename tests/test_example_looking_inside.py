"""The example that looks inside a network: a small version of it."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("sklearn")
pytest.importorskip("matplotlib")

from nn.examples import looking_inside
from nn.examples.settings import Example


@pytest.fixture
def finished(small_run):
    return small_run("looking_inside")


def test_explanations_sum_to_what_they_explain(finished):
    results = finished.measured
    assert results["completeness_gap"] < 0.05
    assert results["conservation_gap"] < 1e-5


def test_what_they_find_important_is_so(finished):
    results = finished.measured
    for way in ("integrated_gradients", "relevance"):
        assert results[f"erased_by_{way}"] < results["erased_by_ink_at_random"]
    assert all(np.isfinite(list(results.values())))


@pytest.mark.parametrize("name", ["explanations.png", "likes.png"])
def test_there_are_pictures(finished, name):
    picture = (finished.out / name).read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert 5_000 < len(picture) < 200_000


def test_it_is_the_same_each_time(tmp_path, finished):
    again = looking_inside.run(Example("looking_inside", out=tmp_path, small=True))
    assert again == finished.measured
