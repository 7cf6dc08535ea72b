"""One figure of an incident: its ranges, its independent origins, its conflicts. Nothing is invented or averaged."""

import calendar
from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from safeconduct.incidents.bonds import Bonds, Joined
from safeconduct.incidents.claims import VAGUE, Claim, FigureKey
from safeconduct.incidents.reach import Range, range_of
from safeconduct.incidents.states import Causes

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
MOST_CONFLICTS = 1_000  # pairs told of one figure
CONSERVATIVE, FULL = "conservative", "full"
# The rules by which a figure's range is made: their names, and what each does. Both are always given.
RULES: Mapping[str, tuple[str, str]] = {
    CONSERVATIVE: (
        "most conservative",
        (
            "From the lowest to the highest number that still stands. Left out: what was corrected, retracted, or"
            " replaced by a later figure. Copies count once. Vague words never become numbers."
        ),
    ),
    FULL: (
        "full range",
        (
            "From the lowest to the highest number that anybody ever gave, withdrawn and replaced ones too. Copies"
            " count once. Vague words never become numbers."
        ),
    ),
}


class Said(Protocol):
    """What a claim says of a figure, and no more."""

    @property
    def id(self) -> str:
        """Of the claim."""
        ...

    @property
    def basis(self) -> str:
        """What kind of figure it is."""
        ...

    @property
    def min(self) -> int | None:
        """Lower bound."""
        ...

    @property
    def max(self) -> int | None:
        """Upper bound."""
        ...

    @property
    def unit(self) -> str:
        """What is counted."""
        ...

    @property
    def ambiguous(self) -> str:
        """Why the sentence can be read otherwise."""
        ...


