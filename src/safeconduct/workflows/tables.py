"""The tables that one transaction sees, as protocols; `storage` fills them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from safeconduct.workflows.claim_rows import Claims
from safeconduct.workflows.rows import (
    AnswerRow,
    BatchRow,
    DeviceRow,
    EventRow,
    Member,
    OutboxRow,
    PassRow,
    ReleaseRow,
    StoredAgreement,
    StoredEntry,
)
from safeconduct.workflows.source_rows import Sources


class Ledger(Protocol):
    """The append-only log inside a transaction."""

    def append(self, kind: str, envelope: bytes, nonce: bytes, at: int) -> int:
        """Append one entry; return its index."""
        ...

    def entry(self, index: int) -> StoredEntry | None:
        """Return the entry at `index`."""
        ...

    def find(self, kind: str) -> Sequence[StoredEntry]:
        """Return all entries of a kind, oldest first."""
        ...

    def size(self) -> int:
        """Return how many entries there are."""
        ...

    def root(self, size: int | None = None) -> bytes:
        """Return the Merkle root (of the first `size` entries)."""
        ...

    def node(self, level: int, index: int) -> bytes:
        """Return a complete node's hash."""
        ...


class Roll(Protocol):
    """The private roll."""

    def add(self, people: Iterable[Mapping[str, Any]], groups: Iterable[Mapping[str, Any]]) -> None:
        """Add people and groups; ids must be new."""
        ...

    def known_ids(self, ids: Sequence[str]) -> set[str]:
        """Return those of the person ids that are in the roll already."""
        ...

    def known_groups(self, ids: Sequence[str]) -> set[str]:
        """Return those of the group ids that are in the roll already."""
        ...

    def counts(self) -> Mapping[str, int]:
        """Return people, groups, waiting, passed, departed (in people); who withdrew or died is not among them."""
        ...

    def groups(self, ids: Sequence[str] | None = None) -> Sequence[tuple[str, int, str, str]]:
        """Return (group id, heads, class, state)."""
        ...

    def set_state(self, groups: Iterable[str], state: str, at: int, was: str | None = None) -> int:
        """Move groups to a state (only those in `was`, where given); return how many people moved."""
        ...

    def depart(self, at: int) -> Mapping[str, int]:
        """Let all who passed depart; return how many people of each class did."""
        ...

    def members(self, ids: Sequence[str]) -> Sequence[Member]:
        """Return those of the people that are in the register."""
        ...

    def leave(self, members: Sequence[Member], way: str, reason: str, at: int) -> None:
        """Record people of the roll as out in another way; their groups shrink, and leave with their last person."""
        ...

    def open_cases(self) -> Iterable[tuple[str, str]]:
        """Return (person id, class) of everybody who is still on the roll, one after the other."""
        ...

    def open_bodies(self) -> Iterable[tuple[str, bytes]]:
        """Return (class, body) of everybody who is still on the roll, one after the other."""
        ...

    def departures(self) -> Sequence[tuple[str, int]]:
        """Return (day, people departed), oldest first."""
        ...

    def was_imported(self, digest: str) -> tuple[int, int] | None:
        """Return (people, groups) of an earlier import of the same bytes."""
        ...

    def note_import(self, digest: str, filename: str, people: int, groups: int, at: int) -> None:
        """Remember an import."""
        ...


