"""`safeconduct agreement`: propose, accept, show."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.speak import HERE, Json, NodeDir, opened, read_file, refuse, tell
from safeconduct.errors import Refusal, SafeconductError
from safeconduct.workflows.show_agreement import show_agreement
from safeconduct.workflows.sign_agreement import accept as accept_version
from safeconduct.workflows.sign_agreement import propose as propose_terms

app = typer.Typer(help="The signed agreement: in force only when both parties have signed.", no_args_is_help=True)


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
    lines = [f"{view.title} (version {view.version}, {view.state})", view.no_recognition, f"deadline {view.deadline}"]
    lines += [f"  {name}: {signed}" for name, signed in view.parties]
    lines += ["purposes"] + [f"  {text}" for _, text in view.purposes]
    lines += ["scope; all else is refused", "  " + ", ".join(view.scope), "control points"]
    lines += [f"  {p.name} ({p.ring}), held by {p.holder_name}, {p.state}" for p in view.points]
    tell(asdict(view), as_json=as_json, text="\n".join(lines))
