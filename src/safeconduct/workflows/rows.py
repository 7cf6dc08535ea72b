"""What is stored, as workflows see it: plain records, one for each kind of row."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class PartyCard:
    """The public half of a party: what the other must know of it. All keys are public."""

    party: str
    name: str
    root_public: str  # hex, 32 bytes
    log_vkey: str  # C2SP vkey of its ledger
    witness_vkey: str  # C2SP vkey with which it cosigns the other's heads
    age_recipient: str  # seals device-log keys to it


@dataclass(frozen=True, slots=True)
class StoredAgreement:
    """One version of an agreement with the signatures that it has so far."""

    id: str
    version: int
    body: bytes  # canonical JSON
    signatures: Mapping[str, bytes]
    state: str  # proposed, or open once both signed


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """One ledger entry: its place, and what is hashed."""

    index: int
    kind: str
    nonce: bytes
    envelope: bytes
    at: int


@dataclass(frozen=True, slots=True)
class PassRow:
    """One issued pass; `raw` is the 96 bytes."""

    batch: int
    index: int
    group: str
    point: str
    not_before: int
    window_end: int
    heads: int
    raw: bytes


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One batch: its signed entry, its sealed key, and how many of its indexes are used."""

    number: int
    identity: bytes
    signed: bytes
    used: int


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """An enrolled scanning device and how far its log has arrived."""

    id: str
    party: str
    public: bytes
    point: str
    epoch: int
    upto_seq: int
    hash: bytes
    last_at: int


@dataclass(frozen=True, slots=True)
class Unopened:
    """A segment that was accepted and is still to be opened; `first` is the first event that is new in it."""

    number: int  # order of acceptance
    device: str
    epoch: int
    first: int
    point: str  # where the device was enrolled then
    data: bytes
    at: int  # when it was accepted, unix seconds


USES = ("admit", "override")  # kinds of an event that let somebody through


class EventRow(NamedTuple):  # made by the thousand a second, which a data class would take twice as long for
    """One opened event of a device log, with the bounds of its time."""

    device: str
    epoch: int
    seq: int
    hash: bytes
    kind: str
    batch: bytes | None
    index: int | None  # type: ignore[assignment]  # of the pass; nobody asks a row where a value stands
    point: str
    at: int
    low: int
    high: int
    heads: int
    reason: str
    note: str = ""
    person_class: str = ""  # of the person concerned, where no pass tells it


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the roll, without name: the group, the class, and where both stand."""

    person_id: str
    group: str
    person_class: str
    group_state: str  # waiting, passed, departed, left
    way_out: str  # withdrawn, dead; empty: none


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """One version of a release, sent or received, and what was withheld (sender only)."""

    id: str
    direction: str  # sent, received
    body: bytes  # canonical JSON
    report: str | None
    withheld: bytes  # JSON: [[field, rule], …]
    issued: int
    ledger_index: int


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer to a release: acknowledgement, action or outcome."""

    release: str
    kind: str
    body: bytes
    at: int
    ledger_index: int


@dataclass(frozen=True, slots=True)
class OutboxLine:
    """How an envelope of ours fares, without the envelope."""

    kind: str
    attempts: int
    last_error: str
    at: int
    ledger_index: int  # -1: not known


@dataclass(frozen=True, slots=True)
class ParkedRow:
    """An envelope of the partner's, rightly signed, that was not taken in."""

    digest: bytes
    sender: str
    kind: str
    state: str  # waiting, expired, refused
    code: str  # of the refusal
    detail: str
    wire: bytes | None  # kept while it waits
    size: int  # bytes of the wire form
    sent: int  # unix seconds, the sender's clock
    since: int  # unix seconds, our clock
    tries: int


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """An envelope on its way to the partner."""

    id: int
    to: str
    kind: str
    wire: bytes
    attempts: int
