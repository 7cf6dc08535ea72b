"""`safeconduct report`: full threat reports, which never leave the node."""

from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.speak import HERE, Json, NodeDir, commands, opened, read_file, tell
from safeconduct.workflows.enter_report import enter_report

app = commands("Full threat reports; they never leave this node.")


@app.command()
def add(
    file: Annotated[Path, typer.Argument(help="the report, a JSON file (spec/releases.md)")],
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Enter a report: sealed at rest, to this node alone."""
    with opened(node) as here:
        report_id = enter_report(here, read_file(file))
    tell({"report": report_id}, as_json=as_json, text=f"report {report_id} is stored, sealed")
