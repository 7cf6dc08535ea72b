"""One SQLite file in WAL with `synchronous=FULL`, one writer at a time, and the tree head in a second file.

Order of a write (the storage contract of `workflows.ports`): `BEGIN IMMEDIATE`, rows and ledger entry, `COMMIT`; then
the head file moves by compare-and-swap. On start a head behind the database is caught up by the same function, after a
check that it is a prefix; a head ahead of the database means that an older copy was restored, and nothing is signed.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError, OperationalError

from safeconduct.errors import NodeUnavailable
from safeconduct.ledger.merkle import Frontier
from safeconduct.storage import schema, taxii_names
from safeconduct.storage.alert_tables import AlertTables
from safeconduct.storage.checkpoints import Checkpoints
from safeconduct.storage.claim_tables import ClaimTables
from safeconduct.storage.conflict_tables import ConflictTables
from safeconduct.storage.connections import Kept, changes, open_engine
from safeconduct.storage.device_tables import DeviceTables
from safeconduct.storage.exchange_tables import ExchangeTables
from safeconduct.storage.ledger_tables import LedgerTables
from safeconduct.storage.pass_tables import PassTables
from safeconduct.storage.record_tables import OutboxTables, RecordTables
from safeconduct.storage.roll_tables import RollTables
from safeconduct.storage.source_tables import SourceTables
from safeconduct.storage.spoken_tables import SpokenTables
from safeconduct.storage.taxii_tables import TaxiiTables
from safeconduct.storage.tree_head import TreeHead


@dataclass(slots=True)
class SqlTx:
    """One transaction: the repositories on one connection."""

    ledger: LedgerTables
    roll: RollTables
    passes: PassTables
    devices: DeviceTables
    alerts: AlertTables
    records: RecordTables
    claims: ClaimTables
    sources: SourceTables
    outbox: OutboxTables
    taxii: TaxiiTables
    exchange: ExchangeTables
    spoken: SpokenTables
    conflicts: ConflictTables

    @contextmanager
    def attempt(self) -> Iterator[Callable[[], None]]:
        """Open a part of the transaction that can be taken back; see `workflows.tables.Tx`."""
        connection = self.exchange.connection
        connection.exec_driver_sql("SAVEPOINT attempt")
        undone = False

        def undo() -> None:
            nonlocal undone
            if not undone:
                connection.exec_driver_sql("ROLLBACK TO attempt")
                self.ledger.forget()
                undone = True

        try:
            yield undo
        except BaseException:
            if not isinstance(raw := connection.connection.dbapi_connection, sqlite3.Connection) or raw.in_transaction:
                undo()
                connection.exec_driver_sql("RELEASE attempt")
            raise
        connection.exec_driver_sql("RELEASE attempt")


class SqliteStore:
    """A node's database; see the storage contract in `workflows.ports`."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        """Open the store in `folder`.

        Raises:
            NodeUnavailable: the database is missing, locked, no database, of a newer schema, or older than its head.
        """
        self._path = folder / "node.db"
        if not create and not self._path.exists():
            raise NodeUnavailable("no-database", f"{self._path}: the database is missing; `safeconduct init` makes one")
        self._engine = open_engine(self._path)
        self._kept = Kept(self._engine)
        self._head = TreeHead(folder / "head.db", self._path)
        self._edge: Frontier | None = None  # of the tree, as this process wrote or read it last
        self._lock = threading.Lock()
        self._checkpoints = Checkpoints(self._path, self._lock)
        with self._plainly():
            self._prepare(create=create)
            self._settle()

    def close(self) -> None:
        """Close both files."""
        self._checkpoints.close()
        self._kept.close()
        self._engine.dispose()
        self._head.close()

    @contextmanager
    def transaction(self) -> Iterator[SqlTx]:
        """Open an atomic, durable, serialised write; the tree head moves after its commit."""
        with self._lock, self._plainly(), self._kept.one() as connection:
            raw = connection.connection.cursor()  # the driver's own, as in `reading`
            raw.execute("BEGIN IMMEDIATE")
            tx = _tx(connection, self._edge)
            before, rows = tx.ledger.size(), changes(connection)
            yield tx
            edge = tx.ledger.edge()
            raw.execute("COMMIT")
            self._edge = edge
            self._checkpoints.wrote(changes(connection) - rows)
            if edge.size > before:
                self._head.move(edge, tx.ledger.root)

    @contextmanager
    def reading(self) -> Iterator[SqlTx]:
        """Open a consistent read."""
        with self._plainly(), self._kept.one() as connection:
            raw = connection.connection.cursor()  # the driver's own: SQLAlchemy's way costs more than a short read
            raw.execute("BEGIN")
            yield _tx(connection)

    def changes(self) -> int:
        """Return a number that grows with every committed write of any process."""
        with self._plainly(), self._kept.one() as connection:
            row = connection.execute(
                text(
                    "SELECT (SELECT COALESCE(MAX(idx)+1,0) FROM ledger_entries) "
                    "+ (SELECT COALESCE(MAX(seq),0) FROM records) + (SELECT COALESCE(MAX(id),0) FROM departures) "
                    "+ (SELECT COALESCE(MAX(id),0) FROM events)"
                )
            ).scalar_one()
        return int(row)

    @contextmanager
    def _plainly(self) -> Iterator[None]:
        """Turn the database's own errors into one line."""
        try:
            yield
        except OperationalError as error:
            code, hint = ("database-locked", "another program holds it") if "locked" in str(error) else (
                "database-failed", str(error.orig))  # fmt: skip
            raise NodeUnavailable(code, f"{self._path}: {hint}") from None
        except DatabaseError as error:
            if isinstance(error.orig, sqlite3.IntegrityError):
                raise
            raise NodeUnavailable("database-failed", f"{self._path}: {error.orig}") from None
        except sqlite3.DatabaseError as error:  # from a cursor of the driver's own
            if isinstance(error, sqlite3.IntegrityError):
                raise
            code, hint = ("database-locked", "another program holds it") if "locked" in str(error) else (
                "database-failed", str(error))  # fmt: skip
            raise NodeUnavailable(code, f"{self._path}: {hint}") from None

    def _prepare(self, *, create: bool) -> None:
        with self._engine.connect() as connection:
            found = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
            if found > schema.SCHEMA_VERSION:
                raise NodeUnavailable(
                    "newer-schema",
                    f"{self._path}: written by a newer safeconduct (schema {found}, this one knows "
                    f"{schema.SCHEMA_VERSION}); install the newer version",
                )
            if found == 0 and not create:
                raise NodeUnavailable("no-database", f"{self._path}: holds no node; `safeconduct init` makes one")
            if found < schema.SCHEMA_VERSION:  # a new node, or tables that an older version did not have
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                schema.metadata.create_all(connection)
                AlertTables(connection).backfill()
                taxii_names.prepare(connection)
                connection.exec_driver_sql(f"PRAGMA user_version={schema.SCHEMA_VERSION}")
                connection.exec_driver_sql("COMMIT")
        self._head.prepare()

    def _settle(self) -> None:
        """Move the head to the database's size, as after a commit that a crash cut off from it."""
        with self._kept.one() as connection:
            ledger = LedgerTables(connection)
            self._edge = ledger.edge()
            self._head.move(self._edge, ledger.root)


