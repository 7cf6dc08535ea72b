"""Escorted movements: what was planned, which points were passed and when, and what is overdue (S-21).

A guard's record names no movement. It is taken for the passing of one only where one alone fits; where several do,
an officer says which. Nothing is inferred from silence: a point without a record is "no record", not "not passed".
All times are unix seconds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from safeconduct.agreements.entries import Entry
from safeconduct.movement.guard_notes import GuardRecord

EARLY = 3 * 3_600  # seconds before its planned time at which a movement may come to a point
LATE = 24 * 3_600  # seconds after it
NEAR = 1_800  # of several movements that fit, the only one this near to its plan is meant
ENDS = ("arrived", "called-off")
Held = tuple[str, Entry]  # id, entry


@dataclass(frozen=True, slots=True)
class Escort:
    """What was filed of one movement: the newest word of it, with its points in order and the time planned for each."""

    movement: str
    id: str  # of the entry
    by: str
    filed: int
    points: tuple[tuple[str, int | None], ...]  # (control point, planned time; None: none was given)
    due: int  # planned arrival
    vehicles: int | None
    people: int | None
    hedge: str
    source: str
    end: str = ""  # one of `ENDS`; empty: not ended
    ended: int | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class Passing:
    """One word that a movement passed a point: a guard's record, or what somebody reported by other means."""

    at: int
    vehicles: int | None
    people: int | None
    source: str
    record: str  # id of the guard's record; empty: none
    reported: bool  # filed by hand


