"""One pass checked at once over HTTP, for a gate that has a network; an enrolled device signs its question."""

import asyncio
from typing import Any, NamedTuple

import msgspec
from litestar import Litestar, Request, Response, post
from litestar.params import RawBody

from safeconduct.errors import BadInput, Refusal
from safeconduct.seal.keys import SIGNATURE_BYTES
from safeconduct.seal.session import MAC_BYTES
from safeconduct.web.api.answers import read_body, refused
from safeconduct.web.api.group_commit import GroupCommit
from safeconduct.workflows.check_online import Answer, Ask, OnlineGate
from safeconduct.workflows.ports import Node

LIMIT = 4_096  # bytes of one question
LONGEST_ID = 64
JSON = "application/json"
ONLINE = "online"
encode = msgspec.json.encode


class Online(NamedTuple):
    """The state of the answers, and what gives them: some questions are judged while others are stored."""

    gate: OnlineGate
    commit: GroupCommit[Ask, Answer | Refusal]


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


class CheckOut(msgspec.Struct):
    """The answer of `gate.decide`, and its place in the ledger."""

    admit: bool
    reason: str
    next_step: str
    heads: int
    warnings: tuple[str, ...]
    ledger_index: int


@post("/devices/check", status_code=200, request_max_body_size=LIMIT)
async def check(request: Request[Any, Any, Any]) -> Response[Any]:
    """Check a pass and mark it as used; the header is `Authorization: Check DEVICE TIME SIGNATURE`, or `Session …`."""
    asked = asked_of(request.headers.get("authorization", ""), await request.body())
    made = await answer(request.app, asked)
    return refused(made) if isinstance(made, Refusal) else Response(written(made), media_type=JSON)


@post("/devices/check/session", status_code=200, request_max_body_size=LIMIT, sync_to_thread=True)
def check_session(request: Request[Any, Any, Any], body: RawBody) -> Response[Any]:
    """Open a session for many questions, with the header as above; each then bears `Session DEVICE TIME MAC`."""
    _, device, at, signature = _proof_of(request.headers.get("authorization", ""), ("Check",))
    given: SessionIn = read_body(SessionIn, body)
    try:
        public = bytes.fromhex(given.public)
    except ValueError:
        raise BadInput("bad-request", where="public", expected="32 bytes in hex", seen=given.public) from None
    made = request.app.state[ONLINE].gate.sessions.open(device, at, public, signature)
    if isinstance(made, Refusal):
        return refused(made)
    return Response({"public": made.public.hex(), "until": made.until}, media_type=JSON)


async def answer(app: Litestar, asked: Ask) -> Answer | Refusal:
    """Answer a question together with others that wait; the answer is on disk then."""
    online: Online = app.state[ONLINE]
    if online.gate.says_words(asked):
        asked = await asyncio.to_thread(online.gate.try_words, asked)
    return await online.commit.answer(asked)


def written(answer: Answer) -> bytes:
    """Return an answer as it is sent."""
    made = answer.decision
    return encode(CheckOut(made.admit, made.reason, made.next_step, made.heads, made.warnings, answer.ledger_index))


def open_online(node: Node) -> Online:
    """Return what answers the questions of a node; nothing is started yet."""
    gate = OnlineGate(node)
    return Online(gate, GroupCommit(gate.keep_all, prepare=gate.judge_all))


def asked_of(header: str, body: bytes) -> Ask:
    """Read a question.

    Raises:
        BadInput: `bad-request`.
    """
    scheme, device, at, proof = _proof_of(header, ("Check", "Session"))
    if len(proof) != (SIGNATURE_BYTES if scheme == "Check" else MAC_BYTES):
        raise _bad_header(len(proof))
    given: CheckIn = read_body(CheckIn, body)
    if not 0 < len(given.id) <= LONGEST_ID:
        raise BadInput("bad-request", where="id", expected=f"1 to {LONGEST_ID} characters", seen=len(given.id))
    seen = given.heads, given.words, given.document, given.proof
    return Ask(given.id, device, at, body, proof, given.text, *seen)


def _proof_of(header: str, schemes: tuple[str, ...]) -> tuple[str, str, int, bytes]:
    """Return scheme, device, time and signature or MAC of an `Authorization` header."""
    parts = header.split()
    if len(parts) != 4 or parts[0] not in schemes or not (parts[2].isascii() and parts[2].isdecimal()):
        raise _bad_header(len(parts))
    try:
        return parts[0], parts[1], int(parts[2]), bytes.fromhex(parts[3])
    except ValueError:
        raise _bad_header(parts[3]) from None


def _bad_header(seen: object) -> BadInput:
    expected = "Check DEVICE TIME SIGNATURE, or Session DEVICE TIME MAC, in hex"
    return BadInput("bad-request", where="Authorization", expected=expected, seen=seen)
