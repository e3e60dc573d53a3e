"""A graph or a program written out: as Python code that runs alone, and as a formula.

What is here:

    code          `source`: value and gradients in straight-line Python
    program       the same of a program: its steps as NumPy code
    definitions   the functions that code calls, copied from where they are defined
    formula       `latex`: the result in terms of the leaves
"""

from autograd.writing.code import source
from autograd.writing.formula import latex

__all__ = ["latex", "source"]
