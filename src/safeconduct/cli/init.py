"""`safeconduct init`: make a new node."""

from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.speak import Json, read_file, refuse, tell
from safeconduct.config import config_from
from safeconduct.errors import Refusal
from safeconduct.passes.ceremony import open_made
from safeconduct.wiring import init_node


def init(
    folder: Annotated[Path, typer.Argument(help="a new folder for the node")],
    party: Annotated[str, typer.Option(help="short neutral id of your party, such as north")],
    name: Annotated[str, typer.Option(help="neutral name shown on pages")],
    port: Annotated[int, typer.Option(help="TCP port on loopback")] = 8400,
    partner_url: Annotated[str, typer.Option(help="base address of the partner's node, if it has one")] = "",
    exercise: Annotated[
        bool, typer.Option(help="for practice: watermarked, unprotected keys, clock can be set")
    ] = False,
    root: Annotated[
        Path | None, typer.Option(help="card of a root key that is kept apart, as `root ceremony` wrote it")
    ] = None,
    as_json: Json = False,
) -> None:
    """Make a new node: settings, keys, database. Asks for a passphrase for the root key, unless that is kept apart."""
    settings: dict[str, object] = {
        "party": party, "name": name, "port": port, "partner_url": partner_url, "exercise": exercise,
    }  # fmt: skip
    config = config_from(settings, where="options", base=folder)
    passphrase = None
    card = b"" if root is None else read_file(root)
    made = None if root is None else open_made(card)
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    if not exercise and made is None:
        passphrase = str(
            typer.prompt("new passphrase of the root key", hide_input=True, confirmation_prompt=True, err=True)
        )
    token = init_node(folder, config, passphrase=passphrase, root_public=made.public if made else None,
                      root_card=card)  # fmt: skip
    tell(
        {"folder": str(folder), "party": party, "token": token},
        as_json=as_json,
        text=f"Node of {name} made in {folder}.\n"
        f"Sign-in token of the first operator, shown this once: {token}\n"
        f"Next: safeconduct node run --node {folder}",
    )
