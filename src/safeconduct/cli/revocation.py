"""`safeconduct revocation`: what is revoked, to be shown, printed as codes, or saved as a file for phones."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.agreements.fields import iso
from safeconduct.cli.operator import AT_KEYBOARD, By, acting_as
from safeconduct.cli.speak import HERE, Json, NodeDir, commands, opened, tell, write_file
from safeconduct.passes.revocation_text import to_file
from safeconduct.web.pages.qr_image import matrix_of, qr_png
from safeconduct.web.pages.revocation_pdf import revocation_pdf
from safeconduct.workflows.revocation_sheet import RevocationSheet, revocation_sheet

app = commands("What is revoked, for phones without a network: as codes for a briefing, or as a file.")
Since = Annotated[int | None, typer.Option(help="only the changes since the bundle of this number")]


def _sheet(node: Path, since: int | None, by: str) -> RevocationSheet:
    with opened(node) as here:
        return revocation_sheet(here, since=since, by=acting_as(here, by))


def _told(sheet: RevocationSheet) -> dict[str, object]:
    return {
        "bundle": sheet.bundle, "since": sheet.since, "issued": iso(sheet.issued), "expires": iso(sheet.expires),
        "lists": [asdict(one) for one in sheet.lists], "bytes": len(sheet.message), "codes": len(sheet.parts),
    }  # fmt: skip


@app.command()
def show(node: NodeDir = HERE, by: By = AT_KEYBOARD, as_json: Json = False) -> None:
    """List the newest lists: batch, number, how many are revoked, how large, and until when they hold."""
    sheet = _sheet(node, None, by)
    lines = [f"bundle {sheet.bundle}, made {iso(sheet.issued)}, over {iso(sheet.expires)}"]
    for one in sheet.lists:
        ours = "" if one.ours is None else f", {one.ours:,} of them issued"
        lines.append(f"batch {one.batch[:8]}  {one.listed:,} of {one.capacity:,} revoked{ours}; {one.size:,} bytes")
    lines.append(f"{len(sheet.message):,} bytes with certificate and signatures: {len(sheet.parts)} codes")
    tell(_told(sheet), as_json=as_json, text="\n".join(lines))


@app.command()
def qr(
    output: Annotated[Path, typer.Option("--output", "-o", help="a PDF, or a folder for PNG files")],
    since: Since = None,
    by: By = AT_KEYBOARD,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Write the revocations as numbered codes: a PDF for the briefing, or a folder of pictures."""
    sheet = _sheet(node, since, by)
    files = [str(output)]
    if output.suffix.lower() == ".pdf":
        write_file(output, revocation_pdf(sheet))
    else:
        output.mkdir(parents=True, exist_ok=True)
        names = [output / f"revocations-{n}-of-{len(sheet.parts)}.png" for n in range(1, len(sheet.parts) + 1)]
        for path, text in zip(names, sheet.parts, strict=True):
            write_file(path, qr_png(matrix_of(text), 8))
        files = [str(path) for path in names]
    told = {**_told(sheet), "files": files, "texts": list(sheet.parts)}
    tell(told, as_json=as_json, text="\n".join([f"{len(sheet.parts)} codes, list {sheet.bundle}", *files]))


@app.command()
def file(
    output: Annotated[Path, typer.Option("--output", "-o", help="file to write")],
    since: Since = None,
    by: By = AT_KEYBOARD,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Write the revocations, full or the changes since a bundle, as one file that a phone takes in."""
    sheet = _sheet(node, since, by)
    write_file(output, to_file(sheet.message))
    told = {**_told(sheet), "file": str(output)}
    tell(told, as_json=as_json, text=f"{len(sheet.message):,} bytes in {output}, list {sheet.bundle}")
