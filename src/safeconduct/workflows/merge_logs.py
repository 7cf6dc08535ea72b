"""Merge what devices admitted: groups that passed a gate, and passes that were used twice, with places and times."""

from collections.abc import Sequence

from safeconduct.agreements.agreement import holder_at
from safeconduct.gate.merge import Conflict, Use, find_conflicts
from safeconduct.gate.resolve import REOPENED, Resolution
from safeconduct.seal.canonical import encode_json
from safeconduct.workflows.common import require_agreement
from safeconduct.workflows.ports import Node
from safeconduct.workflows.rows import USES, EventRow
from safeconduct.workflows.show_conflicts import RESOLUTION, decisions, double_id, resolution_body
from safeconduct.workflows.tables import Tx


def merge(node: Node, tx: Tx, rows: Sequence[EventRow]) -> int:
    """Merge newly stored events; return how many new conflicts were found."""
    uses = let_pass(node, tx, rows)
    return _conflicts(node, tx, [pair for pair, _ in uses]) if uses else 0


def let_pass(node: Node, tx: Tx, rows: Sequence[EventRow]) -> Sequence[tuple[tuple[bytes, int], str]]:
    """Let the roll know who was admitted at a gate; return (batch identity and index, control point) of all uses."""
    uses = [
        ((row.batch, row.index), row.point)
        for row in rows
        if row.kind in USES and row.batch is not None and row.index is not None
    ]
    if uses:
        gates = {point.id for point in require_agreement(tx).control_points if point.ring == "gate"}
        tx.roll.pass_gate([pair for pair, point in uses if point in gates], node.clock.now())
    return uses


def _conflicts(node: Node, tx: Tx, pairs: Sequence[tuple[bytes, int]]) -> int:
    twice = tx.devices.used_twice(pairs)
    if not twice:
        return 0
    agreement = require_agreement(tx)
    uses = [
        Use(e.batch or b"", e.index or 0, e.point, e.device, holder_at(agreement, e.point, e.at) or "", e.seq, e.low,
            e.high, e.at, e.heads, e.epoch)
        for e in tx.devices.uses_of(twice)
    ]  # fmt: skip
    now = node.clock.now()
    new = 0
    for conflict in find_conflicts(uses):
        body = _body(conflict)
        if tx.devices.put_conflict(conflict.batch, conflict.index, body, now, conflict.uses[1].at):
            new += 1
            tx.ledger.append("own:conflict", body, node.random.bytes(32), now)
        else:
            _open_again(node, tx, double_id(conflict.batch, conflict.index))
    return new


def _open_again(node: Node, tx: Tx, conflict: str) -> None:
    """Open a conflict that was settled before this further use of the pass came."""
    made = decisions(tx).get(conflict)
    if made is None or not made[-1].resolution.settles:
        return
    reopened = Resolution(conflict, REOPENED, "another use of the pass was reported", node.party)
    body, now = resolution_body(reopened, len(made) + 1), node.clock.now()
    tx.records.add(RESOLUTION, conflict, body, now)
    entry = encode_json({"about": conflict, "body": body.decode(), "kind": RESOLUTION})
    tx.ledger.append("own:conflict-decided", entry, node.random.bytes(32), now)


def _body(conflict: Conflict) -> bytes:
    return encode_json(
        {
            "batch": conflict.batch.hex(),
            "first_certain": conflict.first_certain,
            "index": conflict.index,
            "uses": [
                {"at": u.at, "device": u.device, "heads": u.heads, "high": u.high, "holder": u.holder, "low": u.low,
                 "point": u.point}
                for u in conflict.uses
            ],
        }
    )  # fmt: skip
