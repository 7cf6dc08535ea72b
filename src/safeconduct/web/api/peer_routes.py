"""What the partner's node calls; every envelope proves itself by its signatures."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import RawBody

from safeconduct.errors import BadInput
from safeconduct.ledger.note import parse_vkey, sign_checkpoint
from safeconduct.seal.canonical import decode_cbor, encode_cbor
from safeconduct.web.api.guards import running
from safeconduct.workflows.cosign_head import witness_head
from safeconduct.workflows.receive_envelope import receive_envelope

MEDIA_TYPE = "application/cbor"
LIMIT = 32 << 20  # bytes of one request
MOST = 50  # envelopes a request


@post("/peer/envelopes", sync_to_thread=True, status_code=200, request_max_body_size=LIMIT)
def take_envelopes(request: Request[Any, Any, Any], body: RawBody) -> Response[bytes]:
    """Take in envelopes in their order; the answer has [status, code, ledger index] for each."""
    node = running(request).node
    wires = decode_cbor(body, where="request", limit=LIMIT)
    if not isinstance(wires, list) or len(wires) > MOST or not all(isinstance(w, bytes) for w in wires):
        raise BadInput("bad-request", where="request", expected=f"up to {MOST} envelopes", seen=type(wires).__name__)
    answers = []
    for wire in wires:
        taken = receive_envelope(node, wire)
        answers.append([taken.status, taken.code, taken.index])
    return Response(encode_cbor(answers), media_type=MEDIA_TYPE)


@post("/witness/add-checkpoint", sync_to_thread=True, request_max_body_size=1 << 18)
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
