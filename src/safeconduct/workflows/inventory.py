"""Did I receive everything? Answered by ledger index: each side states in writing what it sent and took in.

A statement is signed and names, entry by entry of its own ledger, the digest of each envelope that went to the other
party or came from it. Whoever reads it knows what is missing here (asked for again), what is missing there (sent
again), what the other side denies having sent, and where it contradicts what it stated before (spec/inventory.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from safeconduct.errors import BadInput, Refusal
from safeconduct.ledger.note import parse_checkpoint, parse_vkey, verify_cosignature
from safeconduct.passes.batch import SignedCertificate, open_certificate
from safeconduct.seal.canonical import decode_cbor, encode_cbor
from safeconduct.seal.keys import VerifyKey
from safeconduct.seal.signed import check, sign
from safeconduct.workflows.common import cards, roots
from safeconduct.workflows.cosign_head import cosigned_note
from safeconduct.workflows.envelopes import digest_of, ends_of, status_certificate
from safeconduct.workflows.parked_envelopes import EXPIRED, REFUSED, WAITING
from safeconduct.workflows.peer_keys import known_agreement
from safeconduct.workflows.ports import Node, Store
from safeconduct.workflows.tables import Tx

DOMAIN = "safeconduct.inventory.1"
PAGE = 5_000  # entries of a statement
LIMIT = 2 << 20  # bytes of a statement
SENT, TAKEN = "sent", "taken"
_OUTER = {"c", "cs", "i", "s"}
_KINDS: dict[str, type] = {
    "after": int, "agreement": str, "at": int, "from": str, "head": str, "more": bool, "refused": list, "sent": list,
    "size": int, "taken": list, "to": str, "v": int, "waiting": list,
}  # fmt: skip

Entry = tuple[int, str, bytes]  # ledger index, kind, digest


@dataclass(frozen=True, slots=True)
class Statement:
    """What a party states of its own ledger, above index `after` and below `size`."""

    sender: str
    to: str
    agreement: str
    at: int
    after: int
    size: int  # of the ledger when it was made
    head: str  # the newest note of that ledger that we cosigned, empty for none
    more: bool  # the next statement goes on after the last entry of this one
    sent: tuple[Entry, ...]
    taken: tuple[Entry, ...]
    waiting: tuple[bytes, ...]  # digests of what it set aside until another one comes
    refused: tuple[tuple[bytes, str], ...]  # digests and codes


@dataclass(frozen=True, slots=True)
class Completeness:
    """What each side has of the other's, as far as the newest statement goes."""

    asked_at: int | None  # unix seconds of the newest statement, None: none came yet
    size: int  # their ledger's size then
    witnessed: int  # entries of it that we cosigned
    upto: int  # every envelope of theirs below this index is here
    missing: tuple[Entry, ...]  # they sent it, we do not have it
    not_taken: int  # we delivered it, they do not state that they took it in
    unstated: tuple[tuple[str, int], ...]  # (digest, our index): we took it in, they do not state that they sent it
    never_sent: tuple[Entry, ...]  # they state that they took it in, we never sent it
    contradicted: int  # entries that they stated in two ways
    waiting: int
    refused: int

    @property
    def complete(self) -> bool:
        """Whether nothing is missing on either side, as far as is known."""
        return self.asked_at is not None and not self.missing and not self.not_taken


def state_inventory(node: Node, after: int = -1) -> bytes | Refusal:
    """Make this party's signed statement of its ledger above an index.

    Raises:
        SafeconductError: `root-locked`.
    """
    with node.store.transaction() as tx:
        agreement = known_agreement(tx)
        other = agreement.other(node.party) if agreement is not None else None
        if agreement is None or other is None:
            return Refusal("no-agreement")
        certificate = status_certificate(node, tx, agreement.id)
        sent = list(tx.exchange.crossed(SENT, after, PAGE + 1))
        taken = list(tx.exchange.crossed(TAKEN, after, PAGE + 1))
        both = sorted([*((e, SENT) for e in sent), *((e, TAKEN) for e in taken)])
        page = both[:PAGE]
        refused = [*tx.exchange.parked(REFUSED), *tx.exchange.parked(EXPIRED)]
        body = encode_cbor(
            {
                "after": after + 1, "agreement": agreement.id, "at": node.clock.now(), "from": node.party,
                "head": cosigned_note(tx) or "", "more": len(both) > PAGE,
                "refused": [[row.digest, row.code] for row in refused],
                "sent": [list(e) for e, way in page if way == SENT], "size": tx.ledger.size(),
                "taken": [list(e) for e, way in page if way == TAKEN], "to": other.id, "v": 1,
                "waiting": [row.digest for row in tx.exchange.parked(WAITING)],
            }
        )  # fmt: skip
        signature = sign(DOMAIN, body, node.vault.status())
    return encode_cbor({"c": certificate.certificate_bytes, "cs": certificate.signature, "i": body, "s": signature})


