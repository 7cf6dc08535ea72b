"""A pass taken apart for inspection: its batch, all that it says, and the standard COSE_Sign1 that it stands for.

A pass leaves out what is the same for a whole batch. Here it is put back, so that anybody's COSE library verifies the
signature (`spec/pass.md`, "Signature").
"""

from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.errors import Refusal
from safeconduct.passes.batch import BatchEntry, identity
from safeconduct.passes.issue import external_aad, signed_bytes, to_cose_sign1
from safeconduct.passes.pass_format import PASS_BYTES, PAYLOAD_BYTES, PassFields, decode_payload
from safeconduct.seal.keys import VerifyKey


@dataclass(frozen=True, slots=True)
class Inspected:
    """A pass whose signature was right, with what its batch adds to it."""

    fields: PassFields
    batch: bytes  # 32 bytes: the identity of the batch that signed it
    entry: BatchEntry
    points: tuple[str, ...]  # control-point ids that the mask stands for, in the order of the batch's list
    cose: bytes  # tagged COSE_Sign1 (RFC 9052, 4.2), 107 bytes
    aad: bytes  # external_aad that a COSE library is given beside it, 51 bytes


def inspect_pass(raw: bytes, entries: Sequence[BatchEntry]) -> Inspected | Refusal:
    """Find the batch that signed a pass, and take the pass apart; nothing is decided about time, place or revocation.

    Steps: 1. form; 2. some batch has the key id; 3. the signature is right under one of them.

    Args:
        raw: the 96 bytes of a pass.
        entries: batch entries whose root signature was checked before.

    Returns:
        The pass taken apart; or `malformed`, `unknown-key`, `bad-signature`.

    Raises:
        BadInput: `bad-pass`, for a payload that says what no pass may say.
    """
    if len(raw) != PASS_BYTES:  # 1
        return Refusal("malformed", f"{len(raw)} bytes")
    fields = decode_payload(raw[:PAYLOAD_BYTES])
    named = [(batch, entry) for entry in entries if (batch := identity(entry))[:4] == fields.key_id]
    if not named:  # 2
        return Refusal("unknown-key", fields.key_id.hex())
    for batch, entry in named:  # 3
        key = VerifyKey.load(entry.public_key, where="batch entry")
        if key.verify(raw[PAYLOAD_BYTES:], signed_bytes(raw[:PAYLOAD_BYTES], batch)):
            points = tuple(point for bit, point in enumerate(entry.points) if fields.points >> bit & 1)
            return Inspected(fields, batch, entry, points, to_cose_sign1(raw, batch), external_aad(batch))
    return Refusal("bad-signature")
