"""Pages and moving pictures, as far as they can be seen without a browser."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from drawn import awkward, network, neuron, page_of, perceptron

from autograd import Tensor, Value, draw
from autograd.drawing.page import stepper
from autograd.stepping import steps

SVG = "{http://www.w3.org/2000/svg}"


def test_a_page_asks_for_nothing_and_is_the_same_each_time():
    text = page_of(neuron())
    assert text == page_of(neuron())
    addresses = set(re.findall(r"""(?:https?:)?//[\w.]+\.\w+[^\s"'`)]*""", text))
    assert addresses <= {"http://www.w3.org/2000/svg"}
    assert text.count("<script>") == text.count("</script") == text.count("<img ") == 1


@pytest.mark.parametrize("make", [page_of, lambda root: stepper(root).html])
def test_no_name_ends_the_script(make):
    text = make(awkward())
    assert text.count("</script") == 1


def test_a_page_of_many_nodes_is_small():
    _, loss = perceptron(40)
    assert len(page_of(loss)) < 2_500_000
    y = x = Value(0.5)
    for i in range(6_000):
        y = [y.tanh, y.sin, lambda y=y: y * x, lambda y=y: y + x][i * i % 7 % 4]()
    assert len(page_of(y)) < 8_000_000


def test_a_stepper_in_a_notebook():
    shown = stepper(neuron())._repr_mimebundle_()
    assert list(shown) == ["text/html", "image/svg+xml", "text/plain"]
    assert re.match(
        r'<div class="glassgrad-picture [\w-]+"><img src="data:image', shown["text/html"]
    )
    assert ET.fromstring(shown["image/svg+xml"]).tag == f"{SVG}svg"


def test_the_text_of_a_stepper_is_its_steps():
    x = Value(3.0)
    y = x * x
    assert str(stepper(y)) == "\n".join(map(str, steps(y, names={"x": x, "y": y})))
    assert "∂y/∂x" in str(stepper(y))
    assert "∂q/∂p" in str(stepper(y, names={"p": x, "q": y}))
    assert repr(stepper(y)) == "<Stepper of 4 steps>"
    assert x.grad == 0.0


def test_a_long_text_is_cut_and_says_so():
    _, loss = perceptron(2, (4, 1))
    short = stepper(loss, most=10)
    assert (len(short.steps), short.more) == (10, True)
    assert repr(short) == "<Stepper of more than 10 steps>"
    assert "Only the first" in short.html
    everything = stepper(loss)
    assert not everything.more
    assert str(everything).endswith("; `for step in node.steps()` gives all")
    with pytest.raises(ValueError, match=r"most is a number of steps.*was given 0"):
        stepper(loss, most=0)


def test_a_stepper_takes_a_gradient_to_start_from():
    x = Tensor([1.0, 2.0], requires_grad=True)
    shown = stepper(x * x, [1.0, 10.0])
    assert shown.steps[-1].total.tolist() == [2.0, 40.0]


@pytest.mark.parametrize(
    ("root", "problem"),
    [
        (3.0, TypeError),
        (Value(1.0, requires_grad=False), RuntimeError),
        (Value(1.0, requires_grad=False) * 2.0, RuntimeError),
    ],
)
def test_what_cannot_be_stepped(root, problem):
    with pytest.raises(problem):
        stepper(root)


def test_saving(tmp_path):
    shown = stepper(neuron())
    for name in ("steps.html", "steps.SVG"):
        shown.save(tmp_path / name)
    assert (tmp_path / "steps.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert (tmp_path / "steps.SVG").read_text(encoding="utf-8") == shown.svg
    assert len(list(tmp_path.iterdir())) == 2
    with pytest.raises(ValueError, match=r"\.html or \.svg, but was given .*steps\.pdf"):
        shown.save(tmp_path / "steps.pdf")
    with pytest.raises(FileNotFoundError, match="no folder"):
        shown.save(tmp_path / "nowhere" / "steps.svg")


def seen_at(element, time):
    """Whether SMIL shows an element at a time, from 0 to 1."""
    animate = element.find(f"{SVG}animate")
    times = [float(each) for each in animate.get("keyTimes").split(";")]
    values = animate.get("values").split(";")
    return values[max(i for i, each in enumerate(times) if each <= time)] == "visible"


@pytest.mark.parametrize("make", [neuron, network, lambda: perceptron(3, (3, 1))[1], awkward])
def test_a_moving_picture(make):
    shown = stepper(make())
    root = ET.fromstring(shown.svg)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        *("svg", "title", "desc", "rect", "g", "path", "text", "animate")
    }
    assert not any(name in ("style", "onload", "href") for e in root.iter() for name in e.attrib)
    count = min(len(shown.steps), 200)
    captions = [g for g in root if g.tag == f"{SVG}g" and g.find(f"{SVG}animate") is not None]
    assert [g.find(f"{SVG}text").text for g in captions] == [s.line() for s in shown.steps[:count]]
    for n in range(count):  # exactly one caption at each time, in order
        at = (n + 0.5) / (count + 2)
        assert [i for i, caption in enumerate(captions) if seen_at(caption, at)] == [n]
    still = [c for c in captions if c.get("visibility") == "visible"]
    assert still == captions[-1:]  # where nothing moves, the end is seen


def test_values_and_gradients_appear_in_order():
    shown = stepper(neuron())
    root = ET.fromstring(shown.svg)
    boxes = {g.get("data-key"): g for g in root.iter(f"{SVG}g") if g.get("data-key")}
    output = shown.pictures[""].boxes[-1].key

    def texts(key, kind, time):
        found = (t for t in boxes[key].iter(f"{SVG}text") if t.get("class") == kind)
        return [t.text for t in found if t.find(f"{SVG}animate") is None or seen_at(t, time)]

    end = len(shown.steps) + 2
    assert texts(output, "data", 0.0) == texts(output, "grad", 0.0) == ["–"]
    assert texts(output, "data", 4.5 / end) == ["0.7064"]
    assert texts(output, "grad", 4.5 / end) == ["–"]
    assert texts(output, "grad", 5.5 / end) == ["1"]
    assert len(shown.svg) < 200_000


def test_steps_of_a_page_hold_the_last_gradients():
    y = neuron()
    shown = stepper(y)
    y.backward()
    last = {step.parent: step.total for step in shown.steps if step.parent}
    assert all(np.array_equal(node.grad, total) for node, total in last.items())


@pytest.mark.parametrize("shape", [(), (1,), (1, 1)])
def test_a_constant_of_one_element_has_its_number(shape):
    x = Tensor(np.ones((2, 3)), requires_grad=True)
    drawing = draw((x + np.full(shape, 2.5)).sum() * True)
    constants = np.frombuffer(base64.b64decode(drawing.numbers.packed["constants"]))
    assert constants.tolist() == [2.5, 1.0]
