"""`safeconduct exchange`: with the partner's node over the network, or by a sealed file on a stick."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from safeconduct.agreements.fields import iso
from safeconduct.cli.speak import HERE, Json, NodeDir, ask_passphrase, commands, err, opened, refuse, tell
from safeconduct.config import load_config
from safeconduct.errors import Refusal, SafeconductError
from safeconduct.exchange.bundle_file import export_file, import_file
from safeconduct.wiring import close_node, open_courier, open_node
from safeconduct.workflows.inventory import completeness
from safeconduct.workflows.show_exchange import ExchangeView, in_words, show_exchange

app = commands("Exchange with the partner: over the network, or by a sealed file.")


@app.command()
def now(node: NodeDir = HERE, as_json: Json = False) -> None:
    """Deliver all that is due, have the head cosigned, and ask whether anything is missing."""
    config = load_config(node)
    here = open_node(config, ask_passphrase)
    try:
        courier = open_courier(here, config)
        if courier is None:
            hint = 'no partner_url, or transport = "file"; `safeconduct exchange export` writes a file'
            raise SafeconductError("no-partner", hint)
        try:
            done = courier.round()
        finally:
            courier.stop()
        words = in_words(completeness(here), done.waiting)
    finally:
        close_node(here)
    head = "our head is cosigned" if done.cosigned else "our head is not cosigned yet"
    text = f"delivered {done.delivered}, refused {done.refused}, set aside there {done.parked}; {head}\n"
    tell({**asdict(done), "words": words}, as_json=as_json, text=text + "\n".join(words))


@app.command()
def status(node: NodeDir = HERE, as_json: Json = False) -> None:
    """Show what is due, what waits, what was refused, and whether everything came."""
    with opened(node) as here:
        view = show_exchange(here)
    plain = asdict(view)
    plain["completeness"] = _plain(plain["completeness"])
    tell(plain, as_json=as_json, text="\n".join(_lines(view)))


@app.command()
def missing(node: NodeDir = HERE, as_json: Json = False) -> None:
    """Say what the partner stated to have sent and is not here, by entries of its ledger."""
    with opened(node) as here:
        found = completeness(here)
    lines = [*in_words(found, 0), *(f"  missing: entry {i:,}, {kind}, {d.hex()[:16]}" for i, kind, d in found.missing)]
    tell(_plain({**asdict(found), "complete": found.complete}), as_json=as_json, text="\n".join(lines))


@app.command("export")
def export_(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="the file to write")],
    to: Annotated[str, typer.Option("--to", help="the partner's id; only it can open the file")],
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Write all that the partner has not confirmed into one sealed, signed file."""
    with opened(node) as here, Progress(console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("sealing", total=None)
        made = export_file(here, to, path, lambda done, of: bar.update(task, completed=done, total=of))
    told = {"file": str(made.path), "envelopes": made.count, "bytes": made.size, "to": to}
    text = f"{made.path}: {made.count:,} envelopes, {made.size:,} bytes, for {to} alone\n"
    text += f"they stay due until {to} states that it has them"
    tell(told, as_json=as_json, text=text)


@app.command("import")
def import_(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="a file from the partner")],
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Take in a sealed file from the partner; one that was brought before changes nothing."""
    with opened(node) as here, Progress(console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("reading", total=None)
        done = import_file(here, path, lambda read, of: bar.update(task, completed=read, total=of))
        words = in_words(completeness(here), 0)
    if isinstance(done, Refusal):
        refuse(done, as_json=as_json)
    text = (
        f"from {done.sender}, written {iso(done.at)}: {done.taken:,} taken in, {done.duplicate:,} known, "
        f"{done.parked:,} set aside, {len(done.refused):,} refused\n"
    )
    tell({**asdict(done), "words": words}, as_json=as_json, text=text + "\n".join(words))


def _lines(view: ExchangeView) -> list[str]:
    heard = f"last signed word: {iso(view.heard_at)}" if view.heard_at is not None else "the partner was not heard yet"
    counts = f"delivered {view.delivered:,}, due {view.due:,}, refused there {view.refused_there:,}"
    lines = [*view.words, heard, counts]
    for row in view.queue:
        tried = f", tried {row.attempts} times: {row.last_error}" if row.attempts else ""
        lines.append(f"  due: {row.kind}, entry {row.ledger_index:,}, since {iso(row.at)}{tried}")
    lines += [
        f"  refused there: {row.kind}, entry {row.ledger_index:,}: {row.last_error}" for row in view.refused_lines
    ]
    lines += [f"  waits here: {one.kind}, for: {one.code} {one.detail}" for one in view.waiting]
    lines += [f"  gave up here: {one.kind}, {one.code} {one.detail}" for one in view.expired]
    return [*lines, *(f"  refused here: {one.kind}, {one.code} {one.detail}" for one in view.refused)]


def _plain(found: dict[str, object]) -> dict[str, object]:
    """Return completeness with digests in hexadecimal."""
    for name in ("missing", "never_sent"):
        rows = found[name]
        assert isinstance(rows, tuple)  # noqa: S101  (asdict keeps tuples)
        found[name] = [{"entry": i, "kind": kind, "digest": digest.hex()} for i, kind, digest in rows]
    unstated = found["unstated"]
    assert isinstance(unstated, tuple)  # noqa: S101
    found["unstated"] = [{"digest": digest, "entry_here": index} for digest, index in unstated]
    return found
