"""Reports (sealed bytes only), releases and answers."""

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select

from safeconduct.storage.schema import answers, releases, reports
from safeconduct.workflows.rows import AnswerRow, ReleaseRow


class AlertTables:
    """See `workflows.tables.Alerts`."""

    def __init__(self, connection: Connection) -> None:
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
        """Store a release."""
        values = {
            "id": row.id, "direction": row.direction, "body": row.body, "report": row.report, "withheld": row.withheld,
            "issued": row.issued, "ledger_index": row.ledger_index,
        }  # fmt: skip
        self._c.execute(insert(releases), values)

    def releases(self) -> Sequence[ReleaseRow]:
        """Return all releases, oldest first."""
        return [ReleaseRow(*r) for r in self._c.execute(select(releases).order_by(releases.c.ledger_index))]

    def release(self, release_id: str) -> ReleaseRow | None:
        """Return one release."""
        row = self._c.execute(select(releases).where(releases.c.id == release_id)).one_or_none()
        return None if row is None else ReleaseRow(*row)

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
