"""Batches, passes, revocations and bundles."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, func, insert, select, update

from safeconduct.storage.asking import ASK, among, by_batch
from safeconduct.storage.ready import Ready
from safeconduct.storage.schema import batches, bundles, events, groups, passes, revocations
from safeconduct.workflows.rows import BatchRow, PassRow

_GONE = exists().where(revocations.c.batch == passes.c.batch, revocations.c.idx == passes.c.idx)


def _row(r: Any) -> PassRow:
    return PassRow(r.batch, r.idx, r.group_id, r.point, r.not_before, r.window_end, r.heads, r.raw)


class PassTables:
    """See `workflows.tables.Passes`."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def add_batch(self, identity: bytes, signed: bytes, sealed_key: bytes, secret: bytes) -> int:
        """Store a batch; return its number."""
        number = int(self._c.execute(select(func.coalesce(func.max(batches.c.number), 0))).scalar_one()) + 1
        row = {"number": number, "identity": identity, "signed": signed, "sealed_key": sealed_key, "secret": secret}
        self._c.execute(insert(batches), {**row, "used": 0})
        return number

    def batches(self) -> Sequence[BatchRow]:
        """Return all batches, oldest first."""
        columns = (batches.c.number, batches.c.identity, batches.c.signed, batches.c.used)
        return [BatchRow(*r) for r in self._c.execute(select(*columns).order_by(batches.c.number))]

    def batch_secrets(self, number: int) -> tuple[bytes, bytes]:
        """Return (sealed signing key, sealed index secret) of a batch."""
        query = select(batches.c.sealed_key, batches.c.secret).where(batches.c.number == number)
        key, secret = self._c.execute(query).one()
        return key, secret

    def add(self, rows: Iterable[PassRow]) -> None:
        """Store passes."""
        ADD.many(
            self._c,
            [
                {
                    "batch": r.batch, "idx": r.index, "group_id": r.group, "point": r.point, "not_before": r.not_before,
                    "window_end": r.window_end, "heads": r.heads, "raw": r.raw,
                }
                for r in rows
            ],
        )  # fmt: skip

    def use(self, batch: int, count: int) -> None:
        """Count indexes of a batch as used, so that none is ever given twice."""
        self._c.execute(update(batches).where(batches.c.number == batch).values(used=batches.c.used + count))

    def of_groups(self, ids: Sequence[str], *, spoken: bool = False) -> Sequence[PassRow]:
        """Return the passes of groups; spoken ones, which have no bytes, only where they are asked for as well."""
        found: list[PassRow] = []
        for start in range(0, len(ids), ASK):
            query = select(passes).where(passes.c.group_id.in_(ids[start : start + ASK]))
            query = query if spoken else query.where(passes.c.raw != b"")
            found.extend(_row(r) for r in self._c.execute(query))
        return found

    def outgrown(self, ids: Sequence[str], *, revoked: bool) -> Sequence[PassRow]:
        """Return the passes of groups, revoked or not, whose head count is no longer that of their group."""
        found: list[PassRow] = []
        both = select(passes).join(groups, groups.c.group_id == passes.c.group_id)
        where = (passes.c.heads != groups.c.heads, _GONE if revoked else ~_GONE)
        for start in range(0, len(ids), ASK):
            query = both.where(passes.c.group_id.in_(ids[start : start + ASK]), *where)
            found.extend(_row(r) for r in self._c.execute(query))
        return found

    def points_of(self, ids: Sequence[str]) -> Sequence[tuple[str, str]]:
        """Return each (group, point) for which a group has a pass that is not revoked."""
        found: list[tuple[str, str]] = []
        for start in range(0, len(ids), ASK):
            where = (passes.c.group_id.in_(ids[start : start + ASK]), ~_GONE)
            query = select(passes.c.group_id, passes.c.point).where(*where).distinct()
            found.extend((g, p) for g, p in self._c.execute(query))
        return found

    def find(self, identity: bytes, index: int) -> PassRow | None:
        """Return the pass at an index of a batch."""
        query = select(passes).join(batches, batches.c.number == passes.c.batch)
        row = self._c.execute(query.where(batches.c.identity == identity, passes.c.idx == index)).one_or_none()
        return None if row is None else _row(row)

    def groups_of(self, pairs: Iterable[tuple[bytes, int]]) -> Mapping[tuple[bytes, int], tuple[str, str]]:
        """Return (group, point) of issued passes by (batch identity, index)."""
        found: dict[tuple[bytes, int], tuple[str, str]] = {}
        for identity, indexes in by_batch(pairs):
            [(listed,)] = GROUPS.rows(self._c, {"of": identity, "among": json.dumps(indexes)})
            found.update({(identity, i): (g, p) for i, g, p in json.loads(listed)})
        return found

    def raws(self, pairs: Iterable[tuple[bytes, int]]) -> Mapping[tuple[bytes, int], bytes]:
        """Return the bytes of issued passes by (batch identity, index)."""
        found: dict[tuple[bytes, int], bytes] = {}
        for identity, indexes in by_batch(pairs):
            rows = RAWS.rows(self._c, {"of": identity, "among": json.dumps(indexes)})
            found.update({(identity, index): raw for index, raw in rows})
        return found

    def count(self) -> tuple[int, int]:
        """Return (issued, revoked of those issued)."""
        issued = int(self._c.execute(select(func.count()).select_from(passes)).scalar_one())
        both = and_(revocations.c.batch == passes.c.batch, revocations.c.idx == passes.c.idx)
        revoked = int(self._c.execute(select(func.count()).select_from(passes.join(revocations, both))).scalar_one())
        return issued, revoked

    def revoke(self, rows: Iterable[tuple[int, int, str]], at: int) -> int:
        """Revoke (batch, index, reason); return how many were new."""
        new = 0
        for batch, index, reason in rows:
            statement = insert(revocations).prefix_with("OR IGNORE")
            values = {"batch": batch, "idx": index, "reason": reason, "at": at}
            new += self._c.execute(statement, values).rowcount
        return new

    def revoked(self) -> Mapping[int, Sequence[int]]:
        """Return revoked indexes by batch number."""
        found: dict[int, list[int]] = {}
        query = select(revocations.c.batch, revocations.c.idx).order_by(revocations.c.batch, revocations.c.idx)
        for batch, index in self._c.execute(query):
            found.setdefault(batch, []).append(index)
        return found

    def issued(self, batch: int) -> set[int]:
        """Return the indexes of a batch that have a pass."""
        return set(self._c.execute(select(passes.c.idx).where(passes.c.batch == batch)).scalars())

    def add_bundle(self, seq: int, data: bytes, at: int, agreement: str) -> None:
        """Store a signed bundle."""
        self._c.execute(
            insert(bundles).prefix_with("OR IGNORE"), {"seq": seq, "agreement": agreement, "data": data, "at": at}
        )

    def bundle(self, seq: int | None = None) -> tuple[int, bytes] | None:
        """Return (seq, bytes) of the newest bundle, or of one."""
        query = select(bundles.c.seq, bundles.c.data).order_by(bundles.c.seq.desc()).limit(1)
        row = self._c.execute(query if seq is None else query.where(bundles.c.seq == seq)).one_or_none()
        return None if row is None else (row.seq, row.data)

    def bundles_before(self, at: int) -> Sequence[bytes]:
        """Return the newest few bundles that were stored at or before a time, newest first."""
        query = select(bundles.c.data).where(bundles.c.at <= at).order_by(bundles.c.seq.desc()).limit(2)
        return list(self._c.execute(query).scalars())

    def sample(self, state: str, now: int, limit: int = 1) -> Sequence[PassRow]:
        """Return passes valid at `now` in a state: unused, used, revoked (a revoked one may lie in any window)."""
        used = exists().where(
            events.c.batch == batches.c.identity, events.c.idx == passes.c.idx, events.c.kind == "admit"
        )
        where = {"unused": (~used, ~_GONE), "used": (used, ~_GONE), "revoked": (_GONE,)}[state]
        in_window = (passes.c.not_before <= now, passes.c.window_end > now)
        both = select(passes).join(batches, batches.c.number == passes.c.batch)
        query = both.where(passes.c.raw != b"", *where)
        rows = self._c.execute(query.where(*in_window).limit(limit)).all()
        if not rows:
            rows = self._c.execute(query.order_by(passes.c.not_before.desc()).limit(limit)).all()
        return [_row(r) for r in rows]


ADD = Ready(insert(passes))
_THESE = (batches.c.identity == bindparam("of"), passes.c.idx.in_(among("among")))
_WITH_BATCH = passes.join(batches, batches.c.number == passes.c.batch)
RAWS = Ready(select(passes.c.idx, passes.c.raw).select_from(_WITH_BATCH).where(*_THESE))
GROUPS = Ready(  # one row: see `Ready.many`
    select(func.json_group_array(func.json_array(passes.c.idx, passes.c.group_id, passes.c.point)))
    .select_from(_WITH_BATCH)
    .where(*_THESE)
)
