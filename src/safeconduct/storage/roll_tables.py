"""The private roll. Names and documents are one sealed-at-import body per person; only counts are ever joined."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from safeconduct.storage.asking import ASK, CHUNK
from safeconduct.storage.schema import departures, groups, imports, people


class RollTables:
    """See `workflows.ports.Roll`."""

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
        """Return people, groups, waiting, passed, departed (in people)."""
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
        moved = 0
        wanted = list(ids)
        for start in range(0, len(wanted), ASK):
            where = [groups.c.group_id.in_(wanted[start : start + ASK]), groups.c.state != state]
            if was is not None:
                where.append(groups.c.state == was)
            change = update(groups).where(*where).values(state=state, changed_at=at).returning(groups.c.heads)
            moved += sum(self._c.execute(change).scalars())
        return moved

    def depart(self, at: int) -> int:
        """Let all who passed depart; return how many people did."""
        passed = groups.c.state == "passed"
        moved = int(self._c.execute(select(func.coalesce(func.sum(groups.c.heads), 0)).where(passed)).scalar_one())
        if moved:
            self._c.execute(update(groups).where(passed).values(state="departed", changed_at=at))
            self._c.execute(insert(departures), {"at": at, "people": moved})
        return moved

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
