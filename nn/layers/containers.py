"""Modules made of modules: in a row, in a list, or by name. The names are those of PyTorch."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, Self

from nn.module import Module, new_name


class Identity(Module):
    """What it is given: ``torch.nn.Identity``, which takes any arguments and ignores them.

    Examples
    --------
    >>> Identity(54, unused=True)(3.0)
    3.0
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def forward(self, input: Any) -> Any:
        """The same."""
        return input


class _Numbered(Module):
    """Modules in a row, each in an attribute named by its number."""

    def _held(self) -> dict[str, Module]:
        """The modules by their names, in order."""
        return {name: x for name, x in vars(self).items() if isinstance(x, Module)}

    def _hold(self, modules: Iterable[Any]) -> None:
        """Hold these instead, numbered from 0."""
        modules = [self._checked(module) for module in modules]
        for name in self._held():
            delattr(self, name)
        for i, module in enumerate(modules):
            setattr(self, str(i), module)

    def _checked(self, module: Any) -> Module:
        if not isinstance(module, Module):
            raise TypeError(
                f"{type(self).__name__} holds modules, but was given {module!r:.60}, a "
                f"{type(module).__name__}"
            )
        return module

    def __len__(self) -> int:
        return len(self._held())

    def __iter__(self) -> Iterator[Module]:
        return iter(self._held().values())

    def __contains__(self, module: object) -> bool:
        return any(each is module for each in self)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return self._part(index)
        return list(self)[self._place(index)]

    def _part(self, index: slice) -> Self:
        """Another of these, which holds a part of the same modules."""
        raise NotImplementedError

    def _place(self, index: Any) -> int:
        """A place, counted from the front."""
        at, count = operator.index(index), len(self)
        if not -count <= at < count:
            raise IndexError(f"{type(self).__name__} has {count} modules, but was asked for {at}")
        return at % count

    def __setitem__(self, index: int, module: Module) -> None:
        name = list(self._held())[self._place(index)]
        setattr(self, name, self._checked(module))

    def __delitem__(self, index: int | slice) -> None:
        modules = list(self)
        del modules[index if isinstance(index, slice) else self._place(index)]
        self._hold(modules)

    def append(self, module: Module) -> Self:
        """Add a module at the end, under the next number that is free."""
        number = len(self)
        while hasattr(self, str(number)):  # as in a slice, whose modules keep their names
            number += 1
        setattr(self, str(number), self._checked(module))
        return self

    def extend(self, modules: Iterable[Module]) -> Self:
        """Add several modules at the end."""
        for module in list(modules):
            self.append(module)
        return self

    def insert(self, index: int, module: Module) -> Self:
        """Put a module before another; those after it get other numbers."""
        modules = list(self)
        modules.insert(index, module)
        self._hold(modules)
        return self

    def pop(self, index: int = -1) -> Module:
        """Take a module out and return it; those after it get other numbers."""
        module: Module = self[index]
        del self[index]
        return module

    def __iadd__(self, modules: Iterable[Module]) -> Self:
        return self.extend(modules)

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if not name.isdigit()]


class Sequential(_Numbered):
    """Modules one after the other, each given what the last one gave: ``torch.nn.Sequential``.

    Parameters
    ----------
    *args : Module, or one dict of str to Module
        The modules are called 0, 1, …, which their parameters' names begin with; those of a dict
        by their keys.

    Raises
    ------
    TypeError
        If something else is given.

    Examples
    --------
    >>> from nn import Linear, ReLU
    >>> model = Sequential(Linear(2, 3), ReLU(), Linear(3, 1))
    >>> [name for name, _ in model.named_parameters()]
    ['0.weight', '0.bias', '2.weight', '2.bias']
    >>> model[-1]
    Linear(in_features=3, out_features=1, bias=True)
    >>> len(model[:2])
    2
    """

    def __init__(self, *args: Any) -> None:
        if len(args) == 1 and isinstance(args[0], dict):
            for name, module in args[0].items():
                setattr(self, new_name(self, name), self._checked(module))
        elif len(args) == 1 and isinstance(args[0], (list, tuple)):
            raise TypeError("Sequential takes modules one by one: Sequential(*modules)")
        else:
            self._hold(args)

    def _part(self, index: slice) -> Self:
        return type(self)(dict(list(self._held().items())[index]))

    def __add__(self, other: Sequential) -> Sequential:
        return Sequential(*self, *other)

    def forward(self, input: Any) -> Any:
        """What the last module gives."""
        for module in self:
            input = module(input)
        return input


class ModuleList(_Numbered):
    """A list of modules, to be called as one likes: ``torch.nn.ModuleList``.

    A plain list of modules in an attribute does as well, and gives the same names.

    Parameters
    ----------
    modules : iterable of Module, optional

    Examples
    --------
    >>> from nn import Linear
    >>> ModuleList(Linear(2, 2) for _ in range(3))
    ModuleList(
      (0-2): 3 x Linear(in_features=2, out_features=2, bias=True)
    )
    """

    def __init__(self, modules: Iterable[Module] | None = None) -> None:
        self._hold(modules or ())

    def _part(self, index: slice) -> Self:
        return type(self)(list(self)[index])

    def __add__(self, other: Iterable[Module]) -> ModuleList:
        return ModuleList([*self, *other])

    def __repr__(self) -> str:
        lines, at = [], 0
        for text, group in groupby(map(repr, self)):
            count = len(list(group))
            label = f"({at}): " if count == 1 else f"({at}-{at + count - 1}): {count} x "
            lines.append(f"  {label}{text}".replace("\n", "\n  "))
            at += count
        return f"ModuleList(\n{chr(10).join(lines)}\n)" if lines else "ModuleList()"


class ModuleDict(Module):
    """Modules by name, to be called as one likes: ``torch.nn.ModuleDict``.

    Parameters
    ----------
    modules : dict of str to Module, or iterable of pairs, optional

    Examples
    --------
    >>> from nn import Linear, ReLU
    >>> parts = ModuleDict({"map": Linear(2, 3), "bend": ReLU()})
    >>> "bend" in parts, list(parts)
    (True, ['map', 'bend'])
    """

    def __init__(self, modules: Any = None) -> None:
        self.update(modules or {})

    def _held(self) -> dict[str, Module]:
        return {name: x for name, x in vars(self).items() if isinstance(x, Module)}

    def __getitem__(self, key: str) -> Any:
        return self._held()[key]

    def __setitem__(self, key: str, module: Module) -> None:
        if not isinstance(module, Module):
            raise TypeError(f"ModuleDict holds modules, but was given {module!r:.60} for {key!r}")
        setattr(self, key if key in self else new_name(self, key), module)

    def __delitem__(self, key: str) -> None:
        self[key]  # which raises if there is none
        delattr(self, key)

    def __len__(self) -> int:
        return len(self._held())

    def __iter__(self) -> Iterator[str]:
        return iter(self._held())

    def __contains__(self, key: object) -> bool:
        return key in self._held()

    def keys(self) -> Iterable[str]:
        """The names."""
        return self._held().keys()

    def values(self) -> Iterable[Module]:
        """The modules."""
        return self._held().values()

    def items(self) -> Iterable[tuple[str, Module]]:
        """The names with their modules."""
        return self._held().items()

    def update(self, modules: Any) -> None:
        """Hold these too, in place of those that had the same names."""
        for key, module in modules.items() if isinstance(modules, Mapping) else modules:
            self[key] = module

    def pop(self, key: str) -> Module:
        """Take a module out and return it."""
        module: Module = self[key]
        del self[key]
        return module

    def clear(self) -> None:
        """Take all modules out."""
        for key in list(self):
            del self[key]
