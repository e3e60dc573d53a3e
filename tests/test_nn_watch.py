"""Training, watched: what is read, what is kept, and how it is written."""

from __future__ import annotations

import base64
import json
import math
import re
import struct
import xml.etree.ElementTree as ET
import zlib

import nbclient
import nbformat
import numpy as np
import pytest
from watching import CORNERS, XOR, three_classes, trained, wide, xor

import autograd
import nn
from autograd import Tensor
from nn.functional import mse_loss
from nn.parts import numbers, parts
from nn.watching.marks import short
from nn.watching.reading import answers, columns
from nn.watching.recording import MOST_FRAMES
from nn.watching.surface import line

SVG = "{http://www.w3.org/2000/svg}"


def named(svg, tag, attribute):
    return [e for e in ET.fromstring(svg).iter(SVG + tag) if attribute in e.attrib]


def texts(svg):
    return ["".join(e.itertext()) for e in ET.fromstring(svg).iter(SVG + "text")]


# What is read


def test_a_frame_holds_the_weights_the_gradients_and_the_outputs():
    watch = xor()
    frame, model = watch.frames[-1], watch.model
    leaves = [
        leaf
        for layer in model.layers
        for leaf in [w for neuron in layer.neurons for w in neuron.w]
        + [neuron.b for neuron in layer.neurons]
    ]
    hidden = [value.data for value in model.layers[0](CORNERS[0])]
    for read, expected in [
        (frame.values, [leaf.data for leaf in leaves]),
        (frame.gradients, [leaf.grad for leaf in leaves]),
        (frame.outputs, [0.0, 0.0, *hidden, model(CORNERS[0]).data]),
    ]:
        np.testing.assert_array_equal(read, np.array(expected, np.float32))
    assert frame.norms[0][0] == pytest.approx(
        math.hypot(*(p.data for p in model.layers[0].parameters()))
    )
    assert frame.norms[1][1] == pytest.approx(
        math.hypot(*(p.grad for p in model.layers[1].parameters()))
    )


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", "step", "linear"])
@pytest.mark.parametrize(
    "make", [nn.Neuron, lambda n, a: nn.Layer(n, 3, a), lambda n, a: nn.MLP(n, [4, 2], a, a)]
)
def test_the_map_shows_what_the_model_answers(make, activation):
    model = make(2, activation)
    x = np.random.default_rng(0).normal(size=(9, 2))
    rows = [model(row) for row in x]
    expected = [[v.data for v in row] if isinstance(row, list) else [row.data] for row in rows]
    np.testing.assert_allclose(answers(model, x), expected, rtol=1e-12)


def test_the_map_of_modules_of_ones_own():
    class Circle(nn.Module):
        def __init__(self):
            self.inner = nn.Neuron(2, "linear", seed=0)

        def forward(self, x):
            assert not self.training
            return self.inner([v * v for v in x])

    class Product(nn.Module):
        def __init__(self):
            self.weight = Tensor([[1.0, 2.0]], requires_grad=True)
            self.bias = Tensor([0.5], requires_grad=True)

        def forward(self, x):
            return (x @ self.weight.mT + self.bias).tanh()

    x = np.array([[1.0, 2.0], [-1.0, 0.5]])
    circle, product = Circle(), Product()
    np.testing.assert_allclose(answers(circle, x)[:, 0], [circle.eval()(row).data for row in x])
    np.testing.assert_allclose(answers(product, x), product(x).data)
    watch = nn.watch(product, data=(x, [1, -1]))
    watch()
    assert watch.frames[0].values.tolist() == [1.0, 2.0, 0.5]
    assert np.isnan(watch.frames[0].gradients).all()
    np.testing.assert_allclose(watch.frames[0].outputs, [1.0, 2.0, math.tanh(5.5)])


