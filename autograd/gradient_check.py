"""Are the derivatives right? Each is compared with finite differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.backward import reverse
from autograd.complaints import ragged, require_function
from autograd.node import Node
from autograd.tensor import Tensor
from autograd.transforms.variables import finished, inner, inside, results, reverse_all
from autograd.trees import leaves, map_leaves, paths, rebuild
from autograd.value import Value


class GradcheckError(RuntimeError):
    """A derivative differs from finite differences; the text names the worst one."""


def gradcheck(
    f: Callable[..., Any],
    inputs: Any,
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
) -> bool:
    """Compare every derivative of `f` with a central difference; as ``torch.autograd.gradcheck``.

    With ``h = eps`` it expects ``(f(x + h) - f(x - h)) / 2h`` for each entry of each input, to
    within ``atol + rtol · |expected|``. (Nocedal & Wright, Numerical Optimization, sec. 8.1.)

    Parameters
    ----------
    f : callable
        A function of Values and Tensors that returns one, or a tree of them, of any shape.
    inputs : tuple, or one argument
        What to call it with: floats, arrays, Values, Tensors, or trees of them. Checked are those
        of float64, nodes only if they require a gradient; integers and the rest are constants.
    eps, atol, rtol : float
        The step of the finite difference, and what is allowed.
    raise_exception : bool, default True
        Whether to raise where a derivative is wrong, rather than to return False.

    Returns
    -------
    bool
        Whether all of them are right.

    Raises
    ------
    GradcheckError
        If one is wrong, with the worst: which input, at which index, what was expected and found.
    ValueError
        If there is nothing to check, or an input has too few digits to be checked (float32).

    Examples
    --------
    >>> from autograd import gradcheck
    >>> gradcheck(lambda x, y: (x * y).sum(), ([1.0, 2.0], 3.0))
    True
    """
    args = inputs if isinstance(inputs, tuple) else (inputs,)
    require_function("gradcheck", f)
    report = _comparison(f, args, "result {}".format, eps, (atol, rtol))
    if report and raise_exception:
        raise GradcheckError(report)
    return not report


def _comparison(
    f: Callable[..., Any],
    args: tuple[Any, ...],
    called: Callable[[int], str],
    eps: float,
    allowed: tuple[float, float],
) -> str:
    """What is wrong with the derivatives of `f`, if anything; `called` names its results."""
    checked = _checked("gradcheck", args)
    names, starts = list(checked), list(checked.values())

    def call(arrays: list[NDArray[Any]]) -> tuple[list[Any], list[Any]]:
        xs = [_like(x, name, a) for x, name, a in zip(starts, names, arrays, strict=True)]
        fresh = iter(xs)
        given = [
            rebuild(arg, iter([next(fresh) if _varies(x) else x for x in leaves(arg)]))
            for arg in args
        ]
        with inside():
            return xs, leaves(results("gradcheck", f(*given)))

    arrays = [_numbers(x) for x in starts]
    xs, ys = call(arrays)
    found = _analytic(ys, xs)
    expected = [_numeric(lambda a: call(a)[1], arrays, k, eps) for k in range(len(arrays))]
    return _report(names, arrays, ys, called, expected, found, allowed)


def _varies(x: Any) -> bool:
    """Whether an input is checked: floats are, and nodes that require a gradient."""
    if isinstance(x, Node):
        return x.requires_grad
    return np.asarray(x).dtype.kind == "f"


def _checked(function: str, args: tuple[Any, ...]) -> dict[str, Any]:
    """The inputs to check by name: the user's, or the place among the inputs."""
    checked = {}
    for i, arg in enumerate(args):
        for path, x in paths(arg, f"inputs[{i}]"):
            unequal = ragged(x)
            if unequal:
                raise ValueError(f"{path}: {unequal}")
            if not _varies(x):
                continue
            name = getattr(x, "name", None) or path
            dtype = np.asarray(x.data if isinstance(x, Node) else x).dtype
            if dtype != np.float64:
                raise ValueError(
                    f"{function} needs float64, for finite differences lose half of the digits, "
                    f"but {name} is {dtype}"
                )
            checked[path if name in checked else name] = x
    if not checked:
        raise ValueError(f"{function} was given no float and no node that requires a gradient")
    return checked


def _like(x: Any, name: str, data: NDArray[Any]) -> Node:
    """A leaf of the kind of an input, with other numbers."""
    if isinstance(x, Value) or not isinstance(x, (Node, np.ndarray, list, tuple)):
        return Value(data.item(), name=name)
    return Tensor(data, requires_grad=True, name=name)


def _numbers(x: Any) -> NDArray[Any]:
    return np.array(x.data if isinstance(x, Node) else x, float)


def _flat(ys: list[Any]) -> NDArray[Any]:
    return np.concatenate([np.zeros(0), *(np.ravel(y.data) for y in ys)]).astype(float)


