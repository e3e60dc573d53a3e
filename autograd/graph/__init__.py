"""A graph as an object: what a result was computed from, to be asked, compared, checked and kept.

tracing      `trace`: the graph of a function's call
graph        `Graph`: a structure with names, and the part that each leaf plays
structure    what it is apart from these: nodes, edges, counts
calls        the scopes as a tree, one `Call` for each call of a module
folding      equal parts found, and shown as one: ×k
likeness     which nodes and parts are equal
items        the nodes and calls that a part is made of, and how they hang together
naming       what nodes are called, in pictures and all texts
views        what else a graph is asked for: steps, derivatives, formula, code
listing      what `print(graph)` writes
checking     what must be so in every graph
labels       what one node is like, its numbers aside: by this, graphs are compared
storing      a graph as JSON and back
"""

from autograd.graph.calls import Call
from autograd.graph.edges import Constant, Edge
from autograd.graph.folding import Group
from autograd.graph.graph import Graph
from autograd.graph.tracing import trace

__all__ = ["Call", "Constant", "Edge", "Graph", "Group", "trace"]
