"""Who may call what: operators by token or session cookie; an exercise on loopback is open to this machine."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler

from safeconduct.operators.people import EXERCISE, Operator
from safeconduct.wiring import Running
from safeconduct.workflows.keep_operators import offices, operator_with_token

COOKIE = "safeconduct-session"
ACTS_AS = "safeconduct-acts-as"  # whom one acts as in an exercise without sign-in
LOOKING = ("GET", "HEAD", "OPTIONS")


def running(connection: ASGIConnection[Any, Any, Any, Any]) -> Running:
    """Return the node behind a connection."""
    found = connection.app.state["running"]
    assert isinstance(found, Running)  # noqa: S101  (set in create_app)
    return found


def is_operator(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Whether the request carries an operator's token."""
    return signed_in(connection) is not None


def signed_in(connection: ASGIConnection[Any, Any, Any, Any]) -> Operator | None:
    """Return the office whose token the request carries."""
    header = connection.headers.get("authorization", "")
    token = header[7:] if header.startswith("Bearer ") else connection.cookies.get(COOKIE, "")
    return operator_with_token(running(connection).node, token)


def acting(connection: ASGIConnection[Any, Any, Any, Any]) -> Operator:
    """Return who acts: the office that signed in; in an exercise without sign-in the one that was chosen.

    Raises:
        NotAuthorizedException: no token, or not one that is known.
    """
    found = signed_in(connection)
    if found is not None:
        return found
    here = running(connection)
    if here.config.sign_in:
        raise NotAuthorizedException("sign in first")
    with here.node.store.reading() as tx:
        chosen = offices(here.node, tx).get(connection.cookies.get(ACTS_AS, ""))
    return EXERCISE[0] if chosen is None or chosen.removed else chosen


def operator_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Return the id of the office that acts, for the record of an act.

    Raises:
        NotAuthorizedException: no token, or not one that is known.
    """
    return acting(connection).id


def operator(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Let operators through; in an exercise without sign-in, anybody on this machine. Readers change nothing.

    Raises:
        NotAuthorizedException: no token, or not one that is known.
        PermissionDeniedException: a page of another site sent the browser here, or a reader asks for a change.
    """
    looker(connection, _handler)
    if dict(connection.scope).get("method") not in LOOKING and set(acting(connection).roles) == {"reader"}:
        raise PermissionDeniedException("a reader looks, and changes nothing")


def looker(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Let every operator through, readers too, whatever the method.

    Raises:
        NotAuthorizedException: no token, or not one that is known.
        PermissionDeniedException: a page of another site sent the browser here.
    """
    if connection.headers.get("sec-fetch-site", "none") == "cross-site":
        raise PermissionDeniedException("asked for by another site")
    if running(connection).config.sign_in and signed_in(connection) is None:
        raise NotAuthorizedException("sign in first")


def exercise_only(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Let through in an exercise only.

    Raises:
        PermissionDeniedException: this node works for real.
    """
    if not running(connection).config.exercise:
        raise PermissionDeniedException("only in an exercise")
