"""Some nodes of a graph as the items they stand in: single nodes and calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from autograd.graph.calls import Call
from autograd.graph.likeness import Likeness

Item: TypeAlias = int | Call  # a node that stands in no inner call, by its index; or an inner call


class Items:
    """Some nodes as the items they stand in, and how those hang together.

    Parameters
    ----------
    known : Likeness
        What is known of the graph.
    here : Call
        Where the nodes stand: items are its own nodes, and the calls in it.
    indices : sequence of int
        The nodes, in the graph's order.

    Attributes
    ----------
    item_of : dict of int to item
        The item of each node.
    uses : dict of item to int
        How many items are made of each of those of which any is.
    shown : set of item
        Those of which something outside is made, or which hold an output.
    """

    def __init__(self, known: Likeness, here: Call, indices: Sequence[int]) -> None:
        self.here = here
        self._links = known.links
        self._inside: dict[Call, list[int]] = {}
        self.item_of: dict[int, Item] = {}
        tops: dict[Call, Call] = {here: here}
        for i in indices:
            call = known.calls[i]
            top = tops.get(call) or _top(call, here, tops)
            if top is here:
                self.item_of[i] = i
            else:
                self.item_of[i] = top
                self._inside.setdefault(top, []).append(i)
        self.uses: dict[Item, int] = {}
        for item in self:
            for source in self.sources(item):
                self.uses[source] = self.uses.get(source, 0) + 1
        self.shown = {item for i, item in self.item_of.items() if known.is_shown(i, self.item_of)}

    def __iter__(self) -> Iterator[Item]:
        """The items, in the order of their first nodes."""
        return iter(dict.fromkeys(self.item_of.values()))

    def __contains__(self, item: Item) -> bool:
        return item in (self.item_of if isinstance(item, int) else self._inside)

    @property
    def own(self) -> list[int]:
        """The nodes that are items themselves."""
        return [i for i, item in self.item_of.items() if i == item]

    def nodes(self, item: Item) -> Sequence[int]:
        """The nodes of an item, in the graph's order."""
        return (item,) if isinstance(item, int) else self._inside[item]

    def indices(self, items: Iterable[Item]) -> list[int]:
        """The nodes of some items, in the graph's order."""
        return sorted([i for item in items for i in self.nodes(item)])

    def sources(self, item: Item) -> dict[Item, None]:
        """The items that one is made of, each once, in order."""
        found: dict[Item, None] = {}
        for i in self.nodes(item):
            for j in self._links[i]:
                source = self.item_of.get(j)
                if source is not None and source != item:
                    found[source] = None
        return found

    def alone(self, item: Item) -> list[Item]:
        """An item, and all that is computed for it alone."""
        found, open_uses = [item], dict[Item, int]()
        for each in found:  # grows while it is walked
            for source in self.sources(each):
                open_uses[source] = open_uses.get(source, self.uses[source]) - 1
                if not open_uses[source] and source not in self.shown:
                    found.append(source)
        return found


def _top(call: Call, here: Call, tops: dict[Call, Call]) -> Call:
    """The call that stands in `here` itself and has `call` inside it; `here` for its own."""
    passed = []
    while call not in tops:
        passed.append(call)
        parent = call.parent
        assert parent is not None
        if parent is here:
            tops[call] = call
            break
        call = parent
    tops.update(dict.fromkeys(passed, tops[call]))
    return tops[call]
