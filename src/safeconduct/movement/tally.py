"""Counts of people per day, point and class; vague quantities stay words."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


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
