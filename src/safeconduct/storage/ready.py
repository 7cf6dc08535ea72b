"""Questions that are asked thousands of times a second: compiled once from SQLAlchemy's form, then run by the driver.

Building and looking up a statement costs SQLAlchemy more than SQLite needs to answer a short one (measured: 110 µs
against 10 µs). What is asked and of which tables is still said in one place and in one form.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import Connection, Delete, Insert, Select, Update
from sqlalchemy.sql.compiler import SQLCompiler

T = TypeVar("T")
AT_ONCE = 50  # rows that one statement inserts


class Ready:
    """One statement whose values are named by `bindparam`, or are columns of an insert or update."""

    def __init__(
        self, statement: Select[Any] | Insert | Update | Delete, *, index: tuple[str, str] | None = None
    ) -> None:
        """Keep a statement; `index` is (table, index) that SQLite must use for it, or fail."""
        self._statement, self._index = statement, index
        self._compiled: dict[str, tuple[str, Sequence[str], Mapping[str, Any]]] = {}
        self._lock = Lock()

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        """Run it once and return all rows, as the driver's tuples."""
        return self._run(connection, values, lambda cursor: list(cursor.fetchall()))

    def change(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """Run it once and return how many rows it changed."""
        return self._run(connection, values, lambda cursor: int(cursor.rowcount))

    def many(self, connection: Connection, values: Iterable[Mapping[str, Any]]) -> None:
        """Insert a row for each of the mappings; none of them may leave a value out.

        Many rows go in one statement: row by row the interpreter's lock would change hands for each of them, for which
        all other threads wait.
        """
        _, names, _ = self._for(connection)
        pick = itemgetter(*names) if len(names) > 1 else lambda one: (one[names[0]],)
        self.tuples(connection, list(map(pick, values)))

    def tuples(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert rows whose values stand in the order of the table's columns; see `many`."""
        text = self._for(connection)[0]
        cursor = connection.connection.cursor()
        try:
            for start in range(0, len(rows), AT_ONCE):
                part = rows[start : start + AT_ONCE]
                cursor.execute(_of_rows(text, len(part)), list(chain.from_iterable(part)))
        finally:
            cursor.close()

    def _run(self, connection: Connection, values: Mapping[str, Any], take: Callable[[Any], T]) -> T:
        text, names, own = self._for(connection)
        given = {**own, **values}
        cursor = connection.connection.cursor()
        try:
            cursor.execute(text, [given[name] for name in names])
            return take(cursor)
        finally:
            cursor.close()

    def _for(self, connection: Connection) -> tuple[str, Sequence[str], Mapping[str, Any]]:
        """Return the driver's text, the names of its values in their order, and those that the statement has itself."""
        dialect = connection.dialect
        found = self._compiled.get(dialect.name)
        if found is None:
            with self._lock:
                compiled = self._statement.compile(dialect=dialect)
                assert isinstance(compiled, SQLCompiler) and compiled.positiontup is not None  # noqa: S101, PT018
                text = str(compiled)
                if self._index is not None and dialect.name == "sqlite":  # SQLAlchemy passes no hints to SQLite
                    table, index = self._index
                    text = re.sub(rf"FROM {table} (?!AS )", f"FROM {table} INDEXED BY {index} ", text, count=1)
                found = text, tuple(compiled.positiontup), dict(compiled.params)
                self._compiled[dialect.name] = found
        return found


@lru_cache(maxsize=1_024)
def _of_rows(text: str, rows: int) -> str:
    """Return an insert of one row as one of several."""
    head, _, row = text.partition(" VALUES ")
    return f"{head} VALUES {', '.join([row] * rows)}"
