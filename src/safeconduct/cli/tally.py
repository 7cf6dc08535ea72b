"""`safeconduct tally`: numbered sheets for a post without a phone; and what travellers allege, for `gate alleged`."""

import csv
from dataclasses import asdict
from io import StringIO
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.operator import AT_KEYBOARD, By, acting_as
from safeconduct.cli.paper import Language
from safeconduct.cli.speak import HERE, Json, NodeDir, commands, opened, read_file, refuse, tell, write_file
from safeconduct.errors import BadInput, Refusal
from safeconduct.web.pages.paper_words import LANGUAGES
from safeconduct.web.pages.tally_pdf import tally_pdf
from safeconduct.workflows.key_in_tally import (
    Sheet,
    TallyRow,
    key_in,
    list_sheets,
    make_sheets,
    not_used,
    paper_lines,
    row_of,
)
from safeconduct.workflows.traveller_report import alleged_lines, read_alleged

app = commands("Tally sheets: numbered paper for a post without a phone, keyed in later and marked as such.")
COLUMNS = ("sheet", "time", "heads", "outcome", "pass", "note")


@app.command()
def sheets(
    point: Annotated[str, typer.Argument(help="control point")],
    day: Annotated[str, typer.Argument(help="as 2021-08-26")],
    output: Annotated[Path, typer.Option("--output", "-o", help="PDF to write")],
    count: Annotated[int, typer.Option(help="how many sheets")] = 1,
    language: Language = "en",
    by: By = AT_KEYBOARD,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Number sheets for a control point and a day, and write them as a PDF; the ledger knows each number first."""
    if language not in LANGUAGES:
        raise BadInput("bad-option", where="--language", expected=f"one of {', '.join(LANGUAGES)}", seen=language)
    with opened(node) as here:
        made = make_sheets(here, point, day, count, by=acting_as(here, by))
        exercise = here.exercise
    write_file(output, tally_pdf(made, language, exercise=exercise))
    numbers = [sheet.number for sheet in made]
    tell({"sheets": numbers, "file": str(output)}, as_json=as_json, text=f"{', '.join(numbers)} in {output}")


@app.command("list")
def list_(node: NodeDir = HERE, as_json: Json = False) -> None:
    """List sheets, outstanding ones first, and what was keyed in from paper by day, control point and outcome."""
    with opened(node) as here:
        found = list_sheets(here)
    lines = [_line(sheet) for sheet in found]
    added = paper_lines(found)
    for one in added:
        vague = f"; and in words: {', '.join(one.vague)}" if one.vague else ""
        lines.append(f"{one.mark}: {one.day}  {one.point:<20} {one.outcome:<12} {one.people:>6,} people{vague}")
    made = {"sheets": [asdict(one) for one in found], "keyed_in_from_paper": [asdict(one) for one in added]}
    tell(made, as_json=as_json, text="\n".join(lines) or "no sheet was made yet")


@app.command("key-in")
def key_in_(
    file: Annotated[Path, typer.Argument(help=f"CSV: {', '.join(COLUMNS)}; one sheet or several")],
    by: By = AT_KEYBOARD,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Key in sheets from a CSV file: a row for each line; a row with a sheet's number alone says that nobody came."""
    wanted = read_rows(read_file(file), str(file))
    keyed: list[Sheet] = []
    refused: list[tuple[str, Refusal]] = []
    with opened(node) as here:
        office = acting_as(here, by)
        for number, rows in wanted.items():
            made = key_in(here, number, rows, by=office)
            if isinstance(made, Refusal):
                refused.append((number, made))
            else:
                keyed.append(made)
    lines = [f"{sheet.number}: {len(sheet.rows)} lines keyed in" for sheet in keyed]
    lines += [f"{number} refused: {refusal}" for number, refusal in refused]
    told = {
        "keyed_in": [sheet.number for sheet in keyed],
        "refused": [{"sheet": number, "code": one.code, "message": str(one)} for number, one in refused],
    }
    tell(told, as_json=as_json, text="\n".join(lines))
    if refused:
        raise typer.Exit(1)


@app.command("not-used")
def not_used_(
    number: Annotated[str, typer.Argument(help="of the sheet")],
    because: Annotated[str, typer.Option(help="why, for the record")],
    by: By = AT_KEYBOARD,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Record that a sheet was destroyed, lost or left blank, so that nobody waits for it."""
    with opened(node) as here:
        made = not_used(here, number, because, by=acting_as(here, by))
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    tell(asdict(made), as_json=as_json, text=_line(made))


def alleged(node: NodeDir = HERE, as_json: Json = False) -> None:
    """List what travellers themselves say was done to them, by holder and control point: alleged, never counted in."""
    with opened(node) as here:
        views, withdrawn = read_alleged(here)
    lines = []
    for one in alleged_lines(views):
        who = one.holder or "by others, or not known by whom"
        people = f", {one.people:,} people" if one.people else ""
        vague = f", in words: {', '.join(one.vague)}" if one.vague else ""
        place = one.name or "place not known"
        lines.append(f"alleged: {who}, {place}: {one.what}: {one.reports:,} say so{people}{vague}")
    lines += [f"{withdrawn:,} withdrawn"] if withdrawn else []
    told = {
        "alleged": [asdict(one) for one in alleged_lines(views)], "reports": [asdict(one) for one in views],
        "withdrawn": withdrawn,
    }  # fmt: skip
    tell(told, as_json=as_json, text="\n".join(lines) or "no traveller has reported anything")


def read_rows(data: bytes, filename: str) -> dict[str, list[TallyRow]]:
    """Read a CSV of sheets.

    Raises:
        BadInput: naming the row and what was seen.
    """
    found: dict[str, list[TallyRow]] = {}
    try:
        rows = list(csv.DictReader(StringIO(data.decode("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput("bad-tally", where=filename, expected="CSV in UTF-8", seen=str(error)) from None
    for number, row in enumerate(rows, start=2):
        given = {name: row.get(name) or "" for name in COLUMNS}
        sheet = given["sheet"].strip().upper()
        if not sheet or None in row:
            raise BadInput("bad-tally", where=f"{filename} row {number}", expected=", ".join(COLUMNS), seen=dict(row))
        line = row_of(given, f"{filename} row {number}")
        found.setdefault(sheet, []).extend([line] if line is not None else [])
    if not found:
        raise BadInput("bad-tally", where=filename, expected="a row for each line of a sheet", seen="none")
    return found


def _line(sheet: Sheet) -> str:
    state = {
        "outstanding": "OUTSTANDING", "keyed-in": f"keyed in from paper by {sheet.by} at {sheet.at}",
        "not-used": f"not used: {sheet.because} ({sheet.by}, {sheet.at})",
    }[sheet.state]  # fmt: skip
    return f"{sheet.number}  {sheet.day}  {sheet.point:<20} held by {sheet.holder or 'nobody'}: {state}"
