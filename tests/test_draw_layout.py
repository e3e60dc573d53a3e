"""The layout, numbers only: boxes apart, edges out of boxes, few crossings."""

from __future__ import annotations

import random
import sys
from itertools import combinations, pairwise

import pytest

from autograd import draw
from autograd.drawing.align import heights
from autograd.drawing.layers import columns_of, in_layers
from autograd.drawing.layout import STUB, Layout, lay_out
from nn import MLP


def random_graph(seed):
    rng = random.Random(seed)
    count = rng.randrange(2, 120)
    sizes = [(rng.uniform(20, 200), rng.uniform(20, 90)) for _ in range(count)]
    edges = {(rng.randrange(max(0, i - 25), i), i) for i in range(1, count) for _ in range(2)}
    return sizes, sorted(edges, key=lambda edge: (edge[1], edge[0]))


def sampled(route):
    """Points of a route, close together: straight stretches and cubic curves."""
    for (x0, y0), (x1, y1) in pairwise(route):
        for i in range(21):
            t = i / 20
            half = (x0 + x1) / 2
            x = (1 - t) ** 3 * x0 + 3 * t * (1 - t) * half + t**3 * x1
            yield x, y0 + (y1 - y0) * t * t * (3 - 2 * t)


@pytest.mark.parametrize("seed", range(25))
def test_layout_keeps_boxes_apart_and_edges_out_of_boxes(seed):
    sizes, edges = random_graph(seed)
    layout = lay_out(sizes, edges)
    rects = [(x, y, x + w, y + h) for (x, y), (w, h) in zip(layout.corners, sizes, strict=True)]
    for a, b in combinations(rects, 2):
        assert a[2] < b[0] or b[2] < a[0] or a[3] + 10 < b[1] or b[3] + 10 < a[1]
    for left, top, right, bottom in rects:
        assert 0 < left < right < layout.width
        assert 0 < top < bottom < layout.height
    for route in layout.routes:
        assert all(a[0] < b[0] for a, b in pairwise(route))
        for x, y in sampled(route):
            assert not any(
                left + 1 < x < right - 1 and top + 1 < y < bottom - 1
                for left, top, right, bottom in rects
            )


@pytest.mark.parametrize("seed", range(25))
def test_every_route_leads_from_its_source_to_its_target(seed):
    sizes, edges = random_graph(seed)
    layout = lay_out(sizes, edges)
    drawn: dict[int, list[tuple[float, float]]] = {}  # where a source's lines have led so far
    for (source, target), route in sorted(
        zip(edges, layout.routes, strict=True), key=lambda pair: pair[1]
    ):
        (x, y), (w, h) = layout.corners[source], sizes[source]
        begin = drawn.setdefault(source, [(x + w, y + h / 2)])
        assert any(route[0] == pytest.approx(point, abs=0.06) for point in begin)
        begin.extend(route)
        (x, y), (w, h) = layout.corners[target], sizes[target]
        assert route[-1][0] == pytest.approx(x)
        assert y < route[-1][1] < y + h


def test_a_chain_is_straight_and_what_joins_it_comes_from_the_side():
    # 0 → 2 → 4 → 6, joined by the leaves 1, 3 and 5
    edges = [(0, 2), (1, 2), (2, 4), (3, 4), (4, 6), (5, 6)]
    layout = lay_out([(50.0, 40.0)] * 7, edges)
    tops = [y for _, y in layout.corners]
    assert tops[2] == tops[4] == tops[6]
    assert tops[3] == tops[5] != tops[4]
    assert tops[0] + tops[1] == pytest.approx(2 * tops[2])  # two equals stand evenly about it


def test_edges_of_a_tree_do_not_cross():
    edges = [(0, 2), (1, 2), (3, 5), (4, 5), (2, 6), (5, 6), (7, 8), (6, 8)]
    assert in_layers(9, edges).crossings() == 0


def test_a_crossing_that_can_be_undone_is_undone():
    edges = [(0, 3), (1, 2), (0, 4), (1, 4), (2, 5), (3, 5), (4, 5)]
    assert in_layers(6, edges).crossings() == 0


def test_columns_go_right_along_every_edge():
    for seed in range(25):
        sizes, edges = random_graph(seed)
        columns = columns_of(len(sizes), edges)
        assert min(columns) == 0
        assert all(columns[source] < columns[target] for source, target in edges)


def test_an_operation_on_shared_values_stands_close_to_them():
    # 0 and 1 are used at once by a chain that starts with 3, and by 2, which waits for its end
    chain = [(0, 3), (1, 3), (3, 4), (4, 5), (5, 6)]
    assert columns_of(7, [(0, 2), (1, 2), *chain, (2, 6)]) == [0, 0, 1, 1, 2, 3, 4]


def test_few_edges_cross():
    graphs = map(random_graph, range(25))
    assert sum(in_layers(len(sizes), edges).crossings() for sizes, edges in graphs) < 4_500


def test_what_belongs_together_stands_together_over_the_whole_width():
    """Two samples that share their weights: `dot` crosses 32,000 times, sweeps 27,000 times."""
    model = MLP(2, [12, 10, 1], seed=0)
    loss = sum((1.0 - model([x, 0.5])).relu() for x in (0.1, 0.9))
    picture = draw(loss, at_once=10_000, names={}).picture
    place = {box.key: i for i, box in enumerate(picture.boxes)}
    edges = [(place[edge.source], place[edge.target]) for edge in picture.edges]
    assert in_layers(len(place), edges).crossings() < 20_000


def test_separate_results_stand_in_their_order():
    assert in_layers(4, [(0, 1), (2, 3)]).columns == [[0, 2], [1, 3]]


def test_long_edges_are_straight():
    straight = []
    for sizes, edges in map(random_graph, range(25)):
        layers = in_layers(len(sizes), edges)
        y = heights(layers, lambda upper, lower: 50.0)
        bends = range(len(sizes), len(y))
        straight += [y[u] == y[v] for u in bends for v in layers.right[u] if v in bends]
    assert sum(straight) > 0.8 * len(straight)


def test_settling_makes_edges_shorter(monkeypatch):
    def rise():
        layouts = (lay_out(*random_graph(seed)) for seed in range(25))
        routes = (route for layout in layouts for route in layout.routes)
        return sum(abs(a[1] - b[1]) for route in routes for a, b in pairwise(route))

    settled = rise()
    monkeypatch.setattr(sys.modules[lay_out.__module__], "settle", lambda *_: None)
    assert settled < 0.9 * rise()


def test_a_long_shared_edge_is_laid_once():
    w = 0
    edges = [(i - 1, i) for i in range(1, 41)] + [(w, i) for i in range(2, 41)]
    layout = lay_out([(50.0, 40.0)] * 41, edges)
    assert isinstance(layout, Layout)
    assert sum(map(len, layout.routes)) < 6 * len(edges)


def test_a_labelled_edge_ends_in_a_stretch_as_long_as_its_label():
    sizes, edges = [(50.0, 20.0)] * 4, [(0, 2), (1, 2), (2, 3)]
    ends = [STUB, 90.0, STUB]
    layout = lay_out(sizes, edges, ends)
    for route, end in zip(layout.routes, [90.0, 90.0, STUB], strict=True):
        (x0, y0), (x1, y1) = route[-2:]
        assert y0 == y1
        assert x1 - x0 == end
