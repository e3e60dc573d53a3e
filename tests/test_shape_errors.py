"""What errors about shapes, types and places say, word for word.

Each names the function that was called, what was given by the names that its user gave, and the
rule that was broken. A text is part of the interface: whoever changes one changes it here.
"""

# ruff: noqa: PLW0108 - what is tried is written as a user would write it, and tried in the test
from __future__ import annotations

import re

import numpy as np
import pytest

import autograd
from autograd import (
    Tensor,
    cat,
    cross_entropy,
    einsum,
    grad,
    jacobian,
    jvp,
    linear,
    solve,
    stack,
    tensordot,
    vjp,
)


def t(*shape, name=None):
    return Tensor(np.ones(shape), requires_grad=True, name=name)


A, B = t(8, 3, name="A"), t(4, 2, name="B")
M, u, v = t(3, 3, name="M"), t(2, name="u"), t(3, name="v")
MASK = np.ones((8, 3), bool)
SPREAD = "only axes of length 1 can, and new ones in front"
OUT = (
    "numpy.add cannot write into an array (out=, or an operator such as +=) what is computed from "
    "a Tensor or a Value: the array would not remember how it was computed; make a new one, as in "
    "a = a + t"
)
PICK = (
    "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean "
    "arrays are valid indices"
)
ROWS = "a Tensor holds rows of equal lengths, but [0] is one number and [1] has length 2"
NO_FLOATS = "for labels, masks and indices; make it one of floats"

