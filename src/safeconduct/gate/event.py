"""One event of a device's log: what was recorded, and its bytes before they are encrypted (`spec/device-log.md`)."""

from dataclasses import dataclass
from typing import Any

from safeconduct.errors import BadInput
from safeconduct.passes import shape
from safeconduct.seal import canonical

UNDO_REASON = "undo"  # of a note that takes an admission back; its text is that event's number
UNDO_SECONDS = 600  # between the two, by the device's clock
HEARTBEAT_SECONDS = 1_800  # between two records of a device at an open point, at most: longer silence is told

# An override is recorded as an event too, beside the refusal that it overrides. A beating and a turning away are two
# kinds, and neither is a refusal by this device.
KINDS = ("admit", "refuse", "override", "assault", "turned-away", "crowd", "heartbeat", "note")

SEQ = shape.integer(1, 1 << 48)  # of an event in its epoch


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that a device recorded. Its own time is advice: what holds is the ledger sizes around it."""

    kind: str  # of `KINDS`
    seq: int  # from 1, in the device's epoch
    batch: bytes | None  # 32 bytes: the pass's batch, None where no pass is meant
    index: int | None
    point: str
    at: int  # device time, unix seconds
    heads: int  # people concerned; 0 when not counted
    reason: str  # "ok", or a code of `errors.REFUSALS`; the crowd level of a crowd event
    bundle_seq: int  # the bundle that the device decided by
    log_size: int  # newest ledger size that the device had seen
    note: str = ""  # the follow-up of an assault or a refusal, the approver of an override
    person_class: str = ""  # class of the person concerned, where no pass tells it

    def __post_init__(self) -> None:
        """Refuse a kind that is not in the table: an event of no kind would be counted as none."""
        if self.kind not in KINDS:
            raise BadInput("bad-event", where="event: kind", expected=f"one of {', '.join(KINDS)}", seen=self.kind)


_EVENT = shape.row(
    shape.one_of(*KINDS),
    SEQ,
    shape.optional(shape.HASH),
    shape.optional(shape.integer(0, (1 << 24) - 1)),
    shape.ID,
    shape.TIME,
    shape.integer(0, 255),
    shape.text(80, 0),
    shape.integer(0, 1 << 32),
    shape.integer(0, 1 << 53),
    shape.prose(2_000),
    shape.text(80, 0),
)


def encode_event(event: Event) -> bytes:
    """Write an event as a canonical CBOR array of its twelve fields, in their order.

    Raises:
        BadInput: `bad-event`.
    """
    fields = [
        event.kind,
        event.seq,
        event.batch,
        event.index,
        event.point,
        event.at,
        event.heads,
        event.reason,
        event.bundle_seq,
        event.log_size,
        event.note,
        event.person_class,
    ]
    _check_event(fields, event.seq)
    return canonical.encode_cbor(fields)


def decode_event(data: bytes, seq: int) -> Event:
    """Read the event that stands at place `seq` of the chain.

    Raises:
        BadInput: `bad-cbor` or `bad-event`, also when the event gives itself another number.
    """
    return Event(*_check_event(canonical.decode_cbor(data, where=f"event {seq}", limit=8_192), seq))


def _check_event(decoded: Any, seq: int) -> list[Any]:
    fields: list[Any] = shape.check("bad-event", f"event {seq}", _EVENT, decoded)
    if fields[1] != seq:
        raise BadInput("bad-event", where=f"event {seq}: seq", expected=str(seq), seen=fields[1])
    if (fields[2] is None) != (fields[3] is None) or (fields[0] == "admit" and fields[2] is None):
        raise BadInput(
            "bad-event", where=f"event {seq}", expected="a batch with an index, and both if admitted", seen=fields[0]
        )
    return fields
