"""How a TAXII server answers over HTTP: its media type, its `date_added` headers, and errors as TAXII objects."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import structlog
from litestar import Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException

from safeconduct.errors import BadInput, NodeUnavailable, SafeconductError
from safeconduct.web.api.guards import running
from safeconduct.web.api.peer_auth import party_of
from safeconduct.web.api.taxii_access import Connection, Pace, caller_of, check_accept
from safeconduct.workflows.tables import Tx
from safeconduct.workflows.taxii_access import FORBIDDEN, NOT_FOUND, Caller
from safeconduct.workflows.taxii_read import TAXII_TYPE, Answer, encode

Req = Request[Any, Any, Any]
T = TypeVar("T")
MOST_FIELDS = 40  # of one address
STATUSES = {NOT_FOUND: 404, FORBIDDEN: 403, "bad-envelope": 422, "bad-object": 422}
PLAIN = {"no_gzip": True}  # handlers with this option are not compressed: it would cost more than all else
PACE = "taxii-pace"
log = structlog.get_logger()


def read_as_caller(request: Req, find: Callable[[Tx, Caller], T]) -> T:
    """Let a caller in and find what it asks for, in one consistent read."""
    with running(request).node.store.reading() as tx:
        caller = enter(request, tx)
        return find(tx, caller)


def enter(request: Connection, tx: Tx) -> Caller:
    """Return who asks, after all that goes before the question itself: identity, pace, media types."""
    caller = caller_of(tx, request.headers.get("authorization", ""), party_of(request))
    pace_of(request.app.state).count(caller)
    check_accept(",".join(request.headers.getall("accept", [])))
    return caller


def pace_of(state: State) -> Pace:
    """Return the application's count of requests."""
    pace = state[PACE]
    assert isinstance(pace, Pace)  # noqa: S101  (set in create_app)
    return pace


def filters(request: Req) -> Iterable[tuple[str, str]]:
    """Return the fields of a request's address, as `read_fields` does."""
    return read_fields(request.scope["query_string"])


def read_fields(query: bytes) -> Iterable[tuple[str, str]]:
    """Return the fields of an address's query part.

    Raises:
        BadInput: `bad-filter`, for too many of them, or what is no UTF-8.
    """
    try:
        return parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise BadInput("bad-filter", where="query", expected=f"up to {MOST_FIELDS} fields in UTF-8",
                       seen=str(error)) from None  # fmt: skip


def resource(body: bytes, status: int = 200) -> Response[bytes]:
    """Answer with a resource."""
    return Response(body, media_type=TAXII_TYPE, status_code=status)


def page(found: Answer) -> Response[bytes]:
    """Answer with a page of objects, versions or a manifest."""
    headers = {"X-TAXII-Date-Added-First": found.first, "X-TAXII-Date-Added-Last": found.last} if found.first else {}
    return Response(found.body, media_type=TAXII_TYPE, headers=headers)


def on_taxii_error(request: Req, error: Exception) -> Response[bytes]:
    """Turn any error into a TAXII error message (3.6.1): one clear line, never a traceback."""
    headers: dict[str, str] = {}
    details: dict[str, str] = {}
    if isinstance(error, SafeconductError):
        status, code, text = _status_of(error), error.code, str(error)
        if isinstance(error, BadInput):
            details = {"where": error.where, "expected": error.expected, "seen": error.seen}
    elif isinstance(error, HTTPException):
        status, code, text = error.status_code, "http", error.detail
        headers = dict(error.headers or {})
    else:
        log.error("unexpected error", path=request.url.path, kind=type(error).__name__, detail=str(error)[:200])
        status, code, text = 500, "internal", "an unexpected error; it was logged, and nothing was stored"
    message: dict[str, Any] = {
        "title": HTTPStatus(status).phrase, "description": text, "error_code": code, "http_status": str(status),
    }  # fmt: skip
    message |= {"details": details} if details else {}
    return Response(encode(message), media_type=TAXII_TYPE, status_code=status, headers=headers)


def _status_of(error: SafeconductError) -> int:
    if isinstance(error, NodeUnavailable):
        return 503
    return STATUSES.get(error.code, 400 if isinstance(error, BadInput) else 409)
