"""How sources, suggestions and decisions are held: what a transaction gives and takes.

Archived originals and decisions are never changed. Suggestions are made from the originals and may be made again; one
that somebody has decided on stays as it was when it was decided.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

OPEN, ACCEPTED, AMENDED, REJECTED = STATES = ("open", "accepted", "amended", "rejected")
TAKEN = (ACCEPTED, AMENDED)


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One archived original, without its bytes."""

    digest: str  # SHA-256 of the original, hex
    name: str  # path or title that it was given, with "/"
    size: int  # bytes
    at: int  # unix seconds
    seq: int = 0  # order of taking in


@dataclass(frozen=True, slots=True)
class SuggestionRow:
    """A suggestion as it is stored; `body` is the JSON of its fields."""

    id: str
    digest: str  # of its source
    start: int
    end: int
    kind: str
    happening: str  # key of the incident it may belong to, empty when unknown
    body: bytes


@dataclass(frozen=True, slots=True)
class TieRow:
    """A relation that two suggestions may have once both are recorded."""

    id: str
    source: str
    target: str
    kind: str
    method: str


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """What somebody decided about a suggestion or a suggested relation; the newest one counts."""

    about: str
    state: str  # one of STATES; "open" takes the one before back
    by: str
    at: int
    claim: str = ""  # id of the recorded claim, or "source target" of a recorded relation
    body: bytes = b"{}"  # what was changed, as JSON


@dataclass(frozen=True, slots=True)
class Count:
    """How many suggestions of one source and kind are in one state."""

    digest: str
    kind: str
    state: str
    number: int


class Sources(Protocol):
    """Archived originals, suggestions made from them, decisions about these."""

    def archive(self, row: SourceRow, data: bytes) -> None:
        """Keep an original; its digest must be new."""
        ...

    def rows(self) -> Sequence[SourceRow]:
        """Return all sources in the order in which they were taken in."""
        ...

    def row(self, digest: str) -> SourceRow | None:
        """Return one source."""
        ...

    def original(self, digest: str) -> bytes | None:
        """Return the bytes of an original."""
        ...

    def note_reading(self, digest: str, body: bytes) -> None:
        """Remember what a source says of itself, in place of an earlier reading."""
        ...

    def reading(self, digest: str) -> bytes | None:
        """Return what a source says of itself; None when it has not been read yet."""
        ...

    def readings(self) -> Mapping[str, bytes]:
        """Return what all sources say of themselves, by digest."""
        ...

    def unread(self) -> set[str]:
        """Return digests of sources that have not been read yet."""
        ...

    def replace_suggestions(self, digests: Iterable[str], rows: Iterable[SuggestionRow]) -> None:
        """Put new suggestions in place of the undecided ones of the sources."""
        ...

    def replace_ties(self, digests: Iterable[str], rows: Iterable[TieRow]) -> None:
        """Put new suggested relations in place of those between suggestions of the sources."""
        ...

    def suggestion(self, suggestion_id: str) -> SuggestionRow | None:
        """Return one suggestion."""
        ...

    def suggestions(self, digest: str) -> Sequence[SuggestionRow]:
        """Return the suggestions of a source in the order of the text."""
        ...

    def states(self, digest: str) -> Mapping[str, DecisionRow]:
        """Return the newest decision about each suggestion of a source that was ever decided."""
        ...

    def next_open(self, *, kind: str = "", digest: str = "", after: str = "") -> str | None:
        """Return the first open suggestion (behind one of them), by source and place; from the start if none is."""
        ...

    def beside(self, suggestion_id: str, *, kind: str = "", digest: str = "") -> tuple[str | None, str | None]:
        """Return the suggestion before one and the one behind it, decided or not."""
        ...

    def counts(self) -> Sequence[Count]:
        """Return how many suggestions are in which state, by source and kind."""
        ...

    def decide(self, row: DecisionRow) -> None:
        """Add a decision."""
        ...

    def decisions(self, about: str) -> Sequence[DecisionRow]:
        """Return all decisions about something, oldest first."""
        ...

    def last_incident(self, *, happening: str = "", digest: str = "") -> str:
        """Return the incident of the newest acceptance of a happening or of a source, empty when there is none."""
        ...

    def ready_ties(self) -> Sequence[tuple[TieRow, str, str]]:
        """Return (relation, claim of its source, claim of its target) where both ends are recorded and none decided."""
        ...
