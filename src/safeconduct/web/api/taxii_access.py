"""Lets TAXII callers in: who they are, how often they may ask, and which media types are spoken."""

import base64
import binascii
import re
import time
from functools import lru_cache
from threading import Lock
from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import (
    HTTPException,
    NotAuthorizedException,
    TooManyRequestsException,
)

from safeconduct.workflows.tables import Tx
from safeconduct.workflows.taxii_access import Caller, caller_of_party, caller_of_token

CHALLENGE = 'Basic realm="safeconduct taxii", charset="UTF-8", Bearer realm="safeconduct taxii"'
MINUTE = 60.0
ANYTHING = frozenset({"*/*", "application/*"})
Connection = ASGIConnection[Any, Any, Any, Any]


def caller_of(tx: Tx, authorization: str, party: str | None = None) -> Caller:
    """Return who asks: the other party's node by its signature, or a client by Basic or Bearer token.

    Args:
        tx: where clients are looked up.
        authorization: the header of that name, empty if there is none.
        party: whose signature on the request was checked.

    Raises:
        NotAuthorizedException: nobody who is known here.
    """
    if party is not None:
        return caller_of_party(party)
    scheme, _, given = authorization.partition(" ")
    caller = None
    if scheme.lower() == "bearer" and given.strip():
        caller = caller_of_token(tx, given.strip())
    elif scheme.lower() == "basic":
        name, token = basic(given)
        caller = caller_of_token(tx, token, name) if token else None
    if caller is None:
        raise NotAuthorizedException("a client's name and token are needed", headers={"WWW-Authenticate": CHALLENGE})
    return caller


def check_accept(given: str) -> None:
    """Check that the caller takes TAXII 2.1, by name or by taking anything; `given` is the header, joined by commas.

    Raises:
        HTTPException: 406. The standard lets a server answer who names no TAXII media range (3.1); HTTP takes a request
            without the header for one that takes anything.
    """
    if given.strip() and not _speaks(given, ANYTHING):
        raise HTTPException("Accept: expected application/taxii+json;version=2.1", status_code=406)


def check_content_type(connection: Connection) -> None:
    """Check that what is posted is TAXII 2.1.

    Raises:
        HTTPException: 415.
    """
    if not _speaks(connection.headers.get("content-type", "")):
        raise HTTPException("Content-Type: expected application/taxii+json;version=2.1", status_code=415)


class Pace:
    """How often each caller asked in the minute that runs; a program that asks too often waits, it is not shut out."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._asked: dict[str, tuple[float, int]] = {}

    def count(self, caller: Caller) -> None:
        """Count one request.

        Raises:
            TooManyRequestsException: more than the caller may make in a minute.
        """
        if not caller.rate:
            return
        now = time.monotonic()  # paces only; no record bears this time
        with self._lock:
            begun, asked = self._asked.get(caller.name, (now, 0))
            if now - begun >= MINUTE:
                begun, asked = now, 0
            self._asked[caller.name] = (begun, asked + 1)
        if asked >= caller.rate:
            wait = max(1, round(MINUTE - (now - begun)))
            raise TooManyRequestsException(
                f"at most {caller.rate} requests a minute", headers={"Retry-After": str(wait)}
            )


def basic(given: str) -> tuple[str, str]:
    """Return name and token of what `Basic` carries, empty texts for what is none."""
    try:
        name, _, token = base64.b64decode(given.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return name, token


@lru_cache(maxsize=256)
def _speaks(header: str, wider: frozenset[str] = frozenset()) -> bool:
    """Whether a header names TAXII without a version, or version 2.1; or else a wider range."""
    taken = False
    for part in header.split(","):
        kind, *parameters = [one.strip().replace(" ", "") for one in part.split(";")]
        versions = [one[8:].strip('"') for one in parameters if one.lower().startswith("version=")]
        unwanted = any(re.fullmatch(r"q=0(?:\.0*)?", one, re.IGNORECASE) for one in parameters)
        named = kind.lower() == "application/taxii+json" and all(one == "2.1" for one in versions)
        if named and unwanted:
            return False  # what is named counts before a wider range
        taken |= named or (kind.lower() in wider and not unwanted)
    return taken
