"""`safeconduct report`: full threat reports, which never leave the node."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.operator import AT_KEYBOARD, By, acting_as
from safeconduct.cli.speak import HERE, Json, NodeDir, commands, opened, read_file, tell
from safeconduct.workflows.enter_report import enter_report
from safeconduct.workflows.show_desk import show_desk

app = commands("Full threat reports; they never leave this node.")


@app.command()
def add(
    file: Annotated[Path, typer.Argument(help="the report, a JSON file (spec/releases.md)")],
    by: By = AT_KEYBOARD,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Enter a report: sealed at rest, to this node alone."""
    with opened(node) as here:
        report_id = enter_report(here, read_file(file), by=acting_as(here, by))
    tell({"report": report_id}, as_json=as_json, text=f"report {report_id} is stored, sealed")


@app.command("list")
def list_(node: NodeDir = HERE, as_json: Json = False) -> None:
    """List our reports with their confidence as it is to be read, and what was released from each."""
    with opened(node) as here:
        found = show_desk(here).reports
    lines = []
    for one in found:
        lines.append(f"{one.id}  {one.window}  {one.what}")
        stated = one.confidence
        if stated.because:
            read = f"{stated.written}, read as {stated.read}" if stated.written else "not stated"
            lines.append(f"  confidence {read}: {stated.because}")
        lines += [f"  release {release}, {state}, version {version}" for release, state, version in one.releases]
        lines += [f"  {one.decision}"] if one.decision else []
    tell({"reports": [asdict(one) for one in found]}, as_json=as_json, text="\n".join(lines) or "no report is stored")
