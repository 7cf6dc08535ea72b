"""`safeconduct pass`: issue, inspect, verify, revoke."""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from safeconduct.agreements.fields import iso, moment
from safeconduct.cli.phones import Phones, hold_address, hold_link, phone_keys
from safeconduct.cli.speak import (
    HERE,
    REFUSED,
    Json,
    NodeDir,
    commands,
    err,
    given,
    opened,
    read_file,
    refuse,
    tell,
    write_file,
)
from safeconduct.errors import BadInput, Refusal
from safeconduct.passes.cose import Inspected
from safeconduct.passes.pass_format import PassFields, decode_payload, from_text, to_text, window_end
from safeconduct.seal.keys import VerifyKey
from safeconduct.workflows.bind_passes import issue_to_phones
from safeconduct.workflows.inspect_pass import inspect_with_bundle, inspect_with_node
from safeconduct.workflows.issue_passes import Leg, Strip
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.revoke_passes import revoke_passes
from safeconduct.workflows.try_pass import try_pass

app = commands("Signed passes that name nobody.")
PassText = Annotated[str, typer.Argument(help="the pass as text, SC1:…")]
NodeMaybe = Annotated[Path | None, typer.Option("--node", "-n", help="a node's folder, to check the signature by")]


@app.command()
def issue(
    plan: Annotated[Path, typer.Argument(help="CSV: group_id, point, not_before (ISO), minutes, words (yes or no)")],
    purpose: Annotated[str, typer.Option(help="a purpose of the agreement")],
    phones: Phones = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Issue strips of passes by a plan; prints group, point, text, words as CSV, and says how fast it was.

    With --phones the passes of these groups are bound to the key of their phone, and a link brings each one to it.
    """
    strips = read_plan(read_file(plan), str(plan))
    keys = phone_keys(phones)
    base = hold_address(node) if keys else ""
    with opened(node) as here, signing() as progress:
        begun = perf_counter()
        made = issue_to_phones(here, strips, keys, subject="passage", purpose=purpose, progress=progress)
        took = perf_counter() - begun
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    err.print(f"{len(made):,} passes in {took:,.1f} s: {len(made) / took:,.0f} a second")
    rows = [{"group": p.group, "point": p.point, "text": to_text(p.raw), "words": p.words or ""} for p in made]
    if base:
        rows = [row | {"link": hold_link(base, row) if row["group"] in keys else ""} for row in rows]
    text = StringIO()
    writer = csv.DictWriter(text, ["group", "point", "text", "words"] + ["link"] * bool(base), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    tell({"passes": rows}, as_json=as_json, text=text.getvalue().rstrip())


@contextmanager
def signing() -> Iterator[Callable[[int, int], None]]:
    """Show a bar of passes on standard error while they are signed; what is given moves it."""
    columns = (TextColumn("signing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("signing", total=None)
        yield lambda done, whole: bar.update(task, completed=done, total=whole)


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
def inspect(
    text: PassText,
    bundle: Annotated[Path | None, typer.Option(help="a trust bundle's file, to check the signature by")] = None,
    root: Annotated[str | None, typer.Option(help="the issuer's root key in hex, with --bundle")] = None,
    node: NodeMaybe = None,
    cose: Annotated[Path | None, typer.Option(help="write the pass as a standard COSE_Sign1 to this file")] = None,
    as_json: Json = False,
) -> None:
    """Show what a pass says; with --node or --bundle check its signature, and write it as a standard COSE_Sign1."""
    raw = from_text(text)
    if bundle is None and node is None:
        if cose is not None:
            raise BadInput("bad-option", where="--cose", expected="--node or --bundle with it, for the batch",
                           seen="neither")  # fmt: skip
        shown = shown_fields(decode_payload(raw[:32]))
        rows = [*(f"{k:<12} {v}" for k, v in shown.items()), "(signature not checked)"]
        return tell(shown, as_json=as_json, text="\n".join(rows))
    found = _inspected(raw, bundle, root, node)
    if isinstance(found, Refusal):
        refuse(found, as_json=as_json)
    if cose is not None:
        write_file(cose, found.cose)
    shown = shown_fields(found.fields) | {
        "points": list(found.points), "agreement": found.entry.agreement_id, "batch": found.batch.hex(),
        "batch_key": found.entry.public_key.hex(), "capacity": found.entry.capacity, "signature": "right",
        "cose_sign1": found.cose.hex(), "external_aad": found.aad.hex(),
    }  # fmt: skip
    listed = {**shown, "points": ", ".join(found.points)}
    return tell(shown, as_json=as_json, text="\n".join(f"{k:<12} {v}" for k, v in listed.items()))


def shown_fields(fields: PassFields) -> dict[str, Any]:
    """Return what the 32 payload bytes say, in words."""
    kinds = ("none", "words", "words and document", "phone key")
    return {
        "class": fields.pass_class, "key_id": fields.key_id.hex(), "index": fields.index,
        "not_before": iso(fields.not_before), "until": iso(window_end(fields)), "points_mask": f"{fields.points:016b}",
        "people": fields.heads, "binding": kinds[fields.binding_kind],
    }  # fmt: skip


def _inspected(raw: bytes, bundle: Path | None, root: str | None, node: Path | None) -> Inspected | Refusal:
    if bundle is None:
        with opened(node or HERE) as here:
            return inspect_with_node(here, raw)
    try:
        key = bytes.fromhex(root or "")
    except ValueError:
        key = b""
    if len(key) != 32:
        raise BadInput("bad-option", where="--root", expected="the issuer's root key, 64 hexadecimal digits", seen=root)
    return inspect_with_bundle(read_file(bundle), VerifyKey.load(key, where="--root"), raw)


@app.command()
def verify(
    text: PassText,
    point: Annotated[str, typer.Option(help="control point")],
    at: Annotated[str | None, typer.Option(help="ISO time with Z; now by default")] = None,
    words: Annotated[str | None, typer.Option(help="the words, when asked for")] = None,
    proof: Annotated[str | None, typer.Option(help="the second code of their phone, SCH1:…, when asked for")] = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Show the decision that a gate would show; exit status 1 if it would refuse.

    With `-` for the pass a line is read from standard input: a pass, or the six words of a spoken one.
    """
    with opened(node) as here:
        view = try_pass(here, given(text), point, words=words, proof=proof, at=moment(at) if at else None)
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
