"""Make a new batch before the old one is full or ends; the old key signs no more, and its passes hold."""

from safeconduct.agreements.fields import iso
from safeconduct.errors import Refusal, SafeconductError
from safeconduct.passes.batch import decode_batch, identity, sign_batch
from safeconduct.seal.canonical import encode_cbor
from safeconduct.seal.keys import SigningKey
from safeconduct.workflows.batch_keys import signed_batch
from safeconduct.workflows.batch_limits import ROTATED, STOPPED, Limits, entry_of, keeps_to, stop_body, stops
from safeconduct.workflows.common import require_agreement
from safeconduct.workflows.ports import Node
from safeconduct.workflows.root_ceremony import root_key
from safeconduct.workflows.tables import Tx


def rotate_batch(node: Node, limits: Limits, *, reason: str, by: str) -> bytes | Refusal:
    """Sign a new batch and stop every older one that signs for no more than it; return the new identity.

    With a root key that is kept apart, batches come by `root_ceremony.request_root`: then the newest batch that came
    so, has signed nothing yet and keeps to these limits takes the place of the older ones.

    Raises:
        BadInput: limits that cannot be.
        SafeconductError: `no-agreement`, `root-locked`, or `root-apart` when no batch is ready.
    """
    with node.store.transaction() as tx:
        made = _ready(node, tx, limits) if node.vault.root_kept() == "apart" else None
        if made is None:
            made = _make(node, tx, limits)
        now = node.clock.now()
        wide = decode_batch(_signed(tx, made))
        done, spoken = stops(tx), tx.spoken.batches()
        for row in tx.passes.batches():
            entry = decode_batch(signed_batch(row.signed).entry_bytes)
            covered = (row.number in spoken) == limits.spoken and set(entry.points) <= set(wide.points)
            if row.identity == made or row.identity in done or not covered:
                continue
            body = stop_body(ROTATED, reason, by)
            tx.records.add(STOPPED, row.identity.hex(), body, now)
            tx.ledger.append("own:batch-stopped", row.identity + body, node.random.bytes(32), now)
    return made


def _signed(tx: Tx, batch: bytes) -> bytes:
    return next(signed_batch(row.signed).entry_bytes for row in tx.passes.batches() if row.identity == batch)


def _ready(node: Node, tx: Tx, limits: Limits) -> bytes | None:
    """Return the newest batch of the kind that has signed nothing yet and keeps to the limits; None where none waits.

    Raises:
        BadInput: limits that cannot be.
        SafeconductError: `root-apart`: some wait, and none of them keeps to the limits.
    """
    now = node.clock.now()
    asked = entry_of(require_agreement(tx), limits, bytes(32), bytes(16), now)
    spoken, done = tx.spoken.batches(), stops(tx)
    wider = []
    for row in reversed(tx.passes.batches()):
        if row.used == 0 and (row.number in spoken) == limits.spoken and row.identity not in done:
            entry = decode_batch(signed_batch(row.signed).entry_bytes)
            if entry.not_after > now and keeps_to(entry, asked):
                return row.identity
            until = iso(entry.not_after)
            wider.append(f"{row.number} ({entry.capacity} passes, {', '.join(entry.points)}, to {until})")
    if wider:
        what = "no batch that waits ready keeps to these limits; `safeconduct root request` asks for one. Ready:"
        raise SafeconductError("root-apart", f"{what} {'; '.join(wider)}")
    return None


def _make(node: Node, tx: Tx, limits: Limits) -> bytes:
    seed, now = node.random.bytes(32), node.clock.now()
    public = SigningKey.from_seed(seed).public
    entry = entry_of(require_agreement(tx), limits, public, node.random.bytes(16), now)
    signed = sign_batch(entry, root_key(node, tx))
    wire = encode_cbor([signed.entry_bytes, signed.signature])
    sealed = node.vault.seal(seed), node.vault.seal(node.random.bytes(32))
    number = tx.passes.add_batch(identity(entry), wire, *sealed)
    if limits.spoken:
        tx.spoken.add_batch(number)
    tx.ledger.append("own:batch", wire, node.random.bytes(32), now)
    return identity(entry)
