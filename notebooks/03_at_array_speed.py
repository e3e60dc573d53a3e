# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---


# %% [markdown]
# # At array speed
#
# Networks are clearest when they are written one number at a time, and slowest, too: each product of two
# numbers makes an object. This notebook takes such code, changes one line of it, and runs it hundreds
# of times as fast.

# %%
import math
import random
import time
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np

import autograd
from autograd import Value, draw, no_grad
from nn import MLP, SGD
from nn.functional import cross_entropy

# %% [markdown]
# ## Plain code
#
# Two half moons, a hundred points, and a network that is to tell them apart. The loss is as plain as can
# be: for each point, how far its score is from the right side; and the squares of all weights, so that
# they stay small.

# %%
rng = random.Random(1)
points, sides = [], []
for i in range(100):
    turn, side = math.pi * rng.random(), 1.0 if i % 2 else -1.0
    x, y = math.cos(turn) - 0.5 * side, side * (math.sin(turn) - 0.25)
    points.append((x + rng.gauss(0.0, 0.1), y + rng.gauss(0.0, 0.1)))
    sides.append(side)

model = MLP(2, [16, 16, 1], "relu", init="kaiming", seed=1)


def loss_of(points, sides):
    errors = [(1.0 - y * model(x)).relu() for x, y in zip(points, sides, strict=True)]
    return sum(errors) / len(errors) + 1e-4 * sum(p * p for p in model.parameters())


def milliseconds(loss, times):
    """The processor time of one pass forward and backward."""
    start = time.process_time()
    for _ in range(times):
        loss(points, sides).backward()
    return 1000 * (time.process_time() - start) / times


plain = milliseconds(loss_of, 3)
print(f"forward and backward: {plain:.0f} ms")

# %% [markdown]
# ## One line more
#
# `compile` gives a function that is called in the same way. Its first call runs the code and records every
# operation. Then it looks for what is alike: the first neuron does with the first point what it does with
# the second, and what its neighbour does. All of that becomes *one* step on arrays. Whoever writes
# `@autograd.compile` above the `def` gets the same thing.

# %%
fast_loss = autograd.compile(loss_of)

print(f"first call: {milliseconds(fast_loss, 1):.0f} ms")
fast = milliseconds(fast_loss, 1000)
print(f"each after it: {fast:.2f} ms, {plain / fast:.0f} times as fast")

# %% [markdown]
# Here is what became of tens of thousands of operations. Each line is a step, with the shape of what it
# computes and how many scalar nodes it stands for: `@` is a matrix product, of a layer with all points at once.

# %%
print(fast_loss.program)

# %% [markdown]
# The same as a picture, with the numbers of the last call. Nothing of this was written by anyone: it was
# found in the trace.

# %%
fast_loss.program.draw()

# %% [markdown]
# And as code, which needs no more than NumPy. Its way forward is short, since what stands for a part of an
# array has got a name of its own; the way back is as long again:

# %%
source = fast_loss.program.source()
print(source[source.index("def forward") : source.index("def backward")])

# %% [markdown]
# And they give the same numbers. (Arrays add in another order, so the last digit may differ.)

# %%
gradients = []
for loss in (loss_of, fast_loss):
    model.zero_grad()
    loss(points, sides).backward()
    gradients.append(np.array([p.grad for p in model.parameters()]))
largest = np.abs(gradients[0]).max()
print(f"{np.abs(gradients[0] - gradients[1]).max() / largest:.0e}")

# %% [markdown]
# To whatever comes after it, a call is one node, which depends on all weights at once: the box of 337
# numbers. It can be added to plain terms, called twice, or be part of another compiled function:

# %%
strength = Value(0.01, name="strength")
total = fast_loss(points, sides) + strength * model.layers[0].neurons[0].w[0] ** 2
total.backward()
draw(total)

# %% [markdown]
# So training is what it always was, and takes a moment:

# %%
optimizer = SGD(model.parameters(), lr=0.1, momentum=0.9)
start = time.process_time()
for _ in range(500):
    optimizer.zero_grad()
    loss = fast_loss(points, sides)
    loss.backward()
    optimizer.step()
print(f"500 steps in {time.process_time() - start:.2f} s, loss {loss.data:.4f}")

# %% [markdown]
# ## What a trace cannot see
#
# A trace is what the code did *once*. Had it looked at a number and decided something by it, each later
# call would decide the same, right or wrong. So looking is an error, never a silent one; it names the
# line, and what to write there:


