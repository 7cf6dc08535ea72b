"""What the liaison page shows: plain records, made by a workflow from stored state. Times are ISO texts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from safeconduct.workflows.commitments import Commitment
from safeconduct.workflows.judge_partner import Judgement
from safeconduct.workflows.recall_shares import NamedList, RecalledItem


@dataclass(frozen=True, slots=True)
class Line:
    """One recorded entry: its id, when it was, its fields (times among them as ISO texts), who says so, its place."""

    id: str
    at: str
    kind: str
    fields: Mapping[str, Any]
    source: str
    ledger_index: int


@dataclass(frozen=True, slots=True)
class UndertakenView:
    """Something undertaken at a meeting: its line, its state, and every word on what became of it."""

    line: Line
    state: str  # open, done, not-done, dropped
    late: bool
    followed: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class MeetingView:
    """One meeting, the permits that it cites (empty: held outside the agreement), what was undertaken, disclosures."""

    line: Line
    permits: tuple[tuple[str, str], ...]  # (subject, purpose)
    undertakings: tuple[UndertakenView, ...]
    disclosed: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ChannelView:
    """One channel: whose it is, when it last answered, and whether it is silent for longer than agreed."""

    id: str
    party: str
    kind: str
    text: str
    check_hours: int
    answered: str | None
    tried: str | None  # newest check, whatever came of it
    silent: bool
    theirs: bool


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One formal notice: served or received, its condition, delivery, acknowledgement and what cites it."""

    id: str
    by: str
    ours: bool
    at: str
    text: str
    condition: str
    delivered: bool
    acknowledged: str | None
    remark: str
    cites: tuple[str, ...]
    cited_by: tuple[str, ...]  # what names it later, in words
    ledger_index: int


@dataclass(frozen=True, slots=True)
class ZoneView:
    """One zone of a site: its state, and who did what when."""

    site: str
    zone: str
    state: str  # planned, handed-over, received, differs
    due: str | None
    late: bool
    handed_over: str | None
    by: str
    condition: str  # the state in which it was handed over, in words
    received: str | None
    remark: str
    ours_to_receive: bool


@dataclass(frozen=True, slots=True)
class StatementView:
    """One public statement with the clarifications that qualify it and the comparisons with others."""

    line: Line
    clarified: tuple[Line, ...]
    compared: tuple[tuple[str, str, str], ...]  # (finding, other speaker, because)


@dataclass(frozen=True, slots=True)
class LiaisonView:
    """The relation between the two parties as this one recorded it; nothing here but the agreement opens anything."""

    now: str
    party: str
    partner: str  # id, empty without an agreement
    partner_name: str
    title: str
    state: str  # none, proposed, open, suspended, closed
    needs: tuple[tuple[str, str], ...]  # (part of the page, what asks somebody to act)
    purposes: tuple[tuple[str, str], ...]
    scope: tuple[str, ...]
    meetings: tuple[MeetingView, ...]
    log: tuple[Line, ...]
    days: tuple[tuple[str, bool], ...]  # (ISO day, whether there was contact), of the agreement so far
    silent_days: tuple[str, ...]
    channels: tuple[ChannelView, ...]
    notices: tuple[NoticeView, ...]
    commitments: tuple[Commitment, ...]
    performance: tuple[Judgement, ...]
    statements: tuple[StatementView, ...]
    to_compare: tuple[tuple[StatementView, StatementView], ...]
    labels: tuple[Line, ...]
    remarks: tuple[Line, ...]
    private: tuple[Line, ...]
    dependencies: tuple[Line, ...]
    questions: tuple[Line, ...]
    earlier: tuple[str, ...]  # of the agreement
    dealings: tuple[Line, ...]
    reasons: tuple[Line, ...]
    unreasoned: tuple[str, ...]
    zones: tuple[ZoneView, ...]
    recalled: tuple[RecalledItem, ...]  # what this party asked for
    asked_of_us: tuple[RecalledItem, ...]
    named: tuple[NamedList, ...]
