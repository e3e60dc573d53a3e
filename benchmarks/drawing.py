"""How long a picture of a graph takes, how large it is, and how many of its lines cross.

``python -m benchmarks.drawing`` draws the loss of a small network at 23, 500, 5,000 and 100,000
nodes: with glassgrad as it comes, which folds what is equal; with glassgrad, every node shown but
those in long sums; with Graphviz's ``dot``, the same boxes; with micrograd's way of drawing,
through ``dot``; and, where they are installed, with pygraphviz and torchviz. Two lines that share
an end do not cross. Seconds are the processor's, of this process and of those that it starts; what
takes `dot` more than two minutes is given up, what takes more than half a minute is not tried on
larger graphs. Last, glassgrad draws graphs in which next to nothing repeats.
"""

from __future__ import annotations

import argparse
import importlib
import random
import resource
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import Graph, Tensor, Value, draw, mul
from autograd.drawing.dot import to_dot
from autograd.drawing.layout import Point, lay_out
from autograd.drawing.picture import Picture
from autograd.drawing.svg import to_svg
from autograd.drawing.svg_box import size
from benchmarks.harness import Row, report
from nn import MLP

Line = tuple[str, str, list[Point]]  # from, to, and the way
Result = tuple[str, Callable[[], list[Line]] | None]  # the SVG, and how to find its lines
Job = Callable[[Value], Result]
GIVE_UP = 120  # seconds
FINE = 8  # points on each curve

# Layers, and samples: about as many nodes as the table's title says.
SIZES: dict[str, tuple[list[int], int]] = {
    "23": ([2, 1], 1),
    "500": ([12, 10, 1], 2),
    "5,000": ([16, 16, 1], 8),
    "100,000": ([16, 16, 1], 154),
}


def loss(layers: list[int], samples: int) -> Value:
    """The hinge loss of a network, summed over samples, with its gradients."""
    model = MLP(2, layers, seed=0)
    rng = np.random.default_rng(0)
    total = Value(0.0)
    for _ in range(samples):
        total = total + (1.0 - model(rng.uniform(size=2).tolist())).relu()
    total.backward()
    return total


def tangled(leaf: Callable[[], Any], count: int) -> Any:
    """A graph of about so many nodes, each made of two of the last fifty by chance."""
    rng = random.Random(0)
    made = [leaf() for _ in range(10)]
    while len(made) < count:
        a, b = rng.choices(made[-50:], k=2)
        made.append(
            rng.choice([lambda a, b: (a + b).sin(), mul, lambda a, b: (a - b).tanh()])(a, b)
        )
    total = sum(made[-50:], start=leaf())
    return total.sum() if isinstance(total, Tensor) else total


def folded(output: Value | Tensor) -> tuple[str, Picture]:
    """glassgrad, as it comes."""
    drawing = draw(output)
    return drawing.svg, drawing.picture


def whole(output: Value) -> tuple[str, Picture]:
    """glassgrad, with a box for every node but long sums."""
    picture = draw(output, at_once=10**9).picture
    return to_svg(picture), picture


def run_dot(text: str, form: str) -> str:
    """What Graphviz makes of a graph."""
    done = subprocess.run(
        ["dot", f"-T{form}"],
        input=text,
        text=True,
        capture_output=True,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (GIVE_UP, GIVE_UP)),
    )
    return done.stdout


def as_micrograd(output: Value) -> str:
    """The DOT that micrograd's notebook writes: a record a node, and a node for its operation."""
    graph = Graph(output)
    lines = ["digraph { rankdir=LR"]
    for i, (node, links) in enumerate(zip(graph.nodes, graph.links, strict=True)):
        label = f"{{ data {node.data:.4f} | grad {node.grad:.4f} }}"
        lines.append(f'n{i} [label="{label}" shape=record]')
        if node.op is not None:
            lines += [f'o{i} [label="{node.op.symbol}"]', f"o{i} -> n{i}"]
            lines += [f"n{j} -> o{i}" for j in links if j >= 0]
    return "\n".join([*lines, "}"])


