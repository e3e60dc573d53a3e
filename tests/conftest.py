"""What every test shares: the right package first, no state left behind, no test left out."""

from __future__ import annotations

import functools
import gc
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from browser import chromium, open_page  # noqa: F401 - fixtures for every test
from hypothesis import settings
from small_runs import small_run  # noqa: F401 - a fixture for every test

ROOT = Path(__file__).resolve().parent.parent
FIRST = "test_which_autograd.py"

# The generator of the reference numbers needs PyTorch, which the tests do not.
collect_ignore = ["reference"]

settings.register_profile("same every time", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("same every time")


def found_autograd() -> Path | None:
    """The file that `import autograd` would run, found without running it."""
    spec = importlib.util.find_spec("autograd")
    return Path(spec.origin).resolve() if spec and spec.origin else None


@functools.cache
def wrong_autograd() -> str | None:
    """What is wrong with the `autograd` that would be imported; None if it is this project's."""
    found = found_autograd()
    if found == ROOT / "autograd" / "__init__.py":
        return None
    return (
        f"`import autograd` finds {found or 'nothing'}, which is not this project's "
        f"({ROOT / 'autograd'}). Another package on PyPI has the same import name, and the two "
        "cannot share an environment. Run `pip uninstall autograd`, then install glassgrad again: "
        f"`pip install -e {ROOT}`."
    )


def pytest_configure(config):
    if wrong_autograd():  # nothing else could even be collected, so let one test say why
        config.args = [str(ROOT / "tests" / FIRST)]
    if config.getoption("numprocesses", None):  # the workers share the cores: one thread for each
        os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.path.name != FIRST)


def _no_skip(report):
    if os.environ.get("GLASSGRAD_NO_SKIPS") != "1" or not report.skipped:
        return
    if hasattr(report, "wasxfail"):  # a failure that is expected is not a test left out
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome = "failed"
    report.longrepr = (
        f"{report.nodeid} was left out, and GLASSGRAD_NO_SKIPS=1 allows none: {reason}"
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    report = yield
    _no_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    report = yield
    _no_skip(report)
    return report


@pytest.fixture
def autograd_problem():
    """What is wrong with the `autograd` found, or None."""
    return wrong_autograd()


def _state():
    """What a test could change for those that follow."""
    if wrong_autograd():
        return {}
    from autograd import Value

    return {
        "numpy.geterr()": np.geterr(),
        "gc.isenabled()": gc.isenabled(),
        "sys.getswitchinterval()": sys.getswitchinterval(),
        "sys.getrecursionlimit()": sys.getrecursionlimit(),
        "os.getcwd()": os.getcwd(),
        "names in Value": sorted(vars(Value)),
    }


def _modes():
    """Whether the engine is in any mode: what is, and what should be."""
    if wrong_autograd():
        return {}
    import autograd
    from autograd.modes import state

    return {
        "autograd.is_recording()": (True, autograd.is_recording()),
        "autograd.modes.state.watched": (0, state.watched),
        "grad of a number gives a number": (True, type(autograd.grad(lambda x: x)(1.0)) is float),
    }


@pytest.fixture(autouse=True, scope="module")
def collected_before():
    """What earlier tests left is collected once, then passed over: `gc.collect()` stays quick."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def nothing_leaks():
    """A test that leaves global state changed fails, instead of the one that runs after it."""
    before = _state()
    yield
    both = {name: (before[name], after) for name, after in _state().items()} | _modes()
    leaked = {name: pair for name, pair in both.items() if pair[0] != pair[1]}
    assert not leaked, f"this test left behind (was, is): {leaked}"


@pytest.fixture(params=["no dot", "a dot"])
def dot_or_none(request, tmp_path_factory, monkeypatch):
    """A PATH without Graphviz, and one with a `dot` that fails whenever it is run."""
    folder = tmp_path_factory.mktemp("path")
    if request.param == "a dot":
        program = folder / "dot"
        program.write_text("#!/bin/sh\nexit 1\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


@pytest.fixture
def run_python(tmp_path):
    """Run Python code in a process of its own, where each warning is an error."""

    def run(code, *, path=(ROOT,), check=True):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
        environment["PYTHONPATH"] = os.pathsep.join(map(str, path))
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
        command = [sys.executable, "-W", "error", "-c", code]
        how = {"env": environment, "cwd": tmp_path, "capture_output": True, "text": True}
        done = subprocess.run(command, check=False, timeout=120, **how)
        assert not check or done.returncode == 0, done.stderr
        return done

    return run
