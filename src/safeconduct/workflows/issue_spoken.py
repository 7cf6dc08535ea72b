"""Issue spoken passes: six words for each group and control point, told once and then known to their bearers only.

What the node keeps is the output of Argon2id, sealed; nobody can read the words again from it. Hashing is what takes
the time (about an hour for 100,000), so that it is done run by run: each run is stored whole or not at all, and a
request that was stopped is taken up again where it stopped. Words are handed over inside the transaction that stores
their passes: what was stored was told, and what was told and not stored is known by its serial, which nothing has.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import takewhile

from safeconduct.errors import BadInput, Refusal
from safeconduct.passes.binding import numbers_of
from safeconduct.passes.issue import indexes
from safeconduct.passes.pass_format import QUARTER, length_code
from safeconduct.passes.spoken import DRAW_BYTES, MOST_HEADS, draw_words, master_of
from safeconduct.seal.canonical import encode_json
from safeconduct.workflows.batch_keys import PRESET, Batch, open_batch
from safeconduct.workflows.batch_limits import fits, withdrawn
from safeconduct.workflows.build_spoken import keep_salt
from safeconduct.workflows.common import permitted, require_agreement
from safeconduct.workflows.issue_passes import Leg, Strip, check_strips
from safeconduct.workflows.ports import Node
from safeconduct.workflows.rows import PassRow
from safeconduct.workflows.spoken_rows import SpokenRow
from safeconduct.workflows.tables import Tx

RUN = 64  # passes that are hashed, stored and told together: about four seconds on two cores


@dataclass(frozen=True, slots=True)
class SpokenIssued:
    """One spoken pass, told once."""

    serial: str  # batch's key id and index: tells nothing, and finds the pass again
    group: str
    point: str
    not_before: int  # unix seconds
    window_end: int
    heads: int
    words: tuple[str, ...]
    numbers: tuple[str, ...]  # the same, for who does not read the words


@dataclass(frozen=True, slots=True)
class SpokenDone:
    """What became of a request."""

    issued: int  # new in this call
    standing: int  # that the groups had before
    untold: int  # of these, those whose words the caller does not have, and nobody can tell again
    voided: int  # earlier ones that were withdrawn for new ones


@dataclass(frozen=True, slots=True)
class _Wish:
    group: str
    leg: Leg

    @property
    def key(self) -> tuple[str, str, int]:
        return self.group, self.leg.point, self.leg.not_before // QUARTER * QUARTER


def count_missing(node: Node, strips: Sequence[Strip], *, again: bool = False, told: Collection[str] = ()) -> int:
    """Return how many passes a request would make now."""
    with node.store.reading() as tx:
        return len(_missing(tx, _wishes(strips), again=again, told=told)[0])


def issue_spoken(
    node: Node,
    strips: Sequence[Strip],
    *,
    subject: str,
    purpose: str,
    show: Callable[[Sequence[SpokenIssued]], None],
    again: bool = False,
    told: Collection[str] = (),
    progress: Callable[[int, int], None] = lambda _done, _whole: None,
) -> SpokenDone | Refusal:
    """Issue spoken passes to groups of the roll, each with words of its own.

    Args:
        node: the issuer's node.
        strips: the legs of each group; `Leg.words` is not looked at.
        subject: of the agreement's scope.
        purpose: of the agreement.
        show: is given each run before it is stored; if it raises, that run is not stored.
        again: withdraw a pass that a group has for a leg, and issue a new one.
        told: serials of passes whose words the caller has: these stand, also with `again`.
        progress: is told how many of the new passes are stored, and how many there will be.

    Returns:
        What was issued; or the agreement's refusal, which leaves what was stored before it.

    Raises:
        BadInput: a group is not in the roll, has more people than a spoken pass can say, a point is not in the
            agreement, or a window not in the agreement's time.
    """
    wishes = _wishes(strips)
    with node.store.transaction() as tx:
        allowed = permitted(node, tx, act="passage", subject=subject, purpose=purpose)
        if isinstance(allowed, Refusal):
            return allowed
        check_strips(tx, strips, _heads(tx, strips))
        for wish in wishes:
            length_code(wish.leg.seconds)  # the same lengths as on a pass
        todo, untold = _missing(tx, wishes, again=again, told=told)
        salt = keep_salt(node, tx, require_agreement(tx))
    done = voided = 0
    for start in range(0, len(todo), RUN):
        part = todo[start : start + RUN]
        words = [draw_words(node.random.bytes(DRAW_BYTES)) for _ in part]
        masters = node.parallel(partial(master_of, salt=salt, preset=PRESET), [" ".join(six) for six in words])
        with node.store.transaction() as tx:
            allowed = permitted(node, tx, act="passage", subject=subject, purpose=purpose)
            if isinstance(allowed, Refusal):
                return allowed
            made, gone = _store(node, tx, part, masters, again=again, told=told)
            _note(node, tx, made, subject=subject, purpose=purpose)
            by_wish = dict(zip((wish.key for wish in part), words, strict=True))
            show([_told(row, key_id, by_wish[row.group, row.point, row.not_before]) for row, key_id in made])
        done, voided = done + len(made), voided + gone
        progress(start + len(part), len(todo))
    return SpokenDone(done, len(wishes) - len(todo), untold, voided)


def standing_serials(node: Node, groups: Sequence[str]) -> set[str]:
    """Return the serials of the spoken passes that groups have and that are not revoked."""
    with node.store.reading() as tx:
        return {serial for serial, _ in _standing(tx, groups)}


def _standing(tx: Tx, groups: Sequence[str]) -> list[tuple[str, SpokenRow]]:
    """Return (serial, pass) of the groups' spoken passes that are neither revoked nor of a withdrawn batch."""
    gone = withdrawn(tx)
    ids = {row.number: row.identity for row in tx.passes.batches() if row.identity not in gone}
    rows = tx.spoken.standing(groups)
    return [(f"{ids[row.batch][:4].hex()}-{row.index}", row) for row in rows if row.batch in ids]


