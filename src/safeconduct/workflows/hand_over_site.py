"""Hand a site over, zone by zone: plan it, hand a zone over in a stated state, receive it by signature.

Planning and handing over are acts of the cooperation and ask the agreement. A receipt is evidence: it crosses in
whatever state the agreement is, also after the last departure.
"""

from dataclasses import replace

from safeconduct.agreements.agreement import Agreement
from safeconduct.agreements.site import SiteEvent, Zone, accept, read_site_event, site_json, zones
from safeconduct.errors import Refusal
from safeconduct.workflows.common import log_refused, permitted, require_agreement
from safeconduct.workflows.envelopes import Envelope
from safeconduct.workflows.matters import after, kept, put, same, take
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx

KIND, ACT, SUBJECT = "site", "hand-over", "hand-over"


def plan_zone(node: Node, site: str, zone: str, *, due: int, purpose: str | None, text: str = "") -> int | Refusal:
    """Tell the other party that a zone will be handed over at `due` (unix seconds); return the ledger index.

    Raises:
        BadInput: a field is malformed.
        SafeconductError: `no-agreement`.
    """
    event = SiteEvent("planned", node.party, node.clock.now(), site, zone, text, purpose, due)
    return _record(node, event)


def hand_over_zone(node: Node, site: str, zone: str, *, state: str, purpose: str | None) -> int | Refusal:
    """Hand a zone over in a stated state, once; return the ledger index.

    Raises:
        BadInput: a field is malformed, or no state is given.
        SafeconductError: `no-agreement`.
    """
    return _record(node, SiteEvent("handed-over", node.party, node.clock.now(), site, zone, state, purpose))


def receive_zone(node: Node, site: str, zone: str, *, as_stated: bool, text: str = "") -> int | Refusal:
    """Give the receipt for a zone that the other party handed over; return the ledger index.

    Raises:
        BadInput: a field is malformed.
        SafeconductError: `no-agreement`.
    """
    event = SiteEvent("received", node.party, node.clock.now(), site, zone, text, as_stated=as_stated)
    return _record(node, event)


def receive(node: Node, tx: Tx, envelope: Envelope) -> Refusal | None:
    """Take in a step of a hand-over; all but a receipt only where the agreement allowed it when it was sent."""
    event = read_site_event(envelope.body)
    if event.stage != "received":
        allowed = permitted(
            node, tx, act=ACT, subject=SUBJECT, purpose=event.purpose, by=envelope.sender, sent=envelope.at
        )
        if isinstance(allowed, Refusal):
            return allowed
    return take(node, tx, envelope, read_site_event, accept)


def site_events(tx: Tx, agreement: Agreement) -> list[tuple[int, SiteEvent]]:
    """Return (ledger index, event) of every step of a hand-over, in the order of the ledger."""
    return kept(tx, agreement, KIND, read_site_event)


def zones_of(tx: Tx, agreement: Agreement) -> tuple[Zone, ...]:
    """Return every zone with where it stands."""
    return zones(event for _, event in site_events(tx, agreement))


def _record(node: Node, given: SiteEvent) -> int | Refusal:
    with node.store.transaction() as tx:
        agreement = require_agreement(tx)
        event = read_site_event(site_json(given))
        if event.stage != "received":
            allowed = permitted(node, tx, act=ACT, subject=SUBJECT, purpose=event.purpose)
            if isinstance(allowed, Refusal):
                return allowed
        earlier = site_events(tx, agreement)
        index = same(earlier, event)
        if index is not None:
            return index
        event = replace(event, at=after(event.at, earlier))
        decided = accept(agreement, [one for _, one in earlier], event)
        if isinstance(decided, Refusal):
            log_refused(node, tx, act=ACT, subject=SUBJECT, refusal=decided)
            return decided
        return put(node, tx, agreement, KIND, site_json(event))
