"""Plain records of the account's own page and of its exports; built by `export_account`, drawn by `web/pages`."""

from collections.abc import Mapping
from dataclasses import dataclass

from safeconduct.incidents.figures import CONSERVATIVE


@dataclass(frozen=True, slots=True)
class Query:
    """Which account is asked for.

    Attributes:
        known_at: ISO day: what had been said by then; None for the newest.
        recorded_at: ISO day or time: what this node had written down by then; None for all.
        rule: One of `figures.RULES`.
        since: ISO day of known_at to compare with.
        recorded_since: ISO day or time of recorded_at to compare with.
    """

    known_at: str | None = None
    recorded_at: str | None = None
    rule: str = CONSERVATIVE
    since: str | None = None
    recorded_since: str | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Which lines of a long timeline are looked at."""

    newest: bool = False  # first
    part: int = 1


@dataclass(frozen=True, slots=True)
class ChipView:
    """What another claim did to this one, or this one to another: "corrected by", with the claim."""

    words: str
    claim: str
    method: str = ""


@dataclass(frozen=True, slots=True)
class AssessmentView:
    """How an office judges a claim; several stand side by side, and none changes the claim."""

    grade: str
    by: str
    when: str
    why: str


@dataclass(frozen=True, slots=True)
class ClaimView:
    """One claim with all that is held of it."""

    id: str
    kind: str  # "figure", or how it was said: "assertion", "denial", "no-evidence" …
    about: str  # "civilians killed"
    figure: str  # "at least 60", empty for a statement
    text: str
    quote: str  # the exact words, where they are held
    voice: str  # claimant, count of unnamed ones, relay, question
    claimant: str
    named: bool
    relay: tuple[str, ...]
    question: str
    said: str  # day or interval
    said_wording: str  # the words that gave it, where it had to be worked out
    meant: str  # day or span that it is about
    meant_wording: str
    place: str  # "reports/a.txt, line 5"
    publisher: str
    outlets: tuple[str, ...]
    recorded: str  # ISO time
    status: str  # as in a timeline
    ambiguous: str
    means: str  # of harm, empty when it is about none
    shaken_by: tuple[str, ...]
    chips: tuple[ChipView, ...]
    assessments: tuple[AssessmentView, ...] = ()
    audience: str = "public"  # who may see it: "public", "partner", "internal"


@dataclass(frozen=True, slots=True)
class LineView:
    """One figure as one line, by the rule that was asked for."""

    key: str
    label: str
    series: str  # the label without its day
    meant: str
    words: str  # "at least 60 … 170 (dozens)"
    sources: int
    origins: int
    claims: int
    disputed: bool
    withdrawn: int
    latest: str  # "170"
    latest_by: str
    latest_on: str  # day


@dataclass(frozen=True, slots=True)
class SideView:
    """One side of a disagreement."""

    label: str
    claims: tuple[ClaimView, ...]
    more: int = 0  # claims beyond those shown

    @property
    def count(self) -> int:
        """All claims of the side."""
        return len(self.claims) + self.more


@dataclass(frozen=True, slots=True)
class DisagreementView:
    """One thing on which claims disagree, or which they leave open."""

    kind: str  # one of `incidents.disagreements.KINDS`
    subject: str
    sides: tuple[SideView, ...]
    method: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class TurnedView:
    """A claim whose state is another one now."""

    claim: ClaimView
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangesView:
    """What is new since an earlier day."""

    since: str
    clock: str  # "known" or "recorded"
    new: tuple[ClaimView, ...]
    turned: tuple[TurnedView, ...]
    moved: tuple[tuple[str, str, str], ...]  # label, before, after
    more: int = 0


@dataclass(frozen=True, slots=True)
class StretchView:
    """A stretch of an utterance: the words that all wordings share, or what each has in their place."""

    shared: str
    others: tuple[tuple[tuple[int, ...], str], ...] = ()  # numbers of the wordings, from 1, and their words


@dataclass(frozen=True, slots=True)
class WordingView:
    """One utterance in its several wordings, word by word."""

    claims: tuple[ClaimView, ...]  # in the order of their numbers
    stretches: tuple[StretchView, ...]


@dataclass(frozen=True, slots=True)
class AccountDetail:
    """What the account's page shows beyond `IncidentView`, as known at and recorded at the times asked for."""

    query: Query
    place: str
    recorded_days: tuple[str, ...]  # days on which this node wrote claims down, oldest first
    claims: tuple[ClaimView, ...]  # oldest first
    figures: tuple[LineView, ...]
    sources: int
    origins: int
    named: int  # claimants that are offices or bodies
    unnamed: int
    disagreements: tuple[DisagreementView, ...]
    changes: ChangesView | None
    wordings: tuple[WordingView, ...]
    ties: tuple[tuple[str, str, str], ...]  # claim, the claim it bears on, relation: the arrows of the plots
    ranges: Mapping[str, tuple[tuple[str, int | None, int | None], ...]]  # by figure key, by the rule asked for
    assessments: tuple[AssessmentView, ...] = ()  # of the incident as a whole
    means: tuple[tuple[str, tuple[str, ...]], ...] = ()  # means of harm, with the claims that name it
    kept: int = 0  # claims and judgements that are not for the public
    total: int = 0  # claims that there are; `claims` has all of them unless `lines` is given
    lines: tuple[str, ...] | None = None  # of a long timeline the claims asked for, in their order
