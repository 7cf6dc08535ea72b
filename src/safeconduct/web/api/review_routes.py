"""The review of sources: one page, and plain forms that add a source, decide on a suggestion or correct a day.

Every answer to a form leads back to the page, with the same filters; what was refused is shown there with the fields as
they were given.
"""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from safeconduct.errors import BadInput, NodeUnavailable, SafeconductError
from safeconduct.web.api.answers import status_of
from safeconduct.web.api.form_parts import Form, html
from safeconduct.web.api.guards import operator, running, signed_in
from safeconduct.web.api.page_routes import page_of
from safeconduct.web.pages.review_page import ADDRESS, Review, render_review
from safeconduct.workflows.add_source import LIMIT_MB, add_sources, correct_source
from safeconduct.workflows.review_suggestions import Decided, accept, decide_tie, reject, undo
from safeconduct.workflows.review_view import show_review
from safeconduct.workflows.source_rows import OPEN
from safeconduct.workflows.suggested_claim import FIELDS, INCIDENT_FIELDS

Req = Request[Any, Any, Any]
AT_ONCE_MB = 4 * LIMIT_MB  # of all files of one form
PASTED = "pasted text"
NOTES = {
    "accepted": "Accepted and recorded.",
    "amended": "Accepted as amended, and recorded.",
    "rejected": "Rejected.",
    "open": "Taken back: it is open again.",
    "published": "Noted; what was decided stays as it is.",
    "added": "Added.",
    "known": "These very bytes are held already: nothing changed.",
}


@get("/incidents/review", sync_to_thread=True, guards=[operator])
def review_page(request: Req) -> Response[str]:
    """Return the review (`id`, `kind` and `source` choose): a source's text beside what is suggested from it."""
    given = {name: request.query_params.get(name, "") for name in ("id", "kind", "source", "last", "note")}
    return _shown(request, given, note=NOTES.get(given["note"], ""))


@post("/incidents/review/decide", sync_to_thread=True, guards=[operator], status_code=200)
def review_decide(request: Req, data: Form) -> Response[Any]:
    """Accept, reject or take back one suggestion, then show the next open one."""
    node, name = running(request).node, data.get("id", "")
    try:
        made = _decide(request, data)
    except NodeUnavailable:
        raise
    except SafeconductError as error:
        return _shown(request, data, fault=error)
    with node.store.reading() as tx:
        kind, source = data.get("kind", ""), data.get("source", "")
        coming = name if made.state == OPEN else tx.sources.next_open(kind=kind, digest=source, after=name)
    return _back(data, id=coming or "", last="" if made.state == OPEN else name, note=made.state)


@post("/incidents/review/relation", sync_to_thread=True, guards=[operator], status_code=200)
def review_relation(request: Req, data: Form) -> Response[Any]:
    """Record a suggested relation between recorded claims, or note that it does not hold."""
    try:
        accepted = data.get("act") == "accept"
        made = decide_tie(running(request).node, data.get("tie", ""), by=_who(request), accepted=accepted)
    except NodeUnavailable:
        raise
    except SafeconductError as error:
        return _shown(request, data, fault=error)
    return _back(data, id=data.get("id", ""), note=made.state)


@post("/incidents/review/published", sync_to_thread=True, guards=[operator], status_code=200)
def review_published(request: Req, data: Form) -> Response[Any]:
    """Give or correct who published a source, and on which day."""
    try:
        correct_source(
            running(request).node, data.get("digest", ""), published=data.get("day", ""), outlet=data.get("outlet", "")
        )
    except NodeUnavailable:
        raise
    except SafeconductError as error:
        return _shown(request, data, fault=error)
    return _back(data, id=data.get("id", ""), note="published")


@post("/incidents/review/sources", guards=[operator], status_code=200, request_max_body_size=AT_ONCE_MB << 20)
async def review_sources(
    request: Req, data: Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]
) -> Response[Any]:
    """Add sources, as files or as pasted text."""
    given = data.get("files")
    uploads = [one for one in (given if isinstance(given, list) else [given]) if isinstance(one, UploadFile)]
    files = [(one.filename, await one.read()) for one in uploads if one.filename]
    text, name = str(data.get("text") or ""), str(data.get("name") or "").strip()
    if text.strip():
        files.append((name or PASTED, text.encode()))
    return await sync_to_thread(_add, request, files, str(data.get("published") or ""), str(data.get("outlet") or ""))


def _add(request: Req, files: list[tuple[str, bytes]], day: str, outlet: str) -> Response[Any]:
    try:
        if not files:
            raise BadInput("missing-field", where="source", expected="a file, or pasted text", seen="neither")
        days = {name: day for name, _ in files} if day else {}
        made = add_sources(running(request).node, files, published=days, outlet=outlet)
    except NodeUnavailable:
        raise
    except SafeconductError as error:
        return _shown(request, {}, fault=error)
    held = (*made.new, *made.known)
    return _back({"source": held[0].digest if len(held) == 1 else ""}, note="added" if made.new else "known")


def _decide(request: Req, data: dict[str, str]) -> Decided:
    node, name, by = running(request).node, data.get("id", ""), _who(request)
    act = data.get("act", "accept")
    if act == "undo":
        return undo(node, name, by=by)
    if act == "reject":
        return reject(node, name, by=by)
    if act != "accept":
        raise BadInput("bad-choice", where="act", expected="accept, reject or undo", seen=act)
    return accept(node, name, by=by, changes=_fields(data), reading=data.get("reading", ""))


def _fields(data: Mapping[str, str]) -> dict[str, str]:
    return {name: data[name] for name in (*FIELDS, *INCIDENT_FIELDS) if name in data}


def _who(request: Req) -> str:
    """Return the operator whose token the request carries; in an exercise without sign-in, this machine."""
    found = signed_in(request)
    return found.id if found else "this machine"


def _back(data: Mapping[str, str], **changes: str) -> Redirect:
    wanted = {"kind": data.get("kind", ""), "source": data.get("source", ""), **changes}
    named = urlencode([(name, value) for name, value in wanted.items() if value])
    return Redirect(ADDRESS + (f"?{named}" if named else ""), status_code=303)


def _shown(
    request: Req, data: Mapping[str, str], *, note: str = "", fault: SafeconductError | None = None
) -> Response[str]:
    view = show_review(
        running(request).node, suggestion=data.get("id", ""), kind=data.get("kind", ""), digest=data.get("source", "")
    )
    shown = view.current.id if view.current else ""
    given = _fields(data) if fault is not None and shown == data.get("id") else {}
    review = Review(view, fault=str(fault or ""), given=given, last=data.get("last", ""), note=note)
    text = render_review(review, page_of(request))
    return html(text, 200 if fault is None else status_of(fault))
