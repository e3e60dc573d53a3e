"""`nn.explain`: what sums to what, by hand and by theorem; the model left alone; clear errors."""

from __future__ import annotations

import numpy as np
import pytest

import nn
from autograd import Tensor, no_grad, rand, randn
from nn.explain import (
    attention_maps,
    feature_visualization,
    grad_cam,
    gradient_x_input,
    integrated_gradients,
    layer_relevance,
    saliency,
)


def dense(bias=True, bend=nn.ReLU):
    """A network of 6 features and 3 scores."""
    return nn.Sequential(
        nn.Linear(6, 8, bias, generator=0),
        bend(),
        nn.Dropout(0.5),
        nn.Linear(8, 5, bias, generator=1),
        bend(),
        nn.Linear(5, 3, bias, generator=2),
    )


def convolutional(bias=True, norm=False, pool=None):
    """A network of images of 2 channels and 8 × 8 pixels, and 3 scores."""
    layers = [nn.Conv2d(2, 4, 3, padding=1, bias=bias, generator=0), nn.ReLU()]
    if norm:
        layers.insert(1, nn.BatchNorm2d(4))
    layers += [
        pool or nn.MaxPool2d(2),
        nn.Conv2d(4, 6, 3, bias=bias, generator=1),
        nn.ReLU(),
        nn.AvgPool2d(2),
        nn.Flatten(),
        nn.Linear(6, 3, bias, generator=2),
    ]
    return nn.Sequential(*layers)


def trained_norm():
    """The same with a batch norm that knows some data."""
    model = convolutional(norm=True)
    for seed in range(3):
        model(1.0 + 2.0 * randn(16, 2, 8, 8, generator=seed))
    model[1].weight.data = np.array([0.5, -1.0, 2.0, 1.5])
    model[1].bias.data = np.array([0.1, 0.2, -0.3, 0.4])
    return model


X = randn(4, 6, generator=7).data
IMAGES = randn(4, 2, 8, 8, generator=8).data
MODELS = {
    "dense": (dense(), X),
    "of tanh": (dense(bend=nn.Tanh), X),
    "convolutional": (convolutional(), IMAGES),
    "with a batch norm": (trained_norm(), IMAGES),
}
EACH = pytest.mark.parametrize(("model", "x"), MODELS.values(), ids=MODELS)
ASKED = {
    "saliency": saliency,
    "gradient_x_input": gradient_x_input,
    "integrated_gradients": lambda *args: integrated_gradients(*args, steps=4),
    "layer_relevance": layer_relevance,
    "layer_relevance z+": lambda *args: layer_relevance(*args, rule="z+"),
}
ALL = pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)


def score(model, x, target):
    """What is explained: the scores of the targets, in evaluation."""
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    found = model(Tensor(x)).data[np.arange(len(x)), target]
    for module, mode in modes:
        module.training = mode
    return found


def summed(x):
    return x.reshape(len(x), -1).sum(axis=1)


def same(found, expected, rtol=1e-10):
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=1e-12)


# What is asked: one sample or many, and which score


@ALL
@EACH
def test_one_sample_is_explained_as_in_a_batch(ask, model, x):
    found = ask(model, x, 1)
    assert found.shape == x.shape
    same(ask(model, x[2], 1), found[2])
    same(ask(model, Tensor(x[2:3]), 1), found[2:3])


@ALL
def test_a_row_of_pixels_is_a_batch_of_one_or_a_channel(ask):
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 3, generator=0))
    image = rand(1, 8, 8, generator=1).data
    same(ask(model, image, 0), ask(model, image[None], 0)[0])


@ALL
def test_each_sample_may_have_its_own_target(ask):
    targets = [2, 0, 1, 1]
    expected = [ask(dense(), x, target) for x, target in zip(X, targets, strict=True)]
    same(ask(dense(), X, targets), expected)
    same(ask(dense(), X, np.array(targets)), expected)
    same(ask(dense(), X, lambda out: out[np.arange(4), np.array(targets)]), expected)


@ALL
def test_of_one_number_for_each_none_need_be_named(ask):
    model = nn.Sequential(nn.Linear(6, 3, generator=0), nn.ReLU(), nn.Linear(3, 1, generator=1))
    same(ask(model, X), ask(model, X, 0))


