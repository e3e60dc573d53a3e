"""Make shapes.json: what PyTorch gives for shapes and indices, to the second order, in float64.

The tests read the JSON and need no PyTorch. To make it again, in an environment of its own:

    python -m venv torch-environment
    torch-environment/bin/pip install torch==2.13.0 numpy
    torch-environment/bin/python tests/reference/shapes.py

The same PyTorch gives the same file. An expression stands in the file as text, and the test
evaluates that same text with autograd's functions: a method or a function of the same name must
mean the same in both. `ints(...)` and `bools(...)` are arrays of what they are given.
"""

from __future__ import annotations

from pathlib import Path

from differentiated import NAMES, as_json, drawn, slopes, write

# Expression -> the shapes of x and y, for each use of it.
SHAPES = {
    "x.reshape(2, 6)": [[(3, 4)]],
    "x.reshape((-1, 2))": [[(3, 4)]],
    "x.reshape(-1)": [[(3, 4)], [()], [(0, 3)]],
    "x.reshape(())": [[(1, 1)]],
    "x.reshape(0, 5)": [[(3, 0)]],
    "x.mT.reshape(3, 4)": [[(2, 2, 3)]],
    "x[:, ::2].reshape(6)": [[(3, 4)]],
    "x.view(4, -1)": [[(2, 6)]],
    "x.flatten()": [[(2, 3)], [()]],
    "x.flatten(1)": [[(2, 3, 2)]],
    "x.flatten(start_dim=-3, end_dim=-2)": [[(2, 1, 3, 2)]],
    "x.transpose(0, 2).flatten(0, 1)": [[(2, 3, 2)]],
    "x.T.ravel()": [[(2, 3)]],
    "x.squeeze()": [[(1, 3, 1)], [()]],
    "x.squeeze(0)": [[(1, 3, 1)], [(2, 3)], [()]],
    "x.squeeze(dim=(0, -1))": [[(1, 3, 1)], [(1, 3, 2)]],
    "x.unsqueeze(0)": [[(2, 3)], [()]],
    "x.unsqueeze(dim=-1)": [[(2, 3)]],
    "x.expand(2, 3)": [[(2, 1)], [(3,)], [()], [(1, 1)]],
    "x.expand(-1, 4)": [[(3, 1)]],
    "x.expand(2, -1, 3)": [[(2, 1)]],
    "x.broadcast_to((2, 3))": [[(2, 1)], [()]],
    "x.permute(2, 0, 1)": [[(2, 3, 2)]],
    "permute(x, (-1, 0, 1))": [[(2, 3, 2)]],
    "x.transpose(0, -1)": [[(2, 3, 2)], [()]],
    "x.t()": [[(2, 3)], [(3,)], [()]],
    "x.T": [[(2, 3)]],
    "x.movedim(0, 2)": [[(2, 3, 1)]],
    "x.movedim(0, -1)": [[(2, 3)], [()]],
    "x.movedim((0, 1), (-1, 0))": [[(2, 3, 1)]],
    "x.swapaxes(0, 1)": [[(2, 3, 1)]],
    "astype(x, 'float64')": [[(3,)]],
}

ORDER = {
    "x.flip(0)": [[(3,)], [(2, 3)], [()]],
    "x.flip((0, -1))": [[(2, 3, 2)]],
    "x.T.flip(1)": [[(2, 3)]],
    "x.roll(1)": [[(2, 3)], [(3,)]],
    "x.roll(-2, 1)": [[(2, 3)]],
    "x.roll((1, 7), (0, -1))": [[(2, 3)]],
    "x.repeat(2)": [[(3,)], [()]],
    "x.repeat(2, 1, 2)": [[(2, 3)]],
    "x.repeat((0, 2))": [[(2, 3)]],
    "x.T.repeat(2, 2)": [[(2, 3)]],
    "x.tile(2)": [[(2, 3)]],
    "tile(x, (2, 1, 2))": [[(2, 3)]],
    "pad(x, (1, 2))": [[(3,)], [(2, 3)]],
    "pad(x, (1, 0, 0, 2), value=1.5)": [[(2, 3)]],
    "pad(x, (-1, 1), 'constant', -2.0)": [[(2, 3)]],
    "pad(x, (1, 2), mode='reflect')": [[(2, 3)]],
    "pad(x, (2, 1, 1, 1), mode='reflect')": [[(1, 2, 3)]],
    "pad(x, (3, 2), mode='replicate')": [[(2, 3)]],
    "pad(x, (1, 0, 2, 1), mode='replicate')": [[(1, 2, 2)]],
    "pad(x, (3, 1), mode='circular')": [[(2, 3)]],
    "pad(x, (1, 1, 0, 2), mode='circular')": [[(1, 2, 3)]],
}

