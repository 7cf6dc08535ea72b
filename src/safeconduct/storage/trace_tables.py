"""What sent releases told, found by cell, by source and by reader: see `alerts.earlier`."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Select, and_, func, insert, or_, select, union
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.sql.elements import ColumnElement

from safeconduct.alerts import release as releases_room
from safeconduct.alerts.earlier import Earlier, Question, Trace, trace_of
from safeconduct.storage.schema import (
    release_cells,
    release_pools,
    release_versions,
    releases,
    report_sources,
    source_cells,
)
from safeconduct.workflows.rows import ReleaseRow

C = release_cells.c
COLUMNS = (C.release, C.version, C.report, C.partner, C.cell, C["class"], C.window_from, C.window_to, C.actor)


class TraceTables:
    """The part of `workflows.tables.Alerts` that policies ask."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def trace(self, row: ReleaseRow) -> None:
        """Keep what a version of a release that is sent tells."""
        self._c.execute(insert(release_cells), _values(row))

    def backfill(self) -> None:
        """Fill the table from releases of an older database; does nothing where anything is in it."""
        if self._c.execute(select(C.release).limit(1)).first() is not None:
            return
        first = select(releases).where(releases.c.direction == "sent")
        rows = [ReleaseRow(*one) for one in self._c.execute(first)]
        later = select(release_versions).join(releases, releases.c.id == release_versions.c.release)
        rows += [
            ReleaseRow(one.release, "sent", one.body, one.report, one.withheld, one.issued, one.ledger_index)
            for one in self._c.execute(later.where(releases.c.direction == "sent"))
        ]
        if rows:
            self._c.execute(insert(release_cells), [_values(row) for row in rows])

    def earlier(self, asked: Question) -> Earlier:
        """Return the cells that count, each kind by its own index."""
        here = C.partner.in_(asked.readers)
        return Earlier(
            touching=self._cells(_within([asked.widest]), here),
            alike=self._cells(_within(asked.near), and_(here, *_alike(asked))),
            continued=self._cells([C.release == asked.release_id], here) if asked.release_id else frozenset(),
            sourced=self._cells([C.report.in_(asked.reports)], here) | self._tagged(asked),
        )

    def counting(self, asked: Question, limit: int) -> tuple[Sequence[tuple[Trace, Sequence[bytes]]], int]:
        """Return the newest of the releases that count, with the tags of their sources, and how many there are."""
        kinds = [
            *_within([asked.widest]),
            *(and_(one, *_alike(asked)) for one in _within(asked.near)),
            C.release == asked.release_id,
            _sourced(asked),
        ]
        which = and_(C.partner.in_(asked.readers), or_(*kinds))
        total = self._c.execute(select(func.count()).select_from(release_cells).where(which)).scalar_one()
        newest = select(*COLUMNS).where(which).order_by(C.ledger_index.desc()).limit(limit)
        return [(Trace(*one), self._tags(one.report)) for one in self._c.execute(newest).all()], total

    def reports_released_after(self, index: int) -> Sequence[tuple[str, int]]:
        """Return the reports behind what was sent after a ledger index, each with the newest such index."""
        query = select(C.report, func.max(C.ledger_index)).where(C.ledger_index > index, C.report.is_not(None))
        return [(one[0], one[1]) for one in self._c.execute(query.group_by(C.report).order_by(C.report))]

    def tag_report(self, report_id: str, tags: Iterable[bytes]) -> None:
        """Keep the tags of a report's sources."""
        named = self._c.execute(select(C.partner, C.cell).where(C.report == report_id).distinct()).all()
        rows = [{"tag": tag, "report": report_id} for tag in tags]
        places = [{"tag": row["tag"], "partner": one.partner, "cell": one.cell} for row in rows for one in named]
        for table, values in ((report_sources, rows), (source_cells, places)):
            if values:
                self._c.execute(upsert(table).on_conflict_do_nothing(), values)

    def add_pools(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Keep who compares with whom."""
        rows = [{"partner": one, "other": other} for one, other in pairs]
        if rows:
            self._c.execute(upsert(release_pools).on_conflict_do_nothing(), rows)

    def pools(self) -> Sequence[tuple[str, str]]:
        """Return all declared pairs."""
        return [(one.partner, one.other) for one in self._c.execute(select(release_pools))]

    def _cells(self, places: Sequence[ColumnElement[bool]], also: ColumnElement[bool]) -> frozenset[str]:
        """Return the different cells of some ranges, one index search for each range."""
        parts: list[Select[Any]] = [select(C.cell).where(one, also).distinct() for one in places]
        return frozenset(self._c.execute(union(*parts) if len(parts) > 1 else parts[0]).scalars())

    def _tagged(self, asked: Question) -> frozenset[str]:
        """Return the cells of releases that rest on one of the sources, each once however many releases there are."""
        marked = and_(source_cells.c.tag.in_(asked.tags), source_cells.c.partner.in_(asked.readers))
        return frozenset(self._c.execute(select(source_cells.c.cell).where(marked).distinct()).scalars())

    def _tags(self, report_id: str | None) -> Sequence[bytes]:
        query = select(report_sources.c.tag).where(report_sources.c.report == report_id)
        return list(self._c.execute(query).scalars())


def _within(cells: Sequence[str]) -> list[ColumnElement[bool]]:
    """Conditions that together hold for every cell that contains one of these or lies in one: an index range each."""
    above = sorted({one[:level] for one in cells for level in range(1, len(one))})
    return [C.cell.in_(above), *(and_(C.cell >= one, C.cell < one + "4") for one in cells)]


def _alike(asked: Question) -> tuple[ColumnElement[bool], ...]:
    return (
        C["class"] == asked.threatened_class,
        C.window_from < asked.window_to,
        C.window_to > asked.window_from,
    )


def _sourced(asked: Question) -> ColumnElement[bool]:
    tagged = select(report_sources.c.report).where(report_sources.c.tag.in_(asked.tags))
    return or_(C.report.in_(asked.reports), C.report.in_(tagged))


def _values(row: ReleaseRow) -> dict[str, Any]:
    told = trace_of(releases_room.from_json(row.body), row.report)
    return {
        "release": told.release_id, "version": told.version, "report": told.report, "partner": told.partner,
        "cell": told.area, "class": told.threatened_class, "window_from": told.window_from,
        "window_to": told.window_to, "actor": told.actor, "ledger_index": row.ledger_index,
    }  # fmt: skip
