"""microgpt: a GPT that learns to spell names, one number at a time.

The architecture is that of Andrej Karpathy's script of this name: token and position embeddings,
root-mean-square norm without a gain, causal attention over several heads, a squared ReLU between
two matrices, no biases, and a head of its own.

Three lines differ from what the script would say, so that one program serves every name of a
length: `pick` for a row of the embedding and for the probability of the target, both of which
depend on the name, and `autograd.max` for the largest logit.
"""

from __future__ import annotations

from random import Random
from typing import Any

import autograd
from benchmarks.workloads import Weights, Workload, matrix

Vector = list[Any]

ALPHABET = ".abcdefghijklmnopqrstuvwxyz"  # the dot stands before and after every name
WIDTH, HEADS, BLOCK = 16, 4, 8
NAMES = ("ada", "emmy", "grace", "hedy", "katherine", "lise", "mary", "rosalind", "sofia", "vera")


def linear(x: Vector, w: list[Vector]) -> Vector:
    return [sum(wi * xi for wi, xi in zip(row, x, strict=True)) for row in w]


def softmax(logits: Vector) -> Vector:
    largest = autograd.max(logits)
    exps = [(logit - largest).exp() for logit in logits]
    total = sum(exps)
    return [e / total for e in exps]


def rmsnorm(x: Vector) -> Vector:
    mean_square = sum(xi * xi for xi in x) / len(x)
    scale = (mean_square + 1e-5) ** -0.5
    return [xi * scale for xi in x]


def add(x: Vector, y: Vector) -> Vector:
    return [xi + yi for xi, yi in zip(x, y, strict=True)]


def attend(q: Vector, keys: list[Vector], values: list[Vector]) -> Vector:
    """One head: the values so far, averaged by how well their keys fit the query."""
    scores = [sum(qi * ki for qi, ki in zip(q, k, strict=True)) / len(q) ** 0.5 for k in keys]
    weights = softmax(scores)
    return [sum(w * v[i] for w, v in zip(weights, values, strict=True)) for i in range(len(q))]


def gpt(
    weights: Weights, token: int, position: int, keys: list[Vector], values: list[Vector]
) -> Vector:
    """The logits of the next token; `keys` and `values` remember the tokens before this one."""
    x = rmsnorm(add(autograd.pick(weights.wte, token), weights.wpe[position]))

    before, x = x, rmsnorm(x)
    q = linear(x, weights.wq)
    keys.append(linear(x, weights.wk))
    values.append(linear(x, weights.wv))
    heads: Vector = []
    size = len(q) // HEADS
    for start in range(0, len(q), size):
        head = slice(start, start + size)
        heads += attend(q[head], [k[head] for k in keys], [v[head] for v in values])
    x = add(linear(heads, weights.wo), before)

    before, x = x, rmsnorm(x)
    x = [xi.relu() ** 2 for xi in linear(x, weights.fc1)]
    x = add(linear(x, weights.fc2), before)

    return linear(x, weights.head)


def loss(weights: Weights, tokens: list[int]) -> Any:
    """How little the model expected each letter of one name, on average."""
    length = min(len(weights.wpe), len(tokens) - 1)
    keys: list[Vector] = []
    values: list[Vector] = []
    losses = []
    for position in range(length):
        logits = gpt(weights, tokens[position], position, keys, values)
        losses.append(-autograd.pick(softmax(logits), tokens[position + 1]).log())
    return sum(losses) / length


def tokens_of(name: str) -> list[int]:
    return [ALPHABET.index(letter) for letter in f".{name}."]


def draw(seed: int, width: int = WIDTH, block: int = BLOCK) -> Weights:
    random, letters = Random(seed), len(ALPHABET)
    shapes = {
        "wte": (letters, width),
        "wpe": (block, width),
        "wq": (width, width),
        "wk": (width, width),
        "wv": (width, width),
        "wo": (width, width),
        "fc1": (4 * width, width),
        "fc2": (width, 4 * width),
        "head": (letters, width),
    }
    return Weights(**{name: matrix(random, *shape, spread=0.08) for name, shape in shapes.items()})


def make(seed: int, name: str = "rosalind", width: int = WIDTH, block: int = BLOCK) -> Workload:
    """`name` has the structure of every other that is as long, or longer than a block."""
    weights = draw(seed, width, block)
    letters = Random(seed).sample(name, len(name))
    return Workload(loss, (weights, tokens_of("".join(letters))), weights.parameters())
