"""Reports (sealed bytes only), releases and answers."""

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select

from safeconduct.seal.canonical import decode_json
from safeconduct.storage.schema import answers, release_versions, releases, reports
from safeconduct.storage.trace_tables import TraceTables
from safeconduct.workflows.rows import AnswerRow, ReleaseRow


class AlertTables(TraceTables):
    """See `workflows.tables.Alerts`."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._c = connection

    def add_report(self, report_id: str, sealed: bytes, at: int) -> None:
        """Store a report's sealed bytes."""
        self._c.execute(insert(reports), {"id": report_id, "sealed": sealed, "at": at})

    def report(self, report_id: str) -> bytes | None:
        """Return a report's sealed bytes."""
        return self._c.execute(select(reports.c.sealed).where(reports.c.id == report_id)).scalar_one_or_none()

    def report_ids(self) -> Sequence[str]:
        """Return all report ids."""
        return list(self._c.execute(select(reports.c.id).order_by(reports.c.at)).scalars())

    def add_release(self, row: ReleaseRow) -> None:
        """Store one version of a release, in whatever order the versions come, and the trace of one that is sent."""
        if row.direction == "sent":
            self.trace(row)
        values = {
            "body": row.body, "report": row.report, "withheld": row.withheld, "issued": row.issued,
            "ledger_index": row.ledger_index,
        }  # fmt: skip
        if self._c.execute(select(releases.c.id).where(releases.c.id == row.id)).one_or_none() is None:
            self._c.execute(insert(releases), {"id": row.id, "direction": row.direction, **values})
            return
        said = decode_json(row.body, where="releases.body")
        numbered = {"release": row.id, "version": said["version"], "revoked": int(said["revoked"])}
        self._c.execute(insert(release_versions), {**numbered, **values})

    def releases(self) -> Sequence[ReleaseRow]:
        """Return all releases, oldest first, each as the version that counts: a withdrawal, else the newest."""
        rows = [ReleaseRow(*r) for r in self._c.execute(select(releases).order_by(releases.c.ledger_index))]
        later = self._later(None)
        return [_counting([row, *later.get(row.id, ())]) for row in rows]

    def release(self, release_id: str) -> ReleaseRow | None:
        """Return the version of a release that counts: a withdrawal, else the newest."""
        found = self.versions(release_id)
        return _counting(found) if found else None

    def versions(self, release_id: str | None = None) -> Sequence[ReleaseRow]:
        """Return every version of one release (of all of them, by default) that is held, by version."""
        query = select(releases).order_by(releases.c.ledger_index)
        if release_id is not None:
            query = query.where(releases.c.id == release_id)
        later = self._later(release_id)
        found: list[ReleaseRow] = []
        for row in [ReleaseRow(*r) for r in self._c.execute(query)]:
            all_versions = [row, *later.get(row.id, ())]
            found += all_versions if len(all_versions) == 1 else sorted(all_versions, key=lambda one: _rank(one)[1])
        return found

    def _later(self, release_id: str | None) -> dict[str, list[ReleaseRow]]:
        """Versions that came after the first to arrive, by release; there are few of them."""
        first = releases.c.id == release_versions.c.release
        query = select(release_versions, releases.c.direction).join(releases, first)
        if release_id is not None:
            query = query.where(release_versions.c.release == release_id)
        found: dict[str, list[ReleaseRow]] = {}
        for r in self._c.execute(query):
            row = ReleaseRow(r.release, r.direction, r.body, r.report, r.withheld, r.issued, r.ledger_index)
            found.setdefault(r.release, []).append(row)
        return found

    def add_answer(self, row: AnswerRow) -> None:
        """Store an answer."""
        values = {"release": row.release, "kind": row.kind, "body": row.body, "at": row.at}
        self._c.execute(insert(answers), {**values, "ledger_index": row.ledger_index})

    def answers(self, release: str | None = None) -> Sequence[AnswerRow]:
        """Return answers (to one release), oldest first."""
        columns = (answers.c.release, answers.c.kind, answers.c.body, answers.c.at, answers.c.ledger_index)
        query = select(*columns).order_by(answers.c.id)
        if release is not None:
            query = query.where(answers.c.release == release)
        return [AnswerRow(*r) for r in self._c.execute(query)]


def _rank(row: ReleaseRow) -> tuple[bool, int]:
    """What makes a version count: a withdrawal is never undone by what arrives later; else the highest number."""
    said = decode_json(row.body, where="releases.body")
    return bool(said["revoked"]), int(said["version"])


def _counting(rows: Sequence[ReleaseRow]) -> ReleaseRow:
    return rows[0] if len(rows) == 1 else max(rows, key=_rank)
