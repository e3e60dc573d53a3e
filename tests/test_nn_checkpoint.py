"""Trainings that go on from a file, to the same bits."""

import numpy as np
import pytest
from trainings import (
    Halving,
    Net,
    ScalarLine,
    T,
    X,
    Y,
    bits,
    close_by,
    loader,
    mse,
    quietly,
    scalar_mse,
)

import autograd
import nn
from nn import MLP, Adam, Checkpoint, EarlyStopping


def blur(x, generator):
    return x + 0.01 * generator.standard_normal(x.shape)


def set_up(kind, seed):
    """A training with all that can have a state, from a seed."""
    autograd.manual_seed(seed)
    model = {
        "tensors": lambda: Net(seed, noise=0.1),
        "mlp": lambda: MLP(3, [4, 2], "tanh", seed=seed),
        "scalars": ScalarLine,
    }[kind]()
    if kind == "scalars":
        model.b.data = float(seed)
    optimizer = Adam(model.parameters(), 0.05)
    scalar = kind == "scalars"
    data = loader(X, T if scalar else Y, seed=seed, transform=blur)
    loss = scalar_mse if scalar else autograd.cross_entropy
    settings = {
        "validation": (X, T if scalar else Y),
        "schedule": Halving(optimizer),
        "metrics": close_by if scalar else "accuracy",
    }
    return model, data, loss, optimizer, settings


@pytest.mark.parametrize("kind", ["tensors", "mlp", "scalars"])
@pytest.mark.parametrize("order", [1, -1])
def test_a_training_goes_on_to_the_same_bits(kind, order, tmp_path):
    path = tmp_path / "training.safetensors"

    def run(seed, epochs, resume):
        model, data, loss, optimizer, settings = set_up(kind, seed)
        stopping = EarlyStopping(patience=3)
        callbacks = [Checkpoint(path, resume=resume), stopping][::order]
        settings |= {"callbacks": callbacks, "epochs": epochs}
        history = quietly(model, data, loss, optimizer, **settings)
        return model, optimizer, stopping, history

    whole, _, _, expected = run(1, 6, resume=False)
    random = autograd.rand(2).tolist()
    run(1, 3, resume=False)
    model, optimizer, stopping, history = run(2, 6, resume=True)
    assert autograd.rand(2).tolist() == random
    assert bits(model) == bits(whole)
    assert history.epochs == expected.epochs
    assert history.notes == expected.notes
    assert (stopping.best_epoch, optimizer.lr) == (6, 0.05 / 2**6)


OPTIMIZERS = {
    "SGD": lambda p: nn.SGD(p, 0.05, momentum=0.9, nesterov=True),
    "AdamW": lambda p: nn.AdamW(p, 0.05, amsgrad=True),
    "RMSprop": lambda p: nn.RMSprop(p, 0.01, momentum=0.5, centered=True),
    "Adagrad": lambda p: nn.Adagrad(p, 0.05, lr_decay=0.1),
}
SCHEDULES = {
    "cosine": lambda o: nn.CosineAnnealingLR(o, T_max=5),
    "plateau": lambda o: nn.ReduceLROnPlateau(o, patience=0, threshold=0.5),
    "one cycle": lambda o: nn.OneCycleLR(o, 0.1, total_steps=12, cycle_momentum=False),
    "in a row": lambda o: nn.SequentialLR(
        o, [nn.LinearLR(o, total_iters=2), nn.ExponentialLR(o, 0.7)], milestones=[2]
    ),
}


@pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS)
@pytest.mark.parametrize("slow", SCHEDULES.values(), ids=SCHEDULES)
def test_every_optimiser_and_schedule_goes_on_to_the_same_bits(make, slow, tmp_path):
    path = tmp_path / "training.safetensors"

    def run(seed, epochs, resume):
        model, data, loss, _, settings = set_up("tensors", seed)
        optimizer = make(model.parameters())
        settings |= {"schedule": slow(optimizer), "epochs": epochs}
        callbacks = [Checkpoint(path, resume=resume)]
        return model, quietly(model, data, loss, optimizer, callbacks=callbacks, **settings)

    whole, expected = run(1, 6, resume=False)
    run(1, 3, resume=False)
    model, history = run(2, 6, resume=True)
    assert bits(model) == bits(whole)
    assert history.epochs == expected.epochs


def test_a_checkpoint_is_a_model_that_can_be_read(tmp_path):
    path = tmp_path / "training.safetensors"
    model, data, loss, optimizer, settings = set_up("tensors", 0)
    settings |= {"callbacks": [Checkpoint(path, every=2)], "epochs": 3}
    quietly(model, data, loss, optimizer, **settings)
    state = nn.load(path)
    np.testing.assert_array_equal(state["model.first.weight"], model.first.weight.data)


def test_a_checkpoint_is_written_every_so_often_and_at_the_end(tmp_path, monkeypatch):
    written = []
    monkeypatch.setattr(
        nn.training.callbacks, "_write", lambda run, path: written.append(run.epoch)
    )
    model, data, loss, optimizer, settings = set_up("tensors", 0)
    settings |= {"callbacks": [Checkpoint(tmp_path / "a.safetensors", every=3)], "epochs": 7}
    quietly(model, data, loss, optimizer, **settings)
    assert written == [3, 6, 7]


def test_what_was_done_is_not_done_again(tmp_path):
    path = tmp_path / "training.safetensors"
    for _ in range(2):
        model, data, loss, optimizer, settings = set_up("tensors", 0)
        settings |= {"callbacks": [Checkpoint(path, resume=True)], "epochs": 2}
        history = quietly(model, data, loss, optimizer, **settings)
        assert (len(history), model.calls.data) == (2, 10)


def test_a_checkpoint_that_does_not_fit_changes_nothing(tmp_path):
    path = tmp_path / "training.safetensors"
    model, data, loss, optimizer, settings = set_up("tensors", 0)
    quietly(model, data, loss, optimizer, callbacks=[Checkpoint(path)], **settings)

    model, data, loss, optimizer, settings = set_up("mlp", 1)
    before = bits(model), data.state_dict(), autograd.get_rng_state()
    with pytest.raises(ValueError, match="does not fit MLP") as caught:
        quietly(model, data, loss, optimizer, callbacks=[Checkpoint(path, resume=True)], **settings)
    assert "is not of this model and these parts" in caught.value.__notes__[0]
    assert (bits(model), data.state_dict(), autograd.get_rng_state()) == before

    del settings["schedule"]
    with pytest.raises(ValueError, match="was of optimizer, schedule, data, and this one is of"):
        quietly(model, data, loss, optimizer, callbacks=[Checkpoint(path, resume=True)], **settings)
    nn.save(model, path)
    with pytest.raises(ValueError, match="holds a state, but no training"):
        quietly(model, data, loss, optimizer, callbacks=[Checkpoint(path, resume=True)], **settings)
    assert bits(model) == before[0]


def test_what_cannot_be_kept_is_said_before_the_training(tmp_path):
    class Stateless:
        def step(self):
            raise AssertionError

        zero_grad = step

    with pytest.raises(TypeError, match="cannot keep Stateless, which has no state_dict"):
        quietly(Net(), (X, Y), mse, Stateless(), callbacks=[Checkpoint(tmp_path / "a.safetensors")])
    with pytest.raises(ValueError, match=r"ends in \.safetensors, unlike 'run\.pt'"):
        Checkpoint("run.pt")
    with pytest.raises(ValueError, match="every is a number of epochs of at least 1"):
        Checkpoint("run.safetensors", every=0)