@ALL
def test_the_type_of_the_numbers_is_kept(ask):
    parts = (nn.Linear(6, 4, generator=0, dtype=np.float32), nn.ReLU())
    model = nn.Sequential(*parts, nn.Linear(4, 3, generator=1, dtype=np.float32))
    assert ask(model, X.astype(np.float32), 0).dtype == np.float32
    assert ask(dense(), np.ones((2, 6), int), 0).dtype == np.float64


def test_a_difference_of_scores_is_explained():
    model = convolutional(bias=False)
    found = layer_relevance(model, IMAGES, lambda out: out[:, 0] - out[:, 2], epsilon=0.0)
    same(summed(found), score(model, IMAGES, 0) - score(model, IMAGES, 2))


@pytest.mark.parametrize("ask", [saliency, gradient_x_input, integrated_gradients])
def test_scalar_networks_are_explained(ask):
    model = nn.MLP(6, [4, 3], "tanh", seed=0)
    found = ask(model, X, 1)
    assert found.shape == X.shape
    assert np.abs(found).min() > 0
    same(ask(model, X[0], 1), found[0])


# By slopes


@EACH
def test_saliency_is_the_slope(model, x):
    step = 1e-6 * randn(*x.shape, generator=3).data
    change = score(model, x + step, 2) - score(model, x - step, 2)
    same(summed(2 * step * saliency(model, x, 2, abs=False)), change, rtol=1e-5)
    same(saliency(model, x, 2), np.abs(saliency(model, x, 2, abs=False)))


def test_gradient_x_input_of_a_network_without_biases_sums_to_the_score():
    same(summed(gradient_x_input(dense(bias=False), X, 1)), score(dense(bias=False), X, 1))


def test_integrated_gradients_are_complete_where_all_is_smooth():
    model, baseline = dense(bend=nn.Tanh), randn(6, generator=5).data
    for start in (None, 0.5, baseline, X[::-1]):
        found = integrated_gradients(model, X, 2, baseline=start)
        from_there = np.broadcast_to(0.0 if start is None else start, X.shape)
        same(summed(found), score(model, X, 2) - score(model, from_there, 2))


@pytest.mark.parametrize("model", [dense(), convolutional(), trained_norm()])
def test_integrated_gradients_come_close_where_relus_bend(model):
    x = X if isinstance(model[0], nn.Linear) else IMAGES
    change = score(model, x, 0) - score(model, 0 * x, 0)
    gaps = [
        np.abs(summed(integrated_gradients(model, x, 0, steps=n)) - change).max() for n in (4, 400)
    ]
    assert gaps[1] < 5e-3 * np.abs(change).max()
    assert gaps[1] < gaps[0]


def test_integrated_gradients_of_a_square_are_exact_in_one_step():
    class Product(nn.Module):
        def forward(self, x):
            return x[:, 0] * x[:, 1]

    found = integrated_gradients(Product(), [3.0, 4.0], baseline=[1.0, 0.0], steps=1)
    same(found, [2.0 * 2.0, 4.0 * 2.0])


# Layer-wise relevance


POOLS = [nn.MaxPool2d(2), nn.AvgPool2d(2), nn.AdaptiveAvgPool2d(4), nn.Identity()]


@pytest.mark.parametrize("pool", POOLS, ids=str)
def test_by_epsilon_what_comes_out_is_the_score_where_there_are_no_biases(pool):
    model = convolutional(bias=False, pool=pool)
    if isinstance(pool, nn.Identity):
        model[5] = nn.AdaptiveAvgPool2d(1)
    expected = score(model, IMAGES, 1)
    gaps = [
        np.abs(summed(layer_relevance(model, IMAGES, 1, epsilon=e)) - expected).max()
        for e in (1e-3, 1e-6, 1e-12)
    ]
    assert gaps[0] > gaps[1] > gaps[2]
    assert gaps[2] < 1e-10


@EACH
def test_by_z_plus_what_comes_out_is_exactly_the_score(model, x):
    for target in range(3):
        same(summed(layer_relevance(model, x, target, rule="z+")), score(model, x, target))


