"""Networks made sick on purpose, and what `nn.diagnose` says of them."""

from __future__ import annotations

import math
import random
from itertools import pairwise

import numpy as np
import pytest

import autograd
import nn
from autograd import Tensor, Value
from nn.functional import binary_cross_entropy_with_logits, cross_entropy, mse_loss

DRAWN = random.Random(0)
X = [[DRAWN.gauss(0, 1), DRAWN.gauss(0, 1)] for _ in range(24)]
Y = [float(x[0] * x[1] > 0) for x in X]


class Linear(nn.Module):
    def __init__(self, nin, nout, scale, seed):
        drawn = np.random.default_rng(seed).uniform(-scale, scale, (nout, nin))
        self.weight = Tensor(drawn, requires_grad=True)
        self.bias = Tensor(np.zeros(nout), requires_grad=True)

    def forward(self, x):
        return x @ self.weight.mT + self.bias


class Net(nn.Module):
    """Layers of Tensors in a row, bent by an activation in between."""

    def __init__(self, sizes, bend, scale=None):
        self.bend = bend
        self.layers = [
            Linear(a, b, scale or math.sqrt(6 / a), seed)
            for seed, (a, b) in enumerate(pairwise(sizes))
        ]

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = self.bend(layer(x))
        return self.layers[-1](x)


def examined(model, x=X, y=Y):
    loss = mse_loss([model(row) for row in x], y)
    loss.backward()
    return nn.diagnose(model, loss), loss


def examined_net(model):
    loss = ((model(Tensor(X))[:, 0] - np.array(Y)) ** 2).mean()
    loss.backward()
    return nn.diagnose(model, loss), loss


def kinds(diagnosis):
    return {(finding.kind, finding.where) for finding in diagnosis.findings}


# Well


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "linear"])
def test_a_healthy_network_has_no_findings(activation):
    diagnosis, _ = examined(nn.MLP(2, [6, 6, 1], activation, init="xavier", seed=2))
    assert diagnosis.findings == []
    assert "nothing found" in str(diagnosis)
    assert not diagnosis.marks
    assert not diagnosis.colors


def test_a_healthy_network_of_relus():
    diagnosis, _ = examined(nn.MLP(2, [6, 1], init="kaiming", seed=5))
    assert diagnosis.findings == []


def test_a_healthy_network_of_tensors():
    diagnosis, _ = examined_net(Net([2, 8, 8, 1], autograd.relu))
    assert diagnosis.findings == []


def test_a_classifier_may_be_sure_at_its_end():
    model = nn.Neuron(2, "sigmoid").set_weights([60.0, 0.0], 0.0)
    diagnosis, _ = examined(model, y=[float(x[0] > 0) for x in X])
    assert diagnosis.findings == []


def test_a_minimum_is_no_disease():
    model = nn.MLP(1, [2, 1], "tanh", init="zeros", seed=0)
    diagnosis, _ = examined(model, [[0.0], [1.0]], [0.0, 0.0])
    assert diagnosis.findings == []


# Sick


def test_vanishing_gradients():
    """Sigmoids pass on a quarter at most, and small weights shrink that again."""
    model = nn.MLP(2, [3] * 6 + [1], "sigmoid", seed=0)
    for parameter in model.parameters():
        parameter.data *= 0.3
    diagnosis, _ = examined(model)
    assert ("vanishing", "layers.0") in kinds(diagnosis)
    assert ("vanishing", "layers.6") not in kinds(diagnosis)
    slopes = [health.slope for health in diagnosis.layers]
    assert slopes[0] * 1000 < slopes[-1]
    leaf = model.layers[0].neurons[0].w[0]
    assert diagnosis.marks[leaf] == "vanishing"
    assert diagnosis.colors[leaf] == "#56B4E9"


def test_exploding_gradients_beside_those_of_the_last_layer():
    diagnosis, _ = examined_net(Net([2, 8, 8, 8, 8, 1], lambda x: x, scale=20.0))
    assert ("exploding", "layers.4") in kinds(diagnosis)
    model = nn.MLP(2, [1, 1], "linear", seed=0)
    model.layers[0].set_weights([[1e-5, 1e-5]], [1e-5])
    model.layers[1].set_weights([[1e5]], [0.0])
    diagnosis, _ = examined(model)
    assert ("exploding", "layers.0") in kinds(diagnosis)
    assert "times that of layers.1" in diagnosis.findings[0].measure


def test_gradients_beside_which_the_weights_are_small():
    diagnosis, _ = examined(nn.Neuron(1, "linear").set_weights([0.1], 0.0), [[1e3]], [5.0])
    (finding,) = diagnosis.findings
    assert finding.kind == "exploding"
    assert "times its parameters" in finding.measure


def test_dead_relus():
    model = nn.MLP(2, [4, 1], init="kaiming", seed=5)
    for unit in (1, 3):
        model.layers[0].neurons[unit].b.data = -100.0
    diagnosis, _ = examined(model)
    (finding,) = diagnosis.findings
    assert (finding.kind, finding.where) == ("dead", "layers.0")
    assert finding.measure == "2 of 4 units gave 0 for all 24 samples: 1, 3"
    assert len(finding.nodes) == 48
    assert all(node.data == 0 and node.op.name == "relu" for node in finding.nodes)
    assert {node.scope.module for node in finding.nodes} == {
        model.layers[0].neurons[1],
        model.layers[0].neurons[3],
    }


