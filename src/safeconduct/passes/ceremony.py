"""What passes between a node and a root key that is kept apart from it: a request, and its answer (`spec/root-key.md`).

The node writes a request to a file; where the root key is, two people look at it and sign; the node checks the answer.
The root key never meets the node's machine.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from safeconduct.agreements.agreement import Agreement, to_json
from safeconduct.agreements.reading import from_json
from safeconduct.agreements.signing import DOMAIN as AGREEMENT_DOMAIN
from safeconduct.errors import BadInput, Refusal
from safeconduct.passes import shape
from safeconduct.passes.batch import (
    BATCH_DOMAIN,
    STATUS_DOMAIN,
    BatchEntry,
    StatusCertificate,
    decode_batch,
    decode_certificate,
)
from safeconduct.seal import canonical, signed
from safeconduct.seal.keys import SigningKey, VerifyKey

CERTIFICATE, BATCH, AGREEMENT = "certificate", "batch", "agreement"
DOMAINS = {CERTIFICATE: STATUS_DOMAIN, BATCH: BATCH_DOMAIN, AGREEMENT: AGREEMENT_DOMAIN}
MADE_DOMAIN = "safeconduct.root-made.1"
ANSWER_DOMAIN = "safeconduct.root-answer.1"
MOST_ITEMS = 64
_LIMIT = 4 << 20  # bytes of a request or an answer

_ITEM = shape.row(shape.one_of(*DOMAINS), shape.blob(1 << 20))
_OFFICES = shape.many(shape.text(80), 2, 2)
_REQUEST = {
    "at": shape.TIME,
    "items": shape.many(_ITEM, MOST_ITEMS, 1),
    "party": shape.ID,
    "root": shape.raw(32),
    "v": shape.integer(1, 1),
}
_ANSWER = {
    "at": shape.TIME,
    "by": _OFFICES,
    "request": shape.HASH,
    "signature": shape.SIGNATURE,
    "signatures": shape.many(shape.SIGNATURE, MOST_ITEMS, 1),
    "v": shape.integer(1, 1),
}
_MADE = {
    "at": shape.TIME,
    "by": _OFFICES,
    "public": shape.raw(32),
    "signature": shape.SIGNATURE,
    "v": shape.integer(1, 1),
}
Thing = BatchEntry | StatusCertificate | Agreement


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that the root is asked to sign: its kind, its exact bytes, and what they say."""

    kind: str  # a key of `DOMAINS`
    data: bytes
    thing: Thing


@dataclass(frozen=True, slots=True)
class Request:
    """What a node asks its root key to sign."""

    party: str
    root: bytes  # public key that is asked
    at: int  # unix seconds, the node's clock
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The root's signatures, in the order of the request's items."""

    request: bytes  # SHA-256 of the request's bytes
    by: tuple[str, str]  # the two offices that were there
    at: int  # unix seconds, by the clock where the root is kept
    signatures: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class RootMade:
    """A new root key's public half, and the two offices that made it."""

    public: bytes
    by: tuple[str, str]
    at: int  # unix seconds


def digest_of(request: bytes) -> bytes:
    """SHA-256 of a request's bytes: what an answer names, and what people compare as words."""
    return sha256(request).digest()


def encode_request(party: str, root: bytes, at: int, items: list[tuple[str, bytes]]) -> bytes:
    """Write a request as canonical CBOR; it is not signed, since people look at every item before they sign.

    Raises:
        BadInput: `bad-root-request`, or the code of the item that cannot be read.
    """
    fields = {"at": at, "items": [list(item) for item in items], "party": party, "root": root, "v": 1}
    data = canonical.encode_cbor(fields)
    decode_request(data)
    return data


def decode_request(data: bytes) -> Request:
    """Read a request and each of its items.

    Raises:
        BadInput: `bad-cbor`, `bad-root-request`, `bad-batch`, `bad-certificate`, `not-canonical`, or what an
            agreement's reader says.
    """
    decoded = canonical.decode_cbor(data, where="root request", limit=_LIMIT)
    fields = shape.check_map("bad-root-request", "root request", _REQUEST, decoded)
    items = tuple(Item(kind, item, _read(kind, item)) for kind, item in fields["items"])
    return Request(fields["party"], fields["root"], fields["at"], items)


def _read(kind: str, data: bytes) -> Thing:
    if kind == CERTIFICATE:
        return decode_certificate(data)
    if kind == BATCH:
        return decode_batch(data)
    agreement = from_json(data)
    if to_json(agreement) != data:
        raise BadInput("not-canonical", where="root request: agreement", expected="canonical JSON", seen=data)
    return agreement


def message_of(kind: str, data: bytes) -> bytes:
    """Return the very bytes under the root's signature for one item."""
    return DOMAINS[kind].encode() + b"\x00" + data


