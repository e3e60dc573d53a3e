"""Pages in a real browser: every control by mouse and by keyboard, and what is drawn measured."""

from __future__ import annotations

import re

import numpy as np
import pytest
from browser import stop_the_clock
from drawn import awkward, network, neuron, page_of, perceptron

from autograd import Graph, Tensor, Value, draw
from autograd.drawing.page import stepper, to_page
from autograd.text import number

SCHEMES = ["light", "dark"]

# What each box says, by its key.
TEXTS = """() => Object.fromEntries([...document.querySelector(".glassgrad-picture").shadowRoot
  .querySelectorAll(".box")].map(box => [box.dataset.key,
    [...box.querySelectorAll("text")].map(text => text.textContent)]))"""

# What Python wrote into the picture of the whole, or of a part.
DRAWN = """svg => Object.fromEntries(
  [...new DOMParser().parseFromString(svg, "image/svg+xml").querySelectorAll(".box")]
    .map(box => [box.dataset.key, [...box.querySelectorAll("text")].map(t => t.textContent)]))"""

# Boxes that touch, texts that leave their box, letters too small or too pale.
FAULTS = r"""() => {
  const root = document.querySelector(".glassgrad-picture").shadowRoot, faults = [];
  const channels = css => (css.match(/-?[\d.]+/g) || []).map(Number);
  const oklab = ([l, a, b]) => {
    const [x, y, z] = [l + 0.3963377774 * a + 0.2158037573 * b,
      l - 0.1055613458 * a - 0.0638541728 * b, l - 0.0894841775 * a - 1.291485548 * b]
      .map(each => each ** 3);
    return [4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z,
      -1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z,
      -0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z];
  };
  const light = css => {
    const [r, g, b] = css.startsWith("oklab") ? oklab(channels(css))
      : channels(css).slice(0, 3).map(v => v / 255)
        .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const inside = (a, b) => a.x >= b.x - 0.5 && a.y >= b.y - 0.5
    && a.x + a.width <= b.x + b.width + 0.5 && a.y + a.height <= b.y + b.height + 0.5;
  const boxes = [...root.querySelectorAll(".box")].map(box => {
    const frame = box.querySelector(".frame");
    const texts = [...box.querySelectorAll("text")].filter(text => text.textContent);
    for (const text of texts) {
      const name = text.textContent, style = getComputedStyle(text);
      if (!inside(text.getBBox(), frame.getBBox())) faults.push(`${name} leaves its box`);
      if (parseFloat(style.fontSize) < 11) faults.push(`${name} is small`);
      const pair = [light(style.fill), light(getComputedStyle(frame).fill)].sort((p, q) => q - p);
      if ((pair[0] + 0.05) / (pair[1] + 0.05) < 4.5) faults.push(`${name} is pale`);
    }
    texts.forEach((a, i) => texts.slice(i + 1).forEach(b => {
      const [p, q] = [a.getBBox(), b.getBBox()];
      const level = Math.abs(p.y + p.height / 2 - q.y - q.height / 2) < 8;
      if (level && p.x < q.x + q.width && q.x < p.x + p.width) {
        faults.push(`${a.textContent} lies on ${b.textContent}`);
      }
    }));
    return [box.dataset.key, frame.getBBox()];
  });
  boxes.forEach(([a, p], i) => boxes.slice(i + 1).forEach(([b, q]) => {
    const across = p.x < q.x + q.width && q.x < p.x + p.width;
    if (across && p.y < q.y + q.height && q.y < p.y + p.height) {
      faults.push(`${a} touches ${b}`);
    }
  }));
  return faults;
}"""


@pytest.fixture(scope="module")
def folded():
    model, loss = perceptron()
    loss.backward()
    return model, loss


def named(page, role, name):
    return page.get_by_role(role, name=name, exact=True)


def said(page):
    return page.locator(".said").text_content()


def here(page):
    return page.locator("nav b").inner_text()


def view(page):
    """The part of the picture that is seen: x, y, width, height."""
    return [float(x) for x in page.locator(".stage > svg").get_attribute("viewBox").split()]


def group(page, label):
    return page.locator(".box[role=button]").filter(has_text=label).first


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("make", [neuron, network, awkward, lambda: perceptron()[1]])
def test_nothing_touches(open_page, make, scheme):
    root = make()
    root.backward()
    page = open_page(page_of(root), scheme)
    for colour in ("none", "gradient", "activation", "operation"):
        page.get_by_label("colour").select_option(colour)
        page.wait_for_timeout(250)
        assert page.evaluate(FAULTS) == [], colour


