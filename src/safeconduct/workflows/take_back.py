"""Honour an admission that a guard took back within minutes, or went on with when the rest of a group came later.

The guard's event names the number of that admission (`spec/device-log.md`). Both events stay in the log as they were
signed; what changes is what is counted: nobody, or all who came, once.
"""

from collections.abc import Sequence

from safeconduct.gate.event import UNDO_REASON, UNDO_SECONDS
from safeconduct.gate.rest import REST_REASON, REST_SECONDS
from safeconduct.workflows.common import require_agreement
from safeconduct.workflows.ports import Node
from safeconduct.workflows.rows import EventRow
from safeconduct.workflows.tables import Tx

# What names an earlier admission, and how long after it (seconds, by the device's clock).
_LONGEST = {("note", UNDO_REASON): UNDO_SECONDS, ("admit", REST_REASON): REST_SECONDS}
_DIGITS = 16  # a number of an event has fewer


def take_back(node: Node, tx: Tx, rows: Sequence[EventRow]) -> list[EventRow]:
    """Mark what the newly stored events take back; return those of them that still count.

    An event that names another pass than the admission, or comes too late by its device's clock, takes nothing back.
    An admission that goes on with an earlier one takes its place: its heads are all who came until then.
    """
    gone: set[int] = set()
    for row in rows:
        longest = _LONGEST.get((row.kind, row.reason))
        if longest is None or not (row.note.isascii() and row.note.isdecimal() and len(row.note) < _DIGITS):
            continue
        named = tx.devices.event(row.device, row.epoch, int(row.note))
        if named is None or (named.batch, named.index) != (row.batch, row.index) or named.seq >= row.seq:
            continue
        if row.kind == "admit" and named.heads >= row.heads:
            continue
        taken = tx.devices.take_back(row.device, row.epoch, named.seq, row.at - longest)
        if taken is not None:
            gone.add(taken.seq)
            if row.kind == "note":
                _wait_again(node, tx, taken)
    return [row for row in rows if row.seq not in gone]


def _wait_again(node: Node, tx: Tx, taken: EventRow) -> None:
    """Put the group back among those who wait, unless another admission at a gate stands."""
    if taken.batch is None or taken.index is None:
        return
    gates = {p.id for p in require_agreement(tx).control_points if p.ring == "gate"}
    pair = (taken.batch, taken.index)
    if taken.point not in gates or any(use.point in gates for use in tx.devices.uses_of([pair])):
        return
    groups = [group for group, _ in tx.passes.groups_of([pair]).values()]
    tx.roll.set_state(groups, "waiting", node.clock.now(), was="passed")
