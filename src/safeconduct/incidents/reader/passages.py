"""Passages of two texts that go together: chains of shared runs of words, in the order of both."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from safeconduct.incidents.reader.shingles import SHINGLE

SHARED = 0.8  # of the words of a sentence that stand in shared runs
LEAST_WORDS = 8  # a shorter passage may be alike by chance
LEAST_RUN = 12  # words in a row that count inside a sentence too

_SLACK = 12  # words from the start of one shared run to that of the next in a passage
_SHIFT = 8  # words that may be put in or left out between them
_FOLLOWED = 4  # passages that are followed at a time

Place = tuple[int, int]  # numbers of words: the first, and the one after the last


class Run(NamedTuple):
    """Words in a row that stand in both texts: where in the one, where in the other, how many."""

    ours: int
    theirs: int
    length: int


def chains(places: Iterable[tuple[int, int]], *, same_text: bool) -> list[list[Run]]:
    """Chains of the places (in the order of the first text) at which two texts share a run.

    In one text a passage ends before its own copy begins.
    """
    done: list[list[Run]] = []
    followed: list[list[Run]] = []
    for ours, theirs in places:
        best = _fitting(followed, ours, theirs, same_text=same_text)
        if best is None:
            if len(followed) == _FOLLOWED:
                done.append(followed.pop(0))
            followed.append([Run(ours, theirs, SHINGLE)])
            continue
        last = best[-1]
        grown = ours - last.ours + SHINGLE
        if ours - last.ours == theirs - last.theirs and grown <= last.length + SHINGLE:
            best[-1] = last._replace(length=max(last.length, grown))
        else:
            best.append(Run(ours, theirs, SHINGLE))
    return [chain for chain in done + followed if sum(run.length for run in chain) >= LEAST_WORDS]


def _fitting(followed: Sequence[list[Run]], ours: int, theirs: int, *, same_text: bool) -> list[Run] | None:
    best, least = None, _SHIFT + 1
    for chain in followed:
        last = chain[-1]
        if same_text and theirs + SHINGLE > chain[0].ours:
            continue
        ahead, along = ours - last.ours - last.length + SHINGLE, theirs - last.theirs - last.length + SHINGLE
        shift = abs(ahead - along)
        if 0 < ahead <= _SLACK and 0 < along <= _SLACK and shift < least:
            best, least = chain, shift
    return best


def covered(runs: Sequence[Run], side: int, place: Place) -> int:
    """How many words of a place stand in the runs of a chain; `side` is 0 for the first text, 1 for the other."""
    count, since = 0, place[0]
    for run in _met(runs, side, place):
        end = min(run[side] + run.length, place[1])
        count += max(end - max(run[side], since), 0)
        since = max(since, end)
    return count


def _met(runs: Sequence[Run], side: int, place: Place) -> Sequence[Run]:
    """Runs of a chain that a place meets; in a chain starts and ends rise on both sides."""
    first = bisect_right(runs, place[0], key=lambda run: run[side] + run.length)
    return runs[first : bisect_left(runs, place[1], key=lambda run: run[side])]


def passages(runs: Sequence[Run], units: tuple[Sequence[Place], Sequence[Place]]) -> Iterator[tuple[Place, Place]]:
    """Passages of one chain as places in both texts.

    1. Sentences of either text of which `SHARED` of the words stand in runs, with their neighbours of the same kind.
    2. Runs of `LEAST_RUN` words and more elsewhere.
    """
    base = runs[0].ours
    taken = bytearray(runs[-1].ours + runs[-1].length - base)
    for side in (0, 1):
        for place in _full(runs, side, units[side]):
            other = _across(runs, side, place, units[1 - side])
            ours, theirs = (place, other) if side == 0 else (other, place)
            least = LEAST_WORDS if _whole(other, units[1 - side]) else LEAST_RUN
            if place[1] - place[0] >= least and _take(taken, ours[0] - base, ours[1] - base):
                yield ours, theirs
    for run in runs:
        if run.length >= LEAST_RUN and _take(taken, run.ours - base, run.ours - base + run.length):
            yield (run.ours, run.ours + run.length), (run.theirs, run.theirs + run.length)


def _whole(place: Place, units: Sequence[Place]) -> bool:
    """Whether a place is a sentence of its own; a name with an office inside a sentence may stand anywhere."""
    near = units[max(bisect_right(units, (place[0], 1 << 62)) - 2, 0) : bisect_left(units, (place[1], 0))]
    return any(place[0] <= start + 1 and end <= place[1] + 1 for start, end in near)


def _take(taken: bytearray, start: int, end: int) -> bool:
    """Mark the words of a place; false when half of them were taken before."""
    start = max(start, 0)
    if 2 * taken.count(1, start, end) >= end - start:
        return False
    taken[start:end] = b"\1" * (min(end, len(taken)) - start)
    return True


def _full(runs: Sequence[Run], side: int, units: Sequence[Place]) -> Iterator[Place]:
    """Units that stand in runs nearly whole, neighbours joined."""
    first, last = runs[0][side], runs[-1][side] + runs[-1].length
    at = max(bisect_right(units, (first, 1 << 62)) - 1, 0)
    since = until = -1
    for start, end in units[at : bisect_left(units, (last, 0))]:
        if covered(runs, side, (start, end)) < SHARED * (end - start):
            continue
        if start != until and until > since:
            yield since, until
        since, until = (since if start == until else start), end
    if until > since:
        yield since, until


def _across(runs: Sequence[Run], side: int, place: Place, units: Sequence[Place]) -> Place:
    """Where a place of one text stands in the other; drawn to the edges of a unit that is in it nearly whole."""
    met = _met(runs, side, place)
    first, last = met[0], met[-1]
    start = first[1 - side] + max(place[0] - first[side], 0)
    end = last[1 - side] + min(last.length, place[1] - last[side])
    for unit_start, unit_end in units[max(bisect_right(units, (start, 1 << 62)) - 1, 0) : bisect_left(units, (end, 0))]:
        inside = min(end, unit_end) - max(start, unit_start)
        if inside >= SHARED * (unit_end - unit_start):
            start, end = min(start, unit_start), max(end, unit_end)
    return start, end
