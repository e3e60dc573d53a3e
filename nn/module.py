"""What every part of a network is: a thing with parameters that can be called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Self

from autograd import Node
from autograd.modes import call_in_scope


class Changes:
    """How often an attribute of any module was set."""

    count = 0


changes = Changes()


@dataclass(frozen=True)
class Found:
    """What was found out about a module in some state; a copy of it has to find out by itself."""

    state: object
    what: Any


NOTHING = Found(-1, (None, None))


class Module:
    """The base of everything with parameters: derive from it and write `forward`.

    Parameters are leaves that require a gradient (a Value, or a Tensor made with
    ``requires_grad=True``) held by an attribute, or by a list, tuple or dict in one; modules held
    in the same ways are its children. There is no `super().__init__()` to call.

    Examples
    --------
    >>> from autograd import Value
    >>> class Line(Module):
    ...     def __init__(self):
    ...         self.slope, self.shift = Value(2.0), Value(1.0)
    ...     def forward(self, x):
    ...         return self.slope * x + self.shift
    >>> line = Line()
    >>> line(3.0).data
    7.0
    >>> [name for name, _ in line.named_parameters()]
    ['slope', 'shift']
    """

    training = True

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Compute the result; each module writes its own."""
        raise NotImplementedError(f"{type(self).__name__} has no forward(); write one")

    __call__ = call_in_scope

    def __setattr__(self, name: str, value: Any) -> None:
        changes.count += 1
        object.__setattr__(self, name, value)

    def compile_state(self) -> object:
        """What a compiled function that calls this module must find unchanged.

        Which modules and parameters it has, which of them train, and how they are set: their
        attributes that are numbers, strings, bools or None. It is found out again when an attribute
        of any module was set; a list in one must not be changed without that.
        """
        known: Found = self.__dict__.get("_compile_state", NOTHING)
        parts, token = known.what
        if known.state != changes.count:
            modules = [(id(module), *_settings(module)) for module in self.modules()]
            now = modules, [id(parameter) for parameter in self.parameters()]
            token = token if now == parts else object()  # quicker to compare than all the parts
            self.__dict__["_compile_state"] = Found(changes.count, (now, token))
        return token

    def __getstate__(self) -> dict[str, Any]:
        """What is copied and pickled."""
        return {key: x for key, x in vars(self).items() if not isinstance(x, Found)}

    def named_modules(self) -> Iterator[tuple[str, Module]]:
        """The module itself, named ``""``, and all below it, each once, with its path."""
        seen: set[int] = set()
        stack: list[tuple[str, Module]] = [("", self)]
        while stack:
            path, module = stack.pop()
            if id(module) in seen:
                continue
            seen.add(id(module))
            yield path, module
            held = _held(Module, vars(module).items(), (path,) if path else ())
            children = [(".".join(map(str, keys)), child) for keys, child in held]
            stack += reversed(children)

    def modules(self) -> Iterator[Module]:
        """The module itself and all below it, each once."""
        return (module for _, module in self.named_modules())

    def named_parameters(self) -> Iterator[tuple[str, Any]]:
        """The parameters, each once, with their paths: ``layers.0.neurons.2.w[1]``."""
        seen: set[int] = set()
        for path, module in self.named_modules():
            for (name, *keys), leaf in _held(Node, vars(module).items()):
                if leaf.op is None and leaf.requires_grad and id(leaf) not in seen:
                    seen.add(id(leaf))
                    place = name + "".join(f"[{key}]" for key in keys)
                    yield (f"{path}.{place}" if path else place), leaf

    def parameters(self) -> list[Any]:
        """The parameters, each once."""
        return [parameter for _, parameter in self.named_parameters()]

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for parameter in self.parameters():
            parameter.zero_grad()

    def train(self, mode: bool = True) -> Self:
        """Set this module and all below it to training, or with False to evaluation."""
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Self:
        """Set this module and all below it to evaluation."""
        return self.train(False)


def _settings(module: Module) -> list[Any]:
    """The attributes of a module that are plain, with their names."""
    plain = (bool, int, float, str, type(None))
    own = [each for each in vars(module).items() if isinstance(each[1], plain)]
    return [module.training, *own]


def _held(
    kind: type[Any], entries: Iterable[tuple[Any, Any]], path: tuple[Any, ...] = ()
) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """All of a kind among some entries and in the lists, tuples and dicts there, with its path."""
    for key, entry in entries:
        if isinstance(entry, kind):
            yield (*path, key), entry
        elif isinstance(entry, dict):
            yield from _held(kind, entry.items(), (*path, key))
        elif isinstance(entry, (list, tuple)):
            yield from _held(kind, enumerate(entry), (*path, key))
