"""What stays the same in every run of some source, made once before."""

from __future__ import annotations

import functools
import re
from itertools import count
from typing import Any

import numpy as np

# A view of an array that stays where it is; a call, or a parenthesis, and its end; where the result
# of a call is put; a number.
TOKEN = re.compile(
    r"(?P<end>\))|(?<![\w.])(?:"
    r"(?P<view>[bgsv]\d+(?:\.T|\.reshape\([^)]*\)|\[[^]]*\])++)(?! =)"
    r"|(?P<call>[\w.]*)\(|(?P<out>out=)|(?P<number>-?\d+(?:\.\d*(?:e[-+]?\d+)?|e[-+]?\d+)))"
)


def with_lasting(source: str, namespace: dict[str, Any]) -> str:
    """The same source with views taken, functions found and numbers made arrays, once and for all.

    NumPy makes an array of each number that it is given, which takes as long as a short operation;
    to find its function, and the name of an argument, takes a third of one.
    """
    made: dict[str, str] = {}
    views: list[str] = []
    free = (name for name in map("_{}".format, count()) if name not in namespace)
    function = functools.cache(functools.partial(_function, namespace))
    within: list[Any] = [None]  # the functions whose arguments these are

    def named(text: str, x: Any) -> str:
        if text not in made:
            made[text] = name = next(free)
            namespace[name] = x
        return made[text]

    def replaced(found: re.Match[str]) -> str:
        text, kind = found[0], found.lastgroup
        if kind == "view":
            if text not in made:
                views.append(text)
            return named(text, None)
        if kind == "end":
            within.pop()
        elif kind == "call":
            call = text[:-1]
            within.append(function(call) if call else within[-1])
            if call.startswith("np."):
                return f"{named(call, within[-1])}("
        elif kind == "out":
            return "" if _takes_out_last(within[-1]) else text
        elif isinstance(within[-1], np.ufunc):  # it would make an array of a number by itself
            return named(text, np.array(float(text)))
        return text

    source = TOKEN.sub(replaced, source)
    taken = eval(f"[{', '.join(views)}]", namespace)  # at once, for it takes longest to compile
    namespace.update(zip(map(made.__getitem__, views), taken, strict=True))
    return source


def _function(namespace: dict[str, Any], name: str) -> Any:
    """What is called by a name."""
    first, *others = name.split(".")
    return functools.reduce(getattr, others, namespace.get(first))


def _takes_out_last(function: Any) -> bool:
    """Whether the array for the result may be the last argument, without a name."""
    if function in (np.maximum, np.minimum):  # where NumPy warns of it, lest it be a third number
        return False
    return isinstance(function, np.ufunc) or function is np.dot
