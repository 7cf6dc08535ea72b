"""Who may call what: operators by token or session cookie; an exercise on loopback is open to this machine."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler

from safeconduct.operators.tokens import token_known
from safeconduct.seal.canonical import decode_json
from safeconduct.wiring import Running

COOKIE = "safeconduct-session"


def running(connection: ASGIConnection[Any, Any, Any, Any]) -> Running:
    """Return the node behind a connection."""
    found = connection.app.state["running"]
    assert isinstance(found, Running)  # noqa: S101  (set in create_app)
    return found


def is_operator(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Whether the request carries an operator's token."""
    header = connection.headers.get("authorization", "")
    token = header[7:] if header.startswith("Bearer ") else connection.cookies.get(COOKIE, "")
    if not token:
        return False
    with running(connection).node.store.reading() as tx:
        digests = [decode_json(body, where="operator")["token"] for _, body, _ in tx.records.all("operator")]
    return token_known(token, digests)


def operator(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Let operators through; in an exercise without sign-in, anybody on this machine.

    Raises:
        NotAuthorizedException: no token, or not one that is known.
        PermissionDeniedException: a page of another site sent the browser here.
    """
    if connection.headers.get("sec-fetch-site", "none") == "cross-site":
        raise PermissionDeniedException("asked for by another site")
    if not running(connection).config.sign_in:
        return
    if not is_operator(connection):
        raise NotAuthorizedException("sign in first")


def exercise_only(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Let through in an exercise only.

    Raises:
        PermissionDeniedException: this node works for real.
    """
    if not running(connection).config.exercise:
        raise PermissionDeniedException("only in an exercise")