class Passes(Protocol):
    """Batches, passes, revocations and bundles."""

    def add_batch(self, identity: bytes, signed: bytes, sealed_key: bytes, secret: bytes) -> int:
        """Store a batch; return its number."""
        ...

    def batches(self) -> Sequence[BatchRow]:
        """Return all batches, oldest first."""
        ...

    def batch_secrets(self, number: int) -> tuple[bytes, bytes]:
        """Return (sealed signing key, sealed index secret) of a batch."""
        ...

    def add(self, rows: Iterable[PassRow]) -> None:
        """Store passes."""
        ...

    def use(self, batch: int, count: int) -> None:
        """Count indexes of a batch as used, so that none is ever given twice."""
        ...

    def of_groups(self, groups: Sequence[str]) -> Sequence[PassRow]:
        """Return the passes of groups."""
        ...

    def outgrown(self, groups: Sequence[str], *, revoked: bool) -> Sequence[PassRow]:
        """Return the passes of groups, revoked or not, whose head count is no longer that of their group."""
        ...

    def points_of(self, groups: Sequence[str]) -> Sequence[tuple[str, str]]:
        """Return each (group, point) for which a group has a pass that is not revoked."""
        ...

    def find(self, identity: bytes, index: int) -> PassRow | None:
        """Return the pass at an index of a batch."""
        ...

    def groups_of(self, pairs: Iterable[tuple[bytes, int]]) -> Mapping[tuple[bytes, int], tuple[str, str]]:
        """Return (group, point) of issued passes by (batch identity, index)."""
        ...

    def count(self) -> tuple[int, int]:
        """Return (issued, revoked of those issued)."""
        ...

    def revoke(self, rows: Iterable[tuple[int, int, str]], at: int) -> int:
        """Revoke (batch, index, reason); return how many were new."""
        ...

    def revoked(self) -> Mapping[int, Sequence[int]]:
        """Return revoked indexes by batch number."""
        ...

    def add_bundle(self, seq: int, data: bytes, at: int, agreement: str) -> None:
        """Store a signed bundle."""
        ...

    def bundle(self, seq: int | None = None) -> tuple[int, bytes] | None:
        """Return (seq, bytes) of the newest bundle, or of one."""
        ...

    def bundles_before(self, at: int) -> Sequence[bytes]:
        """Return the newest few bundles that were stored at or before a time, newest first."""
        ...

    def issued(self, batch: int) -> set[int]:
        """Return the indexes of a batch that have a pass."""
        ...

    def sample(self, state: str, now: int, limit: int = 1) -> Sequence[PassRow]:
        """Return passes in a state (unused, used, revoked), those valid at `now` first."""
        ...


class Devices(Protocol):
    """Devices, their segments and their events."""

    def enrol(self, device: DeviceRow) -> None:
        """Enrol a device (again with the same key: no change)."""
        ...

    def get(self, device: str) -> DeviceRow | None:
        """Return a device."""
        ...

    def all(self) -> Sequence[DeviceRow]:
        """Return every device."""
        ...

    def advance(self, device: str, epoch: int, upto_seq: int, hash_: bytes, last_at: int) -> None:
        """Move a device's contiguous state forward."""
        ...

    def add_segment(self, device: str, epoch: int, first: int, last: int, data: bytes, index: int, at: int) -> None:
        """Store a segment as it came."""
        ...

    def add_events(self, rows: Sequence[EventRow]) -> None:
        """Store opened events."""
        ...

    def event_hash(self, device: str, epoch: int, seq: int) -> bytes | None:
        """Return the hash of a stored event."""
        ...

    def quarantine(self, device: str, epoch: int, seq: int, why: str, data: bytes, at: int) -> None:
        """Keep what could not be taken in, beside the rest."""
        ...

    def uses_since(self, rowid: int) -> tuple[int, Sequence[EventRow]]:
        """Return (newest row id, admit and override events after row id)."""
        ...

    def uses_of(self, pairs: Sequence[tuple[bytes, int]]) -> Sequence[EventRow]:
        """Return all admissions of the given passes."""
        ...

    def used_twice(self, pairs: Sequence[tuple[bytes, int]]) -> Sequence[tuple[bytes, int]]:
        """Return those of the passes that were admitted more than once."""
        ...

    def is_used(self, batch: bytes, index: int) -> Sequence[EventRow]:
        """Return the admissions of one pass, first one first."""
        ...

    def segment_at(self, device: str, epoch: int, last: int) -> tuple[int, int] | None:
        """Return (ledger index, first seq) of the segment that ends at an event."""
        ...

    def quarantined(self) -> Sequence[tuple[str, int, int, str]]:
        """Return (device, epoch, seq, why) of all that is kept apart."""
        ...

    def tallies(self) -> Sequence[tuple[str, str, str, int, int, int]]:
        """Return (point, kind, reason, events, heads, newest time)."""
        ...

    def admitted(self) -> Sequence[tuple[str, str, int, int]]:
        """Return (point, class of the group, day, people admitted); class "unknown" where no pass of ours tells it.

        The day is unix seconds // 86,400 of the device's time, held within the bounds that the ledger gives.
        """
        ...

    def passages(self, since: int, until: int) -> Sequence[tuple[str, int, int, int]]:
        """Return (point, passages, people, events of any kind) of the events within a window, both ends included."""
        ...

    def acts(self) -> Sequence[EventRow]:
        """Return all beatings and turnings away, in the order of time."""
        ...

    def visits(self) -> Sequence[tuple[str, str, str, int]]:
        """Return (group, point where it was admitted, point that its pass names, time) of all uses, first one first."""
        ...

    def put_conflict(self, batch: bytes, index: int, body: bytes, found_at: int, second_at: int) -> bool:
        """Store a conflict; a later finding of the same pass replaces its body. True if it is new."""
        ...

    def conflicts(self) -> Sequence[tuple[bytes, int, bytes, int, int]]:
        """Return (batch, index, body, found at, second use at)."""
        ...


