"""Which functions are methods, too: some of every node, the others of a Tensor."""

from __future__ import annotations

from typing import Any, Self

from autograd.functions import (
    aliases,
    along_axis,
    elementwise,
    extremes,
    indexing,
    joining,
    layout,
    linear_algebra,
    norms,
    products,
    reduction,
    shape,
    subscripts,
    truth,
)


class Elementwise(aliases.OfNodes):
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


class Methods(Elementwise, aliases.OfTensors):
    """What a Tensor can do besides what every node can."""

    __slots__ = ()

    # reductions
    sum = reduction.sum
    mean = reduction.mean
    prod = reduction.prod
    var = reduction.var
    std = reduction.std
    norm = norms.norm
    logsumexp = reduction.logsumexp
    softmax = along_axis.softmax
    log_softmax = along_axis.log_softmax
    cumsum = along_axis.cumsum
    median = extremes.median
    amax = extremes.amax
    amin = extremes.amin
    argmax = extremes.argmax
    argmin = extremes.argmin
    any = truth.any
    all = truth.all
    nonzero = truth.nonzero

    # shapes
    reshape = shape.reshape
    view = shape.view
    flatten = shape.flatten
    ravel = shape.ravel
    squeeze = shape.squeeze
    unsqueeze = shape.unsqueeze
    transpose = shape.transpose
    swapaxes = shape.swapaxes
    t = shape.t
    permute = shape.permute
    movedim = shape.movedim
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
