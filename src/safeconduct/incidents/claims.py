"""Sources, claims and relations between claims: what somebody said, when, where it stands, and what became of it.

A claim is never changed. What corrects, updates or disputes it is a claim of its own, tied to it by a relation. No
person is named: claimants are offices, bodies, or unnamed sources with their number.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from safeconduct.incidents.dates import last_day

SOURCE_KINDS = ("press-report", "press-briefing", "remarks", "statement", "log", "testimony", "elsewhere")
CLAIMANT_KINDS = ("named-office", "unnamed", "body")
# "elsewhere": the day is a public fact that the files themselves do not give.
SAID_BASES = ("stated", "resolved", "order-only", "elsewhere")
NUMERIC = ("exact", "at-least", "more-than", "up-to", "fewer-than", "about", "between")
VAGUE = ("dozens", "many", "some", "numerous", "several", "hundreds", "thousands", "a-few")
NO_FIGURE = "statement"
BASES = (*NUMERIC, *VAGUE, NO_FIGURE)
# "no-evidence" ("nothing tells us that X") is never shown as "denial" ("not X").
SPEECHES = (
    "assertion",
    "belief",
    "allegation",
    "justification",
    "no-evidence",
    "denial",
    "condemnation",
    "claim-of-responsibility",
    "challenge",
    "admission",
    "refusal-to-confirm",
)
# Grades of attribution, weakest first; they are listed side by side and never merged.
GRADES = ("suspected", "presumed", "believed", "linked", "attributed", "assessed", "claimed-by-actor")
# What harmed; any other identifier is legal too, these are the usual words.
MEANS = ("blast", "gunfire", "strike", "vehicle", "blade", "beating", "fire", "crush")
ORDERS = ("", "before", "after", "same-time")
# Who may see a record; empty: by the kind of its source.
PUBLIC, PARTNER, INTERNAL = AUDIENCES = ("public", "partner", "internal")
INTERNAL_SOURCES = ("log", "testimony")
INCIDENT_STATUSES = ("confirmed", "reported")
# How an office judges a claim or an incident; judgements stand side by side and change nothing.
ASSESSMENT_GRADES = ("confirmed", "fair", "weak", "contested", "discounted")
RELATIONS = (
    "repeats",
    "variant",
    "refines",
    "updates",
    "corrects",
    "retracts",
    "denies",
    "disputes",
    "contradicts",
    "qualifies",
    "rests-on",
)


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that happened once, with what is said of it kept apart."""

    id: str
    title: str
    kind: str
    date: str  # day or interval
    place: str
    part_of: str = ""  # id of the incident of which it is a part (S-81)
    status: str = "confirmed"  # "reported": a part that somebody reported and nobody confirmed (S-83)
    audience: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """What carried a claim. Copies of one text share an `origin`, so that they never count as two."""

    id: str
    kind: str
    publisher: str
    published: str  # day or interval
    file: str  # path below the folder of documents; empty for `elsewhere`
    origin: str
    retrieved: str = ""  # ISO time at which it was fetched
    sha256: str = ""  # of the archived original, hex
    derived_from: str = ""  # id of the source that it copies or rewrites; both have one origin
    outlets: tuple[str, ...] = ()  # cited together for one passage; which of them says what is not known (S-107)


@dataclass(frozen=True, slots=True)
class FigureKey:
    """What a figure counts; `meant` is the day or span counted, empty when it is the incident as a whole."""

    attribute: str
    population: str
    outcome: str
    meant: str = ""

    def __str__(self) -> str:
        """`casualties/civilians/killed`, with `@2021-08-25` where a day is meant."""
        text = f"{self.attribute}/{self.population}/{self.outcome}"
        return f"{text}@{self.meant}" if self.meant else text


