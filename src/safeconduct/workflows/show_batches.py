"""What the room sees of its batches: limits, use, when the next is due, what was stopped; and how the root is kept."""

from dataclasses import dataclass, replace
from typing import Any

from safeconduct.passes.batch import BatchEntry, decode_batch
from safeconduct.seal.canonical import decode_cbor
from safeconduct.seal.words import fingerprint_words
from safeconduct.workflows.batch_keys import room_of, signed_batch
from safeconduct.workflows.batch_limits import DAY, Stop, stops
from safeconduct.workflows.batch_lists import allied_batches
from safeconduct.workflows.common import in_force
from safeconduct.workflows.ports import Node
from safeconduct.workflows.root_ceremony import open_requests, own_root
from safeconduct.workflows.tables import Tx

NEARLY_FULL = 0.9  # of the room: time for the next batch
SOON = 2 * DAY  # seconds before an end
STALE = DAY  # seconds: an ally's list that is older


@dataclass(frozen=True, slots=True)
class BatchView:
    """One batch."""

    number: int  # 0: an ally's
    identity: str  # hex
    party: str
    spoken: bool
    points: tuple[str, ...]
    classes: tuple[int, ...]
    not_before: int  # unix seconds
    not_after: int
    capacity: int
    used: int  # -1: not known
    room: int  # -1: not known
    state: str  # signs, full, ended, rotated, withdrawn, admitted
    stop: Stop | None
    advice: str  # what to do next; empty: nothing
    listed_at: int  # of an ally's list; 0: own


@dataclass(frozen=True, slots=True)
class BatchesView:
    """The page of batches."""

    now: int
    agreed: bool
    root_kept: str  # "exercise", "passphrase", "apart"
    root_words: str
    certified_until: int  # unix seconds; 0: not certified
    requests: tuple[tuple[int, int, str], ...]  # (asked at, items, words) of requests without an answer
    batches: tuple[BatchView, ...]  # own ones first, the newest first
    advice: tuple[str, ...]  # what the room is to do


def show_batches(node: Node) -> BatchesView:
    """Return the page's view from stored state."""
    now = node.clock.now()
    with node.store.reading() as tx:
        found = in_force(tx)
        stored = tx.records.get(f"certificate:{found[0].id}") if found else None
        until = decode_cbor(stored, where="stored certificate")["until"] if stored else 0
        kept = node.vault.root_kept()
        views = [*_own(node, tx, now), *_allied(tx, now)]
        waiting = tuple((one.at, len(one.items), fingerprint_words(data)) for one, data in open_requests(tx))
        words = fingerprint_words(own_root(tx))
    advice = [f"{one.identity[:8]}: {one.advice}" for one in views if one.advice]
    if found and kept != "exercise" and until < now + SOON:
        advice.insert(0, "the online key's certificate " + ("has run out" if until <= now else "runs out soon")
                      + ("; write a root request" if kept == "apart" else "; safeconduct node certify"))  # fmt: skip
    return BatchesView(now, found is not None, kept, words, until, waiting, tuple(views), tuple(advice))


def _own(node: Node, tx: Tx, now: int) -> list[BatchView]:
    stopped, spoken = stops(tx), tx.spoken.batches()
    views = []
    for row in reversed(tx.passes.batches()):
        entry = decode_batch(signed_batch(row.signed).entry_bytes)
        stop = stopped.get(row.identity)
        room = max(0, room_of(entry.capacity) - row.used)
        state = _state(entry, room, stop, now)
        views.append(_view(entry, row.identity, node.party, state, stop, (row.used, room), number=row.number,
                           spoken=row.number in spoken))  # fmt: skip
    signing = [one for one in views if one.state == "signs"]
    return [_advised(one, signing, now) for one in views]


def _advised(one: BatchView, signing: list[BatchView], now: int) -> BatchView:
    """Say that a batch is to be rotated, unless a wider one is there already that is not near its end."""
    if one.state != "signs":
        return one
    full, ends = one.used >= NEARLY_FULL * (one.used + one.room), one.not_after < now + SOON
    others = [o for o in signing if o is not one and o.spoken == one.spoken and o.used < NEARLY_FULL * (o.used + o.room)
              and o.not_after >= now + SOON and set(one.points) <= set(o.points)]  # fmt: skip
    if others or not (full or ends):
        return one
    why = "nearly full" if full else "ends soon"
    return replace(one, advice=f"{why}; make the next one: safeconduct batch rotate")


def _allied(tx: Tx, now: int) -> list[BatchView]:
    stopped = stops(tx)
    views = []
    for one in allied_batches(tx):
        entry, stop = decode_batch(one.signed.entry_bytes), stopped.get(one.identity)
        state = "withdrawn" if stop else "ended" if now > entry.not_after else "admitted"
        old = state == "admitted" and one.at < now - STALE
        advice = f"the list of {one.party} is more than a day old; ask for a new offer" if old else ""
        views.append(_view(entry, one.identity, one.party, state, stop, advice=advice, listed_at=one.at))
    return views


def _view(
    entry: BatchEntry, identity: bytes, party: str, state: str, stop: Stop | None, use: tuple[int, int] = (-1, -1),
    **more: Any,
) -> BatchView:  # fmt: skip
    known: dict[str, Any] = {"number": 0, "spoken": False, "advice": "", "listed_at": 0, **more}
    return BatchView(
        identity=identity.hex(), party=party, points=entry.points, classes=entry.classes, not_before=entry.not_before,
        not_after=entry.not_after, capacity=entry.capacity, used=use[0], room=use[1], state=state, stop=stop, **known,
    )  # fmt: skip


def _state(entry: BatchEntry, room: int, stop: Stop | None, now: int) -> str:
    if stop is not None:
        return stop.how
    if now > entry.not_after:
        return "ended"
    return "signs" if room else "full"
