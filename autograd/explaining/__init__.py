"""Derivatives explained: the rules, the paths that they follow, and a check by differences.

What is here, from a line to the whole:

    lines         `Explanation`: lines of text, each as LaTeX, too
    rules         the rules of one operation
    paths         the ways from a node to the result: how many, and the product along each
    check         the derivative by finite differences, computed again from the node on
    derivation    how a node was computed, and its derivative by another
"""

from autograd.explaining.derivation import explain
from autograd.explaining.lines import Explanation

__all__ = ["Explanation", "explain"]
