"""Tell a device which passes other devices used, so that it can say "used elsewhere" without a network."""

from safeconduct.errors import Refusal
from safeconduct.gate.used_list import UsedList, sign_used
from safeconduct.passes.batch import decode_batch, identity_of
from safeconduct.passes.bundle_format import decode, parse_envelope
from safeconduct.workflows.fetch_bundle import asked_by, own_device
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx

DOMAIN = "safeconduct.fetch-used.1"
LIFE = 2 * 86_400  # seconds; as long as a bundle


def fetch_used(node: Node, device: str, at: int, signature: bytes, *, since: int = 0) -> bytes | Refusal:
    """Return the signed list of passes that other devices used, of batches that are not over.

    Args:
        node: this node.
        device: name of the device that asks.
        at: its time, unix seconds.
        signature: by its key over device and time.
        since: where its newest list ended; 0 for all.
    """
    now = node.clock.now()
    with node.store.reading() as tx:
        refusal = asked_by(node, device, own_device(node, tx, device), at, signature, DOMAIN)
        if refusal is not None:
            return refusal
        agreement, alive = _alive(tx, now)
        upto, uses = tx.devices.uses_since(since)
    used: dict[bytes, set[int]] = {}
    for use in uses:
        if use.device != device and use.batch in alive and use.index is not None:
            used.setdefault(use.batch, set()).add(use.index)
    listed = {batch: sorted(indexes) for batch, indexes in used.items()}
    return sign_used(UsedList(agreement, device, since, upto, now, now + LIFE, listed), node.vault.status())


def _alive(tx: Tx, now: int) -> tuple[str, set[bytes]]:
    """Return the agreement and the identities of the batches of the newest bundle that are not over."""
    newest = tx.passes.bundle()
    if newest is None:
        return "-", set()
    bundle = decode(parse_envelope(newest[1]).bundle_bytes)
    entries = [batch.entry_bytes for batch in bundle.batches]
    return bundle.agreement_id, {identity_of(data) for data in entries if decode_batch(data).not_after > now}
