"""Calling people forward: each group gets an outer point, a gate and a slot, so that no crowd forms.

A slot is 15 minutes. A gate never gets more heads in one slot than its cap, an outer point neither, and a day's people
are spread over the whole day instead of filling its morning. Groups are taken in the order given (the published
priority rule sorts them before) and are never split.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

SLOT = 900  # seconds; the unit of a pass's window
LOOKAHEAD = 16  # groups that may wait for a place while smaller ones behind them go; keeps the work linear
PATIENCE = 2  # slots after which a waiting group is no longer passed by smaller ones


@dataclass(frozen=True, slots=True)
class Day:
    """A span in which people are received, and how many at most (None: only the gates' caps limit it)."""

    start: int  # unix seconds
    end: int
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class OuterPoint:
    """A checkpoint on the way in and how many heads may come to it in one slot."""

    id: str
    cap: int


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate, how many heads may come to it in one slot, and the outer points before it."""

    id: str
    cap: int
    upstream: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """One group's call: be at the outer point, then at the gate, within the window."""

    group: str
    heads: int
    outer_point: str
    gate: str
    start: int  # unix seconds, a multiple of 900 from the day's start
    length: int  # seconds


@dataclass(frozen=True, slots=True)
class Plan:
    """Slots in the order of time, and the groups that found no place: nothing is dropped silently."""

    slots: tuple[Slot, ...]
    unplaced: tuple[tuple[str, str], ...]  # (group, "too-large" or "no-room")


def assign(
    groups: Sequence[tuple[str, int]],
    days: Sequence[Day],
    gates: Sequence[Gate],
    outer_points: Sequence[OuterPoint],
    *,
    slot_seconds: int = SLOT,
    length: int = 4 * SLOT,
) -> Plan:
    """Give every group a slot, in linear time.

    Args:
        groups: (group id, heads), most urgent first.
        days: in order of time, without overlap.
        gates: with their caps.
        outer_points: with their caps; a gate without upstream is reached directly and its slots name none.
        slot_seconds: length of one slot of arrivals.
        length: validity of the pass's window from the start of the slot, seconds.
    """
    caps = {point.id: point.cap for point in outer_points}
    largest = max((_reach(gate, caps) for gate in gates), default=0)
    unplaced = [(group, "too-large") for group, heads in groups if heads > largest]
    work = _Work(deque((group, heads) for group, heads in groups if heads <= largest))
    for day in days:
        _fill_day(work, day, gates, caps, slot_seconds, length)
        if work.done():
            break
    unplaced.extend((group, "no-room") for group, _, _ in work.waiting)
    unplaced.extend((group, "no-room") for group, _ in work.queue)
    return Plan(tuple(work.slots), tuple(unplaced))


def peak(plan: Plan) -> dict[tuple[str, int], int]:
    """Heads per (gate, start of slot), for showing and for checking that no cap is passed."""
    heads: dict[tuple[str, int], int] = {}
    for slot in plan.slots:
        key = (slot.gate, slot.start)
        heads[key] = heads.get(key, 0) + slot.heads
    return heads


def _reach(gate: Gate, caps: dict[str, int]) -> int:
    """The largest group that can pass a gate and an outer point before it."""
    return min(gate.cap, max((caps[point] for point in gate.upstream), default=gate.cap))


class _Work:
    """What is still to be placed, and what has been."""

    def __init__(self, queue: deque[tuple[str, int]]) -> None:
        self.queue = queue
        self.waiting: deque[tuple[str, int, int]] = deque()  # group, heads, cell since which it waits
        self.slots: list[Slot] = []
        self.cell = 0

    def done(self) -> bool:
        """Whether everybody has a place."""
        return not self.queue and not self.waiting


def _fill_day(
    work: _Work, day: Day, gates: Sequence[Gate], caps: dict[str, int], slot_seconds: int, length: int
) -> None:
    """Fill the cells (slot, gate) of one day in order of time; the day's share grows evenly with the cells passed."""
    starts = range(day.start, day.end - slot_seconds + 1, slot_seconds)
    cells = len(starts) * len(gates)
    taken = passed = 0
    for start in starts:
        outer = dict(caps)
        for gate in gates:
            passed += 1
            work.cell += 1
            left = room = gate.cap
            if day.capacity is not None:
                room = min(gate.cap, day.capacity * passed // cells - taken)
                left = day.capacity - taken
            if room > 0:
                hold = _is_held(work, PATIENCE * len(gates), left)
                taken += _fill_cell(work, gate, room, outer, (start, length), hold=hold)
        if work.done():
            return


def _is_held(work: _Work, patience: int, left: int) -> bool:
    """Whether the group that waits longest has waited too long and could still go today: then nobody passes it."""
    return bool(work.waiting) and work.cell - work.waiting[0][2] > patience and work.waiting[0][1] <= left


def _fill_cell(
    work: _Work, gate: Gate, room: int, outer: dict[str, int], window: tuple[int, int], *, hold: bool
) -> int:
    """Place groups into one cell: those that wait first, then the queue until the look-ahead is full."""
    before = room
    for turn in range(len(work.waiting)):
        group, heads, since = work.waiting.popleft()
        point = _outer_for(gate, heads, outer) if heads <= room else None
        if point is not None:
            room -= _place(work, group, heads, gate, point, outer, window)
        elif hold and turn == 0:
            work.waiting.appendleft((group, heads, since))
            return 0
        else:
            work.waiting.append((group, heads, since))
    while work.queue and room > 0 and len(work.waiting) < LOOKAHEAD:
        group, heads = work.queue.popleft()
        point = _outer_for(gate, heads, outer) if heads <= room else None
        if point is not None:
            room -= _place(work, group, heads, gate, point, outer, window)
        else:
            work.waiting.append((group, heads, work.cell))
    return before - room


def _place(
    work: _Work,
    group: str,
    heads: int,
    gate: Gate,
    point: str,
    outer: dict[str, int],
    window: tuple[int, int],
) -> int:
    """Give the group its slot; the heads that it takes."""
    if point:
        outer[point] -= heads
    work.slots.append(Slot(group, heads, point, gate.id, window[0], window[1]))
    return heads


def _outer_for(gate: Gate, heads: int, outer: dict[str, int]) -> str | None:
    """The outer point before the gate with the most room left, "" for a gate without one, None if none has room."""
    if not gate.upstream:
        return ""
    best = max(gate.upstream, key=outer.__getitem__)
    return best if outer[best] >= heads else None
