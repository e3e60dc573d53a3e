"""`fit` compiles scalar code by itself, and says so; nothing else changes by it."""

import numpy as np
import pytest
from trainings import Net, Plain, ScalarLine, T, X, bits, close_by, loader, quietly, scalar_mse

import autograd
from autograd import Tensor
from nn import MLP, SGD, Adam


def test_scalar_code_is_compiled_by_itself_and_gives_the_same():
    def trained(compile):
        model = ScalarLine()
        optimizer = Adam(model.parameters(), 0.05)
        data, settings = loader(X, T, size=12), {"epochs": 3, "validation": (X, T)}
        history = quietly(
            model, data, scalar_mse, optimizer, compile=compile, metrics=close_by, **settings
        )
        return model, history

    (fast, measured), (slow, expected) = trained("auto"), trained(False)
    assert measured.notes == ["compiled: its parameters are Values"]
    assert expected.notes == ["not compiled, as asked for"]
    for mine, theirs in zip(fast.parameters(), slow.parameters(), strict=True):
        assert mine.data == pytest.approx(theirs.data, rel=1e-12)
    for name in expected.names:
        assert measured[name] == pytest.approx(expected[name], rel=1e-12)


def test_each_mode_is_traced_once_for_each_size():
    model, traced = ScalarLine(), []

    def loss(output, target):
        traced.append((model.training, len(output)))
        return scalar_mse(output, target)

    optimizer = SGD(model.parameters(), 0.01)
    quietly(model, loader(X, T, size=16), loss, optimizer, epochs=4, validation=(X, T))
    assert traced == [(True, 16), (True, 8), (False, 32), (False, 8)]


@pytest.mark.parametrize("compile", ["auto", False, True])
def test_networks_of_tensors_and_of_rows_give_the_same_however_they_run(compile):
    def trained(make, compile):
        autograd.manual_seed(4)
        model = make()
        settings = {"epochs": 2, "metrics": "accuracy", "compile": compile}
        optimizer = SGD(model.parameters(), 0.1)
        history = quietly(model, loader(), autograd.cross_entropy, optimizer, **settings)
        return model, history

    for make in (lambda: MLP(3, [4, 2], "tanh", seed=0), Plain):
        (one, first), (other, second) = trained(make, compile), trained(make, False)
        for name, array in one.state_dict().items():
            np.testing.assert_allclose(array, other.state_dict()[name], rtol=1e-10)
        assert first["accuracy"] == second["accuracy"]
        assert first.notes[0].startswith("compiled" if compile is True else "not compiled")


def test_what_cannot_be_traced_runs_as_it_is_and_the_reason_is_said():
    class Deciding(ScalarLine):
        def forward(self, x):
            return [y if y > 0 else 0.5 * y for y in super().forward(x)]

    def trained(compile):
        model = Deciding()
        history = quietly(model, loader(X, T), scalar_mse, SGD(model.parameters()), compile=compile)
        return bits(model), history.notes

    expected, _ = trained(False)
    found, (note,) = trained("auto")
    assert found == expected
    assert note.startswith("not compiled, for it cannot be traced: ")
    assert "y if y > 0" in note


class Noting(Plain):
    def __init__(self):
        super().__init__()
        self.register_buffer("rows", Tensor(0))

    def forward(self, x):
        self.rows = Tensor(len(x))
        return super().forward(x)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: Net(noise=0.1), "asks for a number that differs"),
        (Noting, "sets its 'rows' in a compiled function"),
    ],
)
def test_a_trace_that_fails_leaves_nothing_behind(make, reason):
    def trained(compile):
        autograd.manual_seed(0)
        model = make()
        optimizer = SGD(model.parameters(), 0.1)
        history = quietly(model, loader(), autograd.cross_entropy, optimizer, compile=compile)
        return bits(model), history.notes[0]

    (eager, _), (tried, note) = trained(False), trained(True)
    assert note.startswith("not compiled, for it cannot be traced")
    assert reason in note
    assert tried == eager
