"""What the loose claims of one figure, day, basis and clearness come to, kept so that no reading counts them again."""

# ruff: noqa: S608  (the texts that are put together are constants of this file; every value is bound)

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from safeconduct.storage.schema import claims

_ONE_DAY = "incident = ? AND figure = ? AND day = ? AND basis = ? AND ambiguous = ?"
DAY = (claims.c.incident, claims.c.figure, claims.c.day, claims.c.basis, claims.c.ambiguous)
_ENDS = "count(*), min(rank), max(rank), min(line), max(line), min(low), max(low), max(high)"
_KEY = "incident, figure, day, basis, ambiguous"
_MAKE_DAY = (
    f"INSERT INTO claim_days SELECT {_KEY}, {_ENDS} FROM claims INDEXED BY claims_sort"
    f" WHERE {_ONE_DAY} AND tied = 0 AND figure IS NOT NULL GROUP BY {_KEY}"
)
_ADD_DAY = (
    "INSERT INTO claim_days VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT DO UPDATE SET number = number + 1, lowest = min(lowest, excluded.lowest),"
    " highest = max(highest, excluded.highest), oldest = min(oldest, excluded.oldest),"
    " newest = max(newest, excluded.newest), low = min(low, excluded.low), top_low = max(top_low, excluded.top_low),"
    " high = max(high, excluded.high)"
)


def add_to_days(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add new claims of figures, given as rows of `claims`, to their days."""
    connection.exec_driver_sql(_ADD_DAY, [_of_day(row) for row in rows])


def remake_days(connection: Connection, days: Sequence[tuple[Any, ...]]) -> None:
    """Reckon days again, from claims that are still loose."""
    connection.exec_driver_sql(f"DELETE FROM claim_days WHERE {_ONE_DAY}", list(days))
    connection.exec_driver_sql(_MAKE_DAY, list(days))


def _of_day(value: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what one claim adds to its day; its bounds are null or not as its basis is, so no null meets a number."""
    key = (value["incident"], value["figure"], value["day"], value["basis"], value["ambiguous"])
    ends = (value["rank"], value["rank"], value["line"], value["line"], value["low"], value["low"], value["high"])
    return (*key, *ends)
