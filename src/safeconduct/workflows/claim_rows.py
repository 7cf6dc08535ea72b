"""How claims are held so that an account of very many opens at once: what a transaction gives and takes.

Bodies stand in `Records`, once and unchanged. Beside them stands what is needed to find claims and to reckon with
them. A claim that takes part in a relation is *tied*, all others are *loose*: of loose ones the database gives only
what decides (extremes, counts, voices), since nothing that befalls another claim can change them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

NEWEST = "9999-12-31"  # a day after all


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """What is needed to find a claim and to reckon with it."""

    id: str
    incident: str
    day: str  # from which it is known
    recorded: str  # ISO time
    figure: str  # its key as text; empty for a statement
    basis: str
    low: int | None
    high: int | None
    ambiguous: bool
    voice: str  # whose word it is
    source: str
    attribution: bool


@dataclass(frozen=True, slots=True)
class TieRow:
    """A relation between two claims; `day` is the last of its own day and of those of both claims."""

    source: str
    target: str
    kind: str
    day: str
    recorded: str


class Window(NamedTuple):
    """Which claims of an incident are asked for: known at a day, recorded at a time (empty: no limit)."""

    incident: str
    known_at: str
    recorded_at: str


class Saying(NamedTuple):
    """A claim of a figure, as far as figures are reckoned from it."""

    id: str
    day: str
    figure: str
    basis: str
    min: int | None
    max: int | None
    ambiguous: str
    voice: int
    unit: str = ""


class Loose(NamedTuple):
    """What loose claims of one figure, basis and clearness come to: how many, and those at the ends."""

    claims: int
    ends: Sequence[Saying]  # lowest, highest, oldest, newest


class DayReach(NamedTuple):
    """The numbers of the loose claims of one figure that are known from one day."""

    figure: str
    day: str
    low: int | None
    top_low: int | None
    high: int | None


class Claims(Protocol):
    """Claims and relations by incident, day and figure."""

    def add(self, rows: Sequence[ClaimRow]) -> None:
        """Add claims; their ids must be new."""
        ...

    def tie(self, rows: Sequence[TieRow]) -> None:
        """Add relations between claims that are held."""
        ...

    def note_parts(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """Remember (incident, kind, id) of records that belong to an incident."""
        ...

    def parts(self, incident: str, kind: str) -> Sequence[str]:
        """Return ids of the records of a kind that belong to an incident, in the order of recording."""
        ...

    def count(self, window: Window) -> int:
        """Return how many claims there are."""
        ...

    def days(self, window: Window) -> Sequence[str]:
        """Return the days from which claims are known, oldest first."""
        ...

    def newest(self, window: Window, limit: int, *, skip: int = 0) -> Sequence[str]:
        """Return ids of the newest claims, oldest of them first."""
        ...

    def oldest(self, window: Window, limit: int, *, skip: int = 0) -> Sequence[str]:
        """Return ids of the oldest claims, oldest first."""
        ...

    def attributions(self, window: Window, limit: int) -> tuple[int, Sequence[str]]:
        """Return how many attributions there are, and ids of the newest of them."""
        ...

    def visible(self, window: Window, ids: Iterable[str]) -> set[str]:
        """Return those of the claims that are in the window."""
        ...

    def tie_ids(self, incident: str) -> Sequence[tuple[str, str, str]]:
        """Return (id of the source, id of the target, kind) of all relations within an incident, oldest first."""
        ...

    def sources(self, window: Window) -> Sequence[str]:
        """Return ids of the sources that carried claims."""
        ...

    def tied(self, window: Window) -> tuple[Mapping[int, str], Sequence[Saying]]:
        """Return number and id of the claims that take part in relations, and what those that are figures say."""
        ...

    def ties(self, window: Window) -> Sequence[tuple[int, int, str, str]]:
        """Return (number of the source, number of the target, kind, day) of the relations that hold."""
        ...

    def loose(self, window: Window) -> Sequence[Loose]:
        """Return the ends of the loose claims."""
        ...

    def loose_days(self, window: Window) -> Sequence[DayReach]:
        """Return the reach of the loose claims, day by day."""
        ...

    def loose_voices(self, window: Window) -> Sequence[tuple[str, int]]:
        """Return each (figure, voice) of the loose claims once."""
        ...

    def at(self, window: Window, wanted: Sequence[tuple[str, str, int]]) -> Sequence[str]:
        """Return for each (figure, day, number) the id of a loose claim that gives the number on that day."""
        ...

    def of_figures(self, window: Window, figures: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """Return ids of all loose claims of each of the figures."""
        ...
