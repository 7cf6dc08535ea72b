"""SQLite files as this project opens them, and connections to one that are kept between uses.

Taking a connection from SQLAlchemy's pool and giving it back costs more than a short read (measured: 45 µs against
10 µs), and each one's cache of pages is worth keeping.
"""

import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event

BUSY_MS = 5_000  # how long a writer waits for another process before it gives up
# Of 4 KiB: where nothing else does (`storage.checkpoints`), SQLite copies the log into the file once it is this long.
WAL_PAGES = 64_000

STATEMENTS = 512  # prepared ones that a connection keeps; an insert has one for each number of rows


def open_engine(path: Path, *, synchronous: str = "FULL") -> Engine:
    """Return an engine for one file: in WAL, transactions opened explicitly.

    Args:
        path: the file.
        synchronous: FULL: a commit is on disk when it returns; NORMAL: it is there after a crash of this program, and
            a loss of power may take the newest ones back, in their order.
    """
    engine = create_engine(
        f"sqlite:///{path}",
        max_overflow=-1,
        connect_args={"timeout": BUSY_MS / 1000, "check_same_thread": False, "cached_statements": STATEMENTS},
    )  # as many connections as there are threads at once

    @event.listens_for(engine, "connect")
    def _pragmas(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={synchronous}")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA cache_size=-65536")  # KiB
        connection.execute(f"PRAGMA wal_autocheckpoint={WAL_PAGES}")

    return engine


class Kept:
    """Connections to one file; each serves one user at a time and is kept for the next."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._idle: deque[Connection] = deque()

    @contextmanager
    def one(self) -> Iterator[Connection]:
        """Lend a connection; a transaction that its user left open is rolled back."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._engine.connect()
        try:
            yield connection
        finally:
            if roll_back(connection):
                self._idle.append(connection)

    def close(self) -> None:
        """Close those that nobody uses."""
        while self._idle:
            self._idle.pop().close()


def changes(connection: Connection) -> int:
    """Return how many rows a connection has changed since it was opened."""
    raw = connection.connection.dbapi_connection
    return raw.total_changes if isinstance(raw, sqlite3.Connection) else 0


def roll_back(connection: Connection) -> bool:
    """Undo an open transaction, unless SQLite did so itself, as on a full disk; say whether the connection is usable.

    What goes wrong here is passed over: the error that led here is the one to tell.
    """
    raw = connection.connection.dbapi_connection
    if not isinstance(raw, sqlite3.Connection):
        return False
    try:
        if raw.in_transaction:
            raw.execute("ROLLBACK")
    except sqlite3.Error:
        connection.invalidate()
        return False
    return True