@pytest.mark.parametrize("scheme", SCHEMES)
def test_nothing_touches_in_any_part(open_page, folded, scheme):
    page = open_page(page_of(folded[1]), scheme)
    search = page.get_by_role("searchbox")
    search.fill("relu")
    seen = set()
    for _ in range(40):
        search.press("Enter")
        seen.add(page.locator("nav").inner_text())
        assert page.evaluate(FAULTS) == []
    assert len(seen) > 30


@pytest.mark.parametrize("make", [neuron, network, awkward, lambda: perceptron()[1]])
def test_the_live_picture_says_what_python_drew(open_page, make):
    root = make()
    root.backward()
    html = page_of(root)
    page = open_page(html)
    image = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', html).group(1)
    svg = page.evaluate(
        "text => new TextDecoder().decode(Uint8Array.from(atob(text), c => c.charCodeAt(0)))", image
    )
    assert page.evaluate(TEXTS) == page.evaluate(DRAWN, svg)


def test_arrays_in_little_are_as_python_drew_them(open_page):
    """The page draws them again, in colours of its own, for they change with the part chosen."""
    outlines = """root => [...root.querySelectorAll(".heat")].map(heat =>
      [heat.getAttribute("class"), [...heat.querySelectorAll("path")]
        .map(path => path.getAttribute("d")).join("").match(/M[^M]*/g).sort()])"""
    uneven = np.array([[1.0, -1.0, np.nan, 0.5, 2.0, -np.inf, 3.0, -4.0, 4.0, -0.0, 0.1]] * 3)
    root = network() + Tensor(uneven, requires_grad=True).sum()
    root.backward()
    drawing = draw(root)
    page = open_page(to_page("arrays", drawing.html))
    drawn = page.evaluate(
        f"svg => ({outlines})(new DOMParser().parseFromString(svg, 'image/svg+xml'))", drawing.svg
    )
    live = page.evaluate(
        f"() => ({outlines})(document.querySelector('.glassgrad-picture').shadowRoot)"
    )
    assert len(drawn) > 5
    assert live == drawn


def test_a_tag_leads_to_its_box(open_page):
    x = y = Value(0.5, name="far")
    for _ in range(12):
        y = y.tanh()
    page = open_page(page_of(y * x))
    page.locator(".box.tag").press("Enter")
    assert page.locator(".box.found:not(.tag) .name").text_content() == "far"


def test_a_drawing_of_a_part_opens_there(open_page, folded):
    drawing = draw(folded[1])
    path = next(path for path, picture in drawing.pictures.items() if path.count(".") == 1)
    page = open_page(to_page("a part", drawing.open(path).html))
    assert here(page).startswith(drawing.pictures[path].trail[-1])
    page.locator(".glass").focus()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert here(page) == "the whole"


def test_another_part_shows_its_own_numbers_and_names(open_page):
    _, loss = perceptron(3, (4, 1))
    loss.backward()
    page = open_page(page_of(loss, at_once=12))
    search = page.get_by_role("searchbox")

    def everything(what):
        search.fill(what)
        search.press("Enter")
        for _ in range(int(page.locator(".hits").inner_text().split()[-1])):
            whole = page.locator(".whole").inner_text()
            texts = page.locator(".found text").all_text_contents()
            if "nodes" not in whole:
                yield whole, texts
            search.press("Enter")

    relus = [node for node in Graph(loss).nodes if node.op and node.op.name == "relu"]
    shown = list(everything("relu"))
    data = [float(re.search(r"data = (\S+)", whole).group(1)) for whole, _ in shown]
    grad = [float(re.search(r"grad = (\S+)", whole).group(1)) for whole, _ in shown]
    assert sorted(data) == sorted(node.data for node in relus)
    assert sorted(grad) == sorted(node.grad for node in relus)
    for (_, texts), value in zip(shown, data, strict=True):
        assert texts[texts.index("data") + 1] == number(value)
    # What comes from outside is that of the part chosen.
    search.fill("layers.0.neurons.2.w[1]")
    search.press("Enter")
    for name in page.locator(".box.outside .name").all_text_contents():
        assert "neurons.2" in name or name in ("relu", "")


def test_where_nothing_opens_nothing_says_where_one_is(open_page):
    assert open_page(page_of(neuron())).locator("nav").is_hidden()


