"""Record what is claimed of incidents: incidents, sources, claims, relations and cases, each once, nothing overwritten.

A case grows: each of its steps is a record of its own, so that a later document adds the steps that are new.
"""

import json
from dataclasses import dataclass
from typing import Any

from safeconduct.agreements.fields import iso
from safeconduct.errors import BadInput
from safeconduct.incidents.cases import Case
from safeconduct.incidents.claims import Dossier
from safeconduct.incidents.reading import read_dossier
from safeconduct.seal.canonical import decode_json, encode_json
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx

PARTS = ("incidents", "sources", "claims", "relations", "cases")
STEPS = "case-steps"
KINDS = (*PARTS, STEPS)


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
        new = {kind: _new(kind, held[kind], given.get(kind, []), now) for kind in KINDS}
        read_dossier(_document({kind: held[kind] | new[kind] for kind in KINDS}))  # refuses what is not whole
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
    return _with_steps_apart(given)


def _with_steps_apart(given: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Return the parts with the steps of the cases as records of their own."""
    cases, steps = [], []
    for case in given.get("cases", []):
        case_id, inner = _id("cases", case), case.get("steps")
        if not isinstance(inner, list) or not all(isinstance(step, dict) and "case" not in step for step in inner):
            raise BadInput("bad-field", where=f"cases {case_id}, steps", expected="a list of steps", seen=inner)
        cases.append({name: value for name, value in case.items() if name != "steps"})
        steps += [{**step, "case": case_id} for step in inner]
    return {**given, "cases": cases, STEPS: steps}


def _document(parts: dict[str, dict[str, Any]]) -> bytes:
    """Return the document that `read_dossier` reads: each case with its steps, in the order of their recording."""
    steps: dict[str, list[Any]] = {}
    for step in parts[STEPS].values():
        steps.setdefault(step["case"], []).append({name: value for name, value in step.items() if name != "case"})
    cases = [{**case, "steps": steps.get(case_id, [])} for case_id, case in parts["cases"].items()]
    return encode_json({part: list(parts[part].values()) for part in PARTS} | {"cases": cases})


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


def dossier(tx: Tx) -> tuple[Dossier, tuple[Case, ...]]:
    """Return all that is recorded of all incidents, and their cases."""
    return read_dossier(_document(_held(tx)))


def _held(tx: Tx) -> dict[str, dict[str, Any]]:
    return {kind: {i: json.loads(body) for i, body, _ in tx.records.all(kind)} for kind in KINDS}


def _id(part: str, item: Any) -> str:
    if not isinstance(item, dict):
        raise BadInput("bad-field", where=part, expected="objects", seen=type(item).__name__)
    if part == "relations":
        return " ".join(str(item.get(name)) for name in ("from", "to", "kind"))
    if part == STEPS:
        return " ".join(str(item.get(name) or "-") for name in ("case", "track", "status", "claim", "to"))
    return str(item.get("id"))
