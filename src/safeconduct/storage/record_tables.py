"""Append-only typed records, agreements, settings; the outbox and the inbox."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, bindparam, insert, literal, select, union_all, update

from safeconduct.seal.canonical import decode_cbor, encode_cbor
from safeconduct.storage.asking import ASK, CHUNK
from safeconduct.storage.ready import Ready
from safeconduct.storage.schema import agreements, inbox, ledger_entries, outbox, records, settings
from safeconduct.workflows.rows import OutboxRow, StoredAgreement


class RecordTables:
    """See `workflows.tables.Records`."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def add(self, kind: str, record_id: str, body: bytes, at: int) -> bool:
        """Store a record; False if the same body is its newest version already."""
        newest = self.latest(kind, record_id)
        if newest is not None and newest[0] == body:
            return False
        self._c.execute(insert(records), {"kind": kind, "record_id": record_id, "body": body, "at": at})
        return True

    def all(self, kind: str) -> Sequence[tuple[str, bytes, int]]:
        """Return (id, body, at) of a kind, oldest first."""
        query = select(records.c.record_id, records.c.body, records.c.at).where(records.c.kind == kind)
        return [(i, b, a) for i, b, a in self._c.execute(query.order_by(records.c.seq))]

    def latest(self, kind: str, record_id: str) -> tuple[bytes, int] | None:
        """Return the newest (body, at) of a record."""
        where = (records.c.kind == kind, records.c.record_id == record_id)
        query = select(records.c.body, records.c.at).where(*where).order_by(records.c.seq.desc()).limit(1)
        row = self._c.execute(query).one_or_none()
        return None if row is None else (row[0], row[1])

    def add_all(self, kind: str, bodies: Sequence[tuple[str, bytes]], at: int) -> None:
        """Store records whose ids are new."""
        rows = [{"kind": kind, "record_id": record_id, "body": body, "at": at} for record_id, body in bodies]
        for start in range(0, len(rows), CHUNK):
            self._c.execute(insert(records), rows[start : start + CHUNK])

    def held(self, kind: str, ids: Iterable[str]) -> dict[str, bytes]:
        """Return the newest body of each of the records that is held."""
        asked = list(dict.fromkeys(ids))
        found: dict[str, bytes] = {}
        for start in range(0, len(asked), ASK):
            where = (records.c.kind == kind, records.c.record_id.in_(asked[start : start + ASK]))
            rows = self._c.execute(select(records.c.record_id, records.c.body).where(*where).order_by(records.c.seq))
            found.update((record_id, body) for record_id, body in rows)
        return found

    def begin_with(self, kind: str, prefixes: Iterable[str]) -> Sequence[tuple[str, bytes]]:
        """Return (id, body) of all records of a kind whose id begins with one of the words, in order of recording."""
        found: list[tuple[int, str, bytes]] = []
        for prefix in prefixes:
            where = (records.c.kind == kind, records.c.record_id > f"{prefix} ", records.c.record_id < f"{prefix}!")
            query = select(records.c.seq, records.c.record_id, records.c.body).where(*where)
            found += [(seq, record_id, body) for seq, record_id, body in self._c.execute(query)]
        return [(record_id, body) for _, record_id, body in sorted(found)]

    def set(self, key: str, value: bytes) -> None:
        """Set a setting."""
        self._c.execute(insert(settings).prefix_with("OR REPLACE"), {"key": key, "value": value})

    def get(self, key: str) -> bytes | None:
        """Return a setting."""
        rows = SETTING.rows(self._c, {"key": key})
        return rows[0][0] if rows else None

    def put_agreement(self, row: StoredAgreement, at: int) -> None:
        """Store a version of an agreement (replacing its signatures and state)."""
        values = {
            "id": row.id, "version": row.version, "body": row.body, "state": row.state, "at": at,
            "signatures": encode_cbor(dict(row.signatures)),
        }  # fmt: skip
        self._c.execute(insert(agreements).prefix_with("OR REPLACE"), values)

    def agreement_version(self, version: int | None = None) -> StoredAgreement | None:
        """Return a version of the agreement, the newest by default."""
        rows = NEWEST.rows(self._c, {}) if version is None else VERSION.rows(self._c, {"version": version})
        if not rows:
            return None
        agreement, number, body, signatures, state = rows[0]
        return StoredAgreement(agreement, number, body, decode_cbor(signatures, where="agreements.signatures"), state)


class OutboxTables:
    """See `workflows.tables.Outbox`."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def add(self, to: str, kind: str, wire: bytes, at: int) -> None:
        """Queue an envelope."""
        self._c.execute(insert(outbox), {"recipient": to, "kind": kind, "wire": wire, "attempts": 0, "at": at})

    def due(self, limit: int = 50, without: Sequence[int] = ()) -> Sequence[OutboxRow]:
        """Return undelivered envelopes but those with some ids, oldest first."""
        query = select(outbox).where(outbox.c.delivered_at.is_(None)).order_by(outbox.c.id).limit(limit)
        if without:
            query = query.where(outbox.c.id.not_in(without))
        return [OutboxRow(r.id, r.recipient, r.kind, r.wire, r.attempts) for r in self._c.execute(query)]

    def delivered(self, ids: Sequence[int], at: int) -> None:
        """Mark envelopes as delivered; what failed before is over."""
        self._c.execute(update(outbox).where(outbox.c.id.in_(ids)).values(delivered_at=at, last_error=None))

    def failed(self, row_id: int, why: str) -> None:
        """Count a failed attempt and keep its reason."""
        values = {"attempts": outbox.c.attempts + 1, "last_error": why}
        self._c.execute(update(outbox).where(outbox.c.id == row_id).values(**values))

    def seen(self, digest: bytes) -> bool:
        """Say whether an envelope was taken in before."""
        return self._c.execute(select(literal(1)).where(inbox.c.digest == digest)).scalar() is not None

    def note_seen(self, digest: bytes, kind: str, index: int, at: int) -> None:
        """Remember an envelope that was taken in."""
        self._c.execute(insert(inbox), {"digest": digest, "kind": kind, "ledger_index": index, "at": at})

    def crossings(self, limit: int | None = None, since: int = 0) -> Sequence[tuple[int, str, str, int]]:
        """Return (at, kind, direction, ledger index) of what crossed at or after `since`, newest first."""
        columns = (ledger_entries.c.at, ledger_entries.c.kind, ledger_entries.c.idx)
        out = select(*columns, literal("out").label("way")).where(ledger_entries.c.kind.like("out:%"))
        came = select(*columns, literal("in").label("way")).where(ledger_entries.c.kind.like("in:%"))
        both = union_all(out, came).subquery()
        query = select(both).where(both.c.at >= since).order_by(both.c.idx.desc()).limit(limit)
        rows = self._c.execute(query)
        return [(at, kind.split(":", 1)[1], way, idx) for at, kind, idx, way in rows]


SETTING = Ready(select(settings.c.value).where(settings.c.key == bindparam("key")))
_VERSIONS = (
    select(agreements.c.id, agreements.c.version, agreements.c.body, agreements.c.signatures, agreements.c.state)
    .order_by(agreements.c.version.desc())
    .limit(1)
)
NEWEST = Ready(_VERSIONS)
VERSION = Ready(_VERSIONS.where(agreements.c.version == bindparam("version")))