def test_drilling_down_by_mouse(open_page, folded):
    page = open_page(page_of(folded[1]))
    assert here(page) == "the whole"
    assert page.get_by_label("part", exact=True).is_hidden()
    before = page.evaluate(TEXTS)
    group(page, "×5").click()
    assert "1 of 5" in here(page)
    assert said(page).startswith("opened ")
    first = page.evaluate(TEXTS)
    named(page, "button", "next part").click()
    assert "2 of 5" in here(page)
    second = page.evaluate(TEXTS)
    assert second.keys() == first.keys()
    assert second != first
    named(page, "spinbutton", "part").fill("5")
    named(page, "spinbutton", "part").press("Enter")
    assert "5 of 5" in here(page)
    assert named(page, "button", "next part").is_disabled()
    for _ in range(4):
        named(page, "button", "previous part").click()
    assert page.evaluate(TEXTS) == first
    group(page, "MLP").click()
    assert "MLP" in here(page)
    page.get_by_role("button", name="back to the whole").click()
    assert here(page) == "the whole"
    assert page.evaluate(TEXTS) == before
    start = view(page)
    page.keyboard.press("+")  # the focus is still inside
    assert view(page) != start


def test_drilling_down_by_keyboard(open_page, folded):
    page = open_page(page_of(folded[1]))
    page.keyboard.press("Escape")
    page.locator(".glass").focus()
    group(page, "×5").focus()
    assert "nodes" in page.locator(".whole").inner_text()
    page.keyboard.press("Enter")
    inside = here(page)
    assert inside != "the whole"
    page.keyboard.press(" ")  # the first group inside has the focus
    assert here(page) != inside
    page.keyboard.press("Backspace")
    assert here(page) == inside
    page.keyboard.press("Escape")
    assert here(page) == "the whole"
    assert "×5" in page.evaluate(
        "document.querySelector('.glassgrad-picture').shadowRoot.activeElement.textContent"
    )
    page.keyboard.press("Escape")
    assert here(page) == "the whole"


def test_finding_by_name(open_page, folded):
    page = open_page(page_of(folded[1]))
    page.locator(".glass").focus()
    page.keyboard.press("/")
    page.keyboard.type("neurons.3.w[1]")
    page.keyboard.press("Enter")
    assert page.locator(".hits").inner_text().startswith("1 of ")
    assert page.locator(".found").count() == 1
    page.keyboard.press("Shift+Enter")
    total = page.locator(".hits").inner_text().split(" of ")
    assert total[0] == total[1]
    page.keyboard.press("Escape")
    page.keyboard.press("Backspace")


def test_zoom_and_pan(open_page):
    page = open_page(page_of(neuron()))
    start = view(page)
    named(page, "button", "zoom in").click()
    assert view(page)[2] < start[2]
    named(page, "button", "zoom out").click()
    assert view(page) == pytest.approx(start, abs=0.1)
    stage = page.locator(".stage").bounding_box()
    middle = stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] - 12
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] - 50, middle[1] - 30, steps=4)
    page.mouse.up()
    assert view(page)[0] == pytest.approx(start[0] + 50, abs=1)
    named(page, "button", "show the whole").click()
    assert view(page) == pytest.approx(start, abs=0.1)
    page.mouse.move(*middle)
    page.mouse.wheel(0, -200)
    page.wait_for_timeout(50)
    assert view(page)[2] < start[2]
    page.keyboard.press("0")
    assert view(page) == pytest.approx(start, abs=0.1)
    page.locator(".glass").focus()
    for key, at, sign in [
        ("ArrowRight", 0, 1),
        ("ArrowLeft", 0, -1),
        ("ArrowDown", 1, 1),
        ("ArrowUp", 1, -1),
    ]:
        before = view(page)[at]
        page.keyboard.press(key)
        assert (view(page)[at] - before) * sign > 0
    for key, factor in [("+", 0.8), ("-", 1.25)]:
        before = view(page)[2]
        page.keyboard.press(key)
        assert view(page)[2] == pytest.approx(before * factor, rel=0.01)
    before = view(page)
    page.keyboard.press("Control+ArrowRight")  # that is the browser's
    assert view(page) == before


