"""`safeconduct register`: the private roll."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.speak import HERE, Json, NodeDir, opened, read_file, tell
from safeconduct.workflows.import_roll import import_roll

app = typer.Typer(help="The private roll of people in groups; it never leaves this node.", no_args_is_help=True)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="a roll, CSV (spec/roll.md)")],
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Import a roll: all of the file, or nothing of it."""
    with opened(node) as here:
        made = import_roll(here, read_file(file), file.name)
    if made.again:
        text = f"imported before: {made.people:,} people in {made.groups:,} groups; nothing was done"
    else:
        text = f"{made.people:,} people in {made.groups:,} groups; {made.doubts:,} people to look at again"
    tell(asdict(made), as_json=as_json, text=text)
