"""Honour an admission that a guard took back within minutes: it is no use any more, and the group waits again.

The guard's event names the number of the admission that it takes back (`spec/segment.md`). Both events stay in the log
as they were signed; what changes is what is counted.
"""

from collections.abc import Sequence

from safeconduct.gate.device_log import UNDO_REASON, UNDO_SECONDS
from safeconduct.workflows.common import require_agreement
from safeconduct.workflows.ports import Node
from safeconduct.workflows.rows import EventRow
from safeconduct.workflows.tables import Tx


def take_back(node: Node, tx: Tx, rows: Sequence[EventRow]) -> list[EventRow]:
    """Mark what the newly stored events take back; return those of them that still count.

    An event that names another pass than the admission, or comes too late by its device's clock, takes nothing back.
    """
    gone: set[int] = set()
    for row in rows:
        if row.kind != "note" or row.reason != UNDO_REASON or not row.note.isdecimal():
            continue
        named = tx.devices.event(row.device, row.epoch, int(row.note))
        if named is None or (named.batch, named.index) != (row.batch, row.index) or named.seq > row.seq:
            continue
        taken = tx.devices.take_back(row.device, row.epoch, named.seq, row.at - UNDO_SECONDS)
        if taken is not None:
            gone.add(taken.seq)
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
