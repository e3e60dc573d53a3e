"""`fit`: what a loop written by hand would do, what it measures, and how it ends."""

import itertools
import re

import matplotlib as mpl
import numpy as np
import pytest
from trainings import Halving, Linear, Net, T, X, Y, bits, close_by, loader, mse, quietly

import autograd
import nn
from autograd import Tensor, Value
from nn import MLP, SGD, Adam, DataLoader, DivergedError, History, Module, fit

# The loop


def by_hand(model, optimizer, data, loss, epochs):
    losses = []
    for _ in range(epochs):
        total = 0.0
        for x, y in data:
            optimizer.zero_grad()
            found = loss(model(x), y)
            found.backward()
            optimizer.step()
            total += found.data.item() * len(x)
        losses.append(total / len(data.dataset))
    return losses


@pytest.mark.parametrize("size", [8, 7, 40, 100])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_it_is_the_loop_that_one_writes_by_hand(size, dtype):
    ours, theirs = Net(noise=0.1, dtype=dtype), Net(noise=0.1, dtype=dtype)
    x = X.astype(dtype)
    autograd.manual_seed(1)
    losses = by_hand(
        theirs, Adam(theirs.parameters(), 0.05), loader(x, size=size), autograd.cross_entropy, 3
    )
    autograd.manual_seed(1)
    optimizer = Adam(ours.parameters(), 0.05)
    history = quietly(ours, loader(x, size=size), autograd.cross_entropy, optimizer, epochs=3)
    assert bits(ours) == bits(theirs)
    assert history["loss"] == losses
    assert losses[-1] < losses[0]
    assert ours.first.weight.dtype == dtype


def test_data_may_be_arrays_a_loader_or_batches():
    def trained(data, **settings):
        autograd.manual_seed(3)
        model = Net()
        data = data() if callable(data) else data
        quietly(model, data, autograd.cross_entropy, SGD(model.parameters(), 0.1), **settings)
        return bits(model)

    class Batches:
        def __iter__(self):
            return iter([(X[:20], Y[:20]), (X[20:], Y[20:])])

    assert trained((X, Y), batch_size=40) == trained(lambda: DataLoader((X, Y), 40, shuffle=True))
    assert trained({"x": X, "y": Y}, batch_size=8) == trained((X, Y), batch_size=8)
    assert trained(Batches()) == trained(DataLoader((X, Y), 20))


def test_a_model_of_two_inputs():
    class Both(Module):
        def __init__(self):
            self.line = Linear(6, 1, 0)

        def forward(self, a, b):
            return self.line(autograd.cat([a, b], 1)).reshape(-1)

    model = Both()
    optimizer = Adam(model.parameters(), 0.05)
    history = quietly(model, (X, X**2, T), mse, optimizer, epochs=40)
    assert history[-1]["loss"] < history[0]["loss"] / 5


@pytest.mark.parametrize("accumulate", [2, 3, 5])
def test_accumulated_batches_are_one_big_batch(accumulate):
    def trained(size, accumulate):
        model = Net()
        data = DataLoader((X[:38], Y[:38]), size)
        settings = {"epochs": 2, "accumulate": accumulate, "metrics": "accuracy"}
        history = quietly(
            model, data, autograd.cross_entropy, SGD(model.parameters(), 0.5), **settings
        )
        return model.state_dict(), history

    big, whole = trained(4 * accumulate, 1)
    small, parts = trained(4, accumulate)  # the last group is smaller, and its last batch, too
    for name in ("first.weight", "second.bias"):
        np.testing.assert_allclose(small[name], big[name], rtol=1e-12)
    np.testing.assert_allclose(parts["loss"], whole["loss"], rtol=1e-12)
    np.testing.assert_allclose(parts["accuracy"], whole["accuracy"], rtol=1e-12)


@pytest.mark.parametrize("make", [Net, lambda: MLP(3, [4, 2], "tanh", seed=0)])
def test_gradients_are_clipped(make):
    model, norms = make(), []

    class Norms:
        def on_batch_end(self, run):
            gradients = [np.ravel(p.grad) for p in model.parameters()]
            norms.append(np.linalg.norm(np.concatenate(gradients)))

    quietly(
        model,
        (100.0 * X, Y),
        autograd.cross_entropy,
        SGD(model.parameters(), 1e-3),
        clip_grad_norm=0.5,
        callbacks=[Norms()],
    )
    assert max(norms) == pytest.approx(0.5, rel=1e-4)


