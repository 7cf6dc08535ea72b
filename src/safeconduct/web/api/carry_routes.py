"""What comes from and goes to phones by another way than their own network: codes read in the room, uses elsewhere."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath, FromQuery

from safeconduct.errors import BadInput, Refusal
from safeconduct.web.api.answers import refused
from safeconduct.web.api.device_proof import device_proof
from safeconduct.web.api.guards import operator, running
from safeconduct.web.api.page_routes import page_of
from safeconduct.web.pages.devices_page import render_read
from safeconduct.workflows.fetch_key import fetch_key
from safeconduct.workflows.fetch_used import fetch_used

CBOR = "application/cbor"
Req = Request[Any, Any, Any]


@get("/devices/{device:str}/used", sync_to_thread=True)
def device_used(request: Req, device: FromPath[str], since: FromQuery[int] = 0) -> Response[Any]:
    """Return the signed list of passes that other devices used, to an enrolled device of this party.

    The header is `Authorization: Device TIME SIGNATURE`, signed for this purpose; `since` is where its newest
    list ended.
    """
    proof = device_proof(request.headers.get("authorization", ""), "Device")
    if not 0 <= since < 1 << 53:
        raise BadInput("bad-request", where="since", expected="where the newest list ended", seen=since)
    found = fetch_used(running(request).node, device, proof.at, proof.proof, since=since)
    return refused(found) if isinstance(found, Refusal) else Response(found, media_type=CBOR)


@get("/devices/{device:str}/key", sync_to_thread=True)
def device_key(request: Req, device: FromPath[str]) -> Response[Any]:
    """Return the certificate of the key by which this node signs receipts, to an enrolled device of this party.

    The header is `Authorization: Device TIME SIGNATURE`, signed for this purpose.
    """
    proof = device_proof(request.headers.get("authorization", ""), "Device")
    found = fetch_key(running(request).node, device, proof.at, proof.proof)
    return refused(found) if isinstance(found, Refusal) else Response(found, media_type=CBOR)


@get("/devices/read", sync_to_thread=True, guards=[operator])
def devices_read(request: Req) -> Response[str]:
    """Return the page that reads a phone's codes by camera or from photographs."""
    return Response(
        render_read(page_of(request)), media_type="text/html", headers={"Permissions-Policy": "camera=(self)"}
    )
