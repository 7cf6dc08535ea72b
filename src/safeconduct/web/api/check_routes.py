"""One pass checked at once over HTTP, for a gate that has a network; an enrolled device signs its question."""

import asyncio
from typing import Any

import msgspec
from litestar import Request, Response, post
from litestar.datastructures import State

from safeconduct.errors import BadInput, Refusal
from safeconduct.web.api.answers import read_body, refused
from safeconduct.web.api.group_commit import GroupCommit
from safeconduct.web.api.guards import running
from safeconduct.workflows.check_online import Answer, Ask, OnlineGate

LIMIT = 4_096  # bytes of one question
LONGEST_ID = 64
JSON = "application/json"


class CheckIn(msgspec.Struct, forbid_unknown_fields=True):
    """What was scanned: the pass's text, the people counted, what was said."""

    id: str
    text: str
    heads: int | None = None
    words: str | None = None
    document: str | None = None


class CheckOut(msgspec.Struct):
    """The answer of `gate.decide`, and its place in the ledger."""

    admit: bool
    reason: str
    next_step: str
    heads: int
    warnings: tuple[str, ...]
    ledger_index: int


@post("/devices/check", status_code=200, request_max_body_size=LIMIT)
async def check(request: Request[Any, Any, Any], state: State) -> Response[Any]:
    """Check a pass and mark it as used; the header is `Authorization: Check DEVICE TIME SIGNATURE`."""
    asked = _asked(request.headers.get("authorization", ""), await request.body())
    gate, commit = state.get("online") or _open(request, state)
    if asked.words:
        asked = await asyncio.to_thread(gate.try_words, asked)
    answer = await commit.answer(asked)
    if isinstance(answer, Refusal):
        return refused(answer)
    made = answer.decision
    out = CheckOut(made.admit, made.reason, made.next_step, made.heads, made.warnings, answer.ledger_index)
    return Response(msgspec.json.encode(out), media_type=JSON)


def _open(request: Request[Any, Any, Any], state: State) -> tuple[OnlineGate, GroupCommit[Ask, Answer | Refusal]]:
    gate = OnlineGate(running(request).node)
    state["online"] = gate, GroupCommit(gate.answer_all)
    found: tuple[OnlineGate, GroupCommit[Ask, Answer | Refusal]] = state["online"]
    return found


def _asked(header: str, body: bytes) -> Ask:
    parts = header.split()
    if len(parts) != 4 or parts[0] != "Check" or not parts[2].isdecimal() or len(parts[3]) != 128:
        raise BadInput("bad-request", where="Authorization", expected="Check DEVICE TIME SIGNATURE", seen=len(parts))
    try:
        signature = bytes.fromhex(parts[3])
    except ValueError:
        raise BadInput("bad-request", where="Authorization", expected="a signature in hex", seen=parts[3]) from None
    given: CheckIn = read_body(CheckIn, body)
    if not 0 < len(given.id) <= LONGEST_ID:
        raise BadInput("bad-request", where="id", expected=f"1 to {LONGEST_ID} characters", seen=len(given.id))
    return Ask(given.id, parts[1], int(parts[2]), body, signature, given.text, given.heads, given.words, given.document)
