"""`safeconduct report import`, `drafts`, `original`, `set-aside`: what other people's software sent, for a person."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.agreements.fields import iso
from safeconduct.cli.speak import HERE, Json, NodeDir, opened, read_file, refuse, tell, write_file
from safeconduct.errors import Refusal
from safeconduct.exchange.import_any import drafts_of
from safeconduct.workflows.import_report import (
    DraftView,
    close_draft,
    import_report,
    in_words,
    list_drafts,
    original_of,
    show_draft,
)

Draft = Annotated[str, typer.Argument(help="id of the draft")]


def take(
    file: Annotated[Path, typer.Argument(help="CAP 1.2 (XML), STIX 2.1 or a MISP event (JSON)")],
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Read a warning of other people's software as drafts; a person completes them, and nothing is released by this."""
    data = read_file(file)
    with opened(node) as here:
        ids = import_report(here, data, drafts_of(data, exercise=here.exercise), file.name)
        if isinstance(ids, Refusal):
            refuse(ids, as_json=as_json)
        made = [show_draft(here, one) for one in ids]
    tell({"drafts": [asdict(one) for one in made]}, as_json=as_json, text="\n\n".join(_lines(one) for one in made))


def drafts(
    node: NodeDir = HERE,
    everything: Annotated[bool, typer.Option("--all", help="also those that were used or set aside")] = False,
    as_json: Json = False,
) -> None:
    """List the drafts that wait for a person, newest first."""
    with opened(node) as here:
        found = list_drafts(here, closed=everything)
    text = "\n\n".join(_lines(one) for one in found) or "no draft waits; `safeconduct report import FILE` reads one"
    tell({"drafts": [asdict(one) for one in found]}, as_json=as_json, text=text)


def original(
    draft: Draft,
    file: Annotated[Path, typer.Argument(help="where to write it")],
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Write the file that a draft came from, exactly as it came, to pass on or to look up what we did not read."""
    with opened(node) as here:
        name, data = original_of(here, draft)
    write_file(file, data)
    tell({"file": str(file), "name": name, "bytes": len(data)}, as_json=as_json,
         text=f"{file}: {len(data):,} bytes, as {name} came")  # fmt: skip


def set_aside(draft: Draft, node: NodeDir = HERE, as_json: Json = False) -> None:
    """Set a draft aside that does not become a report; it stays on record."""
    with opened(node) as here:
        refusal = close_draft(here, draft)
    if refusal is not None:
        refuse(refusal, as_json=as_json)
    tell({"draft": draft, "state": "set-aside"}, as_json=as_json, text=f"draft {draft} is set aside")


def _lines(one: DraftView) -> str:
    grade = f"{one.fields.get('source_reliability', '')}{one.fields.get('source_credibility', '')}"
    lines = [
        f"draft {one.id}: {one.standing}, {one.state}, {one.form} from {one.producer} ({grade}), read {iso(one.at)}"
    ]
    lines += [
        f"  {name:<18} {text.splitlines()[0]}" for name, text in one.fields.items() if not name.startswith("source")
    ]
    lines += [f"  note               {text}" for text in one.remarks]
    lines += [f"  replaces           draft {other}" for other in one.earlier]
    lines += [f"  replaced by        draft {other}" for other in one.later]
    if one.missing and one.state == "open":
        lines.append(f"  for a person       {'; '.join(in_words(one.missing))}")
    return "\n".join(lines)
