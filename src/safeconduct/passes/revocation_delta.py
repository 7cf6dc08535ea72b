"""The changes between two lists of revoked passes of one batch (`spec/revocation.md`)."""

from dataclasses import dataclass
from typing import Any

from safeconduct.errors import BadInput, Refusal
from safeconduct.passes import rice, shape
from safeconduct.passes.batch import MOST_PASSES
from safeconduct.passes.revocation import (
    CODED,
    LIMIT,
    RevocationList,
    SignedRevocation,
    build,
    check_times,
    list_hash,
    revoked_indexes,
)
from safeconduct.seal import canonical, signed
from safeconduct.seal.keys import SigningKey, VerifyKey

DELTA_DOMAIN = "safeconduct.revocation-delta.1"

_DELTA = {
    "added": CODED,
    "base": shape.HASH,
    "base_seq": shape.integer(0, 1 << 32),
    "batch": shape.HASH,
    "capacity": shape.integer(1, MOST_PASSES),
    "expires": shape.TIME,
    "issued": shape.TIME,
    "removed": CODED,
    "result": shape.HASH,
    "seq": shape.integer(0, 1 << 32),
    "v": shape.integer(1, 1),
}


@dataclass(frozen=True, slots=True)
class RevocationDelta:
    """What changes one list into the next; the hashes are SHA-256 of the encoded lists."""

    batch: bytes
    capacity: int
    base_seq: int
    base_hash: bytes
    seq: int
    issued: int
    expires: int
    added: tuple[int, ...]
    removed: tuple[int, ...]
    result_hash: bytes


def delta(old: RevocationList, new: RevocationList) -> RevocationDelta:
    """Changes from `old` to `new`, of the same batch.

    Raises:
        BadInput: `bad-revocation`, for lists of two batches, or a `new` that does not follow `old`.
    """
    if (old.batch, old.capacity) != (new.batch, new.capacity) or new.seq <= old.seq:
        raise BadInput(
            "bad-revocation", where="delta", expected="a later list of the same batch", seen=(old.seq, new.seq)
        )
    before, after = revoked_indexes(old), revoked_indexes(new)
    return RevocationDelta(
        batch=new.batch,
        capacity=new.capacity,
        base_seq=old.seq,
        base_hash=list_hash(old),
        seq=new.seq,
        issued=new.issued,
        expires=new.expires,
        added=tuple(sorted(after - before)),
        removed=tuple(sorted(before - after)),
        result_hash=list_hash(new),
    )


def apply(old: RevocationList, change: RevocationDelta) -> RevocationList | Refusal:
    """Make the next list.

    Returns:
        The list, whose hash is the one that the delta states; or `wrong-base`, when `old` is another list than the
        delta's base or the result is not the stated one: fetch the full list.
    """
    if (old.batch, list_hash(old)) != (change.batch, change.base_hash):
        return Refusal("wrong-base", f"list {old.seq} here, list {change.base_seq} there")
    indexes = (revoked_indexes(old) - set(change.removed)) | set(change.added)
    made = build(old.batch, old.capacity, indexes, change.seq, change.issued, change.expires)
    if list_hash(made) != change.result_hash:
        return Refusal("wrong-base", "the result is not the stated one")
    return made


def encode_delta(change: RevocationDelta) -> bytes:
    """Write a delta as canonical CBOR.

    Raises:
        BadInput: `bad-revocation`.
    """
    fields: dict[str, Any] = {
        "base": change.base_hash,
        "base_seq": change.base_seq,
        "batch": change.batch,
        "capacity": change.capacity,
        "expires": change.expires,
        "issued": change.issued,
        "result": change.result_hash,
        "seq": change.seq,
        "v": 1,
    }
    for name, indexes in (("added", change.added), ("removed", change.removed)):
        parameter = rice.parameter_for(change.capacity, len(indexes))
        fields[name] = [len(indexes), parameter, rice.pack(indexes, parameter)]
    check_times(shape.check_map("bad-revocation", "delta", _DELTA, fields), "delta")
    return canonical.encode_cbor(fields)


def decode_delta(data: bytes) -> RevocationDelta:
    """Read a delta.

    Raises:
        BadInput: `bad-cbor` or `bad-revocation`.
    """
    decoded = canonical.decode_cbor(data, where="delta", limit=LIMIT)
    fields = shape.check_map("bad-revocation", "delta", _DELTA, decoded)
    check_times(fields, "delta")
    capacity = fields["capacity"]
    indexes = {}
    for name in ("added", "removed"):
        count, parameter, gaps = fields[name]
        if count > capacity:
            raise BadInput("bad-revocation", where=f"delta: {name}", expected=f"up to {capacity}", seen=count)
        indexes[name] = tuple(rice.unpack(gaps, parameter, count, capacity, where=f"delta: {name}"))
    return RevocationDelta(
        batch=fields["batch"],
        capacity=capacity,
        base_seq=fields["base_seq"],
        base_hash=fields["base"],
        seq=fields["seq"],
        issued=fields["issued"],
        expires=fields["expires"],
        added=indexes["added"],
        removed=indexes["removed"],
        result_hash=fields["result"],
    )


def sign_delta(change: RevocationDelta, status_key: SigningKey) -> SignedRevocation:
    """Sign a delta with the status key."""
    data = encode_delta(change)
    return SignedRevocation(data, signed.sign(DELTA_DOMAIN, data, status_key))


def open_delta(change: SignedRevocation, status_key: VerifyKey) -> RevocationDelta | Refusal:
    """Check the status key's signature, then read the delta.

    Returns:
        The delta, or `bad-signature`.

    Raises:
        BadInput: `bad-cbor` or `bad-revocation`.
    """
    if not signed.check(DELTA_DOMAIN, change.list_bytes, change.signature, status_key):
        return Refusal("bad-signature", "revocation delta")
    return decode_delta(change.list_bytes)
