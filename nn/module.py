"""What every part of a network is: a thing with parameters that can be called."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from autograd import Node, is_tracing
from autograd.modes import call_in_scope
from nn.held import held
from nn.hooks import Hookable, hooks_of, install, without_hooks
from nn.parameter import is_declared

if TYPE_CHECKING:
    from nn.state import Incompatible


class Changes:
    """How often an attribute of any module was set."""

    count = 0


changes = Changes()


@dataclass(frozen=True)
class Found:
    """What was found out about a module in some state; a copy of it has to find out by itself."""

    state: object
    what: Any


NOTHING = Found(-1, ())


class Module(Hookable):
    """The base of everything with parameters: derive from it and write `forward`.

    Parameters are leaves that require a gradient (a Value, or a Tensor made with
    ``requires_grad=True``) held by an attribute, or by a list, tuple or dict in one; modules held
    in the same ways are its children. There is no `super().__init__()` to call. What `eval()` needs
    and no optimiser moves, such as the means of a batch norm, is a buffer: `register_buffer`.

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
        if isinstance(value, Node):
            self._require_leaf(name, value)
        if isinstance(value, (Node, list, tuple, dict)):
            # What is frozen later is a parameter all the same.
            is_parameter = any(_is_parameter(leaf) for _, leaf in held(Node, [(name, value)]))
            _note(self, "_parameters", name, is_parameter)
            if is_parameter:  # what it was before is forgotten
                _note(self, "_buffers", name, False)
                _note(self, "_passing", name, False)
        object.__setattr__(self, name, value)

    def _require_leaf(self, name: str, value: Node) -> None:
        """See that what is computed takes no parameter's place, and is not kept from a trace."""
        owner = type(self).__name__
        if is_tracing():
            raise RuntimeError(
                f"{owner} sets its {name!r} in a compiled function, which does so once, when it is "
                "traced; autograd.update_leaf(buffer, how) keeps a buffer up to date, and what is "
                "to be looked at can be returned"
            )
        if value.op is not None and name in self.__dict__.get("_parameters", ()):
            raise TypeError(
                f"{owner}'s parameter {name!r} cannot become the result of {value.op}, which no "
                f"optimiser would move; to move its numbers set `.{name}.data`, and to let it be "
                f"computed delete it first"
            )

    def __delattr__(self, name: str) -> None:
        changes.count += 1
        object.__delattr__(self, name)
        for what in ("_parameters", "_buffers", "_passing"):
            _note(self, what, name, False)

    def compile_state(self) -> object:
        """What a compiled function that calls this module must find unchanged.

        Which modules and parameters it has, which of them train, and how they are set: their
        attributes that are numbers, strings, bools or None. It is found out again when an attribute
        of any module was set; a list in one must not be changed without that.
        """
        known: Found = self.__dict__.get("_compile_state", NOTHING)
        if known.state != changes.count:
            modules = [(id(module), *_settings(module)) for module in self.modules()]
            now = modules, [id(parameter) for parameter in self.parameters()]
            # A token is quicker to compare than all the parts. The last two are kept, so that what
            # goes from training to evaluation and back is known again.
            same = [pair for pair in known.what if pair[0] == now] or [(now, object())]
            others = [pair for pair in known.what if pair[0] != now]
            known = Found(changes.count, (*same, *others[:1]))
            self.__dict__["_compile_state"] = known
        token: object = known.what[0][1]
        return token

    def __getstate__(self) -> dict[str, Any]:
        """What is copied and pickled."""
        return without_hooks({key: x for key, x in vars(self).items() if not isinstance(x, Found)})

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Become what was copied or pickled."""
        vars(self).update(state)
        if hooks_of(self):
            install(self)

    def named_modules(self, *, remove_duplicate: bool = True) -> Iterator[tuple[str, Module]]:
        """The module itself, named ``""``, and all below it, each once, with its path.

        With `remove_duplicate` false each is there as often as it is held.
        """
        met: set[int] = set()
        stack: list[tuple[str, Module, bool]] = [("", self, False)]
        while stack:
            path, module, is_done = stack.pop()
            if is_done:
                met.remove(id(module))
            elif id(module) not in met:
                met.add(id(module))
                yield path, module
                if not remove_duplicate:  # but not within itself
                    stack.append((path, module, True))
                found = held(Module, vars(module).items(), (path,) if path else ())
                children = [(".".join(map(str, keys)), child, False) for keys, child in found]
                stack += reversed(children)

    def modules(self) -> Iterator[Module]:
        """The module itself and all below it, each once."""
        return (module for _, module in self.named_modules())

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The modules that this one holds itself, each once, with their names."""
        seen: set[int] = set()
        for keys, child in held(Module, vars(self).items()):
            if id(child) not in seen:
                seen.add(id(child))
                yield ".".join(map(str, keys)), child

    def children(self) -> Iterator[Module]:
        """The modules that this one holds itself, each once."""
        return (child for _, child in self.named_children())

    def add_module(self, name: str, module: Module) -> None:
        """Hold a module in an attribute; the same as setting that.

        Raises
        ------
        TypeError
            If it is no module.
        ValueError
            If the name has a dot in it, or is that of something else.
        """
        if not isinstance(module, Module):
            raise TypeError(f"{type(self).__name__} was given {module!r:.60}, which is no module")
        setattr(self, new_name(self, name), module)

    def get_submodule(self, target: str) -> Module:
        """The module of a path, such as ``layers.0``.

        Raises
        ------
        AttributeError
            If there is none.
        """
        module, rest = self, target
        while rest:
            for keys, child in held(Module, vars(module).items()):
                name = ".".join(map(str, keys))
                if f"{rest}.".startswith(f"{name}."):
                    module, rest = child, rest[len(name) + 1 :]
                    break
            else:
                raise AttributeError(f"{type(self).__name__} has no module {target!r}")
        return module

    def get_parameter(self, target: str) -> Any:
        """The parameter of a path, such as ``layers.0.weight``; an AttributeError if none is."""
        return _leaf(self, "own_parameters", target)

    def get_buffer(self, target: str) -> Any:
        """The buffer of a path, such as ``norm.running_mean``; an AttributeError if none is."""
        return _leaf(self, "own_buffers", target)

    def register_parameter(self, name: str, param: Any) -> None:
        """Hold a leaf as a parameter, also one that requires no gradient; None for none."""
        if param is not None and (not isinstance(param, Node) or param.op is not None):
            raise TypeError(f"a parameter is a leaf, but {name!r} is {param!r}")
        setattr(self, name, param)
        _note(self, "_parameters", name)

    def register_buffer(self, name: str, tensor: Any, persistent: bool = True) -> None:
        """Hold a Tensor that is part of the state, but that no optimiser moves.

        Parameters
        ----------
        name : str
        tensor : Tensor that requires no gradient, or None
        persistent : bool, default True
            Whether `state_dict` has it.
        """
        if tensor is not None and (not isinstance(tensor, Node) or tensor.requires_grad):
            raise TypeError(
                f"a buffer is a Tensor that requires no gradient, but {name!r} is {tensor!r}"
            )
        setattr(self, name, tensor)
        _note(self, "_buffers", name)
        _note(self, "_passing", name, not persistent)

    def own_buffers(self, persistent: bool = False) -> Iterator[tuple[str, Any]]:
        """The buffers that this module holds itself; or those that `state_dict` has."""
        own = vars(self)
        names = own.get("_buffers", frozenset())
        wanted = names - own.get("_passing", frozenset()) if persistent else names
        return ((name, x) for name, x in own.items() if name in wanted and x is not None)

    def named_buffers(self, prefix: str = "", recurse: bool = True) -> Iterator[tuple[str, Any]]:
        """The buffers, each once, with their paths: ``norm.running_mean``."""
        return _leaves(self, "own_buffers", prefix, recurse)

    def buffers(self, recurse: bool = True) -> Iterator[Any]:
        """The buffers, each once."""
        return (buffer for _, buffer in self.named_buffers(recurse=recurse))

    def own_parameters(self) -> Iterator[tuple[str, Any]]:
        """The parameters that this module holds itself, with their names: ``w[1]``."""
        frozen, buffers = (self.__dict__.get(key, ()) for key in ("_parameters", "_buffers"))
        for (name, *keys), leaf in held(Node, vars(self).items()):
            is_kept = _is_parameter(leaf) or (leaf.op is None and name in frozen)
            if is_kept and name not in buffers:
                yield name + "".join(f"[{key}]" for key in keys), leaf

    def named_parameters(self, prefix: str = "", recurse: bool = True) -> Iterator[tuple[str, Any]]:
        """The parameters, each once, with their paths: ``layers.0.neurons.2.w[1]``.

        Parameters
        ----------
        prefix : str, optional
            What all paths begin with.
        recurse : bool, default True
            Whether to look into the modules below; else only what this one holds itself.
        """
        return _leaves(self, "own_parameters", prefix, recurse)

    def parameters(self, recurse: bool = True) -> list[Any]:
        """The parameters, each once."""
        return [parameter for _, parameter in self.named_parameters(recurse=recurse)]

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        """Freeze all parameters, with False, or let them be trained again."""
        for module in self.modules():
            for name, parameter in list(module.own_parameters()):
                _note(module, "_parameters", name.partition("[")[0])
                parameter.requires_grad = requires_grad
        return self

    def state_dict(self) -> dict[str, Any]:
        """A copy of all parameters and buffers, as arrays, by their paths.

        The names and shapes are PyTorch's, so ``torch.from_numpy`` and ``tensor.numpy()`` carry a
        state there and back. What is held twice is there twice, as in PyTorch. Values are arrays of
        no axes.

        Examples
        --------
        >>> from nn import Embedding
        >>> {name: x.shape for name, x in Embedding(3, 2).state_dict().items()}
        {'weight': (3, 2)}
        """
        from nn.state import saved

        return saved(self)

    def load_state_dict(self, state_dict: Any, strict: bool = True) -> Incompatible:
        """Set all parameters and buffers to those of a state.

        Parameters
        ----------
        state_dict : dict of str to array, Tensor or number
        strict : bool, default True
            Whether the names must be the same. A shape must fit in any case.

        Returns
        -------
        (missing_keys, unexpected_keys)

        Raises
        ------
        ValueError
            If names or shapes differ, or numbers would lose what they are, as fractions would as
            integers; it names all of these, and nothing is changed.
        """
        from nn.state import load

        return load(self, state_dict, strict)

    def apply(self, fn: Callable[[Module], Any]) -> Self:
        """Call a function with every module below this one, and with it itself, last."""
        for module in reversed(list(self.modules())):
            fn(module)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, or make zeros of them."""
        for parameter in self.parameters():
            parameter.zero_grad()
            if not set_to_none:
                parameter.grad = np.zeros_like(parameter.data) if parameter.shape else 0.0

    def train(self, mode: bool = True) -> Self:
        """Set this module and all below it to training, or with False to evaluation."""
        for module in self.modules():
            if module.training != mode:  # what is set makes compiled functions look anew
                module.training = mode
        return self

    def eval(self) -> Self:
        """Set this module and all below it to evaluation."""
        return self.train(False)

    def extra_repr(self) -> str:
        """What `repr` says of the module in its parentheses; each module writes its own."""
        return ""

    def __repr__(self) -> str:
        children = [
            f"({'.'.join(map(str, keys))}): {child!r}".replace("\n", "\n  ")
            for keys, child in held(Module, vars(self).items())
        ]
        lines = [line for line in (self.extra_repr(),) if line] + children
        if not children:
            return f"{type(self).__name__}({self.extra_repr()})"
        return f"{type(self).__name__}(\n  " + "\n  ".join(lines) + "\n)"


def _is_parameter(leaf: Any) -> bool:
    """Whether a node is a leaf that is trained, or that was made to be."""
    return leaf.op is None and (leaf.requires_grad or is_declared(leaf))


def _leaves(module: Module, own: str, prefix: str, recurse: bool) -> Iterator[tuple[str, Any]]:
    """What modules hold of a kind, each once, with their paths."""
    seen: set[int] = set()
    for path, each in module.named_modules() if recurse else [("", module)]:
        front = "".join(f"{part}." for part in (prefix, path) if part)
        for name, leaf in getattr(each, own)():
            if id(leaf) not in seen:
                seen.add(id(leaf))
                yield front + name, leaf


def _leaf(module: Module, own: str, target: str) -> Any:
    """What a module of a path holds of a kind."""
    path, _, last = target.rpartition(".")
    for name, leaf in getattr(module.get_submodule(path), own)():
        if name == last:
            return leaf
    kind = own.removeprefix("own_").removesuffix("s")
    raise AttributeError(f"{type(module).__name__} has no {kind} {target!r}")


def new_name(module: Module, name: Any) -> str:
    """A name for a module that is to be held by another; an error if it cannot be one."""
    if not isinstance(name, str) or not name or "." in name:
        raise ValueError(
            f"a module's name is a text without dots, but {type(module).__name__} was given "
            f"{name!r}"
        )
    if hasattr(module, name):
        raise ValueError(f"{type(module).__name__} has an attribute {name!r}; take another name")
    return name


def _note(module: Module, what: str, name: str, holds: bool = True) -> None:
    """Note that an attribute of a module is of some kind, or not."""
    names = module.__dict__.get(what, frozenset())
    if holds != (name in names):
        module.__dict__[what] = names ^ {name}


def _settings(module: Module) -> list[Any]:
    """The attributes of a module that are plain, with their names."""
    plain = (bool, int, float, str, type(None))
    own = [
        (name, x) for name, x in vars(module).items() if isinstance(x, plain) and name != "training"
    ]
    return [module.training, hooks_of(module), *own]
