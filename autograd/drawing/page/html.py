"""Pictures and numbers as HTML that stands alone."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from string import Template
from typing import Any

import numpy as np

from autograd.drawing.page.numbers import Numbers, array_of
from autograd.drawing.pictures import Pictures
from autograd.drawing.svg import to_svg
from autograd.text import escape

SCRIPTS = ("numbers.js", "boxes.js", "page.js", "steps.js")  # each builds on the one before
START = """\
for (const root of document.querySelectorAll(".$name")) {
  if (!root.shadowRoot) new $kind(root, $data, $style);
}"""


def to_html(
    pictures: Pictures,
    numbers: Numbers,
    steps: Mapping[str, Any] | None = None,
    path: str = "",
    colour: str | None = None,
) -> str:
    """Write pictures as a piece of HTML, to stand in a page among others.

    Without scripts it shows one picture. The script makes that very picture live:
    groups open, equal parts can be chosen, boxes are found, coloured and explained. Nothing is
    asked of any network.

    Parameters
    ----------
    pictures : Pictures
        What `autograd.drawing.pictures.read` gave.
    numbers : Numbers
        The numbers of the same graph.
    steps : mapping, optional
        What `autograd.drawing.page.recording.pack` gave: then the passes can be stepped through.
    path : str
        Which picture is shown first.
    colour : {"gradient", "activation", "operation"}, optional
        By what the pictures are coloured; on the page another way can be chosen.

    Examples
    --------
    >>> from autograd import Graph, Value
    >>> from autograd.drawing.pictures import read
    >>> graph = Graph(Value(2.0, name="x") * 3.0)
    >>> to_html(read(graph, graph.names), Numbers.of(graph, graph.names))[:29]
    '<div class="glassgrad-picture'
    """
    first = pictures[path]
    url = "data:image/svg+xml;base64," + base64.b64encode(to_svg(first).encode()).decode()
    alternative = f"{first.title}: {first.description}"
    image = f'<img src="{url}" alt="{escape(alternative)}" style="max-width:100%;height:auto">'
    shown = list(_pictures(pictures, path))
    data = {"path": path, "pictures": shown, "numbers": numbers.packed, "steps": steps}
    literal = _literal(data | {"colour": colour or "none"})
    name = "glassgrad-" + hashlib.sha256((url + literal).encode()).hexdigest()[:12]
    start = Template(START).substitute(
        name=name,
        kind="Glass" if steps is None else "Stepper",
        data=literal,
        style=_literal(_file("page.css")),
    )
    code = "\n".join(map(_file, SCRIPTS[: 3 if steps is None else 4]))
    script = f'(() => {{\n"use strict";\n{code}\n{start}\n}})();'
    return f'<div class="glassgrad-picture {name}">{image}</div>\n<script>\n{script}\n</script>\n'


def to_page(title: str, piece: str) -> str:
    """Write a piece of HTML as a page of its own."""
    return Template(_file("page.html")).substitute(title=escape(title), piece=piece)


def _file(name: str) -> str:
    return files("autograd.drawing.page").joinpath(name).read_text(encoding="utf-8")


def _literal(data: Any) -> str:
    """Write data as JavaScript, in which no tag can end the script."""
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    return text.replace("<", "\\u003c")


def _pictures(pictures: Pictures, first: str) -> Iterator[dict[str, Any]]:
    """The pictures, the outermost first, as many as are read ahead: others cannot be opened.

    Of those inside a picture that is in the page at least the members are, for their numbers.
    """
    shown = dict.fromkeys([*pictures.outermost(), *_around(first)])
    known = dict.fromkeys([*shown, *(path for outer in shown for path in pictures.inside(outer))])
    for path in known:
        members = pictures.members(path)
        yield {
            "path": path,
            "trail": pictures.trail(path),
            # That of the first is in the image.
            "svg": _bare(to_svg(pictures[path])) if path in shown and path != first else "",
            "count": len(members),
            "members": array_of(np.array(members, np.int32)) if path else None,
        }


def _bare(svg: str) -> str:
    """Leave out what boxes say when pointed at: the page knows it, and a large graph has many."""
    return re.sub(r'(<g class="box [^>]*>)<title>[^<]*</title>', r"\1", svg)


def _around(path: str) -> Iterator[str]:
    """The path of a picture, and of those that it is inside of."""
    while path:
        yield path
        path = path.rpartition(".")[0]
    yield ""
