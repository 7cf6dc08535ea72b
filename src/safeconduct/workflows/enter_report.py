"""Enter a full threat report: sealed at rest to this node alone; the ledger holds its digest and nothing else."""

from hashlib import sha256

from safeconduct.alerts.report import from_json, to_json
from safeconduct.errors import BadInput
from safeconduct.operators.people import KEYBOARD
from safeconduct.seal.canonical import encode_json
from safeconduct.workflows.ports import Node


def enter_report(node: Node, data: bytes, *, by: str = KEYBOARD) -> str:
    """Check and store a report; return its id. The same report again changes nothing.

    Args:
        node: this node.
        data: the report as JSON.
        by: the office that enters it; whether it may is decided where it signs in.

    Raises:
        BadInput: the report is malformed, or its id is in use for another one.
    """
    report = from_json(data)
    body = to_json(report)
    with node.store.transaction() as tx:
        before = tx.alerts.report(report.id)
        if before is not None:
            if from_json(node.vault.open(before)) != report:  # also where an older version wrote fewer fields
                raise BadInput("duplicate-id", where="report.id", expected="an id that is not in use", seen=report.id)
            return report.id
        now = node.clock.now()
        tx.alerts.add_report(report.id, node.vault.seal(body), now)
        salted = sha256(node.random.bytes(32) + body).hexdigest()  # tells a reader of the ledger nothing
        tx.ledger.append("own:report", encode_json({"by": by, "digest": salted}), node.random.bytes(32), now)
    return report.id
