"""How much one statement takes, and how to ask for many passes at once."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Select, bindparam, func, select

CHUNK = 20_000  # rows a statement; bounds memory
ASK = 900  # bound variables a query, below SQLite's oldest limit of 999


def by_batch(pairs: Iterable[tuple[bytes, int]]) -> Iterator[tuple[bytes, Sequence[int]]]:
    """Yield (batch identity, up to `ASK` of its indexes).

    One batch at a time, because SQLite then searches the index on (batch, idx) for each value; asked for pairs it
    walks through all of the index, and a day's merge would grow with all days before it.
    """
    indexes: dict[bytes, list[int]] = {}
    for batch, index in pairs:
        indexes.setdefault(batch, []).append(index)
    for batch, found in indexes.items():
        for start in range(0, len(found), ASK):
            yield batch, found[start : start + ASK]


def among(name: str) -> Select[tuple[Any]]:
    """Return the values of a JSON array that is bound by this name: any number of them in one prepared question."""
    return select(func.json_each(bindparam(name)).table_valued("value").c.value)