def test_samples_are_given_to_the_model_as_they_are():
    class Words(nn.Module):
        """One row of a table for each word, which is a whole number."""

        def __init__(self):
            self.weight = Tensor(np.arange(6.0).reshape(2, 3), requires_grad=True)

        def forward(self, x):
            assert x.shape == (1, 2, 2)
            assert x.dtype.kind == "i"
            return self.weight[x.data].sum()

    x = np.array([[[0, 1], [1, 1]], [[0, 0], [0, 1]]])
    watch = nn.watch(Words(), data=(x, [0, 1]))
    watch()
    assert watch.scene.plane is None
    one = nn.watch(nn.Neuron(1, "linear").set_weights([2.0], 0.5), data=([3.0, 4.0], [0, 1]))
    one()
    assert one.frames[0].outputs.tolist() == [3.0, 6.5]


def test_looking_changes_nothing():
    watch = xor()
    model = watch.model
    model.layers[0].eval()
    before = [(p.data, p.grad) for p in model.parameters()], [m.training for m in model.modules()]
    with autograd.no_grad():
        watch(0.5)
    watch.to_html()
    after = [(p.data, p.grad) for p in model.parameters()], [m.training for m in model.modules()]
    assert after == before


def test_columns_follow_from_one_another():
    class Two(nn.Module):
        def __init__(self):
            self.generator = nn.MLP(3, [5, 2], seed=0)
            self.judge = nn.MLP(4, [1], seed=0)

    sizes = [(column.size, column.part and column.part.name) for column in columns(parts(Two()))]
    assert sizes == [
        (3, None),
        (5, "generator.layers.0"),
        (2, "generator.layers.1"),
        (4, None),
        (1, "judge.layers.0"),
    ]


def test_large_layers_are_folded():
    watch = wide()
    assert [len(column.shown) for column in columns(parts(watch.model))] == [16, 16, 10]
    assert {"⋮ 48 more", "⋮ 8 more", "64 inputs"} <= set(texts(watch.to_svg()))
    frame = watch.frames[-1]  # evenly spread: every fourth input, two units in three
    weight = numbers(parts(watch.model)[0].weight)
    assert frame.values[17] == np.float32(weight[1, 4])
    assert len(frame.values) == 16 * 16 + 16 + 16 * 10 + 10


def test_a_part_without_units_is_told_in_numbers():
    class Scale(nn.Module):
        def __init__(self):
            self.factor = Tensor([1.0, 2.0, 2.0], requires_grad=True)

        def forward(self, x):
            return (self.factor * x).sum()

    watch = nn.watch(Scale(), data=([(1.0, 2.0, 3.0)], [0.0]))
    watch(1.0)
    assert str(watch).splitlines()[2].split() == ["Scale", "Scale", "3", "nan", "nan"]
    assert repr(watch) == "<Watch of 1 step of Scale>"
    assert "step 1 · loss 1" in texts(watch.to_svg())


# What is kept


def test_frames_are_thinned_evenly_and_the_newest_is_there():
    watch = nn.watch(nn.Neuron(1, seed=0))
    for step in range(1, 4 * MOST_FRAMES):
        watch(step)
        kept = [frame.step for frame in watch.frames]
        assert len(kept) <= MOST_FRAMES
        assert kept[0] == 1
        assert kept[-1] == step == watch.frames[-1].loss
        assert len(set(np.diff(kept[:-1]))) <= 1
    assert len(kept) > MOST_FRAMES / 2


def test_the_loss_may_be_a_node_a_number_or_nothing():
    watch = nn.watch(nn.Neuron(1, seed=0))
    for loss in (autograd.Value(0.5), Tensor(0.5), np.float32(0.5), 0.5, None):
        watch(loss)
    assert [frame.loss for frame in watch.frames[:4]] == [0.5] * 4
    assert math.isnan(watch.frames[4].loss)
    assert "step 5" in texts(watch.to_svg())


# How it is drawn


