"""A graph written out: as Python code that runs alone, and as a formula.

What is here:

    code          `source`: value and gradients in straight-line Python
    definitions   the functions that it calls, copied from where they are defined
    formula       `latex`: the result in terms of the leaves
"""

from autograd.writing.code import source
from autograd.writing.formula import latex

__all__ = ["latex", "source"]