CASES = {
    # products
    "matmul": (lambda: A @ B, "matmul: A (8, 3) @ B (4, 2): inner sizes 3 and 4 differ"),
    "array @": (
        lambda: np.ones((3, 2)) @ v,
        "matmul: x (3, 2) @ v (3,): inner sizes 2 and 3 differ",
    ),
    "list": (
        lambda: autograd.matmul([1.0], A),
        "matmul: x (1,) @ A (8, 3): inner sizes 1 and 8 differ",
    ),
    "batches": (
        lambda: t(2, 3, 4, name="x") @ t(5, 4, 1, name="w"),
        "matmul: x (2, 3, 4) @ w (5, 4, 1): batch sizes 2 and 5 differ",
    ),
    "no axis": (lambda: A @ 2.0, "matmul: A (8, 3) @ y (): each takes at least one axis"),
    "mm": (lambda: A.mm(B), "mm: A (8, 3) @ B (4, 2): inner sizes 3 and 4 differ"),
    "mm axes": (lambda: A.mm(v), "mm: A (8, 3) @ v (3,): it takes arrays with 2 and 2 axes"),
    "mv": (lambda: A.mv(u), "mv: A (8, 3) @ u (2,): inner sizes 3 and 2 differ"),
    "mv axes": (lambda: A.mv(B), "mv: A (8, 3) @ B (4, 2): it takes arrays with 2 and 1 axes"),
    "bmm": (
        lambda: t(2, 1, 1).bmm(t(3, 1, 1, name="w")),
        "bmm: x (2, 1, 1) @ w (3, 1, 1): batch sizes 2 and 3 differ",
    ),
    "bmm axes": (lambda: A.bmm(B), "bmm: A (8, 3) @ B (4, 2): it takes arrays with 3 and 3 axes"),
    "dot": (lambda: u.dot(v), "dot: u (2,) @ v (3,): inner sizes 2 and 3 differ"),
    "dot axes": (lambda: A.dot(v), "dot: A (8, 3) @ v (3,): it takes arrays with 1 and 1 axes"),
    "outer": (lambda: u.outer(A), "outer: u (2,) and A (8, 3): it takes two vectors"),
    "addmm": (
        lambda: v.addmm(t(2, 3), t(3, 4)),
        "addmm: v (3,) does not broadcast to (2, 4)",
    ),
    "addmm inner": (
        lambda: v.addmm(A, B),
        "addmm: A (8, 3) @ B (4, 2): inner sizes 3 and 4 differ",
    ),
    "tensordot": (
        lambda: tensordot(A, B, 1),
        "tensordot: A (8, 3) and B (4, 2), axis 1 and axis 0: their sizes 3 and 4 differ",
    ),
    "tensordot dims": (
        lambda: tensordot(A, B, 3),
        "tensordot: A (8, 3) and B (4, 2): one of them has not the dims=3 axes to sum over",
    ),
    "tensordot pairs": (
        lambda: tensordot(A, B, ([0], [0, 1])),
        "tensordot: A (8, 3) and B (4, 2): 1 axes of one and 2 of the other",
    ),
    "np.dot": (
        lambda: np.dot(A, B),
        "tensordot: A (8, 3) and B (4, 2), axis 1 and axis 0: their sizes 3 and 4 differ, "
        "in numpy.dot",
    ),
    "einsum": (
        lambda: einsum("ij,jk->ik", A, B),
        "einsum 'ij,jk->ik': 'j' in B (4, 2) and A (8, 3): its sizes 4 and 3 differ",
    ),
    "einsum ...": (
        lambda: einsum("...i,...j", A, B),
        "einsum '...i,...j': an axis of '...' in B (4, 2) and A (8, 3): its sizes 4 and 8 differ",
    ),
    "einsum twice": (
        lambda: einsum("ii", A),
        "einsum 'ii': 'i' in A (8, 3): both sizes 8 and 3 differ",
    ),
    "einsum terms": (
        lambda: einsum("ij,jk", A),
        "einsum 'ij,jk': there are 2 terms for 1 operands",
    ),
    "einsum axes": (lambda: einsum("i", A), "einsum 'i': 'i' names 1 axes, but A (8, 3) has 2"),
    "einsum result": (
        lambda: einsum("i->ij", v),
        "einsum 'i->ij': 'j' of the result is in no operand",
    ),
    "einsum repeats": (
        lambda: einsum("ij->ii", A),
        "einsum 'ij->ii': 'i' of the result is there twice",
    ),
    "einsum letter": (lambda: einsum("i1", A), "einsum 'i1': '1' in 'i1' is no letter"),
    # broadcasting
    "add": (lambda: A + u, "add: A (8, 3) and u (2,) do not broadcast: 3 and 2 differ"),
    "sub": (lambda: np.ones(2) - A, "sub: x (2,) and A (8, 3) do not broadcast: 2 and 3 differ"),
    "gt": (lambda: A > B, "gt: A (8, 3) and B (4, 2) do not broadcast: 3 and 2 differ"),
    "maximum": (
        lambda: np.maximum(A, B),
        "maximum: A (8, 3) and B (4, 2) do not broadcast: 3 and 2 differ",
    ),
    "max": (lambda: A.max(B), "max: A (8, 3) and B (4, 2) do not broadcast: 3 and 2 differ"),
    "min": (lambda: A.min(B), "min: A (8, 3) and B (4, 2) do not broadcast: 3 and 2 differ"),
    "where": (
        lambda: autograd.where(MASK, B, 0.0),
        "where: condition (8, 3) and B (4, 2) do not broadcast: 3 and 2 differ",
    ),
    "where branches": (
        lambda: autograd.where(True, A, B),
        "where: A (8, 3) and B (4, 2) do not broadcast: 3 and 2 differ",
    ),
    "masked_fill": (
        lambda: B.masked_fill(MASK, 0.0),
        "masked_fill: mask (8, 3) and B (4, 2) do not broadcast: 3 and 2 differ",
    ),
    "masked_select": (
        lambda: B.masked_select(MASK),
        "masked_select: mask (8, 3) and B (4, 2) do not broadcast: 3 and 2 differ",
    ),
    "masked_fill value": (
        lambda: A.masked_fill(MASK, B),
        "masked_fill takes one number, but was given B (4, 2)",
    ),
    "expand": (lambda: A.expand(8, 4), f"expand: A (8, 3) cannot be repeated to (8, 4); {SPREAD}"),
    "broadcast_to": (
        lambda: A.broadcast_to(3),
        f"broadcast_to: A (8, 3) cannot be repeated to (3,); {SPREAD}",
    ),
    "np.broadcast_to": (
        lambda: np.broadcast_to(A, (3, 3)),
        f"broadcast_to: A (8, 3) cannot be repeated to (3, 3); {SPREAD}",
    ),
    "np.broadcast_to -1": (
        lambda: np.broadcast_to(A, (-1, 3)),
        "numpy.broadcast_to: (-1, 3) has a negative length",
    ),
    # joining and taking apart
    "cat": (
        lambda: cat([A, B]),
        "cat along axis 0: A (8, 3) and B (4, 2), axis 1: their sizes 3 and 2 differ",
    ),
    "cat axes": (
        lambda: cat([A, [1.0]], dim=1),
        "cat along axis 1: A (8, 3) and x1 (1,): one has 2 axes, the other 1",
    ),
    "cat numbers": (lambda: cat([1.0]), "cat: x0 () has no axis to join along; use stack"),
    "cat nothing": (lambda: cat([]), "cat takes at least one array, but was given none"),
    "np.concatenate": (
        lambda: np.concatenate([A, B]),
        "cat along axis 0: A (8, 3) and B (4, 2), axis 1: their sizes 3 and 2 differ, "
        "in numpy.concatenate",
    ),
    "stack": (
        lambda: stack([A, B]),
        "stack: A (8, 3) and B (4, 2) differ in shape; all must be of one shape",
    ),
    "split": (
        lambda: A.split([5, 5]),
        "split: lengths [5, 5] do not add up to the length 8 of axis 0 of A (8, 3)",
    ),
    "split 0": (lambda: A.split(0), "split takes pieces of length 1 or more, but was given 0"),
    "chunk": (lambda: A.chunk(0), "chunk makes 1 piece or more, but was asked for 0"),
    "np.split": (
        lambda: np.split(A, 3),
        "numpy.split: 8 elements do not make 3 equal parts; numpy.array_split makes parts that are "
        "not",
    ),
    # shapes
    "reshape": (
        lambda: A.reshape(5, -1),
        "reshape: cannot make shape (5, -1) of the 24 elements of A (8, 3)",
    ),
    "reshape -1": (
        lambda: A.reshape(-1, -1),
        "reshape: only one length may be -1, but the shape is (-1, -1)",
    ),
    "view": (lambda: A.view(7), "view: cannot make shape (7,) of the 24 elements of A (8, 3)"),
    "flatten": (lambda: A.flatten(1, 0), "flatten: start_dim=1 comes after end_dim=0"),
    "np.squeeze": (
        lambda: np.squeeze(A, 0),
        "numpy.squeeze: axis 0 of (8, 3) has length 8, not 1",
    ),
    "permute": (
        lambda: A.permute(0, 0),
        "permute: (0, 0) does not name each axis of A (8, 3) once",
    ),
    "t": (lambda: t(1, 2, 3).t(), "t takes at most 2 axes, not x (1, 2, 3); use mT or transpose"),
    "mT": (lambda: v.mT, "it takes a matrix, or a stack of them, in mT(v: (3,))"),
    "pad": (
        lambda: A.pad((1,)),
        "pad takes two numbers an axis, the last axis first, but was given (1,) for A (8, 3)",
    ),
    "repeat": (lambda: A.repeat(2), "repeat takes a number for each axis of A (8, 3), not (2,)"),
    "amax": (lambda: t(0, 3).amax(0), "amax: x (0, 3) has no element along axis 0"),
    "max of none": (lambda: t(0, 3).max(), "max: x (0, 3) has no element along axis 0"),
    # elements
    "index": (lambda: A[9], "indexing A (8, 3): index 9 is out of bounds for axis 0 with size 8"),
    "index array": (
        lambda: A[:, [0, 9]],
        "indexing A (8, 3): index 9 is out of bounds for axis 1 with size 3",
    ),
    "index axes": (
        lambda: A[0, 0, 0],
        "indexing A (8, 3): too many indices for array: array is 2-dimensional, but 3 were indexed",
    ),
    "index type": (lambda: A["first"], f"indexing A (8, 3): {PICK}"),
    "index mask": (
        lambda: A[[True, False]],
        "indexing A (8, 3): boolean index did not match indexed array along axis 0; size of axis "
        "is 8 but size of corresponding boolean axis is 2",
    ),
    "gather": (
        lambda: A.gather(1, [[5]]),
        "gather: index 5 is out of range for axis 1 of A (8, 3)",
    ),
    "gather axes": (
        lambda: A.gather(1, [0]),
        "gather: index (1,) does not fit A (8, 3): it needs as many axes, none longer but axis 1",
    ),
    "gather type": (
        lambda: A.gather(1, [[0.5]]),
        "gather takes integers for an index, but was given float64",
    ),
    "scatter_add": (
        lambda: A.scatter_add(1, [[5]], [[1.0]]),
        "scatter_add: index 5 is out of range for axis 1 of A (8, 3)",
    ),
    "scatter_add src": (
        lambda: A.scatter_add(1, [[0, 1]], t(1, 1, name="new")),
        "scatter_add: index (1, 2) is larger than new (1, 1)",
    ),
    "take_along_dim": (
        lambda: A.take_along_dim([0], 1),
        "take_along_dim: indices (1,) and A (8, 3) differ in their number of axes",
    ),
    "index_select": (
        lambda: A.index_select(0, [9]),
        "index_select: index 9 is out of range for axis 0 of A (8, 3)",
    ),
    "select": (lambda: A.select(0, 9), "select: axis 0 of A (8, 3) has no place 9"),
    "narrow": (lambda: A.narrow(0, 5, 9), "narrow: axis 0 of A (8, 3) has no 9 places from 5 on"),
    # matrices
    "solve": (
        lambda: solve(M, B),
        "solve: M (3, 3) and B (4, 2): inner sizes 3 and 4 differ",
    ),
    "solve square": (
        lambda: solve(A, B),
        "solve: A (8, 3): the matrix is not square, 8 and 3 differ",
    ),
    "solve number": (
        lambda: solve(M, 1.0),
        "solve: M (3, 3) and B (): B must be a vector or a matrix",
    ),
    "solve left": (
        lambda: solve(M, v, left=False),
        "solve: M (3, 3) and v (3,): with left=False, B must be a matrix",
    ),
    "solve singular": (
        lambda: solve(M, t(3, 1)),
        "Singular matrix, in solve(M: (3, 3), B: (3, 1))",
    ),
    "inverse": (lambda: A.inverse(), "inverse: A (8, 3): the matrix is not square, 8 and 3 differ"),
    "inverse axes": (lambda: v.inverse(), "inverse: v (3,): it takes a matrix, or a stack of them"),
    "inverse singular": (lambda: M.inverse(), "Singular matrix, in inverse(M: (3, 3))"),
    "np.linalg.inv": (
        lambda: np.linalg.inv(A),
        "inverse: A (8, 3): the matrix is not square, 8 and 3 differ, in numpy.linalg.inv",
    ),
    "det": (lambda: A.det(), "det: A (8, 3): the matrix is not square, 8 and 3 differ"),
    "trace": (lambda: v.trace(), "trace: v (3,): it takes a matrix"),
    "tril": (lambda: v.tril(), "tril: v (3,): it takes a matrix, or a stack of them"),
    "diag": (lambda: t(1, 1, 1).diag(), "diag: x (1, 1, 1): it takes a vector or a matrix"),
    "diagonal": (
        lambda: A.diagonal(0, 1, -1),
        "diagonal: A (8, 3): dim1 and dim2 are the same axis, 1",
    ),
    # layers and losses
    "linear": (
        lambda: linear(A, B),
        "linear: B (4, 2) takes 2 features, the last axis of x, but was given A (8, 3)",
    ),
    "linear weight": (
        lambda: linear(A, v, v),
        "linear: v (3,): it takes a matrix, (out_features, in_features)",
    ),
    "linear bias": (
        lambda: linear(A, t(4, 3, name="W"), v),
        "linear: W (4, 3) gives 4 features, which v (3,) does not fit",
    ),
    "cross_entropy": (
        lambda: cross_entropy(A, [0, 1]),
        "cross_entropy takes rows of scores and a class for each, but was given A (8, 3) and "
        "target (2,)",
    ),
    # types
    "ragged": (lambda: Tensor([1.0, [2.0, 3.0]]), ROWS),
    "ragged within": (
        lambda: Tensor([[[1.0], [2.0]], [[1.0], [2.0, 3.0]]]),
        "a Tensor holds rows of equal lengths, but [1][0] has length 1 and [1][1] has length 2",
    ),
    "ragged arrays": (
        lambda: Tensor([np.ones(2), np.ones(3)]),
        "a Tensor holds rows of equal lengths, but [0] has length 2 and [1] has length 3",
    ),
    "no number": (
        lambda: setattr(t(2), "data", "a"),
        "a Tensor holds real numbers, in rows of equal lengths: could not convert string to float: "
        "'a'",
    ),
    "whole numbers": (
        lambda: Tensor([1, 2], requires_grad=True),
        "only a Tensor of floats can require a gradient, but this one is of int64, for labels, "
        "masks and indices; make it one with dtype=float",
    ),
    "astype": (
        lambda: A.astype(complex),
        "astype converts to real numbers, but was given complex128",
    ),
    "astype of nothing": (
        lambda: A.astype("number"),
        "astype takes a type of numbers, but was given 'number'",
    ),
    "mask": (
        lambda: A.masked_fill(A, 0.0),
        "masked_fill takes a mask of booleans, but was given float64",
    ),
    "&": (
        lambda: A & A,
        "& puts masks together, but was given float64; compare first, as in (x > 0) & (y > 0)",
    ),
    "float()": (
        lambda: float(A),
        "item() and float() take a Tensor of one element; this one has (8, 3)",
    ),
    "index()": (
        lambda: [1, 2][A],
        "only a Tensor of one integer can be an index; this one has float64 of shape (8, 3)",
    ),
    # what must not change
    "item assignment": (
        lambda: A.__setitem__(0, 1.0),
        "a Tensor cannot be changed in place, its gradient would be wrong; make a new one with "
        "autograd.where(mask, new, old), or add to some elements with t.scatter_add(dim, index, "
        "new)",
    ),
    "array += Tensor": (lambda: np.ones((8, 3)).__iadd__(A), OUT),
    "data": (
        lambda: setattr(A * 2.0, "data", 1.0),
        "the data of a Tensor computed by mul cannot be assigned: its gradient would no longer "
        "fit; assign to the leaves it was computed from",
    ),
    # what cannot be differentiated by
    "grad of integers": (
        lambda: grad(lambda x: x.sum())(np.array([1, 2])),
        f"argument 0 cannot be differentiated by: it is an array of int64, {NO_FLOATS}",
    ),
    "grad of a mask": (
        lambda: grad(lambda x, m: (x * m).sum(), (0, 1))(np.ones(2), [True, False]),
        f"argument 1 cannot be differentiated by: it is an array of bool, {NO_FLOATS}",
    ),
    "grad of labels": (
        lambda: grad(lambda p: p["w"])({"w": 1.0, "y": Tensor([1, 2])}),
        f"argument 0['y'] cannot be differentiated by: it is an array of int64, {NO_FLOATS}",
    ),
    "jacobian of integers": (
        lambda: jacobian(lambda x: x * x)(np.array([1, 2])),
        f"argument 0 cannot be differentiated by: it is an array of int64, {NO_FLOATS}",
    ),
    "grad of rows": (
        lambda: grad(lambda x: x)([1.0, [2.0, 3.0]]),
        f"argument 0 cannot be differentiated by: {ROWS}",
    ),
    "grad of a tree": (
        lambda: grad(lambda p: p["w"])({"w": 1.0, "rows": [1.0, [2.0, 3.0]]}),
        f"argument 0['rows'] cannot be differentiated by: {ROWS}",
    ),
    "tangents": (
        lambda: jvp(lambda x: x, ([1.0, 2.0],), ([1.0, [2.0, 3.0]],)),
        f"tangents: {ROWS}",
    ),
    "pullback": (
        lambda: vjp(lambda x: x, [1.0, 2.0])[1]([1.0, [2.0, 3.0]]),
        f"the gradient: {ROWS}",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_whole_text(name):
    act, text = CASES[name]
    expected = (ValueError, TypeError, IndexError, AttributeError)
    with pytest.raises(expected, match=f"^{re.escape(text)}$"):
        act()


def test_python_s_integers_are_floats():
    """As ``Value(3)`` is 3.0, so is a list of integers; an array has a type that was chosen."""
    assert grad(lambda x: x * x)(3) == 6.0
    assert grad(lambda x: (x * x).sum())([1, 2]).tolist() == [2.0, 4.0]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_gradient_has_the_type_of_its_leaf(dtype):
    other = np.float64 if dtype == np.float32 else np.float32
    x = Tensor([1.0, 2.0], requires_grad=True, dtype=dtype)
    y = (x * Tensor([3.0, 4.0], dtype=other)).astype(other).square().sum()
    slope = autograd.gradient(y, x)
    assert slope.dtype == dtype
    assert autograd.gradient(slope.sum(), x).dtype == dtype
    y.backward()
    assert x.grad.dtype == dtype
    np.testing.assert_array_equal(x.grad, slope.data)
    assert grad(lambda x: (x * np.ones(2, other)).sum())(np.ones(2, dtype)).dtype == dtype
