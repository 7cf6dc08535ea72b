"""A partner that installs nothing: link, sheet, read-out, and the form for what a liaison heard."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from litestar import Response, get, post
from litestar.params import FromPath

from safeconduct.errors import BadInput, Refusal
from safeconduct.web.api.form_parts import (
    HTML,
    Form,
    Req,
    acted,
    html,
    note_of,
    number,
    outcome_of,
    refused_page,
    text_of,
)
from safeconduct.web.api.guards import acting, operator, running
from safeconduct.web.api.page_routes import page_of
from safeconduct.web.pages.inbox_page import (
    Said,
    render_link,
    render_reach,
    render_sheet,
)
from safeconduct.web.pages.render import Page
from safeconduct.web.pages.sheet_pdf import sheet_pdf
from safeconduct.workflows.answer_by_link import acknowledge_by_link, outcome_by_link
from safeconduct.workflows.make_link import make_link, open_link, revoke_link
from safeconduct.workflows.read_out import other_ways
from safeconduct.workflows.record_heard import (
    Heard,
    copy_named,
    hear_acknowledgement,
    hear_action,
    hear_outcome,
)
from safeconduct.workflows.show_inbox import said_by_link, sheet_of

GUARDS = [operator]
NOT_INDEXED = {"X-Robots-Tag": "noindex, nofollow"}


@get("/releases/{release:str}/reach", sync_to_thread=True, guards=GUARDS)
def reach_page(request: Req, release: FromPath[str]) -> Response[str]:
    """Return the other ways in which a release reaches its partner, and the form for what it answered."""
    return _reach(request, release, note_of(request))


def _reach(request: Req, release: str, said: Said, link: str = "") -> Response[str]:
    return html(render_reach(other_ways(running(request).node, release), page_of(request), said, link))


@post("/releases/{release:str}/link", sync_to_thread=True, guards=GUARDS, status_code=200)
def release_link(request: Req, release: FromPath[str], data: Form) -> Response[Any]:
    """Make a link to a release, shown this once."""
    found = running(request)
    try:
        made = make_link(found.node, release, number(data, "hours") or 0, acting(request).office)
    except BadInput as error:
        return refused_page(_reach(request, release, Said(fault=str(error), given=data, form="link")), 400)
    if isinstance(made, Refusal):
        return refused_page(_reach(request, release, Said(fault=str(made), given=data, form="link")), 422)
    base = found.config.public_url or str(request.base_url)
    return _reach(request, release, Said(), f"{base.rstrip('/')}/l/{made.token}")


@post("/releases/{release:str}/link/revoke", sync_to_thread=True, guards=GUARDS, status_code=200)
def release_link_revoke(request: Req, release: FromPath[str], data: Form) -> Response[Any]:
    """Close a link for good."""
    node = running(request).node
    act = lambda: revoke_link(node, data.get("link", ""), acting(request).office)  # noqa: E731
    back = f"/releases/{quote(release, safe='')}/reach"
    return acted("link", data, act, lambda said: _reach(request, release, said), back, "revoked")


@post("/releases/{release:str}/heard", sync_to_thread=True, guards=GUARDS, status_code=200)
def release_heard(request: Req, release: FromPath[str], data: Form) -> Response[Any]:
    """Record what the partner said by another channel, as reported by our liaison, unsigned."""
    act = lambda: _hear(request, release, data)  # noqa: E731
    back = f"/releases/{quote(release, safe='')}/reach"
    return acted("heard", data, act, lambda said: _reach(request, release, said), back, "heard")


def _hear(request: Req, release: str, data: Mapping[str, str]) -> object:
    """Record each thing that was said; the number that was quoted must be of this release."""
    node = running(request).node
    copy = copy_named(node, data.get("quoted", ""))
    if copy.release.id != release:
        raise BadInput("bad-number", where="number", expected="the number of this warning", seen=data.get("quoted"))
    heard = Heard(release, copy.release.version, data.get("channel", ""), acting(request).office)
    acts: list[Callable[[], int | Refusal]] = []
    if data.get("stage"):
        acts.append(lambda: hear_acknowledgement(node, heard, data["stage"], text_of(data, "reason")))
    if data.get("action"):
        acts.append(lambda: hear_action(node, heard, data["action"], text_of(data, "text") or ""))
    if data.get("result"):
        outcome = outcome_of(data, release, "", 0)
        acts.append(lambda: hear_outcome(node, heard, outcome))
    if not acts:
        expected = "an answer, something done, or what came of it"
        raise BadInput("missing-field", where="what they said", expected=expected, seen="nothing")
    for one in acts:
        made = one()
        if isinstance(made, Refusal):
            return made
    return None


@get("/releases/{release:str}/sheet", sync_to_thread=True, guards=GUARDS)
def sheet_page(request: Req, release: FromPath[str]) -> Response[str]:
    """Return a release as one page to be printed."""
    return html(render_sheet(other_ways(running(request).node, release).sheet, page_of(request)))


@get("/releases/{release:str}/sheet.pdf", sync_to_thread=True, guards=GUARDS)
def sheet_file(request: Req, release: FromPath[str]) -> Response[bytes]:
    """Return a release as one printed A4 sheet, a PDF."""
    sheet = other_ways(running(request).node, release).sheet
    name = f'attachment; filename="warning-{sheet.number.replace(" ", "-")}.pdf"'
    made = sheet_pdf(sheet, page_of(request))
    return Response(made, media_type="application/pdf", headers={"Content-Disposition": name})


@get("/releases/{release:str}/read-out", sync_to_thread=True, guards=GUARDS)
def read_out_text(request: Req, release: FromPath[str]) -> Response[str]:
    """Return a release as sentences to be spoken."""
    said = other_ways(running(request).node, release).sentences
    return Response("\n".join(said) + "\n", media_type="text/plain; charset=utf-8")


# -- behind a link: no sign-in, nothing but this one release -------------------------------------------------------


@get("/l/{token:str}", sync_to_thread=True)
def link_page(request: Req, token: FromPath[str]) -> Response[str]:
    """Return the one release behind a link, with what answers it; 404 for every link that is not open."""
    return _linked(request, token, Said(note=request.query_params.get("done", "")))


@post("/l/{token:str}/answer", sync_to_thread=True, status_code=200, request_max_body_size=1 << 16)
def link_answer(request: Req, token: FromPath[str], data: Form) -> Response[Any]:
    """Take in what a phone answers behind a link, as reported and unsigned."""
    node = running(request).node

    def act() -> object:
        version = number(data, "version") or 0
        if data.get("result"):
            return outcome_by_link(node, token, version, outcome_of(data, "", "", 0))
        return acknowledge_by_link(node, token, version, data.get("stage", ""), text_of(data, "reason"))

    form = "outcome" if data.get("result") else "acknowledge"
    back = f"/l/{quote(token, safe='')}"
    return acted(form, data, act, lambda said: _linked(request, token, said), back, "by-link")


def _linked(request: Req, token: str, said: Said) -> Response[str]:
    node = running(request).node
    page = Page(exercise=node.exercise)  # neither whose node it is nor what the agreement is called
    with node.store.reading() as tx:
        linked = open_link(node, tx, token)
        if isinstance(linked, Refusal):
            return Response(
                render_link(None, "", (), page, said), media_type=HTML, status_code=404, headers=NOT_INDEXED
            )
        answers = said_by_link(tx, linked.link.release_id)
    sheet = sheet_of(linked.copy.release, node.clock.now(), party=node.name)
    text = render_link(sheet, f"/l/{quote(token, safe='')}", answers, page, said)
    return Response(text, media_type=HTML, headers=NOT_INDEXED)
