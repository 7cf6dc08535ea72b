"""Merging the logs of many devices: double use, missing outer points, and what was done to people, by holder."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from safeconduct.gate.device_log import Event

PassId = tuple[bytes, int]  # batch identity, index


@dataclass(frozen=True, slots=True)
class Use:
    """One admission from a device's log. It lies between `low` and `high`; the device's own time is advice."""

    batch: bytes
    index: int
    point: str
    device: str
    holder: str  # party that held the point
    seq: int  # in the device's log
    low: int  # unix seconds: time of the newest ledger checkpoint that the event names
    high: int  # unix seconds: time of the receipt
    at: int  # device time, unix seconds
    heads: int
    epoch: int = 1


@dataclass(frozen=True, slots=True)
class Conflict:
    """One pass admitted more than once: every use, with its point and times, the earliest first."""

    batch: bytes
    index: int
    uses: tuple[Use, ...]
    first_certain: bool  # the first use was surely before the second, by times that no device sets


def find_conflicts(uses: Iterable[Use]) -> list[Conflict]:
    """Find passes that were admitted twice or more; the same event, received twice, is one use.

    Uses of a conflict are ordered by the device's time, held within the bounds that the ledger gives, so that a
    clock that is years off changes nothing; conflicts by batch and index.
    """
    by_pass: dict[PassId, dict[tuple[str, int, int], Use]] = {}
    for use in uses:
        by_pass.setdefault((use.batch, use.index), {})[use.device, use.epoch, use.seq] = use
    conflicts = []
    for (batch, index), events in sorted(by_pass.items()):
        if len(events) < 2:
            continue
        ordered = sorted(events.values(), key=_order)
        certain = all(ordered[0].high < later.low for later in ordered[1:])
        conflicts.append(Conflict(batch, index, tuple(ordered), certain))
    return conflicts


def _order(use: Use) -> tuple[int, int, str, int, int]:
    """Device time, held within the bounds that the ledger gives; then whatever makes the order one."""
    return min(max(use.at, use.low), use.high), use.low, use.device, use.epoch, use.seq


def reconcile_strips(strips: Mapping[PassId, PassId], uses: Iterable[Use]) -> list[Use]:
    """Uses of an inner pass whose outer pass was used nowhere: the outer point was passed by, or did not scan.

    Args:
        strips: inner pass to outer pass, for every strip of two or more.
        uses: admissions of all points, in any order.
    """
    listed = list(uses)
    used = {(use.batch, use.index) for use in listed}
    missing = [use for use in listed if (outer := strips.get((use.batch, use.index))) and outer not in used]
    return sorted(missing, key=_order)


@dataclass(frozen=True, slots=True)
class Act:
    """A beating or a turning away that a device recorded; two kinds, never added up."""

    kind: str  # "assault" or "turned-away"
    point: str
    holder: str | None  # party that held the point then; None: not known
    at: int  # device time, unix seconds
    person_class: str
    follow_up: str  # empty: none yet


def acts_by_holder(
    events: Iterable[Event], holder_at: Callable[[str, int], str | None]
) -> dict[tuple[str | None, str, str], list[Act]]:
    """List beatings and turnings away by (holder, control point, kind), each in order of time.

    Args:
        events: of any devices and kinds.
        holder_at: party that held a point at a time (unix seconds), None when that is not known.
    """
    lists: dict[tuple[str | None, str, str], list[Act]] = {}
    for event in sorted(events, key=lambda event: (event.at, event.seq)):
        if event.kind in ("assault", "turned-away"):
            holder = holder_at(event.point, event.at)
            act = Act(event.kind, event.point, holder, event.at, event.person_class, event.note)
            lists.setdefault((holder, event.point, event.kind), []).append(act)
    return lists


def tally(events: Iterable[Event], class_of: Callable[[bytes, int], str]) -> Counter[tuple[str, str, int]]:
    """Count people admitted by (control point, class, day), the day as unix seconds // 86,400 of device time.

    An override admits too: its people are counted, once, because the refusal that it overrides is no admission.

    Args:
        events: of any devices, each once.
        class_of: class of person that a pass (batch identity, index) was issued for.
    """
    counts: Counter[tuple[str, str, int]] = Counter()
    for event in events:
        if event.kind in ("admit", "override") and event.batch is not None and event.index is not None:
            counts[event.point, class_of(event.batch, event.index), event.at // 86_400] += event.heads
    return counts