def test_keys_and_wheel_are_the_pages_while_it_has_no_focus(open_page):
    page = open_page(page_of(neuron()).replace("</html>", "<p style='height: 3000px'>x</p></html>"))
    start = view(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("+")
    page.mouse.move(600, 200)
    page.mouse.wheel(0, 100)
    page.wait_for_timeout(100)
    assert view(page) == start
    assert page.evaluate("scrollY") > 0


def test_hover_and_focus_show_the_whole_value(open_page):
    y = neuron()
    page = open_page(page_of(y))
    page.locator(".box").last.hover()
    assert f"data = {y.data!r}" in page.locator(".whole").inner_text()
    page.locator(".box").first.focus()
    assert page.locator(".whole").inner_text().startswith("x1: leaf\ndata = 2")
    label = page.locator(".box").last.get_attribute("aria-label")
    assert label.startswith("unnamed: tanh; data = 0.70")


def test_focus_goes_through_the_controls_and_then_the_boxes(open_page):
    page = open_page(page_of(neuron()))
    reached = []
    for _ in range(8):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "(e => e.ariaLabel || e.className || e.tagName)"
                "(document.activeElement.shadowRoot.activeElement)"
            )
        )
    assert reached[0].startswith("Computation graph")
    assert reached[2:6] == ["SELECT", "zoom out", "zoom in", "show the whole"]
    assert reached[6].startswith("x1: leaf")


def test_two_pictures_on_one_page(open_page):
    one, other = stepper(neuron()).html, stepper(network()).html
    page = open_page(to_page("several", one + other + one))
    roots = page.locator(".glassgrad-picture")
    assert [roots.nth(i).locator(".line").inner_text() for i in range(3)] == [
        "n1 = x1 · w1 = 2 × −3 = −6",
        "n1 = X @ W  (2, 2)",
        "n1 = x1 · w1 = 2 × −3 = −6",
    ]
    roots.nth(1).get_by_role("button", name="next", exact=True).click()
    counts = [roots.nth(i).locator(".steps .bar > span").last.inner_text() for i in range(3)]
    assert [each.split()[1] for each in counts] == ["1", "2", "1"]


def test_without_scripts_there_is_the_picture(open_page):
    page = open_page(page_of(neuron()), java_script_enabled=False)
    box = page.get_by_role("img").bounding_box()
    assert box["width"] > 500


