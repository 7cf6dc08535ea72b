"""People who passed a gate have left: the roll moves them from passed to departed, and the day's count is logged."""

from safeconduct.seal.canonical import encode_json
from safeconduct.workflows.ports import Node


def record_departure(node: Node) -> int:
    """Let all who passed a gate depart; return how many people did."""
    now = node.clock.now()
    with node.store.transaction() as tx:
        classes = tx.roll.depart(now)
        people = sum(classes.values())
        if people:
            note = encode_json({"at": now, "classes": dict(classes), "people": people})
            tx.ledger.append("own:departure", note, node.random.bytes(32), now)
    return people
