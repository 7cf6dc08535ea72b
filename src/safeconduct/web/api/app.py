"""The node's web application: routes, static files, headers; served by granian from `serve` or `from_environment`."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from litestar import Litestar, Response
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.openapi.config import OpenAPIConfig
from litestar.static_files import create_static_files_router

import safeconduct
from safeconduct.config import NodeConfig, load_config
from safeconduct.errors import NodeUnavailable
from safeconduct.web.api import (
    agreement_routes,
    device_routes,
    entry_routes,
    operator_routes,
    page_routes,
    peer_routes,
    review_routes,
)
from safeconduct.web.api.answers import on_error
from safeconduct.web.pages.render import STATIC
from safeconduct.wiring import Running, close_node, start_node

CONFIG_VARIABLE = "SAFECONDUCT_NODE"
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
ROUTES = [
    page_routes.room, page_routes.room_fragment, page_routes.try_fragment, page_routes.version,
    page_routes.incidents_page, page_routes.incident_page, page_routes.incident_export, page_routes.agreement_page,
    page_routes.release_page,
    page_routes.decide, page_routes.sign_in_page, page_routes.sign_in, page_routes.sign_out,
    device_routes.get_bundle, device_routes.post_segment,
    peer_routes.take_envelopes, peer_routes.add_checkpoint, peer_routes.log_checkpoint,
    operator_routes.card, operator_routes.add_party, operator_routes.propose_agreement,
    operator_routes.accept_agreement, operator_routes.import_register, operator_routes.issue, operator_routes.revoke,
    operator_routes.bundle, operator_routes.enrol, operator_routes.report, operator_routes.release,
    operator_routes.answer, operator_routes.incidents, operator_routes.departures, operator_routes.room_data,
    agreement_routes.agreement, agreement_routes.agreement_state, agreement_routes.agreement_term,
    operator_routes.evidence, operator_routes.exchange, operator_routes.set_clock, operator_routes.health,
    entry_routes.entries, entry_routes.add_entries,
    review_routes.review_page, review_routes.review_decide, review_routes.review_relation,
    review_routes.review_published, review_routes.review_sources,
]  # fmt: skip


def create_app(running: Running) -> Litestar:
    """Return the application of one node."""

    def start() -> None:
        if running.courier is not None:
            running.courier.start()

    def stop() -> None:
        if running.courier is not None:
            running.courier.stop()
        close_node(running.node)

    return Litestar(
        route_handlers=[*ROUTES, create_static_files_router(path="/static", directories=[STATIC])],
        state=State({"running": running}),
        exception_handlers={Exception: on_error},
        on_startup=[start],
        on_shutdown=[stop],
        after_request=_with_headers,
        compression_config=CompressionConfig(backend="gzip", minimum_size=2_000),
        openapi_config=OpenAPIConfig(title="safeconduct node", version=safeconduct.__version__, path="/api/schema"),
        logging_config=None,
    )


async def _with_headers(response: Response[Any]) -> Response[Any]:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def from_environment() -> Litestar:
    """Return the application of the node that `SAFECONDUCT_NODE` names; granian's worker calls this."""
    return create_app(start_node(load_config(Path(os.environ[CONFIG_VARIABLE]))))


def serve(path: Path, ready: Callable[[NodeConfig], None]) -> None:
    """Serve a node until it is stopped; `ready` is called once it is known to be usable.

    Raises:
        NodeUnavailable: the node cannot be opened, or its port is in use; nothing was started.
    """
    from granian import Granian  # noqa: PLC0415  (a large import that only a server needs)
    from granian.constants import Interfaces  # noqa: PLC0415

    config = load_config(path)
    close_node(start_node(config).node)  # says what is wrong in one line, before any worker starts
    os.environ[CONFIG_VARIABLE] = str(path)
    ready(config)
    try:
        Granian(
            "safeconduct.web.api.app:from_environment", factory=True, address=config.host, port=config.port,
            interface=Interfaces.ASGI, workers=1, log_enabled=False, websockets=False, backpressure=256,
        ).serve()  # fmt: skip
    except OSError as error:
        raise NodeUnavailable("port-in-use", f"{config.host}:{config.port}: {error}") from None
