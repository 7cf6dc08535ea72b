"""Which objects TAXII collections hold: each id has a number, found by a key that is made of collection and id.

Ids are random. In one index of a million of them each new one lies on a page of its own, and a post of a hundred
objects would write a hundred pages for it. So new names wait in a small part of the table. Beyond `WAITING` as many as
came in go on to the large part: neighbours by key, so that they share pages there (decision 0017).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, insert, literal_column, select, update

from safeconduct.storage.asking import among
from safeconduct.storage.ready import Ready
from safeconduct.storage.schema import taxii_names as names
from safeconduct.storage.schema import taxii_objects as objects
from safeconduct.storage.schema import taxii_sweep as sweep

WAITING = 16_384  # names; measured from 1,024 to 32,768, see decision 0017
LAST = (1 << 63) - 1  # key
same = objects.alias("same")
_EITHER = names.c.settled.in_([literal_column("0"), literal_column("1")])  # written out: both are one search each
_WAITS = names.c.settled == literal_column("0")

HELD = Ready(
    select(objects.c.collection, objects.c.id, objects.c.object, objects.c.version, objects.c.spec).where(
        objects.c.object.in_(select(names.c.object).where(_EITHER, names.c.key.in_(among("keys"))))
    )
)
KEEP = Ready(insert(names))
SWEPT = Ready(select(sweep.c.next, sweep.c.waiting))
REACHES = Ready(
    select(names.c.key)
    .where(_WAITS, names.c.key >= bindparam("start"))
    .order_by(names.c.key)
    .limit(1)
    .offset(bindparam("passed"))
)
MOVE = Ready(
    update(names)
    .where(_WAITS, names.c.key.between(bindparam("start"), bindparam("end")))
    .values(settled=literal_column("1"))
)
NOTE = Ready(update(sweep).values(next=bindparam("start"), waiting=bindparam("left")))


class Held(NamedTuple):
    """One version that is kept of an object."""

    id: str
    object: int  # its number
    version: int
    spec: int


class Names:
    """The names of all collections, on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def held(self, collection: int, keys: Mapping[str, int]) -> list[Held]:
        """Return what is kept of objects, in no order; `keys` is what `keys_of` makes of their ids."""
        found = HELD.rows(self._c, {"keys": json.dumps(list(keys.values()))})
        return [Held(*row[1:]) for row in found if row[0] == collection and row[1] in keys]

    def add(self, new: Sequence[tuple[int, int]]) -> None:
        """Keep (key, number) of objects that are new."""
        KEEP.tuples(self._c, [(0, key, number) for key, number in new])
        self._move(len(new))

    def remove(self, key: int, number: int) -> None:
        """Forget the name of an object of which nothing is kept any more."""
        mine = (names.c.key == key, names.c.object == number)
        waited = self._c.execute(delete(names).where(_WAITS, *mine)).rowcount
        if waited:
            self._move(-waited)
        else:
            self._c.execute(delete(names).where(names.c.settled == literal_column("1"), *mine))

    def _move(self, more: int) -> None:
        """Move as many of those that wait as there are too many, from where the last move ended."""
        [(start, waiting)] = SWEPT.rows(self._c, {})
        waiting += more
        if waiting > WAITING:
            reached = REACHES.rows(self._c, {"start": start, "passed": waiting - WAITING - 1})
            end = reached[0][0] if reached else LAST
            waiting -= MOVE.change(self._c, {"start": start, "end": end})
            start = end + 1 if end < LAST else 0
        NOTE.rows(self._c, {"start": start, "left": waiting})


def keys_of(collection: int, ids: Iterable[str]) -> dict[str, int]:
    """Return a number from 0 to 2⁶³ − 1 for each id; whoever makes ids cannot make many with one key."""
    return {one: int.from_bytes(sha256(b"%d/%s" % (collection, one.encode())).digest()[:8]) >> 1 for one in ids}


def prepare(connection: Connection) -> None:
    """Begin to count those that wait, and number what a database of an older version holds."""
    if connection.execute(select(sweep)).first() is not None:
        return
    connection.execute(insert(sweep).values(next=0, waiting=0))
    if "object" in {row[1] for row in connection.exec_driver_sql("PRAGMA table_info(taxii_objects)")}:
        return
    connection.exec_driver_sql("ALTER TABLE taxii_objects ADD COLUMN object INTEGER DEFAULT '0' NOT NULL")
    of_same = select(func.min(same.c.seq)).where(same.c.collection == objects.c.collection, same.c.id == objects.c.id)
    connection.execute(update(objects).values(object=of_same.scalar_subquery()))  # by the index that was
    connection.exec_driver_sql("DROP INDEX taxii_objects_version")
    next(one for one in objects.indexes if one.name == "taxii_objects_version").create(connection)
    found = connection.execute(select(objects.c.collection, objects.c.id, objects.c.object).distinct())
    KEEP.tuples(connection, sorted((1, keys_of(number, [one])[one], own) for number, one, own in found))
