"""One file that proves an entry to a stranger: envelope, inclusion proof, and the head that the partner cosigned."""

from safeconduct.errors import SafeconductError
from safeconduct.ledger.evidence import build
from safeconduct.ledger.merkle import inclusion_proof
from safeconduct.workflows.cosign_head import cosigned_note, size_of
from safeconduct.workflows.ports import Node


def make_evidence(node: Node, index: int) -> bytes:
    """Return the evidence file of a ledger entry.

    Raises:
        SafeconductError: `no-entry`, or `not-cosigned` when the partner has not seen a head that covers it.
    """
    with node.store.reading() as tx:
        entry = tx.ledger.entry(index)
        note = cosigned_note(tx)
        size, _ = size_of(note)
        if entry is None:
            raise SafeconductError("no-entry", f"the ledger has no entry {index}; it holds {tx.ledger.size()}")
        if note is None or index >= size:
            raise SafeconductError("not-cosigned", f"entry {index} is newer than the head that the partner cosigned")
        proof = inclusion_proof(index, size, tx.ledger.node)
    return build(index, entry.nonce, entry.envelope, proof, note)
