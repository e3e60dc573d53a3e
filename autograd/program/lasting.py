"""What stays the same in every run of some source, made once before."""

from __future__ import annotations

import re
from itertools import count
from typing import Any

import numpy as np

# A call, or a parenthesis, and its end; a number; a view of an array that stays where it is.
TOKEN = re.compile(
    r"(?P<view>\b[bgsv]\d+(?:\.T|\.reshape\([^)]*\)|\[[^]]*\])++)(?! =)"
    r"|(?P<call>[\w.]*)\(|(?P<end>\))|(?P<number>(?<![\w.])\d+(?:\.\d*(?:e[-+]?\d+)?|e[-+]?\d+))"
)


def with_lasting(source: str, namespace: dict[str, Any]) -> str:
    """The same source with its views taken, and its numbers made arrays, once and for all.

    NumPy makes an array of each number that it is given, which takes as long as a short operation.
    """
    made: dict[str, str] = {}
    may_be_arrays = [False]  # whether numbers may be, here and in what stands around

    def named(found: re.Match[str]) -> str:
        if found["call"] is not None:
            may_be_arrays.append(_takes_arrays(found["call"], may_be_arrays[-1], namespace))
        elif found["end"]:
            may_be_arrays.pop()
        elif found["view"] or may_be_arrays[-1]:
            if found[0] not in made:
                name = next(n for n in map("_{}".format, count()) if n not in namespace)
                made[found[0]] = name
                x = eval(found[0], namespace)
                namespace[name] = np.array(x) if found["number"] else x
            return made[found[0]]
        return found[0]

    return TOKEN.sub(named, source)


def _takes_arrays(function: str, around: bool, namespace: dict[str, Any]) -> bool:
    """Whether a function makes arrays of its arguments by itself."""
    if not function:
        return around
    package, _, name = function.rpartition(".")
    return isinstance(getattr(np, name, None) if package else namespace.get(name), np.ufunc)
