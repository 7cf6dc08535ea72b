"""Release against a rule of the policy: one office asks with its reason, another one confirms, then it is sent.

Only few rules can be decided against (`alerts.override`). What waits is sealed; it expires, and what was shown when it
was asked is what is sent, or nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from safeconduct.alerts import release as releases
from safeconduct.alerts.derive import Derivation
from safeconduct.alerts.override import OVERRIDABLE, Override
from safeconduct.alerts.policy import Policy
from safeconduct.alerts.release import Release
from safeconduct.alerts.report import ThreatReport
from safeconduct.errors import BadInput, Refusal, SafeconductError
from safeconduct.operators.approval import LIFETIME, Request, decide, from_json, state_of, to_json
from safeconduct.operators.people import KEYBOARD
from safeconduct.seal.canonical import decode_json, encode_json
from safeconduct.workflows.common import in_force, log_refused, partner_of, permitted
from safeconduct.workflows.keep_operators import may_act, offices
from safeconduct.workflows.keep_policy import policy_for
from safeconduct.workflows.own_acts import log_act
from safeconduct.workflows.ports import Node
from safeconduct.workflows.release_warning import (
    SUBJECT,
    Basis,
    Sent,
    send_release,
    stored_report,
    view_digest,
    work_out,
)
from safeconduct.workflows.tables import Tx

KIND = "approval"
LONGEST_REASON = 2_000  # characters


@dataclass(frozen=True, slots=True)
class Worked:
    """What a report comes to under the kept policy: the rules that two people would have to decide against, if any."""

    policy: Policy
    report: ThreatReport
    replaces: Release | None
    rules: tuple[str, ...]
    result: Derivation | Refusal


def weigh(node: Node, tx: Tx, report_id: str, purpose: str, corrects: str = "") -> Worked | Refusal:
    """Work out what a report comes to, going past each rule that two people may decide against.

    Raises:
        SafeconductError: `no-report`.
    """
    report, replaces = stored_report(node, tx, report_id), current(tx, corrects) if corrects else None
    if isinstance(replaces, Refusal):
        return replaces
    found = in_force(tx)
    kept = policy_for(node, tx, partner_of(node, found[0]), purpose) if found else None
    if kept is None:
        return Refusal("no-policy" if found else "no-agreement", purpose)
    rules: list[str] = []
    while True:
        passed = [Override(rule, "weighed", "one", "another", node.clock.now()) for rule in rules]
        result = work_out(node, tx, report, kept.policy, purpose=purpose, overrides=passed, replaces=replaces)
        if isinstance(result, Derivation) or result.code not in OVERRIDABLE or result.code in rules:
            return Worked(kept.policy, report, replaces, tuple(rules), result)
        rules.append(result.code)


def current(tx: Tx, release_id: str) -> Release | Refusal:
    """Return the version of one of our releases that stands, or why it cannot be changed any more."""
    row = tx.alerts.release(release_id)
    if row is None or row.direction != "sent":
        return Refusal("unknown-release", release_id)
    release = releases.from_json(row.body)
    return Refusal("already-withdrawn", release_id) if release.revoked else release


def reason_given(reason: str) -> str:
    """Return a reason as it is kept.

    Raises:
        BadInput: `missing-field` or `bad-field`.
    """
    text = reason.strip()
    if not text:
        raise BadInput("missing-field", where="reason", expected="why, in your own words", seen=reason)
    if len(text) > LONGEST_REASON:
        expected = f"at most {LONGEST_REASON} characters"
        raise BadInput("bad-field", where="reason", expected=expected, seen=text)
    return text


def ask_override(
    node: Node, report_id: str, *, purpose: str, reason: str, by: str = KEYBOARD, corrects: str = ""
) -> Request | Refusal:
    """Ask for a second person; what waits for the same already is answered as before.

    Raises:
        BadInput: there is no reason.
        SafeconductError: `no-report`.
    """
    why = reason_given(reason)
    with node.store.transaction() as tx:
        refusal = may_act(node, tx, by, "ask")
        return refusal or ask(node, tx, report_id, purpose=purpose, reason=why, by=by, corrects=corrects)


def ask(
    node: Node, tx: Tx, report_id: str, *, purpose: str, reason: str, by: str, corrects: str = ""
) -> Request | Refusal:
    """Ask within a transaction; whether the office may ask was decided before."""
    allowed = permitted(node, tx, act="share", subject=SUBJECT, purpose=purpose)
    if isinstance(allowed, Refusal):
        return allowed
    worked = weigh(node, tx, report_id, purpose, corrects)
    against = worked if isinstance(worked, Refusal) else worked.result
    if isinstance(against, Refusal) or isinstance(worked, Refusal):
        refusal = against if isinstance(against, Refusal) else Refusal("no-policy")
        return _refused(node, tx, refusal)
    if not worked.rules:
        return _refused(node, tx, Refusal("no-override-needed"))
    now = node.clock.now()
    for one in requests(node, tx):
        if (one.about, state_of(one, now)) == (report_id, "open") and _details(one)["corrects"] == corrects:
            return one
    details = {"corrects": corrects, "digest": view_digest(against.release), "purpose": purpose}
    expires = min(now + LIFETIME, worked.report.window_to)
    made = Request(
        node.random.id(), "release", report_id, worked.rules, reason, by, now, expires, encode_json(details).decode()
    )
    _keep(node, tx, made)
    log_act(node, tx, "override-asked", about=report_id, by=by, reason=reason, said={"rules": list(worked.rules)})
    return made


def confirm_override(node: Node, request_id: str, *, by: str = KEYBOARD, why: str = "") -> Sent | Refusal:
    """Confirm as the second person, and send what was asked for; what changed in between has to be asked anew.

    Raises:
        SafeconductError: `unknown-request`.
    """
    with node.store.transaction() as tx:
        request = _request(node, tx, request_id)
        decided = _decided(node, tx, request, by=by, confirmed=True, why=why)
        if isinstance(decided, Refusal):
            return decided
        details = _details(request)
        allowed = permitted(node, tx, act="share", subject=SUBJECT, purpose=details["purpose"])
        if isinstance(allowed, Refusal):
            return allowed
        now = node.clock.now()
        overrides = tuple(Override(rule, request.reason, request.by, by, now) for rule in request.rules)
        worked = weigh(node, tx, request.about, details["purpose"], details["corrects"])
        if isinstance(worked, Refusal):
            return _refused(node, tx, worked)
        derived = work_out(
            node, tx, worked.report, worked.policy, purpose=details["purpose"], overrides=overrides,
            replaces=worked.replaces,
        )  # fmt: skip
        if isinstance(derived, Refusal):
            return _refused(node, tx, derived)
        if view_digest(derived.release) != details["digest"]:
            return _refused(node, tx, Refusal("changed-since-seen"))
        _keep(node, tx, decided)
        said = {"asked_by": request.by, "rules": list(request.rules)}
        log_act(node, tx, "override-confirmed", about=request.about, by=by, reason=why, said=said)
        basis = Basis(request.by, overrides, worked.replaces, request.reason)
        return send_release(node, tx, request.about, worked.policy, derived, basis)


def decline_override(node: Node, request_id: str, *, by: str = KEYBOARD, why: str) -> Request | Refusal:
    """Decline as the second person, with a reason; nothing is sent.

    Raises:
        SafeconductError: `unknown-request`.
        BadInput: there is no reason.
    """
    reason = reason_given(why)
    with node.store.transaction() as tx:
        request = _request(node, tx, request_id)
        decided = _decided(node, tx, request, by=by, confirmed=False, why=reason)
        if isinstance(decided, Request):
            _keep(node, tx, decided)
            said = {"asked_by": request.by, "rules": list(request.rules)}
            log_act(node, tx, "override-declined", about=request.about, by=by, reason=reason, said=said)
        return decided


def requests(node: Node, tx: Tx) -> Sequence[Request]:
    """Return everything that was asked for, oldest first, as it stands."""
    newest: dict[str, Request] = {}
    for request_id, body, _ in tx.records.all(KIND):
        newest[request_id] = from_json(node.vault.open(body))
    return tuple(newest.values())


def corrects_of(request: Request) -> str:
    """Return the release that a request would correct, empty for a new one."""
    return str(_details(request)["corrects"])


def purpose_of(request: Request) -> str:
    """Return the purpose that a request cites."""
    return str(_details(request)["purpose"])


def _decided(node: Node, tx: Tx, request: Request, *, by: str, confirmed: bool, why: str) -> Request | Refusal:
    made = decide(request, offices(node, tx).get(by), confirmed=confirmed, why=why, now=node.clock.now())
    return _refused(node, tx, made) if isinstance(made, Refusal) else made


def _details(request: Request) -> dict[str, Any]:
    found: dict[str, Any] = decode_json(request.details.encode(), where="request")
    return found


def _request(node: Node, tx: Tx, request_id: str) -> Request:
    found = tx.records.latest(KIND, request_id)
    if found is None:
        raise SafeconductError("unknown-request", f"nothing waits under {request_id}")
    return from_json(node.vault.open(found[0]))


def _keep(node: Node, tx: Tx, request: Request) -> None:
    tx.records.add(KIND, request.id, node.vault.seal(to_json(request)), node.clock.now())


def _refused(node: Node, tx: Tx, refusal: Refusal) -> Refusal:
    log_refused(node, tx, act="release", subject=SUBJECT, refusal=refusal)
    return refusal
