"""The ledger's entries and complete tree nodes; appending writes O(1) nodes an entry, a proof reads O(log n)."""

import hashlib
from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, func, insert, select

from safeconduct.ledger.merkle import Frontier, leaf_hash
from safeconduct.storage.ready import Ready
from safeconduct.storage.schema import ledger_entries as entries
from safeconduct.storage.schema import ledger_nodes as nodes
from safeconduct.workflows.rows import StoredEntry

NEWEST = Ready(select(func.max(entries.c.idx)))
NODE = Ready(select(nodes.c.hash).where(nodes.c.level == bindparam("at_level"), nodes.c.idx == bindparam("at_idx")))
LOGGED = Ready(select(entries.c.at).where(entries.c.idx == bindparam("at_idx")))
APPEND = Ready(insert(entries))
NOTE = Ready(insert(nodes))


class LedgerTables:
    """See `workflows.tables.Ledger`."""

    def __init__(self, connection: Connection, known: Frontier | None = None) -> None:
        """Work on a connection; `known` is the tree's edge as it was last seen, which spares reading it again."""
        self._c = connection
        self._known = known
        self._frontier: Frontier | None = None

    def append(self, kind: str, envelope: bytes, nonce: bytes, at: int) -> int:
        """Append one entry; return its index."""
        edge = self._own()
        index = edge.size
        entry = hashlib.sha256(nonce + envelope).digest()
        made = edge.append([leaf_hash(entry)])
        APPEND.rows(self._c, {"idx": index, "kind": kind, "nonce": nonce, "envelope": envelope, "at": at})
        NOTE.many(self._c, [{"level": level, "idx": i, "hash": h} for level, i, h in made])
        return index

    def edge(self) -> Frontier:
        """Return the tree's size and right edge, with what was appended here."""
        return self._own().copy()

    def forget(self) -> None:
        """Read the tree's edge from the database again: some of what was appended was taken back."""
        self._frontier = None

    def entry(self, index: int) -> StoredEntry | None:
        """Return the entry at `index`."""
        row = self._c.execute(select(entries).where(entries.c.idx == index)).one_or_none()
        return None if row is None else StoredEntry(row.idx, row.kind, row.nonce, row.envelope, row.at)

    def logged_at(self, index: int) -> int | None:
        """Return when the entry at `index` was appended."""
        rows = LOGGED.rows(self._c, {"at_idx": index})
        return int(rows[0][0]) if rows else None

    def find(self, kind: str) -> Sequence[StoredEntry]:
        """Return all entries of a kind, oldest first."""
        rows = self._c.execute(select(entries).where(entries.c.kind == kind).order_by(entries.c.idx))
        return [StoredEntry(r.idx, r.kind, r.nonce, r.envelope, r.at) for r in rows]

    def size(self) -> int:
        """Return how many entries there are."""
        if self._frontier is not None:
            return self._frontier.size
        [(newest,)] = NEWEST.rows(self._c, {})
        return 0 if newest is None else int(newest) + 1

    def root(self, size: int | None = None) -> bytes:
        """Return the Merkle root (of the first `size` entries)."""
        return self._own().root() if size is None else Frontier.from_nodes(size, self.node).root()

    def node(self, level: int, index: int) -> bytes:
        """Return a complete node's hash."""
        [(found,)] = NODE.rows(self._c, {"at_level": level, "at_idx": index})
        return bytes(found)

    def _own(self) -> Frontier:
        """Return the edge to append to; the known one is of this tree if it has its size, since entries only grow."""
        if self._frontier is None:
            size = self.size()
            known = self._known
            usable = known is not None and known.size == size
            self._frontier = known.copy() if known and usable else Frontier.from_nodes(size, self.node)
        return self._frontier
