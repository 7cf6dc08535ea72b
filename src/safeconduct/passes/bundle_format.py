"""The trust bundle as it is signed: all that a scanning device needs, and its bytes (`spec/bundle.md`)."""

from dataclasses import dataclass
from typing import Any

from safeconduct.errors import BadInput
from safeconduct.passes.batch import SignedBatch, SignedCertificate, StatusCertificate, decode_certificate
from safeconduct.passes.bundle_shape import MOST_BYTES, check_bundle, check_envelope
from safeconduct.passes.revocation import SignedRevocation
from safeconduct.seal import canonical, signed
from safeconduct.seal.keys import SigningKey

BUNDLE_DOMAIN = "safeconduct.bundle.1"
GENESIS = bytes(32)  # previous hash of the first bundle


@dataclass(frozen=True, slots=True)
class ControlPoint:
    """A checkpoint or a gate, with exactly one holder, as it stands when the bundle is issued."""

    id: str
    names: dict[str, str]  # language tag to name
    ring: str  # "outer" or "gate"
    holder: str  # party id
    upstream: tuple[str, ...]  # ids of the points that one passes before
    state: str  # "open", "hold" or "closed"


@dataclass(frozen=True, slots=True)
class TrustBundle:
    """What the status key signs; times are unix seconds, UTC."""

    seq: int  # from 1
    previous_hash: bytes  # 32 bytes: the hash of bundle seq − 1, zeros for the first
    issued: int
    expires: int  # within the life of the status key's certificate
    ledger_index: int  # size of the issuer's ledger when the bundle was made
    agreement_id: str
    points: tuple[ControlPoint, ...]
    batches: tuple[SignedBatch, ...]
    revocations: tuple[SignedRevocation, ...]  # exactly one for each batch
    advice: str  # standing advice to guards
    stale_hours: int  # hours after issue from which the stale policy holds
    stale_policy: str  # "warn" or "refuse"
    rules_version: int
    spoken: bytes | None = None  # a table of spoken passes (`passes.spoken.encode`), if there are any


@dataclass(frozen=True, slots=True)
class Envelope:
    """A signed bundle taken apart, with nothing checked yet."""

    certificate: SignedCertificate
    bundle_bytes: bytes
    signature: bytes


def encode(bundle: TrustBundle) -> bytes:
    """Write a bundle as canonical CBOR.

    Raises:
        BadInput: `bad-bundle`, naming the field.
    """
    fields: dict[str, Any] = {
        "advice": bundle.advice,
        "agreement": bundle.agreement_id,
        "batches": [[batch.entry_bytes, batch.signature] for batch in bundle.batches],
        "expires": bundle.expires,
        "issued": bundle.issued,
        "ledger": bundle.ledger_index,
        "points": [
            {
                "holder": point.holder,
                "id": point.id,
                "names": dict(point.names),
                "ring": point.ring,
                "state": point.state,
                "upstream": list(point.upstream),
            }
            for point in bundle.points
        ],
        "previous": bundle.previous_hash,
        "revocations": [[item.list_bytes, item.signature] for item in bundle.revocations],
        "rules": bundle.rules_version,
        "seq": bundle.seq,
        "stale_hours": bundle.stale_hours,
        "stale_policy": bundle.stale_policy,
        "v": 1,
    }
    if bundle.spoken is not None:
        fields["spoken"] = bundle.spoken
    check_bundle(fields)
    return canonical.encode_cbor(fields)


def decode(data: bytes) -> TrustBundle:
    """Read the signed part of a bundle, whose batches and revocations stay unopened.

    Raises:
        BadInput: `bad-cbor` or `bad-bundle`.
    """
    fields = check_bundle(canonical.decode_cbor(data, where="bundle", limit=MOST_BYTES))
    return TrustBundle(
        seq=fields["seq"],
        previous_hash=fields["previous"],
        issued=fields["issued"],
        expires=fields["expires"],
        ledger_index=fields["ledger"],
        agreement_id=fields["agreement"],
        points=tuple(
            ControlPoint(
                id=point["id"],
                names=point["names"],
                ring=point["ring"],
                holder=point["holder"],
                upstream=tuple(point["upstream"]),
                state=point["state"],
            )
            for point in fields["points"]
        ),
        batches=tuple(SignedBatch(*item) for item in fields["batches"]),
        revocations=tuple(SignedRevocation(*item) for item in fields["revocations"]),
        advice=fields["advice"],
        stale_hours=fields["stale_hours"],
        stale_policy=fields["stale_policy"],
        rules_version=fields["rules"],
        spoken=fields.get("spoken"),
    )


def covers(certificate: StatusCertificate, bundle: TrustBundle) -> bool:
    """Whether the certificate is for the bundle's agreement, and the bundle's whole life lies in the certificate's."""
    return (
        certificate.agreement_id == bundle.agreement_id
        and certificate.not_before <= bundle.issued
        and bundle.expires <= certificate.not_after
    )


def sign_bundle(bundle: TrustBundle, certificate: SignedCertificate, status_key: SigningKey) -> bytes:
    """Sign a bundle: the bytes that a device fetches, the certificate within.

    Raises:
        BadInput: `bad-bundle`, also when the certificate is of another agreement, of another key or does not last
            as long as the bundle.
    """
    inner = encode(bundle)
    opened = decode_certificate(certificate.certificate_bytes)
    if not covers(opened, bundle) or opened.public_key != status_key.public:
        raise BadInput(
            "bad-bundle",
            where="status certificate",
            expected=f"{bundle.agreement_id}, this key, {bundle.issued} to {bundle.expires}",
            seen=(opened.agreement_id, opened.not_before, opened.not_after),
        )
    signature = signed.sign(BUNDLE_DOMAIN, inner, status_key)
    outer = [1, certificate.certificate_bytes, certificate.signature, inner, signature]
    return canonical.encode_cbor(outer)


def parse_envelope(data: bytes) -> Envelope:
    """Take the bytes of a signed bundle apart.

    Raises:
        BadInput: `bad-cbor` or `bad-bundle`.
    """
    decoded = canonical.decode_cbor(data, where="signed bundle", limit=MOST_BYTES)
    _, certificate, root_signature, inner, signature = check_envelope(decoded)
    return Envelope(SignedCertificate(certificate, root_signature), inner, signature)