@dataclass(frozen=True, slots=True)
class Leg:
    """One point of a movement with what is recorded there, the earliest first."""

    point: str
    due: int | None
    passings: tuple[Passing, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """One movement as it stands: `state` is planned, under-way, overdue, arrived or called-off.

    `late` is the control point that it should have passed, empty for the arrival; `since` when; None: nothing is late.
    """

    escort: Escort
    legs: tuple[Leg, ...]
    state: str
    late: str = ""
    since: int | None = None


@dataclass(frozen=True, slots=True)
class Loose:
    """A guard's record of an escort that belongs to no one movement for certain: several could be meant, or none."""

    record: GuardRecord
    candidates: tuple[str, ...]


def escorts_of(entries: Iterable[Held]) -> tuple[Escort, ...]:
    """Every movement by its newest word, in the order in which they were first filed.

    Args:
        entries: (id, entry) in the order of recording; an end counts if it was recorded after that word.
    """
    found: dict[str, Escort] = {}
    times: dict[str, dict[str, int]] = {}
    for name, entry in entries:
        said = entry.fields
        if entry.kind == "escort-point":
            times.setdefault(said["of"], {})[said["point"]] = said["due"]
        elif entry.kind == "escort":
            before = found.get(said["movement"])
            if before is None or entry.at >= before.filed:
                found[said["movement"]] = _filed(name, entry, before)
        elif entry.kind == "escort-ended" and said["movement"] in found:
            ended = replace(found[said["movement"]], end=said["how"], ended=entry.at, because=said["because"] or "")
            found[said["movement"]] = ended
    return tuple(_timed(one, times.get(one.id, {})) for one in found.values())


def courses(
    escorts: Sequence[Escort], records: Iterable[GuardRecord], entries: Iterable[Held], now: int
) -> tuple[tuple[Course, ...], tuple[Loose, ...]]:
    """Each movement with what passed where, and the guards' records that belong to none for certain.

    Args:
        escorts: from `escorts_of`.
        records: guards' records of escorts, in the order of time.
        entries: those of the kind `escort-passed` among them are read.
        now: the time.
    """
    passed: dict[tuple[str, str], list[Passing]] = {}
    held = {one.id: one for one in records}
    given = set()
    for _, entry in entries:
        if entry.kind == "escort-passed":
            named = held.get(entry.fields["record"] or "")
            given.add(entry.fields["record"])
            passed.setdefault((entry.fields["movement"], entry.fields["point"]), []).append(_reported(entry, named))
    loose = []
    for record in held.values():
        if record.id in given:
            continue
        fits = matching(escorts, record)
        if len(fits) == 1:
            passed.setdefault((fits[0], record.point), []).append(_recorded(record))
        else:
            loose.append(Loose(record, fits))
    return tuple(_course(one, passed, now) for one in escorts), tuple(loose)


def matching(escorts: Iterable[Escort], record: GuardRecord) -> tuple[str, ...]:
    """Movements of which a guard's record can be the passing; one alone is certain enough to be taken for it.

    Steps: 1. the movement leads past that point, had not ended, and was planned there not more than `LATE` before or
    `EARLY` after; 2. if several fit, those with as many vehicles; 3. if that leaves none or several, those within
    `NEAR` of their plan. A step that leaves none is passed over.
    """
    fits = [
        (one, due) for one in escorts for point, due in one.points if point == record.point and _may(one, due, record)
    ]
    if len(fits) > 1:
        fits = [(one, due) for one, due in fits if one.vehicles == record.said.number("vehicles")] or fits
    if len(fits) > 1:
        fits = [(one, due) for one, due in fits if due is not None and abs(record.at - due) <= NEAR] or fits
    return tuple(one.movement for one, _ in fits)


def _may(escort: Escort, due: int | None, record: GuardRecord) -> bool:
    first, last = (escort.filed, escort.due) if due is None else (due, due)
    if escort.ended is not None and record.at > escort.ended + NEAR:
        return False
    return first - EARLY <= record.at <= last + LATE


def _filed(name: str, entry: Entry, before: Escort | None) -> Escort:
    said = entry.fields
    points = tuple((point, None) for point in said["points"])
    arrived = said["arrived"]
    escort = Escort(said["movement"], name, said["by"], entry.at, points, said["due"], said["vehicles"], said["count"],
                    said["hedge"] or "", entry.source)  # fmt: skip
    if arrived is not None:
        return replace(escort, end="arrived", ended=arrived)
    # A word about a movement that had ended, filed for an earlier time, does not begin it anew.
    if before is not None and before.ended is not None and entry.at <= before.ended:
        return replace(escort, end=before.end, ended=before.ended, because=before.because)
    return escort


def _timed(escort: Escort, times: Mapping[str, int]) -> Escort:
    named = {point for point, _ in escort.points}
    more = tuple((point, due) for point, due in times.items() if point not in named)
    return replace(escort, points=(*((point, times.get(point)) for point, _ in escort.points), *more))


def _reported(entry: Entry, record: GuardRecord | None) -> Passing:
    said = entry.fields
    if record is not None:  # an officer said which movement a guard saw: time and counts are the guard's
        return replace(_recorded(record), source=f"{record.id}, assigned: {entry.source}")
    return Passing(entry.at, said["vehicles"], said["count"], entry.source, said["record"] or "", reported=True)


def _recorded(record: GuardRecord) -> Passing:
    people = record.heads or None
    return Passing(record.at, record.said.number("vehicles"), people, record.id, record.id, reported=False)


def _course(escort: Escort, passed: Mapping[tuple[str, str], Sequence[Passing]], now: int) -> Course:
    legs = tuple(
        Leg(point, due, tuple(sorted(passed.get((escort.movement, point), ()), key=lambda one: one.at)))
        for point, due in escort.points
    )
    if escort.end:
        return Course(escort, legs, escort.end)
    last = max((place for place, leg in enumerate(legs) if leg.passings), default=-1)
    for leg in legs[last + 1 :]:
        if leg.due is not None and leg.due <= now:
            return Course(escort, legs, "overdue", leg.point, leg.due)
    if escort.due <= now:
        return Course(escort, legs, "overdue", "", escort.due)
    return Course(escort, legs, "planned" if last < 0 else "under-way")
