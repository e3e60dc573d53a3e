"""What an operation is, how it enters the table, and how a call finds its carrier."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

import numpy as np

Rule = Callable[..., Any]
Function = TypeVar("Function", bound=Callable[..., Any])
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Case:
    """One way to try an operation on arrays: the operands' shapes and the parameters."""

    shapes: tuple[tuple[int, ...], ...]
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True, eq=False, repr=False, kw_only=True)
class Op:
    """An entry of the table: everything that the engine knows about one operation.

    A rule is plain arithmetic, written once, over whatever it is given: floats, arrays, nodes
    (then it builds the graph of the derivative) or symbols (then it prints itself).

    Attributes
    ----------
    name, doc : str
        What users call it, and what its definition says about it; `autograd.symbol` adds what the
        entry says, its formulas and its source, to what users read.
    scalar : callable or None
        The forward function over Python floats; None where it only makes sense for arrays.
    array : callable
        The forward function over ndarrays, ``array(*operands, **params)``.
    partials : tuple of rules
        For an operation whose Jacobian is diagonal: ``∂out/∂xᵢ`` as ``rule(out, *operands)``.
        None in place of a rule says that nothing flows to that operand.
    vjps : tuple of rules
        For any other: the vector-Jacobian product ``rule(g, out, *operands, **params)``.
    unbounded : bool
        Whether a partial can be infinite. There a gradient of zero arriving from above stays zero:
        0 · ∞ = 0, so that the branch that `where` did not take leaks no NaN.
    selects : bool
        Whether it chooses between operands: what is not chosen, and all behind it, may be infinite
        or NaN, and gets the same care as an unbounded partial.
    variadic : bool
        Whether it joins any number of operands, as `stack` does, and so is linear in them. One rule
        serves them all, and is told which it is for: ``rule(i, g, out, operands, **params)``. What
        describes the operation (names, cases, domain, print) shows two operands.
    pullback : callable or None
        For an operation whose rules would compute again what its forward function knew:
        ``pullback(*operands, **params)`` is what `array` gives, and a function ``back(g, i)`` that
        makes of the gradient of that what rule i would make of it, in an array of its own.
    composed : callable or None
        For an operation that is many in one, for speed: the same made of others. That is what a
        derivative goes through where it is to be differentiated again; its own rules are for
        numbers alone. It has a `pullback`, too.
    comparison : bool
        Whether it answers a question about its operands, with 1 or 0.
    symmetric : bool
        Whether the order of its operands makes no difference.
    multilinear : bool
        Whether each operand enters linearly, as in a product of matrices.
    text, latex, code : str
        How it prints, as format strings over its operands; ``{0:2}`` puts the operand in
        parentheses if it binds more loosely than 2.
    binds : int
        How tightly what it prints holds together: 1 sums, 2 products, 3 signs, 4 powers, 9 atoms.
    symbol : str
        The few characters that stand for it in a picture.
    domain : sequence of boxes
        Where it is smooth: for each box one interval an operand, from which tests draw.
    cases : sequence of Case
        Shapes and parameters to try it on as an array operation.
    source : str
        Where its derivative is written down.
    words : tuple of str
        What PyTorch calls them; a call may do so, too.
    public : bool
        Whether users meet it; the others serve rules.
    names : tuple of str
        What its definition calls its operands.
    arity : int
        The number of operands.
    flows : tuple of bool
        Whether a gradient flows to each operand.
    inert : bool
        Whether none flows to any, as in `detach`.
    direct : bool
        Whether it has at most two operands and a gradient flows to each, as is the rule.
    function : callable
        The operation as users call it.
    quick : dict
        How it is applied, written out, where the first operand is of one of these classes.
    """

    name: str
    doc: str
    names: tuple[str, ...]
    array: Callable[..., Any]
    source: str
    scalar: Callable[..., float] | None = None
    partials: Sequence[Rule | None] = ()
    vjps: Sequence[Rule | None] = ()
    unbounded: bool = False
    selects: bool = False
    comparison: bool = False
    symmetric: bool = False
    multilinear: bool = False
    variadic: bool = False
    pullback: Callable[..., tuple[Any, Rule]] | None = None
    composed: Callable[..., Any] | None = None
    text: str = ""
    latex: str = ""
    code: str = ""
    binds: int = 9
    symbol: str = ""
    domain: Sequence[Sequence[Interval]] = ()
    cases: Sequence[Case] = ()
    words: tuple[str, str] = ("input", "other")
    public: bool = True
    # What follows from these.
    arity: int = field(init=False)
    flows: tuple[bool, ...] = field(init=False)
    inert: bool = field(init=False)
    direct: bool = field(init=False)
    function: Callable[..., Any] = field(init=False)
    quick: dict[type, Callable[..., Any]] = field(init=False, default_factory=dict)
    # How a Value, and a Tensor, hands its gradient on, as straight-line Python; `autograd.scalar`
    # and `autograd.array` write it when it is first needed, which is what `first_pulls` does.
    pull: Callable[[Any], None] = field(init=False)
    array_pull: Callable[[Any], None] = field(init=False)
    # Hands the gradient of a result on to all leaves behind it at once, and says whether it could:
    # what a compiled function gives does, where it was given no nodes.
    pull_leaves: Callable[[Any, Any], bool] | None = field(init=False, default=None)
    first_pulls: ClassVar[dict[str, Callable[[Any], None]]] = {}

    def __post_init__(self) -> None:
        rules = self.partials or self.vjps
        self.arity = 2 if self.variadic else len(rules)
        self.flows = tuple(rule is not None for rule in rules)
        self.inert = not any(self.flows)
        self.direct = self.arity < 3 and None not in rules
        given = ", ".join(f"{{{i}}}" for i in range(self.arity))  # "{0}, {1}"
        self.text = self.text or f"{self.name}({given})"
        upright = self.name.replace("_", r"\_")
        self.latex = self.latex or rf"\operatorname{{{{{upright}}}}}({given})"
        self.code = self.code or f"{self.name}({given})"
        self.symbol = self.symbol or self.name
        self.domain = self.domain or [[(-2.0, 2.0)] * self.arity]
        self.cases = self.cases or [Case(case.shapes[: self.arity]) for case in ELEMENTWISE]
        for name, pull in self.first_pulls.items():
            setattr(self, name, pull)

    def flows_to(self, i: int) -> bool:
        """Whether a gradient reaches operand `i`."""
        return self.variadic or self.flows[i]

    def letters(self, operands: Sequence[Any]) -> tuple[str, ...]:
        """What its definition calls the operands that it is given."""
        return tuple(f"x{i}" for i in range(len(operands))) if self.variadic else self.names

    def vjp(self, i: int, g: Any, out: Any, *operands: Any, **params: Any) -> Any:
        """What the gradient `g` of the result contributes to the gradient of operand `i`."""
        if self.partials:
            partial = self.partial(i, out, *operands)
            return g if partial.__class__ is float and partial == 1.0 else g * partial
        if self.variadic:
            (each,) = self.vjps
            assert each is not None
            return each(i, g, out, operands, **params)
        rule = self.vjps[i]
        assert rule is not None, f"{self.name}: nothing flows to operand {i}"
        return rule(g, out, *operands, **params)

    def partial(self, i: int, out: Any, *operands: Any) -> Any:
        """``∂out/∂xᵢ``, for an operation that acts on each element alone."""
        if not self.partials:
            return self.vjp(i, 1.0, out, *operands)
        rule = self.partials[i]
        return 0.0 if rule is None else rule(out, *operands)

    def __repr__(self) -> str:
        return self.name

    def __reduce__(self) -> tuple[Callable[[str], Op], tuple[str]]:
        if TABLE.get(self.name) is not self:
            raise TypeError(f"{self.name} does not stand in the table and cannot be pickled")
        return _entry, (self.name,)


