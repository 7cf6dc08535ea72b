"""Which documents are on one matter: those that share the proper names of one of them."""

import re
from collections import Counter
from collections.abc import Sequence

from safeconduct.incidents.reader.model import Document

_PROPER = re.compile(r"[A-Z][\w’'-]{3,}")
RELATED = 0.2  # share of the proper names of a document that stand in another on the same matter
MOST = 40  # related documents of one, those that share most


class Related:
    """The documents on the matter of each, those that share most names first."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.names = [frozenset(_PROPER.findall(document.plain)) for document in documents]
        self.holders: dict[str, list[int]] = {}
        for place, names in enumerate(self.names):
            for name in names:
                self.holders.setdefault(name, []).append(place)
        self.common = max(20, len(documents) // 4)  # documents that hold a name beyond which it tells nothing
        self.found: dict[int, tuple[int, ...]] = {}

    def to(self, place: int) -> tuple[int, ...]:
        """Positions of the documents related to one, without itself."""
        if place not in self.found:
            shared: Counter[int] = Counter()
            for name in self.names[place]:
                holders = self.holders[name]
                if len(holders) <= self.common:
                    shared.update(holders)
            least = max(2.0, RELATED * len(self.names[place]))
            ordered = sorted(shared.items(), key=lambda row: (-row[1], row[0]))
            self.found[place] = tuple(other for other, count in ordered if other != place and count >= least)[:MOST]
        return self.found[place]
