"""``python -m nn``: it learns, leaves its pictures, and ends cleanly however it is ended."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread

from autograd import Graph
from nn import MLP, SGD
from nn.__main__ import main
from nn.examples import digits, pictures
from nn.examples.settings import Settings
from nn.functional import cross_entropy

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ["confusion.png", "curves.png", "neuron.svg", "predictions.png"]
SMALL = ["--samples", "200", "--epochs", "2"]
TINY = ["--samples", "20", "--epochs", "3"]
SPEED = (
    r"([\d,]+) scalar nodes became (\d+) array steps: a batch of (\d+), forward and backward, "
    r"takes ([\d.]+) ms; without @autograd.compile (\d+) ms, ([\d,]+) times as long"
)
EPOCH = r"epoch +(\d+) of (\d+): loss (\S+), train accuracy (\S+)%, test accuracy (\S+)%"


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A small run: its folder, what it printed, what it measured, and what it returned."""
    out = tmp_path_factory.mktemp("digits") / "new" / "folder"
    kept, printed = [], io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(printed):
        run = digits.run
        patch.setattr(digits, "run", lambda settings: kept.append(run(settings)))
        code = main([*SMALL, "--out", str(out)])
    return out, printed.getvalue(), kept[0], code


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def test_it_says_how_well_it_does_after_each_epoch(finished):
    _, printed, history, code = finished
    assert code == 0
    lines = re.findall(EPOCH, printed)
    assert [line[:2] for line in lines] == [("1", "2"), ("2", "2")]
    for i, (_, _, loss, train, test) in enumerate(lines):
        assert float(loss) == pytest.approx(history.loss[i], abs=5e-5)
        assert float(train) == pytest.approx(100 * history.train_accuracy[i], abs=0.05)
        assert float(test) == pytest.approx(100 * history.test_accuracy[i], abs=0.05)
    assert f"test accuracy {lines[-1][4]}%" in printed.splitlines()
    assert "160 digits to learn from, 40 held out" in printed
    assert "64-16-10 of 1210 weights" in printed


def test_it_learns(finished):
    _, _, history, _ = finished
    assert history.loss[1] < history.loss[0] < np.log(10)
    assert history.test_accuracy[1] > 0.5  # a guess would be right in one of ten


def test_it_leaves_its_pictures(finished):
    out, printed, _, _ = finished
    assert files(out) == PICTURES
    assert str(out) in printed
    for name in PICTURES[:2] + PICTURES[3:]:
        assert (out / name).read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
        image = imread(out / name)
        assert min(image.shape[:2]) > 300
        assert len(np.unique(image)) > 50, "something is drawn"


def test_the_picture_of_a_neuron_shows_its_graph(finished):
    root = ET.parse(finished[0] / "neuron.svg").getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    words = [word.strip() for word in root.itertext() if word.strip()]
    assert {"b", *(f"w[{i}]" for i in range(16))} <= set(words)
    assert any(re.fullmatch(r"score of \d", word) for word in words)
    gradients = [words[i + 1] for i, word in enumerate(words[:-1]) if word == "grad"]
    assert len([gradient for gradient in gradients if re.search(r"\d", gradient)]) > 30


def test_the_same_result_each_time(finished, tmp_path):
    again = digits.run(Settings(samples=200, epochs=2, out=tmp_path))
    assert again == finished[2]
    assert (tmp_path / "neuron.svg").read_text() == (finished[0] / "neuron.svg").read_text()


def test_another_seed_gives_another_result(finished):
    settings = Settings(samples=200, epochs=1, seed=1)
    history = digits.train(MLP(64, [16, 10], "tanh", seed=1), digits.load(settings), settings)
    assert history.loss[0] != finished[2].loss[0]


def test_held_out_digits_are_held_out():
    data = digits.load(Settings())
    assert (len(data.train_x), len(data.test_x)) == (1437, 360)
    train = set(map(tuple, data.train_x))
    assert not any(tuple(image) in train for image in data.test_x)
    assert (data.train_x.min(), data.train_x.max()) == (0.0, 1.0)
    assert data.train_x.dtype == np.float64


