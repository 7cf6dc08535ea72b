"""`safeconduct agreement`: propose, accept, show; suspend, renew, close; follow its terms."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.agreements.fields import moment
from safeconduct.agreements.scope import StateKind
from safeconduct.cli.speak import HERE, Json, NodeDir, commands, opened, read_file, refuse, tell
from safeconduct.errors import Refusal, SafeconductError
from safeconduct.workflows.agreement_view import AgreementView, TermView
from safeconduct.workflows.change_state import change_state
from safeconduct.workflows.follow_terms import follow_term
from safeconduct.workflows.show_agreement import show_agreement
from safeconduct.workflows.sign_agreement import accept as accept_version
from safeconduct.workflows.sign_agreement import propose as propose_terms

app = commands("The signed agreement: in force only when both parties have signed.")
Why = Annotated[str, typer.Option("--text", help="what happened, in words; the partner reads it")]
Note = Annotated[str, typer.Option("--text", help="a note that the partner reads")]


@app.command()
def propose(
    terms: Annotated[Path, typer.Argument(help="the terms, a JSON file (spec/agreement.md)")],
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Sign terms with the root key and send them to the partner."""
    with opened(node) as here:
        made = propose_terms(here, read_file(terms))
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    tell({"agreement": made.id, "version": made.version}, as_json=as_json,
         text=f"version {made.version} of {made.id} is signed and on its way")  # fmt: skip


@app.command()
def accept(
    version: Annotated[int, typer.Argument(help="the proposed version")], node: NodeDir = HERE, as_json: Json = False
) -> None:
    """Sign a proposed version with the root key; it is in force then."""
    with opened(node) as here:
        made = accept_version(here, version)
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    tell({"agreement": made.id, "version": made.version}, as_json=as_json, text=f"version {made.version} is in force")


@app.command()
def show(node: NodeDir = HERE, as_json: Json = False) -> None:
    """Show the newest version: purposes, scope, who holds what, until when."""
    with opened(node) as here:
        view = show_agreement(here)
    if view is None:
        raise SafeconductError("no-agreement", "no agreement yet; `safeconduct agreement propose` begins one")
    tell(asdict(view), as_json=as_json, text="\n".join(_lines(view)))


@app.command()
def breach(text: Why, node: NodeDir = HERE, as_json: Json = False) -> None:
    """Record a breach by either party: nothing more is shared until both parties renew."""
    _change(node, "breach", text, as_json=as_json)


@app.command()
def lapse(text: Why, node: NodeDir = HERE, as_json: Json = False) -> None:
    """Record that the common purpose lapsed: nothing more is shared until both parties renew."""
    _change(node, "lapse", text, as_json=as_json)


@app.command()
def renew(text: Note = "", node: NodeDir = HERE, as_json: Json = False) -> None:
    """Renew a suspended agreement for this party; it is open again when both have."""
    _change(node, "renewal", text, as_json=as_json)


@app.command()
def close(text: Note = "", node: NodeDir = HERE, as_json: Json = False) -> None:
    """Record the last departure: the agreement is closed for good, and what is not settled lapses."""
    _change(node, "last-departure", text, as_json=as_json)


@app.command()
def term(
    term: Annotated[str, typer.Argument(help="id of an expectation or undertaking")],
    stage: Annotated[str, typer.Argument(help="told, acknowledged, bears-on, met or not-met")],
    text: Annotated[str, typer.Option(help="what was said or happened, in words")],
    evidence: Annotated[str | None, typer.Option(help="what shows it; told and acknowledged do without")] = None,
    at: Annotated[str | None, typer.Option(help="when it was, 2021-08-31T19:29:00Z (now by default)")] = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Record what became of a term; what is told or acknowledged is sent, what is judged stays here."""
    when = moment(at, where="--at") if at is not None else None
    with opened(node) as here:
        made = follow_term(here, term, stage, text, evidence=evidence, at=when)
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    tell({"ledger_index": made}, as_json=as_json, text=f"logged as entry {made}")


def _change(node: Path, kind: StateKind, text: str, *, as_json: bool) -> None:
    with opened(node) as here:
        made = change_state(here, kind, text)
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    tell(asdict(made), as_json=as_json,
         text=f"logged as entry {made.ledger_index} and on its way; the agreement is {made.state}")  # fmt: skip


def _lines(view: AgreementView) -> list[str]:
    lines = [f"{view.title} (version {view.version}, {view.state})", view.no_recognition, f"deadline {view.deadline}"]
    lines += [f"  {name}: {signed}" for name, signed in view.parties]
    lines += ["purposes"] + [f"  {text}" for _, text in view.purposes]
    if view.phase:
        lines.append(f"phase in force: {view.phase}")
    lines += ["scope; all else is refused", "  " + ", ".join(view.scope), "control points"]
    lines += [f"  {p.name} ({p.ring}), held by {p.holder_name}, {p.state}" for p in view.points]
    lines += ["undertakings", *(line for one in view.undertakings for line in _term_lines(one))]
    lines += ["expectations", *(line for one in view.expectations for line in _term_lines(one))]
    lines += ["how it began" + (" (the sources disagree)" if view.founding_disagrees else "")]
    lines += [f"  {date}: {event} [{source}]" for date, event, source in view.founding]
    if view.events:
        lines += ["suspended, renewed, closed"]
        lines += [f"  {e.at} {e.kind} by {e.by}: {e.text or '—'} (entry {e.ledger_index})" for e in view.events]
    return lines


def _term_lines(one: TermView) -> list[str]:
    lines = [f"  {one.id} ({one.of}): {one.text}"]
    if one.condition:
        lines.append(f"    on condition: {one.condition}")
    lines.append(f"    {one.course}")
    return lines + [f"    {at} {who} ({stage}): {text} [{shown}]" for at, who, stage, text, shown in one.later]
