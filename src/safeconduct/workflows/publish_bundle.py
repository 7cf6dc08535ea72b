"""Make the signed trust bundle that every scanning device fetches, and send it to the partner for its own devices."""

from collections.abc import Mapping
from hashlib import sha256

from safeconduct.agreements.agreement import holder_at
from safeconduct.errors import Refusal
from safeconduct.passes.batch import decode_certificate
from safeconduct.passes.bundle import open_bundle
from safeconduct.passes.bundle_format import GENESIS, ControlPoint, TrustBundle, decode, parse_envelope, sign_bundle
from safeconduct.workflows.batch_lists import batches_with_lists
from safeconduct.workflows.build_spoken import prepare, spoken_of
from safeconduct.workflows.cap_feed import note_states
from safeconduct.workflows.common import in_force, partner_of, require_agreement, roots
from safeconduct.workflows.envelopes import Envelope, send, status_certificate
from safeconduct.workflows.gate_advice import advice_lines
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx

DAY = 86_400
LIFE = 2 * DAY  # seconds; a device that missed a day's bundle still works, and says that it is stale


def publish_bundle(node: Node, *, advice: str = "", states: Mapping[str, str] | None = None) -> int:
    """Sign the next bundle, store it, log it and send it; return its sequence number.

    Args:
        node: the issuer's node.
        advice: an officer's own words to guards, after the lines that follow from threat level, holds and warnings.
        states: control point id to "open", "hold" or "closed"; where not given as in the bundle before, at first open.
            So a bundle that carries a revocation does not open a point that somebody put on hold.
    """
    now = node.clock.now()
    prepared = prepare(node, now)
    with node.store.transaction() as tx:
        agreement = require_agreement(tx)
        newest = tx.passes.bundle()
        seq = newest[0] + 1 if newest else 1
        standing = {**point_states(tx), **(states or {})}
        certificate = status_certificate(node, tx, agreement.id)
        until = min(now + LIFE, decode_certificate(certificate.certificate_bytes).not_after)
        batches, lists, numbers = batches_with_lists(node, tx, seq, now, until)
        bundle = TrustBundle(
            seq=seq,
            previous_hash=sha256(parse_envelope(newest[1]).bundle_bytes).digest() if newest else GENESIS,
            issued=now,
            expires=until,
            ledger_index=tx.ledger.size(),
            agreement_id=agreement.id,
            points=tuple(
                ControlPoint(p.id, {"en": p.name}, p.ring, holder_at(agreement, p.id, now) or "", p.upstream,
                             standing.get(p.id, "open"))
                for p in agreement.control_points
            ),
            batches=batches,
            revocations=lists,
            advice="\n".join(part for part in (advice_lines(node, tx, agreement), advice) if part),
            stale_hours=agreement.stale_hours,
            stale_policy=agreement.stale_policy,
            rules_version=1,
            spoken=spoken_of(node, tx, agreement, now, prepared, numbers),
        )  # fmt: skip
        data = sign_bundle(bundle, certificate, node.vault.status())
        tx.passes.add_bundle(seq, data, now, agreement.id)
        tx.records.set("bundle-seen", str(seq).encode())
        note_states(node, tx, agreement, standing, bundle.expires)
        send(node, tx, to=partner_of(node, agreement), kind="bundle", agreement=agreement.id, body=data)
    return seq


def point_states(tx: Tx) -> dict[str, str]:
    """Return the state of each control point in the newest bundle, empty without one."""
    newest = tx.passes.bundle()
    if newest is None:
        return {}
    return {p.id: p.state for p in decode(parse_envelope(newest[1]).bundle_bytes).points}


def receive(node: Node, tx: Tx, envelope: Envelope) -> Refusal | None:
    """Take in the issuer's bundle for this party's own devices.

    A bundle that was overtaken is kept beside the newer one, which devices get; a second one of a number is refused.
    """
    found = in_force(tx)
    if found is None:
        return Refusal("no-agreement")
    loaded = open_bundle(envelope.body, root=roots(tx)[envelope.sender], agreement_id=found[0].id, now=envelope.at)
    if isinstance(loaded, Refusal):
        return loaded
    if tx.passes.bundle(loaded.seq) is not None:
        return Refusal("bundle-older", f"number {loaded.seq} is here")
    tx.passes.add_bundle(loaded.seq, envelope.body, node.clock.now(), found[0].id)
    highest = int(tx.records.get("bundle-seen") or b"0")
    tx.records.set("bundle-seen", str(max(highest, loaded.seq)).encode())
    return None
