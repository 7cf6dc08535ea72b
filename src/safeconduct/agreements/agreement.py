"""The agreement: what exactly two parties signed, numbered by versions, and who holds which control point when.

Nothing here follows from an agreement except what it says: scope and purposes are lists, and what they do not list is
refused. A change of any term, the deadline included, is a new version signed by both (spec/agreement.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from safeconduct.agreements.fields import moment
from safeconduct.errors import Refusal
from safeconduct.seal.canonical import encode_json

RINGS = ("outer", "gate")  # from the street inwards
STALE_POLICIES = ("warn", "refuse")


@dataclass(frozen=True, slots=True)
class Party:
    """One of the two: its agreed neutral name and its root key (64 hexadecimal digits)."""

    id: str
    name: str
    root_public: str


@dataclass(frozen=True, slots=True)
class Founding:
    """One dated account of how the cooperation began; several may disagree, each with its source."""

    date: str  # ISO date or time, as the source gives it
    event: str
    source: str


@dataclass(frozen=True, slots=True)
class Holding:
    """Who holds a control point, from a time up to (not including) another; `until` None: open end."""

    party: str
    start: str
    until: str | None


@dataclass(frozen=True, slots=True)
class PointTerm:
    """A control point, its ring, the points before it on the way in, and its holders over time."""

    id: str
    name: str
    ring: str
    upstream: tuple[str, ...]
    holders: tuple[Holding, ...]


@dataclass(frozen=True, slots=True)
class Undertaking:
    """What one party undertakes; a condition ("if possible") makes it conditional, None makes it firm."""

    id: str
    by: str
    text: str
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class ExpectationTerm:
    """What the other party expects of `of`; told and acknowledged are events, not terms."""

    id: str
    of: str
    text: str


@dataclass(frozen=True, slots=True)
class Condition:
    """What the cooperation rests on; its lapse or breach suspends sharing until both renew."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Role:
    """Who does an act in a phase: the party, and its office in words. An act with roles is done by nobody else."""

    act: str
    party: str
    office: str


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of the cooperation from `start` on, with the acts that may happen in it, and who does which of them."""

    id: str
    name: str
    start: str
    acts: tuple[str, ...]
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """A channel to a party, with how often it must be shown to answer (hours)."""

    id: str
    party: str
    kind: str
    text: str
    check_hours: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """All terms. Times are ISO texts in UTC; `*_at` gives unix seconds; `end` None: ends with the deadline."""

    id: str
    version: int
    previous: str | None  # digest of the version before, in hexadecimal
    title: str
    parties: tuple[Party, Party]
    founding: tuple[Founding, ...]
    purposes: Mapping[str, str]
    scope: tuple[str, ...]
    legal_basis: str
    no_recognition: str
    control_points: tuple[PointTerm, ...]
    start: str
    deadline: str
    end: str | None
    stale_hours: int
    stale_policy: str
    undertakings: tuple[Undertaking, ...] = ()
    expectations: tuple[ExpectationTerm, ...] = ()
    conditions: tuple[Condition, ...] = ()
    phases: tuple[Phase, ...] = ()
    contacts: tuple[Contact, ...] = ()
    earlier: tuple[str, ...] = ()  # agreements and contacts before this one, in words with their dates

    @property
    def start_at(self) -> int:
        """Unix seconds of the start."""
        return moment(self.start)

    @property
    def deadline_at(self) -> int:
        """Unix seconds of the deadline."""
        return moment(self.deadline)

    @property
    def end_at(self) -> int:
        """Unix seconds of the end: from then on every act is refused."""
        return moment(self.end or self.deadline)

    @property
    def party_ids(self) -> tuple[str, str]:
        """Identifiers of the two parties, in the agreement's order."""
        return self.parties[0].id, self.parties[1].id

    def party(self, party_id: str) -> Party | None:
        """The party of that identifier, None if it is no party of this agreement."""
        return next((party for party in self.parties if party.id == party_id), None)

    def other(self, party_id: str) -> Party | None:
        """The other party; None if `party_id` is no party."""
        if self.party(party_id) is None:
            return None
        return next(party for party in self.parties if party.id != party_id)

    def point(self, point_id: str) -> PointTerm | None:
        """The control point of that identifier, None if the agreement has none such."""
        return next((point for point in self.control_points if point.id == point_id), None)


