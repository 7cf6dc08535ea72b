"""Revoke passes of groups; the next bundle carries it to every device."""

from collections.abc import Sequence

from safeconduct.seal.canonical import encode_json
from safeconduct.workflows.ports import Node


def revoke_passes(node: Node, groups: Sequence[str], reason: str) -> int:
    """Revoke every pass of the groups, spoken ones too; return how many were not revoked before."""
    now = node.clock.now()
    with node.store.transaction() as tx:
        rows = tx.passes.of_groups(groups, spoken=True)
        new = tx.passes.revoke([(r.batch, r.index, reason) for r in rows], now)
        if new:
            note = encode_json({"passes": new, "reason": reason})
            tx.ledger.append("own:revoke", note, node.random.bytes(32), now)
    return new
