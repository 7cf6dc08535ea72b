"""Issue strips of passes to groups: one pass for each control point on the way, words where they are asked for.

A retry of the same request returns the same passes. The words of a bound pass are derived from the batch's sealed
secret and the index: whoever holds that secret could sign passes anyway, so nothing is lost, and a crash between the
commit and the answer loses no group its words.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import takewhile

from safeconduct.errors import BadInput, Refusal
from safeconduct.passes.batch import BatchEntry, SignedBatch, decode_batch, identity, sign_batch
from safeconduct.passes.binding import DRAW_BYTES, bind, draw_words, secret_of
from safeconduct.passes.issue import decoys, indexes, sign_many
from safeconduct.passes.pass_format import QUARTER, PassFields, length_code
from safeconduct.seal.canonical import decode_cbor, encode_cbor, encode_json
from safeconduct.seal.cipher import hkdf
from safeconduct.seal.keys import SigningKey
from safeconduct.workflows.batch_limits import around, fits, stops, withdrawn
from safeconduct.workflows.common import permitted, require_agreement
from safeconduct.workflows.ports import Node
from safeconduct.workflows.root_ceremony import root_key
from safeconduct.workflows.rows import PassRow
from safeconduct.workflows.tables import Tx

CAPACITY = 4_096  # passes a batch key may sign; a key that leaks voids no more
DECOYS = 96  # positions of such a batch that are never issued and always revoked
SPOKEN_CAPACITY = 4 * CAPACITY  # spoken passes of a batch: its key signs nothing, and a table lists 32 batches
GROUP_CLASS = 0
PRESET = "std"
STEP = 256  # passes with words that are bound before progress is told: about ten seconds on two cores


@dataclass(frozen=True, slots=True)
class Leg:
    """One pass of a strip: where, when (unix seconds), and whether words are asked for there."""

    point: str
    not_before: int
    seconds: int
    words: bool = False


@dataclass(frozen=True, slots=True)
class Strip:
    """What a group needs: its legs in the order of the route."""

    group: str
    legs: tuple[Leg, ...]


@dataclass(frozen=True, slots=True)
class Issued:
    """One issued pass, ready to print; `words` go on a separate sheet."""

    group: str
    point: str
    raw: bytes
    words: str | None


def _unheard(_done: int, _whole: int) -> None:
    """Tell nobody how far it is."""


def issue_passes(
    node: Node,
    strips: Sequence[Strip],
    *,
    subject: str,
    purpose: str,
    progress: Callable[[int, int], None] = _unheard,
) -> list[Issued] | Refusal:
    """Sign passes for groups of the roll.

    Args:
        node: the issuer's node.
        strips: what each group needs.
        subject: of the agreement's scope.
        purpose: of the agreement.
        progress: is told how many of the new passes are signed, and how many there will be.

    Raises:
        BadInput: a group is not in the roll, a point not in the agreement, or a window not in the agreement's time.
    """
    with node.store.transaction() as tx:
        allowed = permitted(node, tx, act="passage", subject=subject, purpose=purpose)
        if isinstance(allowed, Refusal):
            return allowed
        heads = {g: h for g, h, _, _ in tx.roll.groups([s.group for s in strips])}
        check_strips(tx, strips, heads)
        have = {(r.group, r.point, r.not_before) for r in _standing(tx, strips)}
        todo = [
            (strip.group, leg)
            for strip in strips
            for leg in strip.legs
            if (strip.group, leg.point, leg.not_before // QUARTER * QUARTER) not in have
        ]
        issued = list(sign_passes(node, tx, todo, heads, progress))
        if issued:
            now = node.clock.now()
            tx.passes.add(row for row, _ in issued)
            note = encode_json({"groups": len(strips), "passes": len(issued), "purpose": purpose, "subject": subject})
            tx.ledger.append("own:issue", note, node.random.bytes(32), now)
        if len(issued) == sum(len(s.legs) for s in strips):
            return [Issued(row.group, row.point, row.raw, words) for row, words in issued]
        return _again(node, tx, strips)


def _standing(tx: Tx, strips: Sequence[Strip]) -> list[PassRow]:
    """Return the groups' passes that a retry is answered with.

    One that was revoked and has another head count than the group now is left out: a group that shrank gets new passes
    for the same windows. Any other revoked pass stays, because a retry after the revocation must not undo it.
    """
    groups = [s.group for s in strips]
    replaced = {(r.batch, r.index) for r in tx.passes.outgrown(groups, revoked=True)}
    rows = [r for r in tx.passes.of_groups(groups) if (r.batch, r.index) not in replaced]
    rows = _without_withdrawn(tx, rows)
    counts = Counter((r.group, r.point, r.not_before) for r in rows)
    if len(counts) == len(rows):
        return rows
    # A window with several passes: a lost one was issued anew, and the one that still holds stands for it.
    revoked = {number: set(found) for number, found in tx.passes.revoked().items()}
    one: dict[tuple[str, str, int], PassRow] = {}
    for row in sorted(rows, key=lambda r: r.index not in revoked.get(r.batch, ())):
        one[row.group, row.point, row.not_before] = row
    return list(one.values())


def _without_withdrawn(tx: Tx, rows: list[PassRow]) -> list[PassRow]:
    """Leave out passes that are void because their batch was withdrawn: their groups get new ones.

    One that had been revoked by itself stays, since its group is to have none.
    """
    gone = withdrawn(tx)
    numbers = {row.number for row in tx.passes.batches() if row.identity in gone} if gone else set()
    if not numbers:
        return rows
    revoked = {number: set(found) for number, found in tx.passes.revoked().items()}
    return [r for r in rows if r.batch not in numbers or r.index in revoked.get(r.batch, ())]


def check_strips(tx: Tx, strips: Sequence[Strip], heads: dict[str, int]) -> None:
    """Refuse strips for an unknown or empty group, an unknown point, or a window outside the agreement's time.

    Raises:
        BadInput: naming the group and what was seen.
    """
    agreement = require_agreement(tx)
    for strip in strips:
        if strip.group not in heads:
            raise BadInput("unknown-group", where="strip", expected="a group of the roll", seen=strip.group)
        if not heads[strip.group]:
            raise BadInput("empty-group", where=f"strip of {strip.group}", expected="a group with people on the roll",
                           seen="nobody left")  # fmt: skip
        for leg in strip.legs:
            if agreement.point(leg.point) is None:
                raise BadInput("unknown-point", where=f"strip of {strip.group}", expected="a point of the agreement",
                               seen=leg.point)  # fmt: skip
            if leg.not_before < agreement.start_at or leg.not_before + leg.seconds > agreement.end_at + 86_400:
                raise BadInput("out-of-agreement", where=f"strip of {strip.group}",
                               expected="a window within the agreement", seen=leg.not_before)  # fmt: skip


def sign_passes(
    node: Node,
    tx: Tx,
    todo: Sequence[tuple[str, Leg]],
    heads: dict[str, int],
    progress: Callable[[int, int], None] = _unheard,
) -> Iterator[tuple[PassRow, str | None]]:
    """Sign a pass for each group and leg, in the newest batch with room; yield each with its words."""
    done = 0
    step = STEP if any(leg.words for _, leg in todo) else CAPACITY
    while done < len(todo):
        batch = open_batch(node, tx, leg=todo[done][1])
        part = list(takewhile(partial(_fits, batch.entry), todo[done : done + min(batch.room, step)]))
        places = indexes(batch.entry.capacity, batch.secret, len(part), batch.used)
        done += len(places)
        words = [batch.words(index) if leg.words else None for (_, leg), index in zip(part, places, strict=True)]
        bound = node.parallel(
            partial(_bind, batch), [(w, i) for w, i in zip(words, places, strict=True) if w is not None]
        )
        bindings = iter(bound)
        fields = [
            PassFields(
                pass_class=GROUP_CLASS, key_id=batch.identity[:4], index=index,
                not_before=leg.not_before // QUARTER * QUARTER, length=length_code(leg.seconds),
                points=1 << batch.entry.points.index(leg.point), heads=heads[group],
                binding_kind=0 if w is None else 1, binding=bytes(16) if w is None else next(bindings),
            )
            for (group, leg), index, w in zip(part, places, words, strict=True)
        ]  # fmt: skip
        raws = sign_many(fields, batch.identity, batch.key)
        for (group, leg), f, raw, w in zip(part, fields, raws, words, strict=True):
            end = f.not_before + leg.seconds
            yield PassRow(batch.number, f.index, group, leg.point, f.not_before, end, f.heads, raw), w
        tx.passes.use(batch.number, len(places))
        progress(done, len(todo))


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


def _bind(batch: Batch, item: tuple[str, int]) -> bytes:
    words, index = item
    return bind(secret_of(words), batch.identity, index, batch.entry.pepper, batch.entry.preset)


def decoys_in(capacity: int) -> int:
    """Return how many positions of a batch are decoys: 96 of 4,096."""
    return capacity * DECOYS // CAPACITY


def room_of(capacity: int) -> int:
    """Return how many passes a new batch may have."""
    return capacity - decoys_in(capacity)


def _fits(entry: BatchEntry, item: tuple[str, Leg]) -> bool:
    leg = item[1]
    return fits(entry, leg.point, leg.not_before // QUARTER * QUARTER, leg.not_before + leg.seconds)


def open_batch(node: Node, tx: Tx, *, spoken: bool = False, leg: Leg | None = None) -> Batch:
    """Return the newest batch of its kind that still signs, has room and may sign for a leg; else a new one.

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
        if not whole and (leg is None or _fits(limits, ("", leg))):
            return load_batch(node, tx, row.number)
    agreement = require_agreement(tx)
    key = SigningKey.from_seed(seed := node.random.bytes(32))
    entry = BatchEntry(
        agreement_id=agreement.id, public_key=key.public, classes=(GROUP_CLASS,),
        points=around(agreement, leg.point if leg else None), not_before=agreement.start_at,
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


def decoys_of(node: Node, tx: Tx, number: int, capacity: int) -> list[int]:
    """Return the decoys of a batch."""
    _, sealed_secret = tx.passes.batch_secrets(number)
    return decoys(capacity, node.vault.open(sealed_secret), decoys_in(capacity))


def _again(node: Node, tx: Tx, strips: Sequence[Strip]) -> list[Issued]:
    """Return passes issued before, in the order of the request."""
    wanted = {(s.group, leg.point, leg.not_before // QUARTER * QUARTER): leg for s in strips for leg in s.legs}
    batches: dict[int, Batch] = {}
    found: dict[tuple[str, str, int], Issued] = {}
    for row in _standing(tx, strips):
        leg = wanted.get((row.group, row.point, row.not_before))
        if leg is None:
            continue
        words = None
        if leg.words:
            batch = batches.get(row.batch) or batches.setdefault(row.batch, load_batch(node, tx, row.batch))
            words = batch.words(row.index)
        found[row.group, row.point, row.not_before] = Issued(row.group, row.point, row.raw, words)
    return [found[key] for key in wanted]