@pytest.mark.parametrize(("max_norm", "expected"), [(1.0, 1.0), (13.0, 13.0), (100.0, 13.0)])
def test_clipping_by_the_norm_of_values_and_tensors_together(max_norm, expected):
    v, t = Value(0.0), Tensor(np.zeros(2, np.float32), requires_grad=True)
    (3.0 * v + (t * Tensor([4.0, 12.0])).sum()).backward()
    assert nn.clip_grad_norm_([v, t, Value(1.0)], max_norm) == pytest.approx(13.0)
    assert np.hypot(v.grad, np.linalg.norm(t.grad)) == pytest.approx(expected, rel=1e-5)
    assert v.grad / t.grad[0] == pytest.approx(0.75)
    assert (type(v.grad), t.grad.dtype) == (float, np.float32)
    nn.clip_grad_value_([v, t], 0.01)
    assert (v.grad, t.grad.tolist()) == (0.01, pytest.approx([0.01, 0.01]))


# What is measured


def test_validation_and_metrics():
    model = Net(noise=5.0)
    x, y = X[:10], Y[:10]
    history = quietly(
        model,
        loader(),
        autograd.cross_entropy,
        Adam(model.parameters(), 0.05),
        epochs=2,
        validation=(x, y),
        metrics=["accuracy"],
        batch_size=3,
    )
    assert [*history[0]] == ["loss", "accuracy", "val_loss", "val_accuracy"]
    model.eval()
    output = model(x)
    assert history[-1]["val_loss"] == pytest.approx(autograd.cross_entropy(output, y).item())
    assert history[-1]["val_accuracy"] == (output.data.argmax(1) == y).mean()
    assert model.calls.data == 10  # validation neither trained nor counted


def test_validation_records_nothing_and_modes_are_put_back():
    seen = []

    class Watched(Net):
        def forward(self, x):
            seen.append((self.training, autograd.is_recording()))
            return super().forward(x)

    model = Watched()
    model.first.eval()
    optimizer = SGD(model.parameters())
    quietly(model, (X, Y), autograd.cross_entropy, optimizer, validation=(X, Y), batch_size=40)
    assert seen == [(True, True), (False, False)]
    assert (model.training, model.first.training, model.second.training) == (True, False, True)


@pytest.mark.parametrize(
    ("metrics", "names"),
    [
        ("accuracy", ["accuracy"]),
        (close_by, ["close_by"]),
        ([close_by, "accuracy"], ["close_by", "accuracy"]),
        ({"near": close_by}, ["near"]),
        (None, []),
    ],
)
def test_metrics_have_names(metrics, names):
    model = MLP(3, [1], seed=0)
    optimizer = SGD(model.parameters(), 0.01)
    history = quietly(model, (X, T), mse, optimizer, metrics=metrics)
    assert [*history[0]] == ["loss", *names]


@pytest.mark.parametrize(
    ("output", "target", "share"),
    [
        ([[1.0, 2.0], [3.0, 0.0]], [1, 1], 0.5),
        ([[1.0, 2.0], [3.0, 0.0]], [[0.0, 1.0], [1.0, 0.0]], 1.0),
        ([-0.5, 2.0, 1.0], [0, 1, 0], 2 / 3),
        ([[-0.5], [2.0]], [-1.0, 1.0], 1.0),
    ],
)
def test_accuracy(output, target, share):
    assert nn.accuracy(output, target) == share


def test_the_history_reads_as_a_list_a_table_and_a_picture(monkeypatch):
    epochs = [{"loss": 2.0, "acc": 0.5, "val_loss": 3.0}, {"loss": 1.0, "acc": 0.75, "val_loss": 2}]
    history = History(epochs, ["compiled"])
    assert list(history) == epochs
    assert (history[-1], history[:1], len(history)) == (epochs[1], epochs[:1], 2)
    assert history["loss"] == [2.0, 1.0]
    assert repr(history) == "History(2 epochs: loss 2 → 1, acc 0.5 → 0.75, val_loss 3 → 2)"
    assert str(history).splitlines() == [
        "epoch  loss   acc  val_loss",
        "    1     2   0.5         3",
        "    2     1  0.75         2",
        "compiled",
    ]
    with pytest.raises(KeyError, match="'accuracy' was not measured; there is loss, acc, val_loss"):
        history["accuracy"]
    frame = history.frame()
    assert (frame.index.tolist(), frame.columns.tolist()) == ([1, 2], ["loss", "acc", "val_loss"])
    assert frame.loc[2, "acc"] == 0.75
    with mpl.rc_context({"backend": "agg"}):
        loss, acc = history.plot()
        curves = {line.get_label(): line.get_ydata().tolist() for line in loss.get_lines()}
        assert curves == {"training": [2.0, 1.0], "validation": [3.0, 2.0]}
        assert (acc.get_title(), len(acc.get_lines())) == ("acc", 1)
        mpl.pyplot.close(loss.figure)
    assert (repr(History()), History()["loss"]) == ("History(0 epochs)", [])
    with pytest.raises(ValueError, match="nothing to plot"):
        History().plot()


