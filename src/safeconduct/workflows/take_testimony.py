"""Protected intake of witnesses: what was said, and apart from it, sealed, who said it.

The identity is sealed to a custodian whose key is kept outside this node. It stands in no ledger entry, no error, no
log and no export: the content has a random number, and the number leads to the sealed bytes, which only the key opens.
Each opening is entered in the ledger with who opened it and why, before anything is given out.
"""

from dataclasses import dataclass
from hashlib import sha256

from safeconduct.agreements.fields import iso
from safeconduct.errors import BadInput, SafeconductError
from safeconduct.seal.canonical import decode_json, encode_json
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx

CONTENT, IDENTITY = "testimony", "testimony-identity"
CUSTODIAN = "testimony-custodian"
CONTENT_LIMIT, IDENTITY_LIMIT = 1 << 20, 64 << 10  # bytes
LEAST_NAME, LEAST_LINE = 3, 5  # characters of a word of the name, and of a further line, that content is searched for


@dataclass(frozen=True, slots=True)
class Taken:
    """Where a testimony is: its number, and its place in the ledger."""

    number: str
    ledger_index: int


@dataclass(frozen=True, slots=True)
class Testimony:
    """What a witness said."""

    number: str
    content: str
    received: str  # ISO time


def name_custodian(node: Node, recipient: str) -> None:
    """Remember to whom identities are sealed from now on: the public half of a key that is kept elsewhere.

    Raises:
        BadInput: `bad-recipient`.
    """
    node.vault.seal_to(recipient, b"")
    with node.store.transaction() as tx:
        tx.records.set(CUSTODIAN, recipient.encode())
        digest = sha256(recipient.encode()).hexdigest()
        tx.ledger.append("own:custodian", encode_json({"sha256": digest}), node.random.bytes(32), node.clock.now())


def new_custodian(node: Node) -> str:
    """Make a key for the custodian, remember its public half, and return the key, which is kept nowhere here."""
    key, recipient = node.vault.new_key()
    name_custodian(node, recipient)
    return key


def take_testimony(node: Node, content: bytes, identity: bytes) -> Taken:
    """Take in what a witness said, and who it was, apart from each other.

    Args:
        node: where.
        content: UTF-8 text, at most 1 MiB; it must not name the witness.
        identity: who it was, at most 64 KiB: the first line is the name, further lines say how to find the witness.

    Raises:
        BadInput: `bad-testimony`; it never shows what was given.
        SafeconductError: `no-custodian`, before any key was named.
    """
    text = _text(content, "content", CONTENT_LIMIT)
    who = _text(identity, "identity", IDENTITY_LIMIT)
    if _gives_away(text, who):
        raise BadInput("bad-testimony", where="content", expected="a text that does not give the witness away",
                       seen="a word of the name, or a line of the identity")  # fmt: skip
    now = node.clock.now()
    with node.store.transaction() as tx:
        recipient = tx.records.get(CUSTODIAN)
        if recipient is None:
            raise SafeconductError("no-custodian", "no key is named to seal identities to; `incident custodian` does")
        number = f"t-{node.random.bytes(8).hex()}"
        sealed = node.vault.seal_to(recipient.decode(), _padded(identity))
        tx.records.add(CONTENT, number, encode_json({"content": text, "received": iso(now)}), now)
        tx.records.add(IDENTITY, number, sealed, now)
        body = {"number": number, "content": sha256(content).hexdigest(), "sealed": sha256(sealed).hexdigest()}
        index = tx.ledger.append("own:testimony", encode_json(body), node.random.bytes(32), now)
    return Taken(number, index)


def reveal_identity(node: Node, number: str, key: str, *, by: str, reason: str) -> bytes:
    """Return who a witness was, after the opening was entered in the ledger.

    Args:
        node: where.
        number: of the intake.
        key: the custodian's, as text.
        by: office that opens it.
        reason: why.

    Raises:
        BadInput: `bad-key`, `bad-field` without an office or a reason.
        SafeconductError: `no-testimony`.
    """
    for name, value in (("by", by), ("reason", reason)):
        if not value.strip() or len(value) > 400:
            raise BadInput("bad-field", where=name, expected="text of 1 to 400 characters", seen=f"{len(value)}")
    with node.store.transaction() as tx:
        held = tx.records.latest(IDENTITY, number)
        if held is None:
            raise SafeconductError("no-testimony", f"no testimony {number} is held")
        opened = node.vault.open_with(key.strip(), held[0])
        now = node.clock.now()
        body = encode_json({"number": number, "by": by, "reason": reason})
        tx.ledger.append("own:testimony-opened", body, node.random.bytes(32), now)
    return _unpadded(opened)


def read_testimonies(tx: Tx) -> tuple[Testimony, ...]:
    """Return what witnesses said, oldest first, each under its number."""
    found = []
    for number, body, _ in tx.records.all(CONTENT):
        held = decode_json(body, where="testimony", limit=2 * CONTENT_LIMIT)
        found.append(Testimony(number, held["content"], held["received"]))
    return tuple(found)


def _text(data: bytes, what: str, limit: int) -> str:
    """Return text of given bytes; no error shows any of it."""
    if not data.strip() or len(data) > limit:
        raise BadInput("bad-testimony", where=what, expected=f"text of 1 to {limit} bytes", seen=f"{len(data)} bytes")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise BadInput("bad-testimony", where=what, expected="UTF-8", seen=f"{len(data)} bytes") from None


def _gives_away(text: str, identity: str) -> bool:
    """Whether a text has a word of the name, or what any other line says behind its label."""
    name, *others = identity.strip().splitlines()
    words = set(_plain(text).split())
    if any(len(word) >= LEAST_NAME and word in words for word in _plain(name.rpartition(":")[2]).split()):
        return True
    lines = (_plain(line.partition(":")[2] or line) for line in others)
    return any(len(line) >= LEAST_LINE and f" {line} " in f" {_plain(text)} " for line in lines)


def _plain(text: str) -> str:
    return " ".join("".join(mark if mark.isalnum() else " " for mark in text.casefold()).split())


def _padded(data: bytes) -> bytes:
    """Return data with its length before it, filled up to whole KiB: the size of what is sealed tells little."""
    whole = len(data).to_bytes(4) + data
    return whole + bytes(-len(whole) % 1_024)


def _unpadded(data: bytes) -> bytes:
    return data[4 : 4 + int.from_bytes(data[:4])]
