"""A tape as straight-line Python on floats: for code that is short, or in which little repeats."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd.lines import run_source
from autograd.op import TABLE, Op
from autograd.program.layout import addresses
from autograd.program.pick import PICK
from autograd.program.registers import NAME, in_few_names
from autograd.program.tape import CONSTANT, Tape
from autograd.scalar import FUNCTIONS
from autograd.symbol import Symbol, render

PASS = """\
def {head}:
    {lines}
"""
CHUNK = 32  # numbers kept together, and fetched when one is needed: so few have names at once
TERMS = 100  # of a sum in one line: Python's compiler cannot nest thousands


class Straight:
    """Both passes of a tape as source with a line for each operation.

    It does what the eager engine does, in the same order: the numbers are the same to the last bit,
    and what raises an error there raises it here.

    Parameters
    ----------
    tape : Tape
        What was computed.
    wanted : array of bool
        Which slots are leaves whose gradients are wanted.

    Attributes
    ----------
    address : array of int
        Where leaves, constants and results lie; -1 for other slots.
    v, g : array
        The numbers there, and their gradients.
    reached : array of bool
        Which of the gradients the pass back finds.
    forward, backward : callable
        The two passes, as those of a `Program`.
    """

    def __init__(self, tape: Tape, wanted: NDArray[np.bool_]) -> None:
        self.address = address = addresses(tape, ())
        self._leaves = tape.leaf_slots[np.argsort(address[tape.leaf_slots])].tolist()
        self._outputs = tape.outputs.tolist()
        computed = np.unique(tape.outputs[address[tape.outputs] < 0])
        address[computed] = address.max(initial=-1) + 1 + np.arange(len(computed))
        self.v, self.g = np.zeros((2, address.max() + 1))
        constant = np.flatnonzero(tape.code == CONSTANT)
        self.v[address[constant]] = tape.constants[constant]
        self._names = FUNCTIONS | {"all_finite": _all_finite, "g": self.g, "kept": {}, "v": self.v}
        self._rows = _rows(tape)
        self._rules = _rules(tape, self._rows, self._names)
        self._needs: list[bool] = wanted.tolist()
        self._kept = self._what_is_needed()
        self.reached = self._what_is_reached()
        self.forward: Any = self._compiled("forward()", self._forward_lines(computed.tolist()))

    def _forward_lines(self, results: list[int]) -> Iterator[str]:
        """The statements that compute the results, and keep what the way back needs."""
        complete = {chunk[-1]: f"kept[{k}] = {_listed('v', chunk)}" for k, chunk in self._chunks()}
        yield f"{_listed('v', self._leaves)} = v[:{len(self._leaves)}].tolist()"
        yield from (complete[leaf] for leaf in self._leaves if leaf in complete)
        for row, rule in zip(self._rows, self._rules, strict=True):
            yield f"v{row[0]} = {rule.forward.format(*row)}"
            if row[0] in complete:
                yield complete[row[0]]
        yield from (f"v[{self.address[slot]}] = v{slot}" for slot in results)

    def _chunks(self) -> Iterator[tuple[int, list[int]]]:
        """What is kept, in the order in which it is computed, some at a time."""
        return enumerate(self._kept[i : i + CHUNK] for i in range(0, len(self._kept), CHUNK))

    def _what_is_needed(self) -> list[int]:
        """Find out which slots pass gradients on, and of which the way back needs the numbers."""
        kept: dict[int, None] = {}
        for row, rule in zip(self._rows, self._rules, strict=True):
            for place, _, read in rule.shares:
                if self._needs[row[place]]:
                    self._needs[row[0]] = True
                    kept.update((row[i], None) for i in read)
        leaves = [leaf for leaf in self._leaves if leaf in kept]
        return leaves + [row[0] for row in self._rows if row[0] in kept]

    def _what_is_reached(self) -> NDArray[np.bool_]:
        """Find out to which leaves, and results, a gradient comes."""
        found = set(self._outputs)
        for row, rule in zip(reversed(self._rows), reversed(self._rules), strict=True):
            if row[0] in found:
                found.update(row[i] for i, _, _ in rule.shares if self._needs[row[i]])
        reached = np.zeros(len(self.v), bool)
        reached[self.address[[slot for slot in found if self.address[slot] >= 0]]] = True
        return reached

    def backward(self, seed: Any = 1.0) -> None:
        """Find all gradients; with care about 0 · ∞ only where something was not finite."""
        one = isinstance(seed, (float, int))
        seeds = [seed] * len(self._outputs) if one else np.ravel(seed).tolist()
        if not self._is_finite(seeds):
            self._careful(seeds)

    def _is_finite(self, seeds: list[float]) -> bool:
        """Try without care."""
        try:
            return bool(self._trusting(seeds))
        except (ArithmeticError, ValueError):
            return False

    @cached_property
    def _trusting(self) -> Any:
        """The way back for gradients that are all finite."""
        return self._back(careful=False)

    @cached_property
    def _careful(self) -> Any:
        """The way back on which nothing comes of a zero, also where a partial is infinite."""
        return self._back(careful=True)

    def _back(self, careful: bool) -> Any:
        lines: list[str] = []
        terms: dict[int, list[str]] = defaultdict(list)
        for i, slot in enumerate(self._outputs):
            terms[slot].append(f"s{i}")
        for row, rule in zip(reversed(self._rows), reversed(self._rules), strict=True):
            if row[0] in terms:
                g = _total(row[0], terms.pop(row[0]), lines)
                for place, text, _ in rule.shares:
                    if self._needs[row[place]]:
                        share = text.format(*row, g=g)
                        guarded = careful and share != g
                        terms[row[place]].append(f"({share} if {g} else 0.0)" if guarded else share)
        found = [
            _total(leaf, terms[leaf], lines) if leaf in terms else "0.0" for leaf in self._leaves
        ]
        lines.append(f"g[:{len(found)}] = found = [{', '.join(found)}]")
        return self._compiled(
            "backward(seed)", self._backward_lines(lines), "return all_finite(found)"
        )

    def _backward_lines(self, lines: list[str]) -> Iterator[str]:
        """The statements of the way back, each behind those that fetch what it reads."""
        yield f"{_listed('s', range(len(self._outputs)))} = seed"
        fetch: dict[str, str] = {}
        for k, chunk in self._chunks():
            statement = f"{_listed('v', chunk)} = kept[{k}]"
            fetch |= dict.fromkeys((f"v{slot}" for slot in chunk), statement)
        fetched: set[str] = set()
        for line in lines:
            needed = {fetch[name] for name in NAME.findall(line) if name in fetch}
            yield from sorted(needed - fetched)
            fetched |= needed
            yield line

    def _compiled(self, head: str, statements: Iterable[str], end: str = "return") -> Any:
        name, _, _ = head.partition("(")
        lines = "\n    ".join([*in_few_names(statements), end])
        run_source(PASS.format(head=head, lines=lines), f"<program: {name}>", self._names)
        return self._names.pop(name)  # it refers to the names, so they must not refer to it


def _all_finite(numbers: list[float]) -> bool:
    return math.isfinite(sum(numbers))


def _listed(letter: str, numbers: Iterable[int]) -> str:
    return f"[{', '.join(f'{letter}{i}' for i in numbers)}]"


def _total(slot: int, terms: list[str], lines: list[str]) -> str:
    """The name of the sum of some terms; of one that has a name already, that."""
    name = f"g{slot}"
    if len(terms) == 1 and terms[0].isidentifier():
        return terms[0]
    lines.append(f"{name} = {' + '.join(terms[:TERMS])}")
    rest = (terms[start : start + TERMS] for start in range(TERMS, len(terms), TERMS))
    lines.extend(f"{name} = {' + '.join([name, *more])}" for more in rest)
    return name


# How an operation is written: format strings over a row of slots, its own and its operands'.


class Rule(NamedTuple):
    """How an operation is written.

    Attributes
    ----------
    forward : str
        What it computes, a format string over a row: its own slot, and those of its operands.
    shares : list of (int, str, list of int)
        What it adds to the gradients of its operands: the place of the operand in the row, the
        expression, and the places of those whose numbers are read there.
    """

    forward: str
    shares: list[tuple[int, str, list[int]]]


def _rows(tape: Tape) -> list[list[int]]:
    """The slot of everything that is computed, and those of its operands."""
    slots = np.flatnonzero(tape.code >= 0)
    rows: list[list[int]] = np.column_stack([slots, tape.operands[slots]]).tolist()
    for slot, chosen in tape.choices.items():
        rows[int(np.searchsorted(slots, slot))][2:] = chosen.tolist()
    return rows


def _rules(tape: Tape, rows: list[list[int]], names: dict[str, Any]) -> list[Rule]:
    """How each row is written; those that are alike share one rule."""
    slots = np.flatnonzero(tape.code == CONSTANT)
    numbers = map(repr, tape.constants[slots].tolist())  # as text -0.0 is not 0.0
    constant = dict(zip(slots.tolist(), numbers, strict=True)).get
    known: dict[Any, Rule] = {}
    rules = []
    for code, row in zip(tape.code[tape.code >= 0].tolist(), rows, strict=True):
        key = (code, *map(constant, row))
        rule = known.get(key)
        if rule is None:
            operands = [
                Symbol(f"v{{{i}}}") if number is None else float(number)
                for i, number in enumerate(key[2:], 1)
            ]
            rule = known[key] = _rule(tape.ops[code], operands, names)
        rules.append(rule)
    return rules


def _rule(op: Op, operands: list[Any], names: dict[str, Any]) -> Rule:
    if op is PICK:
        return _picking(*(render(x, "code") for x in operands))
    operands = operands[: op.arity]
    own = TABLE.get(op.name) is not op
    forward, shares = _called(op, operands, names) if own else _written(op, operands)
    return Rule(forward, [(i, text, _read(text, len(operands))) for i, text in shares])


def _read(text: str, arity: int) -> list[int]:
    return [i for i in range(arity + 1) if f"v{{{i}}}" in text]


def _written(op: Op, operands: list[Any]) -> tuple[str, list[tuple[int, str]]]:
    """An operation of the table: its rules, applied to symbols, give their text."""
    shares = []
    for i, operand in enumerate(operands):
        if isinstance(operand, Symbol) and op.flows_to(i):
            share = _share(op, i, operands)
            if isinstance(share, Symbol):  # else it is 0
                shares.append((i + 1, render(share, "code")))
    return render(Symbol("", op, tuple(operands)), "code"), shares


def _share(op: Op, i: int, operands: list[Any]) -> Any:
    g, out = Symbol("{g}"), Symbol("v{0}")
    try:
        return op.vjp(i, g, out, *operands)
    except (ArithmeticError, ValueError):  # of numbers alone, as 1 / 0: not before it is run
        symbols = [Symbol(render(x, "code"), binds=3) for x in operands]
        return op.vjp(i, g, out, *symbols)


def _called(
    op: Op, operands: list[Any], names: dict[str, Any]
) -> tuple[str, list[tuple[int, str]]]:
    """An operation of the user's own, whose rules may do what cannot be written out."""
    number, given = len(names), ", ".join(render(x, "code") for x in operands)
    names[f"op{number}"], names[f"vjp{number}"] = op.scalar, op.vjp
    return f"op{number}({given})", [
        (i + 1, f"float(vjp{number}({i}, {{g}}, v{{0}}, {given}))")
        for i, operand in enumerate(operands)
        if isinstance(operand, Symbol) and op.flows_to(i)
    ]


def _picking(index: str, *choices: str) -> Rule:
    """A choice of one by an index, which may count from the end."""
    n = len(choices)
    return Rule(
        f"[{', '.join(choices)}][int({index})]",
        [(i, f"({{g}} if int({index}) % {n} == {i - 2} else 0.0)", [1]) for i in range(2, n + 2)],
    )
