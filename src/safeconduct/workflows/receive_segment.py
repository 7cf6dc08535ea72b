"""Take in a run of device events: accept it unopened, log it, give a receipt; then open it and merge it with the rest.

Acceptance needs no key but the device's public one, and asks nothing of what is inside: a receipt comes as soon as the
bytes are durable. What cannot be read is set aside and blocks nothing. A fork (two events with one number) keeps both
and asks for a person.
"""

from collections.abc import Sequence

from safeconduct.errors import BadInput, Refusal
from safeconduct.gate.device_log import (
    Accepted,
    DeviceState,
    Duplicate,
    Fork,
    Segment,
    accept_segment,
    open_segment,
    parse_segment,
)
from safeconduct.gate.event import Event
from safeconduct.gate.receipt import Receipt, sign_receipt
from safeconduct.ledger.merkle import inclusion_proof
from safeconduct.seal.keys import VerifyKey
from safeconduct.workflows.common import in_force, log_refused, partner_of
from safeconduct.workflows.envelopes import Envelope, send
from safeconduct.workflows.merge_logs import merge
from safeconduct.workflows.ports import Node
from safeconduct.workflows.rows import DeviceRow, EventRow
from safeconduct.workflows.tables import Tx
from safeconduct.workflows.take_back import take_back

UNREADABLE = "unreadable"
OTHER_POINT = "other-point"
AT_ONCE = 8  # segments opened in one transaction; between two of them others may be accepted
MOST = 1 << 20


def receive_from_device(node: Node, data: bytes) -> bytes | Refusal:
    """Take in a segment from a device of this party, and open it; return the signed receipt.

    Raises:
        BadInput: the bytes are no segment.
    """
    answer = accept_from_device(node, data)
    if not isinstance(answer, Refusal):
        open_accepted(node)
    return answer


def accept_from_device(node: Node, data: bytes) -> bytes | Refusal:
    """Accept a segment from a device of this party, unopened; return the signed receipt.

    A segment whose key is sealed to the partner too is forwarded to it, as it came. `open_accepted` does the rest.

    Raises:
        BadInput: the bytes are no segment.
    """
    segment = parse_segment(data)
    with node.store.transaction() as tx:
        device = tx.devices.get(segment.device)
        if device is None or device.party != node.party:
            refusal = Refusal("unknown-device", segment.device)
            log_refused(node, tx, act="upload", subject=segment.device, refusal=refusal)
            return refusal
        if segment.epoch == device.epoch and segment.first_seq <= device.upto_seq:
            _open_some(node, tx)  # it overlaps what is stored: compare it with the events themselves
        answer = _accepted(node, tx, segment, device, data)
        if isinstance(answer, Refusal):
            return answer
        if isinstance(answer, Accepted):
            _keep(node, tx, segment, device, answer, data)
        return _receipt(node, tx, segment.device)


def open_accepted(node: Node) -> int:
    """Open and merge what was accepted, oldest first; return how many segments there were."""
    done = 0
    while has_unopened(node):
        with node.store.transaction() as tx:
            done += _open_some(node, tx, AT_ONCE)
    return done


def has_unopened(node: Node) -> bool:
    """Say whether a segment waits to be opened."""
    with node.store.reading() as tx:
        return bool(tx.devices.unopened(1))


def receive(node: Node, tx: Tx, envelope: Envelope) -> Refusal | None:
    """Take in a segment that the partner forwards from one of its devices."""
    segment = parse_segment(envelope.body)
    device = tx.devices.get(segment.device)
    if device is None or device.party != envelope.sender:
        return Refusal("unknown-device", segment.device)
    answer = _accepted(node, tx, segment, device, envelope.body)
    if isinstance(answer, Accepted):
        _merge(node, tx, _rows(node, tx, segment, device.point, answer.first_new, envelope.body, node.clock.now()))
    return answer if isinstance(answer, Refusal) else None


def _accepted(node: Node, tx: Tx, segment: Segment, device: DeviceRow, data: bytes) -> Accepted | Duplicate | Refusal:
    """Decide on a segment; if it is accepted, the device's state moves on."""
    key = VerifyKey.load(device.public, where="device key")
    state = DeviceState(device.epoch, device.upto_seq, device.hash)

    def stored_hash(seq: int) -> bytes | None:
        if (segment.epoch, seq) == (device.epoch, device.upto_seq):
            return device.hash
        return tx.devices.event_hash(segment.device, segment.epoch, seq)

    answer = accept_segment(segment, key, state, stored_hash)
    if isinstance(answer, Fork):
        tx.devices.quarantine(segment.device, segment.epoch, answer.seq, "fork", data, node.clock.now())
        answer = Refusal("fork", f"{segment.device}, event {answer.seq}")
    if isinstance(answer, Refusal):
        log_refused(node, tx, act="upload", subject=segment.device, refusal=answer)
    if isinstance(answer, Accepted):
        new = answer.state
        tx.devices.advance(segment.device, new.epoch, new.upto_seq, new.hash)
    return answer


