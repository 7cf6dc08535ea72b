"""`safeconduct movement`: escorts, route clearances, small help; who controls an area and whose consent a way needs."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any

import typer

from safeconduct.agreements.fields import moment
from safeconduct.cli.movement_words import area_lines, escort_lines, help_lines, route_lines, way_lines
from safeconduct.cli.speak import HERE, Json, NodeDir, commands, opened, refuse, tell
from safeconduct.errors import BadInput, Refusal
from safeconduct.workflows.area_control import plan_route, read_areas, read_ways, record_control, way_through
from safeconduct.workflows.clear_route import Reported, report_clearance, say_clearance
from safeconduct.workflows.count_help import count_help
from safeconduct.workflows.file_escort import EscortPlan, Seen, end_escort, file_escort, pass_point, point_times
from safeconduct.workflows.ports import Node
from safeconduct.workflows.read_escorts import read_escorts
from safeconduct.workflows.show_movements import read_routes

app = commands("Escorts, cleared routes, small help, who controls an area and whose consent a way needs.")
Movement = Annotated[str, typer.Argument(help="id of the movement, your own name for it")]
Route = Annotated[str, typer.Argument(help="id of the route, the same at both parties")]
Source = Annotated[str, typer.Option(help="who or what says so, by office")]
At = Annotated[str | None, typer.Option(help="when it was, 2021-08-31T19:29:00Z (now by default)")]
Until = Annotated[str | None, typer.Option(help="until when the way is clear, 2021-08-31T19:29:00Z")]
Purpose = Annotated[str | None, typer.Option(help="a common purpose of the agreement, by its id")]
Text = Annotated[str, typer.Option(help="what else there is to say")]
Vehicles = Annotated[int | None, typer.Option(help="how many vehicles")]
People = Annotated[int | None, typer.Option(help="how many people")]
Reporter = Annotated[
    str, typer.Option("--reported", help="party whose word our liaison reports, unsigned; nothing is sent")
]


@app.command("list")
def list_(
    overdue: Annotated[bool, typer.Option("--overdue", help="only what is overdue")] = False,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """List escorted movements with the points that they passed, and guards' records that belong to none for certain."""
    with opened(node) as here, here.store.reading() as tx:
        view = read_escorts(here, tx)
    shown = [one for one in view.escorts if one.state == "overdue" or not overdue]
    loose = () if overdue else view.loose
    lines = escort_lines(shown, loose) or ["nothing is overdue" if overdue else "no escort is filed"]
    tell({"escorts": [asdict(one) for one in shown], "records_of_no_movement": [asdict(one) for one in loose]},
         as_json=as_json, text="\n".join(lines))  # fmt: skip


