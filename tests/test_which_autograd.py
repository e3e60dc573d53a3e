"""Is this the right `autograd`? Asked first: with the wrong one no other answer counts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def foreign(tmp_path):
    """A directory that holds another package called `autograd`."""
    package = tmp_path / "foreign" / "autograd"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("grad = None\n")
    return package.parent


def test_autograd_is_this_projects(autograd_problem):
    if autograd_problem:
        pytest.fail(autograd_problem, pytrace=False)

    import autograd

    assert Path(autograd.__file__).resolve().parent == ROOT / "autograd"
    assert hasattr(autograd, "Value")


def test_tests_have_the_same_names_in_every_process(request):
    """Or they cannot be divided among several."""
    names = [item.nodeid for item in request.session.items]
    assert not [name for name in names if " at 0x" in name], "give these `ids=`"


def test_nn_refuses_the_other_autograd(foreign, run_python):
    done = run_python("import nn", path=(foreign, ROOT), check=False)
    message = done.stderr.strip().splitlines()[-1]
    assert done.returncode != 0
    assert "ImportError" in done.stderr
    assert str(foreign / "autograd") in done.stderr, "it names the path that was found"
    assert "glassgrad" in done.stderr, f"it says whose autograd is needed: {message}"
    assert "pip uninstall autograd" in done.stderr, f"it says what to do: {message}"


def test_with_the_other_autograd_one_test_says_so(foreign):
    """Instead of a hundred errors from collecting the others."""
    command = [sys.executable, "-m", "pytest", str(ROOT / "tests"), "-p", "no:cacheprovider", "-q"]
    command += ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT), "--color=no"]
    command += ["-k", "test_autograd_is_this_projects"]
    environment = os.environ | {"PYTHONPATH": str(foreign), "PYTHONDONTWRITEBYTECODE": "1"}
    how = {"env": environment, "cwd": foreign, "capture_output": True, "text": True}
    done = subprocess.run(command, check=False, timeout=120, **how)
    assert "1 failed" in done.stdout, done.stdout + done.stderr
    assert "error" not in done.stdout.splitlines()[-1], done.stdout
    assert str(foreign / "autograd" / "__init__.py") in done.stdout
    assert "pip uninstall autograd" in done.stdout


BORROWED = """
import runpy
hooks = runpy.run_path({path!r})
pytest_runtest_makereport = hooks["pytest_runtest_makereport"]
pytest_make_collect_report = hooks["pytest_make_collect_report"]
"""


@pytest.mark.parametrize(
    ("no_skips", "status", "processes"), [("0", 0, "0"), ("1", 1, "0"), ("1", 1, "2")]
)
def test_no_skip_goes_unnoticed(no_skips, status, processes, tmp_path):
    """With GLASSGRAD_NO_SKIPS=1 a skipped test is a failed one, a skipped file too."""
    conftest = BORROWED.format(path=str(ROOT / "tests" / "conftest.py"))
    (tmp_path / "conftest.py").write_text(conftest)
    (tmp_path / "test_a.py").write_text(
        "import pytest\npytest.skip('too slow', allow_module_level=True)\n"
    )
    (tmp_path / "test_b.py").write_text(
        "import pytest\ndef test_b(): pytest.skip('too hard')\ndef test_c(): pass\n"
    )
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--color=no", "-q"]
    command += ["--continue-on-collection-errors", "-n", processes]
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])  # `conftest.py` imports from there
    environment = os.environ | {"GLASSGRAD_NO_SKIPS": no_skips, "PYTHONPATH": path}
    how = {"env": environment, "cwd": tmp_path, "capture_output": True, "text": True}
    done = subprocess.run(command, check=False, timeout=120, **how)
    assert done.returncode == status, done.stdout + done.stderr
    assert ("1 passed, 2 skipped" in done.stdout) == (status == 0), done.stdout
    for reason in ("too slow", "too hard"):
        told = f"GLASSGRAD_NO_SKIPS=1 allows none: Skipped: {reason}" in done.stdout
        assert told == (status == 1), done.stdout
