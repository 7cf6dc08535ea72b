"""What the pages of reports and releases show: plain records, made by workflows, with nothing left to compute."""

from dataclasses import dataclass

from safeconduct.workflows.room_view import ReleaseFieldView, WarningView


@dataclass(frozen=True, slots=True)
class ActView:
    """One recorded act of our own people, with its reason opened."""

    at: str  # ISO time
    who: str  # the office
    what: str  # in words
    reason: str
    ledger_index: int


@dataclass(frozen=True, slots=True)
class ConfidenceView:
    """Analytic confidence on a line of its own, never beside a likelihood: as written, as read, and why they differ."""

    written: str  # "moderate", empty: not stated
    read: str
    because: str


@dataclass(frozen=True, slots=True)
class RequestView:
    """Something that waits for a second person, or waited."""

    id: str
    report: str
    what: str  # of the report, for our own eyes
    rules: tuple[str, ...]  # in words
    reason: str
    by: str  # office
    by_id: str
    at: str
    expires: str
    minutes_left: int
    state: str  # "open", "expired", "confirmed", "declined"
    second: str
    corrects: str  # release that it would correct, empty: a new one


@dataclass(frozen=True, slots=True)
class TouchView:
    """An earlier release whose area touches the area in question."""

    id: str
    to: str  # party's name
    at: str
    area: str
    window: str
    state: str


@dataclass(frozen=True, slots=True)
class DraftView:
    """A report beside what the partner would get of it, before anything is sent."""

    report: str
    what: str
    partner: str  # name
    purpose: str
    purposes: tuple[tuple[str, str], ...]
    corrects: str  # release that this would correct, empty: a new release
    fields: tuple[ReleaseFieldView, ...]  # empty when nothing can be derived: then `own` has the report
    own: tuple[tuple[str, str], ...]
    theirs: tuple[tuple[str, str], ...]  # the partner's exact view, in words
    lead: str
    area: str
    candidates: int | None
    floor: int | None  # the policy's k
    flags: tuple[str, ...]
    touching: tuple[TouchView, ...]
    inference: tuple[tuple[str, str], ...]
    likelihood: str
    confidence: ConfidenceView
    harm_answer: str
    code: str  # of what stands against it, empty: nothing does
    against: tuple[str, ...]  # the reasons, in words
    rules: tuple[str, ...]  # those of them that two people can decide against; empty with a code: nobody can
    next_step: str
    digest: str  # of what is shown, so that nothing else is sent
    policy_version: int | None
    releases: tuple[tuple[str, str], ...]  # (id, state) of what was released from this report
    requests: tuple[RequestView, ...]
    decisions: tuple[ActView, ...]


@dataclass(frozen=True, slots=True)
class ReportView:
    """One report of our own, as its own list shows it."""

    id: str
    what: str
    threatened: str
    window: str
    entered: str
    entered_by: str
    likelihood: str
    confidence: ConfidenceView
    releases: tuple[tuple[str, str, int], ...]  # (id, state, version)
    decision: str  # of a duty to warn, in words, empty: none
    waiting: bool  # for a second person
    over: bool  # its window has passed


@dataclass(frozen=True, slots=True)
class OpenView:
    """A release that waits for the partner's word."""

    id: str
    title: str
    missing: str  # "acknowledgement", "outcome", "correction", "withdrawal"
    words: str
    minutes: int


@dataclass(frozen=True, slots=True)
class ShareView:
    """One share: a version of a release that went to a party."""

    at: str
    to: str  # party id
    to_name: str
    release: str
    version: int
    kind: str  # "warning", "correction", "withdrawal"
    what: str
    purpose: str
    by: str  # office, empty where it was not recorded
    acknowledged_at: str | None
    minutes: int | None  # from sending to the acknowledgement of this version
    unsigned: bool
    ledger_index: int


@dataclass(frozen=True, slots=True)
class DeskView:
    """The page of warnings: what waits, our reports, what was released and what came of it."""

    now: str
    partner: str
    since: str
    must: tuple[OpenView, ...]  # corrections and withdrawals that nobody acknowledged; they stay until somebody did
    waiting: tuple[OpenView, ...]
    requests: tuple[RequestView, ...]
    reports: tuple[ReportView, ...]
    sent: tuple[WarningView, ...]
    received: tuple[WarningView, ...]
    shares: tuple[ShareView, ...]
    median_minutes: int | None  # to acknowledge, of those that were
    has_policy: bool
    has_agreement: bool


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version of a release: when, why (our own reason), and how it differs from the one before."""

    version: int
    kind: str
    at: str
    by: str
    reason: str
    changes: tuple[tuple[str, str, str], ...]  # (field, before, after)
    acknowledged_at: str | None
    report: str
    ledger_index: int