def test_a_relu_that_one_sample_does_not_wake_is_not_dead():
    model = nn.MLP(2, [4, 1], init="kaiming", seed=5)
    model.layers[0].neurons[1].b.data = -100.0
    diagnosis, _ = examined(model, X[:1], Y[:1])
    assert not [finding for finding in diagnosis.findings if finding.kind == "dead"]


def test_dead_relus_of_tensors():
    model = Net([2, 5, 4, 1], autograd.relu)
    model.layers[0].bias.data = np.array([0.0, 0.0, -100.0, 0.0, 0.0])
    model.layers[1].bias.data = np.array([-100.0, 0.0, 0.0, -100.0])
    diagnosis, _ = examined_net(model)
    assert [(f.where, f.measure) for f in diagnosis.findings if f.kind == "dead"] == [
        ("Net", "1 of 5 units gave 0 for all 24 samples: 2"),
        ("Net, relu 2", "2 of 4 units gave 0 for all 24 samples: 0, 3"),
    ]


def test_the_channels_of_images_are_units():
    class Filters(nn.Module):
        def __init__(self):
            self.scale = Tensor([[[[1.0]], [[-1.0]]]], requires_grad=True)

        def forward(self, x):
            return autograd.relu(x * self.scale)  # (samples, channels, height, width)

    model = Filters()
    loss = model(np.ones((2, 1, 3, 3))).sum()
    loss.backward()
    (finding,) = nn.diagnose(model, loss).findings
    assert finding.measure == "1 of 2 units gave 0 for all 18 samples: 1"


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_saturated_units(activation):
    model = nn.MLP(2, [4, 1], activation, seed=1)
    for neuron in model.layers[0].neurons:
        for weight in neuron.w:
            weight.data *= 60.0
    diagnosis, _ = examined(model)
    (finding,) = (f for f in diagnosis.findings if f.kind == "saturated")
    assert finding.where == "layers.0"
    assert f"of 96 outputs of {activation}" in finding.measure
    assert set(finding.nodes) <= set(diagnosis.marks)


@pytest.mark.parametrize("activation", [autograd.tanh, autograd.sigmoid])
def test_saturated_units_of_tensors(activation):
    diagnosis, _ = examined_net(Net([2, 8, 1], activation, scale=60.0))
    assert ("saturated", "Net") in kinds(diagnosis)


def test_a_bias_is_not_needed_to_tell_what_is_hidden():
    class Plain(nn.Module):
        def __init__(self):
            drawn = np.random.default_rng(0).uniform(-60, 60, (2, 8))
            self.first = Tensor(drawn, requires_grad=True)
            self.second = Tensor(np.ones((1, 8)), requires_grad=True)

        def forward(self, x):
            return (x @ self.first).tanh() @ self.second.mT

    assert ("saturated", "Plain") in kinds(examined_net(Plain())[0])


def test_weight_decay_hides_no_output():
    model = nn.Neuron(2, "sigmoid").set_weights([60.0, 0.0], 0.0)
    loss = mse_loss([model(x) for x in X], [float(x[0] > 0) for x in X])
    loss = loss + 1e-4 * sum(p * p for p in model.parameters())
    loss.backward()
    assert nn.diagnose(model, loss).findings == []


def test_parameters_without_a_gradient():
    model = nn.MLP(2, [3, 1], "tanh", seed=1)
    out = [model.layers[1]([h.data for h in model.layers[0](x)]) for x in X]
    loss = mse_loss(out, Y)
    loss.backward()
    diagnosis = nn.diagnose(model, loss)
    (finding,) = (f for f in diagnosis.findings if f.kind == "no gradient")
    assert finding.where == "layers.0"
    assert finding.measure.startswith("9 of 9 parameters: layers.0.neurons.0.w[0], ")
    assert finding.measure.endswith("and 3 more")
    assert math.isnan(diagnosis.layers[0].grad)
    assert all(diagnosis.marks[leaf] == "no gradient" for leaf in model.layers[0].parameters())


@pytest.mark.filterwarnings("ignore:.*encountered:RuntimeWarning")
def test_where_a_nan_comes_from():
    model = Net([2, 3, 1], lambda x: (x - 1e3).log())
    diagnosis, _ = examined_net(model)
    finding = diagnosis.findings[0]
    assert finding.kind == "not finite"
    assert finding.where == "log in Net"
    assert finding.measure.startswith("72 of 72 NaN, from log(x: (24, 3)); ")
    assert "above 0" in finding.advice
    assert finding.nodes[0].op.name == "log"
    assert diagnosis.marks[finding.nodes[0]] == "not finite"


