"""Envelopes that came before the one they rest on: set aside, tried again after every other one, given up visibly.

Envelopes arrive in any order. A refusal that a later envelope of the same sender can turn into acceptance is no
refusal yet; which ones these are is decided here, so that both nodes end in the same state whatever came first.
"""

from dataclasses import replace

from safeconduct.agreements.reading import from_json
from safeconduct.agreements.scope import StateEvent, state_of
from safeconduct.agreements.signing import decode_signed
from safeconduct.errors import BadInput, Refusal
from safeconduct.workflows.common import in_force, state_events
from safeconduct.workflows.count_refusals import count_refused
from safeconduct.workflows.envelopes import Envelope
from safeconduct.workflows.ports import Node
from safeconduct.workflows.rows import ParkedRow
from safeconduct.workflows.tables import Tx

WAITING, EXPIRED, REFUSED = "waiting", "expired", "refused"
MOST = 1_000  # envelopes of one sender that may wait
MOST_BYTES = 64 << 20
LIFE = 7 * 86_400  # seconds; the life of the certificate that an envelope was sent under
KEEP = 10_000  # refused or expired ones that are remembered by their digest

# What these name has not come yet, and may still.
_NAMED = frozenset({
    "unknown-release", "unknown-device", "gap", "not-told", "unknown-notice", "unknown-zone", "not-recalled",
    "unknown-proposal",
})  # fmt: skip
# What these judge may be allowed by a version that the sender has opened and that is still on its way.
_TERMS = frozenset({
    "out-of-scope", "purpose-missing", "out-of-phase", "not-holder", "agreement-closed", "bad-field", "unknown-term",
    "bad-reference",
})  # fmt: skip


def may_still_come(node: Node, tx: Tx, envelope: Envelope, refusal: Refusal | BadInput) -> bool:
    """Say whether another envelope of this sender, sent before, could make this one acceptable.

    Steps: 1. there is no agreement yet; 2. something that it names has not come; 3. its version of the agreement is
    not the next one, but a later one; 4. the sender's renewal is missing to an agreement that we have renewed;
    5. a version that we signed first may be in force with the sender already.
    """
    found = in_force(tx)
    if refusal.code == "no-agreement":  # 1
        return found is None
    if refusal.code in _NAMED:  # 2
        return True
    if refusal.code == "not-next-version":  # 3
        return _version(envelope) > (found[0].version if found else 0) + 1
    if found is None:
        return False
    agreement = found[0]
    if refusal.code == "agreement-suspended":  # 4
        events = [event for _, event in state_events(tx, agreement)]
        renewed = StateEvent("renewal", envelope.sender, envelope.at, "")
        return state_of(agreement, [*events, renewed], envelope.at) == "open"
    ahead = tx.records.agreement_version(agreement.version + 1)  # 5
    return refusal.code in _TERMS and ahead is not None and ahead.state != "open" and node.party in ahead.signatures


def park(node: Node, tx: Tx, envelope: Envelope, wire: bytes, digest: bytes, refusal: Refusal | BadInput) -> bool:
    """Set an envelope aside until what it rests on has come; False if the sender has too many of them here."""
    before = tx.exchange.parked_one(digest)
    if before is None or before.state != WAITING:
        number, size = tx.exchange.parked_size(envelope.sender)
        if number >= MOST or size + len(wire) > MOST_BYTES:
            return False
    since = before.since if before is not None and before.state == WAITING else node.clock.now()
    tries = before.tries + 1 if before is not None else 0
    tx.exchange.park(
        ParkedRow(digest, envelope.sender, envelope.kind, WAITING, refusal.code, _detail(refusal), wire, len(wire),
                  envelope.at, since, tries)
    )  # fmt: skip
    return True


def remember_refused(
    node: Node, tx: Tx, envelope: Envelope, wire: bytes, digest: bytes, refusal: Refusal | BadInput
) -> None:
    """Remember a refused envelope by its digest, so that it is not asked for as missing."""
    before = tx.exchange.parked_one(digest)
    tries = before.tries + 1 if before is not None else 0
    tx.exchange.park(
        ParkedRow(digest, envelope.sender, envelope.kind, REFUSED, refusal.code, _detail(refusal), None, len(wire),
                  envelope.at, node.clock.now(), tries)
    )  # fmt: skip
    tx.exchange.drop_parked(REFUSED, KEEP)


def expire(node: Node, tx: Tx) -> int:
    """Give up what has waited for seven days, log it, and keep its digest; return how many."""
    now = node.clock.now()
    late = [row for row in tx.exchange.parked(WAITING) if row.since + LIFE <= now]
    for row in late:
        tx.exchange.park(replace(row, state=EXPIRED, wire=None))
        refusal = Refusal("waited-too-long", f"{row.kind} {row.digest.hex()[:16]}, for: {row.code}")
        count_refused(node, tx, sender=row.sender, act="receive", subject=row.kind, refusal=refusal)
    if late:
        tx.exchange.drop_parked(EXPIRED, KEEP)
    return len(late)


def _version(envelope: Envelope) -> int:
    try:
        return from_json(decode_signed(envelope.body).agreement_bytes).version
    except BadInput:
        return 0


def _detail(refusal: Refusal | BadInput) -> str:
    return refusal.detail if isinstance(refusal, Refusal) else str(refusal)[:200]
