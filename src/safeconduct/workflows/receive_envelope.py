"""Take in what the partner sent: checked, logged, stored, and answered with the place in our ledger.

An envelope that comes twice is answered as before and changes nothing. One that rests on another that has not come is
set aside and tried again after each one that comes. One that cannot be taken in is refused with its code and logged,
and never blocks those behind it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from safeconduct.errors import BadInput, Refusal
from safeconduct.workflows import (
    answer_release,
    change_state,
    enrol_device,
    follow_terms,
    hand_over_site,
    publish_bundle,
    recall_shares,
    receive_segment,
    release_warning,
    serve_notice,
    sign_agreement,
)
from safeconduct.workflows.common import in_force, roots
from safeconduct.workflows.count_refusals import count_refused
from safeconduct.workflows.envelopes import Envelope, digest_of, unwrap
from safeconduct.workflows.parked_envelopes import MOST, WAITING, expire, may_still_come, park, remember_refused
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx

HANDLERS: Mapping[str, Callable[[Node, Tx, Envelope], Refusal | None]] = {
    "agreement": sign_agreement.receive,
    "state": change_state.receive,
    "term": follow_terms.receive,
    "notice": serve_notice.receive,
    "site": hand_over_site.receive,
    "recall": recall_shares.receive,
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
    """The answer to one envelope: "taken", "duplicate", "parked" or "refused"; the ledger index, or code and field."""

    status: str
    code: str = ""
    index: int = -1
    field: str = ""  # which one is malformed, where one is


def receive_envelope(node: Node, wire: bytes) -> Taken:
    """Take in one envelope in its wire form, and what waited for it."""
    taken = _receive(node, wire)
    if taken.status == "taken":
        retry_parked(node)
    return taken


def receive_envelopes(node: Node, wires: Sequence[bytes]) -> list[Taken]:
    """Take in envelopes one after the other, and then what waited for them."""
    answers = [_receive(node, wire) for wire in wires]
    if any(one.status == "taken" for one in answers):
        retry_parked(node)
    return answers


def retry_parked(node: Node) -> int:
    """Try what waits again until nothing more can be taken in; give up what waited too long; return how many came in.

    A refusal that has become final is logged and takes the envelope off the list.
    """
    with node.store.reading() as tx:
        if not tx.exchange.parked(WAITING, 1):
            return 0
    came = 0
    with node.store.transaction() as tx:
        expire(node, tx)
    while True:
        with node.store.reading() as tx:
            waiting = sorted(tx.exchange.parked(WAITING, MOST), key=lambda row: (row.sent, row.digest))
        statuses = [_receive(node, row.wire).status for row in waiting if row.wire is not None]
        taken = statuses.count("taken")
        came += taken
        if taken == 0 or "parked" not in statuses:
            return came


def _receive(node: Node, wire: bytes) -> Taken:
    digest = digest_of(wire)
    try:
        with node.store.transaction() as tx:
            if tx.outbox.seen(digest):
                return Taken("duplicate")
            envelope = unwrap(wire, party=node.party, roots=roots(tx))
            if isinstance(envelope, Envelope):
                return _take_in(node, tx, envelope, wire, digest)
            count_refused(node, tx, sender="unknown", act="receive", subject="envelope", refusal=envelope)
            return Taken("refused", envelope.code)
    except BadInput as error:
        refusal = Refusal("malformed", error.code)
        with node.store.transaction() as tx:
            count_refused(node, tx, sender="unknown", act="receive", subject="envelope", refusal=refusal)
        return Taken("refused", error.code, field=error.where)


def _take_in(node: Node, tx: Tx, envelope: Envelope, wire: bytes, digest: bytes) -> Taken:
    """Give an envelope to its kind; what may become acceptable later leaves no trace but its place among the parked."""
    found = in_force(tx)
    refusal: Refusal | BadInput | None
    parked = False
    with tx.attempt() as undo:
        try:
            if envelope.kind != "agreement" and (found is None or found[0].id != envelope.agreement):
                refusal = Refusal("no-agreement", envelope.agreement)
            else:
                handler = HANDLERS.get(envelope.kind)
                refusal = handler(node, tx, envelope) if handler else Refusal("unknown-kind", envelope.kind)
        except BadInput as error:
            refusal = error
            undo()
        if refusal is not None and may_still_come(node, tx, envelope, refusal):
            undo()
            parked = True
    if refusal is None:
        now = node.clock.now()
        index = tx.ledger.append(f"in:{envelope.kind}", wire, node.random.bytes(32), now)
        tx.outbox.note_seen(digest, envelope.kind, index, now)
        tx.exchange.unpark(digest)
        return Taken("taken", index=index)
    if parked and park(node, tx, envelope, wire, digest, refusal):
        return Taken("parked", refusal.code)
    final = Refusal("too-many-waiting", refusal.code) if parked else refusal
    if not parked:
        remember_refused(node, tx, envelope, wire, digest, refusal)
    told = final if isinstance(final, Refusal) else Refusal("malformed", final.code)
    count_refused(node, tx, sender=envelope.sender, act="receive", subject=envelope.kind, refusal=told)
    return Taken("refused", final.code, field=final.where if isinstance(final, BadInput) else "")
