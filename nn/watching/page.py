"""A recording as HTML that stands alone: a picture, and a script that makes a player of it."""

from __future__ import annotations

import base64
import hashlib
import json
from importlib.resources import files
from typing import Any

import numpy as np

from autograd.text import escape, number
from nn.watching.panels import surface
from nn.watching.scene import Scene, headline


def image(svg: str, alternative: str) -> str:
    """A picture that also a notebook shows which does not trust its content."""
    url = "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
    return f'<img src="{url}" alt="{escape(alternative)}">'


def to_html(scene: Scene) -> str:
    """Write all frames of a scene as a piece of HTML, to stand in a page among others.

    Without scripts it shows the newest frame. The script takes that very picture and moves what
    changes in it, so it is sent once; a frame is its numbers.
    """
    recording = json.dumps(_recording(scene), separators=(",", ":")).replace("<", "\\u003c")
    last = scene.frames[-1]
    picture = image(scene.svg(), f"{scene.title}: {headline(last)}")
    name = "watch-" + hashlib.sha256((picture + recording).encode()).hexdigest()[:12]
    script = _file("player.js").replace("NAME", name).replace('"RECORDING"', recording)
    return (
        f"<style>\n{_file('player.css')}</style>\n"
        f'<div class="glassgrad-watch {name}">{picture}</div>\n'
        f"<script>\n{script}</script>\n"
    )


def to_page(scene: Scene) -> str:
    """Write the same as a page of its own."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(scene.title)}</title>\n"
        "<style>:root { color-scheme: light dark }</style>\n"
        f"{to_html(scene)}</html>\n"
    )


def _file(name: str) -> str:
    return files("nn.watching").joinpath(name).read_text(encoding="utf-8")


def _recording(scene: Scene) -> dict[str, Any]:
    """What the player needs to know, as plain data."""
    return {
        "scales": [[float(f"{scale:.5g}") for scale in scales] for scales in scene.scales],
        "groups": scene.groups[0].tolist(),
        "curve": [place and [round(at, 1) for at in place] for place in scene.curve],
        "frames": [
            {
                "head": headline(frame),
                "norms": [[number(a), number(b)] for a, b in frame.norms],
                "numbers": base64.b64encode(
                    np.concatenate([frame.values, frame.gradients, frame.outputs])
                    .astype("<f4")
                    .tobytes()
                ).decode(),
                "surface": surface(scene.plane, frame) if scene.plane else None,
            }
            for frame in scene.frames
        ],
    }
