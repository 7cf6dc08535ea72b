"""Who of the other parties speaks: requests signed by a party's key, and answers signed by ours (spec/envelope.md).

The middleware checks each request that carries such a signature, whatever its path, and signs its answer. The paths
that only nodes call are closed to requests without one; elsewhere (TAXII, for other people's clients) other proofs
may count, which the routes themselves decide.
"""

from typing import Any

import msgspec
import structlog
from anyio.to_thread import run_sync
from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from safeconduct.errors import Refusal, SafeconductError
from safeconduct.exchange.signed_http import Answer, Nonces, Request, check_request, sign_answer
from safeconduct.workflows.count_refusals import count_refused
from safeconduct.workflows.ports import Node

CLOSED = ("/peer/", "/witness/")  # for nodes only
LIMIT = 40 << 20  # bytes of a signed request
PROBLEM = b"application/problem+json"
PARTY = "safeconduct-party"
_EACH = 100  # refused requests of strangers that are counted in memory before the count is stored
log = structlog.get_logger()


def party_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str | None:
    """Return the party whose key signed this request, None if none did."""
    party = connection.scope.get("state", {}).get(PARTY)
    return str(party) if party else None


def partner(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Let the other party's node through.

    Raises:
        NotAuthorizedException: the request is not signed by a party's key.
    """
    if party_of(connection) is None:
        raise NotAuthorizedException("only for the other party's node: sign the request with the status key")


class PeerSignatures:
    """ASGI middleware: checks signed requests, signs their answers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._nonces = Nonces()
        self._strangers = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is signed rightly, or not signed and open to others; answer the rest with 401."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope.get("headers", [])}
        signed = 'tag="safeconduct-request"' in headers.get("signature-input", "")
        if scope["type"] != ScopeType.HTTP or not (signed or scope["path"].startswith(CLOSED)):
            await self.app(scope, receive, send)
            return
        node: Node = scope["litestar_app"].state["running"].node
        body = await _read(receive)
        if body is None:
            await _problem(send, 413, "too-large", f"a request of at most {LIMIT} bytes")
            return
        query = scope.get("query_string", b"").decode("latin-1")
        raw = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1").partition("?")[0]
        url = f"http://{headers.get('host') or 'node'}{raw}" + (f"?{query}" if query else "")
        request = Request(scope["method"], url, headers)
        found = await run_sync(check_request, node, request, body, self._nonces)
        if isinstance(found, Refusal):
            await run_sync(self._refused, node, scope["path"], found)
            await _problem(send, 401, found.code, str(found))
            return
        scope.setdefault("state", {})[PARTY] = found
        await self._answer(scope, body, send, node, request)

    async def _answer(self, scope: Scope, body: bytes, send: Send, node: Node, request: Request) -> None:
        """Let the route answer, and sign what it says."""
        start: dict[str, Any] = {}
        chunks: list[bytes] = []

        async def once() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            elif message["type"] == "http.response.body":
                chunks.append(message["body"])

        scope["headers"] = [pair for pair in scope["headers"] if pair[0].lower() != b"accept-encoding"]
        await self.app(scope, once, keep)
        content = b"".join(chunks)
        answer = Answer(start["status"], {}, request)
        try:
            await run_sync(sign_answer, node, answer, content)
        except SafeconductError as error:
            await _problem(send, 503, error.code, f"this node cannot sign its answer: {error}")
            return
        added = [(name.lower().encode(), value.encode()) for name, value in answer.headers.items()]
        kept = [pair for pair in start["headers"] if pair[0].lower() != b"content-length"]
        start["headers"] = [*kept, *added, (b"content-length", str(len(content)).encode())]
        await send(start)  # type: ignore[arg-type]
        await send({"type": "http.response.body", "body": content, "more_body": False})

    def _refused(self, node: Node, path: str, refusal: Refusal) -> None:
        """Log a request that nobody signed rightly; of many only the first ones and their number."""
        log.warning("request not authenticated", path=path[:80], code=refusal.code, detail=refusal.detail[:120])
        self._strangers += 1
        if self._strangers > _EACH and self._strangers % _EACH:
            return
        times = 1 if self._strangers <= _EACH else _EACH
        told = Refusal(refusal.code, "")
        with node.store.transaction() as tx:
            count_refused(node, tx, sender="unknown", act="ask", subject=path[:80], refusal=told, times=times, each=3)


async def _read(receive: Receive) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    while True:
        message: Any = await receive()
        if message["type"] != "http.request":
            return b"".join(parts)
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > LIMIT:
            return None
        if not message.get("more_body", False):
            return b"".join(parts)


async def _problem(send: Send, status: int, code: str, detail: str) -> None:
    """Answer with RFC 9457 problem details, unsigned."""
    body = msgspec.json.encode({"type": "about:blank", "title": code, "status": status, "detail": detail})
    length = str(len(body)).encode()
    headers = [(b"content-type", PROBLEM), (b"content-length", length), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
