"""`safeconduct ledger`: the head, and evidence files."""

from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.speak import HERE, Json, NodeDir, opened, tell
from safeconduct.workflows.cosign_head import heads
from safeconduct.workflows.make_evidence import make_evidence

app = typer.Typer(help="The append-only log that neither party can rewrite.", no_args_is_help=True)


@app.command()
def head(node: NodeDir = HERE, as_json: Json = False) -> None:
    """Show the size and root of the ledger, and the newest cosigned head."""
    with opened(node) as here, here.store.reading() as tx:
        size, root, both = tx.ledger.size(), tx.ledger.root().hex(), heads(tx)
    tell({"size": size, "root": root, "cosigned": both.ours, "partner": both.theirs}, as_json=as_json,
         text=f"{size:,} entries, root {root}\n{both.ours or 'not cosigned yet'}")  # fmt: skip


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
    out.write_bytes(data)
    tell({"file": str(out), "bytes": len(data)}, as_json=as_json, text=f"{out}: {len(data):,} bytes")
