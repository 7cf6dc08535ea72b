"""`safeconduct tls`: the root that phones trust, and a new one."""

from typing import Annotated

import typer

from safeconduct.agreements.fields import iso
from safeconduct.cli.speak import HERE, Json, NodeDir, commands, tell
from safeconduct.config import load_config
from safeconduct.errors import SafeconductError
from safeconduct.storage.tls_files import host_names, own_files, read_root
from safeconduct.workflows.clock import SystemClock

app = commands("TLS under the party's own root: what phones compare, and a new root.")
FOLDER = "tls"  # within the node's data folder


@app.command()
def show(node: NodeDir = HERE, as_json: Json = False) -> None:
    """Show the number that phones compare before they trust this node, as pairs and as words."""
    root = read_root(load_config(node).data_dir / FOLDER)
    if root is None:
        raise SafeconductError("no-tls-root", "no TLS root of its own yet; `safeconduct node run --tls own` makes one")
    names, until = list(root.names), iso(root.until)
    text = f"SHA-256 {root.pairs}\n{root.words}\nfor {', '.join(names)}, until {until}"
    tell({"sha256": root.pairs, "words": root.words, "names": names, "until": until}, as_json=as_json, text=text)


@app.command("new-root")
def new_root(
    name: Annotated[list[str] | None, typer.Option(help="a further name or address of the node; repeat it")] = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Make another TLS root, for other names or after a loss; every phone has to trust it anew. Restart the node."""
    config = load_config(node)
    folder = config.data_dir / FOLDER
    now = SystemClock().now()
    for old in ("root.crt", "root.key", "node.crt", "node.key"):
        if (folder / old).exists():
            (folder / old).rename(folder / f"{old}.before-{now}")
    named = [one for one in config.tls_names.split(",") if one.strip()]
    own_files(folder, config.party, [*host_names(config.host), *named, *(name or ())], now)
    show(node=node, as_json=as_json)
