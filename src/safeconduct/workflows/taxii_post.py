"""Takes in what a client posts to a collection, and takes away what it deletes from one of its own.

Every post is one entry of the ledger, `in:taxii`, in one transaction with the objects and the status. An object that
carries an envelope between nodes is handed on first; what the agreement refuses of it is a failure of that object.
"""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec

from safeconduct.alerts.policy import SHORTEST_SLOT
from safeconduct.errors import BadInput, Refusal, SafeconductError
from safeconduct.seal.canonical import encode_json
from safeconduct.workflows.count_refusals import count_refused
from safeconduct.workflows.ports import Node
from safeconduct.workflows.receive_envelope import Taken, receive_envelopes
from safeconduct.workflows.stix_envelope import CARRIER, wire_of
from safeconduct.workflows.tables import Tx
from safeconduct.workflows.taxii_access import FORBIDDEN, NOT_FOUND, Caller, right_to
from safeconduct.workflows.taxii_objects import BadObject, read_envelope
from safeconduct.workflows.taxii_query import Asked
from safeconduct.workflows.taxii_read import encode, stamp, version_text
from safeconduct.workflows.taxii_rows import SPECS, Added, Collection, NewObject, Stored

MICRO = 1_000_000
_PACKED = msgspec.msgpack.Decoder(tuple[list[NewObject], list[bytes]])
MUCH = 1 << 14  # bytes of a post that is read in the other process, so that others are answered meanwhile


class Read(NamedTuple):
    """What was posted, object by object."""

    objects: Sequence[NewObject | BadObject]
    told: Sequence[bytes]  # what the status says of each that is taken in; empty where that is not known before


class Post(NamedTuple):
    """A post that was read."""

    caller: Caller  # who made it
    collection: Collection
    digest: str  # of its bytes
    read: "Read | bytes"  # packed, where another process read it and another is to keep it


def read_post(node: Node, caller: Caller, collection: Collection, data: bytes) -> Post:
    """Read an envelope that a client posted; what it carries between nodes is handed on.

    Args:
        node: this node.
        caller: who posted it; it may write to the collection.
        collection: where it was posted.
        data: the envelope, as it came.

    Raises:
        BadInput: `bad-json` or `bad-envelope`; it was logged, and nothing was stored.
    """
    try:
        work = _read if collection.way == "in" else _read_packed
        read = node.apart(work, collection.specs, data) if len(data) >= MUCH else _read(collection.specs, data)
    except BadInput as error:
        with node.store.transaction() as tx:
            count_refused(
                node, tx, sender=caller.name, act="taxii-post", subject=collection.id,
                refusal=Refusal("malformed", error.code),
            )  # fmt: skip
        raise
    if collection.way == "in":
        read = read._replace(objects=_handed_on(node, read.objects))
    return Post(caller, collection, sha256(data).hexdigest(), read)


def _read(specs: Sequence[int], data: bytes) -> Read:
    read = read_envelope(data, specs)
    told = [
        b"" if one.version is None or isinstance(one, BadObject) else encode(_detail(one.id, version_text(one.version)))
        for one in read
    ]
    return Read(read, told)


def _read_packed(specs: Sequence[int], data: bytes) -> Read | bytes:
    """Read a post; pack it where all of its objects are good, so that who hands it on need not open it."""
    read = _read(specs, data)
    bad = any(isinstance(one, BadObject) for one in read.objects)
    return read if bad else msgspec.msgpack.encode(read)


def keep_posts(node: Node, posts: Sequence[Post]) -> list[bytes]:
    """Keep what was posted, all in one transaction; return the status resource (4.3.1) of each."""
    with node.store.transaction() as tx:
        return [_keep(node, tx, one) for one in posts]


def _keep(node: Node, tx: Tx, post: Post) -> bytes:
    caller, collection = post.caller, post.collection
    read = Read(*_PACKED.decode(post.read)) if isinstance(post.read, bytes) else post.read
    now = node.clock.now()
    good = [one for one in read.objects if isinstance(one, NewObject)]
    added = tx.taxii.add(collection.id, good, at=_added(collection, now) * MICRO)
    taken, failed = _fates(read, added, now * MICRO)
    status_id = node.random.id()
    made = _status(status_id, now, taken, failed)
    entry = {
        "act": "post", "client": caller.name, "collection": collection.id, "count": len(read.objects),
        "digest": post.digest, "failed": len(failed), "status": status_id,
    }  # fmt: skip
    tx.ledger.append("in:taxii", encode_json(entry), node.random.bytes(32), now)
    tx.taxii.add_status(status_id, collection.root, caller.name, made, now)
    return made


