"""`safeconduct ledger`: the head, what crossed, and evidence files."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.agreements.fields import moment
from safeconduct.cli.speak import HERE, Json, NodeDir, commands, opened, tell, write_file
from safeconduct.workflows.cosign_head import heads
from safeconduct.workflows.list_crossings import list_crossings
from safeconduct.workflows.make_evidence import make_evidence

app = commands("The append-only log that neither party can rewrite.")


@app.command()
def head(node: NodeDir = HERE, as_json: Json = False) -> None:
    """Show the size and root of the ledger, and the newest cosigned head."""
    with opened(node) as here, here.store.reading() as tx:
        size, root, both = tx.ledger.size(), tx.ledger.root().hex(), heads(tx)
    tell({"size": size, "root": root, "cosigned": both.ours, "partner": both.theirs}, as_json=as_json,
         text=f"{size:,} entries, root {root}\n{both.ours or 'not cosigned yet'}")  # fmt: skip


@app.command()
def crossings(
    since: Annotated[str, typer.Option(help="from this day on, YYYY-MM-DD")],
    partner: Annotated[str | None, typer.Option(help="id of one partner")] = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """List what went to a partner and came from it since a day, oldest first."""
    start = moment(f"{since}T00:00:00Z", where="--since")
    with opened(node) as here:
        found = list_crossings(here, start, partner)
    ways = {"out": "to", "in": "from"}
    lines = [f"{one.at}  {ways[one.direction]:<4} {one.partner}  {one.kind}  entry {one.ledger_index}" for one in found]
    tell({"since": since, "crossings": [asdict(one) for one in found]}, as_json=as_json,
         text="\n".join(lines) or f"nothing has crossed since {since}")  # fmt: skip


@app.command()
def evidence(
    index: Annotated[int, typer.Argument(help="index of the entry")],
    out: Annotated[Path, typer.Argument(help="file to write")],
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Write one file that proves an entry to a stranger who has both public keys."""
    with opened(node) as here:
        data = make_evidence(here, index)
    write_file(out, data)
    tell({"file": str(out), "bytes": len(data)}, as_json=as_json, text=f"{out}: {len(data):,} bytes")
