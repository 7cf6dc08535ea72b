"""What an account's page shows at once: which lines, in what order, under which address, and the four short answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import pairwise
from urllib.parse import urlencode

from safeconduct.incidents.disagreements import CHANGED, GONE, KINDS, WITHDRAWN
from safeconduct.incidents.figures import RULES
from safeconduct.web.pages.wording import parse_time, slug
from safeconduct.workflows.account_claims import AT_ONCE
from safeconduct.workflows.account_view import (
    AccountDetail,
    ClaimView,
    DisagreementView,
    LineView,
    Query,
)
from safeconduct.workflows.room_view import FigureView, IncidentView, MarkView, TimelineView

LINES_AT_ONCE = AT_ONCE
MOST_DAYS = 60  # stops named one by one; of more there are the slider and the date
SHORT_ANSWERS = 4  # changes and withdrawals named beside the figures; the rest is counted
OLDEST, NEWEST = "oldest", "newest"
# kind of disagreement -> shape, heading
HEADINGS: Mapping[str, tuple[str, str]] = {
    "conflict": ("octagon", "Figures that cannot both be right"),
    "withdrawn": ("octagon", "Withdrawn, with what rested on it"),
    "disputed": ("triangle", "Denied or challenged"),
    "changed": ("triangle", "Changed, every version"),
    "competing": ("triangle", "Explanations side by side"),
    "grades": ("triangle", "Who did it: each grade by who gives it"),
    "starts": ("triangle", "Start dates that differ"),
    "no-evidence": ("ring", "No evidence that it is so, which is no evidence that it is not"),
    "barred": ("octagon", "Kept from speaking"),
    "unconfirmed": ("ring", "Not confirmed when asked"),
    "once": ("ring", "Reported once and not again"),
    "ambiguous": ("ring", "Sentences that can be read two ways"),
}
# how a claim was said -> words
SPEECHES: Mapping[str, str] = {
    "figure": "figure",
    "no-evidence": "said not to be known",
    "claim-of-responsibility": "claim of responsibility",
    "refusal-to-confirm": "refused to confirm",
}


def speech_words(kind: str) -> str:
    """Return how a claim was said, in words."""
    return SPEECHES.get(kind, kind.replace("-", " "))


@dataclass(frozen=True, slots=True)
class Shown:
    """How the reader wants the timeline.

    Attributes:
        order: "oldest" or "newest" first.
        kind: Only claims of this kind; empty for all.
        claimant: Only claims of this claimant; empty for all.
        part: Which stretch of `LINES_AT_ONCE` lines, from 1.
    """

    order: str = OLDEST
    kind: str = ""
    claimant: str = ""
    part: int = 1

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Shown":
        """Return the choices that an address names; what is none of them is left at its default."""
        part = asked.get("part", "")
        return cls(
            order=NEWEST if asked.get("order") == NEWEST else OLDEST,
            kind=asked.get("kind", ""),
            claimant=asked.get("claimant", ""),
            part=int(part) if part.isascii() and part.isdigit() and len(part) < 7 else 1,
        )


@dataclass(frozen=True)  # without slots: what is looked up for every line is kept
class AccountPage:
    """An account ready for its template."""

    incident: IncidentView
    detail: AccountDetail
    shown: Shown
    full: bool = True  # the detail is a full one
    whole: bool = False  # a report: every line, no form, no link that leaves the page

    @cached_property
    def by_id(self) -> dict[str, ClaimView]:
        """Every claim by its id."""
        return {claim.id: claim for claim in self.detail.claims}

    @property
    def total(self) -> int:
        """How many claims there are in all."""
        return self.detail.total or len(self.detail.claims)

    @cached_property
    def wanted(self) -> list[ClaimView]:
        """The lines that the reader's choice leaves, in the order asked for; of a long timeline one stretch."""
        shown = self.shown
        if self.detail.lines is not None and not (shown.kind or shown.claimant):
            return [self.by_id[claim] for claim in self.detail.lines if claim in self.by_id]
        found = [
            claim
            for claim in self.detail.claims
            if (not shown.kind or claim.kind == shown.kind) and (not shown.claimant or claim.claimant == shown.claimant)
        ]
        found.sort(key=lambda claim: claim.said[-10:], reverse=shown.order == NEWEST)
        return found

    @cached_property
    def lines(self) -> list[ClaimView]:
        """The lines of this stretch."""
        if self.whole or (self.detail.lines is not None and not (self.shown.kind or self.shown.claimant)):
            return self.wanted
        start = (max(self.shown.part, 1) - 1) * LINES_AT_ONCE
        return self.wanted[start : start + LINES_AT_ONCE]

    @property
    def parts(self) -> int:
        """How many stretches there are."""
        if self.whole:
            return 1
        chosen = bool(self.shown.kind or self.shown.claimant)
        count = self.total if self.detail.lines is not None and not chosen else len(self.wanted)
        return max(-(-count // LINES_AT_ONCE), 1)

    @property
    def beside_parts(self) -> list[int]:
        """The numbers of the stretches that can be gone to: the first, the last, and those around this one."""
        here = self.shown.part
        near = {1, self.parts, *range(here - 3, here + 4)}
        return sorted(part for part in near if 1 <= part <= self.parts)

    @property
    def kinds(self) -> list[str]:
        """Kinds of claim that there are."""
        return sorted({claim.kind for claim in self.detail.claims if claim.kind})

    @property
    def claimants(self) -> list[str]:
        """Claimants that there are."""
        return sorted({claim.claimant for claim in self.detail.claims})

    @cached_property
    def groups(self) -> list[tuple[str, str, str, list[DisagreementView]]]:
        """Disagreements by kind: the kind, its shape, its heading."""
        found = [(kind, *HEADINGS[kind], self.of(kind)) for kind in KINDS]
        return [group for group in found if group[3]]

    def of(self, kind: str) -> list[DisagreementView]:
        """The disagreements of one kind."""
        return [one for one in self.detail.disagreements if one.kind == kind]

    @cached_property
    def changed(self) -> list[DisagreementView]:
        """What changed, newest change first."""
        return sorted(self.of(CHANGED), key=lambda one: one.sides[-1].claims[-1].said[-10:], reverse=True)

    @cached_property
    def withdrawn(self) -> list[DisagreementView]:
        """What was withdrawn, newest withdrawal first."""
        return sorted(self.of(WITHDRAWN), key=lambda one: one.sides[0].claims[-1].said[-10:], reverse=True)

    def gone(self, one: DisagreementView) -> tuple[ClaimView, int]:
        """The first of the claims that were withdrawn together, and how many more there are."""
        sides = [side for side in one.sides if side.label in GONE]
        first = min((claim for side in sides for claim in side.claims), key=lambda claim: claim.said[-10:])
        return first, sum(side.count for side in sides) - 1

    @property
    def rule(self) -> tuple[str, str]:
        """Name and text of the rule in use."""
        return RULES[self.detail.query.rule]

    def marks(self, key: str) -> tuple[MarkView, ...]:
        """The claims on a figure that this account knows."""
        return tuple(mark for mark in self.incident.marks.get(key, ()) if not self.full or mark.claim in self.by_id)

    def to(self, **changes: object) -> str:
        """The address of this page with some of its choices changed; choices left at their defaults are not named."""
        if self.whole:
            return ""
        query = replace(self.detail.query, **{name: value for name, value in changes.items() if name in _names(Query)})  # type: ignore[arg-type]
        shown = replace(self.shown, part=1)
        shown = replace(shown, **{name: value for name, value in changes.items() if name in _names(Shown)})  # type: ignore[arg-type]
        return "?" + urlencode([*_named(query, Query()), *_named(shown, Shown())])

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The choices that the timeline's form does not offer, so that it keeps them."""
        return [*_named(self.detail.query, Query()), *_named(Shown(order=self.shown.order), Shown())]

    def export(self, form: str) -> str:
        """The address of an export of this very account."""
        query = urlencode(_named(self.detail.query, Query()))
        return f"/export/{form}" + (f"?{query}" if query else "")

    def line(self, claim: str) -> str:
        """The address of a claim's line: on this page, or on the page that shows it."""
        here = f"#line-{slug(claim)}"
        if claim in self._here:
            return here
        part = self._places.get(claim, 0) // LINES_AT_ONCE + 1
        if part not in self._parts:
            self._parts[part] = self.to(kind="", claimant="", part=part)
        return f"{self._parts[part]}{here}"

    @cached_property
    def _parts(self) -> dict[int, str]:
        return {}

    @cached_property
    def _here(self) -> frozenset[str]:
        return frozenset(claim.id for claim in self.lines)

    @cached_property
    def _places(self) -> Mapping[str, int]:
        if self.detail.lines is not None:
            return {}
        everything = AccountPage(self.incident, self.detail, Shown(order=self.shown.order))
        return {claim.id: place for place, claim in enumerate(everything.wanted)}


def _names(kind: type) -> set[str]:
    return {one.name for one in fields(kind)}


def _named(choices: Query | Shown, usual: Query | Shown) -> list[tuple[str, str]]:
    pairs = ((one.name, getattr(choices, one.name), getattr(usual, one.name)) for one in fields(choices))
    return [(name, str(value)) for name, value, default in pairs if value not in (default, None)]


def plain_detail(incident: IncidentView) -> AccountDetail:
    """The detail of an account of which only the view for every page is known."""
    claims = tuple(_claim(line) for line in incident.timeline)
    return AccountDetail(
        query=Query(known_at=incident.known_at[:10]), place="", recorded_days=(), claims=claims,
        figures=tuple(_line(figure) for figure in incident.figures), sources=0,
        origins=0, named=len({claim.claimant for claim in claims}), unnamed=0, disagreements=(), changes=None,
        wordings=(), ties=_ties(incident.marks.values()), ranges=incident.ranges,
    )  # fmt: skip


def _ties(marks: Iterable[tuple[MarkView, ...]]) -> tuple[tuple[str, str, str], ...]:
    return tuple((mark.claim, mark.corrects, "corrects") for some in marks for mark in some if mark.corrects)


def _claim(line: TimelineView) -> ClaimView:
    return ClaimView(
        id=line.claim, kind="", about="", figure="", text=line.text, quote="", voice=line.claimant,
        claimant=line.claimant, named=True, relay=(), question="", said=line.date, said_wording="", meant="",
        meant_wording="", place=line.source,
        publisher="", outlets=(), recorded="", status=line.status, ambiguous="", means="", shaken_by=(), chips=(),
    )  # fmt: skip


def _line(figure: FigureView) -> LineView:
    origins = f", {figure.origins} origin{'' if figure.origins == 1 else 's'}"
    return LineView(
        key=figure.key, label=figure.label, series=figure.series or figure.label, meant=figure.meant,
        words=figure.words.removesuffix(origins), sources=0, origins=figure.origins, claims=figure.claims,
        disputed=figure.disputed, withdrawn=0, latest="", latest_by="", latest_on="",
    )  # fmt: skip


def change_days(view: IncidentView) -> tuple[str, ...]:
    """Return the days, oldest first, on which the account of an incident changed: the stops of its day control."""
    found = {view.first_day[:10], view.last_day[:10], view.known_at[:10], *view.days}
    found |= {line.date[-10:] for line in view.timeline}  # of an interval the last day: from then on it is known
    found |= {step.date[-10:] for case in view.cases for step in case.steps}
    found |= {mark.date[:10] for marks in view.marks.values() for mark in marks}
    for ranges in view.ranges.values():
        ordered = sorted(ranges, key=lambda r: r[0])
        found |= {b[0][:10] for a, b in pairwise(ordered) if a[1:] != b[1:]}
    days = {day for day in found if parse_time(day)}
    return tuple(
        sorted(day for day in days if view.first_day[:10] <= day <= view.last_day[:10] or day == view.known_at)
    )


def beside(view: IncidentView) -> tuple[str | None, str | None]:
    """Return the change day before the known day and the one after it."""
    days, known = change_days(view), view.known_at[:10]
    return max((d for d in days if d < known), default=None), min((d for d in days if d > known), default=None)