def delete_object(node: Node, caller: Caller, root: str, name: str, object_id: str, asked: Asked) -> None:
    """Take an object, or some of its versions, out of a collection (5.7).

    What crossed between parties stays: it is withdrawn by a later version, never deleted.

    Raises:
        SafeconductError: `taxii-not-found` or `taxii-forbidden`.
    """
    with node.store.transaction() as tx:
        collection = _to_delete_from(tx, caller, root, name)
        if not tx.taxii.known(collection, object_id):
            raise SafeconductError(NOT_FOUND, "no such object in this collection")
        gone = _versions_of(tx, collection, object_id, asked)
        tx.taxii.remove(collection, object_id, gone)
        now = node.clock.now()
        entry = {
            "act": "delete", "client": caller.name, "collection": collection.id, "object": object_id,
            "versions": [version_text(one.version) for one in gone],
        }  # fmt: skip
        tx.ledger.append("in:taxii", encode_json(entry), node.random.bytes(32), now)


def _to_delete_from(tx: Tx, caller: Caller, root: str, name: str) -> Collection:
    right = right_to(tx, caller, root, name)
    if not (right.read and right.write):
        raise SafeconductError(FORBIDDEN, "only who may read and write a collection may delete from it")
    if right.collection.way != "own":
        raise SafeconductError(FORBIDDEN, "what crossed between the parties is not deleted; withdraw it by a version")
    return right.collection


def _versions_of(tx: Tx, collection: Collection, object_id: str, asked: Asked) -> Sequence[Stored]:
    """Return the versions that a deletion means: what a reader finds with its filters, or all where it has none."""
    query = replace(asked.query, ids=(object_id,), limit=1 << 30)
    if not asked.chose_versions:
        query = replace(query, all_versions=True)
        if not (query.specs or query.nothing):
            query = replace(query, specs=tuple(SPECS.values()))
    return sorted(tx.taxii.find(collection, query), key=lambda one: (one.version, one.spec))


def _added(collection: Collection, now: int) -> int:
    """Return the time that `date_added` tells: within an agreement nothing finer than the slot."""
    return now if collection.way == "own" else now // SHORTEST_SLOT * SHORTEST_SLOT


def _handed_on(node: Node, read: Sequence[NewObject | BadObject]) -> list[NewObject | BadObject]:
    """Hand on the envelopes that objects carry; an object is bad if its envelope is."""
    made = list(read)
    wires: list[tuple[int, bytes]] = []
    for number, one in enumerate(read):
        if isinstance(one, NewObject) and one.type == CARRIER:
            try:
                wire = wire_of(one.body)
            except BadInput as error:
                made[number] = _bad(one, error)
                continue
            if wire is not None:
                wires.append((number, wire))
    taken = receive_envelopes(node, [wire for _, wire in wires]) if wires else ()
    for (number, _), answer in zip(wires, taken, strict=True):
        one = read[number]
        if answer.status == "refused" and isinstance(one, NewObject):
            made[number] = _bad(one, _refused(number, answer))
    return made


def _refused(number: int, taken: Taken) -> BadInput:
    where = f"objects[{number}].wire" + (f": {taken.field}" if taken.field else "")
    return BadInput("bad-object", where=where, expected="an envelope that is taken in", seen=taken.code)


def _bad(one: NewObject, error: BadInput) -> BadObject:
    return BadObject(one.id, "" if one.version is None else version_text(one.version), error)


def _fates(read: Read, added: Sequence[Added], now: int) -> tuple[list[Any], list[Any]]:
    """Return what the status says of the objects that are kept, and of the others, each in the envelope's order."""
    kept = iter(added)
    taken: list[Any] = []
    failed: list[Any] = []
    for one, told in zip(read.objects, read.told, strict=True):
        if isinstance(one, BadObject):
            failed.append(_detail(one.id, one.version or stamp(now), str(one.error)))
            continue
        version, fresh = next(kept)
        if fresh and told:
            taken.append(msgspec.Raw(told))
        else:
            taken.append(_detail(one.id, version_text(version), "" if fresh else "kept already; nothing was changed"))
    return taken, failed


def _status(status_id: str, now: int, taken: Sequence[Any], failed: Sequence[Any]) -> bytes:
    made: dict[str, Any] = {
        "id": status_id, "status": "complete", "request_timestamp": stamp(now * MICRO),
        "total_count": len(taken) + len(failed), "success_count": len(taken), "failure_count": len(failed),
        "pending_count": 0,
    }  # fmt: skip
    made |= {"successes": taken} if taken else {}
    made |= {"failures": failed} if failed else {}
    return encode(made)


def _detail(name: str, version: str, message: str = "") -> dict[str, str]:
    shown = {"id": name, "version": version}
    return shown | {"message": message} if message else shown