PIECES = {
    "cat([x, y])": [[(2, 3), (1, 3)], [(2,), (3,)], [(0, 2), (2, 2)]],
    "cat((x, y, x), dim=-1)": [[(2, 3), (2, 1)]],
    "cat([x.T, y], dim=1)": [[(2, 3), (3, 1)]],
    "cat([x])": [[(2,)]],
    "stack([x, y])": [[(2, 3), (2, 3)], [(), ()]],
    "stack([x, y, x], dim=-1)": [[(2, 3), (2, 3)]],
    "stack((x, y), dim=1)": [[(2, 3), (2, 3)]],
    "x.split(2)": [[(5,)], [(4, 2)]],
    "x.split([1, 0, 2], dim=-1)": [[(2, 3)]],
    "x.chunk(3)": [[(5,)], [(7, 1)]],
    "chunk(x, 4, 1)": [[(2, 3)]],
    "x.unbind()": [[(2, 3)], [(3,)]],
    "x.unbind(-1)": [[(2, 3)]],
    "x.narrow(1, 1, 2)": [[(2, 3)]],
    "x.narrow(-1, -2, 1)": [[(2, 3)]],
    "x.select(1, -1)": [[(2, 3)]],
}

INDICES = {
    "x.index_select(0, ints([2, 0, 2]))": [[(3, 2)]],
    "x.index_select(-1, ints(1))": [[(2, 3)]],
    "x.gather(1, ints([[0, 2, 2], [1, 1, 0]]))": [[(2, 3)], [(3, 3)]],
    "x.gather(0, ints([[0, 1, 1]]))": [[(2, 3)]],
    "gather(x, -1, ints([2, 2, 0, 1]))": [[(3,)]],
    "x.scatter_add(0, ints([1, 1, 0]), y)": [[(4,), (3,)], [(2,), (3,)]],
    "x.scatter_add(1, ints([[0, 2], [2, 2]]), y)": [[(3, 3), (2, 2)]],
    "take_along_dim(x, ints([[2, 0], [1, 1]]), dim=1)": [[(2, 3)]],
    "take_along_dim(x, ints([[1, 1]]), -1)": [[(2, 3)]],
    "take_along_dim(x, ints([[5, 0], [0, 3]]))": [[(2, 3)]],
    "x.masked_fill(x > 0, 2.0)": [[(2, 3)], [()]],
    "x.masked_fill(bools([True, False, True]), y)": [[(2, 3), ()]],
    "x.masked_select(x > 0)": [[(2, 3)]],
    "x.masked_select(bools([[True], [False]]))": [[(2, 3)], [(3,)]],
    "x[1]": [[(3, 2)], [(2,)]],
    "x[-1, 1:]": [[(3, 2)]],
    "x[...]": [[(2, 3)], [()]],
    "x[None]": [[()]],
    "x[..., 0]": [[(2, 2, 3)]],
    "x[:, None, ..., 1:2]": [[(2, 2, 3)]],
    "x[[0, 0, 2]]": [[(3, 2)]],
    "x[ints([0, -1, 0]), ints([1, 1, 1])]": [[(3, 2)]],
    "x[ints([[0, 1], [1, 1]])]": [[(2, 3)]],
    "x[:, ints([2, 2])]": [[(2, 3)]],
    "x.T[ints([2, 2]), 1:]": [[(2, 3)]],
    "x[0, :, ints([1, 1])]": [[(2, 2, 3)]],
    "x[ints([0, 1]), :, 0]": [[(2, 2, 3)]],
    "x[ints([0, 1]), :, ints([2, 2])]": [[(2, 2, 3)]],
    "x[None, ints([0, 1]), ..., ints([2, 0])]": [[(2, 2, 3)]],
    "x[ints(1), :, ints([1, 2])]": [[(2, 2, 3)]],
    "x[x > 0]": [[(2, 3)]],
    "x[bools([True, False])]": [[(2, 3)]],
    "x[:, bools([True, False, True])]": [[(2, 3)]],
    "x[1, bools([True, False, True])]": [[(2, 3)]],
    "x[bools([[True, False], [True, True]]), 1]": [[(2, 2, 3)]],
    "x[bools([True, False, True]), ints([1, 1])]": [[(3, 2)]],
    "x[ints([[0], [1]]), bools([True, False, True])]": [[(2, 3)]],
    "x[[]]": [[(2, 3)]],
    "x[True]": [[(2,)]],
}

