"""What the pages show: plain records, made by a workflow from stored state, with nothing left to compute."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PointView:
    """One control point: who holds it, its state, and what its devices reported."""

    id: str
    name: str
    ring: str  # "outer" or "gate"
    holder: str  # party id
    holder_name: str
    state: str  # "open", "hold", "closed"
    admitted: int  # people, from merged device logs
    refused: int  # scans
    last_heard: str | None  # ISO time of the newest event, None: no record from the holder
    assumed: bool = False
    assaults: int = 0  # beatings that devices logged, and, apart from them,
    turned_away: int = 0  # times that somebody was turned away by the guard; neither is a refused scan


@dataclass(frozen=True, slots=True)
class AssessmentView:
    """What one kind of assessor holds of a release, never merged with what another holds."""

    whose: str  # "our own view", "the partner's view", "a named office", "somebody unnamed"
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WarningView:
    """One release, as its owner or its recipient sees it."""

    id: str
    title: str  # advice and class, never the report's own words
    direction: str  # "sent" or "received"
    state: str  # "unanswered", "received", "understood", "accepted", "declined", "closed", "lapsed", "withdrawn"
    area: str
    window: str
    likelihood: str
    lead_minutes: int
    issued: str
    acknowledged_at: str | None
    action: str | None
    outcome: str | None
    outcome_confidence: str | None  # thought, believed, confirmed
    withheld: int  # how many fields were withheld (0 on the recipient's side)
    ledger_index: int | None
    lead: str = ""  # how long before its window it was sent and received, and what makes it useless
    beside: tuple[AssessmentView, ...] = ()  # what others than the partner hold of it
    unsigned: bool = False  # acknowledged as a liaison reports, without a signature
    version: int = 1  # the one that counts: a withdrawal, else the newest
    pending: str = ""  # "correction" or "withdrawal": it has not been acknowledged itself


@dataclass(frozen=True, slots=True)
class CrossingView:
    """One line of what crossed between the parties."""

    at: str  # ISO time
    kind: str  # "release", "acknowledgement", "segment", "bundle", …
    text: str
    direction: str  # "out", "in"
    ledger_index: int | None
    count: int = 1


@dataclass(frozen=True, slots=True)
class FigureView:
    """One figure of an incident: its range by the rule, and who says which."""

    key: str
    label: str  # "civilians killed"
    low: int | None
    high: int | None
    words: str  # "60 at least … 170, four origins"
    claims: int
    origins: int
    disputed: bool
    series: str = ""  # what is counted, without its day; figures of one series stand together
    meant: str = ""  # the day or span counted, empty: the incident as a whole
    open_above: bool = False  # a lower bound stands that no upper figure covers
    full_low: int | None = None  # the range by the other rule: of all that anybody ever gave
    full_high: int | None = None
    full_open_above: bool = False


@dataclass(frozen=True, slots=True)
class MarkView:
    """One claim drawn on the plot of a figure."""

    claim: str
    date: str  # ISO date
    low: int | None
    high: int | None
    basis: str
    claimant: str
    source: str  # file and line
    withdrawn: bool
    corrects: str | None


@dataclass(frozen=True, slots=True)
class TimelineView:
    """One dated line of an account."""

    date: str
    text: str
    claimant: str
    source: str
    status: str  # "stands", "updated", "corrected", "retracted", "disputed"
    claim: str = ""  # id
    means: str = ""  # of harm


@dataclass(frozen=True, slots=True)
class JudgementView:
    """How one office judges a claim or the incident; several stand side by side, and none changes what it judges."""

    about: str  # id of a claim or of the incident
    grade: str  # "confirmed", "fair", "weak", "contested", "discounted"
    by: str  # office
    date: str  # day or interval
    why: str


@dataclass(frozen=True, slots=True)
class PartView:
    """A part of an incident, as an incident of its own."""

    id: str
    title: str
    status: str  # "confirmed", "reported"
    date: str
    last_mention: str  # day of the newest claim about it; empty: none
    later_sources: int  # sources on the whole that came later and do not mention it
    words: str  # "reported, not mentioned since 27 August in 4 later sources"


@dataclass(frozen=True, slots=True)
class OrderView:
    """What is dated only against something else, and what that is in tension with."""

    claim: str
    order: str  # "before", "after", "same-time"
    to: str  # id of a claim or an incident
    wording: str
    tension: tuple[str, ...]  # one line for each thing that cannot be true beside it


@dataclass(frozen=True, slots=True)
class MisfitView:
    """Figures of an account that do not fit each other, as one sentence with the claims it rests on."""

    subject: str  # "people out since 14 August"
    meant: str  # the day or span counted, empty: the incident as a whole
    text: str  # "total falls from 58,700 to 50,700"
    claims: tuple[str, ...]  # ids


@dataclass(frozen=True, slots=True)
class StepView:
    """One dated step of a case, with the claim it rests on."""

    date: str  # day or interval
    track: str  # "harm", "amends", "accountability"
    status: str
    by: str  # office
    reported_by: str  # empty: nobody but the office itself
    unconfirmed: str  # what stays open in spite of it
    to: str  # of amends: which family, by its number; empty for all
    claim: str  # id
    text: str  # of the claim
    claim_status: str  # as in TimelineView


@dataclass(frozen=True, slots=True)
class AmendsView:
    """How far amends to one family got; talk of payment is no payment."""

    to: str  # empty: all families
    stages: tuple[str, ...]
    paid: bool
    words: str  # "payment explored, which is no offer; nothing paid"


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case of harm or accountability, as known at a day."""

    id: str
    against: str  # name of the side, or "a third party"
    open: bool
    closed: StepView | None  # the act that closed it
    harm: StepView | None  # the newest answer of that side, or the report that waits for one
    acknowledged_on: str | None
    amends: tuple[AmendsView, ...]
    steps: tuple[StepView, ...]