TABLE: dict[str, Op] = {}
"""Every operation, by name."""


def _entry(name: str) -> Op:
    return TABLE[name]


ELEMENTWISE = (Case(((3, 4), (4,), (3, 1))), Case(((2,), (3, 2), ())), Case(((), (), ())))


def operation(*, table: dict[str, Op] = TABLE, **entry: Any) -> Callable[[Function], Function]:
    """Enter an operation in the table; the decorated definition names and documents it.

    What comes back is the public function: `autograd.tanh` takes a node, a float or an array.

    Parameters
    ----------
    table : dict, optional
        Where to enter it.
    **entry
        The fields of `Op`.
    """

    def enter(definition: Function) -> Function:
        written = definition.__code__
        names = written.co_varnames[: written.co_argcount]
        names = ("x0", "x1") if entry.get("variadic") else names
        doc = inspect.cleandoc(definition.__doc__ or "")
        op = Op(name=definition.__name__, doc=doc, names=names, **entry)
        table[op.name] = op
        op.function = _called_as_defined(op, definition)
        return op.function  # type: ignore[return-value]

    return enter


def _called_as_defined(op: Op, definition: Function) -> Callable[..., Any]:
    """The function that applies `op`, with its definition's operands, defaults and settings."""
    written = definition.__code__
    first = written.co_argcount
    settings = set(written.co_varnames[first : first + written.co_kwonlyargcount])
    defaults = dict(zip(op.names[::-1], (definition.__defaults__ or ())[::-1], strict=False))
    letters = (name for name in op.names if name in ("x", "y"))
    words = dict(zip(letters, op.words, strict=False))

    quick, arity = op.quick, op.arity

    @functools.wraps(definition)
    def function(*operands: Any, **params: Any) -> Any:
        if len(operands) == arity and (form := quick.get(operands[0].__class__)):
            if not params:
                return form(*operands)
            if op.pullback:
                return form(*operands, **params)
        if len(operands) < op.arity and not op.variadic:
            for missing in op.names[len(operands) :]:
                word = missing if missing in params else words.get(missing, missing)
                if word not in params and missing not in defaults:
                    raise TypeError(f"{op.name}() misses its operand {missing!r}")
                operands += (params.pop(word, defaults.get(missing)),)
        if params and not settings.issuperset(params):
            unknown = ", ".join(params.keys() - settings)
            raise TypeError(f"{op.name}() takes no argument {unknown}")
        return apply(op, operands, params)

    function.op = op  # type: ignore[attr-defined]
    return function