def test_print_shows_the_picture_and_no_controls(open_page):
    page = open_page(page_of(neuron()), "dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator(".stage > svg").is_visible()
    assert page.get_by_role("searchbox").is_hidden()
    assert (
        page.locator(".glass").evaluate("e => getComputedStyle(e).backgroundColor")
        == "rgb(255, 255, 255)"
    )


# --- steps -----------------------------------------------------------------------------------


def step_page(root, **options):
    return to_page("steps", stepper(root, names={}, **options).html)


def at(page):
    return int(re.search(r"step (\d+) of", page.locator(".steps .bar").inner_text()).group(1))


def line(page):
    return page.locator(".line").inner_text()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_stepping_by_mouse(open_page, scheme):
    y = neuron()
    steps = stepper(y, names={}).steps
    page = open_page(step_page(y), scheme)
    grads = page.locator(".box .grad")
    assert set(grads.all_text_contents()) == {"–"}
    for n, step in enumerate(steps):
        assert (at(page), line(page)) == (n + 1, step.line())
        assert page.locator(".rule").inner_text() == (step.rule() or "")
        assert page.locator(".phase").inner_text() == step.phase
        assert page.locator(".box.at").count() == 1
        if n < len(steps) - 1:
            named(page, "button", "next").click()
    assert "–" not in grads.all_text_contents()
    assert named(page, "button", "next").is_disabled()
    named(page, "button", "first").click()
    assert at(page) == 1
    assert set(grads.all_text_contents()) == {"–"}
    assert named(page, "button", "previous").is_disabled()
    named(page, "button", "last").click()
    assert at(page) == len(steps)
    named(page, "button", "previous").click()
    assert at(page) == len(steps) - 1
    slider = page.get_by_role("slider")
    box = slider.bounding_box()
    page.mouse.click(box["x"] + 2, box["y"] + box["height"] / 2)
    assert at(page) == 1
    assert slider.get_attribute("aria-valuetext") == f"forward: {steps[0].line()}"


def test_playing(open_page):
    page = open_page(step_page(neuron()))
    page.get_by_label("speed").select_option("20")
    named(page, "button", "play").click()
    named(page, "button", "play").wait_for()  # at the end it stops
    assert at(page) == 15
    page.get_by_label("speed").select_option("1")
    named(page, "button", "play").click()  # at the end it begins anew
    named(page, "button", "pause").click()
    paused = at(page)
    assert paused < 4
    page.wait_for_timeout(1100)
    assert at(page) == paused


def test_playing_is_slow_for_who_wants_little_motion(open_page):
    page = open_page(step_page(neuron()), reduced_motion="reduce")
    stop_the_clock(page)
    page.get_by_label("speed").select_option("20")
    named(page, "button", "play").click()
    page.clock.run_for(700)
    assert at(page) == 1
    durations = page.locator(".frame").first.evaluate("e => getComputedStyle(e).transitionDuration")
    assert durations == "0s"


def test_stepping_by_keyboard(open_page):
    page = open_page(step_page(neuron()))
    page.keyboard.press("ArrowRight")
    assert at(page) == 1  # keys act only while it has the focus
    page.locator(".glass").focus()
    for key, now in [
        ("ArrowRight", 2),
        ("ArrowRight", 3),
        ("ArrowLeft", 2),
        ("End", 15),
        ("Home", 1),
        ("o", 2),
    ]:
        page.keyboard.press(key)
        assert at(page) == now
        assert said(page).startswith("forward" if now < 6 else "backward")
    before = view(page)
    page.keyboard.press("Shift+ArrowRight")
    assert (at(page), view(page)[0] > before[0]) == (2, True)
    page.keyboard.press(" ")
    named(page, "button", "pause").wait_for()
    page.keyboard.press(" ")
    named(page, "button", "play").wait_for()


def test_keys_go_on_when_the_button_in_use_goes_off(open_page):
    page = open_page(step_page(neuron()))
    named(page, "button", "next").focus()
    page.keyboard.press("End")
    assert named(page, "button", "next").is_disabled()
    page.keyboard.press("ArrowLeft")
    assert at(page) == 14


def test_into_and_over_and_out(open_page):
    _, loss = perceptron(4, (4, 1))
    page = open_page(step_page(loss))
    steps = stepper(loss, names={}).steps
    assert "inside" in page.locator(".where").inner_text()
    assert page.locator(".box.at.group").count() == 1
    named(page, "button", "over: on to the next box").click()
    over = at(page)
    assert over > 10
    named(page, "button", "first").click()
    named(page, "button", "into: open the group at work").click()
    assert "1 of 4" in here(page)
    assert at(page) == 1
    assert page.locator(".box.at:not(.group)").count() == 1
    seen = set()
    page.locator(".glass").focus()
    for n in range(1, over + 40):
        page.keyboard.press("ArrowRight")
        assert line(page) == steps[n].line()
        assert page.locator(".box.at").count() == 1
        seen.add(here(page))
    assert len(seen) > 1  # it went on to the next sample
    page.keyboard.press("Home")
    page.keyboard.press("Escape")
    assert here(page) == "the whole"
    page.keyboard.press("i")
    assert here(page) != "the whole"


def test_entries_of_arrays(open_page):
    page = open_page(step_page(network()))
    page.locator(".glass").focus()
    while not line(page).startswith("∂L/∂n2 "):
        page.keyboard.press("ArrowRight")
    values = page.locator(".entries .values button")
    assert values.count() == 4
    named(page, "button", "n2, 2 × 2 [1, 0]").click()
    said_now = page.locator(".entries p").inner_text()
    assert re.match(r"n2\[1, 0\] = \S+ +∂L/∂n2\[1, 0\] \+= 2 × \S+ = \S+, now \S+", said_now)
    assert page.locator(".entries [aria-pressed=true]").count() == 2
    assert said(page) == page.locator(".entries p").text_content()
    box = page.locator(".box", has=page.locator(".name", has_text="W"))
    heat = box.locator(".heat.data rect").bounding_box()
    page.mouse.click(heat["x"] + heat["width"] * 0.75, heat["y"] + heat["height"] * 0.5)
    assert page.locator(".entries p").inner_text().startswith("W[1, 1] = 0.2")


def test_the_moving_picture_plays_as_an_image(open_page):
    import base64

    source = base64.b64encode(stepper(neuron()).svg.encode()).decode()
    page = open_page(f'<img src="data:image/svg+xml;base64,{source}">')
    image = page.locator("img")
    shots = [image.screenshot()]
    for _ in range(2):
        page.wait_for_timeout(1600)
        shots.append(image.screenshot())
    assert len(set(shots)) == 3


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_coloured_picture_is_coloured_by_the_page(open_page, scheme):
    page = open_page(to_page("coloured", draw(neuron(), color="gradient").html), scheme)
    root = page.locator(".glassgrad-picture")
    assert root.locator("select").first.input_value() == "gradient"
    assert root.locator(".bar rect, svg .bar, svg .legend").count() == 0
    assert page.evaluate(FAULTS) == []
    root.locator("select").first.select_option("none")
    assert page.evaluate(FAULTS) == []
