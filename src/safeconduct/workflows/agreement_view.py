"""What the agreement's page shows: plain records, made by a workflow from stored state."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from safeconduct.agreements.differences import Difference
from safeconduct.workflows.room_view import ForecastView, PointView


@dataclass(frozen=True, slots=True)
class TermView:
    """One expectation or undertaking with its course over time."""

    id: str
    of: str  # name of the party that is to act
    text: str
    condition: str | None  # of an undertaking, None: firm
    course: str  # one line: told, acknowledged, met or not
    never_told: bool
    later: tuple[tuple[str, str, str, str, str], ...]  # (time, who, stage, text, evidence) of what bears on it


@dataclass(frozen=True, slots=True)
class AgreementEventView:
    """One event that suspended, renewed or closed an agreement."""

    at: str  # ISO time
    kind: str  # "breach", "lapse", "renewal", "last-departure"
    by: str  # party's name
    text: str
    ledger_index: int


@dataclass(frozen=True, slots=True)
class ActView:
    """One act that rested on a clause or that it refused: when, what, its ledger entry, and the reason against it."""

    at: str
    text: str
    ledger_index: int
    refused: str  # wording of the refusal, empty for what was done


@dataclass(frozen=True, slots=True)
class ClauseView:
    """How many acts rested on a clause, how many it refused, and the newest of both."""

    done: int
    refused: int
    newest: tuple[ActView, ...]


@dataclass(frozen=True, slots=True)
class PhaseView:
    """One phase: from when, which acts, who does which of them in which office, and whether it is in force."""

    name: str
    start: str
    acts: tuple[str, ...]
    roles: tuple[tuple[str, str, str], ...]  # (act, party, office)
    in_force: bool


@dataclass(frozen=True, slots=True)
class ProposalView:
    """One open proposal of the next version, and what it would change."""

    version: int
    digest: str  # hexadecimal
    by: str
    ours: bool
    can_accept: bool
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class AgreementView:
    """An agreement as a page that people read."""

    title: str
    version: int
    state: str
    parties: tuple[tuple[str, str], ...]  # (name, "signed 14 Aug 2021" or "not signed")
    no_recognition: str
    legal_basis: str
    purposes: tuple[tuple[str, str], ...]
    scope: tuple[str, ...]
    points: tuple[PointView, ...]
    deadline: str
    undertakings: tuple[TermView, ...]
    expectations: tuple[TermView, ...]
    refused: tuple[tuple[str, str, str], ...]  # (time, act, reason)
    events: tuple[AgreementEventView, ...] = ()
    phase: str = ""  # name of the phase in force, empty: the agreement has none
    founding: tuple[tuple[str, str, str], ...] = ()  # (date, event, source), which may disagree
    founding_disagrees: bool = False
    earlier: tuple[str, ...] = ()
    id: str = ""
    start: str = ""
    end: str | None = None
    now: str = ""
    time_left: str = ""
    forecast: ForecastView | None = None
    clauses: Mapping[str, ClauseView] = field(default_factory=dict)  # by clause, see agreements.clauses
    phases: tuple[PhaseView, ...] = ()
    conditions: tuple[str, ...] = ()
    contacts: tuple[tuple[str, str, str, int], ...] = ()  # (whose, kind, what, hours)
    stale: str = ""  # how old a gate's list may be, in words
    proposals: tuple[ProposalView, ...] = ()
    versions: tuple[tuple[int, str], ...] = ()  # (number, state), newest first
    compared: tuple[int, int] | None = None
    differences: tuple[Difference, ...] = ()
    wordings: tuple[tuple[str, str, str, str, str], ...] = ()  # (about, wording, said, first day, last day)
    holdings: tuple[tuple[str, str, str], ...] = ()  # (point, ring, who held it when, in words)
    digest: str = ""  # SHA-256 of the canonical bytes, hexadecimal
    signatures: tuple[tuple[str, str], ...] = ()  # (party's name, signature in hexadecimal)
    roots: tuple[tuple[str, str], ...] = ()  # (party's name, root key in hexadecimal)