# Schedules


class OnPlateau:
    def __init__(self):
        self.told = []

    def step(self, metrics, epoch=None):
        self.told.append(metrics)


@pytest.mark.parametrize(("each", "rates"), [("epoch", [0.8, 0.4]), ("batch", [0.1, 0.0125])])
def test_a_schedule_is_moved_on(each, rates):
    model = Net()
    optimizer = SGD(model.parameters(), 0.8)
    settings = {"schedule": Halving(optimizer), "schedule_each": each, "epochs": 2}
    history = quietly(model, loader(size=15), autograd.cross_entropy, optimizer, **settings)
    assert history["lr"] == pytest.approx(rates)


@pytest.mark.parametrize(("validation", "name"), [(None, "loss"), ((X, Y), "val_loss")])
def test_a_schedule_is_told_how_it_goes(validation, name):
    model, schedule = Net(), OnPlateau()
    settings = {"schedule": schedule, "epochs": 3, "validation": validation}
    optimizer = SGD(model.parameters())
    history = quietly(model, loader(), autograd.cross_entropy, optimizer, **settings)
    assert schedule.told == history[name]


# How it ends


def test_ctrl_c_keeps_what_was_learned():
    class Interrupt:
        def on_batch_end(self, run):
            if (run.epoch, run.batch) == (1, 3):
                raise KeyboardInterrupt

    model, other = Net(), Net()
    settings = {"epochs": 5, "callbacks": [Interrupt()]}
    optimizer = SGD(model.parameters(), 0.1)
    history = quietly(model, loader(), autograd.cross_entropy, optimizer, **settings)
    assert history.notes[1:] == ["stopped by Ctrl-C in epoch 2, after 3 batches of it"]
    assert len(history) == 1
    optimizer = SGD(other.parameters(), 0.1)
    data = loader()
    for _, (x, y) in zip(range(8), itertools.chain(data, data), strict=False):
        optimizer.zero_grad()
        autograd.cross_entropy(other(x), y).backward()
        optimizer.step()
    assert bits(model) == bits(other)
    assert model.training


class Bad(Module):
    def __init__(self, function):
        self.weight = Tensor([1.0, 1.0, 1.0], requires_grad=True, name="w")
        self.function = function

    def forward(self, x):
        return self.function((x * self.weight).sum(1))


POSITIVE = np.abs(X)
ZERO = np.array([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]])


@pytest.mark.parametrize(
    ("function", "x", "match"),
    [
        (autograd.log, X, "the loss became nan in epoch 1, batch 1: log made nan at"),
        (lambda h: (1e4 * h * h).exp(), X, "the loss became inf in .*: exp made inf"),
        (
            autograd.sqrt,
            ZERO,
            r"a gradient became nan in epoch 1, batch 1: the gradient of x became -inf .* sqrt",
        ),
    ],
)
def test_a_loss_that_is_not_finite_is_traced_to_its_birth(function, x, match):
    model = Bad(function)
    before = bits(model)
    with pytest.raises(DivergedError, match=match) as caught:
        quietly(
            model, DataLoader((x, x[:, 0] + 1.0), 40), mse, SGD(model.parameters(), 0.1), epochs=3
        )
    assert isinstance(caught.value, FloatingPointError)
    assert bits(model) == before
    assert caught.value.history.epochs == []
    assert "No parameter was changed by this batch" in str(caught.value)


def test_it_is_found_with_the_random_numbers_of_that_batch():
    class Risky(Module):
        def __init__(self):
            self.w = Tensor([1.0], requires_grad=True)

        def forward(self, x):
            return (autograd.rand(*x.shape) * self.w - 0.005).log()

    autograd.manual_seed(0)
    model = Risky()
    with pytest.raises(DivergedError, match="log made nan") as caught:
        quietly(model, DataLoader((X, T), 1), lambda o, t: o.mean(), SGD(model.parameters(), 0.0))
    assert not re.search("batch 1:", str(caught.value))


