"""Escorted movements as they stand: what was filed, what guards and callers say passed where, what is overdue."""

from dataclasses import dataclass

from safeconduct.agreements.agreement import Agreement, holder_at
from safeconduct.agreements.fields import iso
from safeconduct.movement.escorts import Course, Escort, Leg, Loose, courses, escorts_of
from safeconduct.movement.guard_notes import ESCORT
from safeconduct.workflows.common import in_force
from safeconduct.workflows.guard_records import guard_records, last_heard
from safeconduct.workflows.held_entries import held_entries
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx

SHOWN_LOOSE = 50  # newest records that belong to no one movement


@dataclass(frozen=True, slots=True)
class PassingView:
    """One word that a movement passed a point."""

    at: str  # ISO time
    vehicles: int | None
    people: int | None
    source: str
    reported: bool  # filed by hand, not by a guard's device


@dataclass(frozen=True, slots=True)
class LegView:
    """One point of a movement: when it was due, what is recorded there, and when anything was heard from there."""

    point: str
    name: str
    holder: str  # party that held it when it was due, or now; empty: nobody
    due: str | None
    late: bool  # it should have been passed, and nothing says so
    passings: tuple[PassingView, ...]
    last_heard: str | None


@dataclass(frozen=True, slots=True)
class EscortView:
    """One escorted movement as it stands."""

    movement: str
    id: str  # of the entry
    by: str
    state: str  # planned, under-way, overdue, arrived, called-off
    vehicles: int | None
    people: int | None
    hedge: str
    legs: tuple[LegView, ...]
    due: str  # ISO time of the planned arrival
    ended: str | None
    because: str
    source: str
    line: str  # what is overdue, in one line; empty: nothing


@dataclass(frozen=True, slots=True)
class LooseView:
    """A guard's record of an escort that nobody filed, or that could be one of several."""

    record: str
    point: str
    name: str
    at: str
    vehicles: int
    people: int
    text: str
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EscortsView:
    """All movements, what is overdue first, and the records that belong to none for certain, the newest first."""

    escorts: tuple[EscortView, ...]
    loose: tuple[LooseView, ...]


_FIRST = ("overdue", "under-way", "planned", "arrived", "called-off")


def read_escorts(node: Node, tx: Tx) -> EscortsView:
    """Return all movements from stored entries and opened device logs."""
    found = in_force(tx)
    agreement = found[0] if found else None
    made, loose = _courses(node, tx)
    heard = last_heard(tx)
    now = node.clock.now()
    views = [_view(one, agreement, heard, now) for one in made]
    views.sort(key=lambda one: (_FIRST.index(one.state), one.ended is not None, one.due))
    newest = sorted(loose, key=lambda one: -one.record.at)[:SHOWN_LOOSE]
    return EscortsView(tuple(views), tuple(_loose(one, agreement) for one in newest))


def overdue_courses(node: Node, tx: Tx) -> tuple[tuple[str, int, str], ...]:
    """Return (line, since when, entry) of each movement that should have passed a point, or arrived, and has not."""
    found = in_force(tx)
    agreement = found[0] if found else None
    open_still = [one for one in escorts_of(held_entries(tx)) if not one.end]
    if not open_still:  # asked at each look at the room: device logs are read only where a movement is on its way
        return ()
    made, _ = _courses(node, tx)
    heard = last_heard(tx)
    return tuple(
        (_line(one, agreement, heard), one.since, one.escort.id) for one in made if one.since is not None
    )  # fmt: skip


def movement_named(tx: Tx, movement: str) -> Escort | None:
    """Return what was filed of a movement, if anything was."""
    return next((one for one in escorts_of(held_entries(tx)) if one.movement == movement), None)


def _courses(node: Node, tx: Tx) -> tuple[tuple[Course, ...], tuple[Loose, ...]]:
    entries = held_entries(tx)
    return courses(escorts_of(entries), guard_records(tx, ESCORT), entries, node.clock.now())


def _line(one: Course, agreement: Agreement | None, heard: dict[str, int]) -> str:
    name = one.escort.movement
    if not one.late:
        last = next((leg for leg in reversed(one.legs) if leg.passings), None)
        seen = f"; it passed {_name(agreement, last.point)} at {_clock(last.passings[0].at)}" if last else ""
        return f"escort {name} should have arrived{seen}"
    silent = "" if one.late in heard else ", and no record has come from there"
    return f"escort {name} should have passed {_name(agreement, one.late)} at {_clock(one.since or 0)}{silent}"


def _view(one: Course, agreement: Agreement | None, heard: dict[str, int], now: int) -> EscortView:
    filed = one.escort
    line = _line(one, agreement, heard) if one.since is not None else ""
    legs = tuple(_leg(leg, one, agreement, heard, now) for leg in one.legs)
    return EscortView(
        filed.movement, filed.id, filed.by, one.state, filed.vehicles, filed.people, filed.hedge, legs, iso(filed.due),
        None if filed.ended is None else iso(filed.ended), filed.because, filed.source, line,
    )  # fmt: skip


def _leg(leg: Leg, course: Course, agreement: Agreement | None, heard: dict[str, int], now: int) -> LegView:
    passings = tuple(PassingView(iso(p.at), p.vehicles, p.people, p.source, p.reported) for p in leg.passings)
    when = (passings and leg.passings[0].at) or leg.due or now
    holder = (holder_at(agreement, leg.point, when) if agreement else None) or ""
    return LegView(
        leg.point, _name(agreement, leg.point), holder, None if leg.due is None else iso(leg.due),
        course.since is not None and leg.point == course.late, passings,
        iso(heard[leg.point]) if leg.point in heard else None,
    )  # fmt: skip


def _loose(one: Loose, agreement: Agreement | None) -> LooseView:
    record = one.record
    return LooseView(
        record.id, record.point, _name(agreement, record.point), iso(record.at), record.said.number("vehicles"),
        record.heads, record.said.text, one.candidates,
    )  # fmt: skip


def _name(agreement: Agreement | None, point: str) -> str:
    term = agreement.point(point) if agreement else None
    return term.name if term else point


def _clock(at: int) -> str:
    return iso(at)[11:16]
