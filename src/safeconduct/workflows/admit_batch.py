"""Several issuers at one gate: an ally offers its batches, and this party admits them to its bundles.

The ally keeps keys, passes and roll. What crosses are entries, public keys and lists of revoked indexes; this party's
root signs the very entries that the ally's root signed.
"""

from dataclasses import dataclass

from safeconduct.errors import Refusal
from safeconduct.passes.allied import Offer, Offered, encode_offer, open_offer, party_of
from safeconduct.passes.batch import SignedBatch, SignedCertificate, decode_batch, sign_batch
from safeconduct.passes.revocation import build, sign
from safeconduct.seal.canonical import decode_cbor, encode_cbor
from safeconduct.workflows.batch_keys import decoys_of, signed_batch
from safeconduct.workflows.batch_limits import DAY, LARGEST, withdrawn
from safeconduct.workflows.batch_lists import ALLIED
from safeconduct.workflows.common import log_refused, require_agreement, roots
from safeconduct.workflows.envelopes import status_certificate
from safeconduct.workflows.ports import Node
from safeconduct.workflows.root_ceremony import root_key
from safeconduct.workflows.tables import Tx

OFFERED = "batch-offers"  # setting: the sequence number of the newest offer
LIST_LIFE = 2 * DAY  # seconds


@dataclass(frozen=True, slots=True)
class Admitted:
    """What an offer brought."""

    party: str
    new: int  # batches that were not admitted before
    renewed: int  # whose list is newer now


def offer_batches(node: Node) -> bytes:
    """Write an offer of all batches of this party, with their newest lists, as a file for an ally.

    Raises:
        SafeconductError: `no-agreement`, or `root-locked` without a certificate.
        BadInput: `bad-batch-offer`: there is no batch yet.
    """
    now = node.clock.now()
    with node.store.transaction() as tx:
        agreement = require_agreement(tx)
        certificate: SignedCertificate = status_certificate(node, tx, agreement.id)
        seq = int(tx.records.get(OFFERED) or b"0") + 1
        gone, revoked, status = withdrawn(tx), tx.passes.revoked(), node.vault.status()
        batches = []
        for row in tx.passes.batches():
            batch = signed_batch(row.signed)
            size = decode_batch(batch.entry_bytes).capacity
            known = [*revoked.get(row.number, ()), *decoys_of(node, tx, row, size)]
            indexes = range(size) if row.identity in gone else known
            batches.append((batch, sign(build(row.identity, size, indexes, seq, now, now + LIST_LIFE), status)))
        data = encode_offer(node.party, now, certificate, batches, status)
        tx.records.set(OFFERED, str(seq).encode())
        tx.ledger.append("own:batch-offer", data, node.random.bytes(32), now)
    return data


def admit_batches(node: Node, data: bytes, *, by: str) -> Admitted | Refusal:
    """Admit the batches of an ally's offer at this party's gates, or take in its newer lists; a bundle is to follow.

    All or none. The same offer again changes nothing, and an older one is refused.

    Raises:
        BadInput: the bytes are no offer.
        SafeconductError: `no-agreement`, `root-locked`, or `root-apart`: the root is kept apart and has to sign first
            (`root request --admit`).
    """
    with node.store.transaction() as tx:
        offer = check_offer(node, tx, data)
        if isinstance(offer, Refusal):
            log_refused(node, tx, act="admit", subject="batches of an ally", refusal=offer)
            return offer
        new = renewed = 0
        for one in offer.batches:
            held = tx.records.latest(ALLIED, one.identity.hex())
            before = decode_cbor(held[0], where=ALLIED) if held else None
            if before is not None and before["seq"] > one.seq:
                return Refusal("bundle-older", f"list {one.seq}, here {before['seq']}")
            if before is not None and before["seq"] == one.seq:
                continue
            new, renewed = new + (before is None), renewed + (before is not None)
            signature = before["signature"] if before else sign_batch(one.entry, root_key(node, tx)).signature
            _keep(node, tx, offer.party, one, signature, by)
    return Admitted(offer.party, new, renewed)


def check_offer(node: Node, tx: Tx, data: bytes) -> Offer | Refusal:
    """Check an offer against the ally's root, which people compared, and against the agreement's limits."""
    agreement = require_agreement(tx)
    party = party_of(data)
    root = roots(tx).get(party)
    if root is None or party == node.party:
        return Refusal("unknown-sender", party)
    offer = open_offer(data, root=root, agreement_id=agreement.id)
    if isinstance(offer, Refusal):
        return offer
    own = {row.identity for row in tx.passes.batches()}
    for one in offer.batches:
        points = [point for point in one.entry.points if agreement.point(point) is None]
        days = agreement.start_at <= one.entry.not_before and one.entry.not_after <= agreement.end_at + DAY
        if points or not days or one.entry.capacity > LARGEST or one.identity in own:
            return Refusal("out-of-agreement", f"batch {one.identity.hex()[:8]}")
    return offer


def _keep(node: Node, tx: Tx, party: str, one: Offered, signature: bytes, by: str) -> None:
    now = node.clock.now()
    signed = SignedBatch(one.entry_bytes, signature)
    kept = {
        "by": by, "entry": signed.entry_bytes, "party": party, "revoked": sorted(one.revoked), "seq": one.seq,
        "signature": signed.signature,
    }  # fmt: skip
    body = encode_cbor(kept)
    tx.records.add(ALLIED, one.identity.hex(), body, now)
    tx.ledger.append("own:batch-admitted", body, node.random.bytes(32), now)
