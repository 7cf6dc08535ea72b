"""Who asks a TAXII server, and what they may do: named clients by token, the partner's node by its party key.

What a caller may not see does not exist for it (404); what it sees but may not do is forbidden (403).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hmac import compare_digest

from safeconduct.errors import SafeconductError
from safeconduct.operators.tokens import token_digest
from safeconduct.workflows.tables import Tx
from safeconduct.workflows.taxii_rows import Collection, Right

NOT_FOUND, FORBIDDEN = "taxii-not-found", "taxii-forbidden"
SIZE = 32 << 20  # bytes of one request at most, for whom no smaller limit is set
RATE = 6_000  # requests a minute, likewise


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who proved who they are; `party` is empty for a named client."""

    name: str
    party: str
    rate: int  # requests a minute, 0 for no limit
    size: int  # bytes of one request


def caller_of_token(tx: Tx, token: str, name: str | None = None) -> Caller | None:
    """Return the client that a token belongs to; where a name is given with it, it must be that client's."""
    digest = token_digest(token)
    if name is None:
        known = [one for one in tx.taxii.clients() if compare_digest(one.digest, digest)]
        client = known[0] if known else None
    else:
        client = tx.taxii.client(name)
        if client is None or not compare_digest(client.digest, digest):
            return None
    return None if client is None else Caller(client.name, "", client.rate, client.size)


def reader_of_token(tx: Tx, token: str, name: str, root: str, collection: str) -> tuple[Caller, Collection] | None:
    """Return a client and the collection that it may read, in one question; None for whatever is not so."""
    found = tx.taxii.access(name, root, collection)
    if found is None or not found[1].read or not compare_digest(found[0].digest, token_digest(token)):
        return None
    client, right = found
    return Caller(client.name, "", client.rate, client.size), right.collection


def caller_of_party(party: str) -> Caller:
    """Return the partner's node, whose signature on the request was checked."""
    return Caller(f"party:{party}", party, RATE, SIZE)


def rights_of(tx: Tx, caller: Caller, root: str | None = None) -> Sequence[Right]:
    """Return what a caller may do with each collection (of one root), by the order of collections."""
    if not caller.party:
        return [one for one in tx.taxii.rights(caller.name) if root in (None, one.collection.root)]
    return [_of_party(one) for one in tx.taxii.collections() if one.party == caller.party and root in (None, one.root)]


def right_to(tx: Tx, caller: Caller, root: str, collection: str) -> Right:
    """Return what a caller may do with one collection, named by id or alias.

    Raises:
        SafeconductError: `taxii-not-found`, also where there is such a collection for others.
    """
    right: Right | None
    if caller.party:
        found = tx.taxii.collection(collection, root)
        right = _of_party(found) if found is not None and found.party == caller.party else None
    else:
        right = tx.taxii.right(caller.name, root, collection)
    if right is None or not (right.read or right.write):
        raise SafeconductError(NOT_FOUND, "no such API root or collection for this client")
    return right


def to_read(tx: Tx, caller: Caller, root: str, collection: str) -> Collection:
    """Return a collection that a caller may read.

    Raises:
        SafeconductError: `taxii-not-found`, or `taxii-forbidden` where it may write only.
    """
    right = right_to(tx, caller, root, collection)
    if not right.read:
        raise SafeconductError(FORBIDDEN, "this client may not read this collection")
    return right.collection


def to_write(tx: Tx, caller: Caller, root: str, collection: str) -> Collection:
    """Return a collection that a caller may write to.

    Raises:
        SafeconductError: `taxii-not-found`, or `taxii-forbidden` where it may read only.
    """
    right = right_to(tx, caller, root, collection)
    if not right.write:
        raise SafeconductError(FORBIDDEN, "this client may not write to this collection")
    return right.collection


def _of_party(collection: Collection) -> Right:
    """Return the partner's right: it reads what goes out to it, and writes and reads what comes in from it."""
    return Right(collection, read=True, write=collection.way == "in")