def to_json(agreement: Agreement) -> bytes:
    """Canonical JSON: the bytes that both parties sign."""
    return encode_json(_plain(agreement))


def digest(agreement: Agreement) -> bytes:
    """SHA-256 of the canonical bytes, 32 bytes: the identity of this version."""
    return sha256(to_json(agreement)).digest()


def holder_at(agreement: Agreement, point: str, when: int) -> str | None:
    """Party that holds `point` at `when` (unix seconds); None if nobody does or the point is unknown."""
    term = agreement.point(point)
    for holding in term.holders if term else ():
        if moment(holding.start) <= when and (holding.until is None or when < moment(holding.until)):
            return holding.party
    return None


def check_holder(agreement: Agreement, point: str, party: str, when: int) -> Refusal | None:
    """None if `party` holds `point` at `when`; else why an event there cannot be its own."""
    if agreement.point(point) is None:
        return Refusal("unknown-point", point)
    if holder_at(agreement, point, when) != party:
        return Refusal("not-holder", point)
    return None


def upstream_of(agreement: Agreement, point: str, when: int) -> tuple[tuple[str, str | None], ...]:
    """Every control point before `point` on the way in, with its holder at `when`, nearest first.

    It answers "who held what", and is no finding about what anybody did there.
    """
    found: dict[str, str | None] = {}
    ring = [point]
    while ring:
        terms = [agreement.point(name) for name in ring]
        ring = [name for term in terms if term for name in term.upstream if name not in found]
        found.update((name, holder_at(agreement, name, when)) for name in ring)
    return tuple(found.items())


def time_left(agreement: Agreement, now: int) -> int:
    """Seconds to the deadline; negative after it."""
    return agreement.deadline_at - now


def _plain(agreement: Agreement) -> dict[str, object]:
    """JSON form; every field is written, null included (but a phase's roles), so that one agreement has one form."""
    return {
        "id": agreement.id,
        "version": agreement.version,
        "previous": agreement.previous,
        "title": agreement.title,
        "parties": [{"id": p.id, "name": p.name, "root_public": p.root_public} for p in agreement.parties],
        "founding": [{"date": f.date, "event": f.event, "source": f.source} for f in agreement.founding],
        "purposes": dict(agreement.purposes),
        "scope": list(agreement.scope),
        "legal_basis": agreement.legal_basis,
        "no_recognition": agreement.no_recognition,
        "control_points": [_plain_point(point) for point in agreement.control_points],
        "start": agreement.start,
        "deadline": agreement.deadline,
        "end": agreement.end,
        "stale_hours": agreement.stale_hours,
        "stale_policy": agreement.stale_policy,
        "undertakings": [
            {"id": u.id, "by": u.by, "text": u.text, "condition": u.condition} for u in agreement.undertakings
        ],
        "expectations": [{"id": e.id, "of": e.of, "text": e.text} for e in agreement.expectations],
        "conditions": [{"id": c.id, "text": c.text} for c in agreement.conditions],
        "phases": [_plain_phase(phase) for phase in agreement.phases],
        "contacts": [
            {"id": c.id, "party": c.party, "kind": c.kind, "text": c.text, "check_hours": c.check_hours}
            for c in agreement.contacts
        ],
        "earlier": list(agreement.earlier),
    }


def _plain_phase(phase: Phase) -> dict[str, object]:
    """JSON form; `roles` is written only where there are some, so that a phase without them keeps its bytes."""
    plain: dict[str, object] = {"id": phase.id, "name": phase.name, "start": phase.start, "acts": list(phase.acts)}
    if phase.roles:
        plain["roles"] = [{"act": r.act, "party": r.party, "office": r.office} for r in phase.roles]
    return plain


def _plain_point(point: PointTerm) -> dict[str, object]:
    return {
        "id": point.id,
        "name": point.name,
        "ring": point.ring,
        "upstream": list(point.upstream),
        "holders": [{"party": h.party, "start": h.start, "until": h.until} for h in point.holders],
    }
