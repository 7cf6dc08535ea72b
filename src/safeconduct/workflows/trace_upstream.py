"""Which control points lie upstream of an incident at a gate: a hypothesis with a status, never a finding (S-19)."""

import json
from dataclasses import dataclass

from safeconduct.agreements.agreement import Agreement, holder_at
from safeconduct.agreements.fields import iso, moment
from safeconduct.errors import BadInput, SafeconductError
from safeconduct.incidents.dates import first_day, last_day
from safeconduct.incidents.reading import read_incident
from safeconduct.workflows.common import require_agreement
from safeconduct.workflows.read_entries import list_entries
from safeconduct.workflows.tables import Tx

HOURS = 12  # before the incident, unless another window is asked for
OPEN = "open"


@dataclass(frozen=True, slots=True)
class Upstream:
    """One control point through which somebody could have come, with what devices recorded there."""

    point: str
    name: str
    holders: tuple[str, ...]  # names of the parties that held it within the window, one after the other
    passages: int  # recorded ones
    people: int
    silent: bool  # no event at all reached this node from there in the window: nothing is known, which is not zero
    status: str  # of the hypothesis: open, supported, contested, dropped
    because: str


@dataclass(frozen=True, slots=True)
class Trace:
    """The upstream points of an incident."""

    incident: str
    gate: str
    since: str  # ISO time
    until: str
    points: tuple[Upstream, ...]

    @property
    def words(self) -> str:
        """What this is, and what it is not."""
        return "A hypothesis: recorded passages show what was possible, not what happened or who let it."


def trace_upstream(tx: Tx, incident_id: str, *, gate: str | None = None, hours: int = HOURS) -> Trace:
    """Return the outer control points, who held them, and how many passages were recorded there.

    Args:
        tx: a reading.
        incident_id: which.
        gate: id of the gate; None: the one whose id or name is the incident's place.
        hours: how long before the incident's first day begins the window; it ends with its last day.

    Raises:
        SafeconductError: `no-incident`, `no-agreement`.
        BadInput: `unknown-gate`, `bad-field`.
    """
    body = tx.records.held("incidents", [incident_id]).get(incident_id)
    if body is None:
        raise SafeconductError("no-incident", f"no incident {incident_id} is recorded")
    if not 0 <= hours <= 24 * 31:
        raise BadInput("bad-field", where="hours", expected="0 to 744", seen=hours)
    incident, agreement = read_incident(json.loads(body)), require_agreement(tx)
    place = gate or incident.place
    gates = [point for point in agreement.control_points if point.ring == "gate"]
    found = next((point for point in gates if place.casefold() in (point.id.casefold(), point.name.casefold())), None)
    if found is None:
        expected = "one of " + ", ".join(point.id for point in gates)
        raise BadInput("unknown-gate", where="gate", expected=expected, seen=place)
    since = moment(f"{first_day(incident.date)}T00:00:00Z") - hours * 3_600
    until = moment(f"{last_day(incident.date)}T23:59:59Z")
    counted = {point: (uses, people, events) for point, uses, people, events in tx.devices.passages(since, until)}
    stands = _standing(tx, incident_id)
    points = []
    for point in agreement.control_points:
        if point.ring == "outer":
            uses, people, events = counted.get(point.id, (0, 0, 0))
            status, because = stands.get(point.id, (OPEN, ""))
            holders = _holders(agreement, point.id, since, until)
            points.append(Upstream(point.id, point.name, holders, uses, people, not events, status, because))
    return Trace(incident_id, found.id, iso(since), iso(until), tuple(points))


def _standing(tx: Tx, incident: str) -> dict[str, tuple[str, str]]:
    """Return for each point the newest status of its hypothesis, and why."""
    views = [view.entry.fields for view in list_entries(tx, "upstream-passage")]
    return {one["point"]: (one["status"], one["because"]) for one in views if one["incident"] == incident}


def _holders(agreement: Agreement, point: str, since: int, until: int) -> tuple[str, ...]:
    names = {party.id: party.name for party in agreement.parties}
    term = agreement.point(point)
    turns = sorted(
        {since, *(moment(h.start) for h in term.holders if since < moment(h.start) <= until)} if term else ()
    )
    held = (holder_at(agreement, point, at) for at in turns)
    return tuple(dict.fromkeys(names[party] if party else "nobody" for party in held))
