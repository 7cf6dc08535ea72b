"""`safeconduct agreement`: propose, accept, show; suspend, renew, close; follow its terms."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.agreements.fields import moment
from safeconduct.agreements.scope import StateKind
from safeconduct.cli.speak import HERE, Json, NodeDir, commands, opened, read_file, refuse, tell, write_file
from safeconduct.errors import BadInput, Refusal, SafeconductError
from safeconduct.web.pages.agreement_page import write_agreement
from safeconduct.web.pages.render import Page
from safeconduct.workflows.agreement_view import AgreementView, TermView
from safeconduct.workflows.change_state import change_state
from safeconduct.workflows.change_terms import compare_versions, propose_change, record_wording, resolve_wording
from safeconduct.workflows.close_cooperation import close_cooperation
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
    version: Annotated[int, typer.Argument(help="the proposed version")],
    proposal: Annotated[str | None, typer.Option(help="its digest, where both parties proposed one")] = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Sign a proposed version with the root key; it is in force then."""
    with opened(node) as here:
        made = accept_version(here, version, proposal)
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
    """Record the last departure: closed for good; what is not settled lapses, and what was shared is recalled."""
    with opened(node) as here:
        made = close_cooperation(here, text)
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    lines = [f"logged as entry {made.ledger_index} and on its way; the agreement is {made.state}"]
    lines.append(f"{made.recalled.items} items are recalled")
    lines += [f"no receipt yet: {zone}" for zone in made.zones]
    if made.left_behind:
        lines.append(f"{made.left_behind} people were named to the other party and are not out; see `liaison show`")
    tell(asdict(made), as_json=as_json, text="\n".join(lines))


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="the file to write")],
    form: Annotated[str, typer.Option("--form", help="html to print, pdf, or json with both signatures")] = "html",
    version: Annotated[int | None, typer.Option(help="another version than the one in force")] = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Write the agreement to a file: terms and signatures, and nothing of this party's own."""
    with opened(node) as here:
        page = Page(exercise=here.exercise, party_name=here.name)
        made = write_agreement(here, form, page, version=version)
    write_file(file, made.body)
    tell({"file": str(file), "bytes": len(made.body), "form": form}, as_json=as_json, text=f"written to {file}")


@app.command()
def diff(
    before: Annotated[int, typer.Argument(help="the older version")],
    after: Annotated[int, typer.Argument(help="the newer version")],
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Show what differs between two versions, clause by clause."""
    with opened(node) as here, here.store.reading() as tx:
        found = compare_versions(tx, before, after)
    lines = [f"{d.clause} {d.name}".rstrip() + f"\n  - {d.before or ''}\n  + {d.after or ''}" for d in found]
    tell({"differences": [asdict(d) for d in found]}, as_json=as_json, text="\n".join(lines) or "nothing differs")


@app.command()
def change(
    deadline: Annotated[str | None, typer.Option(help="a new deadline, 2021-09-02T19:29:00Z")] = None,
    wording: Annotated[str | None, typer.Option(help='or the deadline in words, "in the next five days"')] = None,
    said: Annotated[str | None, typer.Option(help="the day on which those words were said")] = None,
    end: Annotated[str | None, typer.Option(help="a new end")] = None,
    scope: Annotated[list[str] | None, typer.Option(help="all subjects from now on; repeat it")] = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Propose the next version with a few terms changed; nothing changes until the other party signs it too."""
    if wording is not None and (said is None or deadline is not None):
        expected = "the day on which the words were said, and no other deadline"
        raise BadInput("missing-field", where="--said", expected=expected, seen=said)
    resolved = resolve_wording(wording, said) if wording is not None and said is not None else None
    given = {"deadline": f"{resolved.last}T23:59:59Z" if resolved else deadline, "end": end, "scope": scope}
    with opened(node) as here:
        made = propose_change(here, {name: value for name, value in given.items() if value})
        if isinstance(made, Refusal):
            refuse(made, as_json=as_json)
        if resolved is not None:
            record_wording(here, f"the deadline of version {made.version}", resolved, "proposal of this party")
    tell({"agreement": made.id, "version": made.version, "deadline": made.deadline}, as_json=as_json,
         text=f"version {made.version} is signed and on its way; its deadline is {made.deadline}")  # fmt: skip


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
    lines = [f"{view.title} (version {view.version}, {view.state})", view.no_recognition]
    lines.append(f"deadline {view.deadline}, {view.time_left}" + (f"; {view.forecast.words}" if view.forecast else ""))
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
    for one in view.proposals:
        lines.append(f"proposed by {one.by}: version {one.version} [{one.digest}]")
        lines += [
            f"  {d.clause} {d.name}: {d.before or 'not there'} → {d.after or 'taken out'}" for d in one.differences
        ]
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
