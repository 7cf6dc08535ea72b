"""Conflicts between what devices reported: each with its places, times and their bounds, and what was decided."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from safeconduct.agreements.agreement import Agreement, holder_at
from safeconduct.errors import BadInput
from safeconduct.gate.device_log import open_segment, parse_segment
from safeconduct.gate.event import Event
from safeconduct.gate.merge import find_skips
from safeconduct.gate.resolve import ASIDE, DOUBLE, FORK, SKIP, Resolution
from safeconduct.seal.canonical import decode_json, encode_json
from safeconduct.workflows.batch_lists import allied_batches
from safeconduct.workflows.common import in_force
from safeconduct.workflows.conflict_rows import AsideRow
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx

RESOLUTION = "conflict-resolution"  # kind of record: a decision, by the conflict's id


@dataclass(frozen=True, slots=True)
class Place:
    """One thing that a device recorded, with the bounds of its time (unix seconds; 0: not known)."""

    point: str
    name: str  # of the control point
    holder: str  # party that held it; empty: not known
    device: str
    at: int  # by the device
    low: int  # surely not earlier: the newest log checkpoint that the event names
    high: int  # surely not later: its receipt
    people: int
    said: str  # what the device recorded, or why there is nothing


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision, with its time."""

    resolution: Resolution
    at: int  # unix seconds


@dataclass(frozen=True, slots=True)
class ConflictView:
    """One conflict."""

    id: str
    kind: str  # double, fork, skip, aside
    what: str  # in one line
    found_at: int  # unix seconds
    issuer: str  # of the pass, where there is one
    certain: bool  # which was first is certain
    places: tuple[Place, ...]
    decided: tuple[Decided, ...]  # oldest first

    @property
    def standing(self) -> Resolution | None:
        """Return the decision that stands."""
        return self.decided[-1].resolution if self.decided else None

    @property
    def open(self) -> bool:
        """Whether it waits for somebody."""
        return self.standing is None or not self.standing.settles


@dataclass(frozen=True, slots=True)
class ConflictsView:
    """The page of conflicts."""

    now: int
    open: tuple[ConflictView, ...]  # the newest first
    settled: tuple[ConflictView, ...]


def show_conflicts(node: Node) -> ConflictsView:
    """Return the page's view from stored state."""
    with node.store.reading() as tx:
        found = find_all(node, tx)
    found.sort(key=lambda one: (-one.found_at, one.id))
    return ConflictsView(
        node.clock.now(), tuple(one for one in found if one.open), tuple(one for one in found if not one.open)
    )


def find_all(node: Node, tx: Tx) -> list[ConflictView]:
    """Return every conflict, in no order."""
    agreement = found[0] if (found := in_force(tx)) else None
    decided = decisions(tx)
    places = _Places(agreement)
    return [*_doubles(node, tx, places, decided), *_aside(node, tx, places, decided), *_skips(tx, places, decided)]


def waiting_count(tx: Tx) -> int:
    """Return how many double uses, forks and events set aside wait for a decision.

    Groups without a record at an outer control point are not among them: logs come late, and looking for these reads
    every use.
    """
    settled = {one for one, made in decisions(tx).items() if made[-1].resolution.settles}
    found = {double_id(batch, index) for batch, index, _, _, _ in tx.devices.conflicts()}
    found |= {f"{FORK if why == 'fork' else ASIDE}-{d}-{e}-{s}" for d, e, s, why in tx.devices.quarantined()}
    return len(found - settled)


def decisions(tx: Tx) -> dict[str, tuple[Decided, ...]]:
    """Return all decisions by conflict, the oldest first."""
    found: dict[str, tuple[Decided, ...]] = {}
    for conflict, body, at in tx.records.all(RESOLUTION):
        told = decode_json(body, where=RESOLUTION)
        made = Decided(Resolution(conflict, told["outcome"], told["reason"], told["by"]), at)
        found[conflict] = (*found.get(conflict, ()), made)
    return found


def resolution_body(made: Resolution, count: int) -> bytes:
    """Canonical JSON of a decision; `count` tells it apart from an earlier one of the same words."""
    return encode_json({"by": made.by, "number": count, "outcome": made.outcome, "reason": made.reason})


