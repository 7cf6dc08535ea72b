"""What a root key signs: batch entries, and the certificate of a status key (`spec/bundle.md`).

A batch entry is immutable; the SHA-256 of its bytes is the batch's identity everywhere: in signatures, revocation
lists, used-here sets and logs. The four bytes of it in a pass only find candidates.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from safeconduct.errors import BadInput, Refusal
from safeconduct.passes import shape
from safeconduct.passes.binding import PRESETS, WORD_LISTS
from safeconduct.seal import canonical, signed
from safeconduct.seal.keys import SigningKey, VerifyKey

MOST_POINTS = 16  # a pass names its control points in a mask of 16 bits
MOST_PASSES = 1 << 24  # an index has three bytes
LONGEST_STATUS = 7 * 86_400  # seconds that a status key may be certified for
BATCH_DOMAIN = "safeconduct.batch.1"
STATUS_DOMAIN = "safeconduct.status.1"
_LIMIT = 1 << 14  # bytes; a full entry has about two thousand

_BATCH = {
    "agreement": shape.ID,
    "capacity": shape.integer(1, MOST_PASSES),
    "classes": shape.many(shape.integer(0, 15), 16, 1),
    "key": shape.raw(32),
    "not_after": shape.TIME,
    "not_before": shape.TIME,
    "pepper": shape.raw(16),
    "points": shape.many(shape.ID, MOST_POINTS, 1),
    "preset": shape.one_of(*PRESETS),
    "v": shape.integer(1, 1),
    "words": shape.one_of(*WORD_LISTS),
}
_STATUS = {
    "agreement": shape.ID,
    "key": shape.raw(32),
    "not_after": shape.TIME,
    "not_before": shape.TIME,
    "v": shape.integer(1, 1),
}


@dataclass(frozen=True, slots=True)
class BatchEntry:
    """One batch key and what it may sign; times are unix seconds, UTC."""

    agreement_id: str
    public_key: bytes  # 32 bytes, Ed25519
    classes: tuple[int, ...]  # pass classes, ascending
    points: tuple[str, ...]  # control-point ids: bit 0 of a pass's mask is the first
    not_before: int
    not_after: int
    capacity: int  # N: indexes are below it, however few are issued
    preset: str  # of `binding.PRESETS`
    word_list: str  # of `binding.WORD_LISTS`
    pepper: bytes  # 16 random bytes: without them a photographed pass cannot be guessed at


@dataclass(frozen=True, slots=True)
class SignedBatch:
    """A batch entry's bytes and the root's signature over them."""

    entry_bytes: bytes
    signature: bytes  # 64 bytes


@dataclass(frozen=True, slots=True)
class StatusCertificate:
    """The online key that signs bundles and revocations for one agreement, for at most seven days."""

    agreement_id: str
    public_key: bytes  # 32 bytes, Ed25519
    not_before: int
    not_after: int


@dataclass(frozen=True, slots=True)
class SignedCertificate:
    """A status certificate's bytes and the root's signature over them."""

    certificate_bytes: bytes
    signature: bytes  # 64 bytes


def encode_batch(entry: BatchEntry) -> bytes:
    """Write an entry as canonical CBOR.

    Raises:
        BadInput: `bad-batch`, naming the field.
    """
    fields = {
        "agreement": entry.agreement_id,
        "capacity": entry.capacity,
        "classes": list(entry.classes),
        "key": entry.public_key,
        "not_after": entry.not_after,
        "not_before": entry.not_before,
        "pepper": entry.pepper,
        "points": list(entry.points),
        "preset": entry.preset,
        "v": 1,
        "words": entry.word_list,
    }
    _check_batch(fields)
    return canonical.encode_cbor(fields)


def decode_batch(data: bytes) -> BatchEntry:
    """Read an entry; the public key is checked when it is loaded.

    Raises:
        BadInput: `bad-cbor` or `bad-batch`.
    """
    fields = _check_batch(canonical.decode_cbor(data, where="batch entry", limit=_LIMIT))
    return BatchEntry(
        agreement_id=fields["agreement"],
        public_key=fields["key"],
        classes=tuple(fields["classes"]),
        points=tuple(fields["points"]),
        not_before=fields["not_before"],
        not_after=fields["not_after"],
        capacity=fields["capacity"],
        preset=fields["preset"],
        word_list=fields["words"],
        pepper=fields["pepper"],
    )


def _check_batch(decoded: Any) -> dict[str, Any]:
    fields = shape.check_map("bad-batch", "batch entry", _BATCH, decoded)
    for name in ("classes", "points"):
        if len(set(fields[name])) != len(fields[name]):
            raise BadInput("bad-batch", where=f"batch entry: {name}", expected="each once", seen=fields[name])
    if fields["classes"] != sorted(fields["classes"]):
        raise BadInput("bad-batch", where="batch entry: classes", expected="ascending", seen=fields["classes"])
    if fields["not_before"] >= fields["not_after"]:
        raise BadInput(
            "bad-batch", where="batch entry: not_after", expected="later than not_before", seen=fields["not_after"]
        )
    return fields


def identity_of(entry_bytes: bytes) -> bytes:
    """SHA-256 of an entry's bytes: 32 bytes that name the batch everywhere."""
    return sha256(entry_bytes).digest()


