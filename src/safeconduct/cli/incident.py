"""`safeconduct incident`: what is claimed, by whom, and what became of it."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.speak import HERE, Json, NodeDir, commands, opened, read_file, tell
from safeconduct.web.pages.wording import step_words
from safeconduct.workflows.read_account import read_account
from safeconduct.workflows.record_incident import record_incident
from safeconduct.workflows.room_view import CaseView, MisfitView

app = commands("Incidents: every figure with its claimant, date and source; nothing overwritten.")


@app.command()
def add(
    file: Annotated[Path, typer.Argument(help="incidents, sources, claims, relations and cases as JSON")],
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
    lines += [f"  does not fit: {_misfit(m)}" for m in view.misfits]
    lines += [f"  {f.label}: {f.words}{' (disputed)' if f.disputed else ''}" for f in view.figures]
    lines += [line for case in view.cases for line in _case(case)]
    lines += [f"  {t.date}  {t.text} — {t.claimant} [{t.status}; {t.source}]" for t in view.timeline]
    tell(asdict(view), as_json=as_json, text="\n".join(lines))


def _misfit(misfit: MisfitView) -> str:
    subject = f"{misfit.meant} {misfit.subject}" if misfit.meant else misfit.subject
    return f"{subject}: {misfit.text} [{', '.join(misfit.claims)}]"


def _case(case: CaseView) -> list[str]:
    lines = [f"  case against {case.against}: {'open' if case.open else 'closed'}"]
    lines += [f"    amends{f', {a.to}' if a.to else ''}: {a.words}" for a in case.amends]
    for step in case.steps:
        to = f", to {step.to}" if step.to else ""
        reported = f", reported by {step.reported_by}" if step.reported_by else ""
        unconfirmed = f"; unconfirmed: {step.unconfirmed}" if step.unconfirmed else ""
        said = f"{step_words(step)} by {step.by}{to}{reported}{unconfirmed}"
        lines.append(f"    {step.date}  {said} [{step.claim}: {step.claim_status}]")
    return lines
