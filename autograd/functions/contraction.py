"""Sums over products of any number of arrays: `einsum` and `tensordot`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd import rules
from autograd.complaints import called, differ, shape_of
from autograd.functions.arguments import integers, positive

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
FIRST_OF_ELLIPSIS = ord("α")  # the axes of an ellipsis get the letters α, β, γ ...


def einsum(subscripts: Any, *operands: Any) -> Any:
    """The sum over products that Einstein's notation spells; each letter names an axis.

    ``einsum("ij,jk->ik", x, y)`` has ``out[i, k] = Σⱼ x[i, j] · y[j, k]``: a letter that the result
    lacks is summed over. A letter twice in one operand takes its diagonal. ``...`` stands for any
    axes, which broadcast. Without ``->`` the result has ``...`` and the letters that occur once, in
    alphabetical order. The gradient is the same operation with subscripts swapped (Laue et al.
    2020, A simple and efficient tensor calculus). The operands are taken two by two, from the left.
    As ``torch.einsum``.

    Parameters
    ----------
    subscripts : str
        A term for each operand, with a letter for each of its axes.
    *operands : Tensor or array, or one list of them
        Sizes under the same letter are equal, or one of them is 1 and broadcasts.

    Raises
    ------
    TypeError
        If there are no subscripts, or no operands.
    ValueError
        If the subscripts are not well formed, or do not fit the operands.

    Notes
    -----
    Lists of numbers may stand for letters, behind each operand, and for the result behind all:
    ``einsum(x, [0, 1], y, [1, 2], [0, 2])``.

    Examples
    --------
    >>> from autograd import Tensor, einsum
    >>> x = Tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> einsum("ij,ij->i", x, x), einsum("ii", x)
    (Tensor([ 5., 25.]), Tensor(5.))
    """
    subscripts, operands = _in_a_row(subscripts, operands)
    terms, result = _parsed(subscripts, operands)
    sizes = _sizes(subscripts, operands, terms)
    pairs = [_plain(x, term, sizes) for x, term in zip(operands, terms, strict=True)]
    x, term = pairs[0]
    for i, pair in enumerate(pairs[1:], 2):
        later = result + "".join(term for _, term in pairs[i:])
        x, term = _summed(x, term, later + pair[1])
        y, other = _summed(*pair, later + term)
        joint = "".join(letter for letter in dict.fromkeys(term + other) if letter in later)
        joint = result if i == len(pairs) else joint
        x, term = rules.einsum(x, y, subscripts=f"{term},{other}->{joint}"), joint
    if len(pairs) > 1:
        return x
    x, term = _summed(x, term, result)
    return rules.transpose(x, axes=tuple(term.index(letter) for letter in result))


def _in_a_row(subscripts: Any, operands: tuple[Any, ...]) -> tuple[Any, tuple[Any, ...]]:
    """Subscripts, then operands one by one, however they were given."""
    first = operands[0] if operands else None
    if not isinstance(first, (tuple, list)):
        return subscripts, operands
    if not isinstance(subscripts, str):  # an operand, and a list of numbers behind each
        given = (subscripts, *operands)
        terms = [_letters(numbers) for numbers in given[1::2]]
        arrow = f"->{_letters(given[-1])}" if len(given) % 2 else ""
        return ",".join(terms) + arrow, given[: 2 * len(terms) : 2]
    if len(operands) == 1 and all(hasattr(x, "shape") for x in first):
        return subscripts, tuple(first)
    return subscripts, operands


def _letters(numbers: Any) -> str:
    """The letters that numbers stand for."""
    known = sorted(LETTERS)
    if not isinstance(numbers, (tuple, list)):
        raise TypeError(f"einsum takes a list of numbers behind each operand, not {numbers!r}")
    for n in numbers:
        if n is not ... and n not in range(len(known)):
            raise ValueError(f"einsum takes numbers from 0 to {len(known) - 1} for axes, not {n!r}")
    return "".join("..." if n is ... else known[n] for n in numbers)


def _parsed(subscripts: str, operands: Sequence[Any]) -> tuple[list[str], str]:
    """A term of letters for each operand, and one for the result."""
    if not isinstance(subscripts, str) or not operands:
        raise TypeError("einsum takes subscripts such as 'ij,jk->ik', then one or more operands")
    written, arrow, result = subscripts.replace(" ", "").partition("->")
    terms = written.split(",")
    if len(terms) != len(operands):
        raise ValueError(
            f"einsum {subscripts!r}: there are {len(terms)} terms for {len(operands)} operands"
        )
    for term in [*terms, result]:
        unknown = set(term.replace("...", "", 1)) - set(LETTERS)
        if unknown:
            raise ValueError(f"einsum {subscripts!r}: {min(unknown)!r} in {term!r} is no letter")
    terms = [
        _spelled(subscripts, i, x, t) for i, (x, t) in enumerate(zip(operands, terms, strict=True))
    ]
    everything = "".join(terms)
    broadcast = "".join(sorted(set(everything) - set(LETTERS), reverse=True))
    if not arrow:
        once = sorted(i for i in set(everything) - set(broadcast) if everything.count(i) == 1)
        return terms, broadcast + "".join(once)
    result = result.replace("...", broadcast)
    for letter in result:
        if letter not in everything or result.count(letter) > 1:
            why = "is in no operand" if letter not in everything else "is there twice"
            raise ValueError(f"einsum {subscripts!r}: {letter!r} of the result {why}")
    return terms, result


def _spelled(subscripts: str, i: int, x: Any, term: str) -> str:
    """A term with a letter for each axis, those of an ellipsis too; its last axis is always α."""
    ndim, letters = len(shape_of(x)), len(term.replace("...", ""))
    if letters > ndim or (letters < ndim and "..." not in term):
        raise ValueError(
            f"einsum {subscripts!r}: {term!r} names {letters} axes, but "
            f"{called(x, f'operand {i + 1}')} has {ndim}"
        )
    axes = [chr(FIRST_OF_ELLIPSIS + k) for k in reversed(range(ndim - letters))]
    return term.replace("...", "".join(axes))


def _sizes(subscripts: str, operands: Sequence[Any], terms: Sequence[str]) -> dict[str, int]:
    """The size that each letter stands for."""
    sizes: dict[str, int] = {}
    owner: dict[str, str] = {}
    for i, (x, term) in enumerate(zip(operands, terms, strict=True), 1):
        name = called(x, f"operand {i}")
        within: dict[str, int] = {}
        for letter, n in zip(term, shape_of(x), strict=True):
            known = within.setdefault(letter, n)
            axis = repr(letter) if letter in LETTERS else "an axis of '...'"
            given = f"einsum {subscripts!r}: {axis} in {name}"
            if known != n:
                raise differ(given, "both", known, n)
            known = sizes.get(letter, 1)
            if known == 1:
                sizes[letter], owner[letter] = n, name
            elif n not in (1, known):
                raise differ(f"{given} and {owner[letter]}", "its", n, known)
    return sizes


def _plain(x: Any, term: str, sizes: dict[str, int]) -> tuple[Any, str]:
    """An operand with each letter once, each of its full size."""
    shape = shape_of(x)
    full = [k for k, letter in enumerate(term) if shape[k] == sizes[letter]]
    if len(full) < len(term):  # an axis of length 1 broadcasts, so the product needs it not
        x = rules.reshape(x, shape=tuple(shape[k] for k in full))
        term = "".join(term[k] for k in full)
    for letter in dict.fromkeys(term):
        while term.count(letter) > 1:
            first = term.index(letter)
            second = term.index(letter, first + 1)
            x = rules.diagonal(x, offset=0, axes=(first, second))
            term = term[:first] + term[first + 1 : second] + term[second + 1 :] + letter
    return x, term


def _summed(x: Any, term: str, elsewhere: str) -> tuple[Any, str]:
    """Sum over the letters that are found nowhere else."""
    alone = tuple(k for k, letter in enumerate(term) if letter not in elsewhere)
    if not alone:
        return x, term
    kept = "".join(letter for letter in term if letter in elsewhere)
    return rules.sum(x, axis=alone, keepdims=False), kept


def tensordot(a: Any, b: Any, dims: Any = 2) -> Any:
    """The sum over products along some axes of `a` and as many of `b`. As ``torch.tensordot``.

    ``out[i, j] = Σₖ a[i, k] · b[k, j]`` for one axis of matrices.

    Parameters
    ----------
    a, b : Tensor or array
    dims : int, or pair of sequences of int, default 2
        The last so many axes of `a` with the first of `b`; or which of `a` with which of `b`.

    Returns
    -------
    Tensor or array
        The other axes of `a`, then those of `b`.

    Raises
    ------
    ValueError
        If the axes are not as many, or not as long, in one as in the other.
    IndexError
        If there is no such axis.

    Examples
    --------
    >>> from autograd import Tensor, tensordot
    >>> x = Tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> tensordot(x, x), tensordot(x, x, dims=([0], [1]))
    (Tensor(30.), Tensor([[ 7., 15.],
            [10., 22.]]))
    """
    left, right = shape_of(a), shape_of(b)
    given = f"tensordot: {called(a, 'a')} and {called(b, 'b')}"
    first, second = _pairs_of_axes(given, dims, a, b)
    if len(first) != len(second):
        raise ValueError(f"{given}: {len(first)} axes of one and {len(second)} of the other")
    for i, j in zip(first, second, strict=True):
        if left[i] != right[j]:
            raise differ(f"{given}, axis {i} and axis {j}", "their", left[i], right[j])
    rows, columns = LETTERS[: len(left)], list(LETTERS[len(left) : len(left) + len(right)])
    for i, j in zip(first, second, strict=True):
        columns[j] = rows[i]
    kept = [i for i in rows if i not in columns] + [j for j in columns if j not in rows]
    return rules.einsum(a, b, subscripts=f"{rows},{''.join(columns)}->{''.join(kept)}")


def _pairs_of_axes(
    given: str, dims: Any, a: Any, b: Any
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    left, right = len(shape_of(a)), len(shape_of(b))
    if isinstance(dims, (tuple, list)):
        if len(dims) != 2:
            raise TypeError(f"tensordot takes dims=n or a pair of sequences, not {dims!r}")
        chosen = [each if isinstance(each, (tuple, list)) else (each,) for each in dims]
        return (
            positive("tensordot", chosen[0], left, a),
            positive("tensordot", chosen[1], right, b),
        )
    (n,) = integers("tensordot", "dims", (dims,))
    if not 0 <= n <= min(left, right):
        raise ValueError(f"{given}: one of them has not the dims={n} axes to sum over")
    return tuple(range(left - n, left)), tuple(range(n))