S = TypeVar("S", bound=Said)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two standing claims that cannot both be right."""

    first: str
    second: str


@dataclass(frozen=True, slots=True)
class FigureOf(Generic[S]):
    """All that is claimed of one figure, as known at a day."""

    key: FigureKey
    unit: str
    claims: tuple[S, ...]  # every one visible, oldest first
    standing: tuple[str, ...]  # ids not superseded and not withdrawn
    superseded: tuple[str, ...]  # a later claim of the same voice updates or refines it
    withdrawn: tuple[str, ...]  # corrected or retracted
    conservative: Range  # of what stands
    full: Range  # of all that was ever said
    vague: tuple[str, ...]  # words without a number that stand
    origins: int  # independent ones among the standing claims
    latest: str  # id of the newest standing claim, or of the newest of all when none stands
    conflicts: tuple[Conflict, ...]  # not more than were asked for
    disputed: bool
    ambiguous: tuple[str, ...]  # ids of claims whose sentence can be read otherwise

    def range_by(self, rule: str) -> Range:
        """The range by one of `RULES`."""
        return self.full if rule == FULL else self.conservative


def figure_of(
    key: FigureKey,
    claims: Sequence[S],
    fates: Mapping[str, Causes[str]],
    tied: Bonds,
    voice: Callable[[S], Hashable],
    others: Iterable[Hashable] = (),
    *,
    most_conflicts: int = MOST_CONFLICTS,
) -> FigureOf[S]:
    """One figure.

    Of claims that take part in no relation, those at the ends are enough: for each basis, clear and ambiguous ones
    apart, the lowest, the highest, the oldest and the newest. With the voices of the others every range, word, origin
    and misfit is the same as with all of them; what is listed claim by claim is then listed of those only.

    Args:
        key: which.
        claims: all visible ones of that key, oldest first, at least one.
        fates: what befell claims, as `states.fates` gives it.
        tied: as `bonds` gives it.
        voice: whose word a claim is.
        others: voices of further claims that stand and take part in no relation.
        most_conflicts: how many pairs that cannot both be right are listed.
    """
    ids = {claim.id for claim in claims}
    withdrawn = {claim for claim in ids if claim in fates["corrected"] or claim in fates["retracted"]}
    superseded = {claim for claim in ids if claim in fates["updated"]} - withdrawn
    standing = tuple(claim for claim in claims if claim.id not in withdrawn and claim.id not in superseded)
    return FigureOf(
        key=key,
        unit=claims[0].unit,
        claims=tuple(claims),
        standing=tuple(claim.id for claim in standing),
        superseded=tuple(claim.id for claim in claims if claim.id in superseded),
        withdrawn=tuple(claim.id for claim in claims if claim.id in withdrawn),
        conservative=span(standing),
        full=span(claims),
        vague=tuple(dict.fromkeys(claim.basis for claim in standing if claim.min is None and claim.max is None)),
        origins=count_origins(standing, tied, voice, others),
        latest=(standing or tuple(claims))[-1].id,
        conflicts=conflicts(standing, tied, most=most_conflicts),
        disputed=any(claim.id in fates["disputed"] for claim in standing),
        ambiguous=tuple(claim.id for claim in claims if claim.ambiguous),
    )


Figure = FigureOf[Claim]


def name(key: FigureKey) -> str:
    """What a key counts, in words and without its day: "service members killed", "people out since 14 August"."""
    words = "-".join(part for part in (key.population, key.outcome) if part).split("-")
    return " ".join(word.capitalize() if word in MONTHS else word for word in words)


def hedge(claim: Said) -> str:
    """The figure in the words of its basis: "at least 60", "dozens", "13"; empty for a statement."""
    if claim.basis in VAGUE:
        return claim.basis.replace("-", " ")
    if claim.min is not None and claim.max is not None and claim.min != claim.max:
        return f"between {claim.min:,} and {claim.max:,}"
    number = claim.min if claim.min is not None else claim.max
    return "" if number is None else f"{HEDGES[claim.basis]}{number:,}"


def words(figure: FigureOf[S]) -> str:
    """One line for a figure: "at least 60 … 170 (dozens), 4 origins"."""
    ids = frozenset(figure.standing)
    standing = [claim for claim in figure.claims if claim.id in ids and hedge(claim)]
    numbers = sorted((claim for claim in standing if claim.basis not in VAGUE), key=_number)
    ends = [hedge(numbers[0])] if numbers else []
    if numbers and hedge(numbers[-1]) != ends[0]:
        ends.append(hedge(numbers[-1]))
    text = " … ".join(ends)
    vague = ", ".join(figure.vague)
    text = f"{text} ({vague})" if text and vague else text or vague or "nothing stands"
    return f"{text}, {figure.origins} origin{'' if figure.origins == 1 else 's'}"


def _number(claim: Said) -> int:
    return claim.min if claim.min is not None else claim.max or 0


def span(claims: Sequence[Said]) -> Range:
    """The range of numbers named. A lower bound above every upper figure opens the range."""
    lows = [claim.min for claim in claims if claim.min is not None]
    highs = [claim.max for claim in claims if claim.max is not None]
    return range_of(min(lows, default=None), max(lows, default=None), max(highs, default=None))


def bounds(claim: Said) -> tuple[int, int | None]:
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


def compatible(first: Said, second: Said) -> bool:
    """Whether one true value could satisfy both (S-49, S-50, S-51)."""
    low_1, high_1 = bounds(first)
    low_2, high_2 = bounds(second)
    return (high_1 is None or low_2 <= high_1) and (high_2 is None or low_1 <= high_2)


def conflicts(claims: Sequence[Said], tied: Bonds, *, most: int = MOST_CONFLICTS) -> tuple[Conflict, ...]:
    """Pairs that cannot both be right; one that updates or corrects the other is none, nor is an ambiguous sentence.

    Claims with equal bounds are compared as one, and at most `most` pairs are told: the number of pairs
    grows with the square of the claims.
    """
    alike: dict[tuple[int, float], list[int]] = {}
    for place, claim in enumerate(claims):
        if not claim.ambiguous:
            low, high = bounds(claim)
            alike.setdefault((low, float("inf") if high is None else high), []).append(place)
    by_low = sorted(alike)
    lows = [low for low, _ in by_low]
    found: list[tuple[int, int]] = []
    for key in sorted(alike, key=lambda key: key[1]):
        for other in by_low[bisect_right(lows, key[1]) :]:
            found += _pairs(claims, alike[key], alike[other], tied, most - len(found))
            if len(found) == most:
                return _told(claims, found)
    return _told(claims, found)


def _told(claims: Sequence[Said], pairs: list[tuple[int, int]]) -> tuple[Conflict, ...]:
    return tuple(Conflict(claims[first].id, claims[second].id) for first, second in sorted(pairs))


def _pairs(claims: Sequence[Said], one: list[int], other: list[int], tied: Bonds, most: int) -> list[tuple[int, int]]:
    found = []
    for first in one:
        for second in other:
            if frozenset((claims[first].id, claims[second].id)) not in tied.pairs:
                found.append((min(first, second), max(first, second)))
                if len(found) == most:
                    return found
    return found


def count_origins(
    claims: Iterable[S], tied: Bonds, voice: Callable[[S], Hashable], others: Iterable[Hashable] = ()
) -> int:
    """Number of independent origins: copies, repetitions and one office speaking twice count once (S-109)."""
    joined = Joined()
    voices: set[Hashable] = {("voice", other) for other in others}
    for claim in claims:
        said = ("voice", voice(claim))
        voices.add(said)
        if claim.id in tied.roots:
            joined.join(said, ("claim", tied.roots[claim.id]))
    return len({joined.root(said) for said in voices})
