"""Let the partner witness our ledger's head, and witness theirs (C2SP tlog-witness)."""

from dataclasses import dataclass

from safeconduct.errors import BadInput
from safeconduct.ledger.merkle import consistency_proof
from safeconduct.ledger.note import parse_checkpoint, parse_vkey, sign_checkpoint, verify_cosignature
from safeconduct.ledger.witness import Accepted, Refused, WitnessState, decide, encode_request, parse_request
from safeconduct.seal.canonical import decode_cbor, encode_cbor
from safeconduct.workflows.common import cards
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx


@dataclass(frozen=True, slots=True)
class Heads:
    """Our newest cosigned note, and the partner's newest note that we cosigned."""

    ours: str | None
    theirs: str | None


def witness_head(node: Node, request: bytes) -> Accepted | Refused:
    """Answer the partner's request to cosign its head; the new state is stored before the answer.

    Raises:
        BadInput: the request is malformed (status 400).
    """
    asked = parse_request(request)
    with node.store.transaction() as tx:
        keys = {parse_vkey(c.log_vkey).name: (parse_vkey(c.log_vkey),) for p, c in cards(tx).items() if p != node.party}
        name = parse_vkey(node.card.witness_vkey).name
        origin = asked.checkpoint.origin
        answer = decide(_state(tx, origin), asked, keys, name=name, key=node.vault.witness(), now=node.clock.now())
        if isinstance(answer, Accepted):
            state = answer.state
            stored = {"note": state.note + answer.cosignature, "root": state.root, "size": state.size}
            tx.records.set(f"witnessed:{origin}", encode_cbor(stored))
            tx.records.set("witnessed", origin.encode())
        elif answer.evidence:
            for note in answer.evidence:
                tx.records.add("fork-evidence", origin, note.encode(), node.clock.now())
        return answer


def ask_for_cosignature(node: Node) -> bytes | None:
    """Make the request to cosign our newest head; None if the newest is cosigned already."""
    with node.store.reading() as tx:
        size = tx.ledger.size()
        done = _cosigned_size(tx)
        if size in {0, done}:
            return None
        origin = parse_vkey(node.card.log_vkey).name
        note = sign_checkpoint(origin, size, tx.ledger.root(), node.vault.log())
        proof = consistency_proof(done, size, tx.ledger.node) if done else []
    return encode_request(done, proof, note)


def note_cosignature(node: Node, request: bytes, status: int, body: str) -> bool:
    """Take in the partner's answer; True if our head now carries its cosignature.

    A 409 tells the size that the partner knows; the next request starts from there.

    Raises:
        BadInput: the answer is no signature of the partner's witness key.
    """
    asked = parse_request(request)
    with node.store.transaction() as tx:
        if status == 409 and body.strip().isdigit():
            tx.records.set("cosigned-size", body.strip().encode())
            return False
        if status != 200:
            return False
        note = asked.checkpoint.note + body
        witnesses = [parse_vkey(c.witness_vkey) for p, c in cards(tx).items() if p != node.party]
        if not any(verify_cosignature(note, key) for key in witnesses):
            raise BadInput("bad-note", where="cosignature", expected="the partner's witness key", seen=body)
        tx.records.set("cosigned", note.encode())
        tx.records.set("cosigned-size", str(asked.checkpoint.size).encode())
    return True


def heads(tx: Tx) -> Heads:
    """Return both newest cosigned notes."""
    ours = tx.records.get("cosigned")
    origin = tx.records.get("witnessed")
    theirs = tx.records.get(f"witnessed:{origin.decode()}") if origin else None
    return Heads(
        ours.decode() if ours else None,
        str(decode_cbor(theirs, where="witnessed head")["note"]) if theirs else None,
    )


def cosigned_note(tx: Tx) -> str | None:
    """Return our newest note with the partner's cosignature."""
    return heads(tx).ours


def size_of(note: str | None) -> tuple[int, str]:
    """Return (size, root in hex) of a note; (0, "") for none."""
    if note is None:
        return 0, ""
    checkpoint = parse_checkpoint(note)
    return checkpoint.size, checkpoint.root.hex()


def _state(tx: Tx, origin: str) -> WitnessState | None:
    stored = tx.records.get(f"witnessed:{origin}")
    if stored is None:
        return None
    fields = decode_cbor(stored, where="witnessed head")
    return WitnessState(fields["size"], fields["root"], fields["note"])


def _cosigned_size(tx: Tx) -> int:
    return int(tx.records.get("cosigned-size") or b"0")
