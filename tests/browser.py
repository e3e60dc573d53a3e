"""Pages in a real browser: Chromium, driven by Playwright.

Fixtures, known to every test by `conftest.py`:

- ``open_page(html, scheme="light", **options)`` opens HTML from disk, without a network, and gives
  Playwright's page; what is wrong with any page at the end of the test (an error, a warning on the
  console, a request) fails it.
- ``chromium``, the browser itself.

Where Playwright or Chromium is missing these tests are left out, and say what to install; where the
environment has ``CI`` set they fail.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

COMMANDS = ("chromium", "chromium-browser", "google-chrome")
# It may run as root in a container, and where there is no graphics card.
FLAGS = ["--no-sandbox", "--disable-gpu"]


def missing(what: str) -> None:
    (pytest.fail if os.environ.get("CI") else pytest.skip)(what)


def stop_the_clock(page: Any) -> None:
    """From now on time passes by ``page.clock.run_for`` alone, however slow the machine is."""
    page.clock.install(time=0)
    page.clock.pause_at(3600)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser for the tests of one module: while it runs, no other event loop can."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("Playwright is not installed: pip install 'glassgrad[browser]'")
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
        program = next(filter(None, map(shutil.which, (*COMMANDS, own))), None)
        if program is None:
            missing("there is no Chromium: apt install chromium, or playwright install chromium")
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Any, tmp_path: Any) -> Iterator[Any]:
    """Open HTML, and at the end see that nothing went wrong."""
    contexts, problems, numbers = [], [], count()

    def open_it(html: str, scheme: str = "light", **options: Any) -> Any:
        context = chromium.new_context(color_scheme=scheme, offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: problems.append(f"error: {error}"))
        page.on("console", lambda message: problems.append(f"{message.type}: {message.text}"))
        file = tmp_path / f"page{next(numbers)}.html"
        file.write_text(html, encoding="utf-8")

        def asked(request: Any) -> None:
            if request.url != file.as_uri() and not request.url.startswith("data:"):
                problems.append(f"request: {request.url}")

        page.on("request", asked)
        page.goto(file.as_uri())
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert not problems, "; ".join(problems)
