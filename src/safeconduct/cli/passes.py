"""`safeconduct pass`: issue, inspect, verify, revoke."""

import csv
from io import StringIO
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.agreements.fields import iso, moment
from safeconduct.cli.speak import HERE, REFUSED, Json, NodeDir, commands, opened, read_file, refuse, tell
from safeconduct.errors import BadInput, Refusal
from safeconduct.passes.pass_format import decode_payload, from_text, to_text, window_end
from safeconduct.workflows.issue_passes import Leg, Strip, issue_passes
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.revoke_passes import revoke_passes
from safeconduct.workflows.try_pass import try_pass

app = commands("Signed passes that name nobody.")
PassText = Annotated[str, typer.Argument(help="the pass as text, SC1:…")]


@app.command()
def issue(
    plan: Annotated[Path, typer.Argument(help="CSV: group_id, point, not_before (ISO), minutes, words (yes or no)")],
    purpose: Annotated[str, typer.Option(help="a purpose of the agreement")],
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Issue strips of passes by a plan; prints group, point, text, words as CSV."""
    strips = read_plan(read_file(plan), str(plan))
    with opened(node) as here:
        made = issue_passes(here, strips, subject="passage", purpose=purpose)
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    rows = [{"group": p.group, "point": p.point, "text": to_text(p.raw), "words": p.words or ""} for p in made]
    text = StringIO()
    writer = csv.DictWriter(text, ["group", "point", "text", "words"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    tell({"passes": rows}, as_json=as_json, text=text.getvalue().rstrip())


def read_plan(data: bytes, filename: str) -> list[Strip]:
    """Read a plan of strips.

    Raises:
        BadInput: naming the row and what was seen.
    """
    legs: dict[str, list[Leg]] = {}
    try:
        rows = list(csv.DictReader(StringIO(data.decode("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput("bad-plan", where=filename, expected="CSV in UTF-8", seen=str(error)) from None
    for number, row in enumerate(rows, start=2):
        where = f"{filename} row {number}"
        group, point, minutes = row.get("group_id"), row.get("point"), row.get("minutes") or ""
        if not group or not point or not minutes.isdigit() or int(minutes) < 1:
            raise BadInput("bad-plan", where=where, expected="group_id, point, not_before, minutes", seen=dict(row))
        start = moment(row.get("not_before") or "", where=f"{where}, column not_before")
        legs.setdefault(group, []).append(Leg(point, start, int(minutes) * 60, (row.get("words") or "") == "yes"))
    return [Strip(group, tuple(found)) for group, found in legs.items()]


@app.command()
def inspect(text: PassText, as_json: Json = False) -> None:
    """Show what a pass says, without checking its signature."""
    fields = decode_payload(from_text(text)[:32])
    kinds = ("none", "words", "words and document", "phone key")
    shown = {
        "class": fields.pass_class, "key_id": fields.key_id.hex(), "index": fields.index,
        "not_before": iso(fields.not_before), "until": iso(window_end(fields)), "points_mask": f"{fields.points:016b}",
        "people": fields.heads, "binding": kinds[fields.binding_kind],
    }  # fmt: skip
    tell(shown, as_json=as_json, text="\n".join(f"{k:<12} {v}" for k, v in shown.items()) + "\n(signature not checked)")


@app.command()
def verify(
    text: PassText,
    point: Annotated[str, typer.Option(help="control point")],
    at: Annotated[str | None, typer.Option(help="ISO time with Z; now by default")] = None,
    words: Annotated[str | None, typer.Option(help="the words, when asked for")] = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Show the decision that a gate would show; exit status 1 if it would refuse."""
    with opened(node) as here:
        view = try_pass(here, text, point, words=words, at=moment(at) if at else None)
    tell({"admit": view.admit, "word": view.word, "line": view.line, "next_step": view.next_step}, as_json=as_json,
         text=f"{view.word}: {view.line}; {view.next_step}")  # fmt: skip
    if not view.admit:
        raise typer.Exit(REFUSED)


@app.command()
def revoke(
    groups: Annotated[list[str], typer.Argument(help="group ids")],
    reason: Annotated[str, typer.Option(help="why, for the record")],
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Revoke all passes of groups, and publish the bundle that says so."""
    with opened(node) as here:
        count = revoke_passes(here, groups, reason)
        seq = publish_bundle(here)
    tell({"revoked": count, "bundle": seq}, as_json=as_json, text=f"{count} passes revoked; bundle {seq} says so")
