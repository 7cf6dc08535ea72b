"""What ties say of pairs of claims: which are copies of one text, and which pairs are no conflict."""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass

from safeconduct.incidents.states import COPYING, Id, Tie

_NO_CONFLICT = ("updates", "refines", "corrects", "retracts", *COPYING)


@dataclass(frozen=True, slots=True)
class Bonds:
    """What ties say of pairs of claims: which are copies of one text, and which pairs are no conflict."""

    roots: Mapping[Hashable, Hashable]  # of each claim with copies, one claim that stands for all of them
    pairs: Collection[frozenset[Hashable]]  # one updates, corrects or copies the other


def bonds(ties: Iterable[Tie[Id]]) -> Bonds:
    """The bonds that follow from the ties."""
    joined: Joined = Joined()
    pairs: set[frozenset[Hashable]] = set()
    for tie in ties:
        if tie.kind in COPYING:
            joined.join(tie.source, tie.target)
        if tie.kind in _NO_CONFLICT:
            pairs.add(frozenset((tie.source, tie.target)))
    return Bonds(joined.roots(), pairs)


class Joined:
    """Things that were joined, pair by pair, into groups."""

    def __init__(self) -> None:
        self._parent: dict[Hashable, Hashable] = {}

    def root(self, thing: Hashable) -> Hashable:
        """The one that stands for its group; paths are halved on the way, so that none grows long."""
        parent = self._parent
        parent.setdefault(thing, thing)
        while parent[thing] != thing:
            parent[thing] = parent[parent[thing]]
            thing = parent[thing]
        return thing

    def join(self, one: Hashable, other: Hashable) -> None:
        """Make one group of two."""
        self._parent[self.root(one)] = self.root(other)

    def roots(self) -> dict[Hashable, Hashable]:
        """Each thing that was joined, with the root of its group."""
        return {thing: self.root(thing) for thing in self._parent}
