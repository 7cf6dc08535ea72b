"""Merging the logs of many devices: double use, missing outer points, and what was done to people, by holder."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Skip:
    """A group that was admitted at a gate, and at some outer point of its strip by no device."""

    group: str
    gate: str
    at: int  # unix seconds, of its first admission at the gate
    missing: tuple[str, ...]  # outer points for which the group holds a pass that was used nowhere


def find_skips(
    visits: Iterable[tuple[str, str, str, int]],
    held: Iterable[tuple[str, str]],
    gates: Collection[str],
) -> list[Skip]:
    """Find groups whose gate pass was used and whose outer pass was not: the point was passed by, or did not scan.

    A group is looked at as a whole, so that a strip issued again for a later window leaves no false finding.

    Args:
        visits: (group, point where it was admitted, point that the pass names, unix seconds), the earliest first.
        held: (group, point) of passes that are not revoked.
        gates: control points that are gates; all others are outer ones.
    """
    first_at: dict[str, dict[str, int]] = {}
    used: dict[str, set[str]] = {}
    for group, point, named, at in visits:
        first_at.setdefault(group, {}).setdefault(point, at)
        used.setdefault(group, set()).update((point, named))
    unused: dict[str, set[str]] = {}
    for group, point in held:
        if group in used and point not in used[group] and point not in gates:
            unused.setdefault(group, set()).add(point)
    skips = [
        Skip(group, gate, at, tuple(sorted(points)))
        for group, points in unused.items()
        for gate, at in first_at[group].items()
        if gate in gates
    ]
    return sorted(skips, key=lambda skip: (skip.at, skip.gate, skip.group))


@dataclass(frozen=True, slots=True)
class Act:
    """A beating or a turning away that a device recorded; two kinds, never added up."""

    kind: str  # "assault" or "turned-away"
    point: str
    holder: str  # party that held the point then; empty: not known
    device: str
    at: int  # device time, unix seconds
    heads: int  # people concerned; 0: not counted
    person_class: str  # empty: not told
    follow_up: str  # empty: none yet
    by: str = ""  # party whose guards did it, as the device says; empty: not known


def acts_by_holder(acts: Iterable[Act]) -> dict[tuple[str, str, str], list[Act]]:
    """List beatings and turnings away by (holder, control point, kind), in their order; the lists sorted by holder."""
    lists: dict[tuple[str, str, str], list[Act]] = {}
    for act in acts:
        lists.setdefault((act.holder, act.point, act.kind), []).append(act)
    return dict(sorted(lists.items()))


def acts_by_whom(acts: Iterable[Act]) -> dict[tuple[str, str, str], list[Act]]:
    """List beatings and turnings away by (kind, party that did it, holder), in their order; the lists sorted so."""
    lists: dict[tuple[str, str, str], list[Act]] = {}
    for act in acts:
        lists.setdefault((act.kind, act.by, act.holder), []).append(act)
    return dict(sorted(lists.items()))