# %%
@autograd.compile
def clipped(v):
    if v > 1.0:
        return Value(1.0)
    return v


try:
    clipped(0.5)
except TypeError as problem:
    print(problem)


# %% [markdown]
# `where` is a choice that is recorded as one, and made anew in each call:


# %%
@autograd.compile
def clipped(v):
    return autograd.where(v > 1.0, 1.0, v)


print(clipped(0.5).data, clipped(1.5).data)

# %% [markdown]
# The same goes for `float(v)`, `v.data` and the built-in `max`: there are `v.detach()` and `autograd.max`.
# What has nothing to do with numbers is free: loops, lists, functions, classes, `len`. But it happens in
# the trace, and in no call after it:


# %%
@autograd.compile
def total_of(values):
    print("tracing", len(values), "values")
    return sum(values)


for values in ([1.0, 2.0], [3.0, 4.0], [1.0, 2.0, 3.0], [5.0, 6.0]):
    print(total_of(values).data)

# %% [markdown]
# A list of another length is another structure, for which there is a program of its own. How often one was
# found, and how often one had to be built:

# %%
total_of.cache_info()[:2]

# %% [markdown]
# ## An index that varies
#
# Language models look numbers up: by this letter, the chances of the next. In a trace `table[letter]` would
# fetch the same row forever, so it is an error, too. `pick` is the lookup that a trace can see:

# %%
names = [
    "emma",
    "olivia",
    "ava",
    "isabella",
    "sophia",
    "charlotte",
    "mia",
    "amelia",
    "harper",
    "evelyn",
]
letters = "." + "".join(sorted(set("".join(names))))  # the dot begins and ends a name
table = [[Value(0.0) for _ in letters] for _ in letters]


@autograd.compile
def surprise(name):
    pairs = list(pairwise(name))
    return sum(cross_entropy(autograd.pick(table, a), b) for a, b in pairs) / len(pairs)


numbers = [[letters.index(letter) for letter in f".{name}."] for name in names]
optimizer = SGD([score for row in table for score in row], lr=5.0)
for epoch in range(30):
    losses = []
    for name in numbers:
        optimizer.zero_grad()
        loss = surprise(name)
        loss.backward()
        optimizer.step()
        losses.append(loss.data)
    if epoch in (0, 29):
        print(f"epoch {epoch + 1:2d}: {sum(losses) / len(losses):.3f}")

# %% [markdown]
# (`cross_entropy` picks as well: the score of the letter that came.) Ten names, of five lengths, took five
# programs; the other calls found theirs:

# %%
surprise.cache_info()[:2]

# %% [markdown]
# Bounds are checked in every call, not only in the one that was traced:

# %%
try:
    surprise([0, 3, 99])
except IndexError as problem:
    print(problem)

# %% [markdown]
# ## One row, then all
#
# `vmap` goes the other way: write a function of one sample, call it on many. It is traced on the first and
# run on all at once; what the samples share, here two weights, gets the sum of their gradients.

# %%
w, shift = Value(2.0), Value(0.5)
lines = autograd.vmap(lambda x: w * x + shift)
y = lines([1.0, 2.0, 3.0])
y.sum().backward()
print(y.data, w.grad, shift.grad)

# %% [markdown]
# A network that is called on a table, a sample a row, does so by itself. So we can ask the network from
# above about ten thousand places, one by one in its code and all at once in fact:

# %%
side = np.linspace(-2.0, 2.0, 100)
grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
start = time.process_time()
with no_grad():
    scores = model(grid)
print(f"{len(scores):,} scores in {time.process_time() - start:.2f} s")

# %%
figure, axes = plt.subplots(figsize=(4.5, 4))
axes.contourf(
    side, side, scores.data.reshape(100, 100), levels=[-99, 0, 99], cmap="coolwarm", alpha=0.3
)
axes.scatter(*np.transpose(points), c=sides, cmap="coolwarm", s=15)
_ = axes.set(title="On which side is it?", aspect="equal")

# %% [markdown]
# ## Try it
#
# - Write the sum in `loss_of` as a loop, or put the bias first. How many steps has the program now?
# - Give the network another layer, or ten times as many points. What grows: the time, or the steps?
# - Let `surprise` look at the letter before, too: a table of tables, and two picks.
