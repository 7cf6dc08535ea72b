"""One pass checked at once over HTTP, for a gate that has a network; an enrolled device signs its question."""

from typing import Any

import msgspec
from litestar import Request, Response, post
from litestar.params import RawBody

from safeconduct.errors import BadInput, Refusal
from safeconduct.web.api.answers import read_body, refused
from safeconduct.web.api.device_proof import device_proof
from safeconduct.web.api.online import ONLINE, Online
from safeconduct.workflows.check_online import Ask

LIMIT = 4_096  # bytes of one question
LONGEST_ID = 64
JSON = "application/json"


class CheckIn(msgspec.Struct, forbid_unknown_fields=True):
    """What was scanned: the pass's text, the people counted, what was said, the second code of a phone."""

    id: str
    text: str
    heads: int | None = None
    words: str | None = None
    document: str | None = None
    proof: str | None = None


class SessionIn(msgspec.Struct, forbid_unknown_fields=True):
    """The device's half of a session: an X25519 key in hex, made for it."""

    public: str


@post("/devices/check", status_code=200, request_max_body_size=LIMIT)
async def check(request: Request[Any, Any, Any]) -> Response[Any]:
    """Check a pass and mark it as used; the header is `Authorization: Check DEVICE TIME SIGNATURE`, or `Session …`."""
    asked = asked_of(request.headers.get("authorization", ""), await request.body())
    online: Online = request.app.state[ONLINE]
    made = await online.answer(asked)
    return refused(made) if isinstance(made, Refusal) else Response(made, media_type=JSON)


@post("/devices/check/session", status_code=200, request_max_body_size=LIMIT, sync_to_thread=True)
def check_session(request: Request[Any, Any, Any], body: RawBody) -> Response[Any]:
    """Open a session for many questions, with the header as above; each then bears `Session DEVICE TIME MAC`."""
    device, at, signature = device_proof(request.headers.get("authorization", ""), "Check")
    given: SessionIn = read_body(SessionIn, body)
    try:
        public = bytes.fromhex(given.public)
    except ValueError:
        raise BadInput("bad-request", where="public", expected="32 bytes in hex", seen=given.public) from None
    online: Online = request.app.state[ONLINE]
    made = online.gate.sessions.open(device, at, public, signature)
    if isinstance(made, Refusal):
        return refused(made)
    return Response({"public": made.public.hex(), "until": made.until}, media_type=JSON)


def asked_of(header: str, body: bytes) -> Ask:
    """Read a question.

    Raises:
        BadInput: `bad-request`.
    """
    device, at, proof = device_proof(header, "Check", "Session")
    given: CheckIn = read_body(CheckIn, body)
    if not 0 < len(given.id) <= LONGEST_ID:
        raise BadInput("bad-request", where="id", expected=f"1 to {LONGEST_ID} characters", seen=len(given.id))
    seen = given.heads, given.words, given.document, given.proof
    return Ask(given.id, device, at, body, proof, given.text, *seen)
