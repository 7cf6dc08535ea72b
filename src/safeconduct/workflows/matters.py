"""What two parties exchange beside warnings: one event, signed in its envelope, logged and kept on both sides.

Notices, the hand-over of a site and recalls are kept alike: a record whose id is its place in the ledger.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from safeconduct.agreements.agreement import Agreement
from safeconduct.errors import BadInput, Refusal
from safeconduct.workflows.common import partner_of, require_agreement
from safeconduct.workflows.envelopes import Envelope, send
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx

E = TypeVar("E")
SKEW = 86_400  # seconds that the partner's clock may be ahead; a date further off would stand above all later ones


def kept(tx: Tx, agreement: Agreement, kind: str, read: Callable[[bytes], E]) -> list[tuple[int, E]]:
    """Return (ledger index, event) of all that this node holds of a kind, in the order of its ledger."""
    return [(int(index), read(body)) for index, body, _ in tx.records.all(f"{kind}:{agreement.id}")]


def put(node: Node, tx: Tx, agreement: Agreement, kind: str, body: bytes) -> int:
    """Send an event of this party to the other one and keep it; return its place in the ledger."""
    index, _ = send(node, tx, to=partner_of(node, agreement), kind=kind, agreement=agreement.id, body=body)
    tx.records.add(f"{kind}:{agreement.id}", str(index), body, node.clock.now())
    return index


def after(now: int, earlier: list[tuple[int, Any]]) -> int:
    """Return the time of a new event: now, or later than all that it may answer, whatever the clocks say."""
    return max([now, *(int(event.at) + 1 for _, event in earlier)])


def take(
    node: Node,
    tx: Tx,
    envelope: Envelope,
    read: Callable[[bytes], Any],
    accept: Callable[[Agreement, list[Any], Any], Any],
) -> Refusal | None:
    """Take in an event that the partner sent, in whatever state the agreement is: it is evidence.

    Raises:
        BadInput: the event is malformed, or dated more than a day ahead.
    """
    agreement = require_agreement(tx)
    event = read(envelope.body)
    now = node.clock.now()
    if event.by != envelope.sender:
        return Refusal("unknown-sender", event.by)
    if event.at > now + SKEW:
        raise BadInput("bad-field", where=f"{envelope.kind}.at", expected="a time at most a day ahead", seen=event.at)
    held = [one for _, one in kept(tx, agreement, envelope.kind, read)]
    allowed = accept(agreement, held, event)
    if isinstance(allowed, Refusal):
        return allowed
    index = tx.ledger.size()  # where the envelope is logged next
    tx.records.add(f"{envelope.kind}:{agreement.id}", str(index), envelope.body, now)
    return None


def same(earlier: list[tuple[int, E]], new: E) -> int | None:
    """Return where this very event stands, its time aside, so that a retry sends nothing twice."""
    for index, event in reversed(earlier):
        if type(event) is type(new) and replace(event, at=0) == replace(new, at=0):  # type: ignore[type-var]
            return index
    return None
