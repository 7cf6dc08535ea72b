"""One file that proves by itself: this envelope is in that party's log, and the other party saw it there.

The file is a C2SP tlog-proof, text, whose `extra` line carries nonce and envelope (spec/ledger.md). It needs nothing
but the two public keys to be verified, years later and offline.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.errors import BadInput, Refusal
from safeconduct.ledger.entry import NONCE_BYTES, entry_leaf
from safeconduct.ledger.merkle import HASH_BYTES, verify_inclusion
from safeconduct.ledger.note import Checkpoint, NoteKey, parse_checkpoint, verify_cosignature, verify_note
from safeconduct.ledger.text import decode_lines, from_base64, from_decimal, to_base64

HEADER = "c2sp.org/tlog-proof@v1"
MAX_EVIDENCE_BYTES = 1 << 24  # 16 MiB, an envelope of 12 MiB in base64
MAX_PROOF = 63  # lines: the depth of a tree below 2^63 leaves


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """The parts of an evidence file, parsed and not yet believed."""

    nonce: bytes
    envelope: bytes
    index: int
    proof: tuple[bytes, ...]
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an evidence file proves.

    `envelope` stood at `index` in the log `origin` when that had `size` entries, and the witness `witness` had seen
    this head at `cosigned_at` (unix s, by the witness's clock).
    """

    envelope: bytes
    index: int
    origin: str
    size: int
    witness: str
    cosigned_at: int


def build(index: int, nonce: bytes, envelope: bytes, proof: Sequence[bytes], note: str) -> bytes:
    """Evidence file of an entry, its inclusion proof and the cosigned note.

    Raises:
        BadInput: as `parse`: what could not be read again is not written.
    """
    lines = [HEADER, f"extra {to_base64(nonce + envelope)}", f"index {index}", *map(to_base64, proof)]
    data = ("\n".join(lines) + "\n\n" + note).encode()
    parse(data)
    return data


def parse(data: bytes) -> EvidenceFile:
    """Parts of an evidence file.

    Raises:
        BadInput: `bad-evidence`, or `bad-note` for its log checkpoint.
    """
    text = decode_lines(data, code="bad-evidence", where="evidence", limit=MAX_EVIDENCE_BYTES)
    head, blank, note = text.partition("\n\n")
    lines = head.split("\n")
    if not blank or len(lines) < 3 or lines[0] != HEADER:
        raise BadInput("bad-evidence", where="evidence", expected=f"{HEADER}, extra, index, proof", seen=lines[0])
    for line, word in ((lines[1], "extra "), (lines[2], "index ")):
        if not line.startswith(word):
            raise BadInput("bad-evidence", where="evidence", expected=f"a line `{word}…`", seen=line)
    if len(lines) > 3 + MAX_PROOF:
        raise BadInput("bad-evidence", where="proof", expected=f"at most {MAX_PROOF} lines", seen=len(lines) - 3)
    extra = from_base64(lines[1][6:], code="bad-evidence", where="extra")
    if len(extra) < NONCE_BYTES:
        raise BadInput("bad-evidence", where="extra", expected="32 bytes of nonce, then the envelope", seen=len(extra))
    index = from_decimal(lines[2][6:], code="bad-evidence", where="index")
    proof = tuple(from_base64(x, code="bad-evidence", where="proof line", length=HASH_BYTES) for x in lines[3:])
    return EvidenceFile(extra[:NONCE_BYTES], extra[NONCE_BYTES:], index, proof, parse_checkpoint(note))


def verify(data: bytes, log: NoteKey, witness: NoteKey) -> Evidence | Refusal:
    """What the file proves to a reader who trusts these two public keys to be the parties'.

    Steps: 1. the file parses; 2. it is the log's own checkpoint: origin and signature; 3. the witness cosigned it;
    4. the index lies in the tree; 5. nonce and envelope hash to a leaf from which the proof leads to the root.

    Raises:
        BadInput: at step 1.
    """
    parts = parse(data)  # 1
    head = parts.checkpoint
    if head.origin != log.name or not verify_note(head, log):  # 2
        return Refusal("bad-note", "step 2")
    cosigned_at = verify_cosignature(head, witness)
    if cosigned_at is None:  # 3
        return Refusal("not-cosigned", "step 3")
    if parts.index >= head.size:  # 4
        return Refusal("not-included", f"step 4, index {parts.index} of {head.size}")
    leaf = entry_leaf(parts.nonce, parts.envelope)
    if not verify_inclusion(leaf, parts.index, head.size, parts.proof, head.root):  # 5
        return Refusal("not-included", "step 5")
    return Evidence(parts.envelope, parts.index, head.origin, head.size, witness.name, cosigned_at)
