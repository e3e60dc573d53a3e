"""``python -m nn NAME``: every example is listed, runs, leaves pictures and says its numbers."""

from __future__ import annotations

import json
import math
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread

import nn.examples
from nn.__main__ import main
from nn.examples import settings
from nn.examples.listing import examples
from nn.examples.settings import Example

FOLDER = Path(nn.examples.__file__).parent
NAMES = sorted(set(examples()) - {"digits"})  # the demo has tests of its own


def blocked(package, *arguments):
    """A program that runs ``python -m nn`` where a package is not installed."""
    return (
        "import runpy, sys\n"
        "class Missing:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name.partition('.')[0] == {package!r}:\n"
        "            raise ModuleNotFoundError(f'No module named {name!r}', name=name)\n"
        "sys.meta_path.insert(0, Missing())\n"
        f"sys.argv = ['nn', *{json.dumps(arguments)}]\n"
        "runpy.run_module('nn', run_name='__main__')\n"
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_small_run(name, small_run):
    out, numbers, printed = small_run(name)
    assert numbers
    assert all(isinstance(key, str) and math.isfinite(x) for key, x in numbers.items()), numbers
    assert f"what there is to see is in {Path('runs', name)}" in printed
    folder = out.parent.parent
    assert [path.name for path in folder.iterdir()] == ["runs"], "it writes nowhere else"
    pictures = list(out.glob("*.png"))
    assert pictures, "it leaves a picture"
    for picture in pictures:
        image = imread(picture)
        assert min(image.shape[:2]) > 100
        assert len(np.unique(image)) > 20, f"something is drawn in {picture.name}"


@pytest.mark.parametrize("name", NAMES)
def test_the_number_of_epochs_of_an_example_is_a_count(name):
    epochs = import_module(f"nn.examples.{name}").EPOCHS
    assert isinstance(epochs, int)
    assert epochs > 0


def test_no_file_with_a_run_is_left_out():
    with_run = {path.stem for path in FOLDER.glob("*.py") if "\ndef run(" in path.read_text()}
    assert set(examples()) == with_run


def test_the_list_shows_what_each_is(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["--list"])
    assert stopped.value.code == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == sorted(examples())
    for line, about in zip(lines, examples().values(), strict=True):
        assert line.endswith(about.splitlines()[0])
        assert about.splitlines()[0].endswith(".")


def test_what_makes_an_example(tmp_path):
    (tmp_path / "whole.py").write_text('"""What it is.\n\nMore."""\nEPOCHS = 3\ndef run(x): ...\n')
    (tmp_path / "typed.py").write_text("EPOCHS: int = 3\ndef run(x): ...\n")
    (tmp_path / "half.py").write_text("def run(x): ...\n")
    (tmp_path / "other.py").write_text("EPOCHS = 3\n")
    assert examples(tmp_path) == {"typed": "", "whole": "What it is.\n\nMore."}


def test_options_reach_the_example(monkeypatch, tmp_path):
    given = []
    module = import_module("nn.examples.perceptron")
    monkeypatch.setattr(module, "run", given.append)
    monkeypatch.chdir(tmp_path)
    assert main(["perceptron"]) == 0
    out = tmp_path / "elsewhere"
    options = ["--seed", "7", "--epochs", "2", "--out", str(out), "--small"]
    assert main(["perceptron", *options]) == 0
    assert given == [
        Example("perceptron", 0, None, Path("runs/perceptron"), False),
        Example("perceptron", 7, 2, out, True),
    ]


def test_the_demo_has_a_name_too(monkeypatch, tmp_path):
    given = []
    monkeypatch.setattr(import_module("nn.examples.digits"), "run", given.append)
    assert main(["digits", "--hidden", "3", "--out", str(tmp_path)]) == 0
    assert given == [settings.Settings(hidden=3, out=tmp_path)]


def test_help_tells_of_the_example(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["perceptron", "--help"])
    assert stopped.value.code == 0
    printed = capsys.readouterr().out
    assert examples()["perceptron"] in printed
    for option in ("--seed", "--epochs", "--out", "--small"):
        assert option in printed


def test_the_list_and_help_need_no_extras(run_python):
    for arguments in (["--list"], ["perceptron", "--help"]):
        for package in ("sklearn", "matplotlib"):
            assert "perceptron" in run_python(blocked(package, *arguments)).stdout


# What it refuses


@pytest.mark.parametrize(
    ("name", "meant"),
    [("perceptrn", "perceptron"), ("Perceptron", "perceptron"), ("digit", "digits")],
)
def test_an_unknown_name_near_a_known_one(name, meant, capsys):
    assert main([name, "--seed", "1"]) == 2
    complaint = capsys.readouterr().err
    assert f"there is no example {name!r}" in complaint
    assert meant in complaint.partition("Did you mean")[2]


@pytest.mark.parametrize("name", ["zzz", "settings", "nn.module", "../digits", ""])
def test_a_name_that_is_none(name, capsys):
    assert main([name]) == 2
    complaint = capsys.readouterr().err
    assert f"there is no example {name!r}" in complaint
    assert "python -m nn --list" in complaint


@pytest.mark.parametrize("package", ["sklearn", "matplotlib"])
def test_without_a_package_it_says_which_extra_to_install(package, run_python, tmp_path):
    done = run_python(blocked(package, "perceptron"), check=False)
    assert done.returncode == 1
    assert f"this needs {package}, which is not installed" in done.stderr
    assert "pip install 'glassgrad[examples]'" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "runs").exists()


def test_a_package_that_is_found_missing_late(monkeypatch, capsys, tmp_path):
    def run(chosen):
        from nn.extras import required

        required("no_such_package", "train", "it")

    monkeypatch.setattr(import_module("nn.examples.perceptron"), "run", run)
    assert main(["perceptron", "--out", str(tmp_path)]) == 1
    assert "this needs no_such_package" in capsys.readouterr().err


@pytest.mark.parametrize(
    "error", [ImportError("cannot import name"), ModuleNotFoundError("nn.gone", name="nn.gone")]
)
def test_a_fault_of_its_own_is_not_called_a_missing_package(error, monkeypatch, tmp_path):
    def run(chosen):
        raise error

    monkeypatch.setattr(import_module("nn.examples.perceptron"), "run", run)
    with pytest.raises(ImportError) as raised:
        main(["perceptron", "--out", str(tmp_path)])
    assert raised.value is error


@pytest.mark.parametrize("argument", ["--epochs=0", "--epochs=many", "--seed=-1", "--size=3"])
def test_a_bad_argument_is_named(argument, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["perceptron", argument])
    assert stopped.value.code == 2
    assert argument.partition("=")[0] in capsys.readouterr().err


def test_a_name_that_comes_late(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["--seed", "1", "perceptron"])
    assert stopped.value.code == 2
    assert "comes first, as in `python -m nn perceptron --seed 1`" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written(capsys, tmp_path):
    (tmp_path / "a file").touch()
    assert main(["perceptron", "--out", str(tmp_path / "a file")]) == 1
    assert f"cannot write to --out {tmp_path / 'a file'}: " in capsys.readouterr().err


def test_ctrl_c_ends_it_without_a_traceback(monkeypatch, capsys, tmp_path):
    def run(chosen):
        raise KeyboardInterrupt

    monkeypatch.setattr(import_module("nn.examples.perceptron"), "run", run)
    assert main(["perceptron", "--out", str(tmp_path)]) == 0
    assert "stopped before all was done" in capsys.readouterr().out
