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
    given = decode_json(data, where="claims", limit=4 << 20)
    if not isinstance(given, dict) or set(given) - set(PARTS):
        raise BadInput("bad-field", where="claims", expected=f"the parts {', '.join(PARTS)}", seen=type(given).__name__)
    now = node.clock.now()
    with node.store.transaction() as tx:
        held = _held(tx)
        new: dict[str, list[tuple[str, Any]]] = {part: [] for part in PARTS}
        for part in PARTS:
            for item in given.get(part, []):
                record_id = _id(part, item)
                if part == "claims" and isinstance(item, dict):
                    item = {**item, "recorded": held[part].get(record_id, {}).get("recorded") or iso(now)}  # noqa: PLW2901
                before = held[part].get(record_id)
                if before is None:
                    new[part].append((record_id, item))
                elif before != item:
                    raise BadInput("duplicate-id", where=f"{part} {record_id}", expected="the record as it is held",
                                   seen="another one under its id")  # fmt: skip
        everything = {p: [*held[p].values(), *(i for _, i in new[p])] for p in PARTS}
        read_dossier(encode_json(everything))  # refuses what is not whole, before anything is stored
        for part, items in new.items():
            for record_id, item in items:
                tx.records.add(part, record_id, encode_json(item), now)
        count = Recorded(len(new["claims"]), sum(len(v) for k, v in new.items() if k != "claims"))
        if count.claims or count.others:
            added = {p: [i for _, i in items] for p, items in new.items()}
            tx.ledger.append("own:claims", encode_json(added), node.random.bytes(32), now)
    return count


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