def test_signs_and_sizes():
    model = nn.Layer(3, 1, "linear").set_weights([[2.0, -1.0, 0.0]], [-2.0])
    watch = nn.watch(model)
    watch()
    lines = named(watch.to_svg(), "path", "data-i")
    assert [line.get("class") for line in lines] == ["positive", "negative", "positive"]
    assert [line.get("stroke-dasharray") for line in lines] == [None, "5 4", None]
    assert [float(line.get("stroke-width")) for line in lines] == [6.0, 3.15, 0.3]
    (ring,) = named(watch.to_svg(), "circle", "data-i")
    assert (ring.get("class"), ring.get("stroke-width")) == ("negative", "4.00")
    assert "−2.00" in texts(watch.to_svg())
    assert [line.find(f"{SVG}title").text for line in lines] == ["2", "-1", "0"]


def test_gradients_on_demand():
    watch = xor()
    titles = [
        float(e.find(f"{SVG}title").text)
        for e in named(watch.to_svg(gradients=True), "path", "data-i")
    ]
    gradients = [p.grad for n in watch.model.layers[0].neurons for p in n.w]
    np.testing.assert_allclose(titles[:8], gradients, rtol=1e-5)
    assert any(text.startswith("gradients; ") for text in texts(watch.to_svg(gradients=True)))
    assert any(text.startswith("weights; ") for text in texts(watch.to_svg()))


def test_small_gradients_are_drawn_beside_the_largest_of_their_frame():
    watch = nn.watch(model := nn.Neuron(2, "linear", seed=0))
    for size in (1e3, 1e-9):
        model.zero_grad()
        (model([1.0, -0.5]) * size).backward()
        watch()
    for at in (0, 1):
        lines = named(watch.to_svg(at, gradients=True), "path", "data-i")
        assert [float(line.get("stroke-width")) for line in lines] == [6.0, 3.15]


def test_a_gradient_that_is_not_there_is_not_drawn():
    watch = nn.watch(nn.Neuron(2, "tanh", seed=0))
    watch()
    lines = named(watch.to_svg(gradients=True), "path", "data-i")
    assert {line.get("stroke-width") for line in lines} == {"0.00"}
    assert "–" in texts(watch.to_svg(gradients=True))


@pytest.mark.parametrize("wild", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_not_finite(wild):
    watch = xor()
    watch.model.layers[0].neurons[0].w[0].data = wild
    with np.errstate(invalid="ignore"):
        watch(wild)
        ET.fromstring(watch.to_svg())
        assert "nan" not in re.sub(r"<(title|desc|text).*?</\1>", "", watch.to_svg())
        recording(watch)


def test_any_frame_can_be_drawn():
    watch = xor()
    assert "step 1 ·" in watch.to_svg(0)
    assert "step 6 ·" in watch.to_svg()


def test_the_same_training_gives_the_same_bytes():
    assert xor().to_html() == xor().to_html()


def test_a_long_way_down_is_drawn_by_its_logarithm():
    watch = nn.watch(nn.Neuron(1, seed=0))
    for loss in (1.0, 0.1, 0.01):
        watch(loss)
    assert "loss, log scale" in texts(watch.to_svg())
    np.testing.assert_allclose(watch.scene.curve, [(0, 0), (125, 75), (250, 150)])
    watch(-1.0)
    assert "loss" in texts(watch.to_svg())


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (-0.001, "−1e−3"),
        (0.004321, "4e−3"),
        (0.006, "0.01"),
        (-0.126, "−0.13"),
        (9.996, "10.0"),
        (-99.96, "−100"),
        (1234.0, "1e3"),
        (math.inf, "inf"),
    ],
)
def test_numbers_in_units_are_short(value, text):
    assert short(value) == text


