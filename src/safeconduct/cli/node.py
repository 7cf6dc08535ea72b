"""`safeconduct node`: run it, look at it, exchange party cards."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.speak import HERE, Json, NodeDir, commands, opened, read_file, tell
from safeconduct.config import NodeConfig, checked
from safeconduct.errors import BadInput
from safeconduct.workflows.certify_key import certify_key
from safeconduct.workflows.common import store_card
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.rows import PartyCard
from safeconduct.workflows.show_room import show_room

app = commands("Run a node and look at it.")


@app.command()
def run(
    tls: Annotated[str, typer.Option(help="own: TLS under the party's own root")] = "",
    tls_cert: Annotated[str, typer.Option(help="file of a given certificate, PEM")] = "",
    tls_key: Annotated[str, typer.Option(help="file of its key, PEM")] = "",
    tls_name: Annotated[
        list[str] | None, typer.Option(help="a name or address by which phones reach the node; repeat it")
    ] = None,
    host: Annotated[str, typer.Option(help="address to listen on; 0.0.0.0 for phones in the same network")] = "",
    port: Annotated[int, typer.Option(help="TCP port, instead of the one of the settings file")] = 0,
    trust_port: Annotated[int, typer.Option(help="plain port of the page that helps a phone to trust the node")] = 0,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Serve the node until it is stopped; what is given here holds over the settings file."""
    from safeconduct.web.api.app import serve  # noqa: PLC0415  (a large import that only this command needs)

    given = {"tls": tls or ("given" if tls_cert or tls_key else ""), "tls_cert": tls_cert, "tls_key": tls_key,
             "tls_names": ",".join(tls_name or ()), "host": host, "port": port,
             "trust_port": trust_port}  # fmt: skip

    def changed(config: NodeConfig) -> NodeConfig:
        told = {name: value for name, value in given.items() if value}
        return checked(replace(config, **told), where="options")  # type: ignore[arg-type]

    def ready(config: NodeConfig) -> None:
        url = f"{'https' if config.tls else 'http'}://{config.host}:{config.port}/"
        told = {"party": config.party, "url": url}
        text = f"{config.name}: {url} — Ctrl-C ends it"
        if config.trust_port:
            told["trust"] = f"http://{config.host}:{config.trust_port}/trust"
            text += f"\nphones first open {told['trust']}; the room's screen is {url}trust/room"
        tell(told, as_json=as_json, text=text)

    serve(node, ready, changed)


@app.command()
def status(node: NodeDir = HERE, as_json: Json = False) -> None:
    """Show the node's state in a few lines."""
    with opened(node) as here:
        room = show_room(here)
    needs = "\n".join(f"  needs you: {line}" for line in room.needs_you)
    size = room.ledger.size if room.ledger else 0
    tell(
        {"party": room.party, "agreement": room.agreement_state, "people": room.roll, "departed": room.departed,
         "passes": room.passes, "unanswered": room.unanswered, "conflicts": room.conflicts, "ledger": size,
         "needs_you": list(room.needs_you)},
        as_json=as_json,
        text=f"{room.party_name}: agreement {room.agreement_state}, {room.time_left}\n"
        f"  people {room.roll:,}, out {room.departed:,}, passes {room.passes:,}\n"
        f"  ledger {size:,} entries\n{needs}",
    )  # fmt: skip


@app.command()
def card(node: NodeDir = HERE, as_json: Json = False) -> None:
    """Print this party's card (public keys only), for the partner; compare it by other means too."""
    with opened(node) as here:
        text = json.dumps(asdict(here.card), indent=1)
        tell(asdict(here.card), as_json=as_json, text=text)


@app.command()
def trust(
    card_file: Annotated[Path, typer.Argument(help="the partner's card")], node: NodeDir = HERE, as_json: Json = False
) -> None:
    """Remember the partner's card, after comparing its root key with them by other means."""
    try:
        given = PartyCard(**json.loads(read_file(card_file)))
    except (ValueError, TypeError) as error:
        raise BadInput("bad-card", where=str(card_file), expected="a party card", seen=str(error)) from None
    with opened(node) as here, here.store.transaction() as tx:
        store_card(tx, given, here.clock.now())
    tell({"party": given.party, "root": given.root_public}, as_json=as_json,
         text=f"{given.name} is known now; root key {given.root_public}")  # fmt: skip


@app.command()
def certify(
    new_key: Annotated[
        bool,
        typer.Option(
            "--new-key", help="a new key in the old one's place, which is gone then, and a bundle that it signs"
        ),
    ] = False,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Let the root key certify the online key for the next seven days."""
    with opened(node) as here:
        _, until = certify_key(here, new_key=new_key)
        public = here.vault.status().public.hex()
        seq = publish_bundle(here) if new_key else None
    what = f"a new online key signs from bundle {seq} on, and is" if new_key else "the online key is"
    tell({"certified_days": 7, "key": public, "bundle": seq, "until": until}, as_json=as_json,
         text=f"{what} certified for seven days")  # fmt: skip
