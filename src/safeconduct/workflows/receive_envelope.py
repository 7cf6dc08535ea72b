"""Take in what the partner sent: checked, logged, stored, and answered with the place in our ledger.

An envelope that comes twice is answered as before and changes nothing; one that cannot be taken in is refused with
its code and logged, and never blocks those behind it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from safeconduct.errors import BadInput, Refusal
from safeconduct.workflows import (
    answer_release,
    change_state,
    enrol_device,
    follow_terms,
    publish_bundle,
    receive_segment,
    release_warning,
    sign_agreement,
)
from safeconduct.workflows.common import in_force, log_refused, roots
from safeconduct.workflows.envelopes import Envelope, digest_of, unwrap
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx

HANDLERS: Mapping[str, Callable[[Node, Tx, Envelope], Refusal | None]] = {
    "agreement": sign_agreement.receive,
    "state": change_state.receive,
    "term": follow_terms.receive,
    "device": enrol_device.receive,
    "bundle": publish_bundle.receive,
    "segment": receive_segment.receive,
    "release": release_warning.receive,
    "acknowledgement": answer_release.receive,
    "action": answer_release.receive,
    "outcome": answer_release.receive,
}


@dataclass(frozen=True, slots=True)
class Taken:
    """The answer to one envelope: status "taken", "duplicate" or "refused", and the ledger index or the code."""

    status: str
    code: str = ""
    index: int = -1


def receive_envelope(node: Node, wire: bytes) -> Taken:
    """Take in one envelope in its wire form."""
    digest = digest_of(wire)
    try:
        with node.store.transaction() as tx:
            if tx.outbox.seen(digest):
                return Taken("duplicate")
            envelope = unwrap(wire, party=node.party, roots=roots(tx))
            if isinstance(envelope, Refusal):
                log_refused(node, tx, act="receive", subject="envelope", refusal=envelope)
                return Taken("refused", envelope.code)
            return _take_in(node, tx, envelope, wire, digest)
    except BadInput as error:
        with node.store.transaction() as tx:
            log_refused(node, tx, act="receive", subject="envelope", refusal=Refusal("malformed", error.code))
        return Taken("refused", error.code)


def _take_in(node: Node, tx: Tx, envelope: Envelope, wire: bytes, digest: bytes) -> Taken:
    found = in_force(tx)
    if envelope.kind != "agreement" and (found is None or found[0].id != envelope.agreement):
        refusal: Refusal | None = Refusal("no-agreement", envelope.agreement)
    else:
        handler = HANDLERS.get(envelope.kind)
        refusal = handler(node, tx, envelope) if handler else Refusal("unknown-kind", envelope.kind)
    if refusal is not None:
        log_refused(node, tx, act="receive", subject=envelope.kind, refusal=refusal)
        return Taken("refused", refusal.code)
    now = node.clock.now()
    index = tx.ledger.append(f"in:{envelope.kind}", wire, node.random.bytes(32), now)
    tx.outbox.note_seen(digest, envelope.kind, index, now)
    return Taken("taken", index=index)