def test_a_step_follows_the_gradient_of_the_mean_over_its_batch():
    data = digits.load(Settings(samples=20))
    model = MLP(64, [4, 10], "tanh", init="xavier", seed=0)
    order, size = [3, 1, 2, 0, 5], 3  # in batches of three and of two
    still = SGD(model.parameters(), lr=0.0)
    loss = digits.train_epoch(model, data, order, size, still)
    found = [p.grad for p in model.parameters()]

    scores, truth = [model(image) for image in data.train_x[order]], data.train_y[order]
    model.zero_grad()
    cross_entropy(scores[size:], truth[size:]).backward()
    np.testing.assert_allclose(found, [p.grad for p in model.parameters()], rtol=1e-12, atol=1e-15)
    assert loss == pytest.approx(cross_entropy(scores, truth).data, rel=1e-14)


def test_the_answer_is_the_digit_with_the_highest_score():
    data = digits.load(Settings(samples=20))
    model = MLP(64, [4, 10], "tanh", init="xavier", seed=0)
    scores = [[score.data for score in model(image)] for image in data.train_x]
    answers = [row.index(max(row)) for row in scores]
    assert digits.predict(model, data.train_x).tolist() == answers
    right = sum(a == t for a, t in zip(answers, data.train_y, strict=True))
    assert digits.accuracy(model, data.train_x, data.train_y) == right / len(answers)


def test_it_says_what_the_compiler_made_of_it(finished):
    found = re.search(SPEED, finished[1])
    nodes, steps, batch, fast, slow, times = (
        float(number.replace(",", "")) for number in found.groups()
    )
    model = MLP(64, [16, 10], "tanh", seed=0)
    data = digits.load(Settings(samples=200))
    loss = digits.batch_loss.__wrapped__(model, data.train_x[:16], data.train_y[:16])
    assert nodes == pytest.approx(sum(node.op is not None for node in Graph(loss)), rel=0.05)
    assert batch == 16
    assert len(re.findall(r"^  s\d+ = ", finished[1], re.MULTILINE)) == steps, "each is listed"
    assert steps < 30
    assert times == pytest.approx(slow / fast, rel=0.2)
    assert times > 20, "measured on a machine that does other things, too"


def test_the_compiler_makes_one_program_for_each_size_of_a_batch():
    digits.batch_loss.cache_clear()
    settings = Settings(samples=50, epochs=3)
    digits.train(MLP(64, [10], seed=0), digits.load(settings), settings)
    assert digits.batch_loss.cache_info()[:2] == (7, 2), "40 in three batches: 16, 16 and 8"
    digits.batch_loss.cache_clear()


def test_each_epoch_has_an_order_and_a_rate_of_its_own(monkeypatch):
    seen = []

    def spy(model, data, order, batch, optimizer):
        seen.append((tuple(order), optimizer.lr))
        return 0.0

    monkeypatch.setattr(digits, "train_epoch", spy)
    settings = Settings(samples=20, epochs=4, lr=0.08)
    digits.train(MLP(64, [10], seed=0), digits.load(settings), settings)
    assert [rate for _, rate in seen] == pytest.approx([0.08, 0.06, 0.04, 0.02])
    assert len({order for order, _ in seen}) == 4
    assert all(sorted(order) == list(range(16)) for order, _ in seen)


@pytest.mark.parametrize("option", [["--hidden", "1"], ["--samples", "2"], ["--batch", "999"]])
def test_small_and_large_settings(option, tmp_path):
    assert main([*TINY, *option, "--out", str(tmp_path)]) == 0
    assert files(tmp_path) == PICTURES


# Ctrl-C


def interrupting(function, call):
    """`function`, but Ctrl-C strikes in that call of it."""
    calls = []

    def interrupted(*arguments, **settings):
        calls.append(1)
        if len(calls) == call:
            raise KeyboardInterrupt
        return function(*arguments, **settings)

    return interrupted


