"""Sources, claims and relations between claims: what somebody said, when, where it stands, and what became of it.

A claim is never changed. What corrects, updates or disputes it is a claim of its own, tied to it by a relation. No
person is named: claimants are offices, bodies, or unnamed sources with their number.
"""

from dataclasses import dataclass, field

from safeconduct.errors import BadInput
from safeconduct.incidents.dates import check_days, last_day

SOURCE_KINDS = ("press-report", "press-briefing", "remarks", "statement", "log", "elsewhere")
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


@dataclass(frozen=True, slots=True)
class Source:
    """What carried a claim. Copies of one text share an `origin`, so that they never count as two."""

    id: str
    kind: str
    publisher: str
    published: str  # day or interval
    file: str  # path below the folder of documents; empty for `elsewhere`
    origin: str


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


@dataclass(frozen=True, slots=True)
class Dossier:
    """Incidents with all that is claimed of them, checked."""

    incidents: tuple[Incident, ...]
    sources: tuple[Source, ...]
    claims: tuple[Claim, ...]
    relations: tuple[Relation, ...] = field(default=())


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


def check_dossier(dossier: Dossier) -> Dossier:
    """The dossier, if every reference holds and every claim is whole.

    Raises:
        BadInput: `no-source`, `no-claimant` (S-46), `bad-basis`, `bad-grade`, `bad-date`, `bad-reference`,
            `bad-choice`.
    """
    incidents = _ids([incident.id for incident in dossier.incidents], "incidents")
    sources = {source.id: source for source in dossier.sources}
    _ids([source.id for source in dossier.sources], "sources")
    claims = _ids([claim.id for claim in dossier.claims], "claims")
    for source in dossier.sources:
        where = f"source {source.id}"
        _choice(source.kind, SOURCE_KINDS, f"{where}, kind")
        check_days(source.published, where=f"{where}, published")
        if (source.kind == "elsewhere") == bool(source.file):
            raise BadInput(
                "bad-reference", where=f"{where}, file", expected="a file, unless elsewhere", seen=source.file
            )
    for incident in dossier.incidents:
        check_days(incident.date, where=f"incident {incident.id}, date")
    for claim in dossier.claims:
        _check_claim(claim, incidents, sources)
    for relation in dossier.relations:
        where = f"relation {relation.source} {relation.kind} {relation.target}"
        _choice(relation.kind, RELATIONS, where)
        check_days(relation.said, where=f"{where}, said")
        for name in (relation.source, relation.target):
            if name not in claims or relation.source == relation.target:
                raise BadInput("bad-reference", where=where, expected="two different claims", seen=name)
    return dossier


def _check_claim(claim: Claim, incidents: set[str], sources: dict[str, Source]) -> None:
    where = f"claim {claim.id}"
    if claim.incident not in incidents:
        raise BadInput("bad-reference", where=f"{where}, incident", expected="a known incident", seen=claim.incident)
    source = sources.get(claim.source)
    if source is None:
        raise BadInput("no-source", where=where, expected="the source that carried it", seen=claim.source)
    if not claim.claimant.strip():
        raise BadInput("no-claimant", where=where, expected="who said it", seen=claim.claimant)
    if (source.kind == "elsewhere") == (claim.line > 0):
        raise BadInput(
            "no-source", where=f"{where}, line", expected="a line of the file, 0 for elsewhere", seen=claim.line
        )
    _choice(claim.claimant_kind, CLAIMANT_KINDS, f"{where}, claimant_kind")
    _choice(claim.speech, SPEECHES, f"{where}, speech")
    _choice(claim.said_basis, SAID_BASES, f"{where}, said_basis")
    _choice(claim.basis, BASES, f"{where}, basis")
    check_days(claim.said, where=f"{where}, said")
    if claim.meant:
        check_days(claim.meant, where=f"{where}, meant")
    _check_basis(claim, where)
    if claim.attribute == "attribution" and claim.outcome not in GRADES:
        raise BadInput("bad-grade", where=where, expected="one of " + ", ".join(GRADES), seen=claim.outcome)


def _check_basis(claim: Claim, where: str) -> None:
    """Bounds fit the kind of figure: a vague word never gets a number (S-50)."""
    low, high = claim.min, claim.max
    fits = {
        "exact": low is not None and low == high,
        "about": low is not None and low == high,
        "at-least": low is not None and high is None,
        "more-than": low is not None and high is None,
        "up-to": low is None and high is not None,
        "fewer-than": low is None and high is not None,
        "between": low is not None and high is not None and low < high,
    }.get(claim.basis, low is None and high is None)
    if not fits or (low or 0) < 0 or (high or 0) < 0:
        raise BadInput("bad-basis", where=where, expected=f"bounds that fit '{claim.basis}'", seen=(low, high))


def _ids(ids: list[str], where: str) -> set[str]:
    found: set[str] = set()
    for name in ids:
        if name in found:
            raise BadInput("bad-reference", where=where, expected="each id once", seen=name)
        found.add(name)
    return found


def _choice(value: str, choices: tuple[str, ...], where: str) -> None:
    if value not in choices:
        raise BadInput("bad-choice", where=where, expected="one of " + ", ".join(choices), seen=value)
