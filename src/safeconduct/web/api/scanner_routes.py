"""The scanner page and its enrolment; the room's page of devices.

What a phone calls is open: it proves itself by the secret of its code and by its key. Everything else is the room's.
"""

from asyncio import to_thread
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.exceptions import NotFoundException
from litestar.params import Body, FromPath, RawBody
from litestar.response import Redirect

from safeconduct.errors import BadInput, Refusal
from safeconduct.web.api.answers import refused
from safeconduct.web.api.bodies import read_body
from safeconduct.web.api.form_parts import Form
from safeconduct.web.api.guards import operator, operator_of, running
from safeconduct.web.api.page_routes import page_of
from safeconduct.web.pages.devices_page import Code, render_devices
from safeconduct.web.scanner.files import HEADERS, scanner_files
from safeconduct.workflows.bring_events import MOST_BYTES, bring_events
from safeconduct.workflows.invite_device import claim_invitation, decide_invitation, invite_device
from safeconduct.workflows.show_devices import show_devices

Req = Request[Any, Any, Any]


class ClaimIn(msgspec.Struct, forbid_unknown_fields=True):
    """A phone's claim, in hex: the code's secret, its key, and its signature over both."""

    secret: str
    key: str
    proof: str


@get(["/scan", "/scan/{path:path}"], sync_to_thread=False, include_in_schema=False)
def scanner_file(request: Req, path: FromPath[str] = "") -> Response[Any]:
    """Return the scanner page, or one of its files; its address ends in a slash, since its files lie below it."""
    if not path and not request.scope.get("raw_path", b"/").partition(b"?")[0].endswith(b"/"):
        return Redirect("/scan/")
    found = scanner_files().get(path.lstrip("/"))
    if found is None:
        raise NotFoundException(f"no file {path} in the scanner")
    headers = {**HEADERS, "ETag": found.etag}
    if request.headers.get("if-none-match") == found.etag:
        return Response(b"", status_code=304, headers=headers, media_type=found.media_type)
    return Response(found.body, headers=headers, media_type=found.media_type)


@get("/scan/time", sync_to_thread=True)
def scanner_time(request: Req) -> Response[dict[str, Any]]:
    """Return the node's time in unix seconds, and whether it is an exercise, whose clock phones then follow."""
    node = running(request).node
    return Response({"now": node.clock.now(), "exercise": node.exercise})


@post("/scan/enrol", sync_to_thread=True, status_code=200, request_max_body_size=1 << 12)
def scanner_claim(request: Req, body: RawBody) -> Response[Any]:
    """Let a phone claim an enrolment code, and learn whether the room approved it."""
    given: ClaimIn = read_body(ClaimIn, body)
    parts = []
    for name, length in (("secret", 16), ("key", 32), ("proof", 64)):
        text: str = getattr(given, name)
        try:
            data = bytes.fromhex(text)
        except ValueError:
            data = b""
        if len(data) != length:
            raise BadInput("bad-request", where=name, expected=f"{length} bytes in hex", seen=f"{len(text)} characters")
        parts.append(data)
    told = claim_invitation(running(request).node, *parts)
    return refused(told) if isinstance(told, Refusal) else Response(told)


def _page(request: Req, status: int = 200, **more: Any) -> Response[str]:
    text = render_devices(show_devices(running(request).node), page_of(request), **more)
    return Response(text, status_code=status, media_type="text/html")


@get("/devices/enrol", sync_to_thread=True, guards=[operator])
def devices_page(request: Req) -> Response[str]:
    """Return the page of devices: codes, phones that wait, how far each log has come."""
    return _page(request)


@post("/devices/enrol", sync_to_thread=True, guards=[operator], status_code=200)
def devices_invite(request: Req, data: Form) -> Response[str]:
    """Make an enrolment code and show it, once."""
    node = running(request).node
    device, point = data.get("device", "").strip(), data.get("point", "")
    try:
        made = invite_device(node, device, point, by=operator_of(request), anew=data.get("anew") == "yes")
    except BadInput as error:
        return _page(request, 400, fault=str(error))
    if isinstance(made, Refusal):
        return _page(request, 422, fault=str(made))
    text, invitation = made
    base = str(request.base_url).rstrip("/")
    return _page(request, code=Code(invitation, text, f"{base}/scan/#enrol={text}"))


@post("/devices/enrol/decide", sync_to_thread=True, guards=[operator], status_code=200)
def devices_decide(request: Req, data: Form) -> Response[str]:
    """Approve or refuse the phone that claimed a code."""
    approve = data.get("act") == "approve"
    node = running(request).node
    made = decide_invitation(node, data.get("invitation", ""), approve=approve, by=operator_of(request))
    if isinstance(made, Refusal):
        return _page(request, 422, fault=str(made))
    became = "is enrolled: it fetches its list now" if made.state == "approved" else "was refused"
    return _page(request, note=f"{made.device} {became}.")


@post("/devices/events", guards=[operator], status_code=200, request_max_body_size=MOST_BYTES)
async def devices_events(
    request: Req, data: Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]
) -> Response[str]:
    """Take in a file of events that a phone without a network saved, or the codes that it showed, as text."""
    upload = data.get("file")
    content = await upload.read() if isinstance(upload, UploadFile) else b""
    try:
        brought, receipts = await to_thread(bring_events, running(request).node, content)
    except BadInput as error:
        return await to_thread(_page, request, 400, fault=str(error))
    return await to_thread(_page, request, brought=brought, receipts=receipts)
