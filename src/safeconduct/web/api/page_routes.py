"""The pages' routes: each reads one view and renders it."""

from io import BytesIO
from typing import Annotated, Any

import zxingcpp
from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect
from PIL import Image, UnidentifiedImageError

from safeconduct.errors import BadInput
from safeconduct.incidents.figures import CONSERVATIVE
from safeconduct.passes.holding import PROOF_PREFIX
from safeconduct.web.api.form_parts import html
from safeconduct.web.api.guards import COOKIE, acting, is_operator, operator, running
from safeconduct.web.pages.account_page import NEWEST, Shown
from safeconduct.web.pages.incidents_page import render_incidents
from safeconduct.web.pages.render import (
    Page,
    render_account,
    render_decision,
    render_decision_page,
    render_room,
    render_room_fragment,
    render_sign_in,
    render_try_fragment,
)
from safeconduct.web.pages.report import stretch_of, write_report
from safeconduct.workflows.account_view import Query, Stretch
from safeconduct.workflows.export_account import read_full_account
from safeconduct.workflows.show_agreement import title_of
from safeconduct.workflows.show_incidents import show_incidents
from safeconduct.workflows.show_room import show_room
from safeconduct.workflows.try_pass import try_pass

MOST_PIXELS = 40_000_000
PICTURE_LIMIT = 12 << 20  # bytes
QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])


def page_of(request: Request[Any, Any, Any]) -> Page:
    """Return what surrounds every page of this node."""
    found = running(request)
    node = found.node
    return Page(
        exercise=node.exercise, party_name=node.name, title=title_of(node), signed_in=found.config.sign_in,
        acting=_acts_as(request),
    )  # fmt: skip


def _acts_as(request: Request[Any, Any, Any]) -> str:
    """Return the office that one acts as where nobody signs in, else nothing."""
    return "" if running(request).config.sign_in else acting(request).office


@get("/", sync_to_thread=True, guards=[operator])
def room(request: Request[Any, Any, Any], follow: FromQuery[bool] = False) -> Response[str]:  # noqa: FBT002
    """Return the room, the first screen."""
    found = running(request)
    view = show_room(found.node, partner_link=found.config.partner_url or None)
    return html(render_room(view, follow=follow, signed_in=found.config.sign_in, acting=_acts_as(request)))


@get("/room-fragment", sync_to_thread=True, guards=[operator])
def room_fragment(request: Request[Any, Any, Any]) -> Response[str]:
    """Return the parts of the room that change."""
    found = running(request)
    return html(
        render_room_fragment(show_room(found.node, partner_link=found.config.partner_url or None, with_samples=False))
    )


@get("/try-fragment", sync_to_thread=True, guards=[operator])
def try_fragment(request: Request[Any, Any, Any]) -> Response[str]:
    """Return the box that takes a pass, with the samples that there are by now."""
    return html(render_try_fragment(show_room(running(request).node)))


@get("/version", sync_to_thread=True, guards=[operator])
def version(request: Request[Any, Any, Any]) -> Response[str]:
    """Return a number that grows with every stored change."""
    return Response(str(running(request).node.store.changes()), media_type="text/plain")


def _query(
    known_at: str | None, recorded_at: str | None, rule: str | None, since: str | None, recorded_since: str | None
) -> Query:
    """Return what is asked for; a form sends an empty field where nothing was chosen."""
    return Query(
        known_at or None, recorded_at or None, rule or CONSERVATIVE, since or None, recorded_since or None
    )  # fmt: skip


@get("/incidents", sync_to_thread=True, guards=[operator])
def incidents_page(request: Request[Any, Any, Any], known_at: FromQuery[str | None] = None) -> Response[str]:
    """Return all incidents: what is known of each as known at a day, and where its claims disagree."""
    with running(request).node.store.reading() as tx:
        view = show_incidents(tx, known_at=known_at or None)
    return html(render_incidents(view, page_of(request)))


@get("/incidents/{incident:str}", sync_to_thread=True, guards=[operator])
def incident_page(
    request: Request[Any, Any, Any],
    incident: FromPath[str],
    known_at: FromQuery[str | None] = None,
    recorded_at: FromQuery[str | None] = None,
    rule: FromQuery[str | None] = None,
    since: FromQuery[str | None] = None,
    recorded_since: FromQuery[str | None] = None,
) -> Response[str]:
    """Return an incident's account as known at a day and as recorded at another, with what disagrees in it."""
    query, shown = _query(known_at, recorded_at, rule, since, recorded_since), Shown.of(request.query_params)
    with running(request).node.store.reading() as tx:
        found = read_full_account(tx, incident, query, Stretch(shown.order == NEWEST, shown.part))
    return html(render_account(found.incident, page_of(request), found.detail, shown))


