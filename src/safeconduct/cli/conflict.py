"""`safeconduct conflict`: where device logs contradict each other, and what an officer decides about it."""

from dataclasses import asdict
from typing import Annotated

import typer

from safeconduct.agreements.fields import iso
from safeconduct.cli.operator import AT_KEYBOARD, By, acting_as
from safeconduct.cli.speak import HERE, Json, NodeDir, commands, opened, refuse, tell
from safeconduct.errors import Refusal
from safeconduct.gate.resolve import OUTCOMES, REOPENED
from safeconduct.workflows.count_passage import count_by_issuer
from safeconduct.workflows.resolve_conflict import join_passes, resolve_conflict
from safeconduct.workflows.show_conflicts import ConflictView, Place, show_conflicts

app = commands("Where device logs contradict each other: show, decide, open again, count.")
Id = Annotated[str, typer.Argument(help="the conflict, as `conflict list` shows it")]
Reason = Annotated[str, typer.Option(help="how that is known, for the record")]
ALL_OUTCOMES = ", ".join(sorted({name for known in OUTCOMES.values() for name in known} | {REOPENED}))


@app.command("list")
def list_(node: NodeDir = HERE, as_json: Json = False) -> None:
    """List conflicts, those that wait for a decision first."""
    with opened(node) as here:
        view = show_conflicts(here)
    lines = [f"WAITS    {one.id}  {one.what}" for one in view.open]
    lines += [f"decided  {one.id}  {one.what}" for one in view.settled]
    tell(asdict(view), as_json=as_json, text="\n".join(lines) or "no device log contradicts another")


@app.command()
def show(conflict: Id, node: NodeDir = HERE, as_json: Json = False) -> None:
    """Show one conflict: every place with its times, what was decided, what can be."""
    with opened(node) as here:
        view = show_conflicts(here)
    found = next((one for one in (*view.open, *view.settled) if one.id == conflict), None)
    if found is None:
        refuse(Refusal("unknown-conflict", conflict), as_json=as_json)
    tell({**asdict(found), "outcomes": dict(OUTCOMES[found.kind])}, as_json=as_json, text="\n".join(_lines(found)))


def _lines(one: ConflictView) -> list[str]:
    lines = [f"{one.id}: {one.what}", *(f"  {_place(place)}" for place in one.places)]
    lines += [f"  {iso(d.at)} {d.resolution.by}: {d.resolution.outcome}: {d.resolution.reason}" for d in one.decided]
    return lines + [f"  can be decided: {name}: {what}" for name, what in OUTCOMES[one.kind].items()]


def _place(place: Place) -> str:
    at = iso(place.at) if place.at else "time not known"
    low, high = (iso(bound) if bound else "not known" for bound in (place.low, place.high))
    bounds = f"surely after {low}, before {high}"
    where = f"{place.name or 'place not known'} ({place.holder or 'holder not known'}), {place.device}"
    return f"{where}: {at}, {bounds}; {place.said}, {place.people} people"


@app.command()
def resolve(
    conflict: Id,
    outcome: Annotated[str, typer.Argument(help=f"what it was: {ALL_OUTCOMES}")],
    reason: Reason,
    by: By = AT_KEYBOARD,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Record a decision about a conflict, or open it again; nothing is deleted."""
    with opened(node) as here:
        made = resolve_conflict(here, conflict, outcome, reason=reason, by=acting_as(here, by))
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    tell(asdict(made), as_json=as_json, text=f"{made.conflict}: {made.outcome}, recorded by {made.by}")


@app.command()
def same(
    first: Annotated[str, typer.Argument(help="one pass, BATCH:INDEX as `conflict list --json` shows them")],
    second: Annotated[str, typer.Argument(help="the other one")],
    reason: Reason,
    by: By = AT_KEYBOARD,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Record that the same people used two passes, as of two issuers: jointly they count once."""
    with opened(node) as here:
        refused = join_passes(here, first, second, reason=reason, by=acting_as(here, by))
    if refused is not None:
        refuse(refused, as_json=as_json)
    tell({"joined": [first, second]}, as_json=as_json, text="counted once from now on")


@app.command()
def count(node: NodeDir = HERE, as_json: Json = False) -> None:
    """Count people through the gates by the party that issued their pass, and jointly, nobody twice."""
    with opened(node) as here:
        found = count_by_issuer(here)
    lines = [f"{issuer:<20} {people:>9,}" for issuer, people in found.count.by_issuer]
    lines += [f"{'jointly':<20} {found.count.jointly:>9,}"]
    if found.count.twice:
        lines.append(f"({found.count.twice:,} people are counted by two issuers)")
    if found.without_pass:
        lines.append(f"({found.without_pass:,} more came in on a guard's decision without a pass)")
    tell(asdict(found), as_json=as_json, text="\n".join(lines))
