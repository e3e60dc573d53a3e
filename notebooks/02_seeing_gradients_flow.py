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
# # Seeing gradients flow
#
# A network is nothing but values like those of the first notebook, only more of them. This notebook
# looks at a few hundred at once, then at one step, at one derivative, and at what can go wrong.

# %%
from autograd import Graph, Value, detect_anomaly, draw, scope, source
from nn import MLP, SGD, Neuron, diagnose, watch
from nn.functional import mse_loss

# %% [markdown]
# ## A loss over four samples
#
# The task: say whether two numbers have the same sign. No single neuron can, so take four of them and
# one that listens to all. A `scope` tells pictures what belongs together.

# %%
model = MLP(2, [4, 1], "tanh", seed=1)
samples = [((-1, -1), 1), ((-1, 1), -1), ((1, -1), -1), ((1, 1), 1)]

errors = []
for x, target in samples:
    with scope("sample"):
        errors.append((model(x) - target) ** 2)
loss = sum(errors) / 4
loss.backward()
graph = Graph(loss)
graph

# %% [markdown]
# That is too much to look at, box by box. But most of it is the same thing again: four samples, and
# in each of them four neurons. So the picture is *folded*: equal parts are one box, with how many there
# are. Click a folded box to open it, and `the whole` to come back; drag what does not fit.

# %%
draw(loss)

# %% [markdown]
# The same as text, indented by what was called in what:

# %%
print(graph)

# %% [markdown]
# Code can open a box, too. Here is one sample; `at_once` says up to how many boxes are drawn without
# folding. The weights come from outside, as all four samples share them:

# %%
draw(loss, at_once=20).open("sample")

# %% [markdown]
# ## Step by step
#
# `backward()` is a list of small steps, and you can have the list. First the numbers flow forward; then
# each node hands its gradient on to its operands. For one neuron by itself:

# %%
neuron = Neuron(2, "tanh", seed=1)
answer = neuron([1.0, -1.0])
for step in answer.steps():
    print(step)

# %% [markdown]
# Read a line as: *the gradient of this grows by what the node above it had, times the local derivative*.
# The rule that gives the local derivative stands below. Nothing here is for show: these are the
# engine's own steps, in its order, to the last bit.
#
# A step is also data: one can ask for those that reach one weight. All four samples use it, so four
# times something is added to its gradient. (Leaves add up: without `zero_grad()` the sum would start from
# what `backward()` left there above.)

# %%
model.zero_grad()
weight = model.layers[1].neurons[0].w[0]
weight.name = "w"  # shorter than its place in the model
for step in loss.steps():
    if step.parent is weight:
        print(step.line())

# %% [markdown]
# In a picture you can walk through the steps, forwards and backwards:

# %%
answer.step()

# %% [markdown]
# ## Why is this gradient what it is?
#
# A weight reaches the loss in many ways, at least one for each sample. Its gradient is the sum over all
# of them, each the product of the local derivatives along it. Ask for one:

# %%
print(loss.explain(weight))

# %% [markdown]
# The last line is a check: the loss was computed again with the weight nudged both ways, and it says the
# same as the chain rule.
#
# In a notebook it is mathematics when it is not printed. Without a node to differentiate by, it is
# about all leaves:

# %%
answer.explain()

# %% [markdown]
# And a small graph is a program, which needs no library at all:

# %%
print(source(answer))

# %% [markdown]
# ## When gradients fade
#
# Stack layers of sigmoids. The slope of a sigmoid is at most ¼, so a gradient that passes one is
# divided by four, or worse. After four of them, how much is left?

# %%
deep = MLP(2, [6, 5, 4, 3, 1], "sigmoid", seed=1)
error = (deep([0.5, -1.0]) - 1.0) ** 2
error.backward()
for i, layer in enumerate(deep.layers):
    largest = max(abs(parameter.grad) for parameter in layer.parameters())
    print(f"layer {i}: largest gradient {largest:.1e}")

# %% [markdown]
# Read it from the bottom: the last layer learns, and the first ones hear little of it. In the picture
# the bars show the size of the gradients, on a logarithmic scale:

# %%
draw(error, color="gradient").open("MLP")

# %% [markdown]
# ## When they stop
#
# A ReLU whose sum is below 0 for every sample hands nothing on: its neuron is *dead*, and no step will
# ever move it. Push one there with its bias, and look for it:

# %%
model = MLP(2, [4, 1], "relu", seed=1)
model.layers[0].neurons[2].b.data = -5.0
loss = sum((model(x) - target) ** 2 for x, target in samples)
loss.backward()
for i, neuron in enumerate(model.layers[0].neurons):
    print(f"neuron {i}:", [parameter.grad for parameter in neuron.parameters()])

# %% [markdown]
# `diagnose` looks for such things, and for those of the other sections here, in a whole network. It says
# what was found where, and what to try:

# %%
diagnose(model, loss)

# %% [markdown]
# ## When they explode
#
# The square root is infinitely steep at 0. `detect_anomaly` names the operation, your number, and the
# line of yours that computed it:

# %%
distance = Value(0.0, name="distance")
with detect_anomaly():
    try:
        root = distance**0.5
        root.backward()
    except ZeroDivisionError as problem:
        print(problem)

# %% [markdown]
# ## All of it, while it learns
#
# `watch` draws the network after each step: its weights, what its units answer, the loss, and what it
# would say to any two numbers. Afterwards it plays it all back:

# %%
model = MLP(2, [4, 1], "tanh", seed=1)
inputs, targets = zip(*samples, strict=True)
optimizer = SGD(model.parameters(), lr=0.1)
watching = watch(model, data=(inputs, targets))
for _ in range(60):
    optimizer.zero_grad()
    loss = mse_loss([model(x) for x in inputs], targets)
    loss.backward()
    optimizer.step()
    watching(loss)

# %%
watching

# %% [markdown]
# ## Try it
#
# - Give `deep` the activation `"tanh"`, or `init="xavier"`. How much is left in the first layer now?
# - Which of the four samples contributes most to the gradient of `weight`? Its paths are told apart by
#   the node after it.
# - Begin a cell with `%%graph`, after `%load_ext autograd` in one of its own: its last value is drawn.
#   With `%%steps` you walk through it.
