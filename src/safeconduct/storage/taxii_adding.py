"""How versions of STIX objects come into a collection: in their order, each once, the earliest and latest marked."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, update

from safeconduct.storage.schema import taxii_objects as objects
from safeconduct.storage.taxii_names import Held, Names, keys_of
from safeconduct.storage.taxii_ready import KEEP, MOVE, NEWEST, NEXT
from safeconduct.workflows.taxii_rows import Added, NewObject

Version = tuple[int, int]  # an object's version in microseconds, and its version of STIX


class Row(NamedTuple):
    """A row of `taxii_objects`, in the order of its columns."""

    seq: int
    collection: int
    added: int
    id: str
    type: str
    version: int
    spec: int
    first: int
    last: int
    body: bytes
    object: int


Made = tuple[list[Added], list[Row]]  # what became of each, and the rows of those that are new


class Adding:
    """Adds to one collection, within one transaction."""

    def __init__(self, connection: Connection, collection: int) -> None:
        self._c, self._collection = connection, collection
        self._names = Names(connection)

    def add(self, new: Sequence[NewObject], at: int) -> list[Added]:
        """Keep versions in their order from `at` on, in microseconds; one that is kept already stays as it is."""
        if not new:
            return []
        [(newest,)], [(seq,)] = NEWEST.rows(self._c, {"which": self._collection}), NEXT.rows(self._c, {})
        added = max(at, int(newest) + 1)
        keys = keys_of(self._collection, (one.id for one in new))
        held = self._names.held(self._collection, keys)
        if not held and len(keys) == len(new):  # as nearly always
            done, rows = self._all_new(new, added, int(seq))
        else:
            done, rows = self._some_known(new, added, int(seq), held)
        KEEP.tuples(self._c, rows)
        self._names.add([(keys[row.id], row.seq) for row in rows if row.seq == row.object])
        if rows:
            largest = max(len(row.body) for row in rows)
            MOVE.rows(self._c, {"which": self._collection, "upto": added + len(rows) - 1, "size": largest})
        return done

    def _all_new(self, new: Sequence[NewObject], added: int, seq: int) -> Made:
        done: list[Added] = []
        rows: list[Row] = []
        for number, (name, kind, said, body, spec) in enumerate(new):
            at, own = added + number, seq + number
            version = at if said is None else said
            done.append(Added(version, fresh=True))
            rows.append(Row(own, self._collection, at, name, kind, version, spec, 1, 1, body, own))
        return done, rows

    def _some_known(self, new: Sequence[NewObject], added: int, seq: int, held: Sequence[Held]) -> Made:
        numbers = {one.id: one.object for one in held}
        before: dict[str, set[Version]] = {}
        for one in held:
            before.setdefault(one.id, set()).add((one.version, one.spec))
        now = {name: set(versions) for name, versions in before.items()}
        done: list[Added] = []
        fresh: list[Row] = []
        for name, kind, said, body, spec in new:
            versions = now.setdefault(name, set())
            version = said
            if version is None:  # without versions: the first that came stays
                version = min(versions)[0] if versions else added + len(fresh)
            done.append(Added(version, (version, spec) not in versions))
            if done[-1].fresh:
                versions.add((version, spec))
                at, own = added + len(fresh), seq + len(fresh)
                number = numbers.setdefault(name, own)
                fresh.append(Row(own, self._collection, at, name, kind, version, spec, 0, 0, body, number))
        ends = {name: _ends(versions) for name, versions in now.items()}
        self._unmark(numbers, before, ends)
        return done, [_marked(row, *ends[row.id]) for row in fresh]

    def _unmark(
        self, numbers: Mapping[str, int], before: Mapping[str, set[Version]],
        ends: Mapping[str, tuple[Version, Version]],
    ) -> None:  # fmt: skip
        """Take the marks off versions that are the earliest or the latest no more."""
        for name, versions in before.items():
            (first, last), (low, high) = _ends(versions), ends[name]
            mine = update(objects).where(objects.c.object == numbers[name])
            if first != low:
                self._c.execute(mine.where(is_version(first)).values(first=0))
            if last != high:
                self._c.execute(mine.where(is_version(last)).values(last=0))


def mark_anew(connection: Connection, number: int, left: Sequence[Held]) -> None:
    """Mark the earliest and the latest of what is left of an object."""
    first, last = _ends({(one.version, one.spec) for one in left})
    mine = update(objects).where(objects.c.object == number)
    connection.execute(mine.values(first=is_version(first), last=is_version(last)))


def is_version(version: Version) -> ColumnElement[bool]:
    """Return the condition that names one version of an object."""
    return and_(objects.c.version == version[0], objects.c.spec == version[1])


def _marked(row: Row, first: Version, last: Version) -> Row:
    mine = row.version, row.spec
    return row._replace(first=int(mine == first), last=int(mine == last))


def _ends(held: set[Version]) -> tuple[Version, Version]:
    """Return the earliest and the latest in the newest version of STIX in which an object is there."""
    newest = max(spec for _, spec in held)
    mine = [one for one in held if one[1] == newest]
    return min(mine), max(mine)
