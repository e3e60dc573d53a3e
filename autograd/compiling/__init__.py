"""Compiled functions: traced once for each structure of their arguments, and replayed."""

from autograd.compiling.compiled import Compiled, compile
from autograd.compiling.mapped import vmap

__all__ = ["Compiled", "compile", "vmap"]
