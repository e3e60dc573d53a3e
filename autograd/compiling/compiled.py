"""`compile`: plain scalar code that is traced once and replayed at array speed."""

from __future__ import annotations

import functools
import inspect
import logging
import warnings
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from autograd.compiling.arguments import Inputs, structure
from autograd.compiling.call import operation_named
from autograd.compiling.rows import Rows
from autograd.compiling.trace import Arguments, Trace
from autograd.compiling.traced import Traced
from autograd.lines import user_line
from autograd.program.arrays import ArrayProgram
from autograd.program.program import Program
from autograd.tracing import is_tracing
from autograd.variables import of_caller

if TYPE_CHECKING:
    from autograd.graph import Graph

log = logging.getLogger("autograd.compile")
MANY = (16, 128, 1024)  # programs: when to warn, if most calls built one


class CacheInfo(NamedTuple):
    """How a compiled function was used.

    Attributes
    ----------
    hits, misses : int
        How many calls found their program, and how many built one.
    maxsize, currsize : int
        How many programs are kept at most, and how many are.
    builds : list of str
        What each program that is kept stands for: the line that first called for it, its scalar
        nodes, its steps, and how long it took to trace and to build.
    """

    hits: int
    misses: int
    maxsize: int
    currsize: int
    builds: list[str]


class Compiled:
    """A function that `compile` or `vmap` was given."""

    maker: ClassVar[str] = "compile"

    def __init__(self, f: Callable[..., Any], static: Iterable[str], maxsize: int) -> None:
        if not callable(f):
            raise TypeError(f"{type(self).maker} takes a function, but was given {f!r}")
        functools.update_wrapper(self, f, updated=())  # what hangs on `f` may be called as ours is
        self._f = f
        self._name = getattr(f, "__name__", type(f).__name__)
        self._signature = inspect.signature(f)
        self._simple = _names_of_positions(self._signature)
        self._static = self._named("static", static)
        self._again = functools.partial(_call, f, self._signature)
        if maxsize < 1:
            raise ValueError(f"maxsize must be at least 1, but is {maxsize!r}")
        self._op = operation_named(self._name)
        self._maxsize = maxsize
        self._programs: OrderedDict[Hashable, Traced] = OrderedDict()
        self._hits = self._misses = 0
        self._last: tuple[Hashable, Traced] | None = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the program for arguments of this structure; the first time, make it."""
        if is_tracing():  # within another: its trace sees what this one would do
            return self._f(*args, **kwargs)
        arguments = self._arguments(args, kwargs)
        inputs = Inputs()
        return self._traced(arguments, inputs).call(inputs, arguments)

    def _traced(self, arguments: Arguments, inputs: Inputs) -> Traced:
        """What was traced for arguments of this structure, whose numbers are put into `inputs`."""
        key = self._key(arguments, inputs)
        if self._last is not None:  # to compare takes half as long as to hash and to look up
            known, last = self._last
            if known == key and last.still_holds():
                self._hits += 1
                return last
        traced = self._programs.get(key)
        if traced is None or not traced.still_holds():
            traced = self._build(key, arguments)
        else:
            self._hits += 1
            self._programs.move_to_end(key)
        self._last = key, traced
        return traced

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else Bound(self, instance)

    def __repr__(self) -> str:
        return f"<compiled {self._name}>"

    def __reduce__(self) -> str:
        name: str = vars(self)["__qualname__"]
        return name  # as functions do: a copy is the same, and a file holds the name

    @property
    def program(self) -> Program | ArrayProgram | None:
        """What the last call ran, to be printed, drawn or profiled; None before the first."""
        return None if self._last is None else self._last[1].run.program

    def inside(self, step: int, *args: Any, **kwargs: Any) -> Graph:
        """The scalar nodes of one element of a step: its first.

        Nothing is kept of them, so the function is traced again.

        Parameters
        ----------
        step : int
            Which, counted from 1 as in `print(f.program)`.
        *args, **kwargs
            What the function is called with.

        Raises
        ------
        IndexError
            If there is no such step.
        TypeError
            If the function computes with Tensors: there each step is one operation.

        Examples
        --------
        >>> from autograd import Value
        >>> w = [Value(0.5), Value(2.0)]
        >>> @compile
        ... def y(xs):
        ...     return [sum(a * x for a, x in zip(w, row)).tanh() for row in xs]
        >>> _ = y([[1.0, 2.0], [3.0, 4.0]])
        >>> print(y.program)
        y: 8 scalar nodes in 2 steps on 10 numbers
          s1 = xs @ wᵀ   (2, 1)  6
          s2 = tanh(s1)  (2, 1)  2
        >>> y.inside(1, [[1.0, 2.0], [3.0, 4.0]]).output
        Value(4.5, op=add)
        >>> print(y.inside(2, [[1.0, 2.0], [3.0, 4.0]]))
        Graph(2 nodes: 1 leaf, 1 tanh; depth 1)
          s1[0, 0]            4.5
          L = tanh(s1[0, 0])  0.9998
        """
        from autograd.compiling.inside import inside

        arguments = self._arguments(args, kwargs)
        traced = self._traced(arguments, Inputs())
        if not isinstance(traced.run.program, Program):
            raise TypeError(f"{self._name} computes with Tensors: a step is one operation")
        rows = self._rows(arguments)
        trace = Trace(self._name, self._again, arguments, self._static, rows)
        return inside(trace, traced.run.program, step, of_caller())

    def cache_info(self) -> CacheInfo:
        """How often a program was found, how often one was built, and those that are kept."""
        builds = [str(traced) for traced in self._programs.values()]
        return CacheInfo(self._hits, self._misses, self._maxsize, len(self._programs), builds)

    def cache_clear(self) -> None:
        """Forget all programs."""
        self._programs.clear()
        self._hits = self._misses = 0
        self._last = None

    def _named(self, setting: str, names: Iterable[str]) -> frozenset[str]:
        chosen = frozenset((names,) if isinstance(names, str) else names)
        unknown = chosen - set(self._signature.parameters)
        if unknown:
            raise TypeError(
                f"{setting}= names {', '.join(sorted(unknown))}, but {self._name} takes "
                f"{', '.join(self._signature.parameters)}"
            )
        return chosen

    def _arguments(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Arguments:
        if not kwargs and len(args) == len(self._simple):
            return dict(zip(self._simple, args))  # noqa: B905 - as many
        return self._signature.bind(*args, **kwargs).arguments

    def _key(self, arguments: Arguments, inputs: Inputs) -> Hashable:
        if not self._static:
            return (*arguments, *[structure(x, inputs) for x in arguments.values()])
        looks = [
            self._same(name, x) if name in self._static else structure(x, inputs)
            for name, x in arguments.items()
        ]
        return (*arguments, *looks)

    def _same(self, name: str, x: Any) -> Hashable:
        """What a static argument looks like."""
        try:
            hash(x)
        except TypeError:
            raise TypeError(
                f"{self._name}: the static argument {name} is compared with those of other calls "
                f"by its hash, which {x!r} has not; give a tuple, a string or a number"
            ) from None
        return type(x), x

    def _rows(self, arguments: Arguments) -> Rows | None:
        """How the function is run on rows, if it is."""
        return None

    def _build(self, key: Hashable, arguments: Arguments) -> Traced:
        traced = Traced(self._op, self._again, arguments, self._static, self._rows(arguments))
        self._programs[key] = traced
        self._misses += 1
        if len(self._programs) > self._maxsize:
            self._programs.popitem(last=False)
        log.info("%s", traced)
        if self._misses in MANY and self._misses > self._hits:
            warnings.warn_explicit(
                f"{self._name} built {self._misses} programs in {self._misses + self._hits} "
                f"calls, for each structure of its arguments one: {traced}. Lengths, strings and "
                "static arguments should repeat; see cache_info()",
                RuntimeWarning,
                *user_line(),
            )
        return traced


class Bound(functools.partial[Any]):
    """A compiled method of an object, with what the compiled function offers."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.func, name)


