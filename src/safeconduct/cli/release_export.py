"""`safeconduct release export`: a release, or the answer to it, as a file for other people's software."""

from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.speak import HERE, Json, NodeDir, opened, tell, write_file
from safeconduct.errors import BadInput
from safeconduct.exchange.release_forms import FORMS, in_form
from safeconduct.workflows.export_release import crossed_release


def export(
    release: Annotated[str, typer.Argument(help="the release")],
    file: Annotated[Path, typer.Argument(help="where to write it")],
    form: Annotated[str, typer.Option(help=", ".join(FORMS))] = "cap",
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Write a release as it crossed, as CAP 1.2 or STIX 2.1, or the signed answer to it as CAP."""
    if form not in FORMS:
        raise BadInput("bad-choice", where="--form", expected="one of " + ", ".join(FORMS), seen=form)
    with opened(node) as here:
        data = in_form(crossed_release(here, release), form, exercise=here.exercise)
    write_file(file, data)
    tell({"file": str(file), "form": form, "bytes": len(data)}, as_json=as_json,
         text=f"{file}: {FORMS[form]}, {len(data):,} bytes; it is marked, and not for everybody")  # fmt: skip