@pytest.mark.parametrize("model", [dense(), convolutional(), trained_norm()])
def test_by_epsilon_of_relus_it_is_the_gradient_times_the_input(model):
    # Ancona et al. 2018, Towards better understanding of gradient-based attribution, prop. 1.
    x = X if isinstance(model[0], nn.Linear) else IMAGES
    same(layer_relevance(model, x, 1, epsilon=0.0), gradient_x_input(model, x, 1), rtol=1e-8)


def by_hand():
    model = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1))
    model[0].weight.data, model[0].bias.data = [[1.0, -1.0], [2.0, 1.0]], [0.0, 1.0]
    model[2].weight.data, model[2].bias.data = [[3.0, -1.0]], [0.5]
    return model  # of (2, 1): hidden 1 and 6, score 3 - 6 + 0.5 = -2.5


def test_epsilon_by_hand():
    hidden = np.array([3.0, -6.0])  # the score over itself is 1
    expected = hidden[0] * np.array([2.0, -1.0]) / 1.0 + hidden[1] * np.array([4.0, 1.0]) / 6.0
    same(layer_relevance(by_hand(), [2.0, 1.0], 0, epsilon=0.0), expected)
    stable = (-2.5 / -3.0) * hidden  # away from 0: -2.5 - 0.5
    expected = stable[0] * np.array([2.0, -1.0]) / 1.5 + stable[1] * np.array([4.0, 1.0]) / 6.5
    same(layer_relevance(by_hand(), [2.0, 1.0], 0, epsilon=0.5), expected)


def test_z_plus_by_hand():
    # Only the first hidden unit speaks for the score, and only the first input for it.
    same(layer_relevance(by_hand(), [2.0, 1.0], 0, rule="z+"), [-2.5, 0.0])
    # Of (2, -1) both do: a negative input by a negative weight.
    expected = (3.0 * 3.0 - 4.0 + 0.5) * np.array([2.0, 1.0]) / 3.0
    same(layer_relevance(by_hand(), [2.0, -1.0], 0, rule="z+"), expected)


def test_gamma_by_hand():
    weights = np.array([[2.0, -1.0], [4.0, 2.0]])  # with γ = 1 the positive ones are doubled
    top = -2.5 * np.array([6.0, -6.0]) / (6.0 - 6.0 + 1.0)
    contributions = weights * [2.0, 1.0]
    totals = contributions.sum(axis=1) + np.array([0.0, 2.0])  # and so is the bias
    expected = (top / totals) @ contributions
    same(layer_relevance(by_hand(), [2.0, 1.0], 0, rule="gamma", gamma=1.0, epsilon=0), expected)


def test_gamma_goes_from_epsilon_to_what_speaks_for_it_alone():
    model, x = dense(bias=False), np.abs(X[1:])  # of the first nothing speaks for the score
    of = {g: layer_relevance(model, x, 1, rule="gamma", gamma=g, epsilon=0) for g in (0.0, 1e9)}
    same(of[0.0], layer_relevance(model, x, 1, epsilon=0))
    np.testing.assert_allclose(of[1e9], layer_relevance(model, x, 1, rule="z+"), atol=1e-9)


@pytest.mark.parametrize("rule", ["epsilon", "gamma", "z+"])
@pytest.mark.parametrize(
    "layer",
    [
        nn.Conv2d(1, 2, 3, stride=2, padding=1, generator=0),
        nn.Conv2d(1, 2, 2, dilation=2, bias=False, generator=1),
        nn.AvgPool2d(3, stride=2, padding=1),
        nn.AdaptiveAvgPool2d((2, 3)),
    ],
    ids=str,
)
def test_a_layer_that_slides_is_the_linear_layer_that_it_amounts_to(layer, rule):
    x = randn(3, 1, 5, 5, generator=4).data
    nothing = layer(Tensor(np.zeros((1, 1, 5, 5)))).data.ravel()
    rows = layer(Tensor(np.eye(25).reshape(25, 1, 5, 5))).data.reshape(25, -1) - nothing
    linear = nn.Linear(25, nothing.size)
    linear.weight.data, linear.bias.data = rows.T, nothing
    head = [nn.ReLU(), nn.Flatten(), nn.Linear(nothing.size, 2, generator=3)]
    found = layer_relevance(nn.Sequential(layer, *head), x, 1, rule, epsilon=0.0)
    dense = nn.Sequential(nn.Flatten(), linear, *head)
    expected = layer_relevance(dense, x, 1, rule, epsilon=0.0)
    same(found, expected, rtol=1e-8)


