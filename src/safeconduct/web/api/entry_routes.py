"""Typed entries over HTTP: record them, list them with what is due.

Two handlers share one path, so both are coroutines that go to a thread themselves: Litestar 2 registers the first
handler of a shared path twice, and one with `sync_to_thread` is then wrapped twice and never runs.
"""

from dataclasses import asdict
from typing import Any

from litestar import Request, Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.params import FromQuery, RawBody

from safeconduct.web.api.guards import operator, running
from safeconduct.workflows.ports import Node
from safeconduct.workflows.read_entries import follow_ups, list_entries, silent_days
from safeconduct.workflows.record_entries import record_entries

GUARDS = [operator]
Req = Request[Any, Any, Any]


@get("/api/entries", guards=GUARDS)
async def entries(
    request: Req, kind: FromQuery[str | None] = None, since: FromQuery[str | None] = None
) -> Response[Any]:
    """Return recorded entries, of one kind or from one day on if asked, and what is due."""
    return Response(await sync_to_thread(_listed, running(request).node, kind, since))


@post("/api/entries", guards=GUARDS, status_code=200, request_max_body_size=8 << 20)
async def add_entries(request: Req, body: RawBody) -> Response[Any]:
    """Record one entry or a list of them."""
    made = await sync_to_thread(record_entries, running(request).node, body)
    return Response({"entries": [asdict(one) for one in made]})


def _listed(node: Node, kind: str | None, since: str | None) -> dict[str, Any]:
    with node.store.reading() as tx:
        return {
            "entries": [asdict(one) for one in list_entries(tx, kind, since)],
            "due": [asdict(one) for one in follow_ups(node, tx)],
            "days_without_contact": silent_days(node, tx),
        }
