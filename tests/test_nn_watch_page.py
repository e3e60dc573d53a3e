"""The player of `nn.watch` in a real browser: by mouse, by keyboard, in light and in dark."""

from __future__ import annotations

import re

import pytest
from browser import stop_the_clock
from watching import three_classes, wide, xor

SCENES = {"xor": xor, "three classes": three_classes, "wide": wide}
SCHEMES = ["light", "dark"]

# What the live picture and the one that Python drew say of everything that moves.
STATE = r"""
svg => [...svg.querySelectorAll(
    '[data-i], [data-o], [data-norm], .head, .mode, .map, .line, .marker')]
  .map(e => {
    const isWeight = e.tagName === 'path' && 'i' in e.dataset, get = name => e.getAttribute(name);
    return {
      texts: [e.tagName, get('class'), get('stroke-dasharray'), get('href'),
        e.classList.contains('line') && get('d'), isWeight ? '' : e.textContent],
      numbers: [...['stroke-width', 'stroke-opacity', 'fill-opacity'].map(get),
        ...(get('transform') || '').match(/[\d.]+/g) || [],
        isWeight ? e.textContent : 0].map(Number),
    };
  })
"""

# Every text: its size, its contrast against what lies behind it, and its place.
TEXTS = r"""
root => {
  const channels = css => css.match(/[\d.]+/g).map(Number);
  const light = css => {
    const [r, g, b] = channels(css).slice(0, 3).map(v => v / 255)
      .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = getComputedStyle(root).backgroundColor;
  const place = e => e.parentNode.getAttribute('transform');
  const tints = [...root.querySelectorAll('.tint')];
  const tintAt = e => tints.find(tint => place(tint) === place(e));
  return [...root.querySelectorAll('svg text'), ...root.querySelectorAll('button:not(:disabled)')]
    .filter(e => e.textContent).map(e => {
      const style = getComputedStyle(e), isText = e.tagName === 'text';
      const own = style.backgroundColor, isFilled = !isText && channels(own)[3] !== 0;
      let behind = isFilled ? own : paper;
      const tint = isText && (e.dataset.o ?? e.dataset.i) && tintAt(e);
      if (tint) {  // the colour of a unit, thinned, on the paper
        const a = +tint.getAttribute('fill-opacity'), from = channels(paper);
        behind = `rgb(${channels(getComputedStyle(tint).fill).slice(0, 3)
          .map((v, i) => v * a + from[i] * (1 - a))})`;
      }
      const pair = [light(isText ? style.fill : style.color), light(behind)].sort((p, q) => q - p);
      const box = e.getBoundingClientRect();
      return { text: e.textContent, size: parseFloat(style.fontSize),
        contrast: (pair[0] + 0.05) / (pair[1] + 0.05),
        box: [box.left, box.top, box.right, box.bottom],
        unit: tint ? (({left, top, right, bottom}) => [left, top, right, bottom])(
          tint.getBoundingClientRect()) : null };
    });
}
"""


def at(page):
    """Which frame is shown, and of how many, as a screen reader would hear."""
    return re.search(r"frame (\d+) of (\d+)", page.locator(".said").inner_text()).groups()


def head(page):
    return page.locator("text.head").text_content()


def clickable(page, label):
    return page.get_by_role("button", name=label, exact=True)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_control_by_mouse(open_page, scheme):
    page = open_page(xor().to_html(), scheme)
    assert at(page) == ("6", "6")
    assert clickable(page, "next").is_disabled()
    clickable(page, "first").click()
    assert at(page) == ("1", "6")
    assert head(page).startswith("step 1 ·")
    assert clickable(page, "previous").is_disabled()
    clickable(page, "next").click()
    clickable(page, "next").click()
    assert at(page) == ("3", "6")
    clickable(page, "previous").click()
    assert at(page) == ("2", "6")
    clickable(page, "last").click()
    assert at(page) == ("6", "6")
    slider = page.get_by_role("slider")
    box = slider.bounding_box()
    page.mouse.click(box["x"] + 2, box["y"] + box["height"] / 2)
    assert at(page) == ("1", "6")
    assert slider.get_attribute("aria-valuetext") == head(page)
    toggle = clickable(page, "gradients")
    before = page.evaluate(STATE, page.query_selector("svg"))
    toggle.click()
    assert toggle.get_attribute("aria-pressed") == "true"
    assert page.evaluate(STATE, page.query_selector("svg")) != before
    assert "gradients; " in page.locator(".mode").text_content()
    toggle.click()
    assert page.evaluate(STATE, page.query_selector("svg")) == before