@get("/incidents/{incident:str}/export/{form:str}", sync_to_thread=True, guards=[operator])
def incident_export(
    request: Request[Any, Any, Any],
    incident: FromPath[str],
    form: FromPath[str],
    known_at: FromQuery[str | None] = None,
    recorded_at: FromQuery[str | None] = None,
    rule: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Return an incident's account as a file: linked data, a table, a page that stands by itself, or a PDF."""
    query = _query(known_at, recorded_at, rule, None, None)
    with running(request).node.store.reading() as tx:
        found = read_full_account(tx, incident, query, stretch_of(form))
    made = write_report(found, form, page_of(request))
    return Response(made.body, media_type=made.media_type, headers={
        "Content-Disposition": f'attachment; filename="{made.name}"', "Content-Security-Policy": "sandbox",
    })  # fmt: skip


@post("/decide", guards=[operator], status_code=200, request_max_body_size=PICTURE_LIMIT)
async def decide(
    request: Request[Any, Any, Any],
    data: Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)],
) -> Response[str]:
    """Return the decision that a gate would show for a pass given as text or picture."""
    upload = data.get("file")
    text = str(data.get("text") or "").strip()
    if isinstance(upload, UploadFile):
        content = await upload.read()
        if content:
            text = read_picture(content)
    at = str(data.get("at") or "")
    said = str(data.get("words") or "").strip() or None
    shown = said if said and said.startswith(PROOF_PREFIX) else None  # one field: what else the guard would ask for
    view = try_pass(
        running(request).node, text, str(data.get("point") or ""), words=None if shown else said, proof=shown,
        at=int(at) if at.isdigit() and int(at) > 0 else None,
    )  # fmt: skip
    if request.headers.get("x-fragment"):
        return html(render_decision(view))
    return html(render_decision_page(view, page_of(request)))


def read_picture(content: bytes) -> str:
    """Return the text of the first QR code in a picture, or of a text file.

    Raises:
        BadInput: no picture, too large, or without a code that can be read.
    """
    if content.startswith(b"SC1:"):
        return content.decode("ascii", "replace")
    try:
        picture = Image.open(BytesIO(content), formats=("PNG", "JPEG", "WEBP", "BMP", "GIF"))
        if picture.width * picture.height > MOST_PIXELS:
            raise BadInput("bad-picture", where="picture", expected=f"at most {MOST_PIXELS} pixels", seen=picture.size)
        codes = zxingcpp.read_barcodes(picture.convert("L"), formats=QR)
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise BadInput("bad-picture", where="picture", expected="a PNG, JPEG, WebP, BMP or GIF",
                       seen=type(error).__name__) from None  # fmt: skip
    if not codes:
        raise BadInput("no-code", where="picture", expected="a QR code in focus", seen="none found")
    return str(codes[0].text)


@get("/signin", sync_to_thread=True)
def sign_in_page(request: Request[Any, Any, Any], then: FromQuery[str] = "/") -> Response[Any]:
    """Return the way in."""
    if is_operator(request):
        return Redirect("/")
    return html(render_sign_in(page_of(request), then=local(then)))


@post("/signin", sync_to_thread=True, status_code=200)
def sign_in(
    request: Request[Any, Any, Any],
    data: Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[Any]:
    """Take a token and keep it in a cookie that no script can read."""
    token = data.get("password", "").strip()
    request.cookies[COOKIE] = token
    then = local(data.get("then", "/"))
    if not is_operator(request):
        return html(render_sign_in(page_of(request), error="That token is not known here.", then=then), 401)
    answer = Redirect(then, status_code=303)
    secure = request.url.scheme == "https"
    answer.set_cookie(key=COOKIE, value=token, httponly=True, samesite="strict", path="/", secure=secure)
    return answer


@post("/signout", sync_to_thread=True, status_code=200)
def sign_out() -> Response[Any]:
    """Forget the token."""
    answer = Redirect("/signin", status_code=303)
    answer.delete_cookie(COOKIE)
    return answer


def local(address: str) -> str:
    """Keep to this node's own pages; a browser drops tabs and line ends, and takes a backslash for a slash."""
    own = address.startswith("/") and not address.startswith("//") and "\\" not in address
    return address if own and address.isprintable() else "/"
