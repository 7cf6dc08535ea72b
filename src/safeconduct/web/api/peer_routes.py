"""What the partner's node calls: signed by its key, and every envelope proves itself by its own signatures besides."""

from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromQuery, RawBody

from safeconduct.errors import BadInput, Refusal, SafeconductError
from safeconduct.ledger.note import parse_vkey, sign_checkpoint
from safeconduct.seal.canonical import decode_cbor, encode_cbor
from safeconduct.web.api.answers import status_of
from safeconduct.web.api.guards import running
from safeconduct.web.api.peer_auth import partner
from safeconduct.workflows.cosign_head import witness_head
from safeconduct.workflows.inventory import send_again, state_inventory
from safeconduct.workflows.receive_envelope import receive_envelopes

MEDIA_TYPE = "application/cbor"
PROBLEM = "application/problem+json"
LIMIT = 32 << 20  # bytes of one request
MOST = 50  # envelopes a request
MOST_DIGESTS = 1_000
GUARDS = [partner]


def as_problem(_request: Request[Any, Any, Any], error: SafeconductError) -> Response[bytes]:
    """Answer with RFC 9457 problem details that name the field."""
    status = status_of(error)
    told: dict[str, Any] = {"type": "about:blank", "title": error.code, "status": status, "detail": str(error)}
    if isinstance(error, BadInput):
        told["field"] = error.where
    return Response(msgspec.json.encode(told), status_code=status, media_type=PROBLEM)


PROBLEMS: Any = {SafeconductError: as_problem}


@post(
    "/peer/envelopes", sync_to_thread=True, status_code=200, request_max_body_size=LIMIT, guards=GUARDS,
    exception_handlers=PROBLEMS,
)  # fmt: skip
def take_envelopes(request: Request[Any, Any, Any], body: RawBody) -> Response[bytes]:
    """Take in envelopes in whatever order; the answer has [status, code, ledger index, field] for each."""
    node = running(request).node
    wires = decode_cbor(body, where="request", limit=LIMIT)
    if not isinstance(wires, list) or len(wires) > MOST or not all(isinstance(w, bytes) for w in wires):
        raise BadInput("bad-request", where="request", expected=f"up to {MOST} envelopes", seen=type(wires).__name__)
    answers = [[one.status, one.code, one.index, one.field] for one in receive_envelopes(node, wires)]
    return Response(encode_cbor(answers), media_type=MEDIA_TYPE)


@get("/peer/inventory", sync_to_thread=True, guards=GUARDS, exception_handlers=PROBLEMS)
def inventory(request: Request[Any, Any, Any], after: FromQuery[int] = -1) -> Response[bytes]:
    """Return this node's signed statement of what it sent to the caller and took in from it."""
    made = state_inventory(running(request).node, after)
    if isinstance(made, Refusal):
        raise SafeconductError(made.code, str(made))
    return Response(made, media_type=MEDIA_TYPE)


@post(
    "/peer/again", sync_to_thread=True, status_code=200, request_max_body_size=1 << 20, guards=GUARDS,
    exception_handlers=PROBLEMS,
)  # fmt: skip
def again(request: Request[Any, Any, Any], body: RawBody) -> Response[bytes]:
    """Queue envelopes again that the caller lacks, by their digests; the answer is how many there are."""
    digests = decode_cbor(body, where="request")
    good = isinstance(digests, list) and len(digests) <= MOST_DIGESTS
    if not good or not all(isinstance(d, bytes) and len(d) == 32 for d in digests):
        raise BadInput("bad-request", where="request", expected=f"up to {MOST_DIGESTS} digests of 32 bytes",
                       seen=type(digests).__name__)  # fmt: skip
    found = running(request)
    number = send_again(found.node, digests)
    if found.courier is not None:
        found.courier.wake()
    return Response(encode_cbor(number), media_type=MEDIA_TYPE)


@post("/witness/add-checkpoint", sync_to_thread=True, request_max_body_size=1 << 18, guards=GUARDS)
def add_checkpoint(request: Request[Any, Any, Any], body: RawBody) -> Response[str]:
    """Cosign the partner's head (C2SP tlog-witness)."""
    try:
        answer = witness_head(running(request).node, body)
    except BadInput as error:
        return Response(f"{error}\n", status_code=400, media_type="text/plain")
    return Response(answer.body, status_code=answer.status, media_type=answer.content_type)


@get("/log/checkpoint", sync_to_thread=True)
def log_checkpoint(request: Request[Any, Any, Any]) -> Response[str]:
    """Return this node's newest signed head."""
    node = running(request).node
    with node.store.reading() as tx:
        origin = parse_vkey(node.card.log_vkey).name
        note = sign_checkpoint(origin, tx.ledger.size(), tx.ledger.root(), node.vault.log())
    return Response(note, media_type="text/plain; charset=utf-8")
