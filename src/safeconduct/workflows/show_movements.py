"""The page of movements: escorts, route clearances, ways and their consents, small help, control of areas."""

from dataclasses import dataclass

from safeconduct.agreements.fields import iso
from safeconduct.movement.guard_notes import ROUTE
from safeconduct.workflows.area_control import AreaView, WayView, read_areas, read_ways
from safeconduct.workflows.clear_route import OVER, read_clearances
from safeconduct.workflows.common import in_force, state_now
from safeconduct.workflows.count_help import HelpView, help_of
from safeconduct.workflows.guard_records import guard_records
from safeconduct.workflows.ports import Node
from safeconduct.workflows.read_escorts import EscortsView, read_escorts
from safeconduct.workflows.read_gates import ByWhomView, read_by_whom
from safeconduct.workflows.tables import Tx


@dataclass(frozen=True, slots=True)
class StepView:
    """One word about a route: who asked, confirmed, refused or closed it, and whether a signature stands behind it."""

    step: str
    by: str
    at: str
    until: str | None
    text: str
    signed: bool
    source: str
    ledger_index: int


@dataclass(frozen=True, slots=True)
class RouteView:
    """One route: how its clearance stands, what was said of it (the newest first), and what this party can do next."""

    route: str
    state: str  # asked, confirmed, refused, closed, unanswered, lapsed; planned: nobody asked yet
    until: str | None
    steps: tuple[StepView, ...]
    may: tuple[str, ...]  # steps that this party can sign: asked, confirmed, refused, closed
    way: WayView | None


@dataclass(frozen=True, slots=True)
class RoadView:
    """What guards last said of the way to their point."""

    point: str
    name: str
    word: str  # cleared or blocked
    at: str
    text: str


@dataclass(frozen=True, slots=True)
class MovementsView:
    """All of it, as this node has it."""

    now: str
    party: str
    partner: str
    names: tuple[tuple[str, str], ...]  # (id, name) of both parties
    points: tuple[tuple[str, str], ...]  # (id, name) of the control points
    purposes: tuple[tuple[str, str], ...]
    state: str  # of the agreement; none: there is none
    escorts: EscortsView
    routes: tuple[RouteView, ...]
    roads: tuple[RoadView, ...]
    help: HelpView
    harm: tuple[ByWhomView, ...]
    areas: tuple[AreaView, ...]

    @property
    def needs(self) -> tuple[tuple[str, str], ...]:
        """Return (place on the page, line) of what waits for the officer."""
        late = [("escorts", one.line) for one in self.escorts.escorts if one.line]
        over = [("routes", f"route {one.route}: {OVER[one.state]}") for one in self.routes if one.state in OVER]
        theirs = [
            ("routes", f"route {one.route}: they ask you to clear it") for one in self.routes if "confirmed" in one.may
        ]
        return (*late, *over, *theirs)


_OPEN = ("asked", "confirmed", "unanswered", "lapsed")


def show_movements(node: Node) -> MovementsView:
    """Return the page's view from stored state."""
    now = node.clock.now()
    with node.store.reading() as tx:
        found = in_force(tx)
        agreement = found[0] if found else None
        other = agreement.other(node.party) if agreement else None
        points = tuple((one.id, one.name) for one in agreement.control_points) if agreement else ()
        return MovementsView(
            now=iso(now),
            party=node.party,
            partner=other.id if other else "",
            names=tuple((one.id, one.name) for one in agreement.parties) if agreement else (),
            points=points,
            purposes=tuple(agreement.purposes.items()) if agreement else (),
            state=state_now(tx, agreement, now) if agreement else "none",
            escorts=read_escorts(node, tx),
            routes=read_routes(node, tx),
            roads=_roads(tx, dict(points)),
            help=help_of(tx),
            harm=read_by_whom(tx),
            areas=read_areas(node, tx),
        )


def read_routes(node: Node, tx: Tx) -> tuple[RouteView, ...]:
    """Return every route that anybody asked for, spoke of or planned; what is over or waits for an answer first."""
    ways = {way.route: way for way in read_ways(node, tx)}
    made = []
    for one in read_clearances(node, tx):
        steps = tuple(
            StepView(w.step, w.by, iso(w.at), None if w.until is None else iso(w.until), w.text, w.signed, w.source,
                     w.ledger_index)
            for w in reversed(one.words)
        )  # fmt: skip
        asked = one.asked
        answer = ("confirmed", "refused") if one.state == "asked" and asked and asked.by != node.party else ()
        close = ("closed",) if one.state in _OPEN else ("asked",)
        until = None if one.until is None else iso(one.until)
        made.append(RouteView(one.route, one.state, until, steps, (*answer, *close), ways.pop(one.route, None)))
    made += [RouteView(route, "planned", None, (), ("asked",), way) for route, way in ways.items()]
    order = ("lapsed", "unanswered", "asked", "confirmed", "planned", "refused", "closed")
    return tuple(sorted(made, key=lambda one: (order.index(one.state), one.route)))


def _roads(tx: Tx, names: dict[str, str]) -> tuple[RoadView, ...]:
    newest = {one.point: one for one in guard_records(tx, ROUTE)}
    return tuple(
        RoadView(one.point, names.get(one.point, one.point), one.said.values["route"], iso(one.at), one.said.text)
        for one in newest.values()
    )
