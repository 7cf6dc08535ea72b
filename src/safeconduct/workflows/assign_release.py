"""Give a warning to a control point: its holder says where it is to be acted on; guards get the advice and no more."""

from safeconduct.alerts.answer import Action, to_json
from safeconduct.errors import Refusal
from safeconduct.workflows.answer_release import answer_release
from safeconduct.workflows.ports import Node


def assign_release(node: Node, release_id: str, point: str, note: str = "") -> int | Refusal:
    """Give a release to a control point that this party holds; return the ledger index.

    The recipient's word crosses, so that the next trust bundle carries the advice. The owner's own stays here: it would
    tell the partner which point a coarse area means.

    Raises:
        BadInput: the point or the note is malformed.
    """
    return answer_release(node, to_json(Action(release_id, "assigned", node.party, node.clock.now(), point, note)))