def test_playing_ends_at_the_end_and_can_be_paused(open_page):
    page = open_page(xor(12).to_html())
    clickable(page, "play").click()  # at the end it begins anew
    clickable(page, "pause").click()
    paused = at(page)
    assert int(paused[0]) < 12
    page.wait_for_timeout(900)
    assert at(page) == paused
    clickable(page, "last").click()
    clickable(page, "previous").click()
    clickable(page, "play").click()
    clickable(page, "pause").wait_for(state="hidden")
    assert at(page) == ("12", "12")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_control_by_keyboard(open_page, scheme):
    page = open_page(xor(12).to_html(), scheme)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Home")
    assert at(page) == ("12", "12")  # keys act only while it has the focus
    page.keyboard.press("Tab")
    for key, frame in [("ArrowLeft", "11"), ("Home", "1"), ("ArrowRight", "2"), ("End", "12")]:
        page.keyboard.press(key)
        assert at(page)[0] == frame
    page.keyboard.press("Control+ArrowLeft")
    assert at(page)[0] == "12"  # that is the browser's
    page.keyboard.press("g")
    assert clickable(page, "gradients").get_attribute("aria-pressed") == "true"
    page.keyboard.press(" ")
    clickable(page, "pause").wait_for()
    page.keyboard.press(" ")
    clickable(page, "play").wait_for()
    page.keyboard.press("Home")
    reached = []
    for _ in range(5):  # at the first frame two of the buttons are off
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.ariaLabel || document.activeElement.textContent")
        )
    assert reached == ["play", "next", "last", "frame", "gradients"]
    page.keyboard.press(" ")
    assert clickable(page, "gradients").get_attribute("aria-pressed") == "false"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowRight")
    assert at(page)[0] == "2"


def test_a_button_that_goes_off_leaves_the_keys_working(open_page):
    page = open_page(xor().to_html())
    clickable(page, "previous").focus()
    for _ in range(5):
        page.keyboard.press(" ")
    assert at(page)[0] == "1"
    page.keyboard.press("ArrowRight")
    assert at(page)[0] == "2"
    clickable(page, "last").click()
    page.keyboard.press("ArrowLeft")
    assert at(page)[0] == "5"


@pytest.mark.parametrize("name", SCENES)
def test_the_player_draws_what_python_draws(open_page, name):
    watch = SCENES[name]()
    page = open_page(watch.to_html())
    count = len(watch.frames)
    for gradients in (False, True):
        if gradients:
            clickable(page, "gradients").click()
        for frame in [0, count - 1]:
            clickable(page, "last" if frame else "first").click()
            drawn = page.evaluate(STATE, page.query_selector("svg"))
            svg = watch.to_svg(frame, gradients=gradients)
            expected = page.evaluate(
                f"svg => ({STATE})(new DOMParser().parseFromString(svg, 'image/svg+xml'))", svg
            )
            assert len(drawn) > 20
            for one, other in zip(drawn, expected, strict=True):
                assert one["texts"] == other["texts"]
                assert one["numbers"] == pytest.approx(other["numbers"], abs=0.006, nan_ok=True)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("mode", ["weights", "gradients"])
