"""Small help: bags carried and other acts, by point, holder and party; bags of each group as far as the gate (S-23).

What guards recorded and what was filed by hand stand in lines of their own: the same help may be in both, so they are
never added up. A vague quantity stays a word.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from safeconduct.agreements.entries import Entry
from safeconduct.movement.guard_notes import BAGS, HELP, GuardRecord

GUARDS, FILED = "guards", "filed"
Place = tuple[str, int]  # control point, unix seconds


@dataclass(frozen=True, slots=True)
class Help:
    """One act of help; `by` and `holder` are parties, empty where not known. `bags` None: not counted."""

    kind: str  # "bags" or "help"
    by: str
    point: str
    holder: str
    at: int
    bags: int | None
    hedge: str
    people: int
    group: str
    text: str
    basis: str  # "guards" or "filed"
    source: str


@dataclass(frozen=True, slots=True)
class HelpLine:
    """All help of one kind by one party at one point under one holder, from one basis."""

    point: str
    holder: str
    by: str
    kind: str
    basis: str
    times: int
    bags: int  # of those that were counted
    people: int
    vague: tuple[str, ...]  # words that stood for a number, each once


@dataclass(frozen=True, slots=True)
class GroupBags:
    """Bags of one group, from one basis: by point in the order of time, their sum, and the most at one point.

    The same bags may be carried past several points: the sum says how many were carried, the most how many there were
    at least.
    """

    group: str
    basis: str
    points: tuple[tuple[str, int], ...]
    carried: int
    most: int
    at_gate: int | None  # at gates alone; None: no record from a gate
    vague: tuple[str, ...]


def of_record(record: GuardRecord, other: str) -> Help:
    """The act of help that a guard recorded; `other` is the party beside the device's."""
    bags = record.said.number("bags") if record.what == BAGS else None
    return Help(record.what, record.who(other), record.point, record.holder, record.at, bags, "", record.heads,
                record.group, record.said.text, GUARDS, record.id)  # fmt: skip


def of_entry(entry: Entry, holder: str) -> Help | None:
    """The act of help that was filed by hand, None for an entry of another kind; `holder` is that of its point then."""
    said = entry.fields
    if entry.kind == "bags-carried":
        return Help(BAGS, said["by"], said["point"], holder, entry.at, said["count"], said["hedge"] or "", 0,
                    said["group"] or "", "", FILED, entry.source)  # fmt: skip
    if entry.kind == "small-assistance":
        return Help(HELP, said["by"], said["point"] or "", holder, entry.at, None, "", 0, "", said["text"], FILED,
                    entry.source)  # fmt: skip
    return None


def counted(acts: Iterable[Help]) -> tuple[HelpLine, ...]:
    """Help by point, holder, party, kind and basis, in this order."""
    lines: dict[tuple[str, str, str, str, str], list[Help]] = {}
    for act in acts:
        lines.setdefault((act.point, act.holder, act.by, act.kind, act.basis), []).append(act)
    return tuple(
        HelpLine(*key, len(some), sum(one.bags or 0 for one in some), sum(one.people for one in some), _vague(some))
        for key, some in sorted(lines.items())
    )


def bags_by_group(acts: Iterable[Help], gates: Iterable[str]) -> tuple[GroupBags, ...]:
    """Bags of each group whose pass or number was told, as far as the gate.

    Args:
        acts: of any kind; those that tell no group count for none.
        gates: control points that are gates.
    """
    inner = frozenset(gates)
    groups: dict[tuple[str, str], list[Help]] = {}
    for act in sorted(acts, key=lambda one: one.at):
        if act.kind == BAGS and act.group:
            groups.setdefault((act.group, act.basis), []).append(act)
    return tuple(_group(*key, some, inner) for key, some in sorted(groups.items()))


def _group(group: str, basis: str, acts: list[Help], gates: frozenset[str]) -> GroupBags:
    points: dict[str, int] = {}
    for act in acts:
        points[act.point] = points.get(act.point, 0) + (act.bags or 0)
    counts = points.values()
    at_gate = sum(bags for point, bags in points.items() if point in gates) if gates & set(points) else None
    return GroupBags(group, basis, tuple(points.items()), sum(counts), max(counts), at_gate, _vague(acts))


def _vague(acts: Iterable[Help]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(act.hedge for act in acts if act.hedge and act.bags is None))