def identity(entry: BatchEntry) -> bytes:
    """SHA-256 of the entry's canonical bytes."""
    return identity_of(encode_batch(entry))


def sign_batch(entry: BatchEntry, root: SigningKey) -> SignedBatch:
    """Sign an entry with the party's root key."""
    entry_bytes = encode_batch(entry)
    return SignedBatch(entry_bytes, signed.sign(BATCH_DOMAIN, entry_bytes, root))


def open_batch(batch: SignedBatch, root: VerifyKey) -> BatchEntry | Refusal:
    """Check the root's signature, then read the entry.

    Returns:
        The entry, or `bad-signature`.

    Raises:
        BadInput: `bad-cbor` or `bad-batch`, for an entry that the root should not have signed.
    """
    if not signed.check(BATCH_DOMAIN, batch.entry_bytes, batch.signature, root):
        return Refusal("bad-signature", "batch entry")
    return decode_batch(batch.entry_bytes)


def encode_certificate(certificate: StatusCertificate) -> bytes:
    """Write a status certificate as canonical CBOR.

    Raises:
        BadInput: `bad-certificate`, for more than seven days too.
    """
    fields = {
        "agreement": certificate.agreement_id,
        "key": certificate.public_key,
        "not_after": certificate.not_after,
        "not_before": certificate.not_before,
        "v": 1,
    }
    _check_certificate(fields)
    return canonical.encode_cbor(fields)


def _check_certificate(decoded: Any) -> dict[str, Any]:
    fields = shape.check_map("bad-certificate", "status certificate", _STATUS, decoded)
    lasts = fields["not_after"] - fields["not_before"]
    if not 0 < lasts <= LONGEST_STATUS:
        raise BadInput(
            "bad-certificate", where="status certificate", expected=f"a life of 1 to {LONGEST_STATUS} s", seen=lasts
        )
    return fields


def decode_certificate(data: bytes) -> StatusCertificate:
    """Read a certificate whose signature is checked elsewhere.

    Raises:
        BadInput: `bad-cbor` or `bad-certificate`.
    """
    fields = _check_certificate(canonical.decode_cbor(data, where="status certificate", limit=_LIMIT))
    return StatusCertificate(fields["agreement"], fields["key"], fields["not_before"], fields["not_after"])


def sign_certificate(certificate: StatusCertificate, root: SigningKey) -> SignedCertificate:
    """Certify a status key with the party's root key."""
    data = encode_certificate(certificate)
    return SignedCertificate(data, signed.sign(STATUS_DOMAIN, data, root))


def open_certificate(certificate: SignedCertificate, root: VerifyKey) -> StatusCertificate | Refusal:
    """Check the root's signature, then read the certificate.

    Returns:
        The certificate, or `bad-status-key`.

    Raises:
        BadInput: `bad-cbor` or `bad-certificate`.
    """
    data = certificate.certificate_bytes
    if not signed.check(STATUS_DOMAIN, data, certificate.signature, root):
        return Refusal("bad-status-key", "not signed by the root")
    return decode_certificate(data)
