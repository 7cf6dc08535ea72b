"""What conflicts and counts at gates are read from."""

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from safeconduct.storage.asking import by_batch
from safeconduct.storage.device_tables import USE
from safeconduct.storage.schema import events, quarantined
from safeconduct.workflows.conflict_rows import AsideRow


class ConflictTables:
    """See `workflows.conflict_rows.Conflicts`."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def aside(self) -> Sequence[AsideRow]:
        """Return all that is kept apart, oldest first."""
        q = quarantined.c
        rows = self._c.execute(select(q.device, q.epoch, q.seq, q.why, q.data, q.at).order_by(q.id))
        return [AsideRow(*row) for row in rows]

    def people_at(self, points: Sequence[str]) -> Sequence[tuple[bytes, int, int]]:
        """Return (batch identity, passes, people) of passes used at control points, each once with its most people."""
        most = func.max(events.c.heads).label("most")
        where = (USE, events.c.point.in_(points), events.c.batch.is_not(None))
        each = select(events.c.batch, most).where(*where).group_by(events.c.batch, events.c.idx).subquery()
        query = select(each.c.batch, func.count(), func.sum(each.c.most)).group_by(each.c.batch)
        return [(batch, passes, people) for batch, passes, people in self._c.execute(query)]

    def uses_at(self, points: Sequence[str], pairs: Sequence[tuple[bytes, int]]) -> Sequence[tuple[bytes, int, int]]:
        """Return (batch identity, index, people) of each use of a few passes at control points, oldest first."""
        found: list[tuple[bytes, int, int]] = []
        for identity, indexes in by_batch(pairs):
            where = (USE, events.c.point.in_(points), events.c.batch == identity, events.c.idx.in_(indexes))
            query = select(events.c.idx, events.c.heads).where(*where).order_by(events.c.id)
            found += [(identity, index, heads) for index, heads in self._c.execute(query)]
        return found

    def without_pass(self, points: Sequence[str]) -> int:
        """Return how many people were let through control points on a guard's decision without a pass."""
        where = (USE, events.c.point.in_(points), events.c.batch.is_(None))
        return int(self._c.execute(select(func.coalesce(func.sum(events.c.heads), 0)).where(*where)).scalar_one())
