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
# # A value that remembers
#
# A neural network learns by asking one question of every number in it: *if you were a little larger,
# would the result be better or worse, and by how much?* This notebook shows where the answer comes from.
# All it takes is numbers that remember how they were computed.

# %%
from autograd import Value, draw, explain, grad

# %% [markdown]
# ## A number, and what is done to it
#
# A `Value` holds one float and computes like one.

# %%
a = Value(2.0)
b = Value(-3.0)
c = a * b
d = c + 10
d

# %% [markdown]
# But `d` also knows that it is a sum, and of what. The *graph* has grown while we computed:

# %%
draw(d)

# %% [markdown]
# Read it from left to right. Square boxes are *leaves*, the numbers that we chose; the dashed box is a
# constant; round boxes were computed, and the double border marks the result. No gradient is known
# yet, so each is drawn as `–`. Point at a box to read its numbers in full.
#
# What you see in the picture you can ask the node for:

# %%
print(d.op)
print(d.parents)
print(c.parents == (a, b))

# %% [markdown]
# (The parents of `d` are only `c`: a plain number such as 10 has no gradient, and nothing to remember.)

# %% [markdown]
# ## Backward: what does each number do to the result?
#
# We could find out by trying. Nudge `a` a little and see how much the result moves:

# %%
nudge = 1e-6
((a.data + nudge) * b.data + 10 - d.data) / nudge

# %% [markdown]
# The result falls three times as fast as `a` rises. `backward()` finds this number for *every* node
# at once, in one walk from the result back to the leaves, and without a nudge:

# %%
d.backward()
a.grad, b.grad

# %%
draw(d)

# %% [markdown]
# How does it know? Each operation knows one small thing: how its result changes with each of its own
# operands. For a product that is the *other* factor:

# %%
import autograd

print(explain(autograd.mul))

# %% [markdown]
# The **chain rule** does the rest. The gradient of the result by itself is 1. A node hands its gradient
# on to its operands, each time multiplied by the local derivative:
#
# - `d = c + 10` passes 1 on to `c`;
# - `c = a * b` passes `1 · b = −3` on to `a`, and `1 · a = 2` on to `b`.
#
# You can watch it do so. Compute the same once more, and walk through it with the buttons, or with the
# arrow keys after a click on the picture. The numbers come first, then the gradients:

# %%
a, b = Value(2.0), Value(-3.0)
c = a * b
d = c + 10
d.step()

# %% [markdown]
# When a value is used more than once its contributions add up. Here `x` reaches the result in two
# ways, once through each factor:

# %%
x = Value(3.0)
y = x * x
y.backward()
x.grad

# %%
draw(y)

# %% [markdown]
# ## A neuron
#
# A neuron weighs its inputs, adds a bias, and bends the sum. The bend here is `tanh`, which squeezes
# any number into the range from −1 to 1. Its rule is:

# %%
print(explain(autograd.tanh))

# %%
x1, x2 = Value(2.0), Value(0.5)
w1, w2 = Value(-0.8), Value(1.2)
bias = Value(0.4)
out = (w1 * x1 + w2 * x2 + bias).tanh()
out.backward()
draw(out)

# %% [markdown]
# Look at `w1` and `w2`: the gradient of each is the gradient of the sum times its own input. An input
# of 0 would teach its weight nothing.

# %% [markdown]
# ## Learning is walking downhill
#
# Suppose the neuron should answer 0.5. The square of its error is a *loss*: a number that should become
# small. Its gradient says for each weight which way is up, so we step the other way, again and again.

# %%
target = 0.5
weights = [w1, w2, bias]
for step in range(8):
    out = (w1 * x1 + w2 * x2 + bias).tanh()
    loss = (out - target) ** 2
    for w in weights:
        w.zero_grad()  # leaves add up from one backward() to the next
    loss.backward()
    for w in weights:
        w.data -= 0.2 * w.grad
    print(f"step {step}: answer {out.data:+.4f}, loss {loss.data:.6f}")

# %% [markdown]
# That is all there is to it. A network is many neurons, and `python -m nn` teaches one of 1,210
# weights, each a `Value` like these, to read handwritten digits.
#
# ## The slope of the slope
#
# A derivative is computed, too, so it has a derivative of its own. `grad` turns a function into the
# function of its slope, as often as you like:


# %%
def cube(x):
    return x**3


slope = grad(cube)
curvature = grad(slope)
cube(2.0), slope(2.0), curvature(2.0), grad(curvature)(2.0)

# %% [markdown]
# ## Try it
#
# - Change `w1` above and run the cells below it. Does the picture say what you expect?
# - Write `out.step()` in a cell after the picture of the neuron. The gradients of the leaves do not start
#   from nothing there. Why? What if you compute `out` and its leaves anew?
# - What is the gradient of `relu` at 0? Ask: `print(explain(autograd.relu))`.
# - Compute `y = x ** Value(2.0)`. Why does the exponent have a gradient now?
