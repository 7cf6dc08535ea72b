"""Exact lists of revoked passes, one for each batch (`spec/revocation.md`)."""

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
LIMIT = 8 << 20  # bytes; half of 2^24 indexes revoked takes four million

CODED = shape.row(
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
    "revoked": CODED,
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
    check_times(fields, "revocation list")
    return fields


def check_times(fields: dict[str, Any], where: str) -> None:
    """Refuse what expires before it is issued.

    Raises:
        BadInput: `bad-revocation`.
    """
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
    return _decode(data)[0]


def _decode(data: bytes) -> tuple[RevocationList, list[int]]:
    """Read a list, and its coded indexes."""
    fields = _check_list(canonical.decode_cbor(data, where="revocation list", limit=LIMIT))
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
    return revocation, rice.unpack(gaps, parameter, count, revocation.capacity, where="revocation list")


def revoked_indexes(revocation: RevocationList) -> frozenset[int]:
    """Every revoked index, decoys too.

    Raises:
        BadInput: `bad-revocation`, when the coded bits do not hold what the list says.
    """
    coded = rice.unpack(
        revocation.gaps, revocation.parameter, revocation.count, revocation.capacity, where="revocation list"
    )
    return _revoked(revocation, coded)


def _revoked(revocation: RevocationList, coded: list[int]) -> frozenset[int]:
    return frozenset(range(revocation.capacity)).difference(coded) if revocation.kept else frozenset(coded)


def list_hash(revocation: RevocationList) -> bytes:
    """SHA-256 of the encoded list: what a delta names as its base and its result."""
    return sha256(encode(revocation)).digest()


def sign(revocation: RevocationList, status_key: SigningKey) -> SignedRevocation:
    """Sign a list with the status key."""
    data = encode(revocation)
    return SignedRevocation(data, signed.sign(LIST_DOMAIN, data, status_key))


def open_indexes(
    revocation: SignedRevocation, status_key: VerifyKey
) -> tuple[RevocationList, frozenset[int]] | Refusal:
    """Check the status key's signature, then read the list and every revoked index, the coded bits once.

    Returns:
        The list with its indexes, decoys too; or `bad-signature`.

    Raises:
        BadInput: `bad-cbor` or `bad-revocation`.
    """
    if not signed.check(LIST_DOMAIN, revocation.list_bytes, revocation.signature, status_key):
        return Refusal("bad-signature", "revocation list")
    made, coded = _decode(revocation.list_bytes)
    return made, _revoked(made, coded)


def open_signed(revocation: SignedRevocation, status_key: VerifyKey) -> RevocationList | Refusal:
    """Check the status key's signature, then read the list.

    Returns:
        The list, or `bad-signature`.

    Raises:
        BadInput: `bad-cbor` or `bad-revocation`.
    """
    found = open_indexes(revocation, status_key)
    return found if isinstance(found, Refusal) else found[0]