def test_the_boundary_runs_where_the_answers_cross_it():
    x, y = np.meshgrid(np.linspace(0, 1, 32), np.linspace(0, 1, 32))
    ends = np.array(re.findall(r"[\d.]+ [\d.]+", line(x + 2 * y, 1.0, 100.0)))
    places = np.array([list(map(float, end.split())) for end in ends])
    assert len(places) > 30
    np.testing.assert_allclose(places @ [1, 2], 100.0, atol=0.2)  # to a tenth of a pixel each
    assert line(x, 2.0, 100.0) == ""
    assert line(np.full((4, 4), np.nan), 0.0, 100.0) == ""


def test_the_heat_map_is_a_png_that_says_what_the_model_says():
    watch = xor()
    url = named(watch.to_svg(), "image", "href")[0].get("href")
    png = base64.b64decode(url.removeprefix("data:image/png;base64,"))
    chunks, at = {}, 8
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        body = png[at + 4 : at + 8 + size]
        assert struct.unpack(">I", png[at + 8 + size : at + 12 + size]) == (zlib.crc32(body),)
        chunks[body[:4]] = body[4:]
        at += size + 12
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(32, 33)
    assert not rows[:, 0].any()
    surface = watch.frames[-1].surface
    np.testing.assert_array_equal(rows[:, 1:].astype(int) - 31, np.rint((surface - 0.5) * 2 * 31))
    top_left = watch.model([-0.12, 1.12]).data
    assert surface[0, 0] == pytest.approx(top_left)


def test_which_answer_parts_the_classes_can_be_told():
    watch = trained(nn.Neuron(2, "linear", seed=0), CORNERS, XOR, mse_loss, 1, boundary=0.0)
    assert "answers, and where they are 0" in texts(watch.to_svg())
    assert "answers, and where they are 0.5" in texts(xor().to_svg())
    assert "largest output" in texts(three_classes().to_svg())


@pytest.mark.parametrize(
    "targets", [[0, 1, 1, 0], [[0], [1], [1], [0]], [[1, 0], [0, 1], [0, 1], [1, 0]]]
)
def test_targets_as_numbers_columns_or_ones(targets):
    watch = nn.watch(nn.MLP(2, [2], seed=0), data=(np.array(CORNERS), np.array(targets)))
    watch()
    assert watch.scene.plane.targets.tolist() == XOR


def test_a_great_many_samples_are_thinned():
    x = np.random.default_rng(0).normal(size=(5000, 2))
    watch = nn.watch(nn.Neuron(2, "linear", seed=0), data=(x, x[:, 0]))
    watch()
    assert 200 < len(watch.scene.plane.points) <= 400


# How it is written


def recording(watch):
    text = re.search(r"const recording = (\{.*\});", watch.to_html()).group(1)
    return json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


def test_a_notebook_gets_three_forms():
    bundle = xor()._repr_mimebundle_()
    assert set(bundle) == {"text/html", "image/svg+xml", "text/plain"}
    assert '<img src="data:image/svg+xml;base64,' in bundle["text/html"]
    assert bundle["text/html"].count("<script>") == 1
    assert not re.search(r"https?://(?!www\.w3\.org/)", bundle["text/html"])


def test_frames_are_compact():
    few, many = (len(xor(steps).to_html()) for steps in (2, 42))
    assert (many - few) / 40 < 4000


def test_frames_are_numbers():
    watch = xor()
    written = recording(watch)
    assert len(written["frames"]) == len(written["curve"]) == 6
    raw = base64.b64decode(written["frames"][2]["numbers"])
    frame = watch.frames[2]
    expected = np.concatenate([frame.values, frame.gradients, frame.outputs])
    np.testing.assert_array_equal(np.frombuffer(raw, "<f4"), expected)


@pytest.mark.parametrize("ending", [".html", ".svg", ".HTML"])
def test_it_is_saved(tmp_path, ending):
    watch = xor()
    watch.save(tmp_path / f"training{ending}")
    text = (tmp_path / f"training{ending}").read_text(encoding="utf-8")
    assert text.startswith("<svg" if ending == ".svg" else "<!DOCTYPE html>")
    assert [path.name for path in tmp_path.iterdir()] == [f"training{ending}"]