def open_statement(data: bytes, *, party: str, roots_known: Mapping[str, VerifyKey]) -> Statement | Refusal:
    """Read a statement, if its signatures hold.

    Steps: 1. shape; 2. the sender is a known party, and not the reader; 3. its root certified the key for this
    agreement and time; 4. the key signed the statement; 5. it is made for the reader.

    Raises:
        BadInput: `bad-cbor` or `bad-inventory`, naming the field.
    """
    outer = decode_cbor(data, where="inventory", limit=LIMIT)
    if not isinstance(outer, dict) or set(outer) != _OUTER or not all(isinstance(v, bytes) for v in outer.values()):
        raise BadInput("bad-inventory", where="inventory", expected="a map of c, cs, i, s in bytes", seen=type(outer))
    fields = _fields(decode_cbor(outer["i"], where="inventory.i", limit=LIMIT))  # 1
    root = roots_known.get(fields["from"])
    if root is None or fields["from"] == party:  # 2
        return Refusal("unknown-sender", fields["from"])
    certificate = open_certificate(SignedCertificate(outer["c"], outer["cs"]), root)
    if isinstance(certificate, Refusal):  # 3
        return certificate
    inside = certificate.not_before <= fields["at"] < certificate.not_after
    if certificate.agreement_id != fields["agreement"] or not inside:
        return Refusal("bad-status-key", "another agreement, or outside its days")
    if not check(DOMAIN, outer["i"], outer["s"], VerifyKey.load(certificate.public_key, where="status key")):  # 4
        return Refusal("bad-signature", "inventory")
    if fields["to"] != party:  # 5
        return Refusal("not-for-us", fields["to"])
    return Statement(
        fields["from"], fields["to"], fields["agreement"], fields["at"], fields["after"] - 1, fields["size"],
        fields["head"], fields["more"], tuple(map(_entry, fields["sent"])), tuple(map(_entry, fields["taken"])),
        tuple(fields["waiting"]), tuple((d, c) for d, c in fields["refused"]),
    )  # fmt: skip


def take_statement(node: Node, data: bytes) -> Statement | Refusal:
    """Keep what the partner states, and mark as delivered what it says that it took in.

    A statement that contradicts an earlier one is kept whole as evidence, beside the earlier one.

    Raises:
        BadInput: it is malformed.
    """
    with node.store.transaction() as tx:
        found = open_statement(data, party=node.party, roots_known=roots(tx))
        if isinstance(found, Refusal):
            return found
        now = node.clock.now()
        there = tx.exchange.note_stated(SENT, found.sent)
        here = tx.exchange.note_stated(TAKEN, found.taken)
        if there or here:
            tx.records.add("inventory-differs", sha256(data).hexdigest(), data, now)
        tx.exchange.confirm([digest for _, _, digest in found.taken], now)
        tx.exchange.confirm(found.waiting, now)
        if not found.more:
            held = {"at": now, "head": _witnessed(node, tx, found), "size": found.size}
            tx.records.set("inventory-at", encode_cbor(held))
            tx.records.set("inventory-newest", data)
    return found


def repair(node: Node, delivered: Sequence[bytes] = ()) -> tuple[list[bytes], int]:
    """Return the digests to ask the partner for, and queue again what it does not have; as the statements say.

    Args:
        node: this party's node.
        delivered: what `undelivered` gave before the newest statements were asked for; of what the partner does not
            state, only this is sent again, since the rest may have arrived after its statement.
    """
    with node.store.transaction() as tx:
        asked = [digest for _, _, digest in tx.exchange.missing(PAGE)]
        lost = sorted(set(delivered) & set(undelivered(tx)))
        return asked, tx.exchange.queue_again(lost) if lost else 0


def undelivered(tx: Tx) -> list[bytes]:
    """Return what we delivered and the partner does not state to have, in any way."""
    known = {digest for digest, _ in _last(tx).refused} | set(_last(tx).waiting) if _has_last(tx) else set()
    return [digest for digest in tx.exchange.not_taken() if digest not in known]


def send_again(node: Node, digests: Sequence[bytes]) -> int:
    """Make envelopes due again that the partner asks for; return how many of them are ours."""
    with node.store.transaction() as tx:
        return tx.exchange.queue_again(digests)


def completeness(node: Node) -> Completeness:
    """Compare what the partner states with what is here."""
    with node.store.reading() as tx:
        stored = tx.records.get("inventory-at")
        held: dict[str, Any] = {"at": None, "head": 0, "size": 0}
        if stored is not None:
            held = decode_cbor(stored, where="inventory")
        missing = tuple(tx.exchange.missing(PAGE))
        aside = [*tx.exchange.parked(REFUSED), *tx.exchange.parked(EXPIRED)]
        waiting = tx.exchange.parked(WAITING)
        stated = _has_last(tx)
        return Completeness(
            asked_at=held["at"],
            size=held["size"],
            witnessed=held["head"],
            upto=min([held["size"], *(index for index, _, _ in missing)]),
            missing=missing,
            not_taken=len(undelivered(tx)) if stated else 0,
            unstated=tuple(_unstated(tx, _last(tx).at)) if stated else (),
            never_sent=tuple(tx.exchange.never_sent()),
            contradicted=len(tx.records.all("inventory-differs")),
            waiting=len(waiting),
            refused=len(aside),
        )