def answer_request(request: bytes, root: SigningKey, *, by: tuple[str, str], at: int) -> bytes | Refusal:
    """Sign every item of a request, and the answer as a whole.

    Steps: 1. the request can be read; 2. it asks this root; 3. two different offices are there; 4. each item is signed
    in its own domain.

    Returns:
        The answer's bytes; or `wrong-root`, `second-person-needed`.

    Raises:
        BadInput: as `decode_request`, and `bad-root-answer` for an office's name that cannot be written.
    """
    asked = decode_request(request)  # 1
    if asked.root != root.public:  # 2
        return Refusal("wrong-root", asked.root.hex()[:16])
    if by[0] == by[1]:  # 3
        return Refusal("second-person-needed", by[0])
    fields: dict[str, Any] = {
        "at": at,
        "by": list(by),
        "request": digest_of(request),
        "signatures": [signed.sign(DOMAINS[item.kind], item.data, root) for item in asked.items],  # 4
        "v": 1,
    }
    signature = signed.sign(ANSWER_DOMAIN, canonical.encode_cbor(fields), root)
    whole = {**fields, "signature": signature}
    shape.check_map("bad-root-answer", "root answer", _ANSWER, whole)
    return canonical.encode_cbor(whole)


def open_answer(data: bytes, request: bytes, root: VerifyKey) -> Answer | Refusal:
    """Check an answer against the request that the node keeps.

    Steps: 1. shape; 2. it answers this request; 3. two different offices; 4. the root signed it as a whole; 5. one
    signature for each item, each right.

    Returns:
        The answer; or `unknown-root-request`, `second-person-needed`, `bad-signature`.

    Raises:
        BadInput: `bad-cbor` or `bad-root-answer`.
    """
    decoded = canonical.decode_cbor(data, where="root answer", limit=_LIMIT)
    fields = shape.check_map("bad-root-answer", "root answer", _ANSWER, decoded)  # 1
    if fields["request"] != digest_of(request):  # 2
        return Refusal("unknown-root-request", fields["request"].hex()[:16])
    if fields["by"][0] == fields["by"][1]:  # 3
        return Refusal("second-person-needed", fields["by"][0])
    part = {name: value for name, value in fields.items() if name != "signature"}
    if not signed.check(ANSWER_DOMAIN, canonical.encode_cbor(part), fields["signature"], root):  # 4
        return Refusal("bad-signature", "root answer")
    items = decode_request(request).items
    if len(items) != len(fields["signatures"]) or not all(
        signed.check(DOMAINS[item.kind], item.data, signature, root)
        for item, signature in zip(items, fields["signatures"], strict=True)
    ):  # 5
        return Refusal("bad-signature", "an item of the root answer")
    return Answer(fields["request"], (fields["by"][0], fields["by"][1]), fields["at"], tuple(fields["signatures"]))


def request_answered(data: bytes) -> bytes:
    """Return the digest of the request that an answer names; nothing of the answer is checked yet.

    Raises:
        BadInput: `bad-cbor` or `bad-root-answer`.
    """
    decoded = canonical.decode_cbor(data, where="root answer", limit=_LIMIT)
    found: bytes = shape.check_map("bad-root-answer", "root answer", _ANSWER, decoded)["request"]
    return found


def encode_made(root: SigningKey, *, by: tuple[str, str], at: int) -> bytes | Refusal:
    """Write the public half of a new root key, signed by itself, with the two offices that made it.

    Raises:
        BadInput: `bad-root-made`.
    """
    if by[0] == by[1]:
        return Refusal("second-person-needed", by[0])
    fields: dict[str, Any] = {"at": at, "by": list(by), "public": root.public, "v": 1}
    whole = {**fields, "signature": signed.sign(MADE_DOMAIN, canonical.encode_cbor(fields), root)}
    shape.check_map("bad-root-made", "root card", _MADE, whole)
    return canonical.encode_cbor(whole)


def open_made(data: bytes) -> RootMade | Refusal:
    """Read the public half of a root key; people compare it by its words.

    Returns:
        What it says, or `bad-signature`.

    Raises:
        BadInput: `bad-cbor`, `bad-root-made` or `bad-key`.
    """
    decoded = canonical.decode_cbor(data, where="root card", limit=_LIMIT)
    fields = shape.check_map("bad-root-made", "root card", _MADE, decoded)
    part = {name: value for name, value in fields.items() if name != "signature"}
    key = VerifyKey.load(fields["public"], where="root card: public")
    if not signed.check(MADE_DOMAIN, canonical.encode_cbor(part), fields["signature"], key):
        return Refusal("bad-signature", "root card")
    return RootMade(fields["public"], (fields["by"][0], fields["by"][1]), fields["at"])
