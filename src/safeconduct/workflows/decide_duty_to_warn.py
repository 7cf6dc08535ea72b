"""Where floor and ceiling of a policy conflict, a named office decides: warn all the same, or not, with its reason."""

from typing import Literal

from safeconduct.errors import Refusal
from safeconduct.operators.approval import Request
from safeconduct.operators.people import KEYBOARD
from safeconduct.workflows.approve_release import ask, reason_given, weigh
from safeconduct.workflows.keep_operators import may_act
from safeconduct.workflows.own_acts import log_act
from safeconduct.workflows.ports import Node

Decision = Literal["warn", "do-not-warn"]
KIND = "duty-to-warn"


def decide_duty_to_warn(
    node: Node, report_id: str, decision: Decision, *, purpose: str, reason: str, by: str = KEYBOARD, corrects: str = ""
) -> Request | int | Refusal:
    """Record a duty-to-warn decision; "warn" also asks for the second person that it needs.

    Returns:
        The request that waits for a second person; the ledger index of a decision not to warn; or why neither is
        possible. A decision not to warn is recorded for every report, also one that could be released.

    Raises:
        BadInput: there is no reason.
        SafeconductError: `no-report`.
    """
    why = reason_given(reason)
    with node.store.transaction() as tx:
        refusal = may_act(node, tx, by, "decide")
        if refusal is not None:
            return refusal
        worked = weigh(node, tx, report_id, purpose, corrects)
        if isinstance(worked, Refusal):
            code, rules = worked.code, []
        else:
            code = worked.result.code if isinstance(worked.result, Refusal) else ""
            rules = list(worked.rules)
        said = {"against": code, "decision": decision, "rules": rules}
        if decision == "do-not-warn":
            return log_act(node, tx, KIND, about=report_id, by=by, reason=why, said=said)
        made = ask(node, tx, report_id, purpose=purpose, reason=why, by=by, corrects=corrects)
        if isinstance(made, Request):
            log_act(node, tx, KIND, about=report_id, by=by, reason=why, said=said)
        return made
