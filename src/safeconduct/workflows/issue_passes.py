"""Issue strips of passes to groups: one pass for each control point on the way, words where they are asked for.

A retry of the same request returns the same passes. The words of a bound pass are derived from the batch's sealed
secret and the index: whoever holds that secret could sign passes anyway, so nothing is lost, and a crash between the
commit and the answer loses no group its words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from safeconduct.errors import BadInput, Refusal
from safeconduct.passes.batch import BatchEntry, SignedBatch, decode_batch, identity, sign_batch
from safeconduct.passes.binding import DRAW_BYTES, bind, draw_words, secret_of
from safeconduct.passes.issue import decoys, indexes, sign_many
from safeconduct.passes.pass_format import QUARTER, PassFields, length_code
from safeconduct.seal.canonical import decode_cbor, encode_cbor, encode_json
from safeconduct.seal.cipher import hkdf
from safeconduct.seal.keys import SigningKey
from safeconduct.workflows.common import permitted, require_agreement
from safeconduct.workflows.ports import Node
from safeconduct.workflows.rows import PassRow
from safeconduct.workflows.tables import Tx

CAPACITY = 4_096  # passes a batch key may sign; a key that leaks voids no more
DECOYS = 96  # positions of a batch that are never issued and always revoked
GROUP_CLASS = 0
PRESET = "std"


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


def issue_passes(node: Node, strips: Sequence[Strip], *, subject: str, purpose: str) -> list[Issued] | Refusal:
    """Sign passes for groups of the roll.

    Raises:
        BadInput: a group is not in the roll, a point not in the agreement, or a window not in the agreement's time.
    """
    with node.store.transaction() as tx:
        allowed = permitted(node, tx, act="passage", subject=subject, purpose=purpose)
        if isinstance(allowed, Refusal):
            return allowed
        heads = {g: h for g, h, _, _ in tx.roll.groups([s.group for s in strips])}
        _check(tx, strips, heads)
        have = {(r.group, r.point, r.not_before) for r in _standing(tx, strips)}
        todo = [
            (strip.group, leg)
            for strip in strips
            for leg in strip.legs
            if (strip.group, leg.point, leg.not_before // QUARTER * QUARTER) not in have
        ]
        issued = list(_issue(node, tx, todo, heads))
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
    return [r for r in tx.passes.of_groups(groups) if (r.batch, r.index) not in replaced]


def _check(tx: Tx, strips: Sequence[Strip], heads: dict[str, int]) -> None:
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


def _issue(
    node: Node, tx: Tx, todo: Sequence[tuple[str, Leg]], heads: dict[str, int]
) -> Iterator[tuple[PassRow, str | None]]:
    done = 0
    while done < len(todo):
        batch = _open_batch(node, tx)
        places = indexes(CAPACITY, batch.secret, min(batch.room, len(todo) - done), batch.used)
        part = todo[done : done + len(places)]
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


@dataclass(frozen=True, slots=True)
class _Batch:
    number: int
    identity: bytes
    entry: BatchEntry
    key: SigningKey
    secret: bytes
    used: int

    @property
    def room(self) -> int:
        return CAPACITY - DECOYS - self.used

    def words(self, index: int) -> str:
        """Return the four words of the pass at an index."""
        return " ".join(draw_words(hkdf(self.secret, f"safeconduct.words.1 {index}", DRAW_BYTES)))


def _bind(batch: _Batch, item: tuple[str, int]) -> bytes:
    words, index = item
    return bind(secret_of(words), batch.identity, index, batch.entry.pepper, batch.entry.preset)


def _open_batch(node: Node, tx: Tx) -> _Batch:
    """Return the newest batch if it has room, else make one and let the root sign it."""
    rows = tx.passes.batches()
    if rows and rows[-1].used < CAPACITY - DECOYS:
        return _load_batch(node, tx, rows[-1].number)
    agreement = require_agreement(tx)
    key = SigningKey.from_seed(seed := node.random.bytes(32))
    entry = BatchEntry(
        agreement_id=agreement.id, public_key=key.public, classes=(GROUP_CLASS,),
        points=tuple(p.id for p in agreement.control_points), not_before=agreement.start_at,
        not_after=agreement.end_at + 86_400, capacity=CAPACITY, preset=PRESET, word_list="bip39-en",
        pepper=node.random.bytes(16),
    )  # fmt: skip
    signed = sign_batch(entry, node.vault.root())
    wire = encode_cbor([signed.entry_bytes, signed.signature])
    secret = node.random.bytes(32)
    number = tx.passes.add_batch(identity(entry), wire, node.vault.seal(seed), node.vault.seal(secret))
    tx.ledger.append("own:batch", wire, node.random.bytes(32), node.clock.now())
    return _Batch(number, identity(entry), entry, key, secret, 0)


def _load_batch(node: Node, tx: Tx, number: int) -> _Batch:
    row = next(r for r in tx.passes.batches() if r.number == number)
    sealed_key, sealed_secret = tx.passes.batch_secrets(number)
    return _Batch(
        number, row.identity, decode_batch(signed_batch(row.signed).entry_bytes),
        SigningKey.from_seed(node.vault.open(sealed_key)), node.vault.open(sealed_secret), row.used,
    )  # fmt: skip


def signed_batch(wire: bytes) -> SignedBatch:
    """Read a stored signed batch entry."""
    entry, signature = decode_cbor(wire, where="stored batch")
    return SignedBatch(entry, signature)


def decoys_of(node: Node, tx: Tx, number: int) -> list[int]:
    """Return the decoys of a batch."""
    _, sealed_secret = tx.passes.batch_secrets(number)
    return decoys(CAPACITY, node.vault.open(sealed_secret), DECOYS)


def _again(node: Node, tx: Tx, strips: Sequence[Strip]) -> list[Issued]:
    """Return passes issued before, in the order of the request."""
    wanted = {(s.group, leg.point, leg.not_before // QUARTER * QUARTER): leg for s in strips for leg in s.legs}
    batches: dict[int, _Batch] = {}
    found: dict[tuple[str, str, int], Issued] = {}
    for row in _standing(tx, strips):
        leg = wanted.get((row.group, row.point, row.not_before))
        if leg is None:
            continue
        words = None
        if leg.words:
            batch = batches.get(row.batch) or batches.setdefault(row.batch, _load_batch(node, tx, row.batch))
            words = batch.words(row.index)
        found[row.group, row.point, row.not_before] = Issued(row.group, row.point, row.raw, words)
    return [found[key] for key in wanted]