def test_a_parameter_that_is_nan_is_named():
    model = nn.MLP(2, [3, 1], "tanh", seed=1)
    model.layers[0].neurons[1].w[0].data = math.nan
    diagnosis, _ = examined(model)
    assert diagnosis.findings[0].where == "layers.0.neurons.1.w[0]"
    assert diagnosis.findings[0].measure.startswith("NaN, a leaf; ")


def test_an_infinity_in_scalar_code():
    model = nn.Neuron(1, "linear").set_weights([1e308], 0.0)
    loss = model([100.0]) * 1e-300
    loss.backward()
    finding = nn.diagnose(model, loss).findings[0]
    assert finding.where == "mul in Neuron"
    assert "infinite, from mul(x=1e+308, y=100.0)" in finding.measure


@pytest.mark.filterwarnings("ignore:.*encountered:RuntimeWarning")
def test_a_gradient_that_is_not_finite():
    class Root(nn.Module):
        def __init__(self):
            self.x = Tensor([0.0, 1.0], requires_grad=True)

        def forward(self):
            return self.x.sqrt().sum()

    model = Root()
    loss = model()
    loss.backward()
    finding = nn.diagnose(model, loss).findings[0]
    assert (finding.kind, finding.where) == ("not finite", "x")
    assert finding.measure == "its gradient is 1 of 2 infinite; its data are finite"


# How it reads


def test_how_it_prints():
    model = nn.MLP(2, [4, 1], init="kaiming", seed=5)
    model.layers[0].neurons[0].b.data = -100.0
    diagnosis, _ = examined(model)
    lines = str(diagnosis).splitlines()
    assert lines[0].split() == ["layer", "|w|", "|grad|", "|grad|/|w|", "findings"]
    assert lines[1].startswith("layers.0  Layer(2, 4, 'relu')")
    assert lines[1].endswith("dead")
    assert lines[2].endswith("–")
    assert lines[4].startswith("dead: layers.0: 1 of 4 units gave 0 for all 24 samples: 0. Use ")
    assert repr(diagnosis) == "<Diagnosis of 2 layers: 1 dead>"


def test_a_notebook_shows_a_table():
    model = nn.MLP(2, [4, 1], init="kaiming", seed=5)
    model.layers[0].neurons[0].b.data = -100.0
    diagnosis, _ = examined(model)
    html = diagnosis._repr_html_()
    assert html.count("<tr>") == 3
    assert "<td>Layer(2, 4, 'relu')</td>" in html
    assert html.count("<li>") == 1
    healthy, _ = examined(nn.Neuron(2, "linear", seed=0))
    assert "<p>nothing found</p>" in healthy._repr_html_()


def test_a_picture_shows_what_was_found():
    model = nn.MLP(2, [4, 1], init="kaiming", seed=5)
    model.layers[0].neurons[0].b.data = -100.0
    diagnosis, loss = examined(model)
    drawing = autograd.draw(loss, color=diagnosis)
    (legend,) = drawing.picture.legend
    assert (legend.fill, legend.text) == ("#1A1A1A", "dead")
    dead = {drawing.graph.index(node) for node in diagnosis.findings[0].nodes}
    bars = {
        i: box.bar
        for picture in drawing.pictures.values()
        for box in picture.boxes
        if not box.opens and box.kind != "tag"
        for i in box.nodes
    }
    marked = {i for i, bar in bars.items() if bar is not None}
    assert marked
    assert marked <= dead
    (outer,) = {box.bar for box in drawing.picture.boxes if box.bar is not None}
    assert (outer.text, 0 < outer.length < 1) == ("dead", True), "a part of them is"
    assert ">dead<" in drawing.svg


def test_names_are_escaped():
    class Odd(nn.Module):
        def __init__(self):
            self.held = {"<b>&": nn.Neuron(2, "linear", seed=0)}

        def forward(self, x):
            return self.held["<b>&"](x)

    diagnosis, _ = examined(Odd())
    assert "<td>held.&lt;b&gt;&amp;</td>" in diagnosis._repr_html_()


# With losses of other kinds


def test_cross_entropies():
    model = nn.MLP(2, [5, 3], "tanh", init="xavier", seed=1)
    loss = cross_entropy([model(x) for x in X], [i % 3 for i in range(24)])
    loss.backward()
    assert nn.diagnose(model, loss).findings == []
    model = nn.MLP(2, [5, 1], "tanh", init="xavier", seed=1)
    loss = binary_cross_entropy_with_logits([model(x) for x in X], Y)
    loss.backward()
    assert nn.diagnose(model, loss).findings == []


# What it refuses


def test_before_backward():
    model = nn.Neuron(2, seed=0)
    with pytest.raises(RuntimeError, match=r"call loss\.backward\(\) before"):
        nn.diagnose(model, model([1.0, 2.0]))


def test_what_is_no_module_and_no_loss():
    with pytest.raises(TypeError, match=r"nn\.Module, but was given \[\]"):
        nn.diagnose([], Value(1.0))
    with pytest.raises(TypeError, match=r"the loss as a node, but was given 0\.5"):
        nn.diagnose(nn.Neuron(1, seed=0), 0.5)
    with pytest.raises(ValueError, match="has no parameters"):
        nn.diagnose(nn.Module(), Value(1.0))
