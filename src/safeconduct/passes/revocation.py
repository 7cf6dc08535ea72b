"""Exact lists of revoked passes, one for each batch, and the changes between two of them (`spec/revocation.md`)."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from safeconduct.errors import BadInput, Refusal
from safeconduct.passes import rice, shape
from safeconduct.passes.batch import MOST_PASSES
from safeconduct.seal import canonical, signed
from safeconduct.seal.keys import SigningKey, VerifyKey

LIST_DOMAIN = "safeconduct.revocation.1"
DELTA_DOMAIN = "safeconduct.revocation-delta.1"
_LIMIT = 8 << 20  # bytes; half of 2^24 indexes revoked takes four million

_CODED = shape.row(
    shape.integer(0, MOST_PASSES),
    shape.integer(0, rice.LARGEST_PARAMETER),
    shape.Kind("bytes", lambda seen: type(seen) is bytes),
)
_LIST = {
    "batch": shape.HASH,
    "capacity": shape.integer(1, MOST_PASSES),
    "expires": shape.TIME,
    "issued": shape.TIME,
    "kept": shape.Kind("true or false", lambda seen: type(seen) is bool),
    "revoked": _CODED,
    "seq": shape.integer(0, 1 << 32),
    "v": shape.integer(1, 1),
}
_DELTA = {
    "added": _CODED,
    "base": shape.HASH,
    "base_seq": shape.integer(0, 1 << 32),
    "batch": shape.HASH,
    "capacity": shape.integer(1, MOST_PASSES),
    "expires": shape.TIME,
    "issued": shape.TIME,
    "removed": _CODED,
    "result": shape.HASH,
    "seq": shape.integer(0, 1 << 32),
    "v": shape.integer(1, 1),
}


@dataclass(frozen=True, slots=True)
class RevocationList:
    """All revoked indexes of one batch, decoys among them; times are unix seconds, UTC."""

    batch: bytes  # 32 bytes: the batch's identity
    capacity: int  # N of the batch
    seq: int
    issued: int
    expires: int
    kept: bool  # True: more than half are revoked, and the coded indexes are those that are not
    count: int  # coded indexes
    parameter: int  # Rice parameter
    gaps: bytes  # Rice-coded gaps, zero bits at the end


@dataclass(frozen=True, slots=True)
class SignedRevocation:
    """A list's bytes and the status key's signature over them."""

    list_bytes: bytes
    signature: bytes  # 64 bytes


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


def build(
    batch_identity: bytes, capacity: int, revoked: Iterable[int], seq: int, issued: int, expires: int
) -> RevocationList:
    """Code the revoked indexes of one batch; a repeated index counts once.

    Raises:
        BadInput: `bad-revocation`, for an index outside the batch or a list that expires before it is issued.
    """
    ascending = sorted(set(revoked))
    if ascending and not 0 <= ascending[0] <= ascending[-1] < capacity:
        raise BadInput(
            "bad-revocation",
            where="revoked indexes",
            expected=f"0 to {capacity - 1}",
            seen=(ascending[0], ascending[-1]),
        )
    kept = 2 * len(ascending) > capacity
    if kept:
        ascending = sorted(set(range(capacity)).difference(ascending))
    parameter = rice.parameter_for(capacity, len(ascending))
    built = RevocationList(
        batch=batch_identity,
        capacity=capacity,
        seq=seq,
        issued=issued,
        expires=expires,
        kept=kept,
        count=len(ascending),
        parameter=parameter,
        gaps=rice.pack(ascending, parameter),
    )
    _check_list(_list_map(built))
    return built


def _list_map(revocation: RevocationList) -> dict[str, Any]:
    return {
        "batch": revocation.batch,
        "capacity": revocation.capacity,
        "expires": revocation.expires,
        "issued": revocation.issued,
        "kept": revocation.kept,
        "revoked": [revocation.count, revocation.parameter, revocation.gaps],
        "seq": revocation.seq,
        "v": 1,
    }


def _check_list(decoded: Any) -> dict[str, Any]:
    fields = shape.check_map("bad-revocation", "revocation list", _LIST, decoded)
    _check_times(fields, "revocation list")
    return fields


def _check_times(fields: dict[str, Any], where: str) -> None:
    if fields["issued"] >= fields["expires"]:
        raise BadInput(
            "bad-revocation", where=f"{where}: expires", expected="later than issued", seen=fields["expires"]
        )


def encode(revocation: RevocationList) -> bytes:
    """Write a list as canonical CBOR: one set of indexes has one encoding."""
    return canonical.encode_cbor(_check_list(_list_map(revocation)))


def decode(data: bytes) -> RevocationList:
    """Read a list and check that its coded indexes can be read; only the encoding that `build` makes is taken.

    Raises:
        BadInput: `bad-cbor` or `bad-revocation`.
    """
    fields = _check_list(canonical.decode_cbor(data, where="revocation list", limit=_LIMIT))
    count, parameter, gaps = fields["revoked"]
    revocation = RevocationList(
        batch=fields["batch"],
        capacity=fields["capacity"],
        seq=fields["seq"],
        issued=fields["issued"],
        expires=fields["expires"],
        kept=fields["kept"],
        count=count,
        parameter=parameter,
        gaps=gaps,
    )
    most = (revocation.capacity - 1) // 2 if revocation.kept else revocation.capacity // 2
    if count > most:
        raise BadInput("bad-revocation", where="revocation list: revoked", expected=f"up to {most}", seen=count)
    rice.unpack(gaps, parameter, count, revocation.capacity, where="revocation list")
    return revocation


def revoked_indexes(revocation: RevocationList) -> frozenset[int]:
    """Every revoked index, decoys too.

    Raises:
        BadInput: `bad-revocation`, when the coded bits do not hold what the list says.
    """
    coded = rice.unpack(
        revocation.gaps, revocation.parameter, revocation.count, revocation.capacity, where="revocation list"
    )
    return frozenset(range(revocation.capacity)).difference(coded) if revocation.kept else frozenset(coded)


def list_hash(revocation: RevocationList) -> bytes:
    """SHA-256 of the encoded list: what a delta names as its base and its result."""
    return sha256(encode(revocation)).digest()


def sign(revocation: RevocationList, status_key: SigningKey) -> SignedRevocation:
    """Sign a list with the status key."""
    data = encode(revocation)
    return SignedRevocation(data, signed.sign(LIST_DOMAIN, data, status_key))


def open_signed(revocation: SignedRevocation, status_key: VerifyKey) -> RevocationList | Refusal:
    """Check the status key's signature, then read the list.

    Returns:
        The list, or `bad-signature`.

    Raises:
        BadInput: `bad-cbor` or `bad-revocation`.
    """
    if not signed.check(LIST_DOMAIN, revocation.list_bytes, revocation.signature, status_key):
        return Refusal("bad-signature", "revocation list")
    return decode(revocation.list_bytes)


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
    _check_times(shape.check_map("bad-revocation", "delta", _DELTA, fields), "delta")
    return canonical.encode_cbor(fields)


def decode_delta(data: bytes) -> RevocationDelta:
    """Read a delta.

    Raises:
        BadInput: `bad-cbor` or `bad-revocation`.
    """
    decoded = canonical.decode_cbor(data, where="delta", limit=_LIMIT)
    fields = shape.check_map("bad-revocation", "delta", _DELTA, decoded)
    _check_times(fields, "delta")
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
