"""Take in a run of device events: accept it unopened, log it, open it, merge it with all other logs, give a receipt.

Acceptance needs no key but the device's public one. What cannot be read is set aside and blocks nothing. A fork (two
events with one number) keeps both and asks for a person.
"""

from safeconduct.errors import BadInput, Refusal
from safeconduct.gate.device_log import (
    Accepted,
    DeviceState,
    Duplicate,
    Event,
    Fork,
    Segment,
    accept_segment,
    open_segment,
    parse_segment,
)
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


def receive_from_device(node: Node, data: bytes) -> bytes | Refusal:
    """Take in a segment from a device of this party; return the signed receipt.

    A segment whose key is sealed to the partner too is forwarded to it, as it came.

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
        answer = _take_in(node, tx, segment, device, data)
        if isinstance(answer, Refusal):
            return answer
        found = in_force(tx)
        if isinstance(answer, Accepted):
            index = tx.ledger.append("device:segment", data, node.random.bytes(32), node.clock.now())
            tx.devices.add_segment(
                segment.device, segment.epoch, segment.first_seq, segment.last_seq, data, index, node.clock.now()
            )
            if found and (partner := partner_of(node, found[0])) in segment.sealed_keys:
                send(node, tx, to=partner, kind="segment", agreement=found[0].id, body=data)
        return _receipt(node, tx, segment.device)


def receive(node: Node, tx: Tx, envelope: Envelope) -> Refusal | None:
    """Take in a segment that the partner forwards from one of its devices."""
    segment = parse_segment(envelope.body)
    device = tx.devices.get(segment.device)
    if device is None or device.party != envelope.sender:
        return Refusal("unknown-device", segment.device)
    answer = _take_in(node, tx, segment, device, envelope.body)
    return answer if isinstance(answer, Refusal) else None


def _take_in(node: Node, tx: Tx, segment: Segment, device: DeviceRow, data: bytes) -> Accepted | Duplicate | Refusal:
    key = VerifyKey.load(device.public, where="device key")
    state = DeviceState(device.epoch, device.upto_seq, device.hash)
    answer = accept_segment(segment, key, state, lambda seq: tx.devices.event_hash(segment.device, segment.epoch, seq))
    now = node.clock.now()
    if isinstance(answer, Fork):
        tx.devices.quarantine(segment.device, segment.epoch, answer.seq, "fork", data, now)
        answer = Refusal("fork", f"{segment.device}, event {answer.seq}")
    if isinstance(answer, Refusal):
        log_refused(node, tx, act="upload", subject=segment.device, refusal=answer)
    if isinstance(answer, Accepted):
        rows = _rows(node, tx, segment, device.point, answer.first_new, data)
        tx.devices.add_events(rows)
        last_at = max([device.last_at, *(r.at for r in rows)])
        tx.devices.advance(segment.device, answer.state.epoch, answer.state.upto_seq, answer.state.hash, last_at)
        merge(node, tx, take_back(node, tx, rows))
    return answer


def _opened(node: Node, segment: Segment) -> tuple[list[Event], list[int]]:
    """Return the events that can be read, and the numbers of the others: all, if the key is not to be had."""
    try:
        return open_segment(segment, node.vault.open_segment_key(segment.sealed_keys.get(node.party, b"")))
    except BadInput:
        return [], list(range(segment.first_seq, segment.last_seq + 1))


def _rows(node: Node, tx: Tx, segment: Segment, point: str, first_new: int, data: bytes) -> list[EventRow]:
    """Open the new events; each lies between the newest head that it names and now.

    A device speaks for the control point that it is enrolled at: an event of another point is set aside.
    """
    now = node.clock.now()
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
            entry = tx.ledger.entry(event.log_size - 1) if event.log_size else None
            low = heads_at[event.log_size] = entry.at if entry else 0
        rows.append(
            EventRow(
                segment.device, segment.epoch, event.seq, segment.hashes[event.seq - segment.first_seq], event.kind,
                event.batch, event.index, event.point, event.at, min(low, now), now, event.heads, event.reason,
                event.note, event.person_class,
            )
        )  # fmt: skip
    for seq, why in sorted(aside.items()):
        if seq >= first_new:
            tx.devices.quarantine(segment.device, segment.epoch, seq, why, data, now)
            hash_ = segment.hashes[seq - segment.first_seq]
            rows.append(
                EventRow(segment.device, segment.epoch, seq, hash_, UNREADABLE, None, None, "", now, 0, now, 0, "")
            )
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