@dataclass(frozen=True, slots=True)
class IncidentView:
    """An incident's account, as known at a day."""

    id: str
    title: str
    date: str
    known_at: str
    first_day: str
    last_day: str
    figures: tuple[FigureView, ...]
    marks: dict[str, tuple[MarkView, ...]]  # by figure key
    ranges: dict[str, tuple[tuple[str, int | None, int | None], ...]]  # by figure key: (day, low, high)
    timeline: tuple[TimelineView, ...]
    attribution: str
    misfits: tuple[MisfitView, ...] = ()
    cases: tuple[CaseView, ...] = ()
    recorded_at: str | None = None  # ISO time: only what this node had written down by then; None: all
    timeline_total: int = 0  # lines; `timeline` has the newest
    figures_total: int = 0  # `figures` has those that most is said of
    days: tuple[str, ...] = ()  # on which something became known
    judgements: tuple[JudgementView, ...] = ()
    parts: tuple[PartView, ...] = ()
    orders: tuple[OrderView, ...] = ()


@dataclass(frozen=True, slots=True)
class LedgerView:
    """The head of this node's ledger and of the partner's, and the cosignatures over both."""

    size: int
    root: str  # hex
    signed_at: str
    cosigned_by_partner: bool
    cosigned_size: int
    partner_size: int
    partner_root: str
    partner_cosigned_by_us: bool


@dataclass(frozen=True, slots=True)
class DayView:
    """People out on one day, and since the start."""

    date: str
    out: int
    cumulative: int
    as_of: str


@dataclass(frozen=True, slots=True)
class ForecastView:
    """When the roll will be empty at the present pace."""

    done_at: str | None
    low: str | None
    high: str | None
    makes_deadline: bool | None
    words: str


@dataclass(frozen=True, slots=True)
class SampleView:
    """A pass to try in the decision box."""

    label: str  # "good", "copied", "forged", "revoked"
    text: str
    point: str
    says: str
    at: int = 0  # unix seconds within its window: the time at which the gate is asked


@dataclass(frozen=True, slots=True)
class RoomView:
    """The whole first screen."""

    party: str
    party_name: str
    partner_name: str
    title: str  # the agreement's neutral title
    exercise: bool
    now: str
    deadline: str | None
    time_left: str
    agreement_state: str  # "none", "proposed", "open", "suspended", "closed"
    agreement_version: int
    version: int  # grows with every stored change; what the page polls
    needs_you: tuple[str, ...]
    roll: int
    waiting: int
    departed: int
    target: int
    groups: int
    passes: int
    revoked: int
    days: tuple[DayView, ...]
    forecast: ForecastView | None
    points: tuple[PointView, ...]
    warnings: tuple[WarningView, ...]
    crossings: tuple[CrossingView, ...]
    incidents: tuple[IncidentView, ...]
    ledger: LedgerView | None
    conflicts: int
    conflicts_open: int
    refusals: dict[str, int]  # refused scans by reason
    refused_acts: int  # acts out of scope that were refused and logged
    reports: int
    withheld: int
    unanswered: int
    samples: tuple[SampleView, ...] = ()
    partner_link: str | None = None  # exercise only: the other room's page
    notes: dict[str, str] = field(default_factory=dict)
    threat: str = ""  # standing level and its end, in one line; empty: none in force
    need_about: tuple[tuple[str, str], ...] = ()  # for each line of needs_you the (page, id) to deal with it


@dataclass(frozen=True, slots=True)
class DecisionView:
    """What a gate would show for one pass."""

    admit: bool
    shape: str  # "circle", "octagon", "triangle"
    word: str  # "PASS", "NO", "ASK"
    line: str
    next_step: str
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ReleaseFieldView:
    """One field of a report beside what the partner gets of it."""

    name: str
    ours: str
    theirs: str | None
    rule: str  # why it is withheld or how it was coarsened


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """A report and its release, side by side."""

    id: str
    state: str
    fields: tuple[ReleaseFieldView, ...]
    lead_minutes: int
    area_m: int
    candidates: int
    harm_answer: str
    answers: tuple[tuple[str, str, str], ...]  # (time, who, what)
    lead: str = ""  # as in WarningView
    assessments: tuple[AssessmentView, ...] = ()  # every assessor's, the partner's too
    words: tuple[tuple[str, str, str], ...] = ()  # (time, who, what was written by hand): for this room alone
