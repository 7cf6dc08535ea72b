"""The batches of a trust bundle with their lists of revoked passes: this party's own, and those of allies."""

from dataclasses import dataclass

from safeconduct.passes.batch import SignedBatch, decode_batch
from safeconduct.passes.revocation import SignedRevocation, build, sign
from safeconduct.seal.canonical import decode_cbor
from safeconduct.seal.keys import SigningKey
from safeconduct.workflows.batch_keys import decoys_of, signed_batch
from safeconduct.workflows.batch_limits import withdrawn
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx

ALLIED = "allied-batch"  # kind of record: an admitted batch of an ally, by its identity


@dataclass(frozen=True, slots=True)
class Allied:
    """An ally's batch that this party admits at its gates."""

    party: str
    identity: bytes
    signed: SignedBatch  # by this party's root
    seq: int  # of the ally's list
    revoked: tuple[int, ...]
    at: int  # unix seconds: when the list came


def allied_batches(tx: Tx) -> list[Allied]:
    """Return the admitted batches, each with its newest list, in the order of admission."""
    found: dict[str, Allied] = {}
    for identity, body, at in tx.records.all(ALLIED):
        told = decode_cbor(body, where=ALLIED)
        batch = SignedBatch(told["entry"], told["signature"])
        found[identity] = Allied(told["party"], bytes.fromhex(identity), batch, told["seq"], tuple(told["revoked"]), at)
    return list(found.values())


def batches_with_lists(
    node: Node, tx: Tx, seq: int, now: int, until: int
) -> tuple[tuple[SignedBatch, ...], tuple[SignedRevocation, ...], dict[int, bytes]]:
    """Return signed entries, a signed list for each, and the identities of this party's own by number.

    A withdrawn batch stays, with all of its passes on the list, so that a gate says "revoked" and not "unknown".
    """
    gone, revoked, status = withdrawn(tx), tx.passes.revoked(), node.vault.status()
    entries, lists, numbers = [], [], {}
    for row in tx.passes.batches():
        batch = signed_batch(row.signed)
        size = decode_batch(batch.entry_bytes).capacity
        known = [] if row.identity in gone else [*revoked.get(row.number, ()), *decoys_of(node, tx, row, size)]
        entries.append(batch)
        lists.append(_list(row.identity, size, known, seq, now, until, status, whole=row.identity in gone))
        numbers[row.number] = row.identity
    for one in allied_batches(tx):
        size = decode_batch(one.signed.entry_bytes).capacity
        entries.append(one.signed)
        lists.append(_list(one.identity, size, list(one.revoked), seq, now, until, status, whole=one.identity in gone))
    return tuple(entries), tuple(lists), numbers


def _list(
    identity: bytes, size: int, known: list[int], seq: int, now: int, until: int, status: SigningKey, *, whole: bool
) -> SignedRevocation:  # fmt: skip
    return sign(build(identity, size, range(size) if whole else known, seq, now, until), status)
