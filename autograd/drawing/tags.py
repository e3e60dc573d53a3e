"""Long edges cut short: beside what uses a box far away stands a tag with the box's name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from autograd.drawing.layers import Link, columns_of
from autograd.drawing.picture import Box, Direction, Edge, Picture

FAR = 3  # columns: an edge from a box with a name that leads further is cut
FARTHER = 8  # from one without


def tagged(picture: Picture) -> Picture:
    """Put tags in place of edges that lead over many columns.

    Each box keeps at least the shortest of its edges. A constant is never cut off: it has one use.
    """
    place = {box.key: at for at, box in enumerate(picture.boxes)}
    links = [(place[edge.source], place[edge.target]) for edge in picture.edges]
    far = _far(picture.boxes, links)
    if not far:
        return picture
    name = {
        at: box.name or f"%{box.nodes[0]}"  # as `print(graph)` calls it
        for at, box in enumerate(picture.boxes)
        if any(links[n][0] == at for n in far)
    }
    tags: dict[str, list[Box]] = defaultdict(list)
    edges: list[Edge] = []
    for n, edge in enumerate(picture.edges):
        if n in far:
            source = picture.boxes[links[n][0]]
            tag = _tag(source, edge, name[links[n][0]], picture.direction)
            tags[edge.target].append(tag)
            edges.append(replace(edge, source=tag.key))
        else:
            edges.append(edge)
    boxes: list[Box] = []
    for at, box in enumerate(picture.boxes):
        boxes += tags.get(box.key, [])
        boxes.append(replace(box, name=name[at]) if at in name else box)
    return replace(picture, boxes=tuple(boxes), edges=tuple(edges))


def _far(boxes: Sequence[Box], links: Sequence[Link]) -> set[int]:
    """Choose the edges to cut, by their number."""
    column = columns_of(len(boxes), links)
    spans = [column[target] - column[source] for source, target in links]
    shortest: dict[int, int] = {}
    for (source, _), span in zip(links, spans, strict=True):
        shortest[source] = min(span, shortest.get(source, span))
    return {
        n
        for n, ((source, _), span) in enumerate(zip(links, spans, strict=True))
        if span > max(FAR if boxes[source].name else FARTHER, shortest[source])
    }


def _tag(box: Box, edge: Edge, name: str, direction: Direction) -> Box:
    where = "further left" if direction == "right" else "further up"
    return Box(
        key=f"{edge.source}@{edge.target}",
        kind="tag",
        name=name,
        symbol=box.symbol if box.count > 1 else "",
        rows=(),
        hover=f"the same as {name} {where}\n{box.hover}",
        nodes=box.nodes,
    )
