"""`safeconduct incident`: what is claimed, by whom, and what became of it."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.speak import HERE, Json, NodeDir, opened, read_file, tell
from safeconduct.workflows.read_account import read_account
from safeconduct.workflows.record_incident import record_incident

app = typer.Typer(
    help="Incidents: every figure with its claimant, date and source; nothing overwritten.", no_args_is_help=True
)


@app.command()
def add(
    file: Annotated[Path, typer.Argument(help="incidents, sources, claims and relations as JSON")],
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Record claims; what is recorded already stays as it is."""
    with opened(node) as here:
        made = record_incident(here, read_file(file))
    tell(asdict(made), as_json=as_json, text=f"{made.claims} new claims, {made.others} other new records")


@app.command()
def account(
    incident: Annotated[str, typer.Argument(help="id of the incident")],
    known_at: Annotated[str | None, typer.Option(help="as known at this day, YYYY-MM-DD")] = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Show what is claimed of an incident, as known at a day."""
    with opened(node) as here, here.store.reading() as tx:
        view = read_account(tx, incident, known_at=known_at)
    lines = [f"{view.title}, as known at {view.known_at}"]
    lines += [f"  {f.label}: {f.words}{' (disputed)' if f.disputed else ''}" for f in view.figures]
    lines += [f"  {t.date}  {t.text} — {t.claimant} [{t.status}; {t.source}]" for t in view.timeline]
    tell(asdict(view), as_json=as_json, text="\n".join(lines))
