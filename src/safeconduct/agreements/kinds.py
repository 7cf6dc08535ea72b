"""The registry of entry kinds: what each says, its fields, and the requirements that it answers.

A kind is data: nothing acts on an entry except the questions of `followup.py`. A quantity is a number, or words where
none was given.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldRule:
    """Type of one field: text, ident, entry, time, count, texts or choice; optional fields may be null.

    An `entry` is the id of another entry; a `time` is kept in unix seconds.
    """

    type: str
    required: bool = True
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of entry; of the fields named in `either`, at least one must be given."""

    name: str
    says: str
    fields: Mapping[str, FieldRule]
    seeds: tuple[str, ...]
    either: tuple[str, ...] = ()


_TEXT, _TEXT_MAYBE = FieldRule("text"), FieldRule("text", required=False)
_ID, _ID_MAYBE = FieldRule("ident"), FieldRule("ident", required=False)
_ENTRY, _ENTRY_MAYBE = FieldRule("entry"), FieldRule("entry", required=False)
_TIME, _TIME_MAYBE = FieldRule("time"), FieldRule("time", required=False)
_COUNT = FieldRule("count", required=False)
_TEXTS, _TEXTS_MAYBE = FieldRule("texts"), FieldRule("texts", required=False)


def _choice(*options: str) -> FieldRule:
    return FieldRule("choice", options=options)


