"""The steps as a moving SVG: only attributes and `<animate>`, so that an image plays it.

Sites that show a README remove scripts and styles, but let an image move by itself. Every text that
is seen at some time is in the picture from the start, and switched on and off. A viewer that plays
nothing shows the end.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Sequence
from copy import deepcopy

import numpy as np

from autograd.drawing.picture import Picture
from autograd.drawing.rows import NEVER
from autograd.drawing.svg import to_svg
from autograd.drawing.svg_box import GRAD, INK, LEAF, OP
from autograd.graph import Graph
from autograd.stepping import Step
from autograd.text import number, width

SVG = "{http://www.w3.org/2000/svg}"
MOST = 200  # steps that are played
SECONDS = 1.5  # for one
REST = 2  # steps' time at the end
CAPTION = 15  # size of letters
BELOW = 62  # room for two lines
MARK = "#E6A800"

Times = Sequence[tuple[int, int]]  # from which step to before which


def to_animation(picture: Picture, graph: Graph, steps: Sequence[Step], more: bool) -> str:
    """Write a picture in which values and gradients appear as the steps go, again and again.

    At most 200 steps; the last caption says if there were more.
    """
    more, steps = more or len(steps) > MOST, steps[:MOST]
    ET.register_namespace("", SVG[1:-1])
    root = ET.fromstring(to_svg(picture))
    film = _Film(root, len(steps))
    box_of = {i: box.key for box in picture.boxes for i in box.nodes}
    boxes = {box.get("data-key", ""): box for box in root.iter(f"{SVG}g") if box.get("data-key")}
    for box in picture.boxes:
        if len(box.nodes) == 1 and not box.opens and box.kind != "outside":
            film.numbers(boxes[box.key], [s for s in steps if _concerns(s, graph, box.nodes[0])])
    for step in steps:
        receives = box_of.get(graph.index(step.parent)) if step.parent is not None else None
        works = box_of.get(graph.index(step.node))
        if receives in boxes and receives != works:
            film.lit[receives, GRAD].append(step.index)
        if works in boxes:
            film.lit[works, MARK].append(step.index)
    film.frames(boxes)
    film.captions(steps, "… and so on" if more else "")
    return ET.tostring(root, encoding="unicode") + "\n"


def _concerns(step: Step, graph: Graph, node: int) -> bool:
    return graph.index(step.node if step.parent is None else step.parent) == node


class _Film:
    """An SVG in which things are seen for some steps."""

    def __init__(self, root: ET.Element, count: int) -> None:
        self.root = root
        self.count = count
        self.end = count + REST
        self.lit: defaultdict[tuple[str, str], list[int]] = defaultdict(list)

    def seen(self, element: ET.Element, times: Times) -> None:
        """Let an element be seen at some times, and at no others."""
        switch = {0: "hidden"}
        for begin, end in times:
            switch[begin] = "visible"
            switch[end] = "hidden"
        last = any(end == self.end for _, end in times)
        element.set("visibility", "visible" if last else "hidden")
        switch.pop(self.end, None)
        ET.SubElement(
            element,
            f"{SVG}animate",
            attributeName="visibility",
            calcMode="discrete",
            dur=f"{self.end * SECONDS:g}s",
            repeatCount="indefinite",
            values=";".join(value for _, value in sorted(switch.items())),
            keyTimes=";".join(f"{at / self.end:.4g}" for at, _ in sorted(switch.items())),
        )

    def numbers(self, box: ET.Element, steps: Sequence[Step]) -> None:
        """Let the value and the gradient of a node appear when they are computed."""
        forward = [step for step in steps if step.parent is None]
        backward = [step for step in steps if step.parent is not None]
        for before, text in list(zip(box, list(box)[1:], strict=False)):
            kind, label = text.get("class"), before.text or ""
            if kind == "data" and label == "data" and forward:
                self._series(box, text, [(0, NEVER), (forward[0].index, text.text or "")])
            elif kind == "grad" and backward:
                shown = [(step.index, _gradient(step)) for step in backward]
                self._series(box, text, [(0, NEVER), *shown])

    def _series(self, box: ET.Element, text: ET.Element, shown: Sequence[tuple[int, str]]) -> None:
        at = list(box).index(text)
        box.remove(text)
        ends = [*(begin for begin, _ in shown[1:]), self.end]
        for (begin, what), end in zip(shown, ends, strict=True):
            if begin < end:
                copy = deepcopy(text)
                copy.text = what
                self.seen(copy, [(begin, end)])
                box.insert(at, copy)

    def frames(self, boxes: dict[str, ET.Element]) -> None:
        """Frame the boxes at work, and those that receive."""
        for (key, colour), at in self.lit.items():
            frame = deepcopy(next(iter(boxes[key].iter(f"{SVG}rect"))))
            for name, value in (("fill", "none"), ("stroke", colour), ("stroke-width", "5")):
                frame.set(name, value)
            frame.attrib.pop("stroke-dasharray", None)
            self.seen(frame, [(i, self.end if i == self.count - 1 else i + 1) for i in at])
            boxes[key].append(frame)

    def captions(self, steps: Sequence[Step], ending: str) -> None:
        """Say beneath the picture what happens."""
        wide, high = float(self.root.get("width", 0)), float(self.root.get("height", 0))
        longest = max(width(step.line(), CAPTION) for step in steps)
        total = max(wide, min(longest, 1_400) + 40)
        size = {"width": f"{total:g}", "height": f"{high + BELOW:g}"}
        paper = next(child for child in self.root if child.tag == f"{SVG}rect")
        paper.attrib.update(size)
        shift = (total - wide) / 2
        picture = ET.Element(f"{SVG}g", transform=f"translate({shift:g})")
        kept = [child for child in self.root if child.tag in (f"{SVG}g", f"{SVG}path")]
        for child in kept:
            self.root.remove(child)
            picture.append(child)
        self.root.append(picture)
        self.root.attrib.update(size, viewBox=f"0 0 {total:g} {high + BELOW:g}")
        for i, step in enumerate(steps):
            last = i == len(steps) - 1
            caption = ET.SubElement(self.root, f"{SVG}g")
            colour = LEAF if step.phase == "forward" else GRAD
            self._line(caption, total / 2, high + 18, step.line(), colour, CAPTION)
            below = step.rule() or ""
            below = " ".join(filter(None, [below, ending if last else ""]))
            self._line(caption, total / 2, high + 42, below, OP, 13)
            self.seen(caption, [(i, self.end if last else i + 1)])

    def _line(
        self, inside: ET.Element, x: float, y: float, text: str, colour: str, size: int
    ) -> None:
        if text:
            look = {"text-anchor": "middle", "font-size": f"{size}", "fill": colour or INK}
            ET.SubElement(inside, f"{SVG}text", {"x": f"{x:g}", "y": f"{y:g}", **look}).text = text


def _gradient(step: Step) -> str:
    """What is written for a gradient: the number, or the norm of an array."""
    if np.size(step.total) == 1:
        return number(np.asarray(step.total).item())
    with np.errstate(all="ignore"):
        return number(float(np.linalg.norm(step.total)))