@app.command()
def escort(  # noqa: PLR0917  (one option for each thing that is filed of a movement)
    movement: Movement,
    by: Annotated[str, typer.Option(help="party that escorts")],
    point: Annotated[list[str], typer.Option(help="POINT=TIME in the order of the way, or POINT alone; repeat it")],
    due: Annotated[str, typer.Option(help="when it is to arrive, 2021-08-31T19:29:00Z")],
    source: Source,
    vehicles: Vehicles = None,
    people: People = None,
    hedge: Annotated[str | None, typer.Option(help="words that stand for the number of people")] = None,
    at: At = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """File an escorted movement, or a new word of it; guards' records at its points are matched to it."""
    plan = EscortPlan(movement, by, point_times(tuple(point)), moment(due, where="--due"), vehicles, people, hedge)
    _told(node, lambda here: file_escort(here, plan, source=source, at=_when(at)), as_json=as_json)


@app.command()
def passed(
    movement: Movement,
    point: Annotated[str, typer.Argument(help="control point")],
    source: Source,
    vehicles: Vehicles = None,
    people: People = None,
    record: Annotated[str | None, typer.Option(help="id of a guard's record that is this movement, see `list`")] = None,
    at: At = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Record that a movement passed a point, as somebody reports; or which movement a guard saw."""
    seen = Seen(movement, point, vehicles, people, record)
    _told(node, lambda here: pass_point(here, seen, source=source, at=_when(at)), as_json=as_json)


@app.command()
def end(
    movement: Movement,
    how: Annotated[str, typer.Argument(help="arrived, or called-off")],
    source: Source,
    because: Annotated[str | None, typer.Option(help="why")] = None,
    at: At = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Record that a movement arrived, or was called off."""
    _told(node, lambda here: end_escort(here, movement, how, source=source, because=because, at=_when(at)),
          as_json=as_json)  # fmt: skip


@app.command()
def clearance(  # noqa: PLR0917  (one option for each thing that is said of a route)
    route: Route,
    step: Annotated[str, typer.Argument(help="asked, confirmed, refused or closed")],
    until: Until = None,
    purpose: Purpose = None,
    text: Text = "",
    reported: Reporter = "",
    source: Source = "",
    at: At = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Ask to have a route cleared, answer, or close it: signed and sent; or record what a party said, unsigned."""
    over = moment(until, where="--until") if until else None

    def act(here: Node) -> object:
        if not reported:
            if at or source:
                raise BadInput("bad-field", where="--source, --at", expected="with --reported only", seen=source or at)
            return say_clearance(here, step, route, until=over, purpose=purpose, text=text)
        told = Reported(step, reported, source, _when(at))
        return report_clearance(here, told, route, until=over, because=text or None)

    _told(node, act, as_json=as_json)


@app.command()
def routes(
    over: Annotated[bool, typer.Option("--over", help="only those whose time is over and that nobody closed")] = False,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """List routes: how the clearance of each stands, what was said of it, and whether it has lapsed."""
    with opened(node) as here, here.store.reading() as tx:
        found = [one for one in read_routes(here, tx) if not over or one.state in {"lapsed", "unanswered"}]
    text = "\n".join(line for one in found for line in route_lines(one))
    nothing = "no clearance is over" if over else "no route is asked for or planned"
    tell({"routes": [asdict(one) for one in found]}, as_json=as_json, text=text or nothing)


@app.command()
def way(
    route: Annotated[str | None, typer.Argument(help="a planned route; without one, all of them")] = None,
    place: Annotated[
        list[str] | None, typer.Option(help="instead: an area or control point; repeat it in order")
    ] = None,
    at: Annotated[str | None, typer.Option(help="for when, 2021-08-31T19:29:00Z (now by default)")] = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """List whose consent a way needs, place by place, and where control is disputed or not known."""
    with opened(node) as here, here.store.reading() as tx:
        if place:
            found = [way_through(here, tx, place, at=_when(at))]
        else:
            found = [one for one in read_ways(here, tx, _when(at)) if route in (None, one.route)]
    if route and not found:
        raise BadInput("bad-field", where="route", expected="a planned route, see `movement routes`", seen=route)
    text = "\n".join(line for one in found for line in way_lines(one))
    tell({"ways": [asdict(one) for one in found]}, as_json=as_json, text=text or "no route is planned")


@app.command("plan-way")
def plan_way(
    route: Route,
    place: Annotated[list[str], typer.Option(help="an area or control point; repeat it in the order of the way")],
    source: Source,
    at: At = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Record the areas and control points that a route leads through; the newest plan of a route stands."""
    _told(node, lambda here: plan_route(here, route, place, source=source, at=_when(at)), as_json=as_json)


@app.command()
def control(
    area: Annotated[str, typer.Argument(help="the area, in words, or a control point")],
    grade: Annotated[str, typer.Option(help="of source and word by the Admiralty code, such as B2")],
    source: Source,
    party: Annotated[list[str] | None, typer.Option(help="who holds it; none: not known; several: disputed")] = None,
    at: Annotated[str | None, typer.Option(help="from when on, 2021-08-31T19:29:00Z (now by default)")] = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Record who controls an area from a time on, as a graded source says."""
    _told(node, lambda here: record_control(here, area, party or (), grade, source=source, at=_when(at)),
          as_json=as_json)  # fmt: skip


@app.command()
def areas(
    at: Annotated[str | None, typer.Option(help="as it stood then, 2021-08-31T19:29:00Z (now by default)")] = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """List who controls each area and control point, since when, by whose word and grade, and how it was before."""
    with opened(node) as here, here.store.reading() as tx:
        found = read_areas(here, tx, _when(at))
    text = "\n".join(line for one in found for line in area_lines(one))
    tell({"areas": [asdict(one) for one in found]}, as_json=as_json, text=text or "nothing is recorded of any area")


@app.command()
def assistance(node: NodeDir = HERE, as_json: Json = False) -> None:
    """Count small help by control point, holder, party and kind, and the bags of each group as far as the gate."""
    with opened(node) as here:
        view = count_help(here)
    tell(asdict(view), as_json=as_json, text="\n".join(help_lines(view)) or "no small help is recorded")


def _told(folder: Any, act: Callable[[Node], object], *, as_json: bool) -> None:
    with opened(folder) as here:
        made = act(here)
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    told = asdict(made)  # type: ignore[call-overload]
    tell(told, as_json=as_json, text=f"logged as entry {told['ledger_index']}")


def _when(at: str | None) -> int | None:
    return moment(at, where="--at") if at else None
