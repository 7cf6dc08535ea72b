"""`safeconduct entry`: small things, each recorded with its source and date, and what follows from them."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from safeconduct.agreements.entries import Entry, fields_of_texts, make_entry, to_json
from safeconduct.agreements.fields import iso
from safeconduct.agreements.kinds import KINDS, FieldRule, Kind
from safeconduct.cli.speak import HERE, Json, NodeDir, commands, opened, read_file, tell
from safeconduct.errors import BadInput
from safeconduct.workflows.read_entries import follow_ups, list_entries, silent_days
from safeconduct.workflows.record_entries import record_entries

app = commands("Small things, each with its source and date; nothing overwritten, none sent.")
MEANT = {
    "text": "text", "ident": "id", "entry": "id of an entry", "time": "time as 2021-08-31T19:29:00Z",
    "count": "number", "texts": "texts, one --field each",
}  # fmt: skip


@app.command()
def kinds(as_json: Json = False) -> None:
    """Show each kind of entry: what it says, its fields, and which of them may be left out."""
    known = [{"name": k.name, "says": k.says, "fields": _fields(k), "either": list(k.either)} for k in KINDS.values()]
    tell({"kinds": known}, as_json=as_json, text="\n\n".join(_lines(kind) for kind in KINDS.values()))


@app.command()
def add(
    kind: Annotated[str | None, typer.Argument(help="kind of entry, see `entry kinds`")] = None,
    field: Annotated[list[str] | None, typer.Option(help="name=value; repeat it for more, and for lists")] = None,
    source: Annotated[str, typer.Option(help="who or what says so")] = "",
    at: Annotated[str | None, typer.Option(help="when it was, 2021-08-31T19:29:00Z (now by default)")] = None,
    file: Annotated[Path | None, typer.Option(help="instead: entries as JSON, one or a list")] = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Record entries; the same entry again changes nothing."""
    if (kind is None) == (file is None):
        raise BadInput("missing-field", where="entry add", expected="a kind, or --file", seen="both" if kind else None)
    with opened(node) as here:
        if file is not None:
            data = read_file(file)
        else:
            pairs = [_pair(text) for text in field or ()]
            fields = fields_of_texts(str(kind), pairs)
            data = to_json(make_entry(str(kind), fields, source, at or here.clock.now()))
        made = record_entries(here, data)
    text = "\n".join(f"entry {one.id} is recorded, ledger entry {one.ledger_index}" for one in made)
    tell({"entries": [asdict(one) for one in made]}, as_json=as_json, text=text)


@app.command("list")
def list_(
    kind: Annotated[str | None, typer.Option(help="only this kind")] = None,
    since: Annotated[str | None, typer.Option(help="only from this day on, YYYY-MM-DD")] = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """List recorded entries in the order of their own times."""
    with opened(node) as here, here.store.reading() as tx:
        found = list_entries(tx, kind, since)
    lines = [f"{iso(one.entry.at)}  {_said(one.entry)} [{one.entry.source}; {one.id}]" for one in found]
    tell({"entries": [asdict(one) for one in found]}, as_json=as_json, text="\n".join(lines) or "nothing is recorded")


@app.command()
def due(node: NodeDir = HERE, as_json: Json = False) -> None:
    """Show what is due: lapsed routes, overdue escorts, reviews, silent channels, days without contact."""
    with opened(node) as here, here.store.reading() as tx:
        found, days = follow_ups(here, tx), silent_days(here, tx)
    lines = [f"{iso(one.since)}  {one.line}{f' [{one.entry}]' if one.entry else ''}" for one in found]
    if days:
        lines.append(f"no contact is recorded on {len(days)} days: {', '.join(days)}")
    tell({"due": [asdict(one) for one in found], "days_without_contact": list(days)}, as_json=as_json,
         text="\n".join(lines) or "nothing is due")  # fmt: skip


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise BadInput("bad-field", where="--field", expected="name=value", seen=text)
    return name, value


def _fields(kind: Kind) -> list[dict[str, Any]]:
    return [{"name": name, **asdict(rule)} for name, rule in kind.fields.items()]


def _lines(kind: Kind) -> str:
    """Return one kind for people: what it says, then a line for each field."""
    lines = [f"{kind.name}: {kind.says}"]
    lines += [
        f"  {name:<14} {_meant(rule)}{'' if rule.required else ' (optional)'}" for name, rule in kind.fields.items()
    ]
    if kind.either:
        lines.append(f"  at least one of {', '.join(kind.either)}")
    return "\n".join(lines)


def _meant(rule: FieldRule) -> str:
    return MEANT.get(rule.type) or " or ".join(rule.options)


def _said(entry: Entry) -> str:
    """Return an entry's kind and its given fields in one line."""
    rules = KINDS[entry.kind].fields
    given = []
    for name, rule in rules.items():
        value = entry.fields[name]
        if value is not None:
            shown = iso(value) if rule.type == "time" else ", ".join(value) if rule.type == "texts" else value
            given.append(f"{name}: {shown}")
    return f"{entry.kind}  {'; '.join(given)}"
