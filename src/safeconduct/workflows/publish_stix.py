"""Put what crosses into the TAXII collection to the partner, in the transaction that sends it.

Plain STIX objects of releases and answers are for every reader, with or without this software; the object that
carries the signed envelope is for the partner's node, and goes in only where the node exchanges over TAXII.
"""

import json
from typing import Any

from safeconduct.alerts import answer as answers
from safeconduct.alerts.policy import SHORTEST_SLOT
from safeconduct.alerts.release import from_json as read_release
from safeconduct.alerts.stix import author
from safeconduct.alerts.stix_answers import About, answer_to_stix, bare
from safeconduct.errors import BadInput
from safeconduct.seal.canonical import decode_cbor
from safeconduct.workflows.ports import Node
from safeconduct.workflows.stix_envelope import LIMIT, carrier, extension
from safeconduct.workflows.tables import Tx
from safeconduct.workflows.taxii_admin import publish

CARRY = "taxii-carriers"  # setting: b"yes" where this node's envelopes are fetched over TAXII
_ANSWERS = ("acknowledgement", "action", "outcome")


def publish_sent(node: Node, tx: Tx, kind: str, body: bytes, wire: bytes) -> None:
    """Publish what a sent envelope says to every reader, and the envelope itself where it is fetched."""
    slot = node.clock.now() // SHORTEST_SLOT * SHORTEST_SLOT
    objects: list[Any] = []
    if kind == "release":
        objects = json.loads(body)["objects"]
    elif kind in _ANSWERS:
        objects = _answer(node, tx, body)
    if tx.records.get(CARRY) == b"yes":
        objects = [*objects, *_new(objects), carrier(wire, uuid=node.random.id(), now=node.clock.now())]
    if objects:
        publish(node, tx, objects, added_at=slot)


def _new(objects: list[Any]) -> list[Any]:
    """Return what the carrier rests on and is not among the objects: no object may be named twice in one go."""
    known = {one["id"] for one in objects}
    return [one for one in (author(), extension()) if one["id"] not in known]


def _answer(node: Node, tx: Tx, body: bytes) -> list[Any]:
    """Return an answer's note or sighting; nothing where the release's own object is not known."""
    answer = answers.from_json(body)
    about = _about(tx, answer.release_id)
    if about is None:
        return []
    try:
        return answer_to_stix(bare(answer), about=about, uuid=node.random.id())
    except BadInput:  # an answer without a form that crosses plainly; the envelope has it
        return []


def _about(tx: Tx, release_id: str) -> About | None:
    """Return the id of a release's `report` object, from the envelope in which it came."""
    row = tx.alerts.release(release_id)
    entry = tx.ledger.entry(row.ledger_index) if row is not None else None
    if row is None or entry is None or entry.kind not in {"in:release", "out:release"}:
        return None
    outer = decode_cbor(entry.envelope, where="envelope", limit=LIMIT)
    bundle = json.loads(decode_cbor(outer["e"], where="envelope.e", limit=LIMIT)["body"])  # checked when it was logged
    [report] = [one["id"] for one in bundle["objects"] if one["type"] == "report"]
    return About(report.partition("--")[2], read_release(row.body).handling)
