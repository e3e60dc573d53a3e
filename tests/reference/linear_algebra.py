"""Make linear_algebra.json: what PyTorch gives for linear algebra, in float64, to second order.

The tests read the JSON and need no PyTorch. To make it again, in an environment of its own:

    python -m venv torch-environment
    torch-environment/bin/pip install torch==2.13.0 numpy
    torch-environment/bin/python tests/reference/linear_algebra.py

The same PyTorch gives the same file. An expression stands in the file as text, and the test
evaluates that same text with autograd's functions: a method or a function of the same name must
mean the same in both.
"""

from __future__ import annotations

from pathlib import Path

import torch
from differentiated import at, drawn, write

EXPRESSIONS = {
    # products
    "matmul(x, y)": [
        [(3, 4), (4, 2)],
        [(4,), (4,)],
        [(4,), (4, 2)],
        [(3, 4), (4,)],
        [(2, 3, 4), (4,)],
    ],
    "x @ y": [[(5, 1, 2, 3), (4, 3, 2)], [(3,), (2, 3, 4)], [(0, 3), (3, 2)], [(2, 0), (0, 3)]],
    "x.mT @ y": [[(4, 3), (4, 2)], [(2, 4, 3), (4, 2)]],
    "x[:, ::2] @ y": [[(3, 4), (2, 2)]],
    "x.matmul(y)": [[(2, 3, 0), (0, 4)]],
    "mm(x, y)": [[(3, 4), (4, 2)], [(0, 2), (2, 3)]],
    "x.mm(y.T)": [[(3, 4), (2, 4)]],
    "bmm(x, y)": [[(2, 3, 4), (2, 4, 2)], [(0, 3, 4), (0, 4, 2)]],
    "x.bmm(y)": [[(1, 2, 2), (1, 2, 2)]],
    "mv(x, y)": [[(3, 4), (4,)]],
    "x.mv(y)": [[(3, 0), (0,)]],
    "dot(x, y)": [[(4,), (4,)], [(0,), (0,)]],
    "x.dot(x)": [[(4,)]],
    "outer(x, y)": [[(3,), (4,)], [(0,), (2,)]],
    "x.outer(y)": [[(1,), (2,)]],
    "addmm(x, y, z)": [[(3, 2), (3, 4), (4, 2)], [(2,), (3, 4), (4, 2)], [(1, 1), (2, 3), (3, 2)]],
    "x.addmm(y, z, beta=0.5, alpha=-2)": [[(3, 2), (3, 4), (4, 2)]],
    "addmm(x, y, z, beta=0)": [[(2,), (2, 3), (3, 2)]],
    "tensordot(x, y)": [[(2, 3, 4), (3, 4, 2)]],
    "tensordot(x, y, dims=1)": [[(2, 3), (3, 4)], [(3,), (3,)]],
    "tensordot(x, y, dims=0)": [[(2,), (3,)]],
    "tensordot(x, y, dims=([0, 2], [-1, 1]))": [[(2, 3, 4), (3, 4, 2)]],
    # Einstein's notation
    "einsum('ij,jk->ik', x, y)": [[(3, 4), (4, 2)], [(0, 4), (4, 2)], [(3, 0), (0, 2)]],
    "einsum('ij,jk', x, y)": [[(3, 4), (4, 2)]],
    "einsum('ba', x)": [[(3, 4)]],
    "einsum('i,j->ji', x, y)": [[(3,), (4,)]],
    "einsum('ij,ij->', x, y)": [[(3, 4), (3, 4)], [(3, 1), (3, 4)]],
    "einsum('ij,kl->', x, y)": [[(2, 3), (2, 2)]],
    "einsum('ii', x)": [[(3, 3)]],
    "einsum('ii->i', x)": [[(3, 3)], [(0, 0)]],
    "einsum('ijj->i', x)": [[(2, 3, 3)]],
    "einsum('iii->i', x)": [[(2, 2, 2)]],
    "einsum('iij,jj->ji', x, y)": [[(2, 2, 3), (3, 3)]],
    "einsum('ij->', x)": [[(3, 4)]],
    "einsum('ij -> j', x)": [[(3, 4)]],
    "einsum('...ij,...jk->...ik', x, y)": [[(5, 1, 2, 3), (4, 3, 2)], [(2, 3), (3, 2)]],
    "einsum('...ij,...jk', x, y)": [[(2, 2, 3), (3, 2)]],
    "einsum('i...->...', x)": [[(3, 2, 4)]],
    "einsum('...i,i', x, y)": [[(2, 3), (3,)]],
    "einsum('...,...->...', x, y)": [[(3,), (2, 3)], [(), (2, 2)]],
    "einsum('bhqd,bhkd->bhqk', x, y)": [[(2, 2, 3, 2), (2, 2, 4, 2)]],
    "einsum('i,ij,j', x, y, z)": [[(2,), (2, 3), (3,)]],
    "einsum('ij,jk,kl->il', x, y, z)": [[(2, 3), (3, 2), (2, 4)]],
    "einsum('bn,anm,bm->ba', x, y, z)": [[(2, 2), (3, 2, 4), (2, 4)]],
    "einsum('ij,ij->ij', x.T, y)": [[(4, 3), (3, 4)]],
    "einsum('ij,ij,ij->i', x, x, x)": [[(2, 3)]],
    # diagonals and triangles
    "diag(x)": [[(3,)], [(3, 4)], [(0,)]],
    "x.diag(-1)": [[(2,)], [(4, 3)]],
    "diag(x, 2)": [[(2,)], [(3, 4)], [(2, 2)]],
    "diagonal(x)": [[(3, 4)], [(2, 3, 2)]],
    "x.diagonal(1)": [[(3, 4)]],
    "x.diagonal(-1, 1, 2)": [[(2, 4, 3)]],
    "diagonal(x, offset=1, dim1=-1, dim2=0)": [[(2, 3, 3)]],
    "trace(x)": [[(3, 3)], [(2, 4)], [(0, 0)]],
    "x.T.trace()": [[(3, 2)]],
    "tril(x)": [[(3, 4)], [(2, 3, 3)], [(2, 0, 3)]],
    "x.tril(-1)": [[(3, 4)]],
    "tril(x, diagonal=1)": [[(4, 3)]],
    "triu(x)": [[(3, 4)], [(2, 3, 3)]],
    "x.triu(-1)": [[(4, 3)]],
    "triu(x, diagonal=2)": [[(3, 4)]],
    # inverses and determinants
    "inverse(x)": [[(3, 3)], [(2, 2, 2)], [(1, 1)], [(0, 0)], [(0, 2, 2)]],
    "x.mT.inverse()": [[(2, 3, 3)]],
    "det(x)": [[(3, 3)], [(2, 1, 3, 3)], [(1, 1)], [(0, 0)], [(0, 2, 2)]],
    "x.T.det()": [[(4, 4)]],
    "solve(x, y)": [
        [(3, 3), (3,)],
        [(3, 3), (3, 2)],
        [(2, 3, 3), (2, 3)],
        [(2, 1, 2, 2), (3, 2, 2)],
        [(3, 3), (2, 3, 2)],
        [(0, 0), (0, 2)],
    ],
    "solve(x, y, left=False)": [[(3, 3), (2, 3)], [(2, 2, 2), (2, 3, 2)]],
    # several together
    "(x @ y).inverse().trace()": [[(2, 3), (3, 2)]],
    "det(x @ x.T) * y.sum()": [[(2, 3), (2,)]],
    "einsum('ij,jk->ik', x.tril(), inverse(y))": [[(3, 3), (3, 3)]],
}

# Exactly singular matrices of whole numbers: the determinant has derivatives there, too. (Of the
# second one at 0, PyTorch makes NaN.)
SINGULAR = [[[1.0, 2.0], [2.0, 4.0]], [[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [0.0, 1.0, 5.0]]]
SINGULAR += [[[0.0, 0.0], [0.0, 0.0]]]


def arrays():
    for expression, uses in EXPRESSIONS.items():
        for shapes in uses:
            yield at(expression, drawn(shapes))
    for matrix in map(torch.tensor, SINGULAR):
        yield at("det(x)", [matrix], second=bool(matrix.any()))


if __name__ == "__main__":
    write(Path(__file__), arrays=arrays())
