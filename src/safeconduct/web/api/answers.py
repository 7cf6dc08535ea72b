"""How results, refusals and errors become HTTP answers: one clear line, never a traceback."""

from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.response import Redirect

from safeconduct.errors import BadInput, NodeUnavailable, Refusal, SafeconductError
from safeconduct.web.api.taxii_answers import on_taxii_error
from safeconduct.web.pages.render import Page, render_error, render_fault
from safeconduct.workflows.show_agreement import title_of

log = structlog.get_logger()


def status_of(error: SafeconductError) -> int:
    """HTTP status of an error: 400 bad input, 503 node unusable, else 409."""
    if isinstance(error, BadInput):
        return 400
    return 503 if isinstance(error, NodeUnavailable) else 409


def refused(refusal: Refusal) -> Response[dict[str, Any]]:
    """Answer 422 with the refusal's code and wording."""
    return Response({"refused": refusal.code, "message": str(refusal)}, status_code=422)


def on_error(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Turn any error into one line of JSON, or a page where a person looks at it."""
    if request.url.path.startswith(("/taxii/", "/taxii2")):  # also where no handler of the TAXII server is reached
        return on_taxii_error(request, error)
    if isinstance(error, SafeconductError):
        status, code, message = status_of(error), error.code, str(error)
    elif isinstance(error, HTTPException):
        status, code, message = error.status_code, "http", error.detail
    else:
        path = _logged(request.url.path)
        log.error("unexpected error", path=path, kind=type(error).__name__, detail=str(error)[:200])
        status, code, message = 500, "internal", "an unexpected error; it was logged, and nothing was stored"
    if "text/html" in request.headers.get("accept", ""):
        if request.headers.get("x-fragment"):
            return Response(render_fault(code=code, message=message), status_code=status, media_type="text/html")
        if status == 401:
            return Redirect("/signin", status_code=303)
        page = _page(request)
        text = render_error(page, status=status, code=code, message=message)
        return Response(text, status_code=status, media_type="text/html")
    return Response({"error": code, "message": message}, status_code=status)


def _logged(path: str) -> str:
    """Return a path as it may stand in a log: what opens a link does not."""
    return "/l/…" if path.startswith("/l/") else path


def _page(request: Request[Any, Any, Any]) -> Page:
    """Return what surrounds an error's page; it must not fail over the store that may be the cause."""
    node = request.app.state["running"].node
    try:
        title = title_of(node)
    except Exception as error:  # noqa: BLE001  (whatever the store says, the first error is the one to show)
        log.warning("title not read", kind=type(error).__name__)
        title = ""
    return Page(exercise=node.exercise, party_name=node.name, title=title)
