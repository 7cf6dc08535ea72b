"""Signed log checkpoints: C2SP signed-note, tlog-checkpoint and tlog-cosignature (Ed25519 only; spec/ledger.md)."""

import re
from dataclasses import dataclass
from hashlib import sha256

from safeconduct.errors import BadInput
from safeconduct.ledger.merkle import HASH_BYTES
from safeconduct.ledger.text import decode_lines, from_base64, from_decimal, to_base64
from safeconduct.seal.keys import SIGNATURE_BYTES, SigningKey, VerifyKey

ED25519 = 0x01  # a log signs its own checkpoint
COSIGNATURE = 0x04  # a witness signs it with the time
MAX_NOTE_BYTES = 1 << 16  # 64 KiB: the standard's 16 signatures of every kind, and room
_LIMIT = 1 << 63  # of times and sizes
_DASH = "— "  # U+2014 and a space
_SPLIT_NAME = re.compile(r"[\s+]")  # Unicode spaces, and the plus that separates the parts of a vkey


@dataclass(frozen=True, slots=True)
class NoteKey:
    """A verifier's key for notes: whose it is, its 4-byte id, its kind (0x01 log, 0x04 witness), the public key."""

    name: str
    key_id: bytes
    type_byte: int
    verify_key: VerifyKey


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: the name, the 4-byte key id, and what follows it."""

    name: str
    key_id: bytes
    blob: bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A parsed log checkpoint. Nothing in it is to be believed before `verify_note`."""

    origin: str
    size: int
    root: bytes
    body: str
    signatures: tuple[NoteSignature, ...]
    note: str


def vkey(name: str, type_byte: int, public: bytes) -> str:
    """Text form of a note key: name + id in hex + base64 of kind and key.

    Raises:
        BadInput: `bad-vkey`, for a name with spaces or plus, or an unknown kind; `bad-key`.
    """
    key = note_key(name, type_byte, public)
    return f"{name}+{key.key_id.hex()}+{to_base64(bytes([type_byte]) + public)}"


def parse_vkey(text: str) -> NoteKey:
    """Note key of its text form; the id is computed again.

    Raises:
        BadInput: `bad-vkey` or `bad-key`.
    """
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise BadInput("bad-vkey", where="note key", expected="name+id+key", seen=text)
    material = from_base64(parts[2], code="bad-vkey", where="note key")
    key = note_key(parts[0], material[0] if material else 0, material[1:])
    if key.key_id.hex() != parts[1]:
        raise BadInput("bad-vkey", where="note key", expected=f"the id {key.key_id.hex()}", seen=parts[1])
    return key


def note_key(name: str, type_byte: int, public: bytes) -> NoteKey:
    """Note key of its parts; the id is the first 4 bytes of SHA-256(name ‖ newline ‖ kind ‖ key).

    Raises:
        BadInput: `bad-vkey` or `bad-key`.
    """
    if not _is_name(name):
        raise BadInput("bad-vkey", where="note key", expected="a name without spaces and plus", seen=name)
    if type_byte not in (ED25519, COSIGNATURE):
        raise BadInput("bad-vkey", where="note key", expected="kind 1 (log) or 4 (witness)", seen=type_byte)
    key_id = sha256(name.encode() + b"\n" + bytes([type_byte]) + public).digest()[:4]
    return NoteKey(name, key_id, type_byte, VerifyKey.load(public, where="note key"))


def checkpoint_body(origin: str, size: int, root: bytes) -> str:
    """The three lines that are signed: origin, size, root; there are no extension lines.

    Raises:
        BadInput: `bad-note`.
    """
    if not _is_name(origin):
        raise BadInput("bad-note", where="origin", expected="a name without spaces and plus", seen=origin)
    if not 0 <= size < _LIMIT or len(root) != HASH_BYTES:
        raise BadInput("bad-note", where="log checkpoint", expected="a size and a root", seen=(size, root))
    return f"{origin}\n{size}\n{to_base64(root)}\n"


def sign_checkpoint(origin: str, size: int, root: bytes, key: SigningKey) -> str:
    """Signed note of a log's head; the log's key carries the origin as its name.

    Raises:
        BadInput: `bad-note`.
    """
    body = checkpoint_body(origin, size, root)
    key_id = note_key(origin, ED25519, key.public).key_id
    return f"{body}\n{_DASH}{origin} {to_base64(key_id + key.sign(body.encode()))}\n"