def _numeric(
    call: Callable[[list[NDArray[Any]]], list[Any]],
    arrays: list[NDArray[Any]],
    k: int,
    eps: float,
) -> NDArray[Any]:
    """All derivatives by input k: ``(entries of the results, entries of the input)``."""
    columns = []
    for at in np.ndindex(arrays[k].shape):
        ends = []
        for h in (eps, -eps):
            moved = [array.copy() for array in arrays]
            moved[k][at] += h
            ends.append(_flat(call(moved)))
        columns.append((ends[0] - ends[1]) / (2.0 * eps))
    return np.array(columns).T


def _analytic(ys: list[Any], xs: list[Any]) -> list[NDArray[Any]]:
    """The same for each input, by the rules."""
    rows: list[list[NDArray[Any]]] = [[] for _ in xs]
    for y in ys:
        for at in np.ndindex(y.shape):
            seed: Any = 1.0
            if isinstance(y, Tensor):
                seed = np.zeros(y.shape, y.data.dtype)
                seed[at] = 1
            for row, g, x in zip(rows, reverse(y, seed, xs, False), xs, strict=True):
                row.append(np.ravel(finished(g, x, graph=False)))
    return [np.array(row) for row in rows]


def _report(
    names: list[str],
    arrays: list[NDArray[Any]],
    ys: list[Any],
    called: Callable[[int], str],
    expected: list[NDArray[Any]],
    found: list[NDArray[Any]],
    allowed: tuple[float, float],
) -> str:
    """What is wrong, at its worst; nothing if all is right."""
    atol, rtol = allowed
    worst, text, wrong, total = 1.0, "", 0, 0
    places = [(i, at) for i, y in enumerate(ys) for at in np.ndindex(y.shape)]
    for name, array, slopes, gradients in zip(names, arrays, expected, found, strict=True):
        if not slopes.size:
            continue
        excess = np.abs(gradients - slopes) / (atol + rtol * np.abs(slopes))
        excess[np.isnan(excess)] = np.inf  # neither may be NaN
        total, wrong = total + excess.size, wrong + int((excess > 1.0).sum())
        if excess.max() > worst:
            worst = excess.max()
            row, column = np.unravel_index(excess.argmax(), excess.shape)
            where = list(np.ndindex(array.shape))[column]
            output, place = places[row]
            text = (
                f"the derivative of {called(output)}{_at(place)} by {name}{_at(where)}: expected "
                f"{slopes[row, column]:.8g} by finite differences, found "
                f"{gradients[row, column]:.8g} by the rules"
            )
    return f"{wrong} of {total} derivatives are wrong; the worst is {text}" if text else ""


def _at(index: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, index))}]" if index else ""


def gradgradcheck(
    f: Callable[..., Any],
    inputs: Any,
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
) -> bool:
    """Compare the second derivatives of `f`; as ``torch.autograd.gradgradcheck``.

    It is `gradcheck` of the function that takes the inputs and the gradients of the results to the
    gradients of the inputs. The former are random, the same in every run.

    Parameters
    ----------
    f, inputs, eps, atol, rtol, raise_exception
        As `gradcheck` takes them.

    Returns
    -------
    bool
        Whether all second derivatives are right.

    Raises
    ------
    GradcheckError, ValueError
        As `gradcheck` does.

    Examples
    --------
    >>> from autograd import gradgradcheck
    >>> gradgradcheck(lambda x: (x * x * x).sum(), [1.0, 2.0])
    True
    """
    args = inputs if isinstance(inputs, tuple) else (inputs,)
    require_function("gradgradcheck", f)
    names = list(_checked("gradgradcheck", args))
    starts = [map_leaves(lambda x: _like(x, "", _numbers(x)) if _varies(x) else x, a) for a in args]
    with inside():
        ys = leaves(results("gradgradcheck", f(*starts)))
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=y.shape) if y.shape else float(rng.normal()) for y in ys]

    def slopes(*given: Any) -> list[Any]:
        *xs, us = given
        wanted = [x for x in leaves(xs) if isinstance(x, Node) and x.requires_grad]
        us = [us[f"grad of result {i}"] for i in range(len(ys))]
        root = inner(leaves(results("gradgradcheck", f(*xs))), us)
        found = reverse_all(root, wanted, graph=True)
        return [finished(g, x, graph=True) for g, x in zip(found, wanted, strict=True)]

    # In a dict, which is a tree even where it holds numbers alone.
    outer = {f"grad of result {i}": weight for i, weight in enumerate(weights)}
    report = _comparison(
        slopes, (*args, outer), lambda i: f"the gradient of {names[i]}", eps, (atol, rtol)
    )
    if report and raise_exception:
        raise GradcheckError(report)
    return not report
