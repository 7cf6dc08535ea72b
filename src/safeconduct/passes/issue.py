"""Issuing: indexes that tell nothing, and the signature over 32 payload bytes (`spec/pass.md`)."""

from collections.abc import Iterable
from hashlib import blake2b
from math import isqrt

from safeconduct.errors import BadInput
from safeconduct.passes.batch import MOST_PASSES
from safeconduct.passes.pass_format import PASS_BYTES, PassFields, encode_payload
from safeconduct.seal.keys import SigningKey

ROUNDS = 10  # of the Feistel network: the small domains need more than the usual four

_AAD_DOMAIN = b"safeconduct.pass.1\x00"
PROTECTED = bytes.fromhex("a10132")  # {1: -19}: Ed25519 (RFC 9864)
# Sig_structure of RFC 9052, 4.4, up to the batch's identity: an array of four, "Signature1", the protected header and
# an external_aad of 51 bytes; then the payload's head for 32 bytes.
_SIG_HEAD = b"\x84\x6aSignature1\x43" + PROTECTED + b"\x58\x33" + _AAD_DOMAIN
_PAYLOAD_HEAD = b"\x58\x20"


def signed_prefix(batch_identity: bytes) -> bytes:
    """Everything that is signed before the payload: constant for a batch."""
    if len(batch_identity) != 32:
        raise BadInput("bad-pass", where="batch identity", expected="32 bytes", seen=batch_identity)
    return _SIG_HEAD + batch_identity + _PAYLOAD_HEAD


def signed_bytes(payload: bytes, batch_identity: bytes) -> bytes:
    """Sig_structure (RFC 9052, 4.4) of one pass: so that it is void under any other batch or agreement."""
    return signed_prefix(batch_identity) + payload


def sign_pass(fields: PassFields, batch_identity: bytes, key: SigningKey) -> bytes:
    """Sign one pass: 96 bytes.

    Raises:
        BadInput: `bad-pass`, when a field does not fit or the key id is not of this batch.
    """
    return sign_many((fields,), batch_identity, key)[0]


def sign_many(passes: Iterable[PassFields], batch_identity: bytes, key: SigningKey) -> list[bytes]:
    """Sign passes of one batch, in order.

    Raises:
        BadInput: `bad-pass`; then none is returned.
    """
    prefix = signed_prefix(batch_identity)
    key_id = batch_identity[:4]
    sign = key.sign
    issued = []
    for fields in passes:
        payload = encode_payload(fields)
        if fields.key_id != key_id:
            raise BadInput("bad-pass", where="pass: key id", expected=key_id.hex(), seen=fields.key_id.hex())
        issued.append(payload + sign(prefix + payload))
    return issued


def to_cose_sign1(raw: bytes, batch_identity: bytes) -> bytes:
    """Inflate a pass to a tagged COSE_Sign1 (RFC 9052, 4.2) that other libraries verify.

    They are given the external_aad `safeconduct.pass.1`, a zero byte and the batch's identity.
    """
    if len(raw) != PASS_BYTES or len(batch_identity) != 32:
        raise BadInput("bad-pass", where="pass", expected="96 bytes, and an identity of 32", seen=raw)
    return b"\xd2\x84\x43" + PROTECTED + b"\xa0" + _PAYLOAD_HEAD + raw[:32] + b"\x58\x40" + raw[32:]


def external_aad(batch_identity: bytes) -> bytes:
    """Bytes that a COSE library needs beside `to_cose_sign1`: 51 of them."""
    return _AAD_DOMAIN + batch_identity


def _sides(capacity: int, secret: bytes) -> tuple[int, int]:
    """Sides a × b of the smallest nearly square domain that holds 0…N−1; fewer than a of its numbers lie outside."""
    if not 0 < capacity <= MOST_PASSES:
        raise BadInput("bad-batch", where="capacity", expected=f"1 to {MOST_PASSES}", seen=capacity)
    if len(secret) != 32:
        raise BadInput("bad-batch", where="index secret", expected="32 bytes", seen=f"{len(secret)} bytes")
    width = isqrt(capacity - 1) + 1
    return width, -(-capacity // width)


def _round(secret: bytes, capacity: int, turn: int, half: int) -> int:
    """Keyed round function; 64 bits, so that its remainder by a side of 4,096 at most has no bias that shows."""
    block = bytes([turn]) + capacity.to_bytes(4, "big") + half.to_bytes(4, "big")
    return int.from_bytes(blake2b(block, digest_size=8, key=secret, person=b"sc.index").digest(), "big")


def index_at(position: int, capacity: int, secret: bytes) -> int:
    """Index of the pass issued as number `position` (0…N−1) of a batch: a secret permutation of 0…N−1.

    A Feistel network over a × b numbers (Black and Rogaway, 2002, "generalised Feistel"), walked until the result
    lies in the batch. Whoever sees some indexes learns neither how many were issued nor which belong together.

    Raises:
        BadInput: `bad-batch`, for a position outside the batch, a capacity of no pass or too many, or a secret that
            is not 32 bytes.
    """
    a, b = _sides(capacity, secret)
    if not 0 <= position < capacity:
        raise BadInput("bad-batch", where="position", expected=f"0 to {capacity - 1}", seen=position)
    number = position
    while True:
        left, right = number % a, number // a
        for turn in range(0, ROUNDS, 2):
            left = (left + _round(secret, capacity, turn, right)) % a
            right = (right + _round(secret, capacity, turn + 1, left)) % b
        number = right * a + left
        if number < capacity:
            return number


def indexes(capacity: int, secret: bytes, count: int | None = None, start: int = 0) -> list[int]:
    """Return `index_at` of `count` positions from `start` on, all to the end by default; some 10 times faster.

    The round function takes few different values (two sides of √N), so that it is tabulated once.

    Raises:
        BadInput: `bad-batch`.
    """
    a, b = _sides(capacity, secret)
    stop = capacity if count is None else start + count
    if not 0 <= start <= stop <= capacity:
        raise BadInput("bad-batch", where="positions", expected=f"within 0 to {capacity}", seen=(start, stop))
    tables = [
        [_round(secret, capacity, turn, half) % (b if turn & 1 else a) for half in range(a if turn & 1 else b)]
        for turn in range(ROUNDS)
    ]
    numbers = list(range(start, stop))
    outside = list(range(len(numbers)))  # places whose number has not come to lie in the batch yet
    while outside:
        lefts = [numbers[place] % a for place in outside]
        rights = [numbers[place] // a for place in outside]
        for turn in range(0, ROUNDS, 2):
            even, odd = tables[turn], tables[turn + 1]
            lefts = [(left + even[right]) % a for left, right in zip(lefts, rights, strict=True)]
            rights = [(right + odd[left]) % b for left, right in zip(lefts, rights, strict=True)]
        for place, left, right in zip(outside, lefts, rights, strict=True):
            numbers[place] = right * a + left
        outside = [place for place in outside if numbers[place] >= capacity]
    return numbers


def decoys(capacity: int, secret: bytes, count: int) -> list[int]:
    """Return the indexes of the last `count` positions, which are never issued and always revoked.

    A list then tells neither how many passes were issued nor how many were truly revoked; a decoy stays one in every
    later list.

    Raises:
        BadInput: `bad-batch`.
    """
    return indexes(capacity, secret, count, capacity - count)
