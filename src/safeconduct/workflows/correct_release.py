"""Correct a release: a new version of it, derived from a corrected report or by a newer policy; nothing is overwritten.

The partner has to acknowledge the correction itself; until then it stays listed.
"""

from safeconduct.alerts.derive import Derivation
from safeconduct.errors import Refusal
from safeconduct.operators.people import KEYBOARD
from safeconduct.workflows.approve_release import reason_given, weigh
from safeconduct.workflows.common import log_refused
from safeconduct.workflows.ports import Node
from safeconduct.workflows.release_warning import SUBJECT, Basis, Sent, may_release, send_release, view_digest


def correct_release(
    node: Node, release_id: str, report_id: str, *, purpose: str, reason: str, by: str = KEYBOARD, seen: str = ""
) -> Sent | Refusal:
    """Send a new version of a release, derived from a report within the kept policy.

    Args:
        node: this node.
        release_id: the release that is corrected.
        report_id: the report that the new version comes from.
        purpose: a purpose of the agreement.
        reason: why, for our own record; it does not cross.
        by: the office that corrects.
        seen: `view_digest` of what was shown to it; another one is refused. Empty: nothing was shown.

    Raises:
        BadInput: there is no reason.
        SafeconductError: `no-report`.
    """
    why = reason_given(reason)
    with node.store.transaction() as tx:
        refusal = may_release(node, tx, by, purpose)
        if refusal is not None:
            return refusal
        worked = weigh(node, tx, report_id, purpose, release_id)
        refusal = None
        if isinstance(worked, Refusal):
            refusal = worked
        elif isinstance(worked.result, Refusal):
            refusal = worked.result
        elif worked.rules:
            refusal = Refusal("second-person-needed", ", ".join(worked.rules))
        elif seen and seen != view_digest(worked.result.release):
            refusal = Refusal("changed-since-seen")
        if refusal is not None:
            log_refused(node, tx, act="correct", subject=SUBJECT, refusal=refusal)
            return refusal
        assert not isinstance(worked, Refusal)  # noqa: S101  (told apart above)
        assert isinstance(worked.result, Derivation)  # noqa: S101
        basis = Basis(by, (), worked.replaces, why)
        return send_release(node, tx, report_id, worked.policy, worked.result, basis)
