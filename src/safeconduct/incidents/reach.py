"""Ranges of numbers: from the lowest to the highest that somebody gave, at one day and day by day."""

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Range:
    """From the lowest to the highest number that somebody gave; None: nobody gave one on that side."""

    low: int | None
    high: int | None
    open_above: bool  # a lower bound stands that no upper figure covers


def range_of(low: int | None, top_low: int | None, high: int | None) -> Range:
    """The range from the lowest and the highest lower bound and the highest upper one."""
    if top_low is not None and (high is None or top_low > high):
        return Range(low, top_low if high is not None else None, open_above=True)
    return Range(low, high, open_above=False)


class Reach(NamedTuple):
    """Numbers that stand from a day until before another: of one claim, or of several that share both days."""

    since: str
    until: str  # empty: they still stand
    low: int | None
    top_low: int | None
    high: int | None


def ranges(reaches: Iterable[Reach], days: Iterable[str]) -> tuple[tuple[str, int | None, int | None], ...]:
    """The conservative range at each ISO day from the first reach on: (day, low, high); one pass over both."""
    waiting = sorted(reaches, key=lambda reach: reach.since)
    low, top_low, high = _Top(), _Top(), _Top()
    found, place = [], 0
    for day in sorted(days):
        while place < len(waiting) and waiting[place].since <= day:
            reach = waiting[place]
            low.add(reach.low, reach.until)
            top_low.add(None if reach.top_low is None else -reach.top_low, reach.until)
            high.add(None if reach.high is None else -reach.high, reach.until)
            place += 1
        if place:
            lowest, above, highest = low.at(day), top_low.at(day), high.at(day)
            here = range_of(lowest, above and -above, highest and -highest)
            found.append((day, here.low, here.high))
    return tuple(found)


class _Top:
    """The lowest of numbers of which some end on a day; days are asked for in their order."""

    def __init__(self) -> None:
        self._ends: list[tuple[int, str]] = []  # a heap
        self._stays: int | None = None  # the lowest of those without an end

    def add(self, number: int | None, until: str) -> None:
        """Take in a number until a day; empty: for ever."""
        if number is None:
            return
        if until:
            heappush(self._ends, (number, until))
        elif self._stays is None or number < self._stays:
            self._stays = number

    def at(self, day: str) -> int | None:
        """The lowest number on a day."""
        while self._ends and self._ends[0][1] <= day:
            heappop(self._ends)
        if self._ends and (self._stays is None or self._ends[0][0] < self._stays):
            return self._ends[0][0]
        return self._stays