def test_a_scalar_network_names_the_operation_too():
    model = MLP(3, [2, 1], seed=0)
    model.layers[0].neurons[0].w[1].data = 1e200
    model.layers[1].neurons[0].w[0].data = 1e200
    x = np.full((2, 3), 1.0)
    with pytest.raises(DivergedError, match=r"loss became inf .*: mul made inf of x=1\.e\+200"):
        quietly(model, (x, x[:, 0]), mse, SGD(model.parameters()))


def test_an_error_says_in_which_batch_it_was():
    model = Net()
    with pytest.raises(IndexError, match="class 7") as caught:
        quietly(
            model,
            DataLoader((X, np.where(np.arange(40) == 20, 7, Y)), 8),
            autograd.cross_entropy,
            SGD(model.parameters()),
        )
    assert caught.value.__notes__ == ["This was in epoch 1, batch 3 of nn.fit."]


# What is refused


@pytest.mark.parametrize(
    ("change", "error", "match"),
    [
        ({"model": abs}, TypeError, "fit trains an nn.Module, but was given <built-in"),
        ({"optimizer": 0.1}, TypeError, "takes an optimiser, such as nn.Adam, but was given 0.1"),
        ({"epochs": -1}, ValueError, "epochs is an integer of at least 0, but is -1"),
        ({"epochs": 2.5}, ValueError, "epochs is an integer"),
        ({"accumulate": 0}, ValueError, "accumulate is an integer of at least 1"),
        ({"schedule_each": "step"}, ValueError, "schedule_each is 'epoch' or 'batch'"),
        ({"compile": "yes"}, ValueError, "compile is 'auto', True or False"),
        ({"metrics": "f1"}, ValueError, "'f1' is not known; by name there is accuracy"),
        ({"metrics": {"a": 3}}, TypeError, "metrics are functions of output and target"),
        ({"metrics": [close_by, close_by]}, ValueError, "two metrics have one name"),
        ({"optimizer": SGD([Value(1.0)])}, ValueError, "moves no parameter of this model"),
        ({"loss": lambda o, t: 0.5}, TypeError, "gives a Value or a Tensor, but it gave 0.5"),
        ({"loss": lambda o, t: o}, ValueError, r"one number for a batch.* gave shape \(32, 2\)"),
        ({"data": iter([(X, Y)])}, TypeError, "can be but once"),
        ({"data": X}, TypeError, "what the model takes and the target, as a tuple or a dict"),
        ({"data": DataLoader((X[:0], Y[:0]))}, ValueError, "gave no batch in epoch 1"),
        ({"validation": (X[:0], Y[:0])}, ValueError, "the validation data has no batch"),
    ],
)
def test_what_is_refused(change, error, match):
    model = Net()
    given = {"model": model, "data": (X, Y), "loss": autograd.cross_entropy, "epochs": 1}
    given |= {"optimizer": SGD(model.parameters())} | change
    with pytest.raises(error, match=match):
        fit(**given, progress=False)


def test_no_epoch_is_no_error():
    model = Net()
    before = bits(model)
    history = quietly(model, (X, Y), mse, SGD(model.parameters()), epochs=0)
    assert (len(history), bits(model)) == (0, before)


def test_a_model_of_tensors_is_given_tensors():
    given = []

    class Net(Module):
        def __init__(self):
            self.line = nn.Linear(6, 1)

        def forward(self, x):
            given.append(type(x))
            return self.line(x.flatten(1).unsqueeze(1)).squeeze(1) * x.std()

    model = Net()
    rows = np.random.default_rng(0).normal(size=(20, 2, 3))
    loss = lambda y, target: ((y - target.view(-1, 1)) ** 2).mean()  # noqa: E731
    quietly(
        model,
        (rows, rows.sum((1, 2))),
        loss,
        Adam(model.parameters()),
        validation=(rows, rows.sum((1, 2))),
    )
    assert set(given) == {Tensor}


def test_a_schedule_of_another_optimiser():
    model = Net()
    optimizer, other = (SGD(model.parameters(), 0.1) for _ in range(2))
    with pytest.raises(ValueError, match="StepLR sets the rates of another optimiser"):
        quietly(model, (X, Y), mse, optimizer, schedule=nn.StepLR(other, 1))
