"""One figure of an incident: its ranges, its independent origins, its conflicts. Nothing is invented or averaged."""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Protocol

from safeconduct.incidents.claims import VAGUE, Claim, FigureKey, Relation, Source

# What a vague word cannot be less than. Used to decide whether it fits an exact figure, and for nothing else: these
# numbers are never shown and never enter a range.
LEAST = {
    "dozens": 24,
    "hundreds": 200,
    "many": 3,
    "some": 1,
    "several": 3,
    "numerous": 3,
    "a-few": 2,
    "thousands": 2000,
}
ABOUT = 10  # percent to either side within which "about" fits another figure
MONTHS = frozenset(name.lower() for name in calendar.month_name if name)
HEDGES = {"exact": "", "about": "about ", "at-least": "at least ", "more-than": "more than ", "up-to": "up to ",
          "fewer-than": "fewer than ", "between": "between "}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Range:
    """From the lowest to the highest number that somebody gave; None: nobody gave one on that side."""

    low: int | None
    high: int | None
    open_above: bool  # a lower bound stands that no upper figure covers


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two standing claims that cannot both be right."""

    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Figure:
    """All that is claimed of one figure, as known at a day."""

    key: FigureKey
    unit: str
    claims: tuple[Claim, ...]  # every one visible, oldest first
    standing: tuple[str, ...]  # ids not superseded and not withdrawn
    superseded: tuple[str, ...]  # a later claim of the same voice updates or refines it
    withdrawn: tuple[str, ...]  # corrected or retracted
    conservative: Range  # of what stands
    full: Range  # of all that was ever said
    vague: tuple[str, ...]  # words without a number that stand
    origins: int  # independent ones among the standing claims
    latest: str  # id of the newest standing claim, or of the newest of all when none stands
    conflicts: tuple[Conflict, ...]
    disputed: bool
    ambiguous: tuple[str, ...]  # ids of claims whose sentence can be read otherwise


def name(key: FigureKey) -> str:
    """What a key counts, in words and without its day: "service members killed", "people out since 14 August"."""
    words = "-".join(part for part in (key.population, key.outcome) if part).split("-")
    return " ".join(word.capitalize() if word in MONTHS else word for word in words)


def hedge(claim: Claim) -> str:
    """The figure in the words of its basis: "at least 60", "dozens", "13"; empty for a statement."""
    if claim.basis in VAGUE:
        return claim.basis.replace("-", " ")
    if claim.min is not None and claim.max is not None and claim.min != claim.max:
        return f"between {claim.min:,} and {claim.max:,}"
    number = claim.min if claim.min is not None else claim.max
    return "" if number is None else f"{HEDGES[claim.basis]}{number:,}"


def words(figure: Figure) -> str:
    """One line for a figure: "at least 60 … 170 (dozens), 4 origins"."""
    standing = [claim for claim in figure.claims if claim.id in figure.standing and hedge(claim)]
    numbers = sorted((claim for claim in standing if claim.basis not in VAGUE), key=_number)
    ends = [hedge(numbers[0])] if numbers else []
    if numbers and hedge(numbers[-1]) != ends[0]:
        ends.append(hedge(numbers[-1]))
    text = " … ".join(ends)
    vague = ", ".join(figure.vague)
    text = f"{text} ({vague})" if text and vague else text or vague or "nothing stands"
    return f"{text}, {figure.origins} origin{'' if figure.origins == 1 else 's'}"


def _number(claim: Claim) -> int:
    return claim.min if claim.min is not None else claim.max or 0


def span(claims: Sequence[Claim]) -> Range:
    """The range of numbers named. A lower bound above every upper figure opens the range."""
    lows = [claim.min for claim in claims if claim.min is not None]
    highs = [claim.max for claim in claims if claim.max is not None]
    low = min(lows) if lows else None
    top = max(highs) if highs else None
    if lows and (top is None or max(lows) > top):
        return Range(low, max(lows) if top is not None else None, open_above=True)
    return Range(low, top, open_above=False)


class Bounded(Protocol):
    """Whatever says a figure: a recorded claim, or one that is only suggested."""

    @property
    def min(self) -> int | None:
        """Lower bound."""

    @property
    def max(self) -> int | None:
        """Upper bound."""

    @property
    def basis(self) -> str:
        """What kind of figure it is."""


def bounds(claim: Bounded) -> tuple[int, int | None]:
    """Lowest and highest value that a claim allows, None for no upper bound; for comparison only."""
    number = claim.min if claim.min is not None else claim.max
    if number is None:
        return LEAST.get(claim.basis, 0), None
    if claim.basis == "about":
        slack = number * ABOUT // 100
        return number - slack, number + slack
    if claim.basis == "more-than":
        return number + 1, None
    if claim.basis == "fewer-than":
        return 0, number - 1
    return claim.min or 0, claim.max


def compatible(first: Bounded, second: Bounded) -> bool:
    """Whether one true value could satisfy both (S-49, S-50, S-51)."""
    low_1, high_1 = bounds(first)
    low_2, high_2 = bounds(second)
    return (high_1 is None or low_2 <= high_1) and (high_2 is None or low_1 <= high_2)


def conflicts(claims: Iterable[Claim], relations: Iterable[Relation]) -> tuple[Conflict, ...]:
    """Pairs that cannot both be right; one that updates or corrects the other is none, nor is an ambiguous sentence."""
    tied = {
        frozenset((relation.source, relation.target))
        for relation in relations
        if relation.kind in ("updates", "refines", "corrects", "retracts", "repeats", "variant")
    }
    return tuple(
        Conflict(first.id, second.id)
        for first, second in combinations(claims, 2)
        if not first.ambiguous
        and not second.ambiguous
        and frozenset((first.id, second.id)) not in tied
        and not compatible(first, second)
    )


def count_origins(claims: Sequence[Claim], relations: Iterable[Relation], sources: Mapping[str, Source]) -> int:
    """Number of independent origins: copies, repetitions and one office speaking twice count once (S-109)."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        parent.setdefault(name, name)
        while parent[name] != name:
            name = parent[name]
        return name

    for claim in claims:
        voice = (
            f"voice:{claim.claimant}" if claim.claimant_kind != "unnamed" else f"origin:{sources[claim.source].origin}"
        )
        parent[root(f"claim:{claim.id}")] = root(voice)
    for relation in relations:
        if relation.kind in ("repeats", "variant"):
            parent[root(f"claim:{relation.source}")] = root(f"claim:{relation.target}")
    return len({root(f"claim:{claim.id}") for claim in claims})
