"""Callbacks: when they are called, early stopping, and the bar."""

import inspect
import os

import numpy as np
import pytest
from trainings import Halving, Net, X, Y, loader, mse, quietly

import autograd
import nn
from nn import (
    SGD,
    EarlyStopping,
    fit,
)

# Callbacks


def test_hooks_are_called_in_order():
    calls = []

    class Told:
        def __init__(self, name):
            self.name = name

        def __getattr__(self, hook):
            if not hook.startswith("on_"):
                raise AttributeError(hook)
            return lambda run: calls.append((self.name, hook, run.epoch, run.batch))

        def __dir__(self):
            return nn.training.run.HOOKS

    model = Net()
    settings = {"epochs": 2, "callbacks": [Told("a"), Told("b")], "accumulate": 2}
    quietly(model, loader(size=10), autograd.cross_entropy, SGD(model.parameters()), **settings)
    of_a = [(hook[3:], epoch, batch) for name, hook, epoch, batch in calls if name == "a"]
    epoch = [
        ("epoch_start", 0, 0),
        ("batch_end", 0, 2),
        ("batch_end", 0, 4),
        ("epoch_end", 1, 0),
        ("epoch_done", 1, 0),
    ]
    second = [(hook, number + 1, batch) for hook, number, batch in epoch]
    assert of_a == [("fit_start", 0, 0), *epoch, *second, ("fit_end", 2, 0)]
    assert [name for name, *_ in calls] == ["a", "b"] * len(of_a)


def test_a_callback_may_stop_it():
    class Stop:
        def on_epoch_end(self, run):
            if run.epoch == 2:
                run.stop("enough")

    model = Net()
    optimizer = SGD(model.parameters())
    settings = {"epochs": 9, "callbacks": [Stop()]}
    history = quietly(model, loader(), autograd.cross_entropy, optimizer, **settings)
    assert len(history) == 2
    assert history.notes[-1] == "enough"


@pytest.mark.parametrize("wrong", [object(), type("Typo", (), {"on_epoch_ended": print})()])
def test_a_callback_that_would_never_be_called(wrong):
    model = Net()
    with pytest.raises(TypeError, match="a callback has some of the methods on_fit_start"):
        quietly(model, (X, Y), mse, SGD(model.parameters()), callbacks=[wrong])


class Script:
    """Sets what is measured, and makes each epoch's model another."""

    def __init__(self, name, numbers):
        self.name, self.numbers = name, numbers

    def on_epoch_end(self, run):
        run.history[-1][self.name] = self.numbers[run.epoch - 1]
        run.model.first.bias.data = np.full(5, float(run.epoch))


@pytest.mark.parametrize(
    ("name", "numbers", "settings", "epochs", "best"),
    [
        ("val_loss", [3, 2, 2.5, 2.2, 1], {"patience": 2}, 4, 2),
        ("val_loss", [3, 2, 1.5, 1.2, 1], {"patience": 2}, 5, 5),
        ("accuracy", [0.1, 0.9, 0.5, 0.2, 1], {"patience": 2, "monitor": "accuracy"}, 4, 2),
        ("val_loss", [3, 2, 1.95, 1.92, 1], {"patience": 2, "min_delta": 0.5}, 4, 2),
        ("f1", [1, 2, 1, 1, 1], {"patience": 3, "monitor": "f1", "mode": "max"}, 5, 2),
        ("val_loss", [np.nan, 2, 3, 4, 1], {"patience": 2}, 4, 2),
        ("val_loss", [np.nan] * 5, {"patience": 2}, 2, 0),
    ],
)
@pytest.mark.parametrize("restore", [True, False])
def test_early_stopping(name, numbers, settings, epochs, best, restore):
    model = Net()
    stopping = EarlyStopping(**settings, restore_best=restore)
    callbacks = [Script(name, numbers), stopping]
    optimizer = SGD(model.parameters())
    for _ in range(2):  # one that was used before begins anew
        history = quietly(
            model, loader(), autograd.cross_entropy, optimizer, epochs=5, callbacks=callbacks
        )
        assert (len(history), stopping.best_epoch) == (epochs, best)
        assert model.first.bias.data[0] == (best if restore and best else epochs)
        said = f"epoch {epochs}: {name} was {f'best in epoch {best}' if best else 'never a number'}"
        assert (f"stopped early after {said}" in history.notes) == (
            epochs - best >= stopping.patience
        )


@pytest.mark.parametrize(
    ("settings", "error", "match"),
    [
        ({"monitor": "f1"}, KeyError, "monitors 'f1', but there is loss"),
        ({"monitor": "lr"}, ValueError, "whether more of 'lr' is better is not known"),
    ],
)
def test_early_stopping_needs_to_know_what_is_better(settings, error, match):
    model = Net()
    optimizer = SGD(model.parameters())
    callbacks = [EarlyStopping(**settings)]
    rest = {"schedule": Halving(optimizer), "callbacks": callbacks}
    with pytest.raises(error, match=match):
        quietly(model, (X, Y), autograd.cross_entropy, optimizer, **rest)


# The bar


def test_a_bar_shows_how_far_it_is(capsys):
    model = Net()
    history = fit(model, loader(), autograd.cross_entropy, SGD(model.parameters()), epochs=3)
    out, shown = capsys.readouterr()
    assert out == ""
    assert "epoch 3/3: 100%" in shown
    assert "15/15" in shown
    assert f"loss={history[-1]['loss']:.4g}, eager" in shown


def test_the_bar_is_closed_after_an_error_too(capsys):
    model = Net()
    for _ in range(2):
        with pytest.raises(ValueError, match="shape"):
            fit(model, (X, Y), lambda output, target: output.reshape(3, 7), SGD(model.parameters()))
    assert capsys.readouterr().err.endswith("\n")


@pytest.mark.parametrize(
    ("missing", "use", "message"),
    [
        (
            "tqdm",
            "nn.fit(m, ([[1.0]], [1.0]), nn.functional.mse_loss, nn.SGD(m.parameters()))",
            "nn.fit's progress bar (progress=False goes without) needs tqdm",
        ),
        ("pandas", "nn.History([{'loss': 1.0}]).frame()", "History.frame needs pandas"),
        ("matplotlib", "nn.History([{'loss': 1.0}]).plot()", "History.plot needs matplotlib"),
        ("sklearn", "nn.NeuralClassifier()", "an estimator needs sklearn"),
    ],
)
def test_a_missing_package_is_named_with_the_extra_that_brings_it(
    run_python, missing, use, message
):
    code = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "import nn\n"
        "m = nn.MLP(1, [1])\n"
        f"try: {use}\n"
        "except ImportError as error: print(error)\n"
    )
    assert run_python(code).stdout.strip() == f"{message}: pip install 'glassgrad[train]'"


def test_the_documentation_names_every_hook():
    doc = inspect.getdoc(nn.Run)
    assert [hook for hook in nn.training.run.HOOKS if f"``{hook}(run)``" not in doc] == []
    assert os.path.exists(inspect.getsourcefile(nn.Run))
