"""`safeconduct threat`: the standing threat level, crowds, places, and what guards get of it all."""

from dataclasses import asdict
from typing import Annotated

import typer

from safeconduct.agreements.fields import moment
from safeconduct.alerts.sites import Site
from safeconduct.alerts.sites import to_json as site_json
from safeconduct.alerts.standing import GUARD_ADVICE, LEVELS
from safeconduct.cli.speak import HERE, Json, NodeDir, commands, opened, refuse, tell
from safeconduct.errors import BadInput, Refusal
from safeconduct.workflows.gate_advice import note_told, register_site, report_crowd
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.show_threat import GateView, SiteView, show_threat
from safeconduct.workflows.standing_level import history as all_levels
from safeconduct.workflows.standing_level import set_level

app = commands("The standing threat level, crowds and warnings at each gate, and what guards get of it.")
OFFICE = "duty officer"
HOUR = 3_600


@app.command("set")
def set_(
    level: Annotated[str, typer.Argument(help=", ".join(LEVELS))],
    *,
    advice: Annotated[list[str], typer.Option(help="advice to guards, repeat it: " + ", ".join(GUARD_ADVICE))],
    reasons: Annotated[str, typer.Option(help="why, for this room only")],
    hours: Annotated[int, typer.Option(help="for how long")] = 24,
    until: Annotated[str | None, typer.Option(help="instead of hours: 2021-08-27T06:00:00Z")] = None,
    by: Annotated[str, typer.Option(help="the office that sets it")] = OFFICE,
    publish: Annotated[bool, typer.Option("--publish", help="send it to the gates now, with a new bundle")] = False,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Set the standing threat level; guards get level, advice and end, never the author or the reasons."""
    with opened(node) as here:
        ends = here.clock.now() + hours * HOUR if until is None else moment(until, where="until")
        made = set_level(here, level=level, advice=tuple(advice), by=by, reasons=reasons, until=ends)
        bundle = publish_bundle(here) if publish else None
    sent = f"; sent with bundle {bundle}" if bundle is not None else "; it goes with the next bundle"
    tell({**asdict(made), "bundle": bundle}, as_json=as_json, text=f"{made.level} until {made.until}{sent}")


@app.command()
def show(node: NodeDir = HERE, as_json: Json = False) -> None:
    """Show the level in force, crowd, warnings and advice at each gate, and what guards read."""
    with opened(node) as here:
        view = show_threat(here)
    level = f"{view.level.level} until {view.level.until}" if view.level else "no level is in force"
    lines = [f"threat level: {level}", *(line for gate in view.gates for line in _gate(gate))]
    lines += [line for site in view.sites for line in _site(site)]
    lines += [f"guards read: {line}" for line in view.lines]
    if view.lines != view.carried:
        lines.append("the newest bundle does not say so yet: `safeconduct threat publish`")
    tell(asdict(view), as_json=as_json, text="\n".join(lines))


@app.command()
def history(node: NodeDir = HERE, as_json: Json = False) -> None:
    """List every level that was set, newest first, with its author and reasons."""
    with opened(node) as here:
        found = all_levels(here)
    text = "\n".join(f"{x.set_at} – {x.until}  {x.level:<9} {x.state:<9} {x.by}: {x.reasons}" for x in found)
    tell({"levels": [asdict(x) for x in found]}, as_json=as_json, text=text or "no level was set")


@app.command()
def publish(node: NodeDir = HERE, as_json: Json = False) -> None:
    """Send level, holds and warnings to the gates now, with a new bundle."""
    with opened(node) as here:
        made = publish_bundle(here)
    tell({"seq": made}, as_json=as_json, text=f"bundle {made} is signed and on its way")


@app.command()
def crowd(
    point: Annotated[str, typer.Argument(help="the control point")],
    level: Annotated[str, typer.Argument(help="clear, some, dense or crushing")],
    by: Annotated[str, typer.Option(help="the office that reports it")] = OFFICE,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Report how full it is at a control point."""
    with opened(node) as here:
        made = report_crowd(here, point, level, by)
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    tell({"ledger_index": made}, as_json=as_json, text=f"logged as entry {made}")


@app.command()
def place(
    name_id: Annotated[str, typer.Argument(metavar="ID", help="a short id; of a control point its own")],
    name: Annotated[str, typer.Argument(help="its name")],
    kind: Annotated[str, typer.Option(help="assembly, coordination or control-point")] = "assembly",
    at: Annotated[str | None, typer.Option(help="latitude,longitude in degrees: 34.2581,69.2105")] = None,
    near: Annotated[list[str] | None, typer.Option(help="control point=metres, repeat it")] = None,
    user: Annotated[list[str] | None, typer.Option(help="an office that uses it, repeat it; no names")] = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Register an assembly site with its users and its distance to gates, or say where a control point is."""
    lat, lon = _position(at)
    close = dict(_distance(text) for text in near or ())
    with opened(node) as here:
        made = register_site(here, site_json(Site(name_id, kind, name, lat, lon, close, tuple(user or ()))))
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    tell({"place": made.id}, as_json=as_json, text=f"{made.name} is registered")


@app.command()
def told(
    place_id: Annotated[str, typer.Argument(metavar="PLACE", help="the place")],
    release: Annotated[str, typer.Argument(help="the warning")],
    by: Annotated[str, typer.Option(help="the office that told them")] = OFFICE,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Record that those who use a place were told of a warning."""
    with opened(node) as here:
        made = note_told(here, place_id, release, by)
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    tell({"ledger_index": made}, as_json=as_json, text=f"logged as entry {made}")


def _position(text: str | None) -> tuple[int | None, int | None]:
    if text is None:
        return None, None
    try:
        lat, lon = (round(float(part) * 1_000_000) for part in text.split(","))
    except (ValueError, OverflowError):
        raise BadInput("bad-position", where="at", expected="latitude,longitude in degrees", seen=text) from None
    return lat, lon


def _distance(text: str) -> tuple[str, int]:
    point, _, metres = text.partition("=")
    if not (metres.isascii() and metres.isdigit() and len(metres) <= 6):
        raise BadInput("bad-field", where="near", expected="control point=metres", seen=text)
    return point, int(metres)


def _gate(gate: GateView) -> list[str]:
    crowd_words = f"crowd {gate.crowd} ({gate.crowd_at}, {gate.crowd_by})" if gate.crowd else "crowd not reported"
    stale = "" if gate.crowd_fresh or not gate.crowd else ", too old to count"
    hold = f"; HOLD ADVISED until {gate.hold_until}" if gate.hold else ""
    lines = [f"{gate.id:<18} {gate.state:<7} {crowd_words}{stale}{hold}"]
    return lines + [f"  warning {w.number}: {w.advice}{'' if w.active else ' (not yet)'}" for w in gate.warnings]


def _site(site: SiteView) -> list[str]:
    users = ", ".join(site.users) or "no users named"
    lines = [f"{site.id:<18} {site.name}, used by {users}"]
    return lines + [f"  warning {w.number}: {w.advice}; {f'told {w.told_at}' if w.told_at else 'not told yet'}"
                    for w in site.warnings]  # fmt: skip
