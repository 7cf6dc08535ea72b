"""What a bundle file carries, and what happens when one is brought: the same envelopes as over the network.

The file also carries the inventory, so that both sides learn what is missing although no request can be made, and the
newest head with the request to cosign it; the cosignature goes back with the next file (spec/bundle-file.md).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from safeconduct.errors import BadInput, Refusal, SafeconductError
from safeconduct.ledger.witness import Accepted
from safeconduct.passes.batch import SignedCertificate, open_certificate
from safeconduct.seal.canonical import decode_cbor, encode_cbor
from safeconduct.seal.keys import VerifyKey
from safeconduct.seal.signed import check, sign
from safeconduct.workflows.common import cards, roots
from safeconduct.workflows.cosign_head import ask_for_cosignature, note_cosignature, witness_head
from safeconduct.workflows.envelopes import status_certificate
from safeconduct.workflows.inventory import repair, state_inventory, take_statement, undelivered
from safeconduct.workflows.peer_keys import known_agreement
from safeconduct.workflows.ports import Node
from safeconduct.workflows.receive_envelope import Taken, receive_envelopes

DOMAIN = "safeconduct.file.1"
BATCH = 50  # envelopes taken in one after the other before the next are read
LIMIT = 4 << 20  # bytes of header and trailer
_ASKED, _REPLY = "file-asked", "file-reply"
_HEADER: dict[str, type] = {
    "agreement": str, "ask": bytes, "at": int, "count": int, "from": str, "id": bytes, "inventory": list,
    "missing": list, "reply": list, "to": str, "v": int,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Header:
    """What stands at the head of a bundle file."""

    sender: str
    to: str
    agreement: str
    at: int
    id: bytes
    count: int  # envelopes
    inventory: tuple[bytes, ...]  # signed statements
    missing: tuple[bytes, ...]  # digests that the sender lacks and asks for
    ask: bytes  # request to cosign the sender's head, empty for none
    reply: tuple[bytes, int, str] | None  # digest of the reader's own request, status, text


@dataclass(frozen=True, slots=True)
class Carried:
    """What a file brought: how many envelopes were taken in, known, set aside, refused; and what is still missing."""

    sender: str
    at: int
    taken: int
    duplicate: int
    parked: int
    refused: tuple[str, ...]
    missing: int
    cosigned: bool


def recipient_of(node: Node, party: str) -> str:
    """Return the age recipient to which a file for a party is sealed.

    Raises:
        BadInput: the party is not known, or is this one.
    """
    with node.store.reading() as tx:
        card = cards(tx).get(party)
    if card is None or party == node.party:
        raise BadInput("unknown-party", where="to", expected="the partner's id", seen=party)
    return card.age_recipient


def pack(node: Node, party: str) -> tuple[bytes, list[int]]:
    """Return the header of a file to a party, and the outbox ids of the envelopes that it is to carry.

    All that the partner has not confirmed goes in, also what an earlier file carried: files get lost.

    Raises:
        BadInput: the party is not the partner.
        SafeconductError: `no-agreement`, or `root-locked`.
    """
    recipient_of(node, party)
    statements: list[bytes] = []
    made = state_inventory(node)
    if isinstance(made, Refusal):
        raise SafeconductError(made.code, str(made))
    statements.append(made)
    while (last := _inner(made))["more"]:
        place = max([last["after"], *(e[0] for e in (*last["sent"][-1:], *last["taken"][-1:]))])
        made = state_inventory(node, place)
        assert isinstance(made, bytes)  # noqa: S101  (the agreement was there a moment ago)
        statements.append(made)
    ask = ask_for_cosignature(node) or b""
    with node.store.transaction() as tx:
        agreement = known_agreement(tx)
        if agreement is None or agreement.other(node.party) is None:
            raise SafeconductError("no-agreement", "no agreement was proposed yet, so there is nothing to send")
        ids = list(tx.exchange.due_ids(party))
        reply = tx.records.get(_REPLY)
        if ask:
            tx.records.set(_ASKED, ask)
        header = encode_cbor(
            {
                "agreement": agreement.id, "ask": ask, "at": node.clock.now(), "count": len(ids), "from": node.party,
                "id": node.random.bytes(16), "inventory": statements,
                "missing": [digest for _, _, digest in tx.exchange.missing(5_000)],
                "reply": decode_cbor(reply, where="reply") if reply else [], "to": party, "v": 1,
            }
        )  # fmt: skip
    return header, ids


def envelopes_of(node: Node, ids: Sequence[int]) -> Iterator[bytes]:
    """Yield the wire forms of queued envelopes, a few at a time."""
    for start in range(0, len(ids), BATCH):
        with node.store.reading() as tx:
            part = tx.exchange.wires(ids[start : start + BATCH])
        yield from part


def sign_file(node: Node, agreement: str, digest: bytes) -> bytes:
    """Return the trailer of a file: certificate, root's signature, status key's signature over the file's digest."""
    with node.store.transaction() as tx:
        certificate = status_certificate(node, tx, agreement)
    signature = sign(DOMAIN, digest, node.vault.status())
    return encode_cbor({"c": certificate.certificate_bytes, "cs": certificate.signature, "s": signature})