def test_each_layer_may_have_its_own_rule():
    model = convolutional()
    mixed = layer_relevance(model, IMAGES, 0, rule={"0": "z+", "3": "gamma"})
    assert not np.allclose(mixed, layer_relevance(model, IMAGES, 0))
    every = {path: "z+" for path, _ in model.named_modules() if path}
    same(layer_relevance(model, IMAGES, 0, every), layer_relevance(model, IMAGES, 0, "z+"))


def test_layers_need_not_be_in_a_sequential():
    class Written(nn.Module):
        def __init__(self):
            self.parts = dense()

        def forward(self, x):
            first, *rest = self.parts
            x = first(x)
            for part in rest:
                x = part(x)
            return x

    same(layer_relevance(Written(), X, 0), layer_relevance(dense(), X, 0))


class Shortcut(nn.Module):
    def __init__(self):
        self.first, self.second = nn.Linear(6, 6), nn.Linear(6, 3)

    def forward(self, x):
        return self.second(x + self.first(x))


class Bent(nn.Module):
    def __init__(self):
        self.first = nn.Linear(6, 3)

    def forward(self, x):
        return self.first(x).tanh()


@pytest.mark.parametrize(
    ("model", "complaint"),
    [
        (nn.Sequential(nn.Linear(6, 3), nn.Softmax(1)), r"does not know '1' \(Softmax\); it knows"),
        (nn.Sequential(nn.Linear(6, 3), nn.LayerNorm(3)), r"does not know '1' \(LayerNorm\)"),
        (Shortcut(), "between layer 'first' and layer 'second' something else is computed"),
        (Bent(), "between layer 'first' and the output something else is computed"),
        (nn.Sequential(nn.BatchNorm1d(6), nn.Linear(6, 3)), "follows a linear layer .* '0' does"),
        (nn.MLP(6, [3]), r"does not know 'layers.0.neurons.0' \(Neuron\)"),
    ],
)
def test_what_relevance_cannot_pass_is_named(model, complaint):
    with pytest.raises(ValueError, match=complaint):
        layer_relevance(model, X, 0)


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"rule": "alpha"}, r"rule is one of epsilon, gamma, z\+, but is 'alpha'"),
        ({"rule": {"9": "z+"}}, "rule names a layer '9'; those of the model are"),
        ({"epsilon": -1.0}, "epsilon and gamma of 0 or more, not -1.0"),
    ],
)
def test_rules_that_are_none_are_refused(settings, complaint):
    with pytest.raises(ValueError, match=complaint):
        layer_relevance(dense(), X, 0, **settings)


# Grad-CAM


def test_grad_cam_by_hand():
    # The score is 3 times the sum of one channel, less that of the other.
    model = nn.Sequential(nn.Identity(), nn.Flatten(), nn.Linear(8, 1, bias=False))
    model[2].weight.data = [[3.0] * 4 + [-1.0] * 4]
    x = np.array([[[1.0, 2.0], [0.0, 1.0]], [[0.0, 9.0], [1.0, 1.0]]])
    same(grad_cam(model, x, 0, "0"), [np.maximum(3 * x[0] - x[1], 0)])


def test_grad_cam_is_drawn_out_to_the_size_of_the_input():
    model = convolutional()
    found = grad_cam(model, IMAGES, [0, 1, 2, 0], "4")
    assert found.shape == (4, 1, 8, 8)
    assert found.min() >= 0 < found.max()
    same(grad_cam(model, IMAGES[1], 1, model[4]), found[1])


def test_grad_cam_of_sequences():
    model = nn.Sequential(nn.Conv1d(2, 3, 3, generator=0), nn.Flatten(), nn.Linear(24, 2))
    assert grad_cam(model, np.ones((5, 2, 10)), 1, "0").shape == (5, 1, 10)


def test_grad_cam_of_frozen_parameters():
    model = convolutional()
    expected = grad_cam(model, IMAGES, 1, "0")
    same(grad_cam(model.requires_grad_(False), IMAGES, 1, "0"), expected)


