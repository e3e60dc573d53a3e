"""Tests in a browser are left out where there is none, and fail where there must be one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent


@pytest.mark.parametrize(("ci", "outcome"), [("", "1 skipped"), ("true", "1 error")])
def test_without_playwright(ci, outcome, tmp_path):
    (tmp_path / "playwright.py").write_text("raise ImportError")
    kept = {k: v for k, v in os.environ.items() if k not in ("CI", "GLASSGRAD_NO_SKIPS")}
    path = os.pathsep.join([str(tmp_path), str(TESTS.parent)])
    environment = (
        kept | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"} | ({"CI": ci} if ci else {})
    )
    one = f"{TESTS / 'test_nn_watch_page.py'}::test_one_frame_is_a_player_as_well"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", one]
    done = subprocess.run(
        command, env=environment, cwd=TESTS.parent, capture_output=True, text=True, check=False
    )
    assert outcome in done.stdout, done.stdout
    assert "pip install 'glassgrad[browser]'" in done.stdout


def test_what_goes_wrong_in_a_page_fails_its_test(tmp_path):
    """The fixture itself, on pages that are wrong."""
    (tmp_path / "conftest.py").write_text("from browser import chromium, open_page\n")
    (tmp_path / "test_pages.py").write_text(
        "import pytest\n"
        "@pytest.mark.parametrize('html', [\n"
        "    '<script>throw new Error(1)</script>',\n"
        "    '<script>console.warn(1)</script>',\n"
        "    '<img src=https://example.org/a.png>',\n"
        "    '<p>well</p>',\n"
        "])\n"
        "def test_page(open_page, html):\n"
        "    open_page(html).wait_for_timeout(100)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(TESTS), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(
        command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    if "skipped" in done.stdout:
        pytest.skip("there is no browser")
    assert "4 passed, 3 errors" in done.stdout, done.stdout
    for problem in ("error: 1", "warning: 1", "request: https://example.org/a.png"):
        assert problem in done.stdout