def lines_of_ours(picture: Picture) -> Iterator[Line]:
    """The lines of a picture that glassgrad has laid out."""
    index = {box.key: i for i, box in enumerate(picture.boxes)}
    links = [(index[edge.source], index[edge.target]) for edge in picture.edges]
    layout = lay_out([size(box) for box in picture.boxes], links)
    for edge, route in zip(picture.edges, layout.routes, strict=True):
        way = [route[0]]
        for (x, y), (to_x, to_y) in pairwise(route):
            half = (x + to_x) / 2
            way += _curve((x, y), (half, y), (half, to_y), (to_x, to_y))
        yield edge.source, edge.target, way


def lines_of_dot(plain: str) -> Iterator[Line]:
    """The lines that Graphviz has laid out, from its plain format."""
    for row in plain.replace("\\\n", "").splitlines():
        if row.startswith("edge "):
            _, source, target, count, *rest = row.split()
            numbers = list(map(float, rest[: 2 * int(count)]))
            points = list(zip(numbers[::2], numbers[1::2], strict=True))
            way = [points[0]]
            for at in range(0, len(points) - 1, 3):
                way += _curve(*points[at : at + 4])
            yield source, target, way


def _curve(a: Point, b: Point, c: Point, d: Point) -> list[Point]:
    """Points on a cubic curve."""
    if a[1] == b[1] == c[1] == d[1]:
        return [d]
    t = np.linspace(0, 1, FINE)[1:, None]
    way = np.array([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3])
    points = np.einsum("kti,kj->tj", way, np.array([a, b, c, d]))
    return [(float(x), float(y)) for x, y in points]