@dataclass(frozen=True, slots=True)
class Claim:
    """One assertion by one claimant from one place in one source."""

    id: str
    incident: str
    attribute: str
    population: str
    outcome: str
    min: int | None
    max: int | None
    unit: str
    basis: str  # one of BASES: what kind of figure it is
    claimant: str  # an office or a body, or words for unnamed sources
    claimant_kind: str
    claimant_count: int | None  # of unnamed sources, when given
    relay: tuple[str, ...]  # who passed it on, nearest to the claimant first
    speech: str  # one of SPEECHES
    question: str  # our words for the question it answered, empty when volunteered
    said: str  # day or interval
    said_basis: str
    meant: str  # day or span that the figure is about, empty for the whole incident
    text: str  # our own short paraphrase
    seen: str  # the figure as the line of the source writes it, empty for statements
    ambiguous: str  # why the sentence can be read otherwise, empty when it cannot
    source: str
    line: int  # in the file, from 1; 0 for `elsewhere`
    recorded: str  # ISO time at which the node recorded it
    start: int | None = None  # characters of the source as decoded, from 0
    end: int | None = None  # the first one behind
    quote: str = ""  # the exact words, stray marks and typing errors too (S-108)
    means: str = ""  # of harm: one of MEANS or another word (S-82)
    said_wording: str = ""  # the words that gave `said` and `meant`, where they had to be worked out (S-56)
    meant_wording: str = ""
    relative_to: str = ""  # id of the claim or incident against which its time is given (S-92)
    order: str = ""  # one of ORDERS
    audience: str = ""  # one of AUDIENCES; empty: by the kind of its source

    @property
    def key(self) -> FigureKey:
        """What the claim is about."""
        return FigureKey(self.attribute, self.population, self.outcome, self.meant)

    @property
    def is_figure(self) -> bool:
        """Whether it gives a number or a vague quantity."""
        return self.basis != NO_FIGURE

    @property
    def known_from(self) -> str:
        """Day from which it is certain that the claim had been made."""
        return last_day(self.said)


@dataclass(frozen=True, slots=True)
class Relation:
    """How a later claim stands to an earlier one, and by what method it got there (video analysis, interviews …)."""

    source: str  # id of the claim that relates
    target: str  # id of the claim that it relates to
    kind: str
    method: str
    said: str  # day or interval; the relation holds from its last day
    recorded: str = ""  # ISO time at which the node recorded it; empty: as soon as both of its claims


@dataclass(frozen=True, slots=True)
class Assessment:
    """How one office judges a claim or an incident; it changes nothing of either."""

    id: str
    about: str  # id of a claim or of an incident
    grade: str  # one of ASSESSMENT_GRADES
    by: str  # office
    said: str  # day or interval
    why: str
    recorded: str = ""  # ISO time at which the node recorded it
    audience: str = INTERNAL


@dataclass(frozen=True, slots=True)
class Dossier:
    """Incidents with all that is claimed of them, checked."""

    incidents: tuple[Incident, ...]
    sources: tuple[Source, ...]
    claims: tuple[Claim, ...]
    relations: tuple[Relation, ...] = field(default=())
    assessments: tuple[Assessment, ...] = field(default=())


def origins_of(sources: Iterable[Source]) -> dict[str, str]:
    """Id of each source to its origin: that of the source at the start of its line of copies."""
    by_id = {source.id: source for source in sources}
    found: dict[str, str] = {}
    for source in by_id.values():
        here, way = source, [source.id]
        while here.derived_from in by_id and here.id not in found and here.derived_from not in way:
            here = by_id[here.derived_from]
            way.append(here.id)
        origin = found.get(here.id, here.origin)
        found |= dict.fromkeys(way, origin)
    return found


def voice_key(claim: Claim, origins: Mapping[str, str]) -> str:
    """Whose word a claim is: an office's or a body's own; of unnamed ones that of the text which has it."""
    if claim.claimant_kind == "unnamed":
        return f"origin:{origins[claim.source]}"
    return f"voice:{claim.claimant}"


def audience_of(claim: Claim, source: Source) -> str:
    """Who may see a claim: as it says, else the public, unless it comes from a log of the node."""
    return claim.audience or (INTERNAL if source.kind in INTERNAL_SOURCES else PUBLIC)


def voice(claim: Claim) -> str:
    """Who said it, as it is shown: unnamed ones marked and counted, then the way here, then the question answered.

    `a survivor (unnamed, 1), through broadcaster; asked whether …` (S-80, S-105, S-106).
    """
    parts = [claim.claimant]
    if claim.claimant_kind == "unnamed":
        parts[0] += f" (unnamed, {claim.claimant_count})" if claim.claimant_count else " (unnamed)"
    if claim.relay:
        parts.append("through " + ", then ".join(claim.relay))
    text = ", ".join(parts)
    return f"{text}; asked {claim.question}" if claim.question else text