@pytest.mark.parametrize(
    ("layer", "complaint"),
    [
        ("9", "grad_cam: the model has no layer '9'; its layers are 0, 1, 2"),
        (nn.ReLU(), r"the model has no layer ReLU\(\)"),
        ("7", r"'7' gives \(4, 3\) for x of shape \(4, 2, 8, 8\)"),
    ],
)
def test_grad_cam_takes_a_layer_with_places(layer, complaint):
    with pytest.raises(ValueError, match=complaint):
        grad_cam(convolutional(), IMAGES, 0, layer)


# Attention


def transformer(**settings):
    layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True, generator=0, **settings)
    return nn.TransformerEncoder(layer, 2)


SEQUENCES = randn(3, 5, 8, generator=9)


@pytest.mark.parametrize("settings", [{}, {"norm_first": True}])
def test_attention_maps_are_those_that_the_model_used(settings):
    model = transformer(**settings).eval()
    maps = attention_maps(model, SEQUENCES)
    assert list(maps) == ["layers.0.self_attn", "layers.1.self_attn"]
    for weights in maps.values():
        assert weights.shape == (3, 2, 5, 5)
        same(weights.sum(axis=-1), np.ones((3, 2, 5)))
    layer, x = model.layers[0], SEQUENCES
    x = layer.norm1(x) if layer.norm_first else x
    _, weights = layer.self_attn(x, x, x, average_attn_weights=False)
    same(maps["layers.0.self_attn"], weights.data)


def test_attention_maps_of_a_sample_alone():
    maps = attention_maps(transformer(), SEQUENCES[0])
    same(
        maps["layers.1.self_attn"],
        attention_maps(transformer(), SEQUENCES)["layers.1.self_attn"][0],
    )


class Attending(nn.Module):
    def __init__(self):
        self.attention = nn.MultiheadAttention(8, 2, dropout=0.5, batch_first=True, generator=0)
        self.seen = []

    def forward(self, x, y):
        for settings in ({}, {"need_weights": False}, {"average_attn_weights": False}):
            mask = np.triu(np.ones((5, 5), bool), 1)
            x, weights = self.attention(x, y, value=y, attn_mask=mask, **settings)
            self.seen.append((x.data, None if weights is None else weights.data))
        return x


def test_a_model_gets_what_it_asked_attention_for():
    model = Attending().eval()
    model(SEQUENCES, SEQUENCES)
    expected, model.seen = model.seen, []
    maps = attention_maps(model, (SEQUENCES, SEQUENCES))
    assert list(maps) == ["attention", "attention (2)", "attention (3)"]
    for (found, weights), (wanted, wanted_weights) in zip(model.seen, expected, strict=True):
        same(found, wanted)
        assert np.shape(weights) == np.shape(wanted_weights)
    same(maps["attention"].mean(axis=1), expected[0][1])
    same(maps["attention (3)"], expected[2][1])
    assert np.triu(maps["attention (2)"], 1).max() == 0, "the mask holds"


def test_a_model_without_attention_has_no_maps():
    with pytest.raises(ValueError, match="Sequential calls no MultiheadAttention"):
        attention_maps(dense(), X)


# What units like best


def test_ascent_raises_what_a_unit_gives():
    model = convolutional()
    start = feature_visualization(model, 1, (2, 8, 8), steps=0, generator=0)
    likes = feature_visualization(model, 1, (2, 8, 8), decay=0.0, smoothness=0.0, generator=0)
    assert likes.shape == start.shape == (2, 8, 8)
    (before,), (after,) = score(model, start[None], 1), score(model, likes[None], 1)
    assert after > before + 0.2


def test_ascent_finds_the_kernel_of_a_convolution():
    model = nn.Conv2d(1, 2, 3, generator=0)
    likes = feature_visualization(
        model, [0, 1], (1, 3, 3), steps=1000, lr=0.01, decay=0.5, smoothness=0.0, generator=0
    )
    same(likes, model.weight.data, rtol=1e-3)  # where kernel · x - x² / 2 is greatest


