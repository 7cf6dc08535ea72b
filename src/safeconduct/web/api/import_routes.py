"""Files of other people's software, given on a page: read as drafts, kept as they came, set aside."""

from typing import Annotated, Any
from urllib.parse import quote

from litestar import Request, Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect

from safeconduct.errors import BadInput, NodeUnavailable, Refusal, SafeconductError
from safeconduct.exchange.import_any import FORMS, drafts_of
from safeconduct.web.api.form_parts import html
from safeconduct.web.api.guards import operator, operator_of, running
from safeconduct.web.api.page_routes import page_of
from safeconduct.web.pages.imports_page import render_imports
from safeconduct.workflows.import_report import LIMIT_BYTES, close_draft, import_report, list_drafts, original_of

GUARDS = [operator]
PLACE = "/reports/drafts"
Req = Request[Any, Any, Any]


@get(PLACE, guards=GUARDS)
async def drafts_page(request: Req, note: FromQuery[str] = "") -> Response[str]:
    """Return the page of imported drafts, with a form that takes a file."""
    return await sync_to_thread(_shown, request, note, "", 200)


@post(PLACE, guards=GUARDS, status_code=200, request_max_body_size=LIMIT_BYTES + (64 << 10))
async def drafts_import(
    request: Req, data: Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]
) -> Response[Any]:
    """Read a file as drafts: CAP 1.2, STIX 2.1 or a MISP event; what is wrong with it is said on the page."""
    given = data.get("file")
    name, content = (given.filename, await given.read()) if isinstance(given, UploadFile) else ("", b"")
    return await sync_to_thread(_read, request, name, content)


@post("/reports/drafts/{draft:str}/set-aside", sync_to_thread=True, guards=GUARDS, status_code=200)
def draft_set_aside(request: Req, draft: FromPath[str]) -> Response[Any]:
    """Set a draft aside that does not become a report; it stays on record."""
    refusal = close_draft(running(request).node, draft, by=operator_of(request))
    return (
        Redirect(f"{PLACE}?note=aside", status_code=303) if refusal is None else _shown(request, "", str(refusal), 422)
    )


@get("/reports/drafts/{draft:str}/original", sync_to_thread=True, guards=GUARDS)
def draft_original(request: Req, draft: FromPath[str]) -> Response[bytes]:
    """Return the file that a draft came from, exactly as it came, to save and not to open."""
    name, content = original_of(running(request).node, draft)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(content, media_type="application/octet-stream", headers=headers)


def _read(request: Req, name: str, content: bytes) -> Response[Any]:
    node = running(request).node
    try:
        if not content:
            raise BadInput("missing-field", where="file", expected=f"a file: {FORMS}", seen="none")
        before = len(list_drafts(node, closed=True))
        made = import_report(node, content, drafts_of(content, exercise=node.exercise), name[:200] or "file",
                             by=operator_of(request))  # fmt: skip
    except NodeUnavailable:
        raise
    except SafeconductError as error:
        return _shown(request, "", str(error), 422)
    if isinstance(made, Refusal):
        return _shown(request, "", str(made), 422)
    new = len(list_drafts(node, closed=True)) > before
    return Redirect(f"{PLACE}?note={'read' if new else 'known'}", status_code=303)


def _shown(request: Req, note: str, fault: str, status: int) -> Response[str]:
    node = running(request).node
    text = render_imports(list_drafts(node), page_of(request), forms=FORMS, note=note, fault=fault)
    return html(text, status)
