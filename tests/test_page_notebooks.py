"""Pictures where notebooks are read: JupyterLab, trusted and not, and a page exported by nbconvert.

The notebooks are opened as they were saved; no kernel runs.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from browser import missing
from drawn import neuron

from autograd.drawing.page import stepper

LIVE = """() => [...document.querySelectorAll(".glassgrad-picture")]
  .filter(picture => picture.shadowRoot).length"""


@pytest.fixture(scope="module")
def nbformat():
    try:
        import jupyterlab  # noqa: F401
        import nbconvert  # noqa: F401
        import nbformat
    except ImportError:
        missing("JupyterLab is not installed: pip install 'glassgrad[notebooks]'")
    return nbformat


@pytest.fixture(scope="module")
def home(tmp_path_factory, nbformat):
    """A folder with two equal notebooks, one of which is trusted, and Jupyter's settings."""
    folder = tmp_path_factory.mktemp("notebooks")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "IPYTHON"))}
    places = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "run",
        "IPYTHONDIR": "ipython",
        "HOME": ".",
    }
    environment = kept | {name: str(folder / place) for name, place in places.items()}
    shown = stepper(neuron())._repr_mimebundle_()
    output = nbformat.v4.new_output("execute_result", shown, execution_count=1)
    cell = nbformat.v4.new_code_cell("loss.step()", outputs=[output, output], execution_count=1)
    kernel = {"name": "python3", "display_name": "Python 3"}  # else JupyterLab asks for one
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel})
    for name in ("untrusted", "trusted"):
        cell.source = f"loss.step()  # {name}"  # else their signatures would be the same
        nbformat.write(notebook, folder / f"{name}.ipynb")
    command = [sys.executable, "-m", "jupyter", "trust", "trusted.ipynb"]
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    return folder, environment


@pytest.fixture(scope="module")
def lab(home):
    """The address of a JupyterLab that serves those notebooks."""
    folder, environment = home
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", "--allow-root", f"--port={port}", "--IdentityProvider.token="]
    command = [sys.executable, "-m", "jupyterlab", *options]
    with open(folder / "lab.log", "w") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{address}/api", timeout=1).close()
            break
        except OSError:
            assert server.poll() is None, (folder / "lab.log").read_text()
            time.sleep(0.25)
    yield address
    server.terminate()
    server.wait(20)


@pytest.fixture
def opened(chromium):
    """Open an address; errors in the page fail the test."""
    contexts, problems = [], []

    def open_it(address):
        contexts.append(chromium.new_context(viewport={"width": 1200, "height": 900}))
        page = contexts[-1].new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(address)
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert not problems


def works(page):
    """Step twice, in one picture of two, by mouse and by key."""
    page.wait_for_function(f"({LIVE})() === 2")
    one, other = page.locator(".glassgrad-picture").all()
    one.get_by_role("button", name="next", exact=True).click()
    one.locator(".glass").focus()
    page.keyboard.press("ArrowRight")
    assert "step 3 of 15" in one.locator(".steps .bar").inner_text()
    assert "step 1 of 15" in other.locator(".steps .bar").inner_text()


def test_jupyterlab_trusted(opened, lab):
    page = opened(f"{lab}/doc/tree/trusted.ipynb")
    works(page)
    page.keyboard.press("d")  # twice would cut the cell, if keys were still the notebook's
    page.keyboard.press("d")
    assert page.evaluate(LIVE) == 2


def test_jupyterlab_untrusted(opened, lab):
    page = opened(f"{lab}/doc/tree/untrusted.ipynb")
    images = page.locator(".jp-OutputArea img")
    images.first.wait_for()
    assert images.count() == 2
    assert images.first.bounding_box()["width"] > 400
    assert page.evaluate(LIVE) == 0
    output = page.locator(".jp-OutputArea").first.inner_text()
    assert "class" not in output
    assert "{" not in output


def test_an_exported_page(opened, home):
    folder, environment = home
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "untrusted.ipynb"]
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    works(opened((folder / "untrusted.html").as_uri()))
