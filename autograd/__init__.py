"""glassgrad's engine: automatic differentiation that you can see through.

A `Value` is one float and a `Tensor` one array; both remember how they were computed, so that the
chain rule can be run back over it.

Examples
--------
>>> from autograd import Value
>>> x, w, b = Value(2.0), Value(-1.5), Value(0.5)
>>> y = (w * x + b).tanh()
>>> y.backward()
>>> round(w.grad, 4)
0.0532
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd import array, record, scalar  # noqa: F401 - how nodes are made, and made quickly
from autograd.construction import (
    arange,
    eye,
    full,
    full_like,
    get_rng_state,
    linspace,
    manual_seed,
    ones,
    ones_like,
    rand,
    randn,
    set_rng_state,
    zeros,
    zeros_like,
)
from autograd.functions.aliases import ALIASES
from autograd.functions.along_axis import cumsum, log_softmax, softmax
from autograd.functions.attention import attention, attention_weights, self_attention
from autograd.functions.classification import cross_entropy, nll_loss
from autograd.functions.contraction import einsum, tensordot
from autograd.functions.convolution import conv1d, conv2d, conv_transpose1d, conv_transpose2d
from autograd.functions.elementwise import (
    add,
    clamp,
    clamp_max,
    clamp_min,
    clip,
    div,
    isfinite,
    isinf,
    isnan,
    lerp,
    sub,
    true_divide,
    where,
)
from autograd.functions.extremes import amax, amin, argmax, argmin, max, median, min
from autograd.functions.indexing import (
    embedding,
    gather,
    index_select,
    masked_fill,
    masked_select,
    narrow,
    scatter_add,
    select,
    take_along_dim,
)
from autograd.functions.joining import cat, chunk, split, stack, unbind
from autograd.functions.layout import astype, flip, pad, roll, tile
from autograd.functions.linear_algebra import det, diag, diagonal, inverse, solve, tril, triu
from autograd.functions.networks import linear
from autograd.functions.normalization import batch_norm, group_norm, layer_norm, rms_norm
from autograd.functions.norms import norm
from autograd.functions.pooling import (
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    avg_pool1d,
    avg_pool2d,
    max_pool1d,
    max_pool2d,
)
from autograd.functions.products import addmm, bmm, dot, matmul, mm, mv, outer
from autograd.functions.recurrent import gru, lstm, rnn
from autograd.functions.reduction import logsumexp, mean, prod, std, sum, var
from autograd.functions.shape import (
    broadcast_to,
    flatten,
    movedim,
    permute,
    ravel,
    reshape,
    squeeze,
    swapaxes,
    t,
    transpose,
    unsqueeze,
)
from autograd.functions.truth import all, any, nonzero
from autograd.modes import enable_grad, is_recording, no_grad, scope
from autograd.node import Node
from autograd.rules import (
    abs,
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atan2,
    atanh,
    ceil,
    cos,
    cosh,
    detach,
    eq,
    erf,
    exp,
    exp2,
    expm1,
    floor,
    floor_divide,
    ge,
    gt,
    heaviside,
    le,
    log,
    log1p,
    log2,
    log10,
    logaddexp,
    logical_and,
    logical_not,
    logical_or,
    logical_xor,
    lt,
    maximum,
    minimum,
    mT,
    mul,
    ne,
    neg,
    pow,
    reciprocal,
    relu,
    remainder,
    round,
    rsqrt,
    sigmoid,
    sign,
    sin,
    sinh,
    softplus,
    sqrt,
    square,
    tan,
    tanh,
    trunc,
)
from autograd.rules import detach as stop_gradient  # JAX's name
from autograd.tensor import Tensor
from autograd.tracing import is_tracing, rely_on, update_leaf
from autograd.value import Leaf, Value

if TYPE_CHECKING:
    from autograd.anomaly import detect_anomaly
    from autograd.checkpointing import checkpoint
    from autograd.compiling import Compiled, compile, vmap
    from autograd.custom_operations import custom
    from autograd.drawing import Drawing, draw
    from autograd.explaining import Explanation, explain
    from autograd.gradient_check import GradcheckError, gradcheck, gradgradcheck
    from autograd.graph import Graph, trace
    from autograd.packing import Blocks, Packed
    from autograd.program.pick import pick
    from autograd.stepping import Step, steps
    from autograd.transforms import (
        grad,
        gradient,
        hessian,
        hvp,
        jacobian,
        jvp,
        value_and_grad,
        vjp,
    )
    from autograd.writing import latex, source

__version__ = "0.1.0"

__all__ = [
    "Blocks",
    "Compiled",
    "Drawing",
    "Explanation",
    "GradcheckError",
    "Graph",
    "Leaf",
    "Node",
    "Packed",
    "Step",
    "Tensor",
    "Value",
    "abs",
    "acos",
    "acosh",
    "adaptive_avg_pool1d",
    "adaptive_avg_pool2d",
    "add",
    "addmm",
    "all",
    "amax",
    "amin",
    "any",
    "arange",
    "argmax",
    "argmin",
    "asin",
    "asinh",
    "astype",
    "atan",
    "atan2",
    "atanh",
    "attention",
    "attention_weights",
    "avg_pool1d",
    "avg_pool2d",
    "batch_norm",
    "bmm",
    "broadcast_to",
    "cat",
    "ceil",
    "checkpoint",
    "chunk",
    "clamp",
    "clamp_max",
    "clamp_min",
    "clip",
    "compile",
    "conv1d",
    "conv2d",
    "conv_transpose1d",
    "conv_transpose2d",
    "cos",
    "cosh",
    "cross_entropy",
    "cumsum",
    "custom",
    "det",
    "detach",
    "detect_anomaly",
    "diag",
    "diagonal",
    "div",
    "dot",
    "draw",
    "einsum",
    "embedding",
    "enable_grad",
    "eq",
    "erf",
    "exp",
    "exp2",
    "explain",
    "expm1",
    "eye",
    "flatten",
    "flip",
    "floor",
    "floor_divide",
    "full",
    "full_like",
    "gather",
    "ge",
    "get_rng_state",
    "grad",
    "gradcheck",
    "gradgradcheck",
    "gradient",
    "group_norm",
    "gru",
    "gt",
    "heaviside",
    "hessian",
    "hvp",
    "index_select",
    "inverse",
    "is_recording",
    "is_tracing",
    "isfinite",
    "isinf",
    "isnan",
    "jacobian",
    "jvp",
    "latex",
    "layer_norm",
    "le",
    "lerp",
    "linear",
    "linspace",
    "log",
    "log1p",
    "log2",
    "log10",
    "log_softmax",
    "logaddexp",
    "logical_and",
    "logical_not",
    "logical_or",
    "logical_xor",
    "logsumexp",
    "lstm",
    "lt",
    "mT",
    "manual_seed",
    "masked_fill",
    "masked_select",
    "matmul",
    "max",
    "max_pool1d",
    "max_pool2d",
    "maximum",
    "mean",
    "median",
    "min",
    "minimum",
    "mm",
    "movedim",
    "mul",
    "mv",
    "narrow",
    "ne",
    "neg",
    "nll_loss",
    "no_grad",
    "nonzero",
    "norm",
    "ones",
    "ones_like",
    "outer",
    "pad",
    "permute",
    "pick",
    "pow",
    "prod",
    "rand",
    "randn",
    "ravel",
    "reciprocal",
    "relu",
    "rely_on",
    "remainder",
    "reshape",
    "rms_norm",
    "rnn",
    "roll",
    "round",
    "rsqrt",
    "scatter_add",
    "scope",
    "select",
    "self_attention",
    "set_rng_state",
    "sigmoid",
    "sign",
    "sin",
    "sinh",
    "softmax",
    "softplus",
    "solve",
    "source",
    "split",
    "sqrt",
    "square",
    "squeeze",
    "stack",
    "std",
    "steps",
    "stop_gradient",
    "sub",
    "sum",
    "swapaxes",
    "t",
    "take_along_dim",
    "tan",
    "tanh",
    "tensordot",
    "tile",
    "trace",
    "transpose",
    "tril",
    "triu",
    "true_divide",
    "trunc",
    "unbind",
    "unsqueeze",
    "update_leaf",
    "value_and_grad",
    "var",
    "vjp",
    "vmap",
    "where",
    "zeros",
    "zeros_like",
]
__all__ += list(ALIASES)  # PyTorch's second names
globals().update(ALIASES)

_ROOMS = {  # imported when one of their names is first used: the engine alone imports quickly
    "anomaly": "detect_anomaly",
    "checkpointing": "checkpoint",
    "compiling": "Compiled compile vmap",
    "custom_operations": "custom",
    "drawing": "Drawing draw",
    "explaining": "Explanation explain",
    "gradient_check": "GradcheckError gradcheck gradgradcheck",
    "graph": "Graph trace",
    "packing": "Blocks Packed",
    "program.pick": "pick",
    "stepping": "Step steps",
    "transforms": "grad gradient hessian hvp jacobian jvp value_and_grad vjp",
    "writing": "latex source",
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    """Import the room of a name when it is first used."""
    if name not in _ROOM_OF:
        raise AttributeError(f"module 'autograd' has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(f"autograd.{_ROOM_OF[name]}"), name)
    return value


def load_ipython_extension(shell: Any) -> None:
    """Do what ``%load_ext autograd`` asks for: the cell magics ``%%graph`` and ``%%steps``."""
    from autograd import notebook

    notebook.load(shell)


def __dir__() -> list[str]:
    """What tab completion offers: the public names, also those that are not imported yet."""
    return __all__