def test_ascent_in_a_layer_and_within_bounds():
    model = convolutional()
    likes = feature_visualization(
        model, range(4), (2, 8, 8), layer="0", bounds=(0, 1), decay=0.0, generator=3
    )
    assert likes.shape == (4, 2, 8, 8)
    assert (likes.min(), likes.max()) == (0.0, 1.0)
    means = model[0](likes).data.mean(axis=(2, 3))
    assert (means.argmax(axis=0) == np.arange(4)).all(), "each is liked best by its own channel"
    again = feature_visualization(
        model, range(4), (2, 8, 8), layer=model[0], bounds=(0, 1), decay=0.0, generator=3
    )
    np.testing.assert_array_equal(likes, again)


def test_smoothness_makes_what_is_liked_smooth():
    def roughness(smoothness):
        likes = feature_visualization(
            convolutional(), 0, (2, 8, 8), steps=30, smoothness=smoothness, generator=0
        )
        return np.square(np.diff(likes)).sum()

    assert roughness(0.5) < 0.5 * roughness(0.0)


def test_ascent_for_what_a_function_picks():
    def moved(steps):
        settings = {"layer": "3", "decay": 0.0, "smoothness": 0.0, "generator": 0}
        return feature_visualization(
            convolutional(), lambda maps: maps[:, 2, 0, 0], (2, 8, 8), steps=steps, **settings
        )

    changed = (moved(20) != moved(0)).any(axis=0)
    assert changed[:6, :6].mean() > 0.5
    assert not changed[7].any(), "the first place of the second convolution sees no such pixel"
    assert not changed[:, 7].any()


def test_the_middle_of_a_channel_sees_a_part_of_the_input():
    def moved(steps):
        settings = {"layer": "0", "where": "middle", "decay": 0.0, "smoothness": 0.0}
        return feature_visualization(
            convolutional(), [0, 1], (2, 8, 8), steps=steps, generator=0, **settings
        )

    changed = (moved(1) != moved(0)).any(axis=(0, 1))
    expected = np.zeros((8, 8), bool)
    expected[3:6, 3:6] = True  # about the place (4, 4)
    np.testing.assert_array_equal(changed, expected)


def test_scalar_networks_have_likes():
    model = nn.MLP(2, [1], output="tanh", seed=0)
    model.layers[0].set_weights([[1.0, -1.0]], [0.0])
    likes = feature_visualization(model, lambda out: out, (2,), bounds=(-1, 1), generator=0)
    assert likes[0] > 0.5 > -0.5 > likes[1]
    with pytest.raises(ValueError, match=r"of Tensors, but 'layers\.0' gives"):
        feature_visualization(model, 0, (2,), layer="layers.0")


def test_a_unit_that_is_none_is_refused():
    with pytest.raises(ValueError, match="target 3: the model gives 3 scores"):
        feature_visualization(dense(), 3, (6,))
    with pytest.raises(ValueError, match="where is 'everywhere' or 'middle', but is 'left'"):
        feature_visualization(dense(), 0, (6,), where="left")


# The model is left alone


def everything(model, x):
    """Ask all that can be asked of a convolutional network."""
    for ask in ASKED.values():
        ask(model, x, 0)
    grad_cam(model, x, 0, "0")
    feature_visualization(model, 0, x.shape[1:], steps=2, generator=0)


@pytest.mark.parametrize("recording", [True, False])
def test_the_model_is_left_as_it_was(recording):
    model, calls = trained_norm(), []
    model.append(nn.Dropout(0.5))
    model[-1].eval()
    model[4].requires_grad_(False)
    model(IMAGES).sum().backward()
    model[0].register_forward_hook(lambda *_: calls.append(1))
    modes = [module.training for module in model.modules()]
    hooks = [len(vars(module).get("_hooks", ())) for module in model.modules()]
    state = model.state_dict()
    grads = [p.grad.copy() if p.has_grad else None for p in model.parameters()]
    if recording:
        everything(model, IMAGES)
    else:
        with no_grad():
            everything(model, IMAGES)
    assert [module.training for module in model.modules()] == modes
    assert [len(vars(module).get("_hooks", ())) for module in model.modules()] == hooks
    np.testing.assert_equal(model.state_dict(), state)
    np.testing.assert_equal([p.grad if p.has_grad else None for p in model.parameters()], grads)
    assert [p.requires_grad for p in model.parameters()] == [True] * 4 + [False] * 2 + [True] * 2


