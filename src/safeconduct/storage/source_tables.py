"""Archived originals, suggestions and decisions; see `workflows.source_rows` for what is asked and why."""

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, insert, select

from safeconduct.storage.asking import CHUNK
from safeconduct.storage.schema import decisions, source_files, source_readings, suggested_ties, suggestions
from safeconduct.workflows.source_rows import Count, DecisionRow, SourceRow, SuggestionRow, TieRow

_FIELDS = (
    suggestions.c.id, suggestions.c.digest, suggestions.c.starts, suggestions.c.ends, suggestions.c.kind,
    suggestions.c.happening, suggestions.c.body,
)  # fmt: skip
# The newest decision about each thing, and its state; nothing decided is open.
_NEWEST = "LEFT JOIN decisions d ON d.seq = (SELECT max(seq) FROM decisions WHERE about = s.id)"
_STATE = "COALESCE(d.state, 'open')"
_TAKEN = "('accepted', 'amended')"
_CHOSEN = "(? = '' OR s.kind = ?) AND (? = '' OR s.digest = ?)"
_PLACE = "(f.seq, s.starts, s.ends, s.id)"


class SourceTables:
    """See `workflows.source_rows.Sources`."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    # -- originals -----------------------------------------------------------------------------------------------

    def archive(self, row: SourceRow, data: bytes) -> None:
        """Keep an original; its digest must be new."""
        values = {"digest": row.digest, "name": row.name, "size": row.size, "at": row.at, "packed": zlib.compress(data)}
        self._c.execute(insert(source_files), values)

    def rows(self) -> Sequence[SourceRow]:
        """Return all sources in the order in which they were taken in."""
        return [self._row(row) for row in self._c.execute(self._select().order_by(source_files.c.seq))]

    def row(self, digest: str) -> SourceRow | None:
        """Return one source."""
        row = self._c.execute(self._select().where(source_files.c.digest == digest)).one_or_none()
        return None if row is None else self._row(row)

    def _select(self) -> Any:
        columns = source_files.c
        return select(columns.digest, columns.name, columns.size, columns.at, columns.seq)

    def _row(self, row: Any) -> SourceRow:
        return SourceRow(row.digest, row.name, row.size, row.at, row.seq)

    def original(self, digest: str) -> bytes | None:
        """Return the bytes of an original."""
        packed = self._c.execute(select(source_files.c.packed).where(source_files.c.digest == digest)).scalar()
        return None if packed is None else zlib.decompress(packed)

    def note_reading(self, digest: str, body: bytes) -> None:
        """Remember what a source says of itself, in place of an earlier reading."""
        self._c.execute(insert(source_readings).prefix_with("OR REPLACE"), {"digest": digest, "body": body})

    def reading(self, digest: str) -> bytes | None:
        """Return what a source says of itself; None when it has not been read yet."""
        return self._c.execute(select(source_readings.c.body).where(source_readings.c.digest == digest)).scalar()

    def readings(self) -> Mapping[str, bytes]:
        """Return what all sources say of themselves, by digest."""
        return {row.digest: row.body for row in self._c.execute(select(source_readings))}

    def unread(self) -> set[str]:
        """Return digests of sources that have not been read yet."""
        query = select(source_files.c.digest).where(source_files.c.digest.not_in(select(source_readings.c.digest)))
        return set(self._c.execute(query).scalars())

    # -- suggestions ---------------------------------------------------------------------------------------------

    def replace_suggestions(self, digests: Iterable[str], rows: Iterable[SuggestionRow]) -> None:
        """Put new suggestions in place of the undecided ones of the sources."""
        self._c.exec_driver_sql(
            f"DELETE FROM suggestions WHERE id IN (SELECT s.id FROM suggestions s {_NEWEST}"  # noqa: S608
            f" WHERE s.digest IN (SELECT value FROM json_each(?)) AND {_STATE} = 'open')",
            (json.dumps(sorted(digests)),),
        )
        made = [
            {"id": row.id, "digest": row.digest, "starts": row.start, "ends": row.end, "kind": row.kind,
             "happening": row.happening, "body": row.body} for row in rows
        ]  # fmt: skip
        for first in range(0, len(made), CHUNK):
            self._c.execute(insert(suggestions).prefix_with("OR IGNORE"), made[first : first + CHUNK])

    def replace_ties(self, digests: Iterable[str], rows: Iterable[TieRow]) -> None:
        """Put new suggested relations in place of those between suggestions of the sources."""
        inside = "SELECT id FROM suggestions WHERE digest IN (SELECT value FROM json_each(?))"
        listed = json.dumps(sorted(digests))
        self._c.exec_driver_sql(
            f"DELETE FROM suggested_ties WHERE source IN ({inside}) AND target IN ({inside})",  # noqa: S608
            (listed, listed),
        )
        gone = "(SELECT id FROM suggestions)"
        self._c.exec_driver_sql(
            f"DELETE FROM suggested_ties WHERE source NOT IN {gone} OR target NOT IN {gone}"  # noqa: S608
        )
        made = [{"id": r.id, "source": r.source, "target": r.target, "kind": r.kind, "method": r.method} for r in rows]
        for first in range(0, len(made), CHUNK):
            self._c.execute(insert(suggested_ties).prefix_with("OR IGNORE"), made[first : first + CHUNK])

    def suggestion(self, suggestion_id: str) -> SuggestionRow | None:
        """Return one suggestion."""
        row = self._c.execute(select(*_FIELDS).where(suggestions.c.id == suggestion_id)).one_or_none()
        return None if row is None else SuggestionRow(*row)

    def suggestions(self, digest: str) -> Sequence[SuggestionRow]:
        """Return the suggestions of a source in the order of the text."""
        query = select(*_FIELDS).where(suggestions.c.digest == digest)
        ordered = query.order_by(suggestions.c.starts, suggestions.c.ends, suggestions.c.id)
        return [SuggestionRow(*row) for row in self._c.execute(ordered)]

    def next_open(self, *, kind: str = "", digest: str = "", after: str = "") -> str | None:
        """Return the first open suggestion (behind one of them), by source and place; from the start if none is."""
        ask = (
            "SELECT s.id FROM suggestions s JOIN source_files f ON f.digest = s.digest "  # noqa: S608
            f"{_NEWEST} WHERE {_CHOSEN} AND {_STATE} = 'open'"
        )
        ordered = f" ORDER BY {_PLACE[1:-1]} LIMIT 1"
        chosen = (kind, kind, digest, digest)
        if after:
            found = self._c.exec_driver_sql(f"{ask} AND {_PLACE} > {self._here()}{ordered}", (*chosen, after)).scalar()
            if found is not None:
                return str(found)
        found = self._c.exec_driver_sql(ask + ordered, chosen).scalar()
        return None if found is None else str(found)

    def beside(self, suggestion_id: str, *, kind: str = "", digest: str = "") -> tuple[str | None, str | None]:
        """Return the suggestion before one and the one behind it, decided or not."""
        found: list[str | None] = []
        for sign, way in (("<", " DESC"), (">", "")):
            order = ", ".join(f"{column}{way}" for column in _PLACE[1:-1].split(", "))
            asked = (
                "SELECT s.id FROM suggestions s JOIN source_files f ON f.digest = s.digest WHERE "  # noqa: S608
                f"{_CHOSEN} AND {_PLACE} {sign} {self._here()} ORDER BY {order} LIMIT 1"
            )
            found.append(self._c.exec_driver_sql(asked, (kind, kind, digest, digest, suggestion_id)).scalar())
        return found[0], found[1]

    @staticmethod
    def _here() -> str:
        """Return a query for the place of the suggestion that is bound to it."""
        return (
            "(SELECT g.seq, t.starts, t.ends, t.id FROM suggestions t JOIN source_files g ON g.digest = t.digest"
            " WHERE t.id = ?)"
        )

    def counts(self) -> Sequence[Count]:
        """Return how many suggestions are in which state, by source and kind."""
        rows = self._c.exec_driver_sql(
            f"SELECT s.digest, s.kind, {_STATE}, count(*) FROM suggestions s {_NEWEST} GROUP BY 1, 2, 3"  # noqa: S608
        )
        return [Count(*row) for row in rows]

    # -- decisions -----------------------------------------------------------------------------------------------

    def decide(self, row: DecisionRow) -> None:
        """Add a decision."""
        values = {
            "about": row.about, "state": row.state, "by": row.by, "at": row.at, "claim": row.claim, "body": row.body,
        }  # fmt: skip
        self._c.execute(insert(decisions), values)

    def decisions(self, about: str) -> Sequence[DecisionRow]:
        """Return all decisions about something, oldest first."""
        columns = decisions.c
        query = select(columns.about, columns.state, columns.by, columns.at, columns.claim, columns.body)
        return [DecisionRow(*row) for row in self._c.execute(query.where(columns.about == about).order_by(columns.seq))]

    def states(self, digest: str) -> Mapping[str, DecisionRow]:
        """Return the newest decision about each suggestion of a source that was ever decided."""
        rows = self._c.exec_driver_sql(
            "SELECT d.about, d.state, d.by, d.at, d.claim, d.body FROM suggestions s JOIN decisions d"
            " ON d.seq = (SELECT max(seq) FROM decisions WHERE about = s.id) WHERE s.digest = ?",
            (digest,),
        )
        return {row[0]: DecisionRow(*row) for row in rows}

    def last_incident(self, *, happening: str = "", digest: str = "") -> str:
        """Return the incident of the newest acceptance of a happening or of a source, empty when there is none."""
        column, value = ("happening", happening) if happening else ("digest", digest)
        found = self._c.exec_driver_sql(
            f"SELECT json_extract(d.body, '$.incident') FROM suggestions s {_NEWEST}"  # noqa: S608  (a fixed column)
            f" WHERE s.{column} = ? AND d.state IN {_TAKEN} ORDER BY d.seq DESC LIMIT 1",
            (value,),
        ).scalar()
        return str(found or "")

    # -- relations -----------------------------------------------------------------------------------------------

    def ready_ties(self) -> Sequence[tuple[TieRow, str, str]]:
        """Return (relation, claim of its source, claim of its target) where both ends are recorded and none decided."""
        newest = "(SELECT max(seq) FROM decisions WHERE about = {})"
        rows = self._c.exec_driver_sql(
            "SELECT t.id, t.source, t.target, t.kind, t.method, a.claim, b.claim FROM suggested_ties t"  # noqa: S608
            f" JOIN decisions a ON a.seq = {newest.format('t.source')} AND a.state IN {_TAKEN}"
            f" JOIN decisions b ON b.seq = {newest.format('t.target')} AND b.state IN {_TAKEN}"
            f" LEFT JOIN decisions d ON d.seq = {newest.format('t.id')}"
            " WHERE d.state IS NULL OR d.state = 'open' OR (d.state != 'rejected' AND d.claim != a.claim || ' ' ||"
            " b.claim) ORDER BY t.id"
        )
        return [(TieRow(*row[:5]), row[5], row[6]) for row in rows]
