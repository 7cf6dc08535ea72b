"""`safeconduct incident`: what is claimed, by whom, and what became of it."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli import incident_keep, incident_read
from safeconduct.cli.speak import HERE, Json, NodeDir, commands, opened, read_file, tell, write_file
from safeconduct.incidents.figures import CONSERVATIVE
from safeconduct.web.pages.render import Page
from safeconduct.web.pages.report import stretch_of, write_report
from safeconduct.web.pages.wording import step_words
from safeconduct.workflows.account_view import Query
from safeconduct.workflows.export_account import read_full_account
from safeconduct.workflows.read_account import read_account
from safeconduct.workflows.record_incident import record_incident
from safeconduct.workflows.room_view import CaseView, MisfitView
from safeconduct.workflows.show_incidents import IncidentsView, ListedIncident, show_incidents

app = commands("Incidents: every figure with its claimant, date and source; nothing overwritten.")
incident_read.register(app)
incident_keep.register(app)


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


@app.command("list")
def list_incidents(
    known_at: Annotated[str | None, typer.Option(help="as known at this day, YYYY-MM-DD")] = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """List all incidents: what is known of each, and where its claims disagree."""
    with opened(node) as here, here.store.reading() as tx:
        view = show_incidents(tx, known_at=known_at)
    sums = view.sums
    first = (
        f"{len(view.incidents)} incidents, {sums.disputed} figures in dispute, {sums.withdrawn} withdrawn, "
        f"{sums.denied} denied or challenged, {sums.barred} kept from speaking"
    )
    lines = [first, *(line for one in view.incidents for line in _listed(one))]
    tell(_told(view), as_json=as_json, text="\n".join(lines))


@app.command()
def account(
    incident: Annotated[str, typer.Argument(help="id of the incident")],
    known_at: Annotated[str | None, typer.Option(help="as known at this day, YYYY-MM-DD")] = None,
    recorded_at: Annotated[str | None, typer.Option(help="as this node had recorded it at this day or time")] = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Show what is claimed of an incident, as known at a day and as recorded at a time."""
    with opened(node) as here, here.store.reading() as tx:
        view = read_account(tx, incident, known_at=known_at, recorded_at=recorded_at)
    lines = [f"{view.title}, as known at {view.known_at}"]
    lines += [f"  does not fit: {_misfit(m)}" for m in view.misfits]
    lines += [f"  {f.label}: {f.words}{' (disputed)' if f.disputed else ''}" for f in view.figures]
    lines += [line for case in view.cases for line in _case(case)]
    lines += [f"  judged {one.grade} by {one.by}, {one.date}: {one.about}: {one.why}" for one in view.judgements]
    lines += [f"  part {one.title}: {one.words}" for one in view.parts]
    lines += [f"  {one.claim} {one.order} {one.to}: {tension}" for one in view.orders for tension in one.tension]
    if view.timeline_total > len(view.timeline):
        lines.append(f"  the newest {len(view.timeline)} of {view.timeline_total:,} lines:")
    lines += [f"  {t.date}  {t.text} — {t.claimant} [{t.status}; {t.source}]" for t in view.timeline]
    tell(asdict(view), as_json=as_json, text="\n".join(lines))


@app.command()
def export(
    incident: Annotated[str, typer.Argument(help="id of the incident")],
    form: Annotated[str, typer.Option("--as", help="jsonld, csv, html or pdf")],
    out: Annotated[Path, typer.Option(help="the file to write")],
    known_at: Annotated[str | None, typer.Option(help="as known at this day, YYYY-MM-DD")] = None,
    recorded_at: Annotated[str | None, typer.Option(help="as this node had recorded it at this day or time")] = None,
    rule: Annotated[str, typer.Option(help="of the figures' ranges: conservative or full")] = CONSERVATIVE,
    bom: Annotated[bool, typer.Option("--bom", help="start the CSV with a byte order mark")] = False,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Write an account to a file: linked data, a table, a page that stands by itself, or a PDF."""
    with opened(node) as here, here.store.reading() as tx:
        found = read_full_account(tx, incident, Query(known_at, recorded_at, rule), stretch_of(form))
        made = write_report(found, form, Page(exercise=here.exercise, party_name=here.name), with_mark=bom)
    write_file(out, made.body)
    told = {"file": str(out), "as": form, "bytes": len(made.body), "claims": found.detail.total}
    tell(told, as_json=as_json, text=f"{out}: {found.detail.total} claims, {len(made.body):,} bytes")


def _listed(one: ListedIncident) -> list[str]:
    incident = one.incident
    lines = [f"{incident.title}, {incident.date}, as known at {incident.known_at} [{incident.id}]"]
    lines += [f"  {f.label}: {f.words}{' (disputed)' if f.disputed else ''}" for f in one.detail.figures]
    lines += [f"  does not fit: {_misfit(misfit)}" for misfit in incident.misfits]
    for odd in one.disagreements:
        sides = "; ".join(f"{side.label} ({', '.join(claim.id for claim in side.claims)})" for side in odd.sides)
        lines.append(f"  {odd.kind}: {odd.subject}: {sides}")
    rest = sum(one.totals.values()) - len(one.disagreements)
    return [*lines, f"  and {rest} more"] if rest else lines


def _told(view: IncidentsView) -> dict[str, object]:
    """The list for other programs; the claims themselves are in the account of each incident."""
    return {
        "known_at": view.known_at or None,
        "sums": asdict(view.sums),
        "incidents": [
            {
                "id": one.incident.id,
                "title": one.incident.title,
                "date": one.incident.date,
                "known_at": one.incident.known_at,
                "claims": one.incident.timeline_total,
                "figures": [asdict(figure) for figure in one.detail.figures],
                "misfits": [asdict(misfit) for misfit in one.incident.misfits],
                "totals": dict(one.totals),
                "disagreements": [
                    {
                        "kind": odd.kind,
                        "subject": odd.subject,
                        "sides": [
                            {"label": side.label, "claims": [claim.id for claim in side.claims], "more": side.more}
                            for side in odd.sides
                        ],
                        "method": odd.method,
                        "note": odd.note,
                    }
                    for odd in one.disagreements
                ],
            }
            for one in view.incidents
        ],
    }


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
