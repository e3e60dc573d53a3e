"""Functions that a module calls whenever it is called, or whenever a gradient passes it.

A hook costs a module without hooks nothing: the first one puts `Hooked` in front of the module's
`forward`, as an attribute, and the last one takes it away.
"""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Self

from autograd import is_recording
from nn.backward_hooks import Watch

Kind = Literal["before", "after", "backward"]


@dataclass(frozen=True, eq=False)
class Hook:
    """A function that a user registered, and when it is called."""

    kind: Kind
    function: Callable[..., Any]
    with_kwargs: bool = False


class Handle:
    """What takes a hook away again: by `remove`, or at the end of a ``with`` block.

    As ``torch.utils.hooks.RemovableHandle``.
    """

    def __init__(self, module: Any, hook: Hook) -> None:
        self._module, self._hook = weakref.ref(module), hook

    def remove(self) -> None:
        """Take the hook away; a second time nothing happens."""
        module = self._module()
        if module is not None:
            _put(module, [hook for hook in hooks_of(module) if hook is not self._hook])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.remove()


def hooks_of(module: Any) -> tuple[Hook, ...]:
    """The hooks of a module, in the order in which they are called."""
    hooks: tuple[Hook, ...] = vars(module).get("_hooks", ())
    return hooks


def register(module: Any, hook: Hook, prepend: bool) -> Handle:
    """Have a module call a hook: after all others, or before them."""
    if not callable(hook.function):
        raise TypeError(f"a hook is a function, but was given {hook.function!r}")
    hooks = hooks_of(module)
    _put(module, [hook, *hooks] if prepend else [*hooks, hook])
    return Handle(module, hook)


def _put(module: Any, hooks: list[Hook]) -> None:
    """Let a module have these hooks and no others."""
    module.__setattr__("_hooks", tuple(hooks))  # a compiled function that calls it is traced again
    install(module)


def install(module: Any) -> None:
    """Put the hooks of a module, which may be a copy, in front of its `forward`."""
    own = vars(module).pop("forward", None)  # of the class, unless the user gave it another
    inner = own.inner if isinstance(own, Hooked) else own
    forward = Hooked(module, inner) if hooks_of(module) else inner
    if forward is not None:
        vars(module)["forward"] = forward


def without_hooks(attributes: dict[str, Any]) -> dict[str, Any]:
    """The attributes of a module without what `install` put there, for a copy to put its own."""
    forward = attributes.get("forward")
    if not isinstance(forward, Hooked):
        return attributes
    rest = {name: x for name, x in attributes.items() if x is not forward}
    return rest if forward.inner is None else rest | {"forward": forward.inner}


class Hooked:
    """A module's `forward` with its hooks before and after; it keeps no module alive.

    Attributes
    ----------
    inner : callable or None
        The `forward` that the user gave this one module; None for that of its class.
    """

    def __init__(self, module: Any, inner: Callable[..., Any] | None) -> None:
        self._module, self.inner = weakref.ref(module), inner

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What `forward` gives, after the hooks had their say."""
        module: Any = self._module()
        hooks = hooks_of(module)
        for hook in hooks:
            if hook.kind == "before":
                args, kwargs = _before(hook, module, args, kwargs)
        watching = [hook.function for hook in hooks if hook.kind == "backward"]
        watch = Watch(module, watching) if watching and is_recording() else None
        if watch is not None:
            args = watch.entered(args)
        forward = self.inner or functools.partial(type(module).forward, module)
        result = forward(*args, **kwargs)
        for hook in hooks:
            if hook.kind == "after":
                given = (args, kwargs) if hook.with_kwargs else (args,)
                other = hook.function(module, *given, result)
                result = result if other is None else other
        return result if watch is None else watch.left(result)


def _before(hook: Hook, module: Any, args: Any, kwargs: Any) -> tuple[Any, Any]:
    """The arguments that a hook makes of those of a call."""
    if not hook.with_kwargs:
        other = hook.function(module, args)
        return (args if other is None else other if isinstance(other, tuple) else (other,)), kwargs
    other = hook.function(module, args, kwargs)
    if other is None:
        return args, kwargs
    if not (isinstance(other, tuple) and len(other) == 2):
        raise TypeError(
            f"a forward pre-hook with kwargs returns None or (args, kwargs), but gave {other!r:.60}"
        )
    return other


class Hookable:
    """What modules have of hooks."""

    def register_forward_pre_hook(
        self, hook: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False
    ) -> Handle:
        """Call ``hook(module, args)`` before each `forward`: as ``torch.nn.Module`` does.

        Parameters
        ----------
        hook : callable
            What it returns, unless None, takes the place of the arguments.
        prepend : bool, default False
            Whether it comes before the hooks that there are.
        with_kwargs : bool, default False
            Whether it is called ``hook(module, args, kwargs)``, and returns None or both.

        Returns
        -------
        handle
            Its `remove()`, or the end of a ``with`` block, takes the hook away again.

        Notes
        -----
        A compiled function calls hooks while it is traced, and never again: what they compute is
        part of its program, and what else they do is done once. They may not look at numbers then.
        The same goes for a scalar module, such as `MLP`, that is called on a table.

        Examples
        --------
        >>> from nn import Identity
        >>> module = Identity()
        >>> with module.register_forward_pre_hook(lambda module, args: (args[0] * 2.0,)):
        ...     module(3.0)
        6.0
        >>> module(3.0)
        3.0
        """
        return register(self, Hook("before", hook, with_kwargs), prepend)

    def register_forward_hook(
        self, hook: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False
    ) -> Handle:
        """Call ``hook(module, args, output)`` after each `forward`: as ``torch.nn.Module`` does.

        What it returns, unless None, takes the place of the output. The rest is as for
        `register_forward_pre_hook`; with `with_kwargs` it is called
        ``hook(module, args, kwargs, output)``.

        Examples
        --------
        >>> from nn import Identity
        >>> module, seen = Identity(), []
        >>> handle = module.register_forward_hook(lambda module, args, output: seen.append(output))
        >>> _ = module(3.0)
        >>> handle.remove()
        >>> seen
        [3.0]
        """
        return register(self, Hook("after", hook, with_kwargs), prepend)

    def register_full_backward_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> Handle:
        """Call ``hook(module, grad_input, grad_output)`` when gradients come back to the arguments.

        As ``torch.nn.Module`` does. Both are tuples of Tensors: a gradient for each positional
        argument and for each result, None for what is no node or requires none. What the hook
        returns, unless None, takes the place of `grad_input`. Where no argument requires a gradient
        it is called when the gradients of the results are there.

        `forward` must give a Tensor, or a tuple of them; Values go in and out as Tensors of no
        axes. In a compiled function the hook is called in each backward pass.

        Examples
        --------
        >>> from autograd import Tensor
        >>> from nn import Identity
        >>> module, x = Identity(), Tensor([1.0, 2.0], requires_grad=True)
        >>> def tenfold(module, grad_input, grad_output):
        ...     return (grad_input[0] * 10.0,)
        >>> handle = module.register_full_backward_hook(tenfold)
        >>> module(x).sum().backward()
        >>> x.grad
        array([10., 10.])
        """
        return register(self, Hook("backward", hook), prepend)