def index_sent(store: Store) -> None:
    """Note where in the ledger each envelope stands that an older version queued; otherwise this does nothing."""
    with store.reading() as tx:
        if not tx.exchange.unnoted():
            return
    with store.transaction() as tx:
        rows = {digest_of(wire): (number, kind) for number, kind, wire in tx.exchange.unnoted()}
        places: list[tuple[int, int, bytes, str]] = []
        for kind in sorted({kind for _, kind in rows.values()}):
            for entry in tx.ledger.find(f"out:{kind}"):
                found = rows.get(digest := digest_of(entry.envelope))
                if found is not None:
                    places.append((entry.index, found[0], digest, kind))
        tx.exchange.note_old(places)


def _fields(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or set(value) != set(_KINDS):
        raise BadInput("bad-inventory", where="inventory.i", expected=f"the fields {', '.join(_KINDS)}", seen=value)
    for name, kind in _KINDS.items():
        if type(value[name]) is not kind:
            raise BadInput("bad-inventory", where=f"inventory.{name}", expected=kind.__name__, seen=value[name])
    if value["v"] != 1:
        raise BadInput("bad-inventory", where="inventory.v", expected="1", seen=value["v"])
    for name, shape in ((SENT, (int, str, bytes)), (TAKEN, (int, str, bytes)), ("refused", (bytes, str))):
        _check_items(value[name], shape, f"inventory.{name}")
    _check_digests([item[-1] for name in (SENT, TAKEN) for item in value[name]])
    _check_digests([*(item[0] for item in value["refused"]), *value["waiting"]])
    for name in (SENT, TAKEN):
        places = [item[0] for item in value[name]]
        if places != sorted(set(places)) or any(not value["after"] <= place < value["size"] for place in places):
            raise BadInput("bad-inventory", where=f"inventory.{name}", expected="rising indexes from after to size",
                           seen=places[:5])  # fmt: skip
    return value


def _check_items(items: list[Any], shape: tuple[type, ...], where: str) -> None:
    for item in items:
        if not isinstance(item, list) or tuple(type(part) for part in item) != shape:
            expected = ", ".join(kind.__name__ for kind in shape)
            raise BadInput("bad-inventory", where=where, expected=f"lists of {expected}", seen=item)


def _check_digests(digests: list[Any]) -> None:
    for digest in digests:
        if type(digest) is not bytes or len(digest) != 32:
            raise BadInput("bad-inventory", where="inventory", expected="digests of 32 bytes", seen=digest)


def _entry(item: list[Any]) -> Entry:
    return item[0], item[1], item[2]


def _witnessed(node: Node, tx: Tx, statement: Statement) -> int:
    """Return the size of their head in a statement, if this party cosigned that very head."""
    card = cards(tx).get(statement.sender)
    try:
        checkpoint = parse_checkpoint(statement.head)
        ours = verify_cosignature(statement.head, parse_vkey(node.card.witness_vkey))
    except BadInput:
        return 0
    of_theirs = card is not None and parse_vkey(card.log_vkey).name == checkpoint.origin
    return int(checkpoint.size) if of_theirs and ours is not None else 0


def _has_last(tx: Tx) -> bool:
    return tx.records.get("inventory-newest") is not None


def _last(tx: Tx) -> Statement:
    """Return the newest statement; its signatures were checked when it came."""
    outer = decode_cbor(tx.records.get("inventory-newest") or b"", where="inventory", limit=LIMIT)
    fields = _fields(decode_cbor(outer["i"], where="inventory.i", limit=LIMIT))
    return Statement(
        fields["from"], fields["to"], fields["agreement"], fields["at"], fields["after"] - 1, fields["size"],
        fields["head"], fields["more"], (), (), tuple(fields["waiting"]), tuple((d, c) for d, c in fields["refused"]),
    )  # fmt: skip


def _unstated(tx: Tx, at: int) -> list[tuple[str, int]]:
    """Return what we took in, was sent before their newest statement, and is not in any statement of theirs."""
    found = []
    for digest, index in tx.exchange.unstated():
        entry = tx.ledger.entry(index)
        if entry is not None and sent_at(entry.envelope) < at:
            found.append((digest.hex(), index))
    return found


def sent_at(wire: bytes) -> int:
    """Return when a logged envelope was sent, by its sender's clock."""
    ends_of(wire)
    outer = decode_cbor(wire, where="envelope", limit=8 << 20)
    return int(decode_cbor(outer["e"], where="envelope.e", limit=8 << 20)["at"])