def test_evaluation_is_what_is_explained():
    model = dense()
    same(saliency(model, X, 0), saliency(model.eval(), X, 0))


def test_a_transformer_is_left_as_it_was():
    model = transformer()
    expected = model.eval()(SEQUENCES).data
    model.train()
    attention_maps(model, SEQUENCES)
    assert all(module.training for module in model.modules())
    assert not any(vars(module).get("_hooks") for module in model.modules())
    same(model.eval()(SEQUENCES).data, expected)


def test_a_model_that_fails_is_left_as_it_was():
    model = dense()
    for ask in ASKED.values():
        with pytest.raises(ValueError, match="was given 5 features"):
            ask(model, X[:, :5], 0)
    assert all(module.training and not vars(module).get("_hooks") for module in model.modules())


# Nonsense


@pytest.mark.parametrize(
    ("target", "complaint"),
    [
        (3, "target 3: the model gives 3 scores, from 0 on"),
        ([0, 1], "one for each of the 4 samples, or a function"),
        ("cat", "or a function that picks scores from the output, but is 'cat'"),
        (None, r"The model gives \(3,\) for each sample; name one by target"),
        (lambda out: out, "picks a score for each of the 4 samples"),
        (lambda out: 3.0, "but gave 3.0"),
    ],
)
@ALL
def test_a_target_that_picks_nothing_is_refused(ask, target, complaint):
    with pytest.raises(ValueError, match=complaint):
        ask(dense(), X, target)


def test_an_output_of_many_axes_needs_a_function():
    model = nn.Conv2d(2, 3, 3)
    with pytest.raises(ValueError, match=r"target 0 picks one of a row .* \(4, 3, 6, 6\); let"):
        saliency(model, IMAGES, 0)
    assert saliency(model, IMAGES, lambda out: out[:, 0].mean(dim=(1, 2))).shape == IMAGES.shape


class Both(nn.Module):
    """Gives two results."""

    def forward(self, x):
        return [x, x]


@pytest.mark.parametrize(
    ("ask", "error", "complaint"),
    [
        (
            lambda: saliency(np.tanh, X),
            TypeError,
            "saliency looks into an nn.Module, but was given",
        ),
        (lambda: attention_maps(3, X), TypeError, "attention_maps looks into an nn.Module"),
        (lambda: saliency(dense(), ["a"], 0), TypeError, "takes real numbers, but x is of dtype"),
        (lambda: saliency(dense(), 3.0, 0), ValueError, "a sample or a batch of them, but x is"),
        (lambda: integrated_gradients(dense(), X, 0, steps=0), ValueError, "steps of at least 1"),
        (
            lambda: integrated_gradients(dense(), X, 0, baseline=np.ones(5)),
            ValueError,
            r"baseline of shape \(5,\) does not fit samples of shape \(6,\)",
        ),
        (
            lambda: saliency(nn.Sequential(nn.Embedding(9, 4), nn.Flatten()), [[1, 2]], 0),
            TypeError,
            r"saliency follows small changes of x, but '0' \(Embedding\) looks x up in a table",
        ),
        (
            lambda: saliency(nn.LSTM(6, 4), X, 0),
            TypeError,
            "saliency explains one Tensor, but LSTM gives a tuple; ask a Module that picks",
        ),
        (
            lambda: saliency(Both(), X, 0),
            TypeError,
            "saliency explains one Tensor, but Both gives a list",
        ),
        (lambda: feature_visualization(dense(), 0, (6,), steps=-1), ValueError, "steps of 0 or"),
        (
            lambda: feature_visualization(dense(), 0, (6,), bounds=(1, 0)),
            ValueError,
            r"the least and the greatest number, but are \(1, 0\)",
        ),
    ],
)
def test_nonsense_is_refused(ask, error, complaint):
    with pytest.raises(error, match=complaint):
        ask()


def test_the_room_is_imported_when_it_is_used(run_python):
    code = "import nn, sys; assert 'nn.explain' not in sys.modules and 'nn.overview' not in "
    run_python(code + "sys.modules; nn.explain.saliency; nn.summary; from nn import explain")
