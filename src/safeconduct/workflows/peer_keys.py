"""With which key a node speaks to the other one over HTTP: the status key, certified by the root for the agreement."""

from dataclasses import dataclass

from safeconduct.agreements.agreement import Agreement
from safeconduct.agreements.reading import from_json
from safeconduct.errors import BadInput, Refusal
from safeconduct.passes.batch import SignedCertificate, StatusCertificate, open_certificate
from safeconduct.seal.canonical import decode_cbor, encode_cbor
from safeconduct.seal.keys import VerifyKey
from safeconduct.workflows.common import in_force, roots
from safeconduct.workflows.envelopes import follow_certificate, status_certificate
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx

SKEW = 300  # seconds that the clocks of two nodes may be apart
RENEW = 86_400  # seconds before its end at which a certificate is renewed where the root is at hand
LIMIT = 8_192  # bytes of a certificate with its signature


@dataclass(frozen=True, slots=True)
class OwnCertificate:
    """What proves this node's status key: canonical CBOR {"c": certificate, "cs": root's signature}."""

    data: bytes
    agreement: str
    not_after: int


def own_certificate(node: Node) -> OwnCertificate | None:
    """Return the certificate of this node's status key; None as long as no agreement was even proposed.

    Raises:
        SafeconductError: `root-locked`, when the root has to certify the key first.
    """
    with node.store.reading() as tx:
        agreement = known_agreement(tx)
        stored = tx.records.get(f"certificate:{agreement.id}") if agreement else None
    if agreement is None:
        return None
    if stored is not None:
        fields = decode_cbor(stored, where="stored certificate")
        late = node.clock.now() >= fields["until"] - (RENEW if node.exercise else 0)
        if not late and follow_certificate(node, fields["c"]):
            data = encode_cbor({"c": fields["c"], "cs": fields["s"]})
            return OwnCertificate(data, agreement.id, fields["until"])
    with node.store.transaction() as tx:
        made = status_certificate(node, tx, agreement.id)
        fields = decode_cbor(tx.records.get(f"certificate:{agreement.id}") or b"", where="stored certificate")
    data = encode_cbor({"c": made.certificate_bytes, "cs": made.signature})
    return OwnCertificate(data, agreement.id, fields["until"])


def known_agreement(tx: Tx) -> Agreement | None:
    """Return the agreement in force, else the newest that was proposed."""
    found = in_force(tx)
    if found is not None:
        return found[0]
    row = tx.records.agreement_version()
    return None if row is None else from_json(row.body)


def peer_key(  # noqa: PLR0911  (one return for each step)
    node: Node, tx: Tx, party: str, data: bytes
) -> VerifyKey | Refusal:
    """Return the key with which another party may speak now.

    Steps: 1. the party is known, and not this one; 2. its root signed the certificate; 3. for the agreement in force,
    where there is one; 4. for now, except in an exercise, whose clocks people set.
    """
    root = roots(tx).get(party)
    if root is None or party == node.party:  # 1
        return Refusal("unknown-sender", party)
    try:
        outer = decode_cbor(data, where="certificate", limit=LIMIT)
        if not isinstance(outer, dict) or {k: type(v) for k, v in outer.items()} != {"c": bytes, "cs": bytes}:
            return Refusal("not-authenticated", "certificate")
        certificate: StatusCertificate | Refusal = open_certificate(SignedCertificate(outer["c"], outer["cs"]), root)
        if isinstance(certificate, Refusal):  # 2
            return certificate
        found = in_force(tx)
        if found is not None and certificate.agreement_id != found[0].id:  # 3
            return Refusal("bad-status-key", certificate.agreement_id)
        now = node.clock.now()
        if not node.exercise and not certificate.not_before - SKEW <= now < certificate.not_after:  # 4
            return Refusal("bad-status-key", "outside its days")
        return VerifyKey.load(certificate.public_key, where="status key")
    except BadInput as error:
        return Refusal("not-authenticated", error.code)
