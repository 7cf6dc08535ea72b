"""`safeconduct verify`: check an evidence file with nothing but two public keys."""

from pathlib import Path
from typing import Annotated

import typer

from safeconduct.agreements.fields import iso
from safeconduct.cli.speak import Json, read_file, refuse, tell
from safeconduct.errors import Refusal
from safeconduct.ledger.evidence import verify as verify_evidence
from safeconduct.ledger.note import parse_vkey


def verify(
    file: Annotated[Path, typer.Argument(help="an evidence file")],
    log_key: Annotated[str, typer.Option(help="public key of the log (its vkey)")],
    witness_key: Annotated[str, typer.Option(help="public key of the party that cosigned (its vkey)")],
    as_json: Json = False,
) -> None:
    """Check that an entry is in one party's log and that the other party saw it there."""
    found = verify_evidence(read_file(file), parse_vkey(log_key), parse_vkey(witness_key))
    if isinstance(found, Refusal):
        refuse(found, as_json=as_json)
    tell(
        {"verified": True, "origin": found.origin, "index": found.index, "size": found.size, "witness": found.witness,
         "cosigned_at": iso(found.cosigned_at), "envelope_bytes": len(found.envelope)},
        as_json=as_json,
        text=f"verified: entry {found.index:,} of {found.origin}, seen by {found.witness} at {iso(found.cosigned_at)} "
        f"when the log had {found.size:,} entries",
    )  # fmt: skip
