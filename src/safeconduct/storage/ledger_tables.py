"""The ledger's entries and complete tree nodes; appending writes O(1) nodes an entry, a proof reads O(log n)."""

import hashlib
from collections.abc import Sequence

from sqlalchemy import Connection, func, insert, select

from safeconduct.ledger.merkle import Frontier, leaf_hash
from safeconduct.storage.schema import ledger_entries as entries
from safeconduct.storage.schema import ledger_nodes as nodes
from safeconduct.workflows.rows import StoredEntry


class LedgerTables:
    """See `workflows.tables.Ledger`."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection
        self._frontier: Frontier | None = None

    def append(self, kind: str, envelope: bytes, nonce: bytes, at: int) -> int:
        """Append one entry; return its index."""
        if self._frontier is None:
            self._frontier = Frontier.from_nodes(self.size(), self.node)
        index = self._frontier.size
        entry = hashlib.sha256(nonce + envelope).digest()
        made = self._frontier.append([leaf_hash(entry)])
        self._c.execute(insert(entries), {"idx": index, "kind": kind, "nonce": nonce, "envelope": envelope, "at": at})
        self._c.execute(insert(nodes), [{"level": level, "idx": i, "hash": h} for level, i, h in made])
        return index

    def entry(self, index: int) -> StoredEntry | None:
        """Return the entry at `index`."""
        row = self._c.execute(select(entries).where(entries.c.idx == index)).one_or_none()
        return None if row is None else StoredEntry(row.idx, row.kind, row.nonce, row.envelope, row.at)

    def find(self, kind: str) -> Sequence[StoredEntry]:
        """Return all entries of a kind, oldest first."""
        rows = self._c.execute(select(entries).where(entries.c.kind == kind).order_by(entries.c.idx))
        return [StoredEntry(r.idx, r.kind, r.nonce, r.envelope, r.at) for r in rows]

    def size(self) -> int:
        """Return how many entries there are."""
        newest = self._c.execute(select(func.max(entries.c.idx))).scalar()
        return 0 if newest is None else int(newest) + 1

    def root(self, size: int | None = None) -> bytes:
        """Return the Merkle root (of the first `size` entries)."""
        return Frontier.from_nodes(self.size() if size is None else size, self.node).root()

    def node(self, level: int, index: int) -> bytes:
        """Return a complete node's hash."""
        row = self._c.execute(select(nodes.c.hash).where(nodes.c.level == level, nodes.c.idx == index)).scalar_one()
        return bytes(row)
