"""What a TAXII server answers to a GET: every answer is the bytes to be sent.

Section numbers are those of the OASIS standard TAXII 2.1. A page is one stretch of one index; the bodies of objects
are joined as they were stored.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from typing import Any

import msgspec

from safeconduct.errors import SafeconductError
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx
from safeconduct.workflows.taxii_access import NOT_FOUND, Caller, right_to, rights_of, to_read
from safeconduct.workflows.taxii_objects import EPOCH
from safeconduct.workflows.taxii_query import Asked, next_token
from safeconduct.workflows.taxii_rows import PAGE_BYTES, SPECS, STIX_ANY, Collection, Right, Stored

TAXII_TYPE = "application/taxii+json;version=2.1"
STIX_TYPES = {spec: f"{STIX_ANY};version={name}" for name, spec in SPECS.items()}
EMPTY = b"{}"
DAY = 86_400_000_000  # microseconds
encode = msgspec.json.encode


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer's body, and the `date_added` of its first and last object where it has any."""

    body: bytes
    first: str = ""
    last: str = ""


def discovery(node: Node, tx: Tx, caller: Caller) -> bytes:
    """Return the discovery resource (4.1.1): the API roots in which the caller has a collection."""
    roots = list(dict.fromkeys(f"/taxii/{one.collection.root}/" for one in rights_of(tx, caller)))
    found: dict[str, Any] = {"title": f"safeconduct: {node.name}"}
    if roots:
        found |= {"default": roots[0], "api_roots": roots}
    return encode(found)


def api_root(tx: Tx, caller: Caller, root: str) -> bytes:
    """Return an API root resource (4.2.1)."""
    _visible(tx, caller, root)
    return encode({"title": root, "versions": [TAXII_TYPE], "max_content_length": caller.size})


def collections(tx: Tx, caller: Caller, root: str) -> bytes:
    """Return the collections resource (5.1.1) of what the caller may read or write."""
    return encode({"collections": [_shown(one) for one in _visible(tx, caller, root)]})


def collection(tx: Tx, caller: Caller, root: str, name: str) -> bytes:
    """Return one collection resource (5.2.1)."""
    return encode(_shown(right_to(tx, caller, root, name)))


def objects(tx: Tx, caller: Caller, root: str, name: str, asked: Asked) -> Answer:
    """Return an envelope with objects (5.4)."""
    return objects_of(tx, to_read(tx, caller, root, name), asked)


def objects_of(tx: Tx, found: Collection, asked: Asked) -> Answer:
    """Return an envelope with objects of a collection that the caller may read."""
    page = tx.taxii.joined(found, asked.query)
    if page is None:
        return _envelope(asked, tx.taxii.bodies(found, asked.query))
    if not page.number:
        return Answer(EMPTY)
    body = b"".join((_head(asked, page.last, more=page.more), b'"objects":[', page.bodies, b"]}"))
    return Answer(body, stamp(page.first), stamp(page.last))


def manifest(tx: Tx, caller: Caller, root: str, name: str, asked: Asked) -> Answer:
    """Return the manifest (5.3) of the same objects."""
    rows, more = _cut(tx.taxii.find(to_read(tx, caller, root, name), asked.query), asked)
    records = [
        {"id": one.id, "date_added": stamp(one.added), "version": version_text(one.version),
         "media_type": STIX_TYPES[one.spec]}
        for one in rows
    ]  # fmt: skip
    return _listed(asked, rows, "objects", records, more=more)


def one_object(tx: Tx, caller: Caller, root: str, name: str, object_id: str, asked: Asked) -> Answer:
    """Return an envelope with versions of one object (5.6); one that is not there at all is not found."""
    rows = _of(tx, caller, root, name, object_id, asked)
    return _envelope(asked, [(one.added, one.body) for one in rows])


