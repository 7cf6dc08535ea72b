"""Counts of people per day, point and class, and checks of a published series against itself.

Vague quantities stay words. A series of totals is never repaired: what does not add up is shown.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

# Published totals are rounded to hundreds or thousands: three rounded figures may differ by this much and still fit.
ROUNDING = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """One counted or vague quantity of people: exactly one of `count` and `vague` is given."""

    day: str  # ISO day
    point: str
    person_class: str
    count: int | None
    vague: str = ""  # "numerous", "some"
    source: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums of the counted, and beside them the words that have no number (S-20)."""

    counted: tuple[tuple[tuple[str, str, str], int], ...]  # (day, point, class) to people
    vague: tuple[Entry, ...]

    def total(self, *, day: str | None = None, point: str | None = None, person_class: str | None = None) -> int:
        """People counted, narrowed by day, point and class."""
        wanted = (day, point, person_class)
        return sum(n for key, n in self.counted if all(w in (None, k) for w, k in zip(wanted, key, strict=True)))


def tally(entries: Iterable[Entry]) -> Tally:
    """Sum what has a number; keep the rest as it was said."""
    sums: Counter[tuple[str, str, str]] = Counter()
    vague = []
    for entry in entries:
        if entry.count is None:
            vague.append(entry)
        else:
            sums[entry.day, entry.point, entry.person_class] += entry.count
    return Tally(tuple(sorted(sums.items())), tuple(vague))


@dataclass(frozen=True, slots=True)
class Total:
    """A published running total: as of when, how many, and what is said of the day that ends then."""

    as_of: str  # ISO day, or ISO time in UTC
    cumulative: int | None
    daily: int | None = None
    basis: str = "about"  # "more-than" and "at-least" are lower bounds
    source: str = ""


@dataclass(frozen=True, slots=True)
class SeriesWarning:
    """Something in a series that does not add up; `by` is seen minus expected."""

    kind: Literal["falls", "differs-from-daily", "less-than-daily"]
    as_of: str
    expected: int
    seen: int
    source: str

    @property
    def by(self) -> int:
        """How far off, with its sign."""
        return self.seen - self.expected


def check_series(totals: Iterable[Total], *, rounding: int = ROUNDING) -> tuple[SeriesWarning, ...]:
    """Warnings of a series in the order of `as_of` (S-44, S-45).

    1. A total below its own day's count does not contain it.
    2. A later total below an earlier one (or below an earlier lower bound) falls.
    3. Where two totals lie one day apart and the day's count is given, their difference should be that count, to
       within `rounding` people. Lower bounds cannot be checked that way.
    """
    found: list[SeriesWarning] = []
    highest: int | None = None
    before: Total | None = None
    for total in sorted(totals, key=lambda item: item.as_of):
        now = total.cumulative
        if now is None:
            before = None
            continue
        if total.daily is not None and now < total.daily:
            found.append(SeriesWarning("less-than-daily", total.as_of, total.daily, now, total.source))
        exact = total.basis not in ("more-than", "at-least")
        if highest is not None and now < highest and exact:
            found.append(SeriesWarning("falls", total.as_of, highest, now, total.source))
        if before is not None and before.cumulative is not None and total.daily is not None and exact:
            expected = before.cumulative + total.daily
            if _next_day(before.as_of, total.as_of) and abs(now - expected) > rounding:
                found.append(SeriesWarning("differs-from-daily", total.as_of, expected, now, total.source))
        highest = max(now, highest or 0)
        before = total if exact else None
    return tuple(found)


def _next_day(first: str, second: str) -> bool:
    """Whether two ISO days follow each other within one month (the operations of one record do)."""
    return first[:7] == second[:7] and int(second[8:10]) - int(first[8:10]) == 1


def once_each(carried: Iterable[tuple[str, str]]) -> tuple[dict[str, int], int]:
    """People per carrying nation, and jointly without counting anybody twice (S-47).

    Args:
        carried: (person id, nation); a person carried on two legs appears twice.
    """
    per_nation: dict[str, set[str]] = {}
    people: set[str] = set()
    for person, nation in carried:
        per_nation.setdefault(nation, set()).add(person)
        people.add(person)
    return {nation: len(found) for nation, found in sorted(per_nation.items())}, len(people)