class Alerts(Protocol):
    """Reports (sealed), releases and answers."""

    def add_report(self, report_id: str, sealed: bytes, at: int) -> None:
        """Store a report's sealed bytes."""
        ...

    def report(self, report_id: str) -> bytes | None:
        """Return a report's sealed bytes."""
        ...

    def report_ids(self) -> Sequence[str]:
        """Return all report ids."""
        ...

    def add_release(self, row: ReleaseRow) -> None:
        """Store a release."""
        ...

    def releases(self) -> Sequence[ReleaseRow]:
        """Return all releases, oldest first."""
        ...

    def release(self, release_id: str) -> ReleaseRow | None:
        """Return one release."""
        ...

    def add_answer(self, row: AnswerRow) -> None:
        """Store an answer."""
        ...

    def answers(self, release: str | None = None) -> Sequence[AnswerRow]:
        """Return answers (to one release), oldest first."""
        ...


class Records(Protocol):
    """Append-only typed records: incidents, claims, relations, entries, refused acts, agreements, settings."""

    def add(self, kind: str, record_id: str, body: bytes, at: int) -> bool:
        """Store a record; False if that kind and id is there with the same body; another body is a new version."""
        ...

    def all(self, kind: str) -> Sequence[tuple[str, bytes, int]]:
        """Return (id, body, at) of a kind, oldest first."""
        ...

    def latest(self, kind: str, record_id: str) -> tuple[bytes, int] | None:
        """Return the newest (body, at) of a record."""
        ...

    def add_all(self, kind: str, bodies: Sequence[tuple[str, bytes]], at: int) -> None:
        """Store records whose ids are new."""
        ...

    def held(self, kind: str, ids: Iterable[str]) -> dict[str, bytes]:
        """Return the newest body of each of the records that is held."""
        ...

    def begin_with(self, kind: str, prefixes: Iterable[str]) -> Sequence[tuple[str, bytes]]:
        """Return (id, body) of all records of a kind whose id begins with one of the words, in order of recording."""
        ...

    def set(self, key: str, value: bytes) -> None:
        """Set a setting."""
        ...

    def get(self, key: str) -> bytes | None:
        """Return a setting."""
        ...

    def put_agreement(self, row: StoredAgreement, at: int) -> None:
        """Store a version of an agreement (replacing its signatures and state)."""
        ...

    def agreement_version(self, version: int | None = None) -> StoredAgreement | None:
        """Return a version of the agreement, the newest by default."""
        ...


class Outbox(Protocol):
    """What goes to the partner, and what came from it."""

    def add(self, to: str, kind: str, wire: bytes, at: int) -> None:
        """Queue an envelope."""
        ...

    def due(self, limit: int = 50) -> Sequence[OutboxRow]:
        """Return undelivered envelopes, oldest first."""
        ...

    def delivered(self, ids: Sequence[int], at: int) -> None:
        """Mark envelopes as delivered."""
        ...

    def failed(self, row_id: int, why: str) -> None:
        """Count a failed attempt and keep its reason."""
        ...

    def seen(self, digest: bytes) -> bool:
        """Say whether an envelope was taken in before."""
        ...

    def note_seen(self, digest: bytes, kind: str, index: int, at: int) -> None:
        """Remember an envelope that was taken in."""
        ...

    def crossings(self, limit: int | None = None, since: int = 0) -> Sequence[tuple[int, str, str, int]]:
        """Return (at, kind, direction, ledger index) of what was logged at or after `since`, newest first."""
        ...


class Tx(Protocol):
    """One transaction, by room."""

    @property
    def ledger(self) -> Ledger:
        """The append-only log."""
        ...

    @property
    def roll(self) -> Roll:
        """People and groups."""
        ...

    @property
    def passes(self) -> Passes:
        """Passes, batches, bundles."""
        ...

    @property
    def devices(self) -> Devices:
        """Devices and their logs."""
        ...

    @property
    def alerts(self) -> Alerts:
        """Reports, releases, answers."""
        ...

    @property
    def records(self) -> Records:
        """Typed records and settings."""
        ...

    @property
    def claims(self) -> Claims:
        """Claims by incident, day and figure."""
        ...

    @property
    def sources(self) -> Sources:
        """Archived originals, suggestions, decisions."""
        ...

    @property
    def outbox(self) -> Outbox:
        """What crosses."""
        ...
