"""A batch that an ally offers for another issuer's gates, with its list of revoked passes (`spec/allied-batch.md`).

The ally keeps the batch's key. Its root signs the entry; the admitting party's root signs the very same bytes, so that
the batch keeps its identity and devices need to know one root only.
"""

from dataclasses import dataclass
from typing import Any

from safeconduct.errors import Refusal
from safeconduct.passes import revocation, shape
from safeconduct.passes.batch import (
    BatchEntry,
    SignedBatch,
    SignedCertificate,
    identity_of,
    open_batch,
    open_certificate,
)
from safeconduct.passes.revocation import SignedRevocation
from safeconduct.seal import canonical, signed
from safeconduct.seal.keys import SigningKey, VerifyKey

OFFER_DOMAIN = "safeconduct.batch-offer.1"
_LIMIT = 16 << 20  # bytes
_SIGNED = shape.row(shape.blob(8 << 20), shape.SIGNATURE)
_OFFER = {
    "at": shape.TIME,
    "batches": shape.many(shape.row(_SIGNED, _SIGNED), 1_000, 1),
    "certificate": _SIGNED,
    "party": shape.ID,
    "signature": shape.SIGNATURE,
    "v": shape.integer(1, 1),
}


@dataclass(frozen=True, slots=True)
class Offered:
    """One batch of an offer, checked."""

    identity: bytes
    entry: BatchEntry
    entry_bytes: bytes  # what the admitting root signs too
    seq: int  # of its list of revoked passes
    revoked: frozenset[int]


@dataclass(frozen=True, slots=True)
class Offer:
    """What an ally offers."""

    party: str
    at: int  # unix seconds, the ally's clock
    batches: tuple[Offered, ...]


def encode_offer(
    party: str,
    at: int,
    certificate: SignedCertificate,
    batches: list[tuple[SignedBatch, SignedRevocation]],
    status_key: SigningKey,
) -> bytes:
    """Write an offer, signed by the ally's status key.

    Raises:
        BadInput: `bad-batch-offer`.
    """
    fields: dict[str, Any] = {
        "at": at,
        "batches": [
            [[batch.entry_bytes, batch.signature], [item.list_bytes, item.signature]] for batch, item in batches
        ],
        "certificate": [certificate.certificate_bytes, certificate.signature],
        "party": party,
        "v": 1,
    }
    signature = signed.sign(OFFER_DOMAIN, canonical.encode_cbor(fields), status_key)
    whole = {**fields, "signature": signature}
    shape.check_map("bad-batch-offer", "batch offer", _OFFER, whole)
    return canonical.encode_cbor(whole)


def party_of(data: bytes) -> str:
    """Return whom an offer says that it is from; nothing of it is checked yet.

    Raises:
        BadInput: `bad-cbor` or `bad-batch-offer`.
    """
    party: str = _fields(data)["party"]
    return party


def _fields(data: bytes) -> dict[str, Any]:
    decoded = canonical.decode_cbor(data, where="batch offer", limit=_LIMIT)
    return shape.check_map("bad-batch-offer", "batch offer", _OFFER, decoded)


def open_offer(  # noqa: PLR0911  (one return for each step)
    data: bytes, *, root: VerifyKey, agreement_id: str
) -> Offer | Refusal:
    """Check an offer with the ally's root key.

    Steps: 1. shape; 2. the ally's root certified the status key for this agreement and day; 3. the status key signed
    the offer; 4. the ally's root signed every entry, each for this agreement, each once; 5. each comes with its own
    list, of its size, by the status key.

    Raises:
        BadInput: `bad-cbor`, `bad-batch-offer`, `bad-batch`, `bad-certificate`, `bad-revocation` or `bad-key`.
    """
    fields = _fields(data)  # 1
    certificate = open_certificate(SignedCertificate(*fields["certificate"]), root)  # 2
    if isinstance(certificate, Refusal):
        return certificate
    if certificate.agreement_id != agreement_id:
        return Refusal("out-of-agreement", certificate.agreement_id)
    if not certificate.not_before <= fields["at"] < certificate.not_after:
        return Refusal("bad-status-key", "outside its days")
    status_key = VerifyKey.load(certificate.public_key, where="status certificate")
    part = {name: value for name, value in fields.items() if name != "signature"}
    if not signed.check(OFFER_DOMAIN, canonical.encode_cbor(part), fields["signature"], status_key):  # 3
        return Refusal("bad-signature", "batch offer")
    found: dict[bytes, Offered] = {}
    for number, (batch, item) in enumerate(fields["batches"]):
        one = _open_one(SignedBatch(*batch), SignedRevocation(*item), root, status_key, agreement_id)
        if isinstance(one, Refusal):
            return Refusal(one.code, f"batch {number}")
        found[one.identity] = one
        if len(found) != number + 1:
            return Refusal("out-of-batch", f"batch {number} comes twice")
    return Offer(fields["party"], fields["at"], tuple(found.values()))


def _open_one(
    batch: SignedBatch, item: SignedRevocation, root: VerifyKey, status_key: VerifyKey, agreement_id: str
) -> Offered | Refusal:
    entry = open_batch(batch, root)  # 4
    if isinstance(entry, Refusal):
        return entry
    if entry.agreement_id != agreement_id:
        return Refusal("out-of-agreement")
    VerifyKey.load(entry.public_key, where="batch entry")
    found = revocation.open_indexes(item, status_key)  # 5
    if isinstance(found, Refusal):
        return found
    opened, revoked = found
    identity = identity_of(batch.entry_bytes)
    if (opened.batch, opened.capacity) != (identity, entry.capacity):
        return Refusal("wrong-base")
    return Offered(identity, entry, batch.entry_bytes, opened.seq, revoked)
