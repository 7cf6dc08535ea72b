"""The operator of one node, over HTTP; a node that died is started again and the call repeated.

Every call is safe to repeat: workflows answer a retry as they answered before.
"""

import json
from typing import Any

import httpx

from safeconduct.errors import SafeconductError
from safeconduct.replay.processes import NodeProcess

TRIES = 6


class Operator:
    """Calls to one node."""

    def __init__(self, node: NodeProcess) -> None:
        self.node = node
        self._http = httpx.Client(base_url=node.url, timeout=120.0)

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Call and return the answer, whatever its status; start the node again when it is gone.

        Raises:
            SafeconductError: `node-down`, after some tries.
        """
        last: Exception | None = None
        for _ in range(TRIES):
            try:
                return self._http.request(method, path, **options)
            except httpx.TransportError as error:
                last = error
                self.node.ensure_answers()
        raise SafeconductError("node-down", f"{self.node.folder}: {last!r}")

    def post(self, path: str, body: Any = None, *, raw: bytes | None = None) -> Any:
        """Post JSON (or bytes) and return the answer's JSON.

        Raises:
            SafeconductError: the node refused or failed; with its one line.
        """
        content = raw if raw is not None else (b"" if body is None else json.dumps(body).encode())
        return self._json(self.call("POST", path, content=content), path)

    def get(self, path: str) -> Any:
        """Get JSON."""
        return self._json(self.call("GET", path), path)

    def _json(self, answer: httpx.Response, path: str) -> Any:
        if answer.status_code >= 300:
            try:
                data = answer.json()
            except ValueError:
                data = {}
            code = str(data.get("refused") or data.get("error") or answer.status_code)
            raise SafeconductError(code, f"{self.node.config.party} {path}: {data.get('message', answer.text[:200])}")
        return answer.json()

    def move_clock(self, at: int) -> None:
        """Move the exercise's clock."""
        self.post("/api/exercise/clock", {"now": at})

    def settle(self, partner: "Operator") -> None:
        """Deliver all that is due to the partner, and have the head cosigned; a partner that died is started again.

        Raises:
            SafeconductError: `partner-unreachable`, after some tries.
        """
        for left in reversed(range(TRIES)):
            try:
                self.post("/api/exchange")
            except SafeconductError as error:
                if error.code != "partner-unreachable" or not left:
                    raise
                partner.node.ensure_answers()
            else:
                return
