"""What devices at the control points reported, after merging: people let in, double uses, points passed by, harm."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.agreements.agreement import holder_at
from safeconduct.agreements.fields import iso
from safeconduct.gate.merge import Act, acts_by_holder, acts_by_whom, find_skips
from safeconduct.seal.canonical import decode_json
from safeconduct.workflows.common import in_force, require_agreement
from safeconduct.workflows.guard_records import partner_beside
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx

DAY = 86_400
BY_OWN, BY_OTHER = "by-own", "by-other"  # reasons of beatings and turnings away, as seen by the device's own party


@dataclass(frozen=True, slots=True)
class TallyLine:
    """People admitted at a control point on a day, by the class of their group."""

    point: str
    person_class: str  # "unknown" where no pass of this node tells it
    day: str  # ISO date
    people: int


@dataclass(frozen=True, slots=True)
class UseView:
    """One use of a pass that was used more than once."""

    point: str
    holder: str
    device: str
    at: str  # ISO time by the device
    after: str  # ISO time: it was surely not earlier
    before: str  # ISO time: it was surely not later
    heads: int


@dataclass(frozen=True, slots=True)
class ConflictView:
    """A pass that was used more than once: the earliest use first."""

    batch: str  # hex
    index: int
    found_at: str
    first_certain: bool  # the first use was surely before all others
    uses: tuple[UseView, ...]


@dataclass(frozen=True, slots=True)
class MissedPoint:
    """An outer control point that has no record of a group."""

    point: str
    holder: str  # party that held it when the group reached the gate; empty: nobody
    last_heard: str  # ISO time of the newest event from there; empty: none


@dataclass(frozen=True, slots=True)
class SkipView:
    """A group that was admitted at a gate while its outer pass was used nowhere."""

    group: str
    gate: str
    at: str
    missing: tuple[MissedPoint, ...]


@dataclass(frozen=True, slots=True)
class ActView:
    """One beating or turning away."""

    at: str
    device: str
    person_class: str
    heads: int
    follow_up: str
    by: str  # party whose guards did it, as the device says; empty: not known


@dataclass(frozen=True, slots=True)
class ByWhomView:
    """All acts of one kind by the guards of one party at points of one holder, as devices say."""

    kind: str  # "assault" or "turned-away": two kinds, never added up
    by: str  # party; empty: not known
    holder: str  # party that held the points then; empty: not known
    times: int
    people: int  # as far as devices counted them
    points: tuple[tuple[str, int], ...]  # (control point, times)


@dataclass(frozen=True, slots=True)
class HarmView:
    """All acts of one kind at one control point under one holder."""

    holder: str  # empty: not known
    point: str
    kind: str  # "assault" or "turned-away": two kinds, never added up
    times: int
    people: int  # as far as devices counted them
    acts: tuple[ActView, ...]


def read_tally(node: Node) -> tuple[TallyLine, ...]:
    """Return people admitted by day, control point and class of the group; an override admits too."""
    with node.store.reading() as tx:
        return tuple(
            TallyLine(point, person_class, iso(day * DAY)[:10], people)
            for point, person_class, day, people in tx.devices.admitted()
        )


def read_conflicts(node: Node) -> tuple[ConflictView, ...]:
    """Return passes that were used more than once, in the order in which this was found."""
    with node.store.reading() as tx:
        rows = sorted(tx.devices.conflicts(), key=lambda row: (row[3], row[0], row[1]))
    found = []
    for batch, index, body, found_at, _ in rows:
        stored = decode_json(body, where="stored conflict")
        uses = tuple(
            UseView(u["point"], u["holder"], u["device"], iso(u["at"]), iso(u["low"]), iso(u["high"]), u["heads"])
            for u in stored["uses"]
        )
        found.append(ConflictView(batch.hex(), index, iso(found_at), stored["first_certain"], uses))
    return tuple(found)


def read_skips(node: Node) -> tuple[SkipView, ...]:
    """Return groups admitted at a gate whose outer pass was used nowhere, as far as device logs have arrived.

    Raises:
        SafeconductError: `no-agreement`; it says which points are gates.
    """
    with node.store.reading() as tx:
        agreement = require_agreement(tx)
        visits = tx.devices.visits()
        held = tx.passes.points_of(sorted({group for group, _, _, _ in visits}))
        heard: dict[str, int] = {}
        for point, _, _, _, _, newest in tx.devices.tallies():
            heard[point] = max(heard.get(point, 0), newest)
    gates = {p.id for p in agreement.control_points if p.ring == "gate"}

    def missed(points: Sequence[str], at: int) -> tuple[MissedPoint, ...]:
        return tuple(
            MissedPoint(p, holder_at(agreement, p, at) or "", iso(heard[p]) if p in heard else "") for p in points
        )

    return tuple(SkipView(s.group, s.gate, iso(s.at), missed(s.missing, s.at)) for s in find_skips(visits, held, gates))


def read_harm(node: Node) -> tuple[HarmView, ...]:
    """Return beatings and turnings away by holder, control point and kind.

    The holder is the one that the agreement names for the device's time, held within the bounds that the ledger gives.
    """
    with node.store.reading() as tx:
        acts = _acts(tx)
    return tuple(
        HarmView(
            holder, point, kind, len(listed), sum(act.heads for act in listed),
            tuple(ActView(iso(a.at), a.device, a.person_class, a.heads, a.follow_up, a.by) for a in listed),
        )
        for (holder, point, kind), listed in acts_by_holder(acts).items()
    )  # fmt: skip


def read_by_whom(tx: Tx) -> tuple[ByWhomView, ...]:
    """Return beatings and turnings away by kind, by the party whose guards did it, and by holder.

    By whom is what the guard with the device says: guards of the other party, of the own one, or not known whose.
    """
    found = []
    for (kind, by, holder), listed in acts_by_whom(_acts(tx)).items():
        points = sorted(Counter(act.point for act in listed).items())
        found.append(ByWhomView(kind, by, holder, len(listed), sum(act.heads for act in listed), tuple(points)))
    return tuple(found)


def _acts(tx: Tx) -> list[Act]:
    found = in_force(tx)
    agreement = found[0] if found else None
    parties = {device.id: device.party for device in tx.devices.all()}
    acts = []
    for row in tx.devices.acts():
        held = min(max(row.at, row.low), row.high)
        holder = holder_at(agreement, row.point, held) if agreement else None
        own = parties.get(row.device, "")
        by = {BY_OWN: own, BY_OTHER: partner_beside(agreement, own)}.get(row.reason, "")
        act = Act(row.kind, row.point, holder or "", row.device, row.at, row.heads, row.person_class, row.note, by)
        acts.append(act)
    return acts
