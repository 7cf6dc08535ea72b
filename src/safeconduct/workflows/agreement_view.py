"""What the agreement's page shows: plain records, made by a workflow from stored state."""

from dataclasses import dataclass

from safeconduct.workflows.room_view import PointView


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