def crossings(lines: Sequence[Line]) -> int:
    """Count the pairs of lines that cross and share no end."""
    segments, of = [], []
    for n, (_, _, way) in enumerate(lines):
        for a, b in pairwise(way):
            segments.append((*a, *b))
            of.append(n)
    if not segments:
        return 0
    table, owner = np.array(segments), np.array(of)
    ends = {name: i for i, name in enumerate({e for line in lines for e in line[:2]})}
    source, target = (np.array([ends[line[k]] for line in lines]) for k in (0, 1))
    left, right = np.minimum(table[:, 0], table[:, 2]), np.maximum(table[:, 0], table[:, 2])
    wide = max(float(np.median(right - left)), 1e-6)
    strips: dict[int, list[int]] = defaultdict(list)
    for i, (low, high) in enumerate(zip(left // wide, right // wide, strict=True)):
        for strip in range(int(low), int(high) + 1):
            strips[strip].append(i)
    found: set[tuple[int, int]] = set()
    for inside in strips.values():
        found.update(_meeting(table, owner, np.array(inside)))
    return sum(not {source[a], target[a]} & {source[b], target[b]} for a, b in found)


def _meeting(
    table: NDArray[np.float64], owner: NDArray[np.int64], inside: NDArray[np.int64]
) -> Iterator[tuple[int, int]]:
    """The pairs of lines of which some of these segments cross."""
    for n, i in enumerate(inside):
        others = inside[n + 1 :]
        x0, y0, x1, y1 = table[i]
        u0, v0, u1, v1 = table[others].T

        def side(x: float, y: float, z: float, w: float, p: object, q: object) -> object:
            return (z - x) * (q - y) - (w - y) * (p - x)

        apart = side(x0, y0, x1, y1, u0, v0) * side(x0, y0, x1, y1, u1, v1)
        other = side(u0, v0, u1, v1, x0, y0) * side(u0, v0, u1, v1, x1, y1)
        for j in others[(apart < 0) & (other < 0)]:
            if owner[i] != owner[j]:
                yield tuple(sorted((int(owner[i]), int(owner[j]))))


def pygraphviz(output: Value) -> Result:
    """The same boxes, handed to Graphviz by pygraphviz."""
    module = importlib.import_module("pygraphviz")
    graph = module.AGraph(to_dot(whole(output)[1]))
    graph.layout("dot")
    return graph.draw(format="svg").decode(), None


def torchviz(layers: list[int], samples: int) -> Job:
    """The same network of scalars in PyTorch, drawn by torchviz."""

    def neuron(torch: Any, x: list[Any], last: bool) -> Any:
        total = torch.zeros((), requires_grad=True)
        for each in x:
            total = total + each * torch.ones((), requires_grad=True)
        return total if last else total.relu()

    def job(_: Value) -> Result:
        torch, module = importlib.import_module("torch"), importlib.import_module("torchviz")
        total = torch.zeros(())
        for _ in range(samples):
            h = [torch.ones(()) for _ in range(2)]
            for n, width in enumerate(layers):
                h = [neuron(torch, h, n + 1 == len(layers)) for _ in range(width)]
            total = total + (1.0 - h[0]).relu()
        return module.make_dot(total).pipe(format="svg", encoding="utf-8"), None

    return job


def candidates(layers: list[int], samples: int) -> dict[str, Job]:
    """Who draws, by name."""
    return {
        "glassgrad": lambda output: _with_lines(*folded(output)),
        "glassgrad, every node": lambda output: _with_lines(*whole(output)),
        "dot": lambda output: _by_dot(to_dot(whole(output)[1])),
        "micrograd's way, dot": lambda output: _by_dot(as_micrograd(output)),
        "pygraphviz": pygraphviz,
        "torchviz": torchviz(layers, samples),
    }


def _with_lines(svg: str, picture: Picture) -> Result:
    return svg, lambda: list(lines_of_ours(picture))


def _by_dot(text: str) -> Result:
    if shutil.which("dot") is None:
        raise ModuleNotFoundError("dot")
    return run_dot(text, "svg"), lambda: list(lines_of_dot(run_dot(text, "plain")))


def table(layers: list[int], samples: int, too_slow: set[str], quick: bool) -> list[Row]:
    """Let each draw the same loss."""
    output = loss(layers, samples)
    rows: list[Row] = []
    for name, job in candidates(layers, samples).items():
        row: Row = {"name": name}
        rows.append(row)
        if name in too_slow or (quick and "glassgrad" not in name):
            row["seconds"] = "not tried"
            continue
        try:
            seconds, (svg, lines) = clocked(job, output)
            drawn = lines() if lines is not None else None
        except ModuleNotFoundError:
            row["seconds"] = "not installed"
            continue
        except subprocess.SubprocessError:
            too_slow.add(name)
            row["seconds"] = f"more than {GIVE_UP}"
            continue
        row |= {"seconds": seconds, "kB": len(svg.encode()) / 1e3}
        if seconds > GIVE_UP / 4:  # and so too slow for ten times as much
            too_slow.add(name)
        if drawn is not None:
            row["crossings"] = float(crossings(drawn))
    return rows


def tangles(count: int) -> list[Row]:
    """Let glassgrad draw what hardly folds, with the gradients of its sum."""
    leaves: dict[str, Callable[[], Any]] = {
        "glassgrad, of Values": lambda: Value(0.5),
        "glassgrad, of Tensors": lambda: Tensor([0.5, 0.25, 0.125], requires_grad=True),
    }
    rows: list[Row] = []
    for name, leaf in leaves.items():
        output = tangled(leaf, count)
        output.backward()
        seconds, (svg, _) = clocked(lambda output: _with_lines(*folded(output)), output)
        rows.append({"name": name, "seconds": seconds, "kB": len(svg.encode()) / 1e3})
    return rows


def clocked(job: Callable[[Any], Result], output: Value | Tensor) -> tuple[float, Result]:
    """The fastest of up to five times within about a second, and what came out."""
    best, spent = float("inf"), 0.0
    while best == float("inf") or spent < 1.0:
        start = worked()
        result = job(output)
        seconds = worked() - start
        best, spent = min(best, seconds), spent + max(seconds, 0.2)
    return best, result


def worked() -> float:
    """The processor's seconds so far, with those of processes that were started and have ended."""
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="glassgrad alone, folded and whole")
    parser.add_argument("--small", action="store_true", help="graphs of 23 and 500 nodes only")
    options = parser.parse_args()
    sizes = list(SIZES.items())[: 2 if options.small else None]
    tables: dict[str, list[Row]] = {}
    too_slow: set[str] = set()
    for title, (layers, samples) in sizes:
        if title == "100,000":
            too_slow.add("glassgrad, every node")
        tables[f"About {title} nodes"] = table(layers, samples, too_slow, options.quick)
    if not options.small:
        tables["About 100,000 nodes, at random"] = tangles(75_000)
    kind = ["drawing", "small" * options.small, "quick" * options.quick]
    report(".".join(filter(None, kind)), tables)


if __name__ == "__main__":
    main()