def test_ctrl_c_in_training_keeps_what_was_learned(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(digits, "train_epoch", interrupting(digits.train_epoch, 2))
    assert main([*TINY, "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert len(re.findall(EPOCH, printed)) == 1
    assert "stopped in epoch 2" in printed
    assert files(tmp_path) == PICTURES


def test_ctrl_c_before_the_first_epoch_is_done(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(digits, "train_epoch", interrupting(digits.train_epoch, 1))
    assert main([*TINY, "--out", str(tmp_path)]) == 0
    assert "stopped in epoch 1" in capsys.readouterr().out
    assert "curves.png" not in files(tmp_path)


@pytest.mark.parametrize(
    ("room", "name", "call"),
    [(digits, "load", 1), (digits, "predict", 7), (pictures, "confusion", 1)],
    ids=["while loading", "after training", "while drawing"],
)
def test_ctrl_c_at_any_other_time(room, name, call, monkeypatch, tmp_path):
    monkeypatch.setattr(room, name, interrupting(getattr(room, name), call))
    try:
        code = main([*TINY, "--out", str(tmp_path)])
    except KeyboardInterrupt:  # which would end the test session, too
        pytest.fail("Ctrl-C ended the program with a traceback")
    assert isinstance(code, int)


def test_ctrl_c_while_the_extras_are_imported(run_python):
    done = run_python(without_extras(error="KeyboardInterrupt"), check=False)
    assert "Traceback" not in done.stderr


def test_a_real_ctrl_c(finished, tmp_path):
    # A shell may start the tests with SIGINT ignored, and a child inherits that.
    code = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from nn.__main__ import main; sys.exit(main(sys.argv[1:]))"
    )
    options = ["--samples", "200", "--epochs", "100000", "--out", str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    command = [sys.executable, "-c", code, *options]
    with subprocess.Popen(command, env=environment, **pipes) as process:
        try:
            first = next((line for line in process.stdout if line.startswith("epoch")), "")
            process.send_signal(signal.SIGINT)
            printed, complaints = process.communicate(timeout=60)
        finally:
            process.kill()
    assert "Traceback" not in complaints
    assert process.returncode == 0
    assert "stopped in epoch" in printed
    assert files(tmp_path) == PICTURES
    here, there = (re.search(EPOCH, text).groups() for text in (finished[1], first))
    assert here[2:] == there[2:], "another process gets the same numbers"


# Without the extras


def without_extras(
    *arguments,
    missing=("sklearn", "matplotlib"),
    error="ModuleNotFoundError(f'No module named {name!r}', name=name)",
):
    """A program that runs ``python -m nn`` where some packages are not installed."""
    return (
        "import runpy, sys\n"
        "class Missing:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name.partition('.')[0] in {missing!r}:\n"
        f"            raise {error}\n"
        "sys.meta_path.insert(0, Missing())\n"
        f"sys.argv = ['nn', *{json.dumps(arguments)}]\n"
        "runpy.run_module('nn', run_name='__main__')\n"
    )


def test_help_needs_no_extras(run_python):
    done = run_python(without_extras("--help"))
    assert done.stdout.startswith("usage: python -m nn")
    for option in ("--epochs", "--hidden", "--lr", "--batch", "--samples", "--seed", "--out"):
        assert option in done.stdout
    assert "runs/digits" in done.stdout, "defaults are shown"


@pytest.mark.parametrize("package", ["sklearn", "matplotlib"])
def test_without_an_extra_it_says_what_to_install(package, run_python, tmp_path):
    done = run_python(without_extras("--out", "runs", missing=(package,)), check=False)
    assert done.returncode == 1
    assert f"this needs {package}, which is not installed" in done.stderr
    assert "pip install 'glassgrad[demo]'" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "runs").exists()


# Bad arguments


NUMBERS = ["--epochs=0", "--epochs=many", "--hidden=-1", "--batch=0", "--lr=-0.1", "--lr=nan"]
NUMBERS += ["--samples=1"]  # one to learn from and one to test on is the least
NUMBERS += ["--seed=-1", "--seed=99999999999"]  # scikit-learn takes 32 bits


@pytest.mark.parametrize("argument", NUMBERS)
def test_a_bad_argument_is_named(argument, capsys, tmp_path):
    with pytest.raises(SystemExit) as stopped:
        main([*TINY, "--out", str(tmp_path), argument])
    assert stopped.value.code == 2
    assert f"argument {argument.partition('=')[0]}: " in capsys.readouterr().err
    assert files(tmp_path) == []


@pytest.mark.parametrize("out", ["a file", "a file/below", "/proc"])
def test_a_folder_that_cannot_be_written_is_found_before_training(
    out, capsys, monkeypatch, tmp_path
):
    (tmp_path / "a file").touch()
    monkeypatch.setattr(digits, "run", lambda settings: pytest.fail("it began to train"))
    assert main(["--out", str(tmp_path / out)]) == 1
    assert f"cannot write to --out {tmp_path / out}: " in capsys.readouterr().err
