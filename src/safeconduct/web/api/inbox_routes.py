"""The partner's inbox: what was received, and the four forms that answer it."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from litestar import Response, get, post
from litestar.params import FromPath

from safeconduct.alerts.answer import Acknowledgement, Action, to_json
from safeconduct.web.api.form_parts import Form, Req, acted, html, note_of, number, outcome_of, text_of
from safeconduct.web.api.guards import operator, running
from safeconduct.web.api.page_routes import page_of
from safeconduct.web.pages.inbox_page import (
    Said,
    render_inbox,
    render_inbox_release,
)
from safeconduct.workflows.answer_release import answer_release
from safeconduct.workflows.assign_release import assign_release
from safeconduct.workflows.show_inbox import show_inbox

GUARDS = [operator]


@get("/inbox", sync_to_thread=True, guards=GUARDS)
def inbox_page(request: Req) -> Response[str]:
    """Return the warnings that came in, those that need something first."""
    return html(render_inbox(show_inbox(running(request).node), page_of(request)))


@get("/api/inbox", sync_to_thread=True, guards=GUARDS)
def inbox_data(request: Req) -> Response[Any]:
    """Return the inbox as data."""
    return Response(asdict(show_inbox(running(request).node)))


@get("/inbox/{release:str}", sync_to_thread=True, guards=GUARDS)
def inbox_release_page(request: Req, release: FromPath[str]) -> Response[str]:
    """Return one warning that came in, with the forms that answer it."""
    return _received(request, release, note_of(request))


def _received(request: Req, release: str, said: Said) -> Response[str]:
    view = show_inbox(running(request).node, release)
    return html(render_inbox_release(view.items[0], view, page_of(request), said))


def _inbox_form(
    request: Req, release: str, form: str, data: Mapping[str, str], act: Callable[[], object], done: str
) -> Response[Any]:
    back = f"/inbox/{quote(release, safe='')}"
    return acted(form, data, act, lambda said: _received(request, release, said), back, done)


@post("/inbox/{release:str}/acknowledge", sync_to_thread=True, guards=GUARDS, status_code=200)
def inbox_acknowledge(request: Req, release: FromPath[str], data: Form) -> Response[Any]:
    """Acknowledge the version that the page showed; an acknowledgement is no approval."""
    node = running(request).node

    def act() -> object:
        stage, reason = data.get("stage", ""), text_of(data, "reason")
        corrects = stage == "accepted" and reason is not None
        answer = Acknowledgement(
            release, stage, reason, node.party, node.clock.now(), signed=True, corrects=corrects,
            version=number(data, "version"),
        )  # fmt: skip
        return answer_release(node, to_json(answer))

    return _inbox_form(request, release, "acknowledge", data, act, "acknowledgement")


@post("/inbox/{release:str}/assign", sync_to_thread=True, guards=GUARDS, status_code=200)
def inbox_assign(request: Req, release: FromPath[str], data: Form) -> Response[Any]:
    """Give a warning to a control point that this party holds."""
    node, note = running(request).node, text_of(data, "note") or ""
    act = lambda: assign_release(node, release, data.get("point", ""), note)  # noqa: E731
    return _inbox_form(request, release, "assign", data, act, "assigned")


@post("/inbox/{release:str}/action", sync_to_thread=True, guards=GUARDS, status_code=200)
def inbox_action(request: Req, release: FromPath[str], data: Form) -> Response[Any]:
    """Report what was done on a warning."""
    node = running(request).node

    def act() -> object:
        at, point, text = node.clock.now(), data.get("point") or None, text_of(data, "text") or ""
        return answer_release(node, to_json(Action(release, data.get("action", ""), node.party, at, point, text)))

    return _inbox_form(request, release, "action", data, act, "action")


@post("/inbox/{release:str}/outcome", sync_to_thread=True, guards=GUARDS, status_code=200)
def inbox_outcome(request: Req, release: FromPath[str], data: Form) -> Response[Any]:
    """Report what came of a warning."""
    node = running(request).node
    act = lambda: answer_release(node, to_json(outcome_of(data, release, node.party, node.clock.now())))  # noqa: E731
    return _inbox_form(request, release, "outcome", data, act, "outcome")
