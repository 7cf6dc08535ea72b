"""The tree head that was signed last, in a file of its own: it tells when an older copy of the database was restored.

It moves by compare-and-swap after each commit of the database, and at the start by the same code.
"""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from safeconduct.errors import NodeUnavailable
from safeconduct.ledger.merkle import Frontier
from safeconduct.storage.connections import Kept, open_engine

_TABLE = "CREATE TABLE IF NOT EXISTS head (id INTEGER PRIMARY KEY, size INTEGER, root BLOB)"


class TreeHead:
    """Size and root of the tree as they were signed last."""

    def __init__(self, path: Path, database: Path) -> None:
        """Open the head of a database; `database` is what errors name."""
        # What a loss of power takes back here is caught up from the database, which is on disk before (decision 0016).
        self._engine = open_engine(path, synchronous="NORMAL")
        self._kept = Kept(self._engine)
        self._database = database
        self._moved: tuple[int, bytes] | None = None  # as this process left it: known to be of this tree

    def prepare(self) -> None:
        """Make the file's table, with the head of the empty tree."""
        with self._kept.one() as connection:
            connection.exec_driver_sql(_TABLE)
            connection.exec_driver_sql("INSERT OR IGNORE INTO head VALUES (1, 0, x'')")

    def move(self, tree: Frontier, root_at: Callable[[int], bytes]) -> None:
        """Move the head to the tree's size.

        Args:
            tree: the edge of the tree as the database holds it.
            root_at: gives the root of the tree's first n entries, read from the database.

        Raises:
            NodeUnavailable: `rolled-back`, if what was signed before is no prefix of the tree.
        """
        with self._kept.one() as connection, closing(connection.connection.cursor()) as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            size, root = cursor.execute("SELECT size, root FROM head").fetchone()
            self._check(size, root, tree, root_at)
            if tree.size > size:
                new = tree.size, tree.root()
                cursor.execute("UPDATE head SET size=?, root=? WHERE size=? AND root=?", (*new, size, root))
                cursor.execute("COMMIT")
                self._moved = new
            else:
                cursor.execute("ROLLBACK")

    def close(self) -> None:
        """Close the file."""
        self._kept.close()
        self._engine.dispose()

    def _check(self, size: int, root: bytes, tree: Frontier, root_at: Callable[[int], bytes]) -> None:
        if size <= tree.size and (not size or (size, root) == self._moved or root_at(size) == root):
            return
        raise NodeUnavailable(
            "rolled-back",
            f"{self._database}: holds {tree.size} ledger entries, but {size} were signed before; "
            "an older copy was restored, and this node refuses to sign",
        )
