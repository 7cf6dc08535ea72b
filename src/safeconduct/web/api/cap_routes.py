"""The public feed of gate advice, without sign-in: off, unless the node's configuration says `public_cap = true`.

Beside it, for operators, a release that crossed as a file for other people's software.
"""

from hashlib import sha256
from typing import Any
from urllib.parse import quote

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from safeconduct.errors import BadInput
from safeconduct.exchange.cap import MEDIA_TYPE, encode
from safeconduct.exchange.cap_atom import ATOM_TYPE, feed
from safeconduct.exchange.cap_out import gate_name, gate_to_cap
from safeconduct.exchange.release_forms import FORMS, in_form
from safeconduct.web.api.guards import operator, running
from safeconduct.workflows.cap_feed import advice, current
from safeconduct.workflows.export_release import crossed_release
from safeconduct.workflows.ports import Node

ENDING = ".cap"


@get("/cap/feed.atom", sync_to_thread=True)
def cap_feed(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Return the public feed of control points that are on hold or closed, as Atom; 404 unless switched on."""
    node = _public(request)
    with node.store.reading() as tx:
        found = current(node, tx)
    return _answer(request, feed(found, party=node.party, name=node.name, exercise=node.exercise), ATOM_TYPE)


@get("/cap/{name:str}", sync_to_thread=True)
def cap_alert(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    """Return one public alert of gate advice, as CAP 1.2; 404 unless switched on."""
    node = _public(request)
    with node.store.reading() as tx:
        told = advice(tx)
    one = next((one for one in told if f"{gate_name(one)}{ENDING}" == name), None)
    if one is None:
        raise NotFoundException("no such alert")
    same = [other for other in told if (other.agreement, other.point) == (one.agreement, one.point)]
    earlier = [other for other in same if other.number < one.number]
    return _answer(request, encode(gate_to_cap(one, exercise=node.exercise, earlier=earlier)), MEDIA_TYPE)


@get("/releases/{release:str}/file/{form:str}", sync_to_thread=True, guards=[operator])
def release_file(request: Request[Any, Any, Any], release: FromPath[str], form: FromPath[str]) -> Response[bytes]:
    """Return a release that crossed as a file: `cap`, `stix`, or the signed answer to it as `cap-answer`."""
    node = running(request).node
    if form not in FORMS:
        raise BadInput("bad-choice", where="form", expected="one of " + ", ".join(FORMS), seen=form)
    body = in_form(crossed_release(node, release), form, exercise=node.exercise)
    name = quote(f"{release}.{'json' if form == 'stix' else 'cap'}", safe="")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    kind = "application/stix+json;version=2.1" if form == "stix" else MEDIA_TYPE
    return Response(body, headers=headers, media_type=kind)


def _public(request: Request[Any, Any, Any]) -> Node:
    if not running(request).config.public_cap:
        raise NotFoundException("there is no public feed here")
    return running(request).node


def _answer(request: Request[Any, Any, Any], body: bytes, media_type: str) -> Response[bytes]:
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"Cache-Control": "public, max-age=60", "ETag": tag, "Access-Control-Allow-Origin": "*"}
    if request.headers.get("if-none-match") == tag:
        return Response(b"", status_code=304, headers=headers, media_type=media_type)
    return Response(body, headers=headers, media_type=f"{media_type}; charset=utf-8")
