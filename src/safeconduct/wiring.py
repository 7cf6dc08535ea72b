"""Builds a node from its configuration; the only place that knows every part."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from safeconduct.config import CONFIG_NAME, NodeConfig
from safeconduct.errors import BadInput
from safeconduct.exchange.courier import Courier
from safeconduct.exchange.taxii_client import TaxiiWay
from safeconduct.operators.people import FIRST, to_json
from safeconduct.operators.tokens import token_digest
from safeconduct.storage.apart import Apart
from safeconduct.storage.database import SqliteStore
from safeconduct.storage.vault import FileVault, OsRandom, in_threads, make_keys, party_card
from safeconduct.workflows.claim_index import index_all
from safeconduct.workflows.clock import Clock, ExerciseClock, SystemClock
from safeconduct.workflows.common import store_card
from safeconduct.workflows.inventory import index_sent
from safeconduct.workflows.ports import Node
from safeconduct.workflows.receive_segment import open_accepted


@dataclass(frozen=True, slots=True)
class Running:
    """A node with what runs around it."""

    node: Node
    config: NodeConfig
    courier: Courier | None


def init_node(
    folder: Path, config: NodeConfig, *, passphrase: str | None, root_public: bytes | None = None,
    root_card: bytes = b"",
) -> str:  # fmt: skip
    """Make a new node in an empty folder: settings, keys, database; return the first operator's sign-in token.

    With `root_public` (32 bytes) the root key is kept apart, and never comes to this machine; `root_card` says who
    made it, and becomes the first entry of the ledger.

    Raises:
        BadInput: the folder holds a node already, or a root without passphrase is asked for outside an exercise.
    """
    if (folder / CONFIG_NAME).exists():
        raise BadInput("node-exists", where=str(folder), expected="a folder without a node", seen=CONFIG_NAME)
    if passphrase is None and root_public is None and not config.exercise:
        raise BadInput("no-passphrase", where="root key", expected="a passphrase outside an exercise", seen="none")
    random = OsRandom()
    config.data_dir.mkdir(parents=True, exist_ok=True)
    make_keys(config.data_dir / "keys", random, passphrase=passphrase, apart=root_public is not None)
    vault = FileVault(config.data_dir / "keys", (lambda: passphrase) if passphrase else None)
    store = SqliteStore(config.data_dir, create=True)
    public = vault.root().public if root_public is None else root_public
    card = party_card(config.party, config.name, vault, public)
    token = random.bytes(24).hex()
    with store.transaction() as tx:
        store_card(tx, card, 0)
        tx.records.set("own-root", public)
        if root_card:
            tx.ledger.append("own:root-made", root_card, random.bytes(32), 0)
        tx.records.add("operator", FIRST.id, to_json(replace(FIRST, token=token_digest(token))), 0)
    store.close()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CONFIG_NAME).write_text(_toml(config, folder), "utf-8")
    return token


def _toml(config: NodeConfig, folder: Path) -> str:
    def quoted(value: str) -> str:
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'

    data_dir = config.data_dir.relative_to(folder) if config.data_dir.is_relative_to(folder) else config.data_dir
    return "\n".join(
        [
            f"party = {quoted(config.party)}",
            f"name = {quoted(config.name)}",
            f"data_dir = {quoted(str(data_dir))}",
            f"host = {quoted(config.host)}",
            f"port = {config.port}",
            f"exercise = {'true' if config.exercise else 'false'}",
            f"partner_url = {quoted(config.partner_url)}",
            f"transport = {quoted(config.transport)}",
            f"sign_in = {'true' if config.sign_in else 'false'}",
            f"public_cap = {'true' if config.public_cap else 'false'}",
            "",
        ]
    )


def open_node(config: NodeConfig, passphrase: Callable[[], str] | None = None) -> Node:
    """Open a node's store and keys.

    Raises:
        NodeUnavailable: the database or the keys cannot be used as they stand.
    """
    store = SqliteStore(config.data_dir)
    vault = FileVault(config.data_dir / "keys", passphrase)
    with store.reading() as tx:
        root_public = tx.records.get("own-root") or b""
        set_at = tx.records.get("exercise-clock")
    clock: Clock = ExerciseClock(int(set_at or b"0")) if config.exercise else SystemClock()
    index_all(store)
    index_sent(store)
    return Node(
        party=config.party,
        name=config.name,
        exercise=config.exercise,
        store=store,
        vault=vault,
        clock=clock,
        random=OsRandom(),
        card=party_card(config.party, config.name, vault, root_public),
        parallel=in_threads,
        apart=Apart(),
    )


def start_node(config: NodeConfig) -> Running:
    """Open a node and make the courier to its partner, if it has one; finish what a crash cut off."""
    node = open_node(config)
    open_accepted(node)
    return Running(node, config, open_courier(node, config))


def open_courier(node: Node, config: NodeConfig) -> Courier | None:
    """Return the courier to the partner, None where envelopes travel by file or the partner has no node."""
    if not config.partner_url or config.transport == "file":
        return None
    courier = Courier(node, config.partner_url)
    if config.transport == "taxii":
        courier.use(TaxiiWay(node, courier.http))
    return courier


def close_node(node: Node) -> None:
    """Close a node's files, and its second process."""
    if isinstance(node.apart, Apart):
        node.apart.close()
    if isinstance(node.store, SqliteStore):
        node.store.close()
