"""File an escorted movement, what passed where as somebody reports, and its end; nothing of it leaves this node."""

from collections.abc import Callable
from dataclasses import dataclass

from safeconduct.agreements.entries import Entry, make_entry
from safeconduct.agreements.fields import moment
from safeconduct.errors import BadInput, Refusal
from safeconduct.movement.escorts import Escort
from safeconduct.movement.guard_notes import ESCORT
from safeconduct.workflows.common import in_force
from safeconduct.workflows.guard_records import guard_records
from safeconduct.workflows.ports import Node
from safeconduct.workflows.read_escorts import movement_named
from safeconduct.workflows.record_entries import RecordedEntry, record_entry
from safeconduct.workflows.tables import Tx


@dataclass(frozen=True, slots=True)
class EscortPlan:
    """What is filed of a movement. `points` are control points in the order of the way, each with its planned time.

    Times are unix seconds; a point may have none. `people` is a number, or `hedge` the words that stood for one.
    """

    movement: str
    by: str  # party that escorts
    points: tuple[tuple[str, int | None], ...]
    due: int  # planned arrival
    vehicles: int | None = None
    people: int | None = None
    hedge: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A word that a movement passed a control point; `record` names the guard's record that it is, if it is one."""

    movement: str
    point: str
    vehicles: int | None = None
    people: int | None = None
    record: str | None = None


def file_escort(node: Node, plan: EscortPlan, *, source: str, at: int | None = None) -> RecordedEntry:
    """File a movement, or a new word of one: the newest stands, the earlier ones stay.

    Raises:
        BadInput: a field is malformed, a point is none of the agreement, stands twice, or is planned before the one
            ahead of it or after the arrival.
    """
    when = node.clock.now() if at is None else at
    _check_times(plan)
    fields = {
        "movement": plan.movement, "by": plan.by, "vehicles": plan.vehicles, "due": plan.due, "count": plan.people,
        "hedge": plan.hedge, "points": [point for point, _ in plan.points],
    }  # fmt: skip
    with node.store.transaction() as tx:
        for point, _ in plan.points:
            check_point(tx, point)
        made = record_entry(node, tx, make_entry("escort", fields, source, when))
        for point, due in plan.points:
            if due is not None:
                leg = {"of": made.id, "point": point, "due": due}
                record_entry(node, tx, make_entry("escort-point", leg, source, when))
    return made


def pass_point(node: Node, seen: Seen, *, source: str, at: int | None = None) -> RecordedEntry | Refusal:
    """Record that a movement passed a control point: as somebody reports, or which movement it was that a guard saw.

    Raises:
        BadInput: a field is malformed, the point is none of the agreement, or no guard's record has that id there.
    """
    when = node.clock.now() if at is None else at
    fields = {
        "movement": seen.movement, "point": seen.point, "vehicles": seen.vehicles, "count": seen.people,
        "record": seen.record,
    }  # fmt: skip

    def made(tx: Tx, _: Escort) -> Entry:
        check_point(tx, seen.point)
        known = {one.id for one in guard_records(tx, ESCORT) if one.point == seen.point} if seen.record else set()
        if seen.record and seen.record not in known:
            expected = f"the id of a guard's record of an escort at {seen.point}"
            raise BadInput("bad-reference", where="escort-passed.record", expected=expected, seen=seen.record)
        return make_entry("escort-passed", fields, source, when)

    return _about(node, seen.movement, made)


def end_escort(
    node: Node, movement: str, how: str, *, source: str, because: str | None = None, at: int | None = None
) -> RecordedEntry | Refusal:
    """Record that a movement arrived, or was called off; an ended one is refused.

    Args:
        node: this party's node.
        movement: which.
        how: arrived, or called-off.
        source: who or what says so.
        because: why it was called off, or a remark.
        at: when that was, unix seconds; now by default.

    Raises:
        BadInput: a field is malformed.
    """
    when = node.clock.now() if at is None else at
    fields = {"movement": movement, "how": how, "because": because}

    def made(_: Tx, escort: Escort) -> Entry | Refusal:
        if escort.end:
            return Refusal("movement-ended", escort.end)
        return make_entry("escort-ended", fields, source, when)

    return _about(node, movement, made)


def point_times(pairs: tuple[str, ...]) -> tuple[tuple[str, int | None], ...]:
    """Return (point, time) of texts such as `outer-1=2021-08-20T12:00:00Z`, or `outer-1` where none was planned.

    Raises:
        BadInput: `bad-field`, for what is no such time.
    """
    found = []
    for text in pairs:
        point, _, time = (part.strip() for part in text.partition("="))
        found.append((point, moment(time, where=f"escort.points.{point}") if time else None))
    return tuple(found)


def check_point(tx: Tx, point: str) -> None:
    """Refuse what is no control point of the agreement in force; without an agreement every name is taken.

    Raises:
        BadInput: `bad-field`.
    """
    found = in_force(tx)
    if found is not None and found[0].point(point) is None:
        expected = "one of " + ", ".join(one.id for one in found[0].control_points)
        raise BadInput("bad-field", where="escort.points", expected=expected, seen=point)


def _about(
    node: Node, movement: str, make: Callable[[Tx, Escort], Entry | Refusal]
) -> RecordedEntry | Refusal:  # fmt: skip
    with node.store.transaction() as tx:
        escort = movement_named(tx, movement)
        if escort is None:
            return Refusal("unknown-movement", movement)
        entry = make(tx, escort)
        return entry if isinstance(entry, Refusal) else record_entry(node, tx, entry)


def _check_times(plan: EscortPlan) -> None:
    before = 0
    for point, due in plan.points:
        if due is not None and not before <= due <= plan.due:
            expected = "points in the order of their times, the arrival last"
            raise BadInput("bad-field", where=f"escort.points.{point}", expected=expected, seen=due)
        before = due or before
