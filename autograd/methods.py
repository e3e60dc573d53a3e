"""Which functions are methods, too: some of every node, the others of a Tensor."""

from __future__ import annotations

from typing import Any, Self

from autograd.functions import (
    aliases,
    elementwise,
    extremes,
    indexing,
    joining,
    layout,
    linear_algebra,
    products,
    reduction,
    shape,
    subscripts,
)


class Elementwise:
    """What a Value and a Tensor can do besides what the table gives them."""

    __slots__ = ()

    add = elementwise.add
    sub = elementwise.sub
    div = elementwise.div
    true_divide = elementwise.true_divide
    clip = elementwise.clip
    clamp = elementwise.clamp
    clamp_min = elementwise.clamp_min
    clamp_max = elementwise.clamp_max
    lerp = elementwise.lerp
    isnan = elementwise.isnan
    isinf = elementwise.isinf
    isfinite = elementwise.isfinite
    max = extremes.max
    min = extremes.min

    # PyTorch's second names
    absolute = aliases.absolute
    arccos = aliases.arccos
    arccosh = aliases.arccosh
    arcsin = aliases.arcsin
    arcsinh = aliases.arcsinh
    arctan = aliases.arctan
    arctan2 = aliases.arctan2
    arctanh = aliases.arctanh
    divide = aliases.divide
    fix = aliases.fix
    greater = aliases.greater
    greater_equal = aliases.greater_equal
    less = aliases.less
    less_equal = aliases.less_equal
    multiply = aliases.multiply
    negative = aliases.negative
    not_equal = aliases.not_equal
    subtract = aliases.subtract


class Methods(Elementwise):
    """What a Tensor can do besides what every node can."""

    __slots__ = ()

    # reductions
    sum = reduction.sum
    mean = reduction.mean
    prod = reduction.prod
    var = reduction.var
    std = reduction.std
    norm = reduction.norm
    logsumexp = reduction.logsumexp
    softmax = reduction.softmax
    log_softmax = reduction.log_softmax
    cumsum = reduction.cumsum
    median = extremes.median
    amax = extremes.amax
    amin = extremes.amin
    argmax = extremes.argmax
    argmin = extremes.argmin
    any = extremes.any
    all = extremes.all
    nonzero = extremes.nonzero

    # shapes
    reshape = shape.reshape
    view = shape.view
    flatten = shape.flatten
    ravel = shape.ravel
    squeeze = shape.squeeze
    unsqueeze = shape.unsqueeze
    transpose = swapdims = shape.transpose
    swapaxes = shape.swapaxes
    t = shape.t
    permute = shape.permute
    movedim = moveaxis = shape.movedim
    broadcast_to = shape.broadcast_to
    expand = shape.expand

    # order, repetition, type
    flip = layout.flip
    roll = layout.roll
    repeat = layout.repeat
    tile = layout.tile
    pad = layout.pad
    astype = layout.astype

    # pieces and elements
    __getitem__ = subscripts.item
    split = joining.split
    chunk = joining.chunk
    unbind = joining.unbind
    narrow = indexing.narrow
    select = indexing.select
    index_select = indexing.index_select
    gather = indexing.gather
    scatter_add = indexing.scatter_add
    take_along_dim = indexing.take_along_dim
    masked_fill = indexing.masked_fill
    masked_select = indexing.masked_select

    # linear algebra
    matmul = __matmul__ = products.matmul
    addmm = products.addmm
    bmm = products.bmm
    det = linear_algebra.det
    diag = linear_algebra.diag
    diagonal = linear_algebra.diagonal
    dot = products.dot
    inverse = linear_algebra.inverse
    mm = products.mm
    mv = products.mv
    outer = products.outer
    trace = linear_algebra.trace
    tril = linear_algebra.tril
    triu = linear_algebra.triu

    def __rmatmul__(self, other: Any) -> Self:
        return products.matmul(other, self)