def _keep(node: Node, tx: Tx, segment: Segment, device: DeviceRow, answer: Accepted, data: bytes) -> None:
    """Log a segment, store it as it came, and forward it if its key is sealed to the partner too."""
    now = node.clock.now()
    index = tx.ledger.append("device:segment", data, node.random.bytes(32), now)
    place = segment.device, segment.epoch, answer.first_new
    tx.devices.add_segment(*place, segment.last_seq, data, index, now)
    tx.devices.put_off(*place, device.point)
    found = in_force(tx)
    if found and (partner := partner_of(node, found[0])) in segment.sealed_keys:
        send(node, tx, to=partner, kind="segment", agreement=found[0].id, body=data)


def _open_some(node: Node, tx: Tx, most: int = MOST) -> int:
    """Open and merge segments that wait, in the order in which they were accepted."""
    waiting = tx.devices.unopened(most)
    for one in waiting:
        tx.devices.opened(one.number)
        _merge(node, tx, _rows(node, tx, parse_segment(one.data), one.point, one.first, one.data, one.at))
    return len(waiting)


def _merge(node: Node, tx: Tx, rows: Sequence[EventRow]) -> None:
    """Store the events of one segment and merge them with all others."""
    tx.devices.add_events(rows)
    tx.devices.seen(rows[0].device, max(row.at for row in rows))
    merge(node, tx, take_back(node, tx, rows))


def _opened(node: Node, segment: Segment) -> tuple[list[Event], list[int]]:
    """Return the events that can be read, and the numbers of the others: all, if the key is not to be had."""
    try:
        return open_segment(segment, node.vault.open_segment_key(segment.sealed_keys.get(node.party, b"")))
    except BadInput:
        return [], list(range(segment.first_seq, segment.last_seq + 1))


def _rows(node: Node, tx: Tx, segment: Segment, point: str, first_new: int, data: bytes, until: int) -> list[EventRow]:
    """Open the new events; each lies between the newest head that it names and `until`, its acceptance.

    A device speaks for the control point that it is enrolled at: an event of another point is set aside.
    """
    events, unreadable = _opened(node, segment)
    heads_at: dict[int, int] = {}
    rows = []
    aside = dict.fromkeys(unreadable, UNREADABLE)
    for event in events:
        if event.seq < first_new:
            continue
        if event.point != point:
            aside[event.seq] = OTHER_POINT
            continue
        low = heads_at.get(event.log_size)
        if low is None:
            logged = tx.ledger.logged_at(event.log_size - 1) if event.log_size else None
            low = heads_at[event.log_size] = logged or 0
        rows.append(
            EventRow(
                segment.device, segment.epoch, event.seq, segment.hashes[event.seq - segment.first_seq], event.kind,
                event.batch, event.index, event.point, event.at, min(low, until), until, event.heads, event.reason,
                event.note, event.person_class,
            )
        )  # fmt: skip
    for seq, why in sorted(aside.items()):
        if seq >= first_new:
            tx.devices.quarantine(segment.device, segment.epoch, seq, why, data, until)
            hash_ = segment.hashes[seq - segment.first_seq]
            rows.append(
                EventRow(segment.device, segment.epoch, seq, hash_, UNREADABLE, None, None, "", until, 0, until, 0, "")
            )  # fmt: skip
    return rows


def _receipt(node: Node, tx: Tx, device_id: str) -> bytes | Refusal:
    device = tx.devices.get(device_id)
    place = tx.devices.segment_at(device_id, device.epoch, device.upto_seq) if device else None
    if device is None or place is None:
        return Refusal("gap", device_id)
    size = tx.ledger.size()
    receipt = Receipt(
        device=device_id, epoch=device.epoch, upto_seq=device.upto_seq, hash=device.hash, issued=node.clock.now(),
        ledger_index=place[0], ledger_size=size, proof=tuple(inclusion_proof(place[0], size, tx.ledger.node)),
    )  # fmt: skip
    return sign_receipt(receipt, node.vault.status())
