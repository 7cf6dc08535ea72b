"""Take people off the roll who will not depart: they withdrew, or they died. Nothing that was recorded changes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.errors import BadInput, Refusal
from safeconduct.register.people import WAYS_OUT
from safeconduct.seal.canonical import encode_json
from safeconduct.workflows.ports import Node
from safeconduct.workflows.rows import Member
from safeconduct.workflows.tables import Tx

LONGEST_REASON = 200  # characters


@dataclass(frozen=True, slots=True)
class Reissue:
    """A group whose valid passes let in more people than it now has."""

    group: str
    heads: int  # people left in it; 0: its passes are to be revoked, and no new ones issued


@dataclass(frozen=True, slots=True)
class Left:
    """What was recorded."""

    people: int  # named in the call, all of them off the roll now
    new: int  # of these, not off the roll before
    reissue: tuple[Reissue, ...]


def leave_roll(node: Node, people: Sequence[str], way: str, reason: str) -> Left | Refusal:
    """Record people, by id, as withdrawn or dead: all of them, or none.

    The ledger gets counts; ids and the reason, which may tell of a person, stay in the register.

    Returns:
        What was recorded, the same for a retry but for `new`; or `already-departed` or `already-left`.

    Raises:
        BadInput: an unknown way or person, or no reason.
    """
    if way not in WAYS_OUT:
        raise BadInput("bad-way-out", where="way out", expected=" or ".join(WAYS_OUT), seen=way)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise BadInput("no-reason", where="reason", expected=f"1 to {LONGEST_REASON} characters", seen=reason)
    ids = list(dict.fromkeys(people))
    now = node.clock.now()
    with node.store.transaction() as tx:
        members = tx.roll.members(ids)
        if missing := set(ids).difference(m.person_id for m in members):
            raise BadInput("unknown-person", where="person", expected="ids of the register", seen=min(missing))
        new = [m for m in members if not m.way_out]
        if refusal := _check(members, new, way):
            return refusal
        if new:
            tx.roll.leave(new, way, reason, now)
            classes = Counter(m.person_class for m in new)
            note = encode_json({"classes": dict(classes), "people": len(new), "way": way})
            tx.ledger.append("own:leave", note, node.random.bytes(32), now)
        return Left(len(ids), len(new), _reissue(tx, sorted({m.group for m in members}), now))


def _check(members: Sequence[Member], new: Sequence[Member], way: str) -> Refusal | None:
    for member in new:
        if member.group_state == "departed":
            return Refusal("already-departed", member.person_id)
    for member in members:
        if member.way_out not in ("", way):
            return Refusal("already-left", f"{member.person_id}, {member.way_out}")
    return None


def _reissue(tx: Tx, groups: Sequence[str], now: int) -> tuple[Reissue, ...]:
    """Return those of the groups, not yet through a gate, that hold passes still good for more people."""
    heads = {g: h for g, h, _, state in tx.roll.groups(groups) if state in ("waiting", "left")}
    rows = [r for r in tx.passes.outgrown(groups, revoked=False) if r.window_end > now and r.group in heads]
    return tuple(Reissue(g, heads[g]) for g in sorted({r.group for r in rows if r.heads > heads[r.group]}))
