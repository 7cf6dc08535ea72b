"""One pass checked at once over HTTP, for a gate that has a network; an enrolled device signs its question."""

import asyncio
from typing import Any, NamedTuple

import msgspec
from litestar import Litestar, Request, Response, post

from safeconduct.errors import BadInput, Refusal
from safeconduct.web.api.answers import read_body, refused
from safeconduct.web.api.group_commit import GroupCommit
from safeconduct.workflows.check_online import Answer, Ask, OnlineGate
from safeconduct.workflows.ports import Node

LIMIT = 4_096  # bytes of one question
LONGEST_ID = 64
JSON = "application/json"
ONLINE = "online"
MOST = 32  # questions a transaction: while one group is stored, the signatures of another are checked
encode = msgspec.json.encode


class Online(NamedTuple):
    """The state of the answers, and the threads that give them."""

    gate: OnlineGate
    commit: GroupCommit[Ask, Answer | Refusal]


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
async def check(request: Request[Any, Any, Any]) -> Response[Any]:
    """Check a pass and mark it as used; the header is `Authorization: Check DEVICE TIME SIGNATURE`."""
    asked = asked_of(request.headers.get("authorization", ""), await request.body())
    made = await answer(request.app, asked)
    return refused(made) if isinstance(made, Refusal) else Response(written(made), media_type=JSON)


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
    return Online(gate, GroupCommit(gate.answer_all, threads=2, most=MOST))


def asked_of(header: str, body: bytes) -> Ask:
    """Read a question.

    Raises:
        BadInput: `bad-request`.
    """
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