def _tx(connection: Connection, edge: Frontier | None = None) -> SqlTx:
    ledger = LedgerTables(connection, edge)
    return SqlTx(
        ledger=ledger,
        roll=RollTables(connection),
        passes=PassTables(connection),
        devices=DeviceTables(connection),
        alerts=AlertTables(connection),
        records=RecordTables(connection),
        claims=ClaimTables(connection),
        sources=SourceTables(connection),
        outbox=OutboxTables(connection),
        taxii=TaxiiTables(connection),
        exchange=ExchangeTables(connection),
        spoken=SpokenTables(connection),
        conflicts=ConflictTables(connection),
    )


def search_everywhere(path: Path, needles: list[str]) -> dict[str, int]:
    """Count in how many rows of a database file each text occurs, in any table and column, as text or bytes.

    This is what an investigator does with a seized file; it uses none of the code above but the table list.
    """
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    found = dict.fromkeys(needles, 0)
    try:
        tables = [r[0] for r in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        for table in tables:
            for row in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608  (names from the file itself)
                blob = b"\x00".join(
                    c if isinstance(c, bytes) else str(c).encode() for c in row if c is not None
                ).lower()
                for needle in needles:
                    if needle.lower().encode() in blob:
                        found[needle] += 1
    finally:
        connection.close()
    return found
