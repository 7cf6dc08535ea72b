"""Withdraw a batch before its end: its key may be in other hands. Every pass of it is void from the next bundle on."""

from safeconduct.errors import BadInput, Refusal
from safeconduct.workflows.batch_limits import STOPPED, WITHDRAWN, stop_body, stops
from safeconduct.workflows.batch_lists import allied_batches
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx

SHORTEST = 3  # characters of a reason


def withdraw_batch(node: Node, batch: str, *, reason: str, by: str) -> bytes | Refusal:
    """Withdraw a batch, this party's own or an admitted one of an ally; return its identity.

    The next bundle lists all of its passes as revoked; `publish_bundle` is to follow at once. Groups get new passes
    when they are issued to again. A batch that was rotated before can be withdrawn too.

    Args:
        node: this party's node.
        batch: the first characters of its identity (hexadecimal, eight at least), or its number.
        reason: why, for the record.
        by: the office that acts.

    Raises:
        BadInput: `bad-reason`, without one.
    """
    if len(reason.strip()) < SHORTEST:
        raise BadInput("bad-reason", where="reason", expected=f"{SHORTEST} characters or more", seen=reason)
    with node.store.transaction() as tx:
        identity = find_batch(tx, batch)
        if identity is None:
            return Refusal("unknown-batch", batch)
        held = stops(tx).get(identity)
        if held is not None and held.how == WITHDRAWN:
            return Refusal("already-stopped", batch)
        now = node.clock.now()
        body = stop_body(WITHDRAWN, reason.strip(), by)
        tx.records.add(STOPPED, identity.hex(), body, now)
        tx.ledger.append("own:batch-stopped", identity + body, node.random.bytes(32), now)
    return identity


def find_batch(tx: Tx, batch: str) -> bytes | None:
    """Return the identity of the one batch that is meant by a number or the beginning of an identity."""
    rows = tx.passes.batches()
    if batch.isascii() and batch.isdigit() and len(batch) < 8:
        return next((row.identity for row in rows if row.number == int(batch)), None)
    known = [row.identity for row in rows] + [one.identity for one in allied_batches(tx)]
    found = [one for one in known if len(batch) >= 8 and one.hex().startswith(batch.lower())]
    return found[0] if len(found) == 1 else None
