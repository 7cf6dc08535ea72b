"""From a suggestion to the claim that it would become: every field as text, as a form shows it, and back again.

Nothing is invented here: what the suggestion does not say is left empty and asked for. Only who says what the text says
in its own voice is offered (its outlet), and a short sentence of ours made from the fields.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from safeconduct.errors import BadInput
from safeconduct.incidents.claims import NO_FIGURE, VAGUE
from safeconduct.incidents.dates import first_day, last_day
from safeconduct.incidents.figures import hedge
from safeconduct.incidents.reader.model import Happening, Suggestion

NEW = "new"  # stands for an incident that is not recorded yet
FIELDS = (
    "claimant", "claimant_kind", "claimant_count", "relay", "said", "meant", "attribute", "population", "outcome",
    "unit", "basis", "min", "max", "speech", "question", "text",
)  # fmt: skip
INCIDENT_FIELDS = ("incident", "incident_title", "incident_kind", "incident_date", "incident_place")
DAY_LENGTH = len("2021-08-26")
TEXT_LIMIT, SEEN_LIMIT, QUOTE_LIMIT = 400, 40, 4_000  # characters, as `incidents.reading` takes them
LIMITS: Mapping[str, int] = {"claimant": 200, "unit": 40, "question": 4_000, "relay": 2_000}
_HIDDEN = frozenset("\u200b\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
# kind of suggestion -> attribute, what stands for a missing topic, outcome, speech, our sentence without its claimant
KINDS: Mapping[str, tuple[str, str, str, str, str]] = {
    "quotation": ("statement", "words", "said", "assertion", ""),
    "attribution": ("attribution", "somebody", "", "assertion", "{actor} is named as the author ({grade})"),
    "claim-of-responsibility": (
        "attribution", "somebody", "claimed-by-actor", "claim-of-responsibility", "{actor} claims to have done it",
    ),
    "denial": ("denial", "what-is-said", "denied", "denial", "{topic} is denied"),
    "no-evidence": ("knowledge", "what-is-said", "no-evidence", "no-evidence", "nothing is known that shows {topic}"),
    "condemnation": ("condemnation", "the-incident", "condemned", "condemnation", "{topic} is condemned"),
    "allegation": ("allegation", "what-is-said", "alleged", "allegation", "{topic} is alleged"),
    "assessment": ("assessment", "what-is-said", "believed", "belief", "a belief about {topic}"),
    "justification": ("justification", "what-was-done", "justified", "justification", "a reason is given for {topic}"),
    "admission": ("finding", "what-was-done", "admitted", "admission", "{topic} is admitted"),
    "challenge": ("challenge", "what-is-said", "doubted", "challenge", "what is said is called into question"),
    "restriction": ("restriction", "witnesses", "barred-from-speaking", "assertion", "{topic}: kept from speaking"),
    "withheld": ("withheld", "what-was-asked", "not-said", "refusal-to-confirm", "{topic} is not said"),
}  # fmt: skip
WEAK_GRADES = ("suspected", "presumed", "believed")  # said as a belief, not as a fact
HARM = ("killed", "injured", "casualties", "missing", "beaten")  # outcomes that are told as harm done to people
MOVED = ("evacuated", "arrived", "remaining", "turned-away")


@dataclass(frozen=True, slots=True)
class Origin:
    """What a source says of itself, as far as a claim from it needs it."""

    digest: str
    name: str
    published: str  # day or interval, empty when unknown
    outlet: str = ""
    title: str = ""
    kind: str = "press-report"
    origin: str = ""  # digest of the source in which its text first stood, or words for an outlet that is not held
    retrieved: str = ""  # ISO time

    @property
    def publisher(self) -> str:
        """Who published it, by what the file tells; else the file's own name."""
        return self.outlet or self.name.rsplit("/", 1)[-1]