NAMED = {  # PyTorch's words for the arguments
    "x.reshape(shape=(2, 6))": [[(3, 4)]],
    "x.view(size=(2, 6))": [[(3, 4)]],
    "broadcast_to(x, size=(2, 3))": [[(2, 1)]],
    "x.expand(size=(-1, 3))": [[(2, 1)]],
    "permute(x, dims=(1, 2, 0))": [[(2, 3, 2)]],
    "x.squeeze(axis=0)": [[(1, 3, 1)]],
    "x.squeeze(0, 2)": [[(1, 3, 1)]],
    "x.squeeze(())": [[(1, 3)]],
    "x.unsqueeze(axis=1)": [[(2, 3)]],
    "x.movedim(source=0, destination=1)": [[(2, 3)]],
    "transpose(x, dim0=0, dim1=-1)": [[(2, 3)]],
    "swapaxes(x, axis0=0, axis1=-1)": [[(2, 3)]],
    "flip(x, dims=(0, 1))": [[(2, 3)]],
    "x.flip(0, 1)": [[(2, 3)]],
    "x.flip(())": [[(2, 3)]],
    "x.roll(shifts=1, dims=(0,))": [[(2, 3)]],
    "x.roll(1, ())": [[(2, 3)]],
    "x.repeat(repeats=(2, 1))": [[(2, 3)]],
    "tile(x, dims=(2,))": [[(2, 3)]],
    "pad(x, pad=(1, 2), mode='constant', value=0.5)": [[(2, 3)]],
    "split(x, split_size_or_sections=[1, 2], dim=1)": [[(2, 3)]],
    "x.split(split_size=2, dim=1)": [[(2, 3)]],
    "chunk(x, chunks=2, dim=1)": [[(2, 3)]],
    "x.unbind(dim=1)": [[(2, 3)]],
    "x.narrow(axis=1, start=0, length=2)": [[(2, 3)]],
    "x.select(dim=1, index=ints(2))": [[(2, 3)]],
    "x.index_select(axis=1, index=ints([2, 0]))": [[(2, 3)]],
    "x.gather(dim=1, index=ints([[2], [0]]))": [[(2, 3)]],
    "x.scatter_add(dim=1, index=ints([[2], [0]]), src=y)": [[(2, 3), (2, 1)]],
    "take_along_dim(x, indices=ints([[2]]), dim=1)": [[(2, 3)]],
    "x.masked_fill(mask=x > 0, value=2.0)": [[(2, 3)]],
    "cat(tensors=[x, y], axis=1)": [[(2, 3), (2, 1)]],
    "stack(tensors=[x, y], axis=1)": [[(2,), (2,)]],
}

