"""What the reading aids pass to each other: documents, what is found in them, and suggestions for a person.

Every `start` and `end` inside the reader counts characters of `Document.plain`; `Document.place` turns one into a
position in the file as decoded, which is what a suggestion shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from array import array

KINDS = (
    "figure",  # a count or a vague quantity of people, harm events, or things
    "duration",
    "quotation",
    "attribution",  # who did it, as others say
    "claim-of-responsibility",
    "denial",
    "no-evidence",
    "condemnation",
    "allegation",
    "assessment",
    "justification",
    "admission",
    "challenge",
    "restriction",  # somebody is kept from speaking
    "withheld",  # somebody does not say (a name, a number, a prediction)
)
DIRECT, REPORTED = "direct", "reported"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a block."""

    start: int
    end: int
    block: int  # index into Document.blocks


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, caption or turn of a transcript."""

    start: int
    end: int
    kind: str  # "title", "heading", "paragraph", "caption", "aside" (navigation, notices: nothing is suggested from it)
    speaker: str = ""  # of a transcript's turn, as written: "MS. PSAKI"; goes on over the paragraphs of the turn
    asks: bool = False  # the turn is a reporter's question
    section: int = 0  # number of the entry in a page of several entries, each with dates of its own


@dataclass(frozen=True, slots=True)
class Document:
    """One file, read as far as it can be read."""

    file: str  # path below the folder, with "/"
    digest: str  # SHA-256 of the original bytes, hex
    text: str  # as decoded
    plain: str  # what a person reads of it: no markup, line ends as "\n"
    places: "array[int] | None"  # for each character of `plain` its position in `text`; None when they are the same
    blocks: tuple[Block, ...]
    sentences: tuple[Sentence, ...]
    published: str = ""  # ISO day, empty when the file does not say
    published_basis: str = ""  # "stated", "inferred" (and from what, in words), "given" by a person
    encoding: str = "utf-8"
    title: str = ""
    outlet: str = ""  # where it first stood, when the file says so
    problems: tuple[str, ...] = ()  # what could not be read, or was read with a doubt, in words

    def place(self, position: int) -> int:
        """Position in `text` of a position in `plain`."""
        if self.places is None:
            return position
        return self.places[position] if position < len(self.places) else len(self.text)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Span in `text` of a span in `plain` that is not empty."""
        last = self.place(end - 1)
        if self.places is not None and self.text[last] == "&":  # a character written as an entity: up to its semicolon
            last = max(last, self.text.find(";", last, last + 12))
        return self.place(start), last + 1


@dataclass(frozen=True, slots=True)
class When:
    """A date or time wording and the day or interval that it means."""

    start: int
    end: int
    wording: str
    iso: str  # a day, or a closed interval as `2021-08-20/2021-08-30`; empty when it cannot be resolved
    basis: str  # "stated" (a full date), "year-inferred", "relative" (weekday, yesterday …), "unresolved"


@dataclass(frozen=True, slots=True)
class Voice:
    """A stretch of text that somebody is said to have said, with who passed it on."""

    start: int
    end: int
    claimant: str  # the longest form of the name or office in the document, or words for unnamed ones
    claimant_seen: str  # as written here: "he", "McKenzie", "officials"
    claimant_kind: str  # "person", "body", "unnamed"
    claimant_count: int | None  # of unnamed ones, when given
    relay: tuple[str, ...]  # agencies and outlets, nearest to the claimant first
    speech: str  # DIRECT or REPORTED
    verb: str  # "said", "according to", "believes"
    said_start: int = -1  # span of the words that tell when it was said ("Monday"), -1 when none
    said_end: int = -1
    question: str = ""  # the question that it answers, as written, empty when volunteered


