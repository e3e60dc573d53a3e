"""`nn.summary`: parameters, shapes and multiply-adds, counted by hand; the model left alone."""

from __future__ import annotations

import numpy as np
import pytest

import nn
from autograd import Tensor, rand


class TwoInputs(nn.Module):
    def __init__(self):
        self.left, self.right = nn.Linear(3, 4), nn.Linear(5, 4)

    def forward(self, x, y):
        return self.left(x) + self.right(y)


class Twice(nn.Module):
    def __init__(self):
        self.layer = nn.Linear(4, 4)
        self.again = self.layer

    def forward(self, x):
        return self.again(self.layer(x))


class Own(nn.Module):
    def __init__(self):
        self.weight = nn.Parameter(np.ones((3, 2)))

    def forward(self, x):
        return x @ self.weight


COUNTED = [  # model, shape, what it gives, parameters, multiply-adds
    (nn.Linear(3, 4), (2, 3), (2, 4), 3 * 4 + 4, 2 * 3 * 4),
    (nn.Linear(3, 4, bias=False), (2, 5, 3), (2, 5, 4), 12, 2 * 5 * 3 * 4),
    # Each of the 2 · 6 · 4 · 4 numbers is a sum over (4 / 2) · 3 · 3.
    (nn.Conv2d(4, 6, 3, groups=2), (2, 4, 6, 6), (2, 6, 4, 4), 6 * 2 * 9 + 6, 2 * 6 * 16 * 18),
    (nn.Conv2d(1, 2, 3, stride=2, padding=1), (1, 1, 8, 8), (1, 2, 4, 4), 20, 2 * 16 * 9),
    (nn.Conv1d(2, 3, 4), (1, 2, 10), (1, 3, 7), 3 * 2 * 4 + 3, 3 * 7 * 2 * 4),
    # Each of the 1 · 4 · 5 · 5 numbers given goes to 3 · 2 · 2.
    (nn.ConvTranspose2d(4, 3, 2, stride=2), (1, 4, 5, 5), (1, 3, 10, 10), 51, 100 * 12),
    # 5 steps, 2 samples, 4 gates of 4 units, each of 3 features and 4 states.
    (nn.LSTM(3, 4), (5, 2, 3), (5, 2, 4), 16 * 7 + 32, 5 * 2 * 16 * 7),
    (nn.GRU(3, 4, bidirectional=True), (5, 2, 3), (5, 2, 8), 2 * (12 * 7 + 24), 10 * 2 * 12 * 7),
    # The second layer's features are the 4 states of the first.
    (nn.RNN(3, 4, num_layers=2), (5, 2, 3), (5, 2, 4), 28 + 8 + 32 + 8, 10 * (28 + 32)),
    (nn.LSTMCell(3, 4), (2, 3), (2, 4), 16 * 7 + 32, 2 * 16 * 7),
    (nn.BatchNorm2d(3), (2, 3, 4, 4), (2, 3, 4, 4), 6, 0),
    (nn.MLP(3, [4, 2]), (3,), (2,), 4 * 4 + 2 * 5, 3 * 4 + 4 * 2),
]


@pytest.mark.parametrize(
    ("model", "shape", "output", "parameters", "work"), COUNTED, ids=lambda x: str(x)[:30]
)
def test_counts_are_those_counted_by_hand(model, shape, output, parameters, work):
    found = nn.summary(model, shape)
    assert found.rows[0].output_shapes[0] == output
    assert found.total_params == found.trainable_params == parameters
    assert found.total_mult_adds == work
    assert found.total_flops == 2 * work


@pytest.mark.parametrize("batch_first", [False, True])
def test_attention_is_counted(batch_first):
    class Attending(nn.Module):
        def __init__(self):
            self.attention = nn.MultiheadAttention(
                8, 2, kdim=3, vdim=5, batch_first=batch_first, generator=0
            )

        def forward(self, q, k, v):
            return self.attention(q, k, v)[0]

    batch, n, m = 4, 6, 7
    shapes = [(n, batch, 8), (m, batch, 3), (m, batch, 5)]
    if batch_first:
        shapes = [(batch, length, size) for length, _, size in shapes]
    found = nn.summary(Attending(), shapes)
    maps = n * 8 * 8 + m * 3 * 8 + m * 5 * 8
    scores = sums = n * m * 8
    _, attention, out = found.rows
    assert attention.mult_adds == batch * (maps + scores + sums)
    assert out.mult_adds == batch * n * 8 * 8
    assert found.total_params == 8 * (8 + 3 + 5) + 24 + 8 * 8 + 8


def test_a_transformer_is_the_sum_of_its_parts():
    layer = nn.TransformerEncoderLayer(8, 2, 16, generator=0)
    found = nn.summary(nn.TransformerEncoder(layer, 2), (5, 4, 8))
    attention = 4 * (3 * 5 * 64 + 2 * 25 * 8) + 20 * 64
    assert found.total_mult_adds == 2 * (attention + 2 * 20 * 8 * 16)
    assert found.total_params == sum(p.size for p in nn.TransformerEncoder(layer, 2).parameters())


