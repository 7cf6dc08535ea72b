"""The private roll. Names and documents are one sealed-at-import body per person; only counts are ever joined."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, insert, select, update

from safeconduct.storage.asking import ASK, CHUNK, among, by_batch
from safeconduct.storage.ready import Ready
from safeconduct.storage.schema import batches, departures, groups, imports, leavers, passes, people
from safeconduct.workflows.rows import Member

_STAYED = ~exists().where(leavers.c.person_id == people.c.person_id)
_WITH_GROUP = people.join(groups, groups.c.group_id == people.c.group_id)
_ON_ROLL = (groups.c.state.in_(("waiting", "passed")), _STAYED)


class RollTables:
    """See `workflows.tables.Roll`."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def add(self, people_: Iterable[Mapping[str, Any]], groups_: Iterable[Mapping[str, Any]]) -> None:
        """Add people and groups; ids must be new."""
        for table, rows in ((people, list(people_)), (groups, list(groups_))):
            for start in range(0, len(rows), CHUNK):
                self._c.execute(insert(table), rows[start : start + CHUNK])

    def known_ids(self, ids: Sequence[str]) -> set[str]:
        """Return those of the person ids that are in the roll already."""
        return self._known(people.c.person_id, people, ids)

    def known_groups(self, ids: Sequence[str]) -> set[str]:
        """Return those of the group ids that are in the roll already."""
        return self._known(groups.c.group_id, groups, ids)

    def _known(self, column: Any, table: Any, ids: Sequence[str]) -> set[str]:
        if not self._c.execute(select(func.count()).select_from(table)).scalar_one():
            return set()
        found: set[str] = set()
        for start in range(0, len(ids), ASK):
            found.update(self._c.execute(select(column).where(column.in_(ids[start : start + ASK]))).scalars())
        return found

    def counts(self) -> Mapping[str, int]:
        """Return people, groups, waiting, passed, departed (in people); who withdrew or died is not among them."""
        rows = self._c.execute(
            select(groups.c.state, func.count(), func.coalesce(func.sum(groups.c.heads), 0)).group_by(groups.c.state)
        ).all()
        counts = {"people": 0, "groups": 0, "waiting": 0, "passed": 0, "departed": 0}
        for state, how_many, heads in rows:
            counts["groups"] += how_many
            counts["people"] += heads
            counts[state] = heads
        return counts

    def groups(self, ids: Sequence[str] | None = None) -> Sequence[tuple[str, int, str, str]]:
        """Return (group id, heads, class, state)."""
        query = select(groups.c.group_id, groups.c.heads, groups.c["class"], groups.c.state)
        if ids is None:
            return [(g, h, k, s) for g, h, k, s in self._c.execute(query.order_by(groups.c.group_id))]
        found: list[tuple[str, int, str, str]] = []
        for start in range(0, len(ids), ASK):
            part = self._c.execute(query.where(groups.c.group_id.in_(ids[start : start + ASK])))
            found.extend((g, h, k, s) for g, h, k, s in part)
        return found

    def set_state(self, ids: Iterable[str], state: str, at: int, was: str | None = None) -> int:
        """Move groups to a state (only those in `was`, where given); return how many people moved."""
        values = {"among": json.dumps(list(ids)), "to_state": state, "to_at": at, "was": was}
        return sum(row[0] for row in (MOVE if was is None else MOVE_FROM).rows(self._c, values))

    def pass_gate(self, pairs: Iterable[tuple[bytes, int]], at: int) -> None:
        """Let the groups that wait and were admitted with these passes (batch identity, index) be passed."""
        for identity, indexes in by_batch(pairs):
            PASSED.rows(self._c, {"of": identity, "among": json.dumps(indexes), "to_at": at})

    def depart(self, at: int) -> Mapping[str, int]:
        """Let all who passed depart; return how many people of each class did."""
        passed = groups.c.state == "passed"
        kind = people.c["class"]
        query = select(kind, func.count()).select_from(_WITH_GROUP).where(passed, _STAYED).group_by(kind)
        moved = {name: int(count) for name, count in self._c.execute(query)}
        if moved:
            self._c.execute(update(groups).where(passed).values(state="departed", changed_at=at))
            self._c.execute(insert(departures), {"at": at, "people": sum(moved.values())})
        return moved

    def members(self, ids: Sequence[str]) -> Sequence[Member]:
        """Return those of the people that are in the register."""
        columns = (people.c.person_id, people.c.group_id, people.c["class"], groups.c.state, leavers.c.way)
        both = _WITH_GROUP.outerjoin(leavers, leavers.c.person_id == people.c.person_id)
        found: list[Member] = []
        for start in range(0, len(ids), ASK):
            query = select(*columns).select_from(both).where(people.c.person_id.in_(ids[start : start + ASK]))
            found.extend(Member(p, g, k, s, w or "") for p, g, k, s, w in self._c.execute(query))
        return found

    def leave(self, members: Sequence[Member], way: str, reason: str, at: int) -> None:
        """Record people of the roll as out in another way; their groups shrink, and leave with their last person."""
        rows = [{"person_id": m.person_id, "way": way, "reason": reason, "at": at} for m in members]
        self._c.execute(insert(leavers), rows)
        for group, fewer in Counter(m.group for m in members).items():
            left = {"heads": groups.c.heads - fewer, "changed_at": at}
            self._c.execute(update(groups).where(groups.c.group_id == group).values(**left))
            empty = update(groups).where(groups.c.group_id == group, groups.c.heads == 0)
            self._c.execute(empty.values(state="left"))

    def open_cases(self) -> Iterable[tuple[str, str]]:
        """Return (person id, class) of everybody who is still on the roll, one after the other."""
        query = select(people.c.person_id, people.c["class"]).select_from(_WITH_GROUP).where(*_ON_ROLL)
        return ((person_id, kind) for person_id, kind in self._c.execute(query))

    def open_bodies(self) -> Iterable[tuple[str, bytes]]:
        """Return (class, body) of everybody who is still on the roll, one after the other."""
        query = select(people.c["class"], people.c.body).select_from(_WITH_GROUP).where(*_ON_ROLL)
        return ((kind, body) for kind, body in self._c.execute(query))

    def departures(self) -> Sequence[tuple[str, int]]:
        """Return (day, people departed), oldest first."""
        days: dict[str, int] = {}
        for at, count in self._c.execute(select(departures.c.at, departures.c.people).order_by(departures.c.id)):
            day = datetime.fromtimestamp(at, UTC).date().isoformat()
            days[day] = days.get(day, 0) + count
        return list(days.items())

    def was_imported(self, digest: str) -> tuple[int, int] | None:
        """Return (people, groups) of an earlier import of the same bytes."""
        row = self._c.execute(select(imports).where(imports.c.digest == digest)).one_or_none()
        return None if row is None else (row.people, row.groups)

    def note_import(self, digest: str, filename: str, people_: int, groups_: int, at: int) -> None:
        """Remember an import."""
        self._c.execute(
            insert(imports), {"digest": digest, "filename": filename, "people": people_, "groups": groups_, "at": at}
        )


_MOVED = (
    update(groups)
    .where(groups.c.group_id.in_(among("among")), groups.c.state != bindparam("to_state"))
    .values(state=bindparam("to_state"), changed_at=bindparam("to_at"))
    .returning(groups.c.heads)
)
MOVE = Ready(_MOVED)
# The state is compared as an expression, so that SQLite finds the groups by their ids: by the state's index it would
# walk through all who wait, for each group that passes.
MOVE_FROM = Ready(_MOVED.where(groups.c.state.concat("") == bindparam("was")))
_ADMITTED = (
    select(passes.c.group_id)
    .join(batches, batches.c.number == passes.c.batch)
    .where(batches.c.identity == bindparam("of"), passes.c.idx.in_(among("among")))
)
PASSED = Ready(
    update(groups)
    .where(groups.c.group_id.in_(_ADMITTED), groups.c.state.concat("") == "waiting")
    .values(state="passed", changed_at=bindparam("to_at"))
)
