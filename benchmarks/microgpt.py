"""microgpt learns to spell: whole training steps on 1,000 different names, one name a step, Adam.

``python -m benchmarks.microgpt``. The names are American first and last ones, as the package faker
lists them, in an order drawn once. Names of another length are a graph of another structure, so
whatever traces or compiles does so anew for each length: the median is that of the steps after
that, the total is all of it.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Sequence
from functools import partial
from random import Random
from typing import Any

import numpy as np

from benchmarks.baselines import TinyValue
from benchmarks.harness import (
    Candidate,
    Makers,
    agreeing,
    at_hand,
    frozen,
    main,
    summary,
)
from benchmarks.peers import (
    Array,
    Arrays,
    Flat,
    by_hand,
    cutter,
    glassgrad,
    jax,
    numbers,
    pytorch,
    tiny,
)
from benchmarks.workloads import microgpt
from benchmarks.workloads.microgpt import ALPHABET, BLOCK, HEADS, WIDTH
from nn import Adam

LR, BETAS, EPS = 1e-2, (0.9, 0.95), 1e-8
STEPS, TURN = 1000, 100
SIZE = WIDTH // HEADS

cut = cutter(
    (len(ALPHABET), WIDTH),
    (BLOCK, WIDTH),
    *[(WIDTH, WIDTH)] * 4,
    (4 * WIDTH, WIDTH),
    (WIDTH, 4 * WIDTH),
    (len(ALPHABET), WIDTH),
)


def rate(step: int) -> float:
    """The learning rate, which falls to zero in a straight line."""
    return LR * (1.0 - step / STEPS)


class Decaying(Adam):
    """Adam with that learning rate."""

    taken = 0

    def step(self) -> None:
        self.param_groups[0]["lr"] = rate(self.taken)
        self.taken += 1
        super().step()


def adam(parameters: Sequence[TinyValue]) -> Callable[[], None]:
    """Adam as the script has it: a number at a time."""
    m, v = [0.0] * len(parameters), [0.0] * len(parameters)
    beta1, beta2 = BETAS
    taken = 0

    def update() -> None:
        nonlocal taken
        lr, taken = rate(taken), taken + 1
        for i, p in enumerate(parameters):
            m[i] = beta1 * m[i] + (1.0 - beta1) * p.grad
            v[i] = beta2 * v[i] + (1.0 - beta2) * p.grad**2
            mean, square = m[i] / (1.0 - beta1**taken), v[i] / (1.0 - beta2**taken)
            p.data -= lr * mean / (square**0.5 + EPS)
            p.grad = 0.0

    return update


def norm(x: Array) -> tuple[Array, Array]:
    """Rows divided by their root mean square, and what they were multiplied by."""
    scale = 1.0 / np.sqrt(np.einsum("ij,ij->i", x, x)[:, None] / WIDTH + 1e-5)
    return x * scale, scale


def through_norm(d: Array, out: Array, scale: Array) -> Array:
    """The gradient of what was normed, given that of the outcome."""
    return scale * (d - out * (np.einsum("ij,ij->i", d, out)[:, None] / WIDTH))


def numpy(start: Arrays) -> Candidate:  # noqa: PLR0915  by hand is long
    flat = Flat(start)
    wte, wpe, wq, _, _, wo, fc1, fc2, head = flat.weights
    dwte, dwpe, _, _, _, dwo, dfc1, dfc2, dhead = flat.grads
    first = wte.size + wpe.size
    wqkv, dwqkv = (  # the three lie side by side: one product
        numbers[first : first + 3 * wq.size].reshape(3 * WIDTH, WIDTH)
        for numbers in (flat.w, flat.g)
    )
    letters, future = np.eye(len(ALPHABET)), np.triu(np.full((BLOCK, BLOCK), -np.inf), 1)

    def derive(tokens: list[int]) -> float:  # noqa: PLR0915
        n = len(tokens) - 1
        inputs, targets, rows = tokens[:-1], tokens[1:], np.arange(n)
        x0, scale0 = norm(wte[inputs] + wpe[:n])
        x1, scale1 = norm(x0)
        q, k, v = (x1 @ wqkv.T).reshape(n, 3, HEADS, SIZE).transpose(1, 2, 0, 3)
        a = q @ k.transpose(0, 2, 1)
        a *= SIZE**-0.5
        a += future[:n, :n]
        np.exp(a - a.max(axis=2, keepdims=True), out=a)
        a /= a.sum(axis=2, keepdims=True)
        heads = (a @ v).transpose(1, 0, 2).reshape(n, WIDTH)
        x2 = heads @ wo.T
        x2 += x0
        x3, scale3 = norm(x2)
        r = x3 @ fc1.T
        np.maximum(r, 0.0, out=r)
        square = r * r
        x4 = square @ fc2.T
        x4 += x2
        p = x4 @ head.T
        p -= p.max(axis=1, keepdims=True)
        np.exp(p, out=p)
        p /= p.sum(axis=1, keepdims=True)
        loss = -np.log(p[rows, targets]).sum() / n

        p[rows, targets] -= 1.0
        p /= n
        np.matmul(p.T, x4, out=dhead)
        d = p @ head
        np.matmul(d.T, square, out=dfc2)
        dr = d @ fc2
        dr *= r
        dr *= 2.0
        np.matmul(dr.T, x3, out=dfc1)
        d += through_norm(dr @ fc1, x3, scale3)
        np.matmul(d.T, heads, out=dwo)
        dheads = (d @ wo).reshape(n, HEADS, SIZE).transpose(1, 0, 2)
        dqkv = np.empty((n, 3, HEADS, SIZE))
        dq, dk, dv = dqkv.transpose(1, 2, 0, 3)
        np.matmul(a.transpose(0, 2, 1), dheads, out=dv)
        da = dheads @ v.transpose(0, 2, 1)
        da -= np.einsum("hij,hij->hi", da, a)[:, :, None]
        da *= a
        da *= SIZE**-0.5
        np.matmul(da, k, out=dq)
        np.matmul(da.transpose(0, 2, 1), q, out=dk)
        flat_dqkv = dqkv.reshape(n, 3 * WIDTH)
        np.matmul(flat_dqkv.T, x1, out=dwqkv)
        d += through_norm(flat_dqkv @ wqkv, x1, scale1)
        d = through_norm(d, x0, scale0)
        np.matmul(letters[:, inputs], d, out=dwte)
        dwpe[:n] = d
        dwpe[n:] = 0.0
        return float(loss)

    def update() -> None:
        flat.adam(rate(flat.steps), *BETAS, EPS)

    return by_hand(flat, derive, update)


def torch_loss(parameters: list[Any], tokens: Any) -> Any:
    f = importlib.import_module("torch").nn.functional
    wte, wpe, wq, wk, wv, wo, fc1, fc2, head = parameters
    n = len(tokens) - 1
    x = f.rms_norm(wte[tokens[:-1]] + wpe[:n], (WIDTH,), eps=1e-5)
    y = f.rms_norm(x, (WIDTH,), eps=1e-5)
    q, k, v = ((y @ w.T).view(1, n, HEADS, SIZE).transpose(1, 2) for w in (wq, wk, wv))
    heads = f.scaled_dot_product_attention(q, k, v, is_causal=True)
    x = heads.transpose(1, 2).reshape(n, WIDTH) @ wo.T + x
    x = (f.rms_norm(x, (WIDTH,), eps=1e-5) @ fc1.T).relu().square() @ fc2.T + x
    return f.cross_entropy(x @ head.T, tokens[1:])


def torch_adam(parameters: list[Any]) -> Any:
    torch = importlib.import_module("torch")
    adam = torch.optim.Adam(parameters, lr=LR, betas=BETAS, eps=EPS, fused=True)
    taken = 0

    def decay(*_: Any) -> None:
        nonlocal taken
        adam.param_groups[0]["lr"] = rate(taken)
        taken += 1

    adam.register_step_pre_hook(decay)
    return adam


def jax_loss(parameters: list[Any], tokens: Any) -> Any:
    library = importlib.import_module("jax")
    jnp = library.numpy
    wte, wpe, wq, wk, wv, wo, fc1, fc2, head = parameters
    n = len(tokens) - 1

    def norm(x: Any) -> Any:
        return x / jnp.sqrt((x * x).mean(axis=1, keepdims=True) + 1e-5)

    x = norm(wte[tokens[:-1]] + wpe[:n])
    y = norm(x)
    q, k, v = ((y @ w.T).reshape(n, HEADS, SIZE).transpose(1, 0, 2) for w in (wq, wk, wv))
    scores = q @ k.transpose(0, 2, 1) / SIZE**0.5
    scores = jnp.where(jnp.tri(n, dtype=bool), scores, -jnp.inf)
    heads = library.nn.softmax(scores) @ v
    x = heads.transpose(1, 0, 2).reshape(n, WIDTH) @ wo.T + x
    x = library.nn.relu(norm(x) @ fc1.T) ** 2 @ fc2.T + x
    return -library.nn.log_softmax(x @ head.T)[jnp.arange(n), tokens[1:]].mean()


def jax_adam(parameters: list[Any], gradients: list[Any], state: Any) -> Any:
    """Adam; the state is how many steps were taken, and the moments of each array."""
    taken, m, v = state
    beta1, beta2 = BETAS
    m = [beta1 * a + (1.0 - beta1) * g for a, g in zip(m, gradients, strict=True)]
    v = [beta2 * a + (1.0 - beta2) * g**2 for a, g in zip(v, gradients, strict=True)]
    lr, fix1, fix2 = rate(taken), 1.0 - beta1 ** (taken + 1), 1.0 - beta2 ** (taken + 1)
    moved = [
        p - lr * (a / fix1) / ((b / fix2) ** 0.5 + EPS)
        for p, a, b in zip(parameters, m, v, strict=True)
    ]
    return moved, (taken + 1, m, v)


def makers() -> Makers:
    make = partial(microgpt.make, 0)
    decaying = partial(Decaying, lr=LR, betas=BETAS, eps=EPS)
    weights = slice(1)  # of the arguments: which tokens follow changes from step to step
    start = cut(numbers(make().parameters))

    def ours(compiled: bool) -> Candidate:
        workload = make()
        args = workload.args[weights]
        return glassgrad(workload, cut, decaying, compiled=compiled, args=args, set_to_none=False)

    def with_tiny() -> Candidate:
        workload = make()
        return tiny(workload, cut, workload.args[weights], adam)

    def with_jax() -> Candidate:
        zeros = [np.zeros_like(array) for array in start]
        return jax(start, jax_loss, jax_adam, (np.array(0.0), zeros, zeros))

    return {
        "glassgrad, compiled": lambda: ours(True),
        "glassgrad, eager": lambda: ours(False),
        "NumPy by hand": lambda: numpy(start),
        "jax.jit": with_jax,
        "torch": lambda: pytorch(start, torch_loss, torch_adam),
        "torch.compile": lambda: pytorch(start, torch_loss, torch_adam, compiled=True),
        "TinyValue": with_tiny,
    }


def names(quick: bool) -> list[list[int]]:
    """The names as tokens, as many of each as fit into a block."""
    if quick:
        chosen = 4 * list(microgpt.NAMES)
    else:
        people = importlib.import_module("faker.providers.person.en_US").Provider
        known = {name.lower() for name in [*people.first_names, *people.last_names]}
        chosen = sorted(name for name in known if set(name) <= set(ALPHABET))
        Random(0).shuffle(chosen)
    return [microgpt.tokens_of(name)[: BLOCK + 1] for name in chosen[:STEPS]]


def train(candidates: dict[str, Candidate], documents: list[list[int]]) -> dict[str, list[float]]:
    """The processor's seconds of every step; candidates take turns, a hundred names at a time.

    The quick ones are through them in some 20 ms, as elsewhere; after fewer, what they find in the
    processor's caches would be mostly what the slow ones left.
    """
    seconds: dict[str, list[float]] = {name: [] for name in candidates}
    losses: dict[str, Any] = {}
    for first in range(0, len(documents), TURN):
        for name, candidate in candidates.items():
            for tokens in documents[first : first + TURN]:
                start = time.process_time()
                losses[name] = candidate.step(tokens)
                seconds[name].append(time.process_time() - start)
    if not np.allclose(list(losses.values()), losses["NumPy by hand"], rtol=1e-6):
        raise SystemExit(f"after training, the losses differ: {losses}")
    return seconds


def measure(quick: bool) -> Any:
    documents, ways = names(quick), at_hand(makers(), quick)
    for tokens in (min(documents, key=len), max(documents, key=len)):
        agreed, failed = agreeing(ways, "glassgrad, eager", tokens)
    with frozen():
        seconds = train({name: ways[name]() for name in agreed}, documents)
    lengths = [len(tokens) for tokens in documents]
    warm = [length in lengths[:i] for i, length in enumerate(lengths)]
    steps = {
        name: [1e6 * t for t, is_warm in zip(times, warm, strict=True) if is_warm]
        for name, times in seconds.items()
    }
    rows = [
        summary(name, steps, "NumPy by hand")
        | {f"s for all {len(documents)} steps": sum(seconds[name])}
        for name in steps
    ]
    return {f"microgpt: {len(documents)} names, Adam": rows + failed}


if __name__ == "__main__":
    main("microgpt", measure, __doc__)