def versions(tx: Tx, caller: Caller, root: str, name: str, object_id: str, asked: Asked) -> Answer:
    """Return the versions of one object (5.8)."""
    rows, more = _cut(_of(tx, caller, root, name, object_id, asked), asked)
    found = dict.fromkeys(version_text(one.version) for one in rows)  # one version may be there in two versions of STIX
    return _listed(asked, rows, "versions", list(found), more=more)


def status(tx: Tx, caller: Caller, root: str, status_id: str) -> bytes:
    """Return the status of a post (4.3), to who made it."""
    found = tx.taxii.status(status_id, root, caller.name)
    if found is None:
        raise SafeconductError(NOT_FOUND, "no such status for this client")
    return found


def stamp(micros: int) -> str:
    """Return a TAXII timestamp (section 2): UTC, to the microsecond."""
    day, rest = divmod(micros, DAY)
    seconds, part = divmod(rest, 1_000_000)
    return f"{_date(day)}T{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{part:06d}Z"


@lru_cache(maxsize=64)
def _date(day: int) -> str:
    return (EPOCH + timedelta(days=day)).date().isoformat()


def version_text(micros: int) -> str:
    """Return a version as STIX 2.1 writes times: three digits, or six where three would lose something."""
    text = stamp(micros)
    return text if micros % 1_000 else f"{text[:-4]}Z"


def _visible(tx: Tx, caller: Caller, root: str) -> Sequence[Right]:
    found = [one for one in rights_of(tx, caller, root) if one.read or one.write]
    if not found:
        raise SafeconductError(NOT_FOUND, "no such API root for this client")
    return found


def _shown(right: Right) -> dict[str, Any]:
    one = right.collection
    shown: dict[str, Any] = {"id": one.id, "title": one.title}
    if one.description:
        shown["description"] = one.description
    return shown | {
        "alias": one.alias, "can_read": right.read, "can_write": right.write, "media_types": one.media.split(),
    }  # fmt: skip


def _of(tx: Tx, caller: Caller, root: str, name: str, object_id: str, asked: Asked) -> Sequence[Stored]:
    found = to_read(tx, caller, root, name)
    rows = tx.taxii.find(found, replace(asked.query, ids=(object_id,)))
    if not rows and not tx.taxii.known(found, object_id):
        raise SafeconductError(NOT_FOUND, "no such object in this collection")
    return rows


def _cut(rows: Sequence[Stored], asked: Asked) -> tuple[Sequence[Stored], bool]:
    """Cut a page to its limit; say whether there is more."""
    return rows[: asked.query.limit], len(rows) > asked.query.limit


def _envelope(asked: Asked, rows: Sequence[tuple[int, bytes]]) -> Answer:
    """Join objects to an envelope, cut to the limits in number and bytes."""
    if not rows:
        return Answer(EMPTY)
    kept = rows[: asked.query.limit]
    bodies = [one[1] for one in kept]
    if sum(map(len, bodies)) > PAGE_BYTES:
        bodies = bodies[: _fitting(bodies)]
        kept = kept[: len(bodies)]
    head = _head(asked, kept[-1][0], more=len(kept) < len(rows))
    body = b"".join((head, b'"objects":[', b",".join(bodies), b"]}"))
    return Answer(body, stamp(kept[0][0]), stamp(kept[-1][0]))


def _fitting(bodies: Sequence[bytes]) -> int:
    """Return how many objects fit in one page, one at least."""
    size = 0
    for number, body in enumerate(bodies):
        size += len(body)
        if size > PAGE_BYTES:
            return max(1, number)
    return len(bodies)


def _listed(asked: Asked, rows: Sequence[Stored], name: str, items: Sequence[Any], *, more: bool) -> Answer:
    if not rows:
        return Answer(EMPTY)
    body = b"".join((_head(asked, rows[-1].added, more=more), b'"', name.encode(), b'":', encode(items), b"}"))
    return Answer(body, stamp(rows[0].added), stamp(rows[-1].added))


def _head(asked: Asked, last: int, *, more: bool) -> bytes:
    if not more:
        return b'{"more":false,'
    return f'{{"more":true,"next":"{next_token(asked, last)}",'.encode()
