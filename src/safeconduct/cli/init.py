"""`safeconduct init`: make a new node."""

from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.speak import Json, tell
from safeconduct.config import config_from
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
    as_json: Json = False,
) -> None:
    """Make a new node: settings, keys, database. Asks for a passphrase for the root key."""
    settings: dict[str, object] = {
        "party": party, "name": name, "port": port, "partner_url": partner_url, "exercise": exercise,
    }  # fmt: skip
    config = config_from(settings, where="options", base=folder)
    passphrase = None
    if not exercise:
        passphrase = str(
            typer.prompt("new passphrase of the root key", hide_input=True, confirmation_prompt=True, err=True)
        )
    token = init_node(folder, config, passphrase=passphrase)
    tell(
        {"folder": str(folder), "party": party, "token": token},
        as_json=as_json,
        text=f"Node of {name} made in {folder}.\n"
        f"Sign-in token of the first operator, shown this once: {token}\n"
        f"Next: safeconduct node run --node {folder}",
    )
