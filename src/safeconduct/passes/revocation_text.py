"""Revocations as text for QR codes and as a file: lists or deltas with the certificate of the key that signed them.

So a phone without a network reads at a briefing what a bundle would have brought (`spec/revocation-codes.md`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from safeconduct.errors import BadInput, Refusal
from safeconduct.passes import base45, shape
from safeconduct.passes.batch import SignedCertificate, open_certificate
from safeconduct.passes.revocation import RevocationList, SignedRevocation, open_signed
from safeconduct.passes.revocation_delta import RevocationDelta, open_delta
from safeconduct.seal import canonical
from safeconduct.seal.keys import VerifyKey

PREFIX = "SCR1:"
MAGIC = b"safeconduct-revocations-1\n"
PART_BYTES = 900  # of the message in one code: with its head 1,364 characters, a QR of version 25 at level M
MOST_PARTS = 250
MOST_BYTES = PART_BYTES * MOST_PARTS
_HEAD = 6  # bytes before a part's piece of the message: four of its digest, the part's place, their number
_SIGNED = shape.row(shape.blob(MOST_BYTES), shape.SIGNATURE)
_MESSAGE = shape.row(
    shape.integer(1, 1), shape.blob(1 << 14), shape.SIGNATURE, shape.many(_SIGNED, 1_000), shape.many(_SIGNED, 1_000)
)


@dataclass(frozen=True, slots=True)
class Message:
    """What a message holds once every signature was right."""

    lists: tuple[RevocationList, ...]
    deltas: tuple[RevocationDelta, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One code of a message, not yet joined with the others."""

    digest: bytes  # first four bytes of the message's SHA-256
    place: int  # 0 is the first
    total: int
    piece: bytes


def encode_message(
    certificate: SignedCertificate, lists: Sequence[SignedRevocation], deltas: Sequence[SignedRevocation] = ()
) -> bytes:
    """Write a message as canonical CBOR.

    Raises:
        BadInput: `bad-message`, when it is too long for its codes.
    """
    fields = [
        1, certificate.certificate_bytes, certificate.signature,
        [[one.list_bytes, one.signature] for one in lists], [[one.list_bytes, one.signature] for one in deltas],
    ]  # fmt: skip
    shape.check("bad-message", "revocations", _MESSAGE, fields)
    data = canonical.encode_cbor(fields)
    if len(data) > MOST_BYTES:
        raise BadInput("bad-message", where="revocations", expected=f"at most {MOST_BYTES} bytes", seen=len(data))
    return data


def open_message(data: bytes, *, root: VerifyKey, agreement_id: str, now: int) -> Message | Refusal:
    """Check a message and read it.

    Steps: 1. shape; 2. the root certified the status key, for this agreement; 3. the status key signed every list and
    delta; 4. each lies in the certificate's life and is not over.

    Returns:
        What it holds; or `bad-status-key`, `out-of-agreement`, `bad-signature`, `bundle-expired`.

    Raises:
        BadInput: `bad-cbor`, `bad-message`, `bad-certificate`, `bad-revocation`, `bad-key`.
    """
    fields = canonical.decode_cbor(data, where="revocations", limit=MOST_BYTES)  # 1
    shape.check("bad-message", "revocations", _MESSAGE, fields)
    certificate = open_certificate(SignedCertificate(fields[1], fields[2]), root)  # 2
    if isinstance(certificate, Refusal):
        return certificate
    if certificate.agreement_id != agreement_id:
        return Refusal("out-of-agreement", certificate.agreement_id)
    key = VerifyKey.load(certificate.public_key, where="status certificate")
    opened: list[RevocationList | RevocationDelta] = []
    for read, signed in ((open_signed, fields[3]), (open_delta, fields[4])):
        for one in signed:
            found = read(SignedRevocation(*one), key)  # 3
            if isinstance(found, Refusal):
                return found
            if not certificate.not_before <= found.issued < found.expires <= certificate.not_after:  # 4
                return Refusal("bad-status-key", f"certified {certificate.not_before} to {certificate.not_after}")
            if now >= found.expires:
                return Refusal("bundle-expired", f"at {found.expires}")
            opened.append(found)
    return Message(
        tuple(one for one in opened if isinstance(one, RevocationList)),
        tuple(one for one in opened if isinstance(one, RevocationDelta)),
    )


def to_parts(message: bytes, part_bytes: int = PART_BYTES) -> list[str]:
    """Write a message as the texts of its codes, of nearly one length each.

    Raises:
        BadInput: `bad-message`, when it needs more than `MOST_PARTS`.
    """
    total = max(1, -(-len(message) // part_bytes))
    if total > MOST_PARTS:
        raise BadInput("bad-message", where="revocations", expected=f"at most {MOST_PARTS} codes", seen=total)
    size = -(-len(message) // total)
    digest = sha256(message).digest()[:4]
    return [
        PREFIX + base45.encode(digest + bytes([place, total]) + message[place * size : (place + 1) * size])
        for place in range(total)
    ]


def read_part(text: str) -> Part:
    """Read the text of one code.

    Raises:
        BadInput: `bad-text`.
    """
    if not text.startswith(PREFIX):
        raise BadInput("bad-text", where="revocations", expected=f"{PREFIX} at the beginning", seen=text)
    data = base45.decode(text[len(PREFIX) :], where="revocations")
    if len(data) <= _HEAD or data[4] >= data[5] or data[5] > MOST_PARTS:
        raise BadInput("bad-text", where="revocations", expected="a part and its place", seen=data[:_HEAD])
    return Part(data[:4], data[4], data[5], data[_HEAD:])


def join(parts: Sequence[Part]) -> bytes | Refusal:
    """Put the parts of one message together, in whatever order they were read, some of them twice.

    Returns:
        The message; or `parts-missing`, naming those that are not there.

    Raises:
        BadInput: `bad-message`, when parts of two messages are mixed, or the whole is not what they were cut from.
    """
    kinds = {(part.digest, part.total) for part in parts}
    if len(kinds) != 1:
        raise BadInput("bad-message", where="revocations", expected="parts of one message", seen=len(kinds))
    [(digest, total)] = kinds
    held = {part.place: part.piece for part in parts}
    missing = [str(place + 1) for place in range(total) if place not in held]
    if missing:
        return Refusal("parts-missing", f"{', '.join(missing)} of {total}")
    message = b"".join(held[place] for place in range(total))
    if sha256(message).digest()[:4] != digest:
        raise BadInput("bad-message", where="revocations", expected="the message of its digest", seen=message)
    return message


def to_file(message: bytes) -> bytes:
    """Write a message as a file."""
    return MAGIC + message


def from_file(data: bytes) -> bytes:
    """Read the message of a file.

    Raises:
        BadInput: `bad-message`.
    """
    if not data.startswith(MAGIC):
        raise BadInput("bad-message", where="file", expected="revocations that a node wrote", seen=data[: len(MAGIC)])
    return data[len(MAGIC) :]
