"""Option `--phones` of `safeconduct pass`: keys of travellers' phones, and links that bring passes to them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.speak import read_file
from safeconduct.config import load_config
from safeconduct.errors import BadInput
from safeconduct.passes.holding import pass_link
from safeconduct.workflows.bind_passes import read_phones

Phones = Annotated[
    Path | None, typer.Option("--phones", help="CSV: group_id, key (SCK1:…) of the phone that its passes are bound to")
]


def phone_keys(file: Path | None) -> dict[str, bytes]:
    """Read a file of phones; nothing without one.

    Raises:
        BadInput: naming the line and what was seen.
    """
    if file is None:
        return {}
    try:
        text = read_file(file).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput("bad-phones", where=str(file), expected="CSV in UTF-8", seen=str(error)) from None
    return read_phones(text, str(file))


def hold_address(node: Path) -> str:
    """Return the address of the travellers' own page, empty where no phone outside can reach the node."""
    public = load_config(node).public_url.rstrip("/")
    return f"{public}/scan/hold" if public else ""


def hold_link(base: str, row: Mapping[str, str]) -> str:
    """Return the link that brings an issued pass to its phone, with its control point."""
    return pass_link(base, row["text"], row["point"])