_HOW_MANY = {"count": _COUNT, "hedge": _TEXT_MAYBE}  # a number, or the words that stood for one

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "bags-carried",
            "a party's people helped a group with its baggage up to a point",
            {"by": _ID, "point": _ID, "group": _ID_MAYBE, **_HOW_MANY},
            ("S-23",),
            either=("count", "hedge"),
        ),
        Kind(
            "small-assistance",
            "any other small help by a party, in words",
            {"by": _ID, "point": _ID_MAYBE, "text": _TEXT},
            ("S-23",),
        ),
        Kind(
            "route-cleared",
            "a clearance of a route: asked, confirmed, and over at `until`",
            {"route": _ID, "state": _choice("asked", "confirmed", "closed"), "by": _ID, "until": _TIME},
            ("S-22",),
        ),
        Kind(
            "escort",
            "an escorted movement: who escorts, with what, past which points, due when, arrived when",
            {
                "movement": _ID,
                "by": _ID,
                "vehicles": _COUNT,
                "points": _TEXTS,
                "due": _TIME,
                "arrived": _TIME_MAYBE,
                **_HOW_MANY,
            },
            ("S-21",),
            either=("count", "hedge"),
        ),
        Kind(
            "equipment-left",
            "items left at a hand-over, for accounting only",
            {"item": _TEXT, "origin": _TEXT, "state": _choice("usable", "disabled", "unknown"), **_HOW_MANY},
            ("S-59",),
            either=("count", "hedge"),
        ),
        Kind(
            "handover",
            "a zone of a site handed over: its state, and whether the receiving party receipted it",
            {"site": _TEXT, "zone": _TEXT, "to": _ID, "state": _TEXT, "receipt": _TEXT_MAYBE},
            ("S-57",),
        ),
        Kind(
            "trust-stance",
            "how far a speaker says that a party is trusted; no permission depends on it",
            {"about": _ID, "speaker": _TEXT, "stance": _TEXT},
            ("S-65",),
        ),
        Kind(
            "relation-label",
            "what a speaker calls the relation between the parties; it may stay without a label",
            {"speaker": _TEXT, "label": _TEXT_MAYBE},
            ("S-67",),
        ),
        Kind(
            "own-interest",
            "an interest of one party apart from the common purpose",
            {"of": _ID, "text": _TEXT},
            ("S-61",),
        ),
        Kind(
            "performance-note",
            "a graded, dated view of a party's performance, with its reservation and evidence",
            {
                "about": _ID,
                "grade": _choice("poor", "mixed", "fair", "good"),
                "reservation": _TEXT_MAYBE,
                "evidence": _TEXT,
            },
            ("S-33",),
        ),
        Kind(
            "conduct-remark",
            "a remark by an office about the other party's conduct: a statement, not a rating",
            {"speaker": _TEXT, "about": _ID, "text": _TEXT},
            ("S-73",),
        ),
        Kind(
            "meeting",
            "a liaison meeting: where, how, at what level, who by office, what within the scope, what follows",
            {
                "place": _TEXT,
                "mode": _choice("in-person", "telephone", "video", "message"),
                "level": _TEXT,
                "offices": _TEXTS,
                "subjects": _TEXTS_MAYBE,
                "follow_up": _TEXT_MAYBE,
                "confidential": _choice("yes", "no"),
            },
            ("S-14", "S-74"),
        ),
        Kind(
            "disclosure",
            "something confidential became public; the record that it discloses stays as it is",
            {"discloses": _ENTRY, "by": _TEXT, "where": _TEXT},
            ("S-14",),
        ),
        Kind(
            "earlier-dealing",
            "an earlier contact or agreement between the same parties: its dates, or the words that stood for them",
            {"text": _TEXT, "began": _TIME_MAYBE, "ended": _TIME_MAYBE, "when": _TEXT_MAYBE},
            ("S-72",),
            either=("began", "when"),
        ),
        Kind(
            "contact-check",
            "a contact channel was tried, and answered or not",
            {"contact": _ID, "answered": _choice("yes", "no")},
            ("S-71", "S-76"),
        ),
        Kind(
            "open-question",
            "a question about the other party, what would settle it, and when to look again",
            {"question": _TEXT, "settled_by": _TEXT, "review": _TIME, "answer": _TEXT_MAYBE},
            ("S-69",),
        ),
        Kind(
            "public-statement",
            "a public statement by an office on an occasion; `about` links a clarification to what it qualifies",
            {"speaker": _TEXT, "occasion": _TEXT, "text": _TEXT, "about": _ENTRY_MAYBE},
            ("S-66", "S-77"),
        ),
        Kind(
            "prospect",
            "future cooperation as a speaker put it; only a signed agreement opens anything",
            {"speaker": _TEXT, "grade": _choice("possible", "expected", "declined-to-say"), "text": _TEXT},
            ("S-70",),
        ),
        Kind(
            "notification",
            "a formal notice with its condition, served on the other party, delivered and acknowledged or not",
            {"to": _ID, "text": _TEXT, "condition": _TEXT_MAYBE, "delivered": _TIME_MAYBE, "acknowledged": _TIME_MAYBE},
            ("S-41",),
        ),
        Kind(
            "decision-reason",
            "why a decision to cooperate was taken, which risk it lowers and which it makes",
            {"decision": _TEXT, "reason": _TEXT, "lowers": _TEXT, "makes": _TEXT, "office": _TEXT},
            ("S-68",),
        ),
        Kind(
            "dependency",
            "what is relied on, from whom, what else there is, and when to look again",
            {"relies_on": _TEXT, "from": _ID, "fallback": _TEXT, "review": _TIME},
            ("S-31",),
        ),
        Kind(
            "area-control",
            "which party controls an area from now on, as the source says",
            {"area": _TEXT, "party": _TEXT},
            ("S-32",),
        ),
        Kind(
            "witness-barred",
            "witnesses kept from speaking: their silence reads 'barred', never zero",
            {"who": _TEXT, "by": _TEXT, "until": _TIME_MAYBE},
            ("S-78",),
        ),
        Kind(
            "scene-examined",
            "a party examined the scene of an incident",
            {"incident": _ID, "by": _TEXT, "place": _TEXT, "found": _TEXT_MAYBE},
            ("S-112",),
        ),
        Kind(
            "evidence-access",
            "access to evidence of an incident: who asked whom for what, and what became of it",
            {
                "incident": _ID,
                "item": _TEXT,
                "by": _TEXT,
                "of": _TEXT,
                "state": _choice("asked", "granted", "refused", "given"),
            },
            ("S-112",),
        ),
        Kind(
            "protected-told",
            "somebody was told of an entry of the protected list, which is named by its number alone",
            {"number": _ID, "to": _TEXT},
            ("S-99",),
        ),
        Kind(
            "protected-concerned",
            "an entry of the protected list was concerned by an incident",
            {"number": _ID, "incident": _ID, "how": _TEXT},
            ("S-99",),
        ),
        Kind(
            "upstream-passage",
            "where a passage before an incident stands as a hypothesis; it never becomes a finding here",
            {
                "incident": _ID,
                "point": _ID,
                "status": _choice("open", "supported", "contested", "dropped"),
                "because": _TEXT,
            },
            ("S-19",),
        ),
        Kind(
            "criticism",
            "criticism of a decision, by a named author or by so many unnamed ones; it judges nothing",
            {"of": _ENTRY, "author": _TEXT, "authors": _COUNT, "text": _TEXT},
            ("S-104",),
        ),
        Kind(
            "source-ended",
            "a source of information that ended; later assessments that rest on it say so",
            {"source_name": _TEXT, "because": _TEXT},
            ("S-113",),
        ),
        Kind(
            "private-note",
            "a note for this party's own room; nothing acts on it",
            {"about": _ID_MAYBE, "text": _TEXT},
            ("S-61",),
        ),
        Kind(
            "permit-cited",
            "the permit under which a recorded act was done: the clause of the agreement that it rests on",
            {"of": _ENTRY, "act": _TEXT, "subject": _TEXT, "purpose": _ID, "version": FieldRule("count")},
            ("S-60", "S-74"),
        ),
        Kind(
            "meeting-undertaking",
            "what a party undertook at a meeting, and until when",
            {"meeting": _ENTRY, "by": _ID, "text": _TEXT, "due": _TIME_MAYBE},
            ("S-74",),
        ),
        Kind(
            "undertaking-followed",
            "what became of something undertaken at a meeting",
            {"undertaking": _ENTRY, "state": _choice("open", "done", "not-done", "dropped"), "evidence": _TEXT},
            ("S-74",),
        ),
        Kind(
            "liaison-log",
            "a line of the daily liaison log: whether there was contact, through which channel, and about what",
            {"office": _TEXT, "contact": _choice("yes", "no"), "channel": _ID_MAYBE, "text": _TEXT},
            ("S-76",),
        ),
        Kind(
            "statement-compared",
            "two public statements held side by side, and what was found",
            {
                "one": _ENTRY,
                "other": _ENTRY,
                "finding": _choice("consistent", "differs", "contradicts"),
                "because": _TEXT,
            },
            ("S-77",),
        ),
        Kind(
            "people-named",
            "people of the roll who were named to another party, by the list in which they stood and by register ids",
            {"list": _ID, "to": _ID, "people": _TEXTS, "purpose": _TEXT},
            ("S-39",),
        ),
        Kind(
            "date-resolved",
            "a date given in words, the day on which they were said, and the day or days that they mean",
            {"about": _TEXT, "wording": _TEXT, "said": _TIME, "means": _TIME, "until": _TIME_MAYBE},
            ("S-56",),
        ),
        Kind(
            "recall-reported",
            "what a party without a node says of something recalled, as our liaison reports it: unsigned",
            {"item": _TEXT, "answer": _choice("deleted", "kept"), "reason": _TEXT_MAYBE},
            ("S-39", "S-58"),
        ),
        Kind(
            "escort-point",
            "a point that an escorted movement is to pass, and when",
            {"of": _ENTRY, "point": _ID, "due": _TIME},
            ("S-21",),
        ),
        Kind(
            "escort-passed",
            "an escorted movement passed a point, as somebody reports; `record` names the guard's record of it",
            {"movement": _ID, "point": _ID, "vehicles": _COUNT, "record": _TEXT_MAYBE, **_HOW_MANY},
            ("S-21",),
        ),
        Kind(
            "escort-ended",
            "an escorted movement arrived, or was called off",
            {"movement": _ID, "how": _choice("arrived", "called-off"), "because": _TEXT_MAYBE},
            ("S-21",),
        ),
        Kind(
            "route-refused",
            "a party refused to clear a route, as somebody reports",
            {"route": _ID, "by": _ID, "because": _TEXT_MAYBE},
            ("S-22",),
        ),
        Kind(
            "route-planned",
            "the areas and control points that a route leads through, in the order of the way; the newest stands",
            {"route": _ID, "places": _TEXTS},
            ("S-22", "S-32"),
        ),
        Kind(
            "area-held",
            "who holds an area from now on, by a graded source; without a party it is not known, with several disputed",
            {
                "area": _TEXT,
                "parties": _TEXTS_MAYBE,
                "reliability": _choice("A", "B", "C", "D", "E", "F"),
                "credibility": _choice("1", "2", "3", "4", "5", "6"),
            },
            ("S-32",),
        ),
    )
}
