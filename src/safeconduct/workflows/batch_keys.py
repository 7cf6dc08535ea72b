"""Batches with their keys: the one that signs next, what room it has, which of its positions are decoys."""

from dataclasses import dataclass

from safeconduct.passes.batch import BatchEntry, SignedBatch, decode_batch, identity, sign_batch
from safeconduct.passes.binding import DRAW_BYTES, draw_words
from safeconduct.passes.issue import decoys
from safeconduct.seal.canonical import decode_cbor, encode_cbor
from safeconduct.seal.cipher import hkdf
from safeconduct.seal.keys import SigningKey
from safeconduct.workflows.batch_limits import around, fits, stops
from safeconduct.workflows.common import require_agreement
from safeconduct.workflows.ports import Node
from safeconduct.workflows.root_ceremony import root_key
from safeconduct.workflows.rows import BatchRow
from safeconduct.workflows.tables import Tx

CAPACITY = 4_096  # passes a batch key may sign; a key that leaks voids no more
DECOYS = 96  # positions of such a batch that are never issued and always revoked
SPOKEN_CAPACITY = 4 * CAPACITY  # spoken passes of a batch: its key signs nothing, and a table lists 32 batches
GROUP_CLASS = 0
PRESET = "std"
MOST_KEPT = 4_096  # batches whose decoys are kept in memory
_DECOYS: dict[bytes, tuple[int, ...]] = {}  # by the batch's identity, which no two batches share
Place = tuple[str, int, int]  # control point, begin and end of a window in unix seconds


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch with its keys, and how many of its positions are used."""

    number: int
    identity: bytes
    entry: BatchEntry
    key: SigningKey
    secret: bytes
    used: int

    @property
    def room(self) -> int:
        """Return how many passes it may still have."""
        return room_of(self.entry.capacity) - self.used

    def words(self, index: int) -> str:
        """Return the four words of the pass at an index."""
        return " ".join(draw_words(hkdf(self.secret, f"safeconduct.words.1 {index}", DRAW_BYTES)))


def decoys_in(capacity: int) -> int:
    """Return how many positions of a batch are decoys: 96 of 4,096."""
    return capacity * DECOYS // CAPACITY


def room_of(capacity: int) -> int:
    """Return how many passes a new batch may have."""
    return capacity - decoys_in(capacity)


def open_batch(node: Node, tx: Tx, *, spoken: bool = False, place: Place | None = None) -> Batch:
    """Return the newest batch of its kind that still signs, has room and may sign for a place; else a new one.

    The root signs a new one, which is as wide as the agreement; a root that is kept apart has to be asked before.

    Raises:
        SafeconductError: `root-locked` or `root-apart`.
    """
    capacity = SPOKEN_CAPACITY if spoken else CAPACITY
    theirs = tx.spoken.batches()
    rows = [row for row in tx.passes.batches() if (row.number in theirs) == spoken]
    stopped = stops(tx)
    for row in reversed(rows):
        limits = decode_batch(signed_batch(row.signed).entry_bytes)
        whole = row.used >= room_of(limits.capacity) or row.identity in stopped
        if not whole and (place is None or fits(limits, *place)):
            return load_batch(node, tx, row.number)
    agreement = require_agreement(tx)
    key = SigningKey.from_seed(seed := node.random.bytes(32))
    entry = BatchEntry(
        agreement_id=agreement.id, public_key=key.public, classes=(GROUP_CLASS,),
        points=around(agreement, place[0] if place else None), not_before=agreement.start_at,
        not_after=agreement.end_at + 86_400, capacity=capacity, preset=PRESET, word_list="bip39-en",
        pepper=node.random.bytes(16),
    )  # fmt: skip
    signed = sign_batch(entry, root_key(node, tx))
    wire = encode_cbor([signed.entry_bytes, signed.signature])
    secret = node.random.bytes(32)
    number = tx.passes.add_batch(identity(entry), wire, node.vault.seal(seed), node.vault.seal(secret))
    tx.ledger.append("own:batch", wire, node.random.bytes(32), node.clock.now())
    if spoken:
        tx.spoken.add_batch(number)
    return Batch(number, identity(entry), entry, key, secret, 0)


def load_batch(node: Node, tx: Tx, number: int) -> Batch:
    """Return a stored batch with its keys."""
    row = next(r for r in tx.passes.batches() if r.number == number)
    sealed_key, sealed_secret = tx.passes.batch_secrets(number)
    return Batch(
        number, row.identity, decode_batch(signed_batch(row.signed).entry_bytes),
        SigningKey.from_seed(node.vault.open(sealed_key)), node.vault.open(sealed_secret), row.used,
    )  # fmt: skip


def signed_batch(wire: bytes) -> SignedBatch:
    """Read a stored signed batch entry."""
    entry, signature = decode_cbor(wire, where="stored batch")
    return SignedBatch(entry, signature)


def decoys_of(node: Node, tx: Tx, row: BatchRow, capacity: int) -> tuple[int, ...]:
    """Return the decoys of a batch, worked out once: they never change, and every bundle lists them."""
    found = _DECOYS.get(row.identity)
    if found is None:
        _, sealed_secret = tx.passes.batch_secrets(row.number)
        found = tuple(decoys(capacity, node.vault.open(sealed_secret), decoys_in(capacity)))
        if len(_DECOYS) >= MOST_KEPT:
            _DECOYS.clear()
        _DECOYS[row.identity] = found
    return found
