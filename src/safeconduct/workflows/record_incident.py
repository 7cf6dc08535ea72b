"""Record what is claimed of incidents: incidents, sources, claims and relations, each once, nothing overwritten."""

import json
from dataclasses import dataclass
from typing import Any

from safeconduct.agreements.fields import iso
from safeconduct.errors import BadInput
from safeconduct.incidents.claims import Dossier
from safeconduct.incidents.reading import read_dossier
from safeconduct.seal.canonical import decode_json, encode_json
from safeconduct.workflows.ports import Node, Tx

PARTS = ("incidents", "sources", "claims", "relations", "cases")


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many records were new."""

    claims: int
    others: int


def record_incident(node: Node, data: bytes) -> Recorded:
    """Record a document of the form that `incidents.reading` reads; what it refers to may be recorded already.

    A claim keeps the time at which this node recorded it. The same record again changes nothing; another one under
    the same id is refused, since a later version of a claim is a claim of its own.

    Raises:
        BadInput: the document is malformed, or a claim has no source or claimant.
    """
    given = _read(data)
    now = node.clock.now()
    with node.store.transaction() as tx:
        held = _held(tx)
        new = {part: _new(part, held[part], given.get(part, []), now) for part in PARTS}
        read_dossier(
            encode_json({p: [*held[p].values(), *new[p].values()] for p in PARTS})
        )  # refuses what is not whole
        for part, items in new.items():
            for record_id, item in items.items():
                tx.records.add(part, record_id, encode_json(item), now)
        count = Recorded(len(new["claims"]), sum(len(items) for part, items in new.items() if part != "claims"))
        if count.claims or count.others:
            added = {part: list(items.values()) for part, items in new.items()}
            tx.ledger.append("own:claims", encode_json(added), node.random.bytes(32), now)
    return count


def _read(data: bytes) -> dict[str, list[Any]]:
    given = decode_json(data, where="claims", limit=4 << 20)
    if not isinstance(given, dict) or set(given) - set(PARTS):
        raise BadInput("bad-field", where="claims", expected=f"the parts {', '.join(PARTS)}", seen=type(given).__name__)
    for part, items in given.items():
        if not isinstance(items, list):
            raise BadInput("bad-field", where=part, expected="a list", seen=type(items).__name__)
    return given


def _new(part: str, held: dict[str, Any], items: list[Any], now: int) -> dict[str, Any]:
    """Return the records of one part that are not held yet; a claim gets the time at which it is recorded."""
    new: dict[str, Any] = {}
    for given in items:
        record_id, item = _id(part, given), given
        if part == "claims":
            item = {**given, "recorded": held.get(record_id, {}).get("recorded") or iso(now)}
        before = held.get(record_id, new.get(record_id))
        if before is None:
            new[record_id] = item
        elif before != item:
            raise BadInput("duplicate-id", where=f"{part} {record_id}", expected="the record as it is held",
                           seen="another one under its id")  # fmt: skip
    return new


def dossier(tx: Tx) -> Dossier:
    """Return all that is recorded of all incidents."""
    return read_dossier(encode_json({part: list(items.values()) for part, items in _held(tx).items()}))[0]


def _held(tx: Tx) -> dict[str, dict[str, Any]]:
    return {part: {i: json.loads(body) for i, body, _ in tx.records.all(part)} for part in PARTS}


def _id(part: str, item: Any) -> str:
    if not isinstance(item, dict):
        raise BadInput("bad-field", where=part, expected="objects", seen=type(item).__name__)
    if part == "relations":
        return " ".join(str(item.get(name)) for name in ("from", "to", "kind"))
    return str(item.get("id"))