class _Places:
    """Names and holders of control points."""

    def __init__(self, agreement: Agreement | None) -> None:
        self._agreement = agreement
        self.names = {p.id: p.name for p in agreement.control_points} if agreement else {}

    def gates(self) -> set[str]:
        return {p.id for p in self._agreement.control_points if p.ring == "gate"} if self._agreement else set()

    def place(
        self, point: str, device: str, times: tuple[int, int, int], people: int, said: str, held_at: int = 0
    ) -> Place:  # fmt: skip
        at, low, high = times
        when = held_at or min(max(at, low), high or at)
        holder = holder_at(self._agreement, point, when) if self._agreement else None
        return Place(point, self.names.get(point, point), holder or "", device, at, low, high, people, said)


def _doubles(
    node: Node, tx: Tx, places: _Places, decided: Mapping[str, tuple[Decided, ...]]
) -> Iterator[ConflictView]:  # fmt: skip
    issuers = {row.identity: node.party for row in tx.passes.batches()}
    issuers |= {one.identity: one.party for one in allied_batches(tx)}
    for batch, index, body, found_at, _ in tx.devices.conflicts():
        told = decode_json(body, where="stored conflict")
        uses = tuple(
            places.place(u["point"], u["device"], (u["at"], u["low"], u["high"]), u["heads"], "let through")
            for u in told["uses"]
        )
        identity = double_id(batch, index)
        what = f"one pass was used {len(uses)} times"
        yield ConflictView(
            identity, DOUBLE, what, found_at, issuers.get(batch, ""), told["first_certain"], uses,
            decided.get(identity, ()),
        )  # fmt: skip


def double_id(batch: bytes, index: int) -> str:
    """Return the id of the conflict over one pass."""
    return f"{DOUBLE}-{batch.hex()[:16]}-{index}"


def _aside(
    node: Node, tx: Tx, places: _Places, decided: Mapping[str, tuple[Decided, ...]]
) -> Iterator[ConflictView]:  # fmt: skip
    seen: dict[str, int] = {}
    for row in tx.conflicts.aside():
        kind = FORK if row.why == "fork" else ASIDE
        identity = f"{kind}-{row.device}-{row.epoch}-{row.seq}"
        if identity in seen:  # the same segment, sent again
            continue
        seen[identity] = row.at
        what = (f"{row.device} has two different events number {row.seq}" if kind == FORK
                else f"event {row.seq} of {row.device} was set aside")  # fmt: skip
        yield ConflictView(identity, kind, what, row.at, "", certain=False, places=_sides(node, tx, places, row),
                           decided=decided.get(identity, ()))  # fmt: skip


def _sides(node: Node, tx: Tx, places: _Places, row: AsideRow) -> tuple[Place, ...]:
    """Return what stands in the log and what was kept beside it, as far as either can be read."""
    found = []
    stored = tx.devices.event(row.device, row.epoch, row.seq) if row.why == "fork" else None
    if stored is not None:
        times = (stored.at, stored.low, stored.high)
        found.append(places.place(stored.point, row.device, times, stored.heads, f"in the log: {stored.kind}"))
    event = _event_of(node, row)
    if event is None:
        device = tx.devices.get(row.device)
        point = device.point if device else ""
        found.append(places.place(point, row.device, (0, 0, row.at), 0, "kept beside it: cannot be read"))
        return tuple(found)
    entry = tx.ledger.entry(event.log_size - 1) if event.log_size else None
    times = (event.at, min(entry.at, row.at) if entry else 0, row.at)
    found.append(places.place(event.point, row.device, times, event.heads, f"kept beside it: {event.kind}"))
    return tuple(found)


def _event_of(node: Node, row: AsideRow) -> Event | None:
    try:
        segment = parse_segment(row.data)
        key = node.vault.open_segment_key(segment.sealed_keys.get(node.party, b""))
        return next((event for event in open_segment(segment, key)[0] if event.seq == row.seq), None)
    except BadInput:
        return None


def _skips(tx: Tx, places: _Places, decided: Mapping[str, tuple[Decided, ...]]) -> Iterator[ConflictView]:
    gates = places.gates()
    if not gates:
        return
    visits = tx.devices.visits()
    held = tx.passes.points_of(sorted({group for group, _, _, _ in visits}))
    for skip in find_skips(visits, held, gates):
        identity = f"{SKIP}-{skip.group}-{skip.gate}"
        sides = [places.place(skip.gate, "", (skip.at, 0, 0), 0, f"group {skip.group} was let through")]
        sides += [places.place(p, "", (0, 0, 0), 0, "no record of the group", skip.at) for p in skip.missing]
        yield ConflictView(identity, SKIP, f"group {skip.group} at a gate, and at no outer control point", skip.at, "",
                           certain=True, places=tuple(sides), decided=decided.get(identity, ()))  # fmt: skip