def test_it_prints_as_a_table():
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(144, 10))
    lines = str(nn.summary(model, (2, 1, 8, 8))).splitlines()
    assert lines[0].split() == ["layer", "type", "output", "shape", "parameters", "multiply-adds"]
    assert lines[3].split() == ["0", "Conv2d", "(2,", "4,", "6,", "6)", "40", "2,592"]
    assert lines[-2:] == ["1,490 parameters", "5,472 multiply-adds, 10,944 FLOPs"]
    assert repr(nn.summary(model, (2, 1, 8, 8))) == "\n".join(lines)


@pytest.mark.parametrize(
    "given",
    [
        [(2, 3), (2, 5)],
        ((2, 3), (2, 5)),
        [np.ones((2, 3)), Tensor(np.ones((2, 5)))],
    ],
)
def test_several_inputs(given):
    found = nn.summary(TwoInputs(), given)
    assert [row.output_shapes for row in found.rows] == [((2, 4),)] * 3
    assert found.total_mult_adds == 2 * (12 + 20)


def test_whole_numbers_for_embeddings():
    model = nn.Sequential(nn.Embedding(10, 4), nn.Linear(4, 3))
    assert nn.summary(model, (2, 5)).total_mult_adds == 2 * 5 * 12
    assert nn.summary(model, (2, 5), dtype=int).total_mult_adds == 2 * 5 * 12
    assert nn.summary(model, np.array([[1, 2, 3]])).total_mult_adds == 3 * 12


def test_a_shared_layer_is_one_row_with_the_work_of_both_calls():
    found = nn.summary(Twice(), (2, 4))
    assert found.total_params == 4 * 4 + 4
    assert [(row.path, row.calls) for row in found.rows] == [("", 1), ("layer", 2)]
    assert found.total_mult_adds == 2 * (2 * 16)
    assert "Linear ×2" in str(found)


def test_tied_weights_are_counted_once():
    model = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4))
    model[1].weight = model[0].weight
    found = nn.summary(model, (1, 4))
    assert [row.parameters for row in found.rows] == [0, 20, 4]


def test_what_is_frozen_is_said():
    model = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2))
    model[0].requires_grad_(False)
    found = nn.summary(model, (1, 3))
    assert (found.total_params, found.trainable_params) == (26, 10)
    assert "26 parameters, 16 frozen" in str(found)


def test_what_is_not_known_or_not_called_is_said():
    model = nn.Sequential(Own(), nn.Linear(2, 2))
    model.spare = nn.ModuleDict({"unused": nn.Linear(7, 7)})
    model.forward = lambda x: model[1](model[0](x))
    found = {row.path: row for row in nn.summary(model, (1, 3)).rows}
    assert found["0"].mult_adds is None
    assert found["0"].parameters == 6
    assert (found["spare.unused"].output_shapes, found["spare.unused"].parameters) == ((), 56)
    assert "at least 4 multiply-adds" in str(nn.summary(model, (1, 3)))


def test_the_type_of_the_parameters_is_that_of_the_zeros():
    seen = []
    model = nn.Linear(3, 2, dtype=np.float32)
    with model.register_forward_hook(lambda module, args, output: seen.append(output.dtype)):
        nn.summary(model, (1, 3))
    assert seen == [np.float32]


def test_the_model_is_left_as_it_was():
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Dropout(0.5), nn.Linear(4, 1))
    model[2].eval()
    model[3].requires_grad_(False)
    model(rand(5, 3, generator=0)).sum().backward()
    calls = []
    model[0].register_forward_hook(lambda *_: calls.append(1))
    modes = [module.training for module in model.modules()]
    state = model.state_dict()
    grads = [p.grad.copy() if p.has_grad else None for p in model.parameters()]
    nn.summary(model, (5, 3))
    assert [module.training for module in model.modules()] == modes
    np.testing.assert_equal(model.state_dict(), state)
    np.testing.assert_equal([p.grad if p.has_grad else None for p in model.parameters()], grads)
    assert [p.requires_grad for p in model[3].parameters()] == [False, False]
    calls.clear()
    model(rand(5, 3, generator=0))
    assert calls == [1], "the user's hook is there still, and no other"


def test_a_model_that_fails_is_left_as_it_was():
    model = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 1))
    with pytest.raises(ValueError, match=r"was given 5 features"):
        nn.summary(model, (1, 5))
    assert all(module.training and not vars(module).get("_hooks") for module in model.modules())


@pytest.mark.parametrize(
    ("model", "given", "complaint"),
    [
        (np.tanh, (1, 3), "summary takes an nn.Module, but was given <ufunc 'tanh'>"),
        (
            nn.Linear(3, 1),
            ["a", "b"],
            r"takes a shape, such as \(1, 3, 28, 28\).* given \['a', 'b'",
        ),
    ],
)
def test_nonsense_is_refused(model, given, complaint):
    with pytest.raises(TypeError, match=complaint):
        nn.summary(model, given)


def test_a_shape_with_a_gap_is_refused():
    with pytest.raises(ValueError, match=r"lengths of 0 or more, but a shape is \(-1, 3\)"):
        nn.summary(nn.Linear(3, 1), (-1, 3))
