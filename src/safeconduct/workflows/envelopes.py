"""What crosses between nodes: one signed envelope, whatever the way (HTTP, a file on a stick).

Wire form, canonical CBOR: {"c": status certificate, "cs": root's signature over it, "e": envelope, "s": status key's
signature over the envelope}. The envelope itself: {"agreement", "at", "body", "from", "id", "kind", "to", "v": 1}.
A reader needs nothing but the sender's root key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from safeconduct.errors import BadInput, Refusal, SafeconductError
from safeconduct.passes.batch import (
    SignedCertificate,
    StatusCertificate,
    decode_certificate,
    open_certificate,
    sign_certificate,
)
from safeconduct.seal.canonical import decode_cbor, encode_cbor
from safeconduct.seal.keys import VerifyKey
from safeconduct.seal.signed import check, sign
from safeconduct.workflows.ports import Node
from safeconduct.workflows.publish_stix import publish_sent
from safeconduct.workflows.tables import Tx

KINDS = frozenset(
    {
        "agreement",
        "state",
        "term",
        "notice",
        "site",
        "recall",
        "device",
        "bundle",
        "segment",
        "release",
        "acknowledgement",
        "action",
        "outcome",
    }
)
DOMAIN = "safeconduct.envelope.1"
LIMIT = 8 << 20  # bytes of one envelope; a bundle with full revocations is the largest
WEEK = 7 * 86_400
_FIELDS: dict[str, type] = {
    "agreement": str, "at": int, "body": bytes, "from": str, "id": bytes, "kind": str, "to": str, "v": int,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Envelope:
    """An envelope that is ours to send, or whose signatures were checked."""

    agreement: str
    at: int  # unix seconds, the sender's clock
    body: bytes
    sender: str
    id: bytes  # 16 random bytes
    kind: str
    to: str


def status_certificate(node: Node, tx: Tx, agreement: str) -> SignedCertificate:
    """Return the certificate of this node's status key, renewed by the root where this node may use it.

    Raises:
        SafeconductError: `root-locked`, when it has run out and the root key is not to be had here.
    """
    now = node.clock.now()
    stored = tx.records.get(f"certificate:{agreement}")
    if stored is not None:
        fields = decode_cbor(stored, where="stored certificate")
        good = follow_certificate(node, fields["c"])
        if good and (now < fields["until"] - 86_400 or node.vault.root_kept() != "exercise"):
            if now >= fields["until"]:
                raise SafeconductError("root-locked", "the status key's certificate has run out; certify it again")
            return SignedCertificate(fields["c"], fields["s"])
        if not good and node.vault.root_kept() != "exercise":
            raise SafeconductError("root-locked", "the status key was changed; certify it for this agreement too")
    return certify_status(node, tx, agreement)


def follow_certificate(node: Node, data: bytes) -> bool:
    """Sign with the key that a stored certificate names; False if it names one that this node has no longer.

    A new key takes the old one's place only here, once its certificate is stored: a crash between the two is made good
    at the next use.
    """
    public = decode_certificate(data).public_key
    return public == node.vault.status().public or node.vault.turn_status(public)


def certify_status(node: Node, tx: Tx, agreement: str, *, new_key: bool = False) -> SignedCertificate:
    """Let the root key certify the status key for seven days from now, and log it.

    With `new_key` it certifies the key that is to follow; after the transaction comes `follow_certificate`.
    """
    now = node.clock.now()
    key = node.vault.next_status() if new_key else node.vault.status()
    entry = StatusCertificate(agreement, key.public, now, now + WEEK)
    made = sign_certificate(entry, node.vault.root())
    stored = {"c": made.certificate_bytes, "s": made.signature, "until": entry.not_after}
    tx.records.set(f"certificate:{agreement}", encode_cbor(stored))
    tx.ledger.append("own:certificate", encode_cbor(stored), node.random.bytes(32), now)
    return made


def wrap(node: Node, tx: Tx, *, to: str, kind: str, agreement: str, body: bytes) -> bytes:
    """Make the signed wire form of an envelope from this node."""
    certificate = status_certificate(node, tx, agreement)
    envelope = encode_cbor(
        {
            "agreement": agreement, "at": node.clock.now(), "body": body, "from": node.party,
            "id": node.random.bytes(16), "kind": kind, "to": to, "v": 1,
        }
    )  # fmt: skip
    return encode_cbor(
        {
            "c": certificate.certificate_bytes,
            "cs": certificate.signature,
            "e": envelope,
            "s": sign(DOMAIN, envelope, node.vault.status()),
        }
    )


def send(node: Node, tx: Tx, *, to: str, kind: str, agreement: str, body: bytes) -> tuple[int, bytes]:
    """Wrap, log and queue an envelope, and publish what of it is for other readers; return (ledger index, wire)."""
    wire = wrap(node, tx, to=to, kind=kind, agreement=agreement, body=body)
    now = node.clock.now()
    index = tx.ledger.append(f"out:{kind}", wire, node.random.bytes(32), now)
    tx.outbox.add(to, kind, wire, now)
    tx.exchange.note_sent(index, digest_of(wire), kind)
    publish_sent(node, tx, kind, body, wire)
    return index, wire


def digest_of(wire: bytes) -> bytes:
    """SHA-256 of a wire form: how an envelope that comes twice is known."""
    return sha256(wire).digest()


def ends_of(wire: bytes) -> tuple[str, str]:
    """Return (sender, recipient) as a logged envelope names them; its signatures were checked when it was logged.

    Raises:
        BadInput: `bad-envelope` or `bad-cbor`.
    """
    fields = _fields(decode_cbor(wire, where="envelope", limit=LIMIT)["e"])
    return fields["from"], fields["to"]


def unwrap(  # noqa: PLR0911  (one return for each step)
    wire: bytes, *, party: str, roots: Mapping[str, VerifyKey]
) -> Envelope | Refusal:
    """Check and read an envelope that arrived.

    Steps: 1. shape; 2. the sender is a known party; 3. its root certified the status key for this agreement and time;
    4. the status key signed the envelope; 5. it is addressed to us, and of a known kind.

    Raises:
        BadInput: `bad-envelope` or `bad-cbor`.
    """
    outer = decode_cbor(wire, where="envelope", limit=LIMIT)
    if (
        not isinstance(outer, dict)
        or set(outer) != {"c", "cs", "e", "s"}
        or not all(isinstance(v, bytes) for v in outer.values())
    ):  # 1
        raise BadInput("bad-envelope", where="envelope", expected="a map of c, cs, e, s in bytes", seen=type(outer))
    fields = _fields(outer["e"])
    root = roots.get(fields["from"])
    if root is None:  # 2
        return Refusal("unknown-sender", fields["from"])
    certificate = open_certificate(SignedCertificate(outer["c"], outer["cs"]), root)
    if isinstance(certificate, Refusal):  # 3
        return certificate
    if certificate.agreement_id != fields["agreement"] or not (
        certificate.not_before <= fields["at"] < certificate.not_after
    ):
        return Refusal("bad-status-key", "another agreement, or outside its days")
    key = VerifyKey.load(certificate.public_key, where="status key")
    if not check(DOMAIN, outer["e"], outer["s"], key):  # 4
        return Refusal("bad-signature", "envelope")
    if fields["to"] != party:  # 5
        return Refusal("not-for-us", fields["to"])
    if fields["kind"] not in KINDS:
        return Refusal("unknown-kind", fields["kind"])
    return Envelope(
        fields["agreement"], fields["at"], fields["body"], fields["from"], fields["id"], fields["kind"], fields["to"]
    )


def _fields(data: bytes) -> dict[str, Any]:
    fields = decode_cbor(data, where="envelope.e", limit=LIMIT)
    if not isinstance(fields, dict) or set(fields) != set(_FIELDS):
        raise BadInput("bad-envelope", where="envelope.e", expected=f"the fields {', '.join(_FIELDS)}", seen=fields)
    for name, kind in _FIELDS.items():
        if type(fields[name]) is not kind:
            raise BadInput("bad-envelope", where=f"envelope.{name}", expected=kind.__name__, seen=fields[name])
    if fields["v"] != 1 or len(fields["id"]) != 16:
        raise BadInput("bad-envelope", where="envelope.v", expected="version 1, an id of 16 bytes", seen=fields["v"])
    return fields