def _wishes(strips: Sequence[Strip]) -> list[_Wish]:
    """Return what each leg of each strip asks for, each once."""
    found = {wish.key: wish for strip in strips for leg in strip.legs for wish in [_Wish(strip.group, leg)]}
    return list(found.values())


def _heads(tx: Tx, strips: Sequence[Strip]) -> dict[str, int]:
    heads = {g: h for g, h, _, _ in tx.roll.groups([strip.group for strip in strips])}
    for group, people in heads.items():
        if people > MOST_HEADS:
            raise BadInput("too-many-heads", where=f"strip of {group}", expected=f"at most {MOST_HEADS} people",
                           seen=people)  # fmt: skip
    return heads


def _missing(tx: Tx, wishes: Sequence[_Wish], *, again: bool, told: Collection[str]) -> tuple[list[_Wish], int]:
    """Return the wishes that no standing pass fulfils, and how many are fulfilled by one whose words are not told.

    With `again` only passes count whose words the caller has.
    """
    held: dict[tuple[str, str, int], bool] = {}
    for serial, row in _standing(tx, sorted({wish.group for wish in wishes})):
        key = (row.group, row.point, row.not_before)
        held[key] = serial in told or held.get(key, False)
    counts = {key for key, known in held.items() if known or not again}
    todo = [wish for wish in wishes if wish.key not in counts]
    return todo, sum(wish.key in counts and not held[wish.key] for wish in wishes)


def _store(
    node: Node, tx: Tx, part: Sequence[_Wish], masters: Sequence[bytes], *, again: bool, told: Collection[str]
) -> tuple[list[tuple[PassRow, str]], int]:
    """Store one run; return its passes, each with its batch's key id, and how many earlier ones were withdrawn."""
    open_now = {wish.key for wish in _missing(tx, part, again=again, told=told)[0]}  # another call may have been faster
    todo = [(wish, master) for wish, master in zip(part, masters, strict=True) if wish.key in open_now]
    former = _former(tx, [wish for wish, _ in todo])
    voided = tx.passes.revoke([(row.batch, row.index, "issued again") for row in former], node.clock.now())
    made = list(_rows(node, tx, [wish for wish, _ in todo]))
    tx.passes.add(row for row, _ in made)
    keys = b"".join(master for _, master in todo)
    if made:
        tx.spoken.add(node.vault.seal(keys), [(row.batch, row.index) for row, _ in made])
    return made, voided


def _former(tx: Tx, wishes: Sequence[_Wish]) -> list[SpokenRow]:
    asked = {wish.key for wish in wishes}
    rows = tx.spoken.standing(sorted({wish.group for wish in wishes}))
    return [row for row in rows if (row.group, row.point, row.not_before) in asked]


def _rows(node: Node, tx: Tx, wishes: Sequence[_Wish]) -> Iterator[tuple[PassRow, str]]:
    """Give each wish a place in a batch of spoken passes that may have it."""
    heads = {g: h for g, h, _, _ in tx.roll.groups(sorted({wish.group for wish in wishes}))}
    done = 0
    while done < len(wishes):
        batch = open_batch(node, tx, spoken=True, place=wishes[done].leg.place)
        part = list(takewhile(partial(_lies_in, batch), wishes[done : done + batch.room]))
        if not part:
            group, _, start = wishes[done].key
            raise BadInput("out-of-agreement", where=f"strip of {group}",
                           expected="a window that begins at a quarter-hour of the agreement", seen=start)  # fmt: skip
        places = indexes(batch.entry.capacity, batch.secret, len(part), batch.used)
        for wish, index in zip(part, places, strict=True):
            group, point, start = wish.key
            end = start + wish.leg.seconds
            row = PassRow(batch.number, index, group, point, start, end, heads[group], b"")
            yield row, batch.identity[:4].hex()
        done += len(places)
        tx.passes.use(batch.number, len(places))


def _lies_in(batch: Batch, wish: _Wish) -> bool:
    """Whether a batch may have a pass: it was opened for the first, and each of the same run is looked at."""
    _, point, start = wish.key
    return fits(batch.entry, point, start, start + wish.leg.seconds)


def _note(node: Node, tx: Tx, made: Sequence[tuple[PassRow, str]], *, subject: str, purpose: str) -> None:
    if not made:
        return
    groups = len({row.group for row, _ in made})
    note = {"groups": groups, "passes": len(made), "purpose": purpose, "spoken": True, "subject": subject}
    tx.ledger.append("own:issue", encode_json(note), node.random.bytes(32), node.clock.now())


def _told(row: PassRow, key_id: str, words: tuple[str, ...]) -> SpokenIssued:
    return SpokenIssued(
        f"{key_id}-{row.index}", row.group, row.point, row.not_before, row.window_end, row.heads, words,
        numbers_of(words),
    )  # fmt: skip
