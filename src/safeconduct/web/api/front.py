"""Answers the two questions that come by the thousand before the framework does; all else goes on to it.

Finding the route and making the framework's request and answer take longer than reading a page of TAXII objects or
checking a pass (`docs/decisions/0011`). What is refused, for any reason, goes on as well: the routes say why.
"""

from collections.abc import Mapping
from typing import Any

from litestar import Litestar
from litestar.types import Receive, Scope, Send

from safeconduct.web.api.quick_check import CHECK, Body, quick_check
from safeconduct.web.api.taxii_pages import quick_page

Headers = list[tuple[bytes, bytes]]


class Front:
    """ASGI application in front of the node's own."""

    def __init__(self, app: Litestar, headers: Mapping[str, str]) -> None:
        """Stand before `app`; every answer bears `headers`."""
        self._app = app
        self._headers: Headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer at once, or let the application answer."""
        found, method = None, scope.get("method")
        if method == "GET":
            found = quick_page(self._app.state, scope)
        elif method == "POST" and scope["path"] == CHECK:
            body = Body(receive)
            receive = body.again
            found = await quick_check(self._app, scope, body)
        if found is None:
            await self._app(scope, receive, send)
            return
        own, content = found
        length = (b"content-length", str(len(content)).encode())
        start: Any = {"type": "http.response.start", "status": 200, "headers": [*self._headers, *own, length]}
        await send(start)
        await send({"type": "http.response.body", "body": content, "more_body": False})
