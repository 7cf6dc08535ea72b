"""What scanning devices call: fetch the bundle, upload segments. A device proves itself by its key."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, RawBody

from safeconduct.errors import Refusal
from safeconduct.web.api.answers import refused
from safeconduct.web.api.device_proof import device_proof
from safeconduct.web.api.guards import running
from safeconduct.web.api.opening import Opening
from safeconduct.workflows.fetch_bundle import fetch_bundle
from safeconduct.workflows.receive_segment import accept_from_device

CBOR = "application/cbor"
OPENING = "opening"
SEGMENT_LIMIT = 8 << 20  # bytes, as spec/device-log.md says


@get("/devices/{device:str}/bundle", sync_to_thread=True)
def get_bundle(request: Request[Any, Any, Any], device: FromPath[str]) -> Response[Any]:
    """Return the newest trust bundle to an enrolled device.

    The header `Authorization: Device TIME SIGNATURE` carries unix seconds and the device key's signature in hex.
    """
    proof = device_proof(request.headers.get("authorization", ""), "Device")
    found = fetch_bundle(running(request).node, device, proof.at, proof.proof)
    return refused(found) if isinstance(found, Refusal) else Response(found, media_type=CBOR)


@post("/devices/segments", sync_to_thread=True, status_code=200, request_max_body_size=SEGMENT_LIMIT)
def post_segment(request: Request[Any, Any, Any], body: RawBody) -> Response[Any]:
    """Take in a device's segment; the answer is the signed receipt."""
    found = running(request)
    receipt = accept_from_device(found.node, body)
    if isinstance(receipt, Refusal):
        return refused(receipt)
    opening = request.app.state[OPENING]
    assert isinstance(opening, Opening)  # noqa: S101  (set in create_app)
    opening.run(found.node)
    if found.courier is not None:
        found.courier.wake()
    return Response(receipt, media_type=CBOR)
