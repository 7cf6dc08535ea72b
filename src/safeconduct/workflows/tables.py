"""The tables that one transaction sees, as protocols; `storage` fills them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from safeconduct.alerts.earlier import Earlier, Question, Trace
from safeconduct.workflows.claim_rows import Claims
from safeconduct.workflows.conflict_rows import Conflicts
from safeconduct.workflows.rows import (
    AnswerRow,
    BatchRow,
    DeviceRow,
    EventRow,
    Member,
    OutboxLine,
    OutboxRow,
    ParkedRow,
    PassRow,
    ReleaseRow,
    StoredAgreement,
    StoredEntry,
    Unopened,
)
from safeconduct.workflows.source_rows import Sources
from safeconduct.workflows.spoken_rows import Spoken
from safeconduct.workflows.taxii_rows import Taxii


class Ledger(Protocol):
    """The append-only log inside a transaction."""

    def append(self, kind: str, envelope: bytes, nonce: bytes, at: int) -> int:
        """Append one entry; return its index."""
        ...

    def entry(self, index: int) -> StoredEntry | None:
        """Return the entry at `index`."""
        ...

    def logged_at(self, index: int) -> int | None:
        """Return when the entry at `index` was appended, unix seconds."""
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

    def pass_gate(self, pairs: Iterable[tuple[bytes, int]], at: int) -> None:
        """Let the groups that wait and were admitted with these passes (batch identity, index) be passed."""
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

    def of_groups(self, groups: Sequence[str], *, spoken: bool = False) -> Sequence[PassRow]:
        """Return the passes of groups; spoken ones, which have no bytes, only where they are asked for as well."""
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

    def raws(self, pairs: Iterable[tuple[bytes, int]]) -> Mapping[tuple[bytes, int], bytes]:
        """Return the bytes of issued passes by (batch identity, index)."""
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

    def renew(self, device: DeviceRow) -> None:
        """Put a device that is known on a new key and the next epoch, of which nothing has come yet."""
        ...

    def take_back(self, device: str, epoch: int, seq: int, since: int) -> EventRow | None:
        """Mark an admission as taken back if it happened at `since` or later; return it as it was, if there is one.

        It no longer counts as a use; the segment that holds it stays as it came.
        """
        ...

    def get(self, device: str) -> DeviceRow | None:
        """Return a device."""
        ...

    def all(self) -> Sequence[DeviceRow]:
        """Return every device."""
        ...

    def advance(self, device: str, epoch: int, upto_seq: int, hash_: bytes) -> None:
        """Move a device's contiguous state forward."""
        ...

    def seen(self, device: str, last_at: int) -> None:
        """Note the newest time (the device's, unix seconds) of an event, if it is newer than what is known."""
        ...

    def put_off(self, device: str, epoch: int, first: int, point: str) -> None:
        """Note that a stored segment of a device at a control point is still to be opened."""
        ...

    def unopened(self, most: int) -> Sequence[Unopened]:
        """Return up to `most` segments that are still to be opened, in the order in which they were accepted."""
        ...

    def opened(self, number: int) -> None:
        """Note that such a segment was opened."""
        ...

    def add_segment(self, device: str, epoch: int, first: int, last: int, data: bytes, index: int, at: int) -> None:
        """Store a segment as it came."""
        ...

    def add_events(self, rows: Sequence[EventRow]) -> None:
        """Store opened events."""
        ...

    def event(self, device: str, epoch: int, seq: int) -> EventRow | None:
        """Return a stored event."""
        ...

    def newest_of(self, device: str, epoch: int) -> tuple[int, bytes]:
        """Return (number, hash) of the newest stored event, zeros if there is none."""
        ...

    def event_hash(self, device: str, epoch: int, seq: int) -> bytes | None:
        """Return the hash of a stored event."""
        ...

    def quarantine(self, device: str, epoch: int, seq: int, why: str, data: bytes, at: int) -> None:
        """Keep what could not be taken in, beside the rest."""
        ...

    def uses_since(self, rowid: int, but: str = "") -> tuple[int, Sequence[EventRow]]:
        """Return (newest row id, admit and override events after row id but those of one device)."""
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

    def typed(self, reasons: Sequence[str]) -> Sequence[EventRow]:
        """Return the notes of guards that have some reasons (`spec/device-log.md`), in the order of time."""
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
        """Store one version of a release, in whatever order the versions come; a version is stored once."""
        ...

    def releases(self) -> Sequence[ReleaseRow]:
        """Return all releases, oldest first, each as the version that counts: a withdrawal, else the newest."""
        ...

    def release(self, release_id: str) -> ReleaseRow | None:
        """Return the version of a release that counts: a withdrawal, else the newest."""
        ...

    def versions(self, release_id: str | None = None) -> Sequence[ReleaseRow]:
        """Return every version of one release (of all of them, by default) that is held, by version."""
        ...

    def earlier(self, asked: Question) -> Earlier:
        """Return the cells of earlier sent releases that count, as `alerts.earlier.earlier_of` would."""
        ...

    def counting(self, asked: Question, limit: int) -> tuple[Sequence[tuple[Trace, Sequence[bytes]]], int]:
        """Return those earlier releases, newest first and at most `limit`, with their sources' tags; and how many."""
        ...

    def reports_released_after(self, index: int) -> Sequence[tuple[str, int]]:
        """Return the reports behind what was sent after a ledger index, each with the newest such index."""
        ...

    def tag_report(self, report_id: str, tags: Iterable[bytes]) -> None:
        """Keep the tags of a report's sources, and the cells of all that was released from it; again: no change."""
        ...

    def add_pools(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Keep who is declared to compare releases with whom; again: no change."""
        ...

    def pools(self) -> Sequence[tuple[str, str]]:
        """Return all pairs of parties that were ever declared to compare releases."""
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

    def due(self, limit: int = 50, without: Sequence[int] = ()) -> Sequence[OutboxRow]:
        """Return undelivered envelopes but those with some ids, oldest first."""
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


class Exchange(Protocol):
    """What crossed, what waits, and what the partner states of it."""

    def note_sent(self, index: int, digest: bytes, kind: str) -> None:
        """Remember where in the ledger the envelope stands that was queued last."""
        ...

    def unnoted(self) -> Sequence[tuple[int, str, bytes]]:
        """Return (outbox id, kind, wire) of queued envelopes that were never noted, oldest first."""
        ...

    def note_old(self, rows: Sequence[tuple[int, int, bytes, str]]) -> None:
        """Note (ledger index, outbox id, digest, kind) of envelopes that an older version queued."""
        ...

    def sent_of(self, digest: bytes) -> int | None:
        """Return where in our ledger an envelope of ours stands."""
        ...

    def crossed(self, way: str, after: int, limit: int) -> Sequence[tuple[int, str, bytes]]:
        """Return (ledger index, kind, digest) of what we sent ("sent") or took in ("taken"), above an index."""
        ...

    def queue_again(self, digests: Sequence[bytes]) -> int:
        """Make sent envelopes due again; return how many there were."""
        ...

    def confirm(self, digests: Sequence[bytes], at: int) -> int:
        """Mark envelopes as delivered because the partner states that it has them; return how many were due."""
        ...

    def due_ids(self, to: str) -> Sequence[int]:
        """Return the outbox ids of all that is due to a party, oldest first."""
        ...

    def wires(self, ids: Sequence[int]) -> Sequence[bytes]:
        """Return the wire forms of a few queued envelopes, oldest first."""
        ...

    def outbox_lines(self, what: str, limit: int) -> Sequence[OutboxLine]:
        """Return what is "due" or was "refused" by the partner, newest last."""
        ...

    def outbox_counts(self) -> tuple[int, int, int]:
        """Return (due, delivered, refused by the partner)."""
        ...

    def park(self, row: ParkedRow) -> None:
        """Set an envelope aside, or set it aside in another way than before."""
        ...

    def unpark(self, digest: bytes) -> None:
        """Forget that an envelope was set aside."""
        ...

    def parked(self, state: str, limit: int = 1_000) -> Sequence[ParkedRow]:
        """Return what is set aside in a state (waiting, expired, refused), oldest first."""
        ...

    def parked_one(self, digest: bytes) -> ParkedRow | None:
        """Return one that is set aside."""
        ...

    def parked_size(self, sender: str) -> tuple[int, int]:
        """Return (number, bytes) of what waits of one sender."""
        ...

    def drop_parked(self, state: str, keep: int) -> int:
        """Forget all but the newest of what is set aside in a state."""
        ...

    def note_stated(self, way: str, rows: Sequence[tuple[int, str, bytes]]) -> Sequence[tuple[int, bytes, bytes]]:
        """Keep what the partner states; return (index, digest before, digest now) where it contradicts itself."""
        ...

    def stated_upto(self) -> int:
        """Return the highest index of the partner's ledger that a statement named, −1 without one."""
        ...

    def missing(self, limit: int) -> Sequence[tuple[int, str, bytes]]:
        """Return (their index, kind, digest) of what they state to have sent and we do not have in any way."""
        ...

    def not_taken(self) -> Sequence[bytes]:
        """Return the digests of what we delivered and they do not state to have taken in."""
        ...

    def unstated(self, after: bytes = b"", limit: int = 1_000) -> Sequence[tuple[bytes, int]]:
        """Return (digest, our ledger index) of what we took in and they do not state to have sent."""
        ...

    def never_sent(self) -> Sequence[tuple[int, str, bytes]]:
        """Return (their index, kind, digest) of what they state to have taken in and we never sent."""
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
    def conflicts(self) -> Conflicts:
        """What conflicts and counts at gates are read from."""
        ...

    @property
    def spoken(self) -> Spoken:
        """Spoken passes: their batches and sealed keys."""
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

    @property
    def exchange(self) -> Exchange:
        """What crossed and what waits."""
        ...

    def attempt(self) -> AbstractContextManager[Callable[[], None]]:
        """Open a part of the transaction that can be taken back by calling what is given; an error takes it back."""
        ...

    @property
    def taxii(self) -> Taxii:
        """Collections for TAXII clients."""
        ...
