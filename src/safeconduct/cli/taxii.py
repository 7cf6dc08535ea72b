"""`safeconduct taxii`: collections of STIX objects, and the clients that may read or fill them."""

from dataclasses import asdict
from typing import Annotated

import typer

from safeconduct.agreements.fields import iso
from safeconduct.cli.speak import HERE, Json, NodeDir, commands, opened, tell
from safeconduct.workflows.taxii_access import RATE, SIZE
from safeconduct.workflows.taxii_admin import SHARED, add_client, add_collection, agreement_collections, remove_client
from safeconduct.workflows.taxii_rows import STIX_TYPE, Right

app = commands("STIX over TAXII 2.1: collections for the partner and for other platforms.")
clients = commands("Programs that may use collections, each by a token of its own.")
collections = commands("Collections: one each way for the agreement, and those made here.")
app.add_typer(collections, name="collection")
app.add_typer(clients, name="client")
WAYS = {"out": "to the partner", "in": "from the partner", "own": "for named clients"}


@collections.command("add")
def collection_add(
    alias: Annotated[str, typer.Argument(help="short name: a–z, 0–9, dot, hyphen, underscore")],
    title: Annotated[str, typer.Option(help="what it is called, for people")],
    description: Annotated[str, typer.Option(help="what it holds")] = "",
    root: Annotated[str, typer.Option(help="last part of its API root, /taxii/ROOT/")] = SHARED,
    media_type: Annotated[
        list[str] | None,
        typer.Option(
            help=f"what it holds, repeatable: {STIX_TYPE} if not given, the same with 2.0, or without a version"
        ),
    ] = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Make a collection for named clients."""
    with opened(node) as here:
        made = add_collection(here, alias=alias, title=title, description=description, root=root,
                              media_types=media_type or (STIX_TYPE,))  # fmt: skip
    where = f"/taxii/{made.root}/collections/{made.id}/"
    tell(
        {"id": made.id, "alias": made.alias, "root": made.root, "path": where, "media_types": made.media.split()},
        as_json=as_json,
        text=f"collection {made.alias} is {where}\nnext: safeconduct taxii client add NAME --read {made.alias}",
    )


@collections.command("list")
def collection_list(node: NodeDir = HERE, as_json: Json = False) -> None:
    """List all collections with what they hold."""
    with opened(node) as here:
        agreement_collections(here)
        with here.store.reading() as tx:
            found = [(one, tx.taxii.count(one.id)) for one in tx.taxii.collections()]
    lines = [f"{one.alias:<24} {WAYS[one.way]:<18} {count:>9,} versions  /taxii/{one.root}/collections/{one.id}/"
             for one, count in found]  # fmt: skip
    told = [{**asdict(one), "versions": count} for one, count in found]
    tell({"collections": told}, as_json=as_json, text="\n".join(lines) or "no collection yet; an agreement makes two, "
         "and `safeconduct taxii collection add` makes others")  # fmt: skip


@clients.command("add")
def client_add(
    name: Annotated[str, typer.Argument(help="short name: a–z, 0–9, dot, hyphen, underscore")],
    read: Annotated[list[str] | None, typer.Option(help="id or alias of a collection it may read; repeatable")] = None,
    write: Annotated[list[str] | None, typer.Option(help="id or alias of one it may fill; repeatable")] = None,
    rate: Annotated[int, typer.Option(help="requests a minute, 0 for no limit")] = RATE,
    size: Annotated[int, typer.Option(help="bytes of one request at most")] = SIZE,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Make a client; its token is shown this once."""
    with opened(node) as here:
        token = add_client(here, name, read=read or (), write=write or (), rate=rate, size=size)
    tell(
        {"client": name, "token": token},
        as_json=as_json,
        text=f"token of {name}, shown this once: {token}\n"
        f"It signs in with HTTP Basic (user {name}, password the token) or with a Bearer token, and begins at /taxii2/",
    )


@clients.command("list")
def client_list(node: NodeDir = HERE, as_json: Json = False) -> None:
    """List clients with what each may do."""
    with opened(node) as here, here.store.reading() as tx:
        found = [(one, tx.taxii.rights(one.name)) for one in tx.taxii.clients()]
    lines = [f"{one.name:<24} since {iso(one.at)}  {', '.join(map(_said, rights))}  "
             f"{f'{one.rate:,} requests a minute' if one.rate else 'any number of requests'}, {one.size:,} bytes"
             for one, rights in found]  # fmt: skip
    told = [
        {"name": one.name, "since": one.at, "rate": one.rate, "size": one.size,
         "rights": [{"collection": r.collection.id, "alias": r.collection.alias, "read": r.read, "write": r.write}
                    for r in rights]}
        for one, rights in found
    ]  # fmt: skip
    tell({"clients": told}, as_json=as_json, text="\n".join(lines) or "no client yet; "
         "`safeconduct taxii client add NAME --read COLLECTION` makes one")  # fmt: skip


@clients.command("remove")
def client_remove(
    name: Annotated[str, typer.Argument(help="the client")], node: NodeDir = HERE, as_json: Json = False
) -> None:
    """Take a client's token away; what it posted stays."""
    with opened(node) as here:
        remove_client(here, name)
    tell({"removed": name}, as_json=as_json, text=f"{name} is let in no more; what it posted stays")


def _said(right: Right) -> str:
    may = " and ".join(word for word, may in (("reads", right.read), ("fills", right.write)) if may)
    return f"{may} {right.collection.alias}"
