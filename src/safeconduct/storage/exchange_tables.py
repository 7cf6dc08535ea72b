"""What crossed by ledger index, what is set aside, and what the partner states: see `workflows.tables.Exchange`."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, insert, literal, select, update

from safeconduct.storage.asking import ASK
from safeconduct.storage.schema import inbox, outbox, parked, sent_envelopes, stated
from safeconduct.workflows.rows import OutboxLine, ParkedRow

SENT, TAKEN = "sent", "taken"


class ExchangeTables:
    """See `workflows.tables.Exchange`."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._c = connection

    # -- what we sent ----------------------------------------------------------------------------------------------

    def note_sent(self, index: int, digest: bytes, kind: str) -> None:
        """Remember where in the ledger the envelope stands that was queued last."""
        newest = select(func.max(outbox.c.id)).scalar_subquery()
        values = {"ledger_index": index, "outbox": newest, "digest": digest, "kind": kind}
        self._c.execute(insert(sent_envelopes).values(**values))

    def unnoted(self) -> Sequence[tuple[int, str, bytes]]:
        """Return (outbox id, kind, wire) of queued envelopes that were never noted, oldest first."""
        known = select(sent_envelopes.c.outbox)
        query = select(outbox.c.id, outbox.c.kind, outbox.c.wire).where(outbox.c.id.not_in(known))
        return [(i, k, w) for i, k, w in self._c.execute(query.order_by(outbox.c.id))]

    def note_old(self, rows: Sequence[tuple[int, int, bytes, str]]) -> None:
        """Note (ledger index, outbox id, digest, kind) of envelopes that an older version queued."""
        names = ("ledger_index", "outbox", "digest", "kind")
        if rows:
            self._c.execute(insert(sent_envelopes), [dict(zip(names, row, strict=True)) for row in rows])

    def sent_of(self, digest: bytes) -> int | None:
        """Return where in our ledger an envelope of ours stands."""
        query = select(sent_envelopes.c.ledger_index).where(sent_envelopes.c.digest == digest)
        return self._c.execute(query).scalar_one_or_none()

    def crossed(self, way: str, after: int, limit: int) -> Sequence[tuple[int, str, bytes]]:
        """Return (ledger index, kind, digest) of what we sent or took in, above an index."""
        table = sent_envelopes if way == SENT else inbox
        query = select(table.c.ledger_index, table.c.kind, table.c.digest).where(table.c.ledger_index > after)
        return [(i, k, d) for i, k, d in self._c.execute(query.order_by(table.c.ledger_index).limit(limit))]

    def queue_again(self, digests: Sequence[bytes]) -> int:
        """Make sent envelopes due again; return how many there were."""
        return sum(self._mark(digests[i : i + ASK], None) for i in range(0, len(digests), ASK))

    def confirm(self, digests: Sequence[bytes], at: int) -> int:
        """Mark envelopes as delivered because the partner states that it has them; return how many were due."""
        return sum(self._mark(digests[i : i + ASK], at) for i in range(0, len(digests), ASK))

    def _mark(self, digests: Sequence[bytes], at: int | None) -> int:
        ids = select(sent_envelopes.c.outbox).where(sent_envelopes.c.digest.in_(digests))
        was = outbox.c.delivered_at.is_not(None) if at is None else outbox.c.delivered_at.is_(None)
        change = update(outbox).where(outbox.c.id.in_(ids), was).values(delivered_at=at, last_error=None)
        return self._c.execute(change).rowcount

    def due_ids(self, to: str) -> Sequence[int]:
        """Return the outbox ids of all that is due to a party, oldest first."""
        query = select(outbox.c.id).where(outbox.c.delivered_at.is_(None), outbox.c.recipient == to)
        return list(self._c.execute(query.order_by(outbox.c.id)).scalars())

    def wires(self, ids: Sequence[int]) -> Sequence[bytes]:
        """Return the wire forms of a few queued envelopes, oldest first."""
        return list(self._c.execute(select(outbox.c.wire).where(outbox.c.id.in_(ids)).order_by(outbox.c.id)).scalars())

    def outbox_lines(self, what: str, limit: int) -> Sequence[OutboxLine]:
        """Return what is "due" or was "refused" by the partner, newest last."""
        joined = outbox.outerjoin(sent_envelopes, sent_envelopes.c.outbox == outbox.c.id)
        columns = (outbox.c.kind, outbox.c.attempts, outbox.c.last_error, outbox.c.at, sent_envelopes.c.ledger_index)
        query = select(*columns).select_from(joined).order_by(outbox.c.id.desc()).limit(limit)
        if what == "due":
            query = query.where(outbox.c.delivered_at.is_(None))
        else:
            query = query.where(outbox.c.delivered_at.is_not(None), outbox.c.last_error.is_not(None))
        rows = [OutboxLine(k, n, e or "", at, -1 if i is None else i) for k, n, e, at, i in self._c.execute(query)]
        return rows[::-1]

    def outbox_counts(self) -> tuple[int, int, int]:
        """Return (due, delivered, refused by the partner)."""
        done = outbox.c.delivered_at.is_not(None)
        number = select(func.count()).select_from(outbox)
        due, delivered, refused = (
            int(self._c.execute(number.where(*where)).scalar_one())
            for where in ((~done,), (done,), (done, outbox.c.last_error.is_not(None)))
        )
        return due, delivered, refused

    # -- what is set aside -----------------------------------------------------------------------------------------

    def park(self, row: ParkedRow) -> None:
        """Set an envelope aside, or set it aside in another way than before."""
        values = {name: getattr(row, name) for name in ParkedRow.__slots__}
        self._c.execute(insert(parked).prefix_with("OR REPLACE"), values)

    def unpark(self, digest: bytes) -> None:
        """Forget that an envelope was set aside."""
        self._c.execute(delete(parked).where(parked.c.digest == digest))

    def parked(self, state: str, limit: int = 1_000) -> Sequence[ParkedRow]:
        """Return what is set aside in a state (waiting, expired, refused), oldest first."""
        query = select(parked).where(parked.c.state == state).order_by(parked.c.since, parked.c.sent).limit(limit)
        return [ParkedRow(*row) for row in self._c.execute(query)]

    def parked_one(self, digest: bytes) -> ParkedRow | None:
        """Return one that is set aside."""
        row = self._c.execute(select(parked).where(parked.c.digest == digest)).one_or_none()
        return None if row is None else ParkedRow(*row)

    def parked_size(self, sender: str) -> tuple[int, int]:
        """Return (number, bytes) of what waits of one sender."""
        query = select(func.count(), func.coalesce(func.sum(parked.c.size), 0))
        number, size = self._c.execute(query.where(parked.c.state == "waiting", parked.c.sender == sender)).one()
        return int(number), int(size)

    def drop_parked(self, state: str, keep: int) -> int:
        """Forget all but the newest of what is set aside in a state."""
        newest = select(parked.c.digest).where(parked.c.state == state).order_by(parked.c.since.desc()).limit(keep)
        return self._c.execute(delete(parked).where(parked.c.state == state, parked.c.digest.not_in(newest))).rowcount

    # -- what the partner states -----------------------------------------------------------------------------------

    def note_stated(self, way: str, rows: Sequence[tuple[int, str, bytes]]) -> Sequence[tuple[int, bytes, bytes]]:
        """Keep what the partner states; return (index, digest before, digest now) where it contradicts itself."""
        differing: list[tuple[int, bytes, bytes]] = []
        for start in range(0, len(rows), ASK):
            part = {index: (kind, digest) for index, kind, digest in rows[start : start + ASK]}
            query = select(stated.c.idx, stated.c.digest).where(stated.c.way == way, stated.c.idx.in_(list(part)))
            held: dict[int, bytes] = {row.idx: row.digest for row in self._c.execute(query)}
            differing += [(i, held[i], digest) for i, (_, digest) in part.items() if i in held and held[i] != digest]
            new = [
                {"way": way, "idx": index, "kind": kind, "digest": digest}
                for index, (kind, digest) in part.items()
                if index not in held
            ]
            if new:
                self._c.execute(insert(stated), new)
        return differing

    def stated_upto(self) -> int:
        """Return the highest index of the partner's ledger that a statement named, −1 without one."""
        newest = self._c.execute(select(func.max(stated.c.idx))).scalar()
        return -1 if newest is None else int(newest)

    def missing(self, limit: int) -> Sequence[tuple[int, str, bytes]]:
        """Return (their index, kind, digest) of what they state to have sent and we do not have in any way."""
        here = select(literal(1)).where(inbox.c.digest == stated.c.digest).exists()
        aside = select(literal(1)).where(parked.c.digest == stated.c.digest).exists()
        query = select(stated.c.idx, stated.c.kind, stated.c.digest).where(stated.c.way == SENT, ~here, ~aside)
        return [(i, k, d) for i, k, d in self._c.execute(query.order_by(stated.c.idx).limit(limit))]

    def not_taken(self) -> Sequence[bytes]:
        """Return the digests of what we delivered and they do not state to have taken in."""
        there = select(literal(1)).where(stated.c.digest == sent_envelopes.c.digest, stated.c.way == TAKEN).exists()
        joined = sent_envelopes.join(outbox, sent_envelopes.c.outbox == outbox.c.id)
        query = select(sent_envelopes.c.digest).select_from(joined)
        query = query.where(outbox.c.delivered_at.is_not(None), outbox.c.last_error.is_(None), ~there)
        return list(self._c.execute(query.order_by(sent_envelopes.c.ledger_index)).scalars())

    def unstated(self, after: bytes = b"", limit: int = 1_000) -> Sequence[tuple[bytes, int]]:
        """Return (digest, our ledger index) of what we took in and they do not state to have sent."""
        there = select(literal(1)).where(stated.c.digest == inbox.c.digest, stated.c.way == SENT).exists()
        query = select(inbox.c.digest, inbox.c.ledger_index).where(~there, inbox.c.digest > after)
        return [(d, i) for d, i in self._c.execute(query.order_by(inbox.c.digest).limit(limit))]

    def never_sent(self) -> Sequence[tuple[int, str, bytes]]:
        """Return (their index, kind, digest) of what they state to have taken in and we never sent."""
        ours = select(literal(1)).where(sent_envelopes.c.digest == stated.c.digest).exists()
        query = select(stated.c.idx, stated.c.kind, stated.c.digest).where(stated.c.way == TAKEN, ~ours)
        return [(i, k, d) for i, k, d in self._c.execute(query.order_by(stated.c.idx))]
