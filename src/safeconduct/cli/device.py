"""`safeconduct device`: enrol phones by a code, see how far their logs have come, take in what they saved."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.agreements.fields import iso
from safeconduct.cli.operator import AT_KEYBOARD, By, acting_as
from safeconduct.cli.speak import HERE, Json, NodeDir, commands, opened, read_file, refuse, tell
from safeconduct.errors import Refusal
from safeconduct.workflows.bring_events import bring_events
from safeconduct.workflows.invite_device import decide_invitation, invite_device
from safeconduct.workflows.show_devices import show_devices

app = commands("Phones that scan: enrolled by a code, with a log of their own.")
Asked = Annotated[str, typer.Argument(help="the invitation, as `device list` shows it")]


@app.command("list")
def list_devices(node: NodeDir = HERE, as_json: Json = False) -> None:
    """List devices with the state of their logs, and phones that wait for approval with their six digits."""
    with opened(node) as here:
        view = show_devices(here)
    lines = [f"waits: {one.device} at {one.point}, number {one.number}, invitation {one.id}" for one in view.waiting]
    for one in view.devices:
        newest = iso(one.last_at) if one.last_at else "none yet"
        lines.append(f"{one.id:<20} {one.point:<16} part {one.epoch}, {one.upto:,} events, newest {newest}")
        lines += [f"  gap: part {gap.epoch} ended at event {gap.upto}, enrolled anew {iso(gap.at)}" for gap in one.gaps]
    tell(asdict(view), as_json=as_json, text="\n".join(lines) or "no device yet")


@app.command()
def invite(
    device: Annotated[str, typer.Argument(help="name of the device")],
    point: Annotated[str, typer.Argument(help="its control point")],
    anew: Annotated[bool, typer.Option("--anew", help="it was enrolled before and has lost its storage")] = False,
    by: By = AT_KEYBOARD,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Make a code for a phone; it is shown once, and typed into the scanner page at /scan/."""
    with opened(node) as here:
        made = invite_device(here, device, point, by=acting_as(here, by), anew=anew)
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    code, invitation = made
    text = f"code {code}\nfor {device} at {point}, until {iso(invitation.expires)}; invitation {invitation.id}"
    tell({"code": code, **asdict(invitation)}, as_json=as_json, text=text)


@app.command()
def approve(invitation: Asked, by: By = AT_KEYBOARD, node: NodeDir = HERE, as_json: Json = False) -> None:
    """Enrol the phone that claimed a code, once its holder has read out the same six digits."""
    _decide(invitation, by, node, approve_it=True, as_json=as_json)


@app.command()
def reject(invitation: Asked, by: By = AT_KEYBOARD, node: NodeDir = HERE, as_json: Json = False) -> None:
    """Refuse the phone that claimed a code."""
    _decide(invitation, by, node, approve_it=False, as_json=as_json)


def _decide(invitation: str, by: str, node: Path, *, approve_it: bool, as_json: bool) -> None:
    with opened(node) as here:
        made = decide_invitation(here, invitation, approve=approve_it, by=acting_as(here, by))
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    tell(asdict(made), as_json=as_json, text=f"{made.device} is {made.state}")


@app.command()
def bring(
    file: Annotated[Path, typer.Argument(help="a file of events that a phone saved")],
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Take in a file of events from a phone without a network; what came twice counts once."""
    with opened(node) as here:
        brought, _ = bring_events(here, read_file(file))
    lines = [
        f"{one.device} part {one.epoch}, events {one.first} to {one.last}: {one.refusal or 'taken in'}"
        for one in brought
    ]
    told = [{**asdict(one), "refusal": one.refusal.code if one.refusal else None} for one in brought]
    tell({"segments": told}, as_json=as_json, text="\n".join(lines) or "the file holds no events")