EDGES = {
    "x.chunk(3)": [[(0, 2)]],
    "x.chunk(4, 1)": [[(1, 6)]],
    "x.split(0)": [[(0, 2)]],
    "x.unsqueeze(-1)": [[()]],
    "x.movedim(0, 0)": [[()]],
    "x.swapaxes(0, -1)": [[()]],
    "cat([x, y])": [[(0,), (2, 3)], [(2, 3), (0,)], [(0,), (0,)]],
    "cat([x, y], dim=-1)": [[(0,), (2, 3)]],
    "x.index_select(0, ints(0))": [[()]],
    "x.index_select(-1, ints([0]))": [[()]],
    "x.gather(0, ints(0))": [[()], [(2,)]],
    "x.gather(-1, ints([0, 0]))": [[()]],
    "x.gather(0, ints([0])[:0])": [[(2, 3)]],
    "x.scatter_add(0, ints(0), y)": [[(), ()], [(2,), ()]],
    "x.scatter_add(0, ints([0, 0]), y)": [[(), (2,)]],
    "take_along_dim(x, ints([[-1], [0]]), 1)": [[(2, 3)]],
    "take_along_dim(x, ints(0))": [[()], [(2, 2)]],
    "x.masked_select(bools(True))": [[()]],
    "pad(x, ())": [[()]],
    "pad(x, (-3, 2))": [[(1, 3)]],
    "pad(x, (2, -1), mode='circular')": [[(1, 5)]],
    "pad(x, (-2, 3), mode='circular')": [[(1, 5)]],
    "pad(x, (-1, 2, 2, -1), mode='circular')": [[(1, 3, 4)]],
    "pad(x, (-2, -3), mode='circular')": [[(1, 5)]],
    "pad(x, (2, -1), mode='reflect')": [[(1, 5)]],
    "pad(x, (-3, 3), mode='reflect')": [[(1, 5)]],
    "pad(x, (-2, 3), mode='replicate')": [[(1, 5)]],
    "pad(x, (1, -4), mode='replicate')": [[(1, 5)]],
    "pad(x, (1, 1), mode='circular')": [[(0, 3)]],
    "x.expand(0)": [[(1,)]],
    "x.tile(())": [[(2,)]],
    "x.roll(2, 0)": [[(0, 2)]],
    "x[None, ints([0, 1]), ..., ints([1, 2])]": [[(2, 3)]],
    "x[0, ints([0, 1]), ..., ints([1, 2])]": [[(2, 2, 3)], [(2, 2, 2, 3)]],
    "embedding(ints([[0, 2], [2, 2]]), x)": [[(3, 2)]],
    "embedding(ints(1), x)": [[(3, 2)]],
}

CONSTRUCTED = [
    *["zeros(2, 3)", "ones((2,))", "zeros(())", "full((2, 1), 7.0)", "eye(2)", "eye(2, 3)"],
    *["arange(4)", "arange(1, 7, 2)", "arange(0.0, 1.0, 0.25)", "arange(3, 0, -1)"],
    *["linspace(-1, 1, 5)", "linspace(0, 1, 1)", "linspace(0, 1, 0)"],
    *["zeros_like(ones(2, 3))", "ones_like(zeros(2))", "full_like(zeros(2), 3.5)"],
    *["full_like(arange(2), 3)"],
    *["zeros(size=(2, 3))", "ones(size=(2,))", "full(size=(2,), fill_value=1)", "eye(n=2, m=1)"],
    *["arange(end=3)", "arange(start=1, end=3)", "arange(3, 3)", "arange(0, 3, step=2)"],
    *["linspace(start=0, end=1, steps=3)", "eye(0)"],
]


def differentiated(expression, shapes):
    """A result, the gradient of a weighted sum of its squares, and that of the gradient's."""
    inputs = [x.requires_grad_() for x in drawn(shapes)]
    out = eval(expression, {**NAMES, **dict(zip("xy", inputs, strict=False))})
    pieces = out if isinstance(out, (tuple, list)) else [out]
    weights = drawn([piece.shape for piece in pieces])
    loss = sum((w * piece**2).sum() for w, piece in zip(weights, pieces, strict=True))
    grads = slopes(loss, inputs, create_graph=True)
    second = slopes(sum((g**2).sum() for g in grads), inputs)
    return {
        "expression": expression,
        "shapes": [list(shape) for shape in shapes],  # lists do not tell (0, 3) from (0,)
        "inputs": [as_json(x.detach()) for x in inputs],
        "weights": [as_json(w) for w in weights],
        "out": [as_json(piece.detach()) for piece in pieces],
        "out shapes": [list(piece.shape) for piece in pieces],
        "grads": [as_json(g.detach()) for g in grads],
        "second": [as_json(g) for g in second],
    }


def constructed(expression):
    out = eval(expression, dict(NAMES))
    kind = "float" if out.is_floating_point() else "int"
    return {"expression": expression, "shape": list(out.shape), "kind": kind, "out": as_json(out)}


if __name__ == "__main__":
    groups = [SHAPES, ORDER, PIECES, INDICES, NAMED, EDGES]
    uses = [(text, each) for group in groups for text, each in group.items()]
    arrays = [differentiated(text, shapes) for text, each in uses for shapes in each]
    write(Path(__file__), arrays=arrays, constructed=map(constructed, CONSTRUCTED))
