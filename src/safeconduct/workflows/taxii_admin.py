"""Makes collections and clients: one collection each way for an agreement, others and their clients by command."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from safeconduct.errors import BadInput
from safeconduct.operators.tokens import token_digest
from safeconduct.seal.canonical import encode_json
from safeconduct.workflows.common import in_force, partner_of
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx
from safeconduct.workflows.taxii_access import RATE, SIZE
from safeconduct.workflows.taxii_rows import MEDIA, STIX_TYPE, Client, Collection

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}", re.ASCII)
ROOT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._:-]{0,62}[A-Za-z0-9])?", re.ASCII)
SHARED = "shared"  # the API root of collections that belong to no agreement
MOST_RATE, MOST_SIZE = 10_000_000, 32 << 20
TEXT = 400  # characters of a title or description


def agreement_collections(node: Node) -> tuple[Collection, Collection] | None:
    """Return the collections (to the partner, from the partner) of the agreement in force, made on first use."""
    with node.store.reading() as tx:
        found = _both(node, tx)
        if found is None or None not in found:
            return found  # type: ignore[return-value]  # neither is None
    with node.store.transaction() as tx:
        return ensure_collections(node, tx)


def ensure_collections(node: Node, tx: Tx) -> tuple[Collection, Collection] | None:
    """Return the same inside a transaction that writes."""
    found, agreement = _both(node, tx), in_force(tx)
    if found is None or agreement is None:
        return None
    partner = partner_of(node, agreement[0])
    made = [
        one or _keep(node, tx, root=agreement[0].id, alias=f"{word}-{partner}", title=f"{word} {partner}", way=way,
                     party=partner, description="")
        for one, word, way in zip(found, ("to", "from"), ("out", "in"), strict=True)
    ]  # fmt: skip
    return made[0], made[1]


def publish(node: Node, tx: Tx, objects: Sequence[Mapping[str, Any]], *, added_at: int) -> int:
    """Put STIX objects of our own into the collection to the partner; return how many versions were new.

    Args:
        node: this node.
        tx: the transaction in which what they tell of is logged.
        objects: at most one version of each object.
        added_at: unix seconds, cut to the slot of what is told.
    """
    found = ensure_collections(node, tx)
    return 0 if found is None else tx.taxii.publish(found[0].id, objects, added_at=added_at)


def add_collection(
    node: Node, *, alias: str, title: str, description: str = "", root: str = SHARED,
    media_types: Sequence[str] = (STIX_TYPE,),
) -> Collection:  # fmt: skip
    """Make a collection for named clients.

    Args:
        node: this node.
        alias: short name, once in its root.
        title: what it is called, for people.
        description: what it holds.
        root: last part of its API root's path.
        media_types: STIX of one version each, or of any; the collection holds these and no other.

    Raises:
        BadInput: `bad-name`, or `name-taken`.
    """
    _named("alias", alias, NAME)
    _named("root", root, ROOT)
    for where, text in (("title", title), ("description", description)):
        if len(text) > TEXT or not text.isprintable() or (where == "title" and not text.strip()):
            raise BadInput("bad-name", where=where, expected=f"text up to {TEXT} characters", seen=text)
    wrong = [one for one in media_types if one not in MEDIA]
    if wrong or not media_types or len(set(media_types)) != len(media_types):
        raise BadInput("bad-name", where="media-type", expected=", ".join(MEDIA) + ", each once",
                       seen=" ".join(wrong or media_types))  # fmt: skip
    with node.store.transaction() as tx:
        taken = tx.taxii.collection(alias, root)
        agreement = in_force(tx)
        if taken is not None or (agreement is not None and agreement[0].id == root):
            raise BadInput("name-taken", where="alias", expected="a new name, in a root of no agreement", seen=alias)
        return _keep(node, tx, root=root, alias=alias, title=title, description=description, party="", way="own",
                     media=" ".join(media_types))  # fmt: skip


def add_client(
    node: Node, name: str, *, read: Sequence[str], write: Sequence[str], rate: int = RATE, size: int = SIZE
) -> str:
    """Make a client; return its token, which is kept as a digest only and cannot be shown again.

    Args:
        node: this node.
        name: how it names itself with HTTP Basic.
        read: ids or aliases of the collections that it may read.
        write: likewise, to write to.
        rate: requests a minute, 0 for no limit.
        size: bytes of one request.

    Raises:
        BadInput: `bad-name`, `name-taken`, `bad-limit`, `unknown-collection`, or `wrong-way` where it would write into
            what goes out to the partner.
    """
    _named("client", name, NAME)
    for where, value, low, high in (("rate", rate, 0, MOST_RATE), ("size", size, 1_024, MOST_SIZE)):
        if not low <= value <= high:
            raise BadInput("bad-limit", where=where, expected=f"{low} to {high}", seen=value)
    agreement_collections(node)
    token = node.random.bytes(24).hex()
    now = node.clock.now()
    with node.store.transaction() as tx:
        if tx.taxii.client(name) is not None:
            raise BadInput("name-taken", where="client", expected="a new name", seen=name)
        rights: dict[str, tuple[bool, bool]] = {}
        for wanted, chosen in (("read", read), ("write", write)):
            for one in chosen:
                found = _existing(tx, one)
                if wanted == "write" and found.way == "out":
                    raise BadInput("wrong-way", where="write", expected="a collection that others may fill", seen=one)
                may_read, may_write = rights.get(found.id, (False, False))
                rights[found.id] = (may_read or wanted == "read", may_write or wanted == "write")
        if not rights:
            raise BadInput("bad-limit", where="rights", expected="a collection to read or to write", seen="none")
        tx.taxii.add_client(Client(name, token_digest(token), rate, size, now), rights)
        _log(node, tx, {"act": "add", "client": name, "rights": {i: list(r) for i, r in rights.items()}})
    return token


def remove_client(node: Node, name: str) -> None:
    """Take a client's token and rights away; what it posted stays.

    Raises:
        BadInput: `unknown-client`.
    """
    with node.store.transaction() as tx:
        if not tx.taxii.remove_client(name):
            raise BadInput("unknown-client", where="client", expected="the name of a client", seen=name)
        _log(node, tx, {"act": "remove", "client": name})


def _both(node: Node, tx: Tx) -> tuple[Collection | None, Collection | None] | None:
    agreement = in_force(tx)
    if agreement is None:
        return None
    root, partner = agreement[0].id, partner_of(node, agreement[0])
    return tx.taxii.collection(f"to-{partner}", root), tx.taxii.collection(f"from-{partner}", root)


def _keep(node: Node, tx: Tx, **fields: Any) -> Collection:
    made = tx.taxii.add_collection(Collection(0, id=node.random.id(), at=node.clock.now(), **fields))
    _log(node, tx, {"act": "collection", "alias": made.alias, "id": made.id, "root": made.root, "way": made.way,
                   "media": made.media.split()})  # fmt: skip
    return made


def _existing(tx: Tx, name: str) -> Collection:
    found = tx.taxii.collection(name)
    if found is None:
        raise BadInput("unknown-collection", where="collection", expected="the id or alias of a collection", seen=name)
    return found


def _named(where: str, text: str, form: re.Pattern[str]) -> None:
    if not form.fullmatch(text):
        raise BadInput("bad-name", where=where, expected="up to 63 of a–z, 0–9, dot, hyphen, underscore", seen=text)


def _log(node: Node, tx: Tx, entry: Mapping[str, Any]) -> None:
    tx.ledger.append("own:taxii", encode_json(dict(entry)), node.random.bytes(32), node.clock.now())
