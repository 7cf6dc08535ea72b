"""Record what suspends, renews or closes the agreement, and tell the partner; on the other side, take it in.

A breach or lapse suspends at once and on both nodes; only both parties together end that. What is evidence crosses
all the same: device logs, answers, cosignatures and these events themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.agreements.scope import (
    SUSPENDING,
    State,
    StateEvent,
    StateKind,
    may_follow,
    read_state_event,
    state_event_json,
)
from safeconduct.errors import BadInput, Refusal
from safeconduct.workflows.common import (
    log_refused,
    partner_of,
    require_agreement,
    state_events,
    state_kind,
    state_now,
)
from safeconduct.workflows.envelopes import Envelope, send
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx

SKEW = 86_400  # seconds that the partner's clock may be ahead; a date further off would stand above all later ones


@dataclass(frozen=True, slots=True)
class Changed:
    """Where the event stands in the ledger, and the state that the agreement is in now."""

    ledger_index: int
    state: State


def change_state(node: Node, kind: StateKind, text: str = "") -> Changed | Refusal:
    """Record a breach, a lapse, a renewal or the last departure, by this party, now; log it and send it.

    The same again, with nothing between that it could answer, returns what was recorded.

    Raises:
        BadInput: a breach or lapse without a text, or a text that cannot be shown.
        SafeconductError: `no-agreement`.
    """
    now = node.clock.now()
    with node.store.transaction() as tx:
        agreement = require_agreement(tx)
        recorded = state_events(tx, agreement)
        at = max([now, *(event.at + 1 for _, event in recorded)])  # after all that it answers, whatever the clocks say
        event = read_state_event(state_event_json(StateEvent(kind, node.party, at, text)))
        index = _recorded(recorded, event)
        if index is None:
            allowed = may_follow(agreement, [one for _, one in recorded], event)
            if isinstance(allowed, Refusal):
                log_refused(node, tx, act=kind, subject=agreement.id, refusal=allowed)
                return allowed
            body = state_event_json(event)
            index, _ = send(node, tx, to=partner_of(node, agreement), kind="state", agreement=agreement.id, body=body)
            tx.records.add(state_kind(agreement), str(index), body, now)
        return Changed(index, state_now(tx, agreement, now))


def _recorded(recorded: Sequence[tuple[int, StateEvent]], new: StateEvent) -> int | None:
    """Return where the same event stands, unless something came after it that a new one would answer."""
    for index, event in reversed(recorded):
        mine = event.by == new.by
        if mine and event.kind == new.kind and (event.text == new.text or event.kind == "renewal"):
            return index
        if new.kind == "renewal" and event.kind in SUSPENDING:
            return None
        if new.kind in SUSPENDING and mine and event.kind == "renewal":
            return None
    return None


def receive(node: Node, tx: Tx, envelope: Envelope) -> Refusal | None:
    """Take in what the partner recorded, in whatever state the agreement is: it is evidence.

    Raises:
        BadInput: the event is malformed, or dated more than a day ahead.
    """
    agreement = require_agreement(tx)
    event = read_state_event(envelope.body)
    now = node.clock.now()
    if event.by != envelope.sender:
        return Refusal("unknown-sender", event.by)
    if event.at > now + SKEW:
        raise BadInput("bad-field", where="event.at", expected="a time at most a day ahead", seen=event.at)
    tx.records.add(
        state_kind(agreement), str(tx.ledger.size()), envelope.body, now
    )  # where the envelope is logged next
    return None