@dataclass(frozen=True, slots=True)
class Quotation:
    """One utterance in quotation marks, or one turn's words; pieces broken by "he said" belong to one."""

    start: int  # of the first character inside the marks
    end: int  # after the last character inside the marks
    pieces: tuple[tuple[int, int], ...]  # each stretch inside marks
    voice: Voice | None  # None: nobody is named as its speaker
    closed: bool = True  # False: its closing mark is missing
    scare: bool = False  # a word or two in marks that nobody is said to have spoken


@dataclass(frozen=True, slots=True)
class Count:
    """A figure as written."""

    start: int  # of hedge, number and what is counted: "at least 12 bus drivers"
    end: int
    number_start: int
    number_end: int
    min: int | None
    max: int | None
    basis: str  # one of claims.BASES without "statement"
    population: str  # normal form: "service-members", "civilians", "people", "attacks" …
    population_seen: str  # as written: "US service members"
    outcome: str  # "killed", "injured", "evacuated", "at-risk" …; empty when the sentence gives none
    unit: str  # "people", "attacks", "aircraft", "days" …
    duration: bool = False
    part_of: int = -1  # position among the counts of the document of the total that this one is part of
    ambiguous: str = ""  # why it can be read otherwise
    hedge: str = ""  # words that hold the sentence back: "reports indicate", "may", "believed"


@dataclass(frozen=True, slots=True)
class Remark:
    """A statement that is no figure: who did it, who denies it, who condemns it, who is kept from speaking."""

    start: int
    end: int
    kind: str  # one of KINDS
    actor: str = ""  # of an attribution or a claim of responsibility: normal form
    grade: str = ""  # of an attribution: one of claims.GRADES
    topic: str = ""  # a few words on what it is about
    hedge: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """A place, group or body in the text, resolved to one identity; the name used is kept."""

    start: int
    end: int
    identity: str  # id in the gazetteer
    kind: str  # "group", "place", "body", "outlet", "event"


@dataclass(frozen=True, slots=True)
class Happening:
    """One incident that documents speak of, as far as they tell it apart from others."""

    id: str
    kind: str  # "attack", "strike", "rockets", "airlift" …
    date: str  # day or interval, empty when none of the documents tells
    place: str  # identity of a place, empty when unknown
    title: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A claim that a person may accept, amend or reject. Positions count characters of the file as decoded."""

    id: str
    file: str
    start: int
    end: int
    kind: str  # one of KINDS
    claimant: str = ""  # empty: the document itself says so
    claimant_kind: str = ""
    claimant_count: int | None = None
    claimant_seen: str = ""
    relay: tuple[str, ...] = ()
    speech: str = REPORTED
    question: str = ""
    incident: str = ""
    population: str = ""
    outcome: str = ""
    unit: str = ""
    min: int | None = None
    max: int | None = None
    basis: str = ""
    said: str = ""  # day or interval
    said_wording: str = ""
    meant: str = ""  # day or interval of what happened
    meant_wording: str = ""
    hedge: str = ""
    actor: str = ""
    grade: str = ""
    part_of: str = ""  # id of the claim of which this one is part
    ambiguous: str = ""
    quote: str = ""  # of a quotation, exactly as it stands in the file


@dataclass(frozen=True, slots=True)
class Tie:
    """How one suggestion may stand to another; `kind` is one of claims.RELATIONS."""

    source: str
    target: str
    kind: str
    method: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that is suggested from a folder of documents."""

    documents: tuple[Document, ...]
    suggestions: tuple[Suggestion, ...]
    variants: tuple[tuple[str, ...], ...]  # ids of wordings of one utterance
    copies: tuple[tuple[tuple[str, int, int], ...], ...]  # (file, start, end) of one text that stands several times
    ties: tuple[Tie, ...]
    happenings: tuple[Happening, ...]
    origins: Mapping[str, str]  # file to the file or outlet in which its text first stood
    names: Mapping[str, tuple[Name, ...]] = field(default_factory=dict)
    dates: Mapping[str, tuple[When, ...]] = field(default_factory=dict)  # by file; positions in `plain`
