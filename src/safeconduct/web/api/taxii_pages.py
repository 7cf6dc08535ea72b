"""Pages of TAXII objects, answered before the framework would: a partner that catches up asks for thousands."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from litestar.datastructures import State
from litestar.exceptions import HTTPException

from safeconduct.errors import SafeconductError
from safeconduct.web.api.taxii_access import basic, check_accept
from safeconduct.web.api.taxii_answers import pace_of, read_fields
from safeconduct.workflows.taxii_access import reader_of_token
from safeconduct.workflows.taxii_query import read_query
from safeconduct.workflows.taxii_read import TAXII_TYPE, Answer, objects_of

OBJECTS = re.compile(r"/taxii/([^/]+)/collections/([^/]+)/objects/?")
Headers = list[tuple[bytes, bytes]]
_TYPE = (b"content-type", TAXII_TYPE.encode())
_HEARD = (b"authorization", b"accept", b"signature-input")


def quick_page(state: State, scope: Any) -> tuple[Headers, bytes] | None:
    """Return a page's own headers and body; None for whatever is no plain page, which the routes answer.

    It is read here and now: it is one short stretch of one index and waits for no writer, and going to a thread would
    take as long.
    """
    asked, query = OBJECTS.fullmatch(scope["path"]), scope["query_string"]
    if asked is None or b"match" in query:
        return None
    said = _said(scope["headers"])
    if "signature-input" in said:  # the partner's node: its answer is signed
        return None
    try:
        found = _found(state, asked, query, said)
    except (SafeconductError, HTTPException):
        return None
    if found is None:
        return None
    if not found.first:
        return [_TYPE], found.body
    first = (b"x-taxii-date-added-first", found.first.encode())
    return [_TYPE, first, (b"x-taxii-date-added-last", found.last.encode())], found.body


def _found(state: State, asked: re.Match[str], query: bytes, said: Mapping[str, str]) -> Answer | None:
    scheme, _, given = said.get("authorization", "").partition(" ")
    name, token = basic(given) if scheme.lower() == "basic" else ("", "")
    check_accept(said.get("accept", ""))
    wanted = read_query(read_fields(query))
    with state["running"].node.store.reading() as tx:
        may = reader_of_token(tx, token, name, asked[1], asked[2]) if token else None
        if may is None:
            return None
        found = objects_of(tx, may[1], wanted)
    pace_of(state).count(may[0])
    return found


def _said(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return the headers that matter here; what is said twice is joined."""
    said: dict[str, str] = {}
    for name, value in headers:
        if name in _HEARD:
            key, text = name.decode(), value.decode("latin-1")
            said[key] = f"{said[key]},{text}" if key in said else text
    return said