def _call(f: Callable[..., Any], signature: inspect.Signature, arguments: Arguments) -> Any:
    """Call a function by names, also with those that it takes by position alone.

    Programs keep it, and must not refer to what keeps them.
    """
    bound = inspect.BoundArguments(signature, OrderedDict(arguments))
    return f(*bound.args, **bound.kwargs)


def _names_of_positions(signature: inspect.Signature) -> tuple[str, ...]:
    """The names of the parameters, if all can be given by position and have no default."""
    by_position = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    parameters = signature.parameters.values()
    return (
        tuple(p.name for p in parameters) if all(p.kind in by_position for p in parameters) else ()
    )


def compile(
    f: Callable[..., Any] | None = None, *, static: Iterable[str] = (), maxsize: int = 64
) -> Any:
    """A function of scalar code that is traced once for each structure, then replayed as arrays.

    The first call with arguments of one structure runs `f` and records every operation. The trace
    is *re-rolled*: what is computed alike, at whatever place of a loop, becomes one step on arrays.
    Later calls run the steps; their result is one node, which hands gradients on to the arguments
    and to every leaf that `f` used, such as a module's parameters.

    Parameters
    ----------
    f : callable
        A function of Values or Tensors that gives one, or a tree of several of one kind. What it
        prints, counts or reads from files happens once, when it is traced.
    static : names of parameters, optional
        Those that must be equal for a program to be used again: numbers of layers, of steps. Other
        integers differ from call to call and are for `pick`.
    maxsize : int, default 64
        How many programs are kept; the one that was not used for longest goes.

    Returns
    -------
    Compiled
        Called as `f` is. `program` is what the last call ran, and `cache_info()` tells of all.

    Raises
    ------
    TypeError
        When called, where `f` looks at a number: ``if v > 0``, ``float(v)``, ``max(v, w)``. The
        error names the line and the cure.

    Notes
    -----
    Two calls have one structure if their lists have the same lengths, their arrays the same shapes,
    and all that is no number is the same.

    Examples
    --------
    >>> from autograd import Value
    >>> w = [Value(0.5), Value(-1.0)]
    >>> @compile
    ... def loss(xs, y):
    ...     return (sum(a * x for a, x in zip(w, xs)) - y) ** 2
    >>> loss([1.0, 2.0], 3.0).data
    20.25
    >>> loss([2.0, 1.0], 0.0).backward()
    >>> [v.grad for v in w]
    [0.0, 0.0]
    >>> loss.cache_info()[:4]
    (1, 1, 64, 1)
    """
    if f is None:
        return functools.partial(compile, static=static, maxsize=maxsize)
    return Compiled(f, static, maxsize)