def apply(op: Op, operands: tuple[Any, ...], params: dict[str, Any]) -> Any:
    """Apply `op` in the way that its operands ask for.

    Carriers, which nodes and symbols are, say by `_apply` how operations are applied to them; where
    several meet, the one of the highest `_rank` does.
    """
    if len(operands) != op.arity and not op.variadic:
        raise TypeError(f"{op.name}() takes {op.arity} operands, but {len(operands)} were given")
    rank, carrier = 0, None
    for operand in operands:
        its_rank = getattr(operand, "_rank", 0)
        if its_rank > rank:
            rank, carrier = its_rank, operand
    if carrier is not None:
        return carrier._apply(op, operands, params)
    return _apply_to_numbers(op, operands, params)


def _apply_to_numbers(op: Op, operands: tuple[Any, ...], params: dict[str, Any]) -> Any:
    if op.scalar is not None and all(x.__class__ in (float, int, bool) for x in operands):
        try:
            return op.scalar(*map(float, operands))
        except (ArithmeticError, ValueError) as error:
            pairs = zip(op.names, operands, strict=True)
            given = ", ".join(f"{name}={float(x)!r}" for name, x in pairs)
            raise type(error)(f"{error}, in {op.name}({given})") from None
    arrays = (x if isinstance(x, np.ndarray) else as_constant(op.name, x) for x in operands)
    return op.array(*arrays, **params)


def is_fixed(x: Any) -> bool:
    """Whether it is an array that nobody writes to, which need not be copied."""
    return x.__class__ is np.ndarray and not x.flags.writeable and x.base is None


def as_constant(name: str, operand: Any) -> Any:
    """A number as it is, or an array, a copy; an error that says what else was given to `name`."""
    if isinstance(operand, (bool, int, float, np.generic)):
        return operand
    if is_fixed(operand) and operand.dtype.kind in "fiub":
        return operand
    if any(hasattr(type(entry), "_apply") for entry in entries(operand)):
        raise TypeError(
            f"{name} takes one Value, Tensor or array for an operand, but was given {operand!r}, "
            f"a {type(operand).__name__} of them; autograd.stack makes one Tensor of several"
        )
    array = np.array(operand)
    if array.dtype.kind not in "fiub":
        raise TypeError(
            f"{name} expects numbers, arrays, Values or Tensors, but was given {operand!r} of type "
            f"{type(operand).__name__}"
        )
    return array


def entries(data: Any) -> Iterator[Any]:
    """What nested lists and tuples hold; anything else is an entry itself."""
    if isinstance(data, (list, tuple)):
        for entry in data:
            yield from entries(entry)
    else:
        yield data