def test_how_it_prints(capsys):
    watch = xor()
    lines = str(watch).splitlines()
    assert lines[0] == f"step 6 · loss {watch.frames[-1].loss:.4g}"
    assert lines[1].split() == ["part", "|w|", "|grad|", "|grad|/|w|"]
    assert [row.split()[0] for row in lines[2:]] == ["layers.0", "layers.1"]
    assert repr(watch).startswith("<Watch of 6 steps of MLP(2, [4, 1]")
    assert "nothing recorded yet" in str(nn.watch(nn.Neuron(1, seed=0)))


def test_it_shows_itself_as_a_table_outside_of_notebooks(run_python):
    code = "import nn\nwatch = nn.watch(nn.Neuron(1, seed=0))\nwatch(1.0)\nwatch.show()"
    assert run_python(code).stdout.startswith("step 1 · loss 1\n")


def test_a_notebook_shows_it_live_and_in_place(monkeypatch):
    monkeypatch.chdir(nn.__path__[0] + "/..")
    cells = [
        "import nn\nwatch = nn.watch(nn.Neuron(2, 'tanh', seed=0))",
        "for step in range(40):\n    watch(1 / (step + 1))",
        "watch",
    ]
    notebook = nbformat.v4.new_notebook(cells=list(map(nbformat.v4.new_code_cell, cells)))
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    (live,) = notebook.cells[1].outputs
    assert live.data["text/plain"].startswith("step 40 · ")
    picture = live.data["text/html"].split("base64,")[1].split('"')[0]
    assert "step 40 · loss 0.025" in base64.b64decode(picture).decode()
    assert "<script>" not in live.data["text/html"]
    (player,) = notebook.cells[2].outputs
    assert "<script>" in player.data["text/html"]


def test_it_costs_nothing_until_it_is_used(run_python):
    code = "import nn, sys\nprint(*sys.modules)"
    assert not {"nn.watching", "nn.diagnosis"} & set(run_python(code).stdout.split())
    run_python("from nn import Diagnosis, Finding, Watch, diagnose, watch\nassert callable(watch)")
    run_python(
        "import nn\nassert set(nn.__all__) == set(dir(nn))\n[getattr(nn, n) for n in dir(nn)]"
    )


# What it refuses


def test_what_is_no_module():
    with pytest.raises(TypeError, match=r"nn\.Module, but was given 3"):
        nn.watch(3)
    with pytest.raises(ValueError, match="has no parameters"):
        nn.watch(nn.Module())


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (CORNERS, r"two things, \(X, y\)"),
        ((CORNERS, XOR[:3]), r"X holds 4 samples and y has shape \(3,\)"),
        (([], []), "X holds 0 samples"),
        (([(1.0, 2.0, 3.0)], [1.0]), "takes 2 inputs, but was given 3"),
        (("ab", [1, 2]), "samples made of numbers, but is 'ab'"),
        (([(1, 2), (3,)], [1, 2]), "samples of one shape, and numbers: "),
        (([(1, 2)], ["x"]), "and numbers: could not convert"),
        (np.array(CORNERS), r"two things, \(X, y\), but was given array"),
    ],
)
def test_data_that_do_not_fit(data, message):
    with pytest.raises(ValueError, match=message):
        nn.watch(nn.MLP(2, [1], seed=0), data=data)


def test_files_that_cannot_be_written(tmp_path):
    watch = xor(1)
    with pytest.raises(ValueError, match=r"ends in \.html or \.svg, but was given '.*gif'"):
        watch.save(str(tmp_path / "training.gif"))
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        watch.save(tmp_path / "nowhere" / "training.html")
    with pytest.raises(ValueError, match="nothing was recorded yet"):
        nn.watch(nn.Neuron(1, seed=0)).save(tmp_path / "training.html")
    assert not list(tmp_path.iterdir())
