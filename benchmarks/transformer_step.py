"""A transformer's block: `nn.TransformerEncoderLayer` against PyTorch's, JAX and NumPy by hand.

``python -m benchmarks.transformer_step`` times forward and backward of a block of 64 features, 4
heads and 256 features inside, on 16 sequences of 32 places, in float32: of glassgrad's layer, as it
is and compiled, of NumPy by hand and, where they are installed, of PyTorch's layer and of JAX.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np

import autograd
import nn
from benchmarks import peers
from benchmarks.harness import Candidate, Makers, at_hand, main, race
from benchmarks.lstm_step import candidate
from benchmarks.peers import Array, Arrays, Flat

WIDTH, HEADS, INSIDE, PLACES, BATCH = 64, 4, 256, 32, 16
EACH = WIDTH // HEADS
SCALE, EPS = np.float32(EACH**-0.5), np.float32(1e-5)
BASELINE = "torch"
TITLE = (
    f"Transformer block, {WIDTH} features, {HEADS} heads, {INSIDE} inside, {PLACES} places, "
    f"float32, batch {BATCH}: forward and backward"
)


def block(dtype: Any = np.float32) -> nn.TransformerEncoderLayer:
    settings: Any = {"dim_feedforward": INSIDE, "dropout": 0.0, "batch_first": True}
    return nn.TransformerEncoderLayer(WIDTH, HEADS, **settings, generator=0, dtype=dtype)


def draw() -> tuple[Array, Arrays]:
    """A batch of sequences, and the parameters, always the same."""
    x = np.random.default_rng(0).normal(size=(BATCH, PLACES, WIDTH))
    return x.astype(np.float32), list(block().state_dict().values())


def layer(x: Array, *, compiled: bool) -> Candidate:
    module = block()

    def loss(x: Any) -> Any:
        return (module(x) * x).mean()

    return candidate(module, autograd.compile(loss) if compiled else loss, x)


def by_hand(x: Array, start: Arrays) -> Candidate:  # noqa: PLR0915  by hand is long
    """NumPy, by somebody who knows the derivatives and keeps the arrays from step to step."""
    flat, rows = Flat(start), x.reshape(-1, WIDTH)
    w_in, b_in, w_out, b_out, w1, b1, w2, b2, *norms = flat.weights
    dw_in, db_in, dw_out, db_out, dw1, db1, dw2, db2, *dnorms = flat.grads
    n = len(rows)
    packed, dpacked = np.empty((2, n, 3 * WIDTH), np.float32)
    scores, dscores = np.empty((2, BATCH, HEADS, PLACES, PLACES), np.float32)
    found, dfound = np.empty((2, n, WIDTH), np.float32)
    inside, dinside = np.empty((2, n, INSIDE), np.float32)
    sums, normed, ys, drows = np.empty((4, 2, n, WIDTH), np.float32)
    ones, spreads = np.ones((PLACES, 1), np.float32), np.empty((2, n, 1), np.float32)

    def apart(packed: Array) -> Array:
        """Queries, keys and values of each head."""
        split = packed.reshape(BATCH, PLACES, 3, HEADS, EACH)
        return split.transpose(2, 0, 3, 1, 4)

    def heads(rows: Array) -> Array:
        return rows.reshape(BATCH, PLACES, HEADS, EACH).transpose(0, 2, 1, 3)

    def affine(x: Array, w: Array, b: Array, out: Array) -> None:
        np.dot(x, w.T, out=out)
        out += b

    def norm(i: int) -> None:
        x, h = sums[i], normed[i]
        np.subtract(x, x.mean(axis=1, keepdims=True), out=h)
        spreads[i] = 1.0 / np.sqrt(np.einsum("ij,ij->i", h, h)[:, None] / WIDTH + EPS)
        h *= spreads[i]
        np.multiply(h, norms[2 * i], out=ys[i])
        ys[i] += norms[2 * i + 1]

    def norm_back(i: int, g: Array) -> Array:
        h, d = normed[i], drows[i]
        np.einsum("ij,ij->j", g, h, out=dnorms[2 * i])
        g.sum(axis=0, out=dnorms[2 * i + 1])
        np.multiply(g, norms[2 * i], out=d)
        d -= h * (np.einsum("ij,ij->i", d, h)[:, None] / WIDTH) + d.mean(axis=1, keepdims=True)
        d *= spreads[i]
        return d

    def attend() -> None:
        affine(rows, w_in, b_in, packed)
        q, k, v = apart(packed)
        np.matmul(q, k.mT, out=scores)
        np.multiply(scores, SCALE, out=scores)
        np.subtract(scores, scores.max(axis=-1, keepdims=True), out=scores)
        np.exp(scores, out=scores)
        np.divide(scores, scores @ ones, out=scores)
        np.matmul(scores, v, out=heads(found))
        affine(found, w_out, b_out, sums[0])

    def attend_back(d: Array) -> None:
        np.dot(d.T, found, out=dw_out)
        d.sum(axis=0, out=db_out)
        np.dot(d, w_out, out=dfound)
        (q, k, v), (dq, dk, dv), g = apart(packed), apart(dpacked), heads(dfound)
        np.matmul(scores.mT, g, out=dv)
        np.matmul(g, v.mT, out=dscores)
        np.subtract(dscores, np.einsum("...i,...i->...", g, heads(found))[..., None], out=dscores)
        np.multiply(dscores, scores, out=dscores)
        np.multiply(dscores, SCALE, out=dscores)
        np.matmul(dscores, k, out=dq)
        np.matmul(dscores.mT, q, out=dk)
        np.dot(dpacked.T, rows, out=dw_in)
        dpacked.sum(axis=0, out=db_in)

    def derive() -> float:
        attend()
        np.add(sums[0], rows, out=sums[0])
        norm(0)
        affine(ys[0], w1, b1, inside)
        np.maximum(inside, 0.0, out=inside)
        affine(inside, w2, b2, sums[1])
        np.add(sums[1], ys[0], out=sums[1])
        norm(1)
        loss = float(np.vdot(ys[1], rows)) / rows.size
        d = norm_back(1, rows / np.float32(rows.size))
        np.dot(d.T, inside, out=dw2)
        d.sum(axis=0, out=db2)
        np.dot(d, w2, out=dinside)
        np.multiply(dinside, inside > 0.0, out=dinside)
        np.dot(dinside.T, ys[0], out=dw1)
        dinside.sum(axis=0, out=db1)
        d += dinside @ w1
        attend_back(norm_back(0, d))
        return loss

    return peers.by_hand(flat, derive)


def torch_layer(x: Array) -> Callable[[list[Any]], Any]:
    torch = importlib.import_module("torch")
    given = torch.tensor(x)
    settings: Any = {"dim_feedforward": INSIDE, "dropout": 0.0, "batch_first": True}
    module = torch.nn.TransformerEncoderLayer(WIDTH, HEADS, **settings)
    names = [name for name, _ in module.named_parameters()]

    def loss(parameters: list[Any]) -> Any:
        state = dict(zip(names, parameters, strict=True))
        return (torch.func.functional_call(module, state, (given,)) * given).mean()

    return loss


def jax_block(x: Array) -> Callable[[list[Any]], Any]:
    library = importlib.import_module("jax")
    jnp, softmax = library.numpy, library.nn.softmax

    def norm(x: Any, weight: Any, bias: Any) -> Any:
        off = x - x.mean(axis=-1, keepdims=True)
        return off / jnp.sqrt((off * off).mean(axis=-1, keepdims=True) + EPS) * weight + bias

    def loss(parameters: list[Any]) -> Any:
        w_in, b_in, w_out, b_out, w1, b1, w2, b2, *norms = parameters
        packed = (x @ w_in.T + b_in).reshape(BATCH, PLACES, 3, HEADS, EACH)
        q, k, v = packed.transpose(2, 0, 3, 1, 4)
        found = softmax(q @ k.swapaxes(-1, -2) * SCALE) @ v
        found = found.transpose(0, 2, 1, 3).reshape(x.shape) @ w_out.T + b_out
        y = norm(x + found, *norms[:2])
        inside = library.nn.relu(y @ w1.T + b1) @ w2.T + b2
        return (norm(y + inside, *norms[2:]) * x).mean()

    return loss


def makers() -> Makers:
    x, start = draw()
    return {
        "glassgrad, compiled": lambda: layer(x, compiled=True),
        "glassgrad, eager": lambda: layer(x, compiled=False),
        "NumPy by hand": lambda: by_hand(x, start),
        "jax.jit": lambda: peers.jax(start, jax_block(x)),
        BASELINE: lambda: peers.pytorch(start, torch_layer(x)),
        "torch.compile": lambda: peers.pytorch(start, torch_layer(x), compiled=True),
    }


def measure(quick: bool) -> Any:
    ways = at_hand(makers(), quick)
    return {TITLE: race(ways, "glassgrad, eager", BASELINE, 3 if quick else 15, tolerance=1e-4)}


if __name__ == "__main__":
    main("transformer_step", measure, __doc__)