def cosign(body: str, witness_name: str, key: SigningKey, timestamp: int) -> str:
    """Signature line, newline included, by which a witness states to have seen this head at `timestamp` (unix s).

    Append it to the note. It is for the caller to have checked consistency first.

    Raises:
        BadInput: `bad-note` or `bad-vkey`.
    """
    if not 0 <= timestamp < _LIMIT:
        raise BadInput("bad-note", where="cosignature", expected="seconds since 1970", seen=timestamp)
    key_id = note_key(witness_name, COSIGNATURE, key.public).key_id
    signature = key.sign(_cosigned(body, timestamp))
    return f"{_DASH}{witness_name} {to_base64(key_id + timestamp.to_bytes(8, 'big') + signature)}\n"


def parse_checkpoint(note: str) -> Checkpoint:
    """Log checkpoint of a signed note: 1. limits and characters; 2. signature lines; 3. exactly three body lines.

    Raises:
        BadInput: `bad-note`.
    """
    data = note.encode("utf-8", "surrogatepass")
    decode_lines(data, code="bad-note", where="note", limit=MAX_NOTE_BYTES)  # 1
    head, blank, tail = note.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise BadInput("bad-note", where="note", expected="text, an empty line, signature lines", seen=note)
    signatures = tuple(_parse_signature(line) for line in tail[:-1].split("\n"))  # 2
    lines = head.split("\n")
    if len(lines) != 3 or not lines[0]:  # 3
        raise BadInput("bad-note", where="log checkpoint", expected="origin, size and root, no more", seen=head)
    size = from_decimal(lines[1], code="bad-note", where="tree size")
    root = from_base64(lines[2], code="bad-note", where="root", length=HASH_BYTES)
    return Checkpoint(lines[0], size, root, head + "\n", signatures, note)


def verify_note(note: str | Checkpoint, key: NoteKey) -> bool:
    """Whether the log of `key` signed this checkpoint.

    Signatures of unknown keys are ignored; one wrong signature under the known name and id refuses the whole note.

    Raises:
        BadInput: `bad-note`.
    """
    checkpoint = _parsed(note)
    message = checkpoint.body.encode()
    ours = _lines_of(checkpoint, key, ED25519)
    return bool(ours) and all(key.verify_key.verify(line.blob, message) for line in ours)


def verify_cosignature(note: str | Checkpoint, key: NoteKey) -> int | None:
    """Time (unix s) at which the witness of `key` cosigned this checkpoint, the latest of several; None if it did not.

    One wrong line under the witness's name and id refuses them all.

    Raises:
        BadInput: `bad-note`.
    """
    checkpoint = _parsed(note)
    latest: int | None = None
    for line in _lines_of(checkpoint, key, COSIGNATURE):
        timestamp = int.from_bytes(line.blob[:8], "big")
        if len(line.blob) != 8 + SIGNATURE_BYTES or timestamp >= _LIMIT:
            return None
        if not key.verify_key.verify(line.blob[8:], _cosigned(checkpoint.body, timestamp)):
            return None
        latest = timestamp if latest is None else max(latest, timestamp)
    return latest


def _parsed(note: str | Checkpoint) -> Checkpoint:
    return note if isinstance(note, Checkpoint) else parse_checkpoint(note)


def _lines_of(checkpoint: Checkpoint, key: NoteKey, type_byte: int) -> list[NoteSignature]:
    """Lines under the key's name and id; a key of the other kind has none, so that the kinds are never confused."""
    if key.type_byte != type_byte:
        return []
    return [line for line in checkpoint.signatures if line.name == key.name and line.key_id == key.key_id]


def _cosigned(body: str, timestamp: int) -> bytes:
    return f"cosignature/v1\ntime {timestamp}\n{body}".encode()


def _parse_signature(line: str) -> NoteSignature:
    name, space, blob = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space or not _is_name(name):
        raise BadInput("bad-note", where="signature line", expected="— name base64", seen=line)
    raw = from_base64(blob, code="bad-note", where="signature line")
    if len(raw) < 5:
        raise BadInput("bad-note", where="signature line", expected="a key id and a signature", seen=raw)
    return NoteSignature(name, raw[:4], raw[4:])


def _is_name(name: str) -> bool:
    printable = all(c >= " " and not "\ud800" <= c <= "\udfff" for c in name)
    return bool(name) and printable and _SPLIT_NAME.search(name) is None