def read_header(data: bytes) -> Header:
    """Read a header.

    Raises:
        BadInput: `bad-cbor` or `bad-file`, naming the field.
    """
    fields = decode_cbor(data, where="file header", limit=LIMIT)
    if not isinstance(fields, dict) or set(fields) != set(_HEADER):
        raise BadInput("bad-file", where="file header", expected=f"the fields {', '.join(_HEADER)}", seen=type(fields))
    for name, kind in _HEADER.items():
        if type(fields[name]) is not kind:
            raise BadInput("bad-file", where=f"file.{name}", expected=kind.__name__, seen=fields[name])
    if fields["v"] != 1 or len(fields["id"]) != 16 or fields["count"] < 0:
        raise BadInput("bad-file", where="file.v", expected="version 1, an id of 16 bytes", seen=fields["v"])
    for name in ("inventory", "missing"):
        if not all(isinstance(item, bytes) for item in fields[name]):
            raise BadInput("bad-file", where=f"file.{name}", expected="byte strings", seen=fields[name])
    reply = fields["reply"]
    if reply and [type(part) for part in reply] != [bytes, int, str]:
        raise BadInput("bad-file", where="file.reply", expected="digest, status, text", seen=reply)
    return Header(
        fields["from"], fields["to"], fields["agreement"], fields["at"], fields["id"], fields["count"],
        tuple(fields["inventory"]), tuple(fields["missing"]), fields["ask"],
        (reply[0], reply[1], reply[2]) if reply else None,
    )  # fmt: skip


def check_file(node: Node, header: Header, digest: bytes, trailer: bytes) -> Refusal | None:
    """Return why a file is not from the partner, or not for this party.

    Steps: 1. the sender is a known party; 2. its root certified the key for this agreement and time; 3. the key
    signed the digest of the file; 4. the file is for this party.

    Raises:
        BadInput: the trailer is malformed.
    """
    fields = decode_cbor(trailer, where="file trailer", limit=LIMIT)
    if not isinstance(fields, dict) or {k: type(v) for k, v in fields.items()} != {"c": bytes, "cs": bytes, "s": bytes}:
        raise BadInput("bad-file", where="file trailer", expected="a map of c, cs, s in bytes", seen=type(fields))
    with node.store.reading() as tx:
        root = roots(tx).get(header.sender)
    if root is None or header.sender == node.party:  # 1
        return Refusal("unknown-sender", header.sender)
    certificate = open_certificate(SignedCertificate(fields["c"], fields["cs"]), root)
    if isinstance(certificate, Refusal):  # 2
        return certificate
    inside = certificate.not_before <= header.at < certificate.not_after
    if certificate.agreement_id != header.agreement or not inside:
        return Refusal("bad-status-key", "another agreement, or outside its days")
    if not check(DOMAIN, digest, fields["s"], VerifyKey.load(certificate.public_key, where="status key")):  # 3
        return Refusal("bad-signature", "file")
    return None if header.to == node.party else Refusal("not-for-us", header.to)  # 4


def take_file(node: Node, header: Header, feed: Callable[[Callable[[bytes], None]], None]) -> Carried:
    """Take in what a checked file carries: envelopes, statements, the cosignature, and the request for ours.

    Args:
        node: this party's node.
        header: of the file.
        feed: calls what it is given with each envelope of the file.

    Raises:
        BadInput: a statement is malformed.
    """
    with node.store.reading() as tx:
        delivered = undelivered(tx)
    answers: list[Taken] = []
    batch: list[bytes] = []

    def take(wire: bytes) -> None:
        batch.append(wire)
        if len(batch) == BATCH:
            answers.extend(receive_envelopes(node, batch))
            batch.clear()

    feed(take)
    answers += receive_envelopes(node, batch)
    for statement in header.inventory:
        take_statement(node, statement)
    with node.store.transaction() as tx:
        tx.exchange.queue_again(header.missing)
        tx.records.set("partner-heard", encode_cbor({"at": node.clock.now(), "party": header.sender}))
    asked, _ = repair(node, delivered)
    cosigned = _cosignatures(node, header)
    said = [one.status for one in answers]
    return Carried(
        header.sender, header.at, said.count("taken"), said.count("duplicate"), said.count("parked"),
        tuple(one.code for one in answers if one.status == "refused"), len(asked), cosigned,
    )  # fmt: skip


def _cosignatures(node: Node, header: Header) -> bool:
    """Take in the cosignature of our head, and keep the one of theirs for the next file; True if ours is cosigned."""
    done = False
    with node.store.reading() as tx:
        asked = tx.records.get(_ASKED)
    if header.reply is not None and asked and header.reply[0] == sha256(asked).digest():
        done = note_cosignature(node, asked, header.reply[1], header.reply[2])
    if header.ask:
        answer = witness_head(node, header.ask)
        status = 200 if isinstance(answer, Accepted) else answer.status
        reply: list[Any] = [sha256(header.ask).digest(), status, answer.body]
        with node.store.transaction() as tx:
            tx.records.set(_REPLY, encode_cbor(reply))
    return done


def _inner(statement: bytes) -> dict[str, Any]:
    inner: dict[str, Any] = decode_cbor(
        decode_cbor(statement, where="inventory", limit=LIMIT)["i"], where="inventory.i", limit=LIMIT
    )
    return inner
