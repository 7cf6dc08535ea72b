"""`safeconduct scan`: decide offline with nothing but a bundle file, as a gate's device does."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.agreements.fields import moment
from safeconduct.cli.speak import REFUSED, Json, given, read_file, refuse, tell
from safeconduct.errors import BadInput, Refusal
from safeconduct.gate.decide import Scan, UsedHere, decide
from safeconduct.gate.decide_spoken import SpokenScan, decide_spoken
from safeconduct.passes.bundle import open_bundle
from safeconduct.passes.spoken import as_words
from safeconduct.seal.keys import VerifyKey
from safeconduct.workflows.clock import SystemClock


def scan(
    text: Annotated[str, typer.Argument(help="the pass as text, SC1:…; - reads it, or six words, from standard input")],
    bundle: Annotated[Path, typer.Option(help="the trust bundle, a file")],
    root: Annotated[str, typer.Option(help="the issuer's root key, 64 hexadecimal digits")],
    agreement: Annotated[str, typer.Option(help="id of the agreement")],
    point: Annotated[str, typer.Option(help="this device's control point")],
    at: Annotated[str | None, typer.Option(help="ISO time with Z; now by default")] = None,
    words: Annotated[str | None, typer.Option(help="the words, when asked for")] = None,
    proof: Annotated[str | None, typer.Option(help="the second code of their phone, SCH1:…, when asked for")] = None,
    as_json: Json = False,
) -> None:
    """Decide on one pass offline; exit status 1 if it is refused."""
    try:
        key = VerifyKey.load(bytes.fromhex(root), where="root")
    except ValueError:
        raise BadInput("bad-key", where="root", expected="64 hexadecimal digits", seen=root) from None
    now = moment(at, where="at") if at else SystemClock().now()
    loaded = open_bundle(read_file(bundle), root=key, agreement_id=agreement, now=now)
    if isinstance(loaded, Refusal):
        refuse(loaded, as_json=as_json)
    told = given(text)
    said = as_words(told)
    if said is None:
        made = decide(loaded, UsedHere(), Scan(told, point, now, words=words, proof=proof))
    else:
        made = decide_spoken(loaded, UsedHere(), SpokenScan(said, point, now))
    when = datetime.fromtimestamp(now, UTC).isoformat()
    tell({"admit": made.admit, "reason": made.reason, "people": made.heads, "next_step": made.next_step, "at": when},
         as_json=as_json, text=f"{'PASS' if made.admit else 'NO'}: {made.reason}; {made.next_step}")  # fmt: skip
    if not made.admit:
        raise typer.Exit(REFUSED)