def slug(text: str, limit: int = 40) -> str:
    """An identifier of plain letters, digits and hyphens; empty when nothing of the text is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:limit].strip("-")


def incident_id(kind: str, place: str, date: str) -> str:
    """An id for an incident, made from what tells it apart from others."""
    return "-".join(part for part in (slug(kind, 16), slug(place, 24), date.replace("/", "-")) if part)


def happening_key(happening: Happening) -> str:
    """An id that stays the same when other documents come in, as long as kind, day and place do."""
    if happening.date:
        return incident_id(happening.kind, happening.place, happening.date)
    return incident_id(happening.kind, happening.place, slug(happening.title, 20))


def incident_defaults(happening: Happening | None, origin: Origin) -> dict[str, str]:
    """Fields of an incident that is not recorded yet."""
    if happening is None:
        return {"incident_title": "", "incident_kind": "", "incident_date": origin.published, "incident_place": ""}
    return {
        "incident_title": happening.title or f"{happening.kind} {happening.date}".strip(),
        "incident_kind": happening.kind,
        "incident_date": happening.date or origin.published,
        "incident_place": happening.place.replace("-", " ") or "not known",
    }


def propose(one: Suggestion, happening: Happening | None, origin: Origin) -> dict[str, str]:
    """The fields of the claim that a suggestion would become, as text; an empty one is asked for or left out."""
    own = not one.claimant
    kind = {"person": "named-office"}.get(one.claimant_kind, one.claimant_kind)
    of_whole = happening is not None and _is_day_of(one, happening.date)
    fields = {
        "claimant": origin.outlet if own else one.claimant,
        "claimant_kind": "body" if own else kind or "named-office",
        "claimant_count": str(one.claimant_count or ""),
        "relay": "; ".join(dict.fromkeys(one.relay)),
        "said": one.said or origin.published,
        "meant": "" if of_whole else one.meant,
        "question": one.question,
    }
    fields |= _figure(one) if one.kind in ("figure", "duration") else _statement(one)
    return {name: one_line(fields[name], LIMITS.get(name, TEXT_LIMIT)) for name in FIELDS}


def _is_day_of(one: Suggestion, date: str) -> bool:
    """Whether what a suggestion is about is the day of its incident, told exactly or, of people harmed, as a span."""
    if one.meant == date:
        return True
    told_as_span = "/" in one.meant and len(date) == DAY_LENGTH and (one.outcome in HARM or one.kind != "figure")
    return told_as_span and first_day(one.meant) <= date <= last_day(one.meant)


def one_line(text: str, limit: int = TEXT_LIMIT) -> str:
    """The text in one line, without what hides on a screen: control characters, marks of direction and of no width."""
    plain = "".join(" " if ord(mark) < 32 or 127 <= ord(mark) < 160 else mark for mark in text if mark not in _HIDDEN)
    return " ".join(plain.split())[:limit].rstrip()


def _figure(one: Suggestion) -> dict[str, str]:
    basis, low, high = _recordable(one)
    return {
        "attribute": _attribute(one),
        "population": slug(one.population) or slug(one.unit) or "people",
        "outcome": slug(one.outcome) or ("lasted" if one.kind == "duration" else "mentioned"),
        "unit": one.unit or "people",
        "basis": basis,
        "min": "" if low is None else str(low),
        "max": "" if high is None else str(high),
        "speech": "assertion",
        "text": figure_words(one),
    }


def _attribute(one: Suggestion) -> str:
    if one.kind == "duration":
        return "duration"
    if one.outcome in HARM:
        return "casualties"
    if one.outcome in MOVED:
        return "evacuation"
    return "count" if one.unit == "people" else "events"


def _recordable(one: Suggestion) -> tuple[str, int | None, int | None]:
    """Basis and bounds that fit each other, as claims must have them; the bounds decide."""
    low, high = one.min, one.max
    if low is None and high is None:
        return one.basis if one.basis in VAGUE else "some", None, None
    if low is None:
        return one.basis if one.basis == "fewer-than" else "up-to", None, high
    if high is None:
        return one.basis if one.basis == "more-than" else "at-least", low, None
    if low == high:
        return one.basis if one.basis == "about" else "exact", low, high
    return "between", low, high


def figure_words(one: Suggestion) -> str:
    """A figure in our words: "at least 12 service members killed", "dozens of civilians"."""
    basis, low, high = _recordable(one)
    number = hedge(replace(one, basis=basis, min=low, max=high))
    number += " of" if basis in ("dozens", "hundreds") else ""
    words = [number, one.population or one.unit or "people", one.outcome]
    text = " ".join(word.replace("-", " ") for word in words if word)
    return f"{text} ({' '.join(one.hedge.split())})" if one.hedge else text


def _statement(one: Suggestion) -> dict[str, str]:
    attribute, topic, outcome, speech, words = KINDS[one.kind]
    subject = one.actor if attribute == "attribution" else one.population
    if one.kind == "challenge" and subject:  # its topic is how it got there
        words, subject = f"{words} (by {subject})", ""
    if one.kind == "attribution":
        outcome, speech = one.grade, "belief" if one.grade in WEAK_GRADES else "assertion"
    if one.kind == "quotation":
        words = f"“{one_line(one.quote, TEXT_LIMIT - 2)}”"
    else:
        plain = " ".join((subject or topic).replace("-", " ").split())
        words = words.format(actor=plain, topic=plain, grade=one.grade)
    return {
        "attribute": attribute,
        "population": slug(subject) or topic,
        "outcome": outcome,
        "unit": "people",
        "basis": NO_FIGURE,
        "min": "",
        "max": "",
        "speech": speech,
        "text": words,
    }


def claim_of(fields: Mapping[str, str], one: Suggestion, text: str) -> dict[str, Any]:
    """The claim as `incidents.reading` reads it, without its id, incident and source.

    Args:
        fields: as `propose` gives them, with what a person changed.
        one: the suggestion; it gives the place and the exact words.
        text: of the source as decoded.

    Raises:
        BadInput: `missing-field` for what a claim must have, `bad-field` for a number that is none.
    """
    for name, expected in (("claimant", "who says it"), ("said", "the day on which it was said"),
                           ("text", "a short sentence of your own")):  # fmt: skip
        if not fields[name].strip():
            raise BadInput("missing-field", where=name.replace("_", " "), expected=expected, seen="")
    words = text[one.start : one.end]
    said_same, meant_same = fields["said"] == one.said, fields["meant"] in (one.meant, "")
    claim: dict[str, Any] = {
        name: one_line(fields[name], LIMITS.get(name, TEXT_LIMIT + 1))
        for name in ("claimant", "claimant_kind", "said", "meant", "attribute", "population", "outcome", "unit",
                     "basis", "speech", "question", "text")
    }  # fmt: skip
    unnamed = claim["claimant_kind"] == "unnamed"
    return claim | {
        "claimant_count": number(fields, "claimant_count") if unnamed else None,
        "relay": list(dict.fromkeys(filter(None, (part.strip() for part in fields["relay"].split(";"))))),
        "min": number(fields, "min"),
        "max": number(fields, "max"),
        "said_basis": "resolved" if one.said_wording and said_same else "stated",
        "said_wording": one_line(one.said_wording, 200) if said_same else "",
        "meant_wording": one_line(one.meant_wording, 200) if meant_same else "",
        "seen": one_line(words, SEEN_LIMIT) if one.kind in ("figure", "duration") else "",
        "line": text.count("\n", 0, one.start) + 1,
        "start": one.start,
        "end": one.end,
        "quote": words if len(words) <= QUOTE_LIMIT and _is_plain(words) else "",
    }


def number(fields: Mapping[str, str], name: str) -> int | None:
    """A number of a form; None when it is left empty; commas and spaces between digits do not matter.

    Raises:
        BadInput: `bad-field`.
    """
    given = re.sub(r"[\s,_]", "", fields[name])
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 12):
        raise BadInput("bad-field", where=name.replace("_", " "), expected="a whole number", seen=fields[name])
    return int(given)


def _is_plain(words: str) -> bool:
    return not any(ord(mark) < 32 and mark not in "\n\r\t" for mark in words)
