"""Devices, their segments as they came, their opened events, and conflicts."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, delete, func, insert, or_, select, update

from safeconduct.storage.asking import among, by_batch
from safeconduct.storage.ready import Ready
from safeconduct.storage.schema import (
    batches,
    conflicts,
    devices,
    events,
    groups,
    passes,
    quarantined,
    segments,
    unopened,
)
from safeconduct.workflows.rows import DeviceRow, EventRow, Unopened

_EVENT = (  # in the order of `EventRow`
    events.c.device, events.c.epoch, events.c.seq, events.c.hash, events.c.kind, events.c.batch, events.c.idx,
    events.c.point, events.c.at, events.c.low, events.c.high, events.c.heads, events.c.reason,
    events.c.note, events.c.person_class,
)  # fmt: skip
# What counts as a use of a pass.
USE = or_(events.c.kind == "admit", events.c.kind == "override")
TAKEN_BACK = "taken-back"  # an admission that the guard took back within minutes: no use any more
_HELD = func.min(func.max(events.c.at, events.c.low), events.c.high)  # the device's time within its bounds
_PASS_OF = (batches.c.identity == events.c.batch, passes.c.batch == batches.c.number, passes.c.idx == events.c.idx)


def _event(row: Any) -> EventRow:
    return EventRow(*row)


class DeviceTables:
    """See `workflows.tables.Devices`."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def enrol(self, device: DeviceRow) -> None:
        """Enrol a device (again with the same key: no change)."""
        row = {
            "id": device.id, "party": device.party, "public": device.public, "point": device.point,
            "epoch": device.epoch, "upto_seq": device.upto_seq, "hash": device.hash, "last_at": device.last_at,
        }  # fmt: skip
        self._c.execute(insert(devices).prefix_with("OR IGNORE"), row)

    def renew(self, device: DeviceRow) -> None:
        """Put a device that is known on a new key and the next epoch, of which nothing has come yet."""
        values = {
            "public": device.public, "point": device.point, "epoch": device.epoch, "upto_seq": device.upto_seq,
            "hash": device.hash,
        }  # fmt: skip
        where = (devices.c.id == device.id, devices.c.epoch < device.epoch)
        self._c.execute(update(devices).where(*where).values(**values))

    def take_back(self, device: str, epoch: int, seq: int, since: int) -> EventRow | None:
        """Mark an admission as taken back if it happened at `since` or later; return it as it was."""
        where = (events.c.device == device, events.c.epoch == epoch, events.c.seq == seq, USE, events.c.at >= since)
        row = self._c.execute(select(*_EVENT).where(*where)).one_or_none()
        if row is None:
            return None
        self._c.execute(update(events).where(*where).values(kind=TAKEN_BACK))
        return _event(row)

    def get(self, device: str) -> DeviceRow | None:
        """Return a device."""
        rows = DEVICE.rows(self._c, {"device": device})
        return DeviceRow(*rows[0]) if rows else None

    def all(self) -> Sequence[DeviceRow]:
        """Return every device."""
        return [DeviceRow(*row) for row in DEVICES.rows(self._c, {})]

    def advance(self, device: str, epoch: int, upto_seq: int, hash_: bytes) -> None:
        """Move a device's contiguous state forward."""
        ADVANCE.rows(self._c, {"to_epoch": epoch, "to_seq": upto_seq, "to_hash": hash_, "device": device})

    def seen(self, device: str, last_at: int) -> None:
        """Note the newest time of an event, if it is newer than what is known."""
        SEEN.rows(self._c, {"device": device, "seen": last_at})

    def put_off(self, device: str, epoch: int, first: int, point: str) -> None:
        """Note that a stored segment of a device at a control point is still to be opened."""
        PUT_OFF.rows(self._c, {"device": device, "epoch": epoch, "first_seq": first, "point": point})

    def unopened(self, most: int) -> Sequence[Unopened]:
        """Return up to `most` segments that are still to be opened, in the order in which they were accepted."""
        return [Unopened(*row) for row in UNOPENED.rows(self._c, {"most": most})]

    def opened(self, number: int) -> None:
        """Note that such a segment was opened."""
        OPENED.rows(self._c, {"number": number})

    def add_segment(self, device: str, epoch: int, first: int, last: int, data: bytes, index: int, at: int) -> None:
        """Store a segment as it came."""
        row = {"device": device, "epoch": epoch, "first_seq": first, "last_seq": last, "data": data}
        SEGMENT.rows(self._c, {**row, "ledger_index": index, "at": at})

    def segment_at(self, device: str, epoch: int, last: int) -> tuple[int, int] | None:
        """Return (ledger index, first seq) of the segment that ends at an event."""
        rows = PLACE.rows(self._c, {"device": device, "epoch": epoch, "last": last})
        return (int(rows[0][0]), int(rows[0][1])) if rows else None

    def add_events(self, rows: Sequence[EventRow]) -> None:
        """Store opened events."""
        EVENT.tuples(self._c, rows)

    def event(self, device: str, epoch: int, seq: int) -> EventRow | None:
        """Return a stored event."""
        where = (events.c.device == device, events.c.epoch == epoch, events.c.seq == seq)
        row = self._c.execute(select(*_EVENT).where(*where)).one_or_none()
        return None if row is None else _event(row)

    def newest_of(self, device: str, epoch: int) -> tuple[int, bytes]:
        """Return (number, hash) of the newest stored event, zeros if there is none."""
        rows = NEWEST.rows(self._c, {"device": device, "epoch": epoch})
        return (rows[0][0], rows[0][1]) if rows else (0, bytes(32))

    def event_hash(self, device: str, epoch: int, seq: int) -> bytes | None:
        """Return the hash of a stored event."""
        where = (events.c.device == device, events.c.epoch == epoch, events.c.seq == seq)
        return self._c.execute(select(events.c.hash).where(*where)).scalar_one_or_none()

    def quarantine(self, device: str, epoch: int, seq: int, why: str, data: bytes, at: int) -> None:
        """Keep what could not be taken in, beside the rest."""
        row = {"device": device, "epoch": epoch, "seq": seq, "why": why, "data": data, "at": at}
        self._c.execute(insert(quarantined), row)

    def quarantined(self) -> Sequence[tuple[str, int, int, str]]:
        """Return (device, epoch, seq, why) of all that is kept apart."""
        columns = (quarantined.c.device, quarantined.c.epoch, quarantined.c.seq, quarantined.c.why)
        return [(d, e, s, w) for d, e, s, w in self._c.execute(select(*columns).order_by(quarantined.c.id))]

    def uses_since(self, rowid: int, but: str = "") -> tuple[int, Sequence[EventRow]]:
        """Return (newest row id, admit and override events after row id but those of one device)."""
        ((newest,),) = NEWEST_ID.rows(self._c, {})
        return newest, [_event(row) for row in USES_SINCE.rows(self._c, {"after": rowid, "but": but})]

    def uses_of(self, pairs: Sequence[tuple[bytes, int]]) -> Sequence[EventRow]:
        """Return all admissions of the given passes."""
        found: list[EventRow] = []
        for batch, indexes in by_batch(pairs):
            found.extend(map(_event, USES.rows(self._c, {"of": batch, "among": json.dumps(indexes)})))
        return found

    def used_twice(self, pairs: Sequence[tuple[bytes, int]]) -> Sequence[tuple[bytes, int]]:
        """Return those of the passes that were admitted more than once."""
        found: list[tuple[bytes, int]] = []
        for batch, indexes in by_batch(pairs):
            [(listed,)] = USED.rows(self._c, {"of": batch, "among": json.dumps(indexes)})
            times = Counter(json.loads(listed))
            found.extend((batch, index) for index, uses in times.items() if uses > 1)
        return found

    def is_used(self, batch: bytes, index: int) -> Sequence[EventRow]:
        """Return the admissions of one pass, first one first."""
        return sorted(self.uses_of([(batch, index)]), key=lambda e: e.at)

    def tallies(self) -> Sequence[tuple[str, str, str, int, int, int]]:
        """Return (point, kind, reason, events, heads, newest time)."""
        group = (events.c.point, events.c.kind, events.c.reason)
        query = select(*group, func.count(), func.sum(events.c.heads), func.max(events.c.at)).group_by(*group)
        return [(p, k, r, n, h or 0, t) for p, k, r, n, h, t in self._c.execute(query)]

    def admitted(self) -> Sequence[tuple[str, str, int, int]]:
        """Return (point, class of the group, day, people admitted); class "unknown" where no pass of ours tells it."""
        known = (
            events.outerjoin(batches, batches.c.identity == events.c.batch)
            .outerjoin(passes, and_(passes.c.batch == batches.c.number, passes.c.idx == events.c.idx))
            .outerjoin(groups, groups.c.group_id == passes.c.group_id)
        )
        kind = func.coalesce(groups.c["class"], "unknown").label("kind")
        day = (_HELD // 86_400).label("day")
        query = select(events.c.point, kind, day, func.sum(events.c.heads)).select_from(known).where(USE)
        rows = self._c.execute(query.group_by(events.c.point, kind, day).order_by(day, events.c.point, kind))
        return [(p, k, int(d), n) for p, k, d, n in rows]

    def passages(self, since: int, until: int) -> Sequence[tuple[str, int, int, int]]:
        """Return (point, passages, people, events of any kind) of the events within a window, both ends included."""
        uses = func.sum(case((USE, 1), else_=0))
        people = func.sum(case((USE, events.c.heads), else_=0))
        query = select(events.c.point, uses, people, func.count()).where(_HELD.between(since, until))
        return [(point, u, p, n) for point, u, p, n in self._c.execute(query.group_by(events.c.point))]

    def acts(self) -> Sequence[EventRow]:
        """Return all beatings and turnings away, in the order of time."""
        query = select(*_EVENT).where(events.c.kind.in_(("assault", "turned-away")))
        return [_event(r) for r in self._c.execute(query.order_by(_HELD, events.c.device, events.c.seq))]

    def typed(self, reasons: Sequence[str]) -> Sequence[EventRow]:
        """Return the notes of guards that have some reasons, in the order of time."""
        query = select(*_EVENT).where(events.c.kind == "note", events.c.reason.in_(reasons))
        return [
            _event(r) for r in self._c.execute(query.order_by(_HELD, events.c.device, events.c.epoch, events.c.seq))
        ]

    def visits(self) -> Sequence[tuple[str, str, str, int]]:
        """Return (group, point where it was admitted, point that its pass names, time) of all uses, first one first."""
        columns = (passes.c.group_id, events.c.point, passes.c.point, _HELD.label("held"))
        query = select(*columns).where(USE, *_PASS_OF).order_by("held", events.c.id)
        return [(g, at, named, t) for g, at, named, t in self._c.execute(query)]

    def put_conflict(self, batch: bytes, index: int, body: bytes, found_at: int, second_at: int) -> bool:
        """Store a conflict; a later finding of the same pass adds to its body. True if it is new."""
        row = {"batch": batch, "idx": index, "body": body, "found_at": found_at, "second_use_at": second_at}
        if self._c.execute(insert(conflicts).prefix_with("OR IGNORE"), row).rowcount:
            return True
        where = (conflicts.c.batch == batch, conflicts.c.idx == index)
        self._c.execute(update(conflicts).where(*where).values(body=body))
        return False

    def conflicts(self) -> Sequence[tuple[bytes, int, bytes, int, int]]:
        """Return (batch, index, body, found at, second use at)."""
        return [(b, i, d, f, s) for b, i, d, f, s in self._c.execute(select(conflicts))]


DEVICE = Ready(select(devices).where(devices.c.id == bindparam("device")))
DEVICES = Ready(select(devices).order_by(devices.c.id))
ADVANCE = Ready(
    update(devices)
    .where(devices.c.id == bindparam("device"))
    .values(epoch=bindparam("to_epoch"), upto_seq=bindparam("to_seq"), hash=bindparam("to_hash"))
)
SEEN = Ready(
    update(devices)
    .where(devices.c.id == bindparam("device"), devices.c.last_at < bindparam("seen"))
    .values(last_at=bindparam("seen"))
)
SEGMENT = Ready(insert(segments).values({one.name: bindparam(one.name) for one in segments.c if one.name != "id"}))
PLACE = Ready(
    select(segments.c.ledger_index, segments.c.first_seq).where(
        segments.c.device == bindparam("device"), segments.c.epoch == bindparam("epoch"),
        segments.c.last_seq == bindparam("last"),
    )
)  # fmt: skip
PUT_OFF = Ready(insert(unopened).values({one.name: bindparam(one.name) for one in unopened.c if one.name != "id"}))
OPENED = Ready(delete(unopened).where(unopened.c.id == bindparam("number")))
_SAME = (
    segments.c.device == unopened.c.device, segments.c.epoch == unopened.c.epoch,
    segments.c.first_seq == unopened.c.first_seq,
)  # fmt: skip
UNOPENED = Ready(
    select(unopened, segments.c.data, segments.c.at)
    .join(segments, and_(*_SAME))
    .order_by(unopened.c.id)
    .limit(bindparam("most"))
)
EVENT = Ready(insert(events).values({one.name: bindparam(one.name) for one in _EVENT}))
NEWEST = Ready(
    select(events.c.seq, events.c.hash)
    .where(events.c.device == bindparam("device"), events.c.epoch == bindparam("epoch"))
    .order_by(events.c.seq.desc())
    .limit(1)
)
NEWEST_ID = Ready(select(func.coalesce(func.max(events.c.id), 0)))
USES_SINCE = Ready(
    select(*_EVENT)
    .where(USE, events.c.id > bindparam("after"), events.c.device != bindparam("but"))
    .order_by(events.c.id)
)
_OF_THESE = (USE, events.c.batch == bindparam("of"), events.c.idx.in_(among("among")))
USES = Ready(select(*_EVENT).where(*_OF_THESE))
USED = Ready(select(func.json_group_array(events.c.idx)).where(*_OF_THESE))  # one row: see `Ready.many`
