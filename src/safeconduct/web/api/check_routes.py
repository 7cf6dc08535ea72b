"""One pass checked at once over HTTP, for a gate that has a network; an enrolled device signs its question."""

from typing import Any

import msgspec
from litestar import Request, Response, post

from safeconduct.errors import BadInput, Refusal
from safeconduct.web.api.answers import refused
from safeconduct.web.api.bodies import read_body
from safeconduct.web.api.device_proof import device_proof
from safeconduct.web.api.online import ONLINE, Online
from safeconduct.web.api.online_there import written
from safeconduct.web.api.question import LIMIT, asked_of

JSON = "application/json"


class SessionIn(msgspec.Struct, forbid_unknown_fields=True):
    """The device's half of a session: an X25519 key in hex, made for it."""

    public: str


@post("/devices/check", status_code=200, request_max_body_size=LIMIT)
async def check(request: Request[Any, Any, Any]) -> Response[Any]:
    """Check a pass and mark it as used; the header is `Authorization: Check DEVICE TIME SIGNATURE`, or `Session …`."""
    asked = asked_of(request.headers.get("authorization", ""), await request.body())
    online: Online = request.app.state[ONLINE]
    made = await online.answer(asked)
    return refused(made) if isinstance(made, Refusal) else Response(written(made), media_type=JSON)


@post("/devices/check/session", status_code=200, request_max_body_size=LIMIT)
async def check_session(request: Request[Any, Any, Any]) -> Response[Any]:
    """Open a session for many questions, with the header as above; each then bears `Session DEVICE TIME MAC`."""
    device, at, signature = device_proof(request.headers.get("authorization", ""), "Check")
    given: SessionIn = read_body(SessionIn, await request.body())
    try:
        public = bytes.fromhex(given.public)
    except ValueError:
        raise BadInput("bad-request", where="public", expected="32 bytes in hex", seen=given.public) from None
    online: Online = request.app.state[ONLINE]
    made = await online.open_session(device, at, public, signature)
    if isinstance(made, Refusal):
        return refused(made)
    return Response({"public": made.public.hex(), "until": made.until}, media_type=JSON)