def test_texts_are_legible_and_apart(open_page, name, scheme, mode):
    page = open_page(SCENES[name]().to_html(), scheme)
    if mode == "gradients":
        clickable(page, "gradients").click()
        page.mouse.move(0, 0)
    texts = page.evaluate(TEXTS, page.query_selector(".glassgrad-watch"))
    picture = page.locator(".glassgrad-watch").bounding_box()
    assert len(texts) > 10
    for text in texts:
        assert text["size"] >= 11, text
        assert text["contrast"] >= 4.5, text
        left, _, right, _ = text["box"]
        assert left >= picture["x"] - 0.5, text
        assert right <= picture["x"] + picture["width"] + 0.5, text
        if text["unit"]:
            assert left >= text["unit"][0], text
            assert right <= text["unit"][2], text
    for i, one in enumerate(texts):
        for other in texts[:i]:
            a, b = one["box"], other["box"]
            across = min(a[2], b[2]) - max(a[0], b[0])
            down = min(a[3], b[3]) - max(a[1], b[1])  # boxes of lines hold room above and below
            assert across <= 0.5 or down <= 2, (one, other)


def test_on_a_narrow_screen_it_scrolls_and_stays_legible(open_page):
    page = open_page(wide().to_html(), viewport={"width": 400, "height": 700})
    height = page.evaluate("document.querySelector('text.muted').getBoundingClientRect().height")
    assert height >= 11
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(
        "e => e.scrollWidth > e.clientWidth", page.query_selector(".glassgrad-watch")
    )


def test_without_scripts_it_is_a_picture(open_page):
    watch = xor()
    page = open_page(watch.to_html(), java_script_enabled=False)
    picture = page.get_by_role("img")
    assert picture.get_attribute("alt").endswith(watch.to_svg().split('head">')[1].split("<")[0])
    width = int(re.search(r'width="(\d+)"', watch.to_svg()).group(1))
    assert picture.bounding_box()["width"] == width
    assert page.get_by_role("button").count() == 0


def test_two_on_one_page_do_not_disturb_each_other(open_page):
    one, other = xor(3).to_html(), xor(5).to_html()
    page = open_page(f"{one}{other}{one}")
    players = page.locator(".glassgrad-watch")
    assert players.count() == 3
    players.nth(0).get_by_role("button", name="first").click()
    said = [players.nth(i).locator(".said").inner_text() for i in range(3)]
    assert [text.split("frame ")[1] for text in said] == ["1 of 3", "5 of 5", "3 of 3"]


def test_it_starts_where_a_notebook_puts_it(open_page):
    """JupyterLab sets the HTML, in which no script runs, and then makes each script anew."""
    page = open_page("<div id=output></div>")
    page.evaluate(
        """html => {
          const output = document.getElementById("output");
          output.innerHTML = html;
          for (const old of output.querySelectorAll("script")) {
            const script = document.createElement("script");
            script.textContent = old.textContent;
            old.replaceWith(script);
          }
        }""",
        xor().to_html(),
    )
    clickable(page, "first").click()
    assert at(page) == ("1", "6")


def test_little_motion_for_those_who_want_it(open_page):
    page = open_page(xor(12).to_html(), reduced_motion="reduce")
    stop_the_clock(page)
    clickable(page, "play").click()
    page.clock.run_for(900)
    clickable(page, "pause").click()
    assert at(page)[0] == "1"
    clickable(page, "play").click()
    page.clock.run_for(2100)
    clickable(page, "pause").click()
    assert at(page)[0] == "3"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_on_paper_it_is_light_and_has_no_controls(open_page, scheme):
    page = open_page(xor().to_html(), scheme)
    page.emulate_media(media="print")
    assert page.locator(".controls").is_hidden()
    paper = page.evaluate("getComputedStyle(document.querySelector('rect.paper')).fill")
    assert paper == "rgb(255, 255, 255)"


def test_a_saved_file_is_a_page(open_page, tmp_path):
    watch = xor()
    watch.save(tmp_path / "training.html")
    page = open_page((tmp_path / "training.html").read_text(encoding="utf-8"), "dark")
    assert page.title() == repr(watch.model)
    assert page.evaluate("document.compatMode") == "CSS1Compat"
    assert at(page) == ("6", "6")


def test_one_frame_is_a_player_as_well(open_page):
    page = open_page(xor(1).to_html())
    clickable(page, "play").click()
    page.wait_for_timeout(600)
    assert at(page) == ("1", "1")
