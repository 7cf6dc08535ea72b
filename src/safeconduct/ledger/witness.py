"""What a witness decides when the other party's log asks for a cosignature (C2SP tlog-witness, `add-checkpoint`).

Pure: the caller reads the state of the request's origin, decides, stores the new state, and only then answers. Reading
and storing are one transaction, or two requests at once could roll the state back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from safeconduct.errors import BadInput, Refusal
from safeconduct.ledger.merkle import EMPTY_ROOT, HASH_BYTES, verify_consistency
from safeconduct.ledger.note import MAX_NOTE_BYTES, Checkpoint, NoteKey, cosign, parse_checkpoint, verify_note
from safeconduct.ledger.text import decode_lines, from_base64, from_decimal, to_base64
from safeconduct.seal.keys import SigningKey

TEXT = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"  # of the 409 that tells the size this witness knows
MAX_PROOF = 63  # lines, the standard's bound
MAX_REQUEST_BYTES = MAX_NOTE_BYTES + 64 * 48


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A request: the size the log believes this witness to have, the consistency proof from it, the new checkpoint."""

    old_size: int
    proof: tuple[bytes, ...]
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class WitnessState:
    """Newest head cosigned for one origin, with its note as it came (kept as evidence)."""

    size: int
    root: bytes
    note: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """Status 200: store `state`, then answer with `cosignature`, one signature line with its newline."""

    state: WitnessState
    cosignature: str

    status = 200
    content_type = TEXT

    @property
    def body(self) -> str:
        """Text of the answer."""
        return self.cosignature


@dataclass(frozen=True, slots=True)
class Refused:
    """Status 400, 403, 404, 409 or 422 with its body; `evidence` holds both notes if the log signed two histories."""

    status: int
    refusal: Refusal
    body: str
    content_type: str = TEXT
    evidence: tuple[str, ...] = ()


def encode_request(old_size: int, proof: Sequence[bytes], note: str) -> bytes:
    """Request body as the log sends it."""
    return ("\n".join([f"old {old_size}", *map(to_base64, proof)]) + "\n\n" + note).encode()


def parse_request(data: bytes) -> AddCheckpoint:
    """Request of its body: `old <size>`, at most 63 proof lines, an empty line, the note.

    Raises:
        BadInput: `bad-request` or `bad-note`; answer with status 400.
    """
    text = decode_lines(data, code="bad-request", where="add-checkpoint", limit=MAX_REQUEST_BYTES)
    head, blank, note = text.partition("\n\n")
    first, *lines = head.split("\n")
    if not blank or not first.startswith("old "):
        raise BadInput("bad-request", where="add-checkpoint", expected="`old <size>`, proof lines, a note", seen=first)
    if len(lines) > MAX_PROOF:
        raise BadInput("bad-request", where="proof", expected=f"at most {MAX_PROOF} lines", seen=len(lines))
    old_size = from_decimal(first[4:], code="bad-request", where="old size")
    proof = tuple(from_base64(line, code="bad-request", where="proof line", length=HASH_BYTES) for line in lines)
    return AddCheckpoint(old_size, proof, parse_checkpoint(note))


def decide(  # noqa: PLR0911  (one return for each step)
    state: WitnessState | None,
    request: AddCheckpoint,
    log_keys: Mapping[str, Sequence[NoteKey]],
    *,
    name: str,
    key: SigningKey,
    now: int,
) -> Accepted | Refused:
    """Cosign the new head, or say why not.

    Steps: 1. the origin is known (404); 2. a key trusted for it signed the note (403); 3. the old size is not above the
    new (400); 4. a head of the size we know has the root we know (409, both notes are evidence); 5. the old size is the
    one we know (409 with that size); 6. the proof leads from our root to the new one (422). Step 4 comes before
    5 because two signed heads of one size prove a forked log, whatever the request claims about its old size.

    Args:
        state: what was last cosigned for this origin; None if nothing was.
        request: the parsed request.
        log_keys: keys trusted for each origin.
        name: this witness's name in its signature lines.
        key: this witness's key, used for cosignatures only.
        now: unix seconds, signed into the cosignature.
    """
    new = request.checkpoint
    known_size = state.size if state else 0
    if new.origin not in log_keys:  # 1
        return _refused(404, "unknown-log")
    if not any(verify_note(new, log_key) for log_key in log_keys[new.origin]):  # 2
        return _refused(403, "bad-note")
    if request.old_size > new.size:  # 3
        return _refused(400, "old-above-new")
    if state and new.size == state.size and new.root != state.root:  # 4
        return Refused(409, Refusal("head-differs"), f"{known_size}\n", SIZE, (state.note, new.note))
    if request.old_size != known_size:  # 5
        return Refused(409, Refusal("head-behind"), f"{known_size}\n", SIZE)
    if not _follows(state, request):  # 6
        return _refused(422, "bad-proof")
    return Accepted(WitnessState(new.size, new.root, new.note), cosign(new.body, name, key, now))


def _follows(state: WitnessState | None, request: AddCheckpoint) -> bool:
    """Whether the new head only appends to the known one; after nothing, anything does, but nothing has one root."""
    new = request.checkpoint
    if new.size == 0:
        return not request.proof and new.root == EMPTY_ROOT
    if state is None or state.size == 0:
        return not request.proof
    return verify_consistency(state.size, new.size, state.root, new.root, request.proof)


def _refused(status: int, code: str) -> Refused:
    refusal = Refusal(code)
    return Refused(status, refusal, f"{refusal}\n")
