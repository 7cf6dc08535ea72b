"""Follow expectations and undertakings: told, acknowledged, borne upon by what happened, met or not.

What one party tells or acknowledges crosses to the other. What it judges, and what it holds to bear on a term, stays
on its own node and in its own ledger.
"""

from collections.abc import Sequence
from dataclasses import replace

from safeconduct.agreements.agreement import Agreement
from safeconduct.agreements.expectations import CROSSING, TermEvent, accept, all_courses, event_json, read_event
from safeconduct.errors import BadInput, Refusal
from safeconduct.seal.canonical import decode_json
from safeconduct.workflows.common import in_force_at, log_refused, partner_of, require_agreement
from safeconduct.workflows.envelopes import Envelope, send
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx


def follow_term(
    node: Node, term: str, stage: str, text: str, *, evidence: str | None = None, at: int | None = None
) -> int | Refusal:
    """Record one event about a term, by this party; log it, send it if it is the other's to know; return its index.

    Args:
        node: this party's node.
        term: an expectation or undertaking of the agreement in force.
        stage: told, acknowledged, bears-on, met or not-met.
        text: what was said or happened.
        evidence: what shows it; the last three stages need it.
        at: unix seconds, for what happened before now; now by default.

    The same event again returns the same index.

    Raises:
        BadInput: there is no such term, a field is malformed, evidence is missing, or the time is still to come.
        SafeconductError: `no-agreement`.
    """
    now = node.clock.now()
    if at is not None and at > now:
        raise BadInput("bad-field", where="event.at", expected="no time after now", seen=at)
    with node.store.transaction() as tx:
        agreement = require_agreement(tx)
        recorded = _recorded(tx, agreement)
        when = _not_before(agreement, recorded, term, now) if at is None else at
        given = {"term": term, "stage": stage, "by": node.party, "at": when, "text": text, "evidence": evidence}
        event = read_event(given)
        before = _same(recorded, event, dated=at is not None)
        if before is not None:
            return before
        allowed = accept(agreement, [one for _, one in recorded], event)
        if isinstance(allowed, Refusal):
            log_refused(node, tx, act=stage, subject=term, refusal=allowed)
            return allowed
        body = event_json(event)
        if stage in CROSSING:
            index, _ = send(node, tx, to=partner_of(node, agreement), kind="term", agreement=agreement.id, body=body)
        else:
            index = tx.ledger.append("own:term", body, node.random.bytes(32), now)
        tx.records.add(_kind(agreement), str(index), body, now)
    return index


def receive(node: Node, tx: Tx, envelope: Envelope) -> Refusal | None:
    """Take in what the partner told or acknowledged.

    Raises:
        BadInput: the event is malformed, or about no term of the agreement.
    """
    agreement = in_force_at(tx, envelope.at) or require_agreement(tx)
    event = read_event(decode_json(envelope.body, where="term event", limit=64 * 1024))
    if event.by != envelope.sender:
        return Refusal("unknown-sender", event.by)
    if event.stage not in CROSSING:
        return Refusal("unknown-kind", event.stage)
    allowed = accept(agreement, term_events(tx, agreement), event)
    if isinstance(allowed, Refusal):
        return allowed
    tx.records.add(_kind(agreement), str(tx.ledger.size()), envelope.body, node.clock.now())
    return None


def term_events(tx: Tx, agreement: Agreement) -> list[TermEvent]:
    """Return all events about the terms of an agreement that this node holds, in the order of its ledger."""
    return [event for _, event in _recorded(tx, agreement)]


def _recorded(tx: Tx, agreement: Agreement) -> list[tuple[int, TermEvent]]:
    rows = tx.records.all(_kind(agreement))
    return [(int(index), read_event(decode_json(body, where="term event"))) for index, body, _ in rows]


def _kind(agreement: Agreement) -> str:
    return f"term:{agreement.id}"


def _not_before(agreement: Agreement, recorded: Sequence[tuple[int, TermEvent]], term: str, now: int) -> int:
    """Return now, or the time at which the term was told where the teller's clock is ahead of ours."""
    courses = all_courses(agreement, [event for _, event in recorded])
    return max([now, *(course.told_at or 0 for course in courses if course.term == term)])


def _same(recorded: Sequence[tuple[int, TermEvent]], new: TermEvent, *, dated: bool) -> int | None:
    """Return where the same event stands; without a date given, this party's newest about the term is compared."""
    mine = [(index, event) for index, event in recorded if (event.by, event.term) == (new.by, new.term)]
    for index, event in mine if dated else mine[-1:]:
        if (event if dated else replace(event, at=new.at)) == new:
            return index
    return None
