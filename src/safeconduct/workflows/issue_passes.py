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
from safeconduct.passes.batch import BatchEntry
from safeconduct.passes.issue import indexes, sign_many
from safeconduct.passes.pass_format import QUARTER, PassFields, length_code
from safeconduct.seal.canonical import encode_json
from safeconduct.workflows.batch_keys import CAPACITY, GROUP_CLASS, Batch, Place, load_batch, open_batch
from safeconduct.workflows.batch_limits import fits, withdrawn
from safeconduct.workflows.bindings import bindings_of
from safeconduct.workflows.common import permitted, require_agreement
from safeconduct.workflows.ports import Node
from safeconduct.workflows.rows import PassRow
from safeconduct.workflows.tables import Tx

AT_ONCE = 1_000  # passes that one thread signs before it takes the next
STEP = 256  # passes with words that are bound before progress is told: about ten seconds on two cores


@dataclass(frozen=True, slots=True)
class Leg:
    """One pass of a strip: where, when (unix seconds), and whether words are asked for there."""

    point: str
    not_before: int
    seconds: int
    words: bool = False
    phone: bytes | None = None  # the 16 binding bytes of a phone's key, whose code is asked for instead

    @property
    def place(self) -> Place:
        """Return where and when, as a batch has to allow it."""
        return self.point, self.not_before // QUARTER * QUARTER, self.not_before + self.seconds


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


def unheard(_done: int, _whole: int) -> None:
    """Tell nobody how far it is."""


def issue_passes(
    node: Node,
    strips: Sequence[Strip],
    *,
    subject: str,
    purpose: str,
    progress: Callable[[int, int], None] = unheard,
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
        have = {(r.group, r.point, r.not_before) for r in standing(tx, strips)}
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


def standing(tx: Tx, strips: Sequence[Strip]) -> list[PassRow]:
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
    points, begin, end = {p.id for p in agreement.control_points}, agreement.start_at, agreement.end_at + 86_400
    for strip in strips:
        if strip.group not in heads:
            raise BadInput("unknown-group", where="strip", expected="a group of the roll", seen=strip.group)
        if not heads[strip.group]:
            raise BadInput("empty-group", where=f"strip of {strip.group}", expected="a group with people on the roll",
                           seen="nobody left")  # fmt: skip
        for leg in strip.legs:
            if leg.point not in points:
                raise BadInput("unknown-point", where=f"strip of {strip.group}", expected="a point of the agreement",
                               seen=leg.point)  # fmt: skip
            if leg.not_before < begin or leg.not_before + leg.seconds > end:
                raise BadInput("out-of-agreement", where=f"strip of {strip.group}",
                               expected="a window within the agreement", seen=leg.not_before)  # fmt: skip


def sign_passes(
    node: Node,
    tx: Tx,
    todo: Sequence[tuple[str, Leg]],
    heads: dict[str, int],
    progress: Callable[[int, int], None] = unheard,
) -> Iterator[tuple[PassRow, str | None]]:
    """Sign a pass for each group and leg, in the newest batch with room; yield each with its words."""
    done = 0
    step = STEP if any(leg.words for _, leg in todo) else CAPACITY
    while done < len(todo):
        batch = open_batch(node, tx, place=todo[done][1].place)
        there = todo[done : done + min(batch.room, step)]
        part = list(takewhile(partial(_fits, batch.entry), there))
        places = indexes(batch.entry.capacity, batch.secret, len(part), batch.used)
        done += len(places)
        words = [batch.words(index) if leg.words else None for (_, leg), index in zip(part, places, strict=True)]
        wanted = [leg.phone or w for (_, leg), w in zip(part, words, strict=True)]
        bound = bindings_of(node.parallel, batch.identity, batch.entry, wanted, places)
        fields = [
            PassFields(
                pass_class=GROUP_CLASS, key_id=batch.identity[:4], index=index,
                not_before=leg.not_before // QUARTER * QUARTER, length=length_code(leg.seconds),
                points=1 << batch.entry.points.index(leg.point), heads=heads[group],
                binding_kind=kind, binding=binding,
            )
            for (group, leg), index, (kind, binding) in zip(part, places, bound, strict=True)
        ]  # fmt: skip
        parts = [fields[start : start + AT_ONCE] for start in range(0, len(fields), AT_ONCE)]
        signed = node.parallel(partial(sign_many, batch_identity=batch.identity, key=batch.key), parts)
        raws = [raw for one in signed for raw in one]
        for (group, leg), f, raw, w in zip(part, fields, raws, words, strict=True):
            end = f.not_before + leg.seconds
            yield PassRow(batch.number, f.index, group, leg.point, f.not_before, end, f.heads, raw), w
        tx.passes.use(batch.number, len(places))
        progress(done, len(todo))


def _fits(entry: BatchEntry, item: tuple[str, Leg]) -> bool:
    return fits(entry, *item[1].place)


def _again(node: Node, tx: Tx, strips: Sequence[Strip]) -> list[Issued]:
    """Return passes issued before, in the order of the request."""
    wanted = {(s.group, leg.point, leg.not_before // QUARTER * QUARTER): leg for s in strips for leg in s.legs}
    batches: dict[int, Batch] = {}
    found: dict[tuple[str, str, int], Issued] = {}
    for row in standing(tx, strips):
        leg = wanted.get((row.group, row.point, row.not_before))
        if leg is None:
            continue
        words = None
        if leg.words:
            batch = batches.get(row.batch) or batches.setdefault(row.batch, load_batch(node, tx, row.batch))
            words = batch.words(row.index)
        found[row.group, row.point, row.not_before] = Issued(row.group, row.point, row.raw, words)
    return [found[key] for key in wanted]
