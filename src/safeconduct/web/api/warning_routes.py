"""The operations room's way from a report to a release, and what follows: pages and the plain forms behind them.

Every answer to a form leads to a page; what was refused is shown there, with the form as it was given. The office that
acts is the one that signed in; in an exercise without sign-in, the one that was chosen at `/acting`.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import quote, urlencode

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from safeconduct.errors import BadInput, NodeUnavailable, Refusal, SafeconductError
from safeconduct.web.api.answers import status_of
from safeconduct.web.api.form_parts import Form, html
from safeconduct.web.api.guards import ACTS_AS, acting, exercise_only, looker, operator, operator_of, running
from safeconduct.web.api.page_routes import local, page_of
from safeconduct.web.pages.warnings_page import (
    NOTES,
    After,
    Entry,
    Said,
    render_acting,
    render_after,
    render_approvals,
    render_desk,
    render_draft,
    render_entry,
    render_policies,
)
from safeconduct.workflows.approve_release import ask_override, confirm_override, decline_override
from safeconduct.workflows.correct_release import correct_release
from safeconduct.workflows.decide_duty_to_warn import decide_duty_to_warn
from safeconduct.workflows.draft_release import draft_release
from safeconduct.workflows.import_report import list_drafts, show_draft
from safeconduct.workflows.keep_operators import offices
from safeconduct.workflows.list_shares import list_shares
from safeconduct.workflows.policy_view import show_policies
from safeconduct.workflows.ports import Node
from safeconduct.workflows.release_warning import release_warning
from safeconduct.workflows.report_form import blank, choices, enter_form, form_of, form_of_draft
from safeconduct.workflows.show_desk import all_requests, show_desk
from safeconduct.workflows.show_release import show_release
from safeconduct.workflows.show_versions import acts_of, exact_view, show_versions
from safeconduct.workflows.withdraw_release import withdraw_release

GUARDS = [operator]
REFUSED = 422
Req = Request[Any, Any, Any]


@get("/warnings", sync_to_thread=True, guards=GUARDS)
def warnings_page(request: Req, since: FromQuery[str | None] = None) -> Response[str]:
    """Return the page of warnings: what waits, our reports, what was shared since a day."""
    node = running(request).node
    try:
        view, said = show_desk(node, since=since or None), _said(request)
    except BadInput as error:
        view, said = show_desk(node), Said(fault=str(error), given={"since": since or ""})
    return html(render_desk(view, page_of(request), len(list_drafts(node)), said))


@get("/api/shares", sync_to_thread=True, guards=GUARDS)
def shares(request: Req, since: FromQuery[str | None] = None, to: FromQuery[str | None] = None) -> Response[Any]:
    """Return the sharing log: what went to a party since a day."""
    node = running(request).node
    with node.store.reading() as tx:
        found = list_shares(node, tx, since=since or None, to=to or None)
    return Response({"shares": [asdict(one) for one in found]})


@get("/reports/new", sync_to_thread=True, guards=GUARDS)
def report_form(
    request: Req, draft: FromQuery[str] = "", like: FromQuery[str] = "", corrects: FromQuery[str] = ""
) -> Response[str]:
    """Return the form of a report: empty, filled in from an imported draft, or like a report that is corrected."""
    node = running(request).node
    given = form_of_draft(node, draft) if draft else form_of(node, like) if like else blank(node)
    return html(render_entry(_entry(node, {**given, "corrects": corrects, "draft": draft}, {}), page_of(request)))


@post("/reports", sync_to_thread=True, guards=GUARDS, status_code=200)
def report_enter(request: Req, data: Form) -> Response[Any]:
    """Enter the report of a form; errors are shown beside their fields, and nothing that was typed is lost."""
    node = running(request).node
    report_id, errors = enter_form(node, data, by=operator_of(request))
    if errors:
        return html(render_entry(_entry(node, data, errors), page_of(request)), REFUSED)
    return _to(f"/reports/{_part(report_id)}/release", note="entered", corrects=data.get("corrects", ""))


@get("/reports/{report:str}/release", sync_to_thread=True, guards=GUARDS)
def draft_page(
    request: Req, report: FromPath[str], purpose: FromQuery[str] = "", corrects: FromQuery[str] = ""
) -> Response[str]:
    """Return a report beside what the partner would get of it, and all that stands against it."""
    view = draft_release(running(request).node, report, purpose=purpose, corrects=corrects)
    return html(render_draft(view, page_of(request), _said(request)))


@post("/reports/{report:str}/decide", sync_to_thread=True, guards=GUARDS, status_code=200)
def draft_decide(request: Req, report: FromPath[str], data: Form) -> Response[Any]:
    """Release, correct, ask for the second person, or decide on a duty to warn."""
    node, by = running(request).node, operator_of(request)
    purpose, corrects, reason = data.get("purpose", ""), data.get("corrects", ""), data.get("reason", "")
    act, seen = data.get("act", ""), data.get("seen", "")
    doing: Mapping[str, Callable[[], Any]] = {
        "release": lambda: release_warning(node, report, purpose=purpose, by=by, seen=seen),
        "correct": lambda: correct_release(node, corrects, report, purpose=purpose, reason=reason, by=by, seen=seen),
        "ask": lambda: ask_override(node, report, purpose=purpose, reason=reason, by=by, corrects=corrects),
        "warn": lambda: decide_duty_to_warn(
            node, report, "warn", purpose=purpose, reason=reason, by=by, corrects=corrects
        ),
        "do-not-warn": lambda: decide_duty_to_warn(
            node, report, "do-not-warn", purpose=purpose, reason=reason, by=by, corrects=corrects
        ),
    }
    fault, made = _done(doing, act)
    if fault:
        view = draft_release(node, report, purpose=purpose, corrects=corrects)
        return html(render_draft(view, page_of(request), Said(fault=fault, given=data)), REFUSED)
    if act in ("release", "correct"):
        note = "released" if act == "release" else "corrected"
        return _to(f"/releases/{_part(made.release_id)}", note=note)
    note = {"ask": "asked"}.get(act, act)
    return _to(f"/reports/{_part(report)}/release", note=note, purpose=purpose, corrects=corrects)


@get("/approvals", sync_to_thread=True, guards=GUARDS)
def approvals_page(request: Req) -> Response[str]:
    """Return what waits for a second person, and what became of earlier requests."""
    views = all_requests(running(request).node)
    return html(render_approvals(views, page_of(request), acting(request), _said(request)))


@post("/approvals/{request_id:str}", sync_to_thread=True, guards=GUARDS, status_code=200)
def approval_decide(request: Req, request_id: FromPath[str], data: Form) -> Response[Any]:
    """Confirm or decline as the second person."""
    node, by, why = running(request).node, operator_of(request), data.get("why", "")
    doing: Mapping[str, Callable[[], Any]] = {
        "confirm": lambda: confirm_override(node, request_id, by=by, why=why),
        "decline": lambda: decline_override(node, request_id, by=by, why=why),
    }
    act = data.get("act", "")
    fault, made = _done(doing, act)
    if fault:
        said = Said(fault=fault, given={**data, "id": request_id})
        return html(render_approvals(all_requests(node), page_of(request), acting(request), said), REFUSED)
    if act == "confirm":
        return _to(f"/releases/{_part(made.release_id)}", note="confirmed")
    return _to("/approvals", note="declined")


@get("/releases/{release:str}", sync_to_thread=True, guards=GUARDS)
def release_page(request: Req, release: FromPath[str]) -> Response[str]:
    """Return a report beside its release, with its versions and what came back, on the node that owns the report."""
    return _release(request, release, _said(request))


@post("/releases/{release:str}/withdraw", sync_to_thread=True, guards=GUARDS, status_code=200)
def release_withdraw(request: Req, release: FromPath[str], data: Form) -> Response[Any]:
    """Withdraw a release."""
    node, by = running(request).node, operator_of(request)
    fault, _ = _done(
        {"withdraw": lambda: withdraw_release(node, release, reason=data.get("reason", ""), by=by)}, "withdraw"
    )
    if fault:
        return _release(request, release, Said(fault=fault, given=data), REFUSED)
    return _to(f"/releases/{_part(release)}", note="withdrawn")


@get("/policies", sync_to_thread=True, guards=GUARDS)
def policies_page(request: Req) -> Response[str]:
    """Return the kept policies in plain words, with what changed from version to version."""
    node = running(request).node
    with node.store.reading() as tx:
        views = show_policies(node, tx)
    return html(render_policies(views, page_of(request)))


@get("/acting", sync_to_thread=True, guards=[looker, exercise_only])
def acting_page(request: Req, then: FromQuery[str] = "/warnings") -> Response[str]:
    """Return the choice of whom one acts as, in an exercise without sign-in."""
    node = running(request).node
    with node.store.reading() as tx:
        known = [one for one in offices(node, tx).values() if not one.removed and one.id not in ("keyboard", "first")]
    return html(render_acting(known, page_of(request), acting(request), local(then)))


@post("/acting/choose", sync_to_thread=True, guards=[looker, exercise_only], status_code=200)
def acting_choose(request: Req, data: Form) -> Response[Any]:
    """Act as another office from now on, in this browser."""
    node, chosen = running(request).node, data.get("office", "")
    with node.store.reading() as tx:
        if chosen not in offices(node, tx):
            raise BadInput("bad-choice", where="office", expected="one of the list", seen=chosen)
    answer = Redirect(local(data.get("then", "/warnings")), status_code=303)
    answer.set_cookie(key=ACTS_AS, value=chosen, httponly=True, samesite="strict", path="/")
    return answer


def _release(request: Req, release: str, said: Said, status: int = 200) -> Response[str]:
    node = running(request).node
    view, versions = show_release(node, release), show_versions(node, release)
    newest = versions[-1]
    after = After(
        exact=exact_view(node, release),
        versions=versions,
        acts=acts_of(node, release),
        report=newest.report,
        pending=newest.kind if newest.kind != "warning" and newest.acknowledged_at is None else "",
        can_change=view.state != "withdrawn",
        said=said,
    )
    return html(render_after(view, page_of(request), after), status)


def _done(doing: Mapping[str, Callable[[], Any]], act: str) -> tuple[str, Any]:
    """Do an act; return why it was not done, or what was made."""
    try:
        if act not in doing:
            raise BadInput("bad-choice", where="act", expected="one of " + ", ".join(doing), seen=act)
        made = doing[act]()
    except NodeUnavailable:
        raise
    except SafeconductError as error:
        if status_of(error) != 400:  # not what was typed, but what is there: its own page
            raise
        return str(error), None
    return (str(made), None) if isinstance(made, Refusal) else ("", made)


def _entry(node: Node, given: Mapping[str, str], errors: Mapping[str, str]) -> Entry:
    draft = given.get("draft", "")
    remarks: tuple[str, ...] = ()
    if draft:
        found = show_draft(node, draft)
        remarks = (f"{found.form} from {found.producer}, file {found.filename}", *found.remarks)
    return Entry(given, errors, choices(node), given.get("corrects", ""), draft, remarks)


def _said(request: Req) -> Said:
    return Said(note=NOTES.get(request.query_params.get("note", ""), ""))


def _to(address: str, **wanted: str) -> Redirect:
    named = urlencode([(name, value) for name, value in wanted.items() if value])
    return Redirect(address + (f"?{named}" if named else ""), status_code=303)


def _part(text: str) -> str:
    return quote(text, safe="")
