"""Checks a pass for a gate with a network before the framework would; see `check_routes`, which answers the rest."""

from typing import Any

from litestar import Litestar
from litestar.types import Receive

from safeconduct.errors import SafeconductError
from safeconduct.web.api.online import ONLINE
from safeconduct.web.api.question import LIMIT

CHECK = "/devices/check"
_HEADERS = [(b"content-type", b"application/json")]


class Body:
    """A request's body, which can be read and then given again to who reads it from the start."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._messages: list[Any] = []

    async def read(self, most: int) -> bytes | None:
        """Return the body, None if it is longer than `most` bytes or its sender has gone."""
        parts: list[bytes] = []
        while True:
            message: Any = await self._receive()
            self._messages.append(message)
            if message["type"] != "http.request":
                return None
            parts.append(message.get("body", b""))
            if sum(map(len, parts)) > most:
                return None
            if not message.get("more_body", False):
                return b"".join(parts)

    async def again(self) -> Any:
        """Give the messages that were read, in their order; then those that follow."""
        return self._messages.pop(0) if self._messages else await self._receive()


async def quick_check(app: Litestar, scope: Any, body: Body) -> tuple[list[tuple[bytes, bytes]], bytes] | None:
    """Return the answer's own headers and body; None for whatever is no plain answer.

    The same question again gets the same answer and counts once, so that the routes may ask it again.
    """
    header = b",".join(value for name, value in scope["headers"] if name == b"authorization")
    content = await body.read(LIMIT)
    if content is None:
        return None
    try:
        made = await app.state[ONLINE].answer_raw(header, content)
    except SafeconductError:
        return None
    return None if made is None else (_HEADERS, made)
