"""The node's web application: routes, static files, headers; served by granian from `serve` or `from_environment`."""

import gc
import os
from collections.abc import Callable
from inspect import isawaitable
from pathlib import Path
from typing import Any

from litestar import Litestar, Request, Response
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.openapi.config import OpenAPIConfig
from litestar.static_files import create_static_files_router

import safeconduct
from safeconduct.config import NodeConfig, load_config
from safeconduct.errors import NodeUnavailable
from safeconduct.web.api import (
    agreement_routes,
    cap_routes,
    carry_routes,
    check_routes,
    conflict_routes,
    device_routes,
    entry_routes,
    exchange_routes,
    import_routes,
    inbox_routes,
    liaison_routes,
    movement_routes,
    operator_routes,
    page_routes,
    paper_routes,
    peer_routes,
    reach_routes,
    review_routes,
    scanner_routes,
    tally_routes,
    taxii_routes,
    threat_routes,
    traveller_routes,
    trust_routes,
    warning_routes,
)
from safeconduct.web.api.answers import on_error
from safeconduct.web.api.front import Front
from safeconduct.web.api.online import ONLINE, Online
from safeconduct.web.api.opening import Opening
from safeconduct.web.api.peer_auth import PeerSignatures
from safeconduct.web.api.posts import POSTS, Posts
from safeconduct.web.api.taxii_access import Pace
from safeconduct.web.api.taxii_answers import PACE
from safeconduct.web.api.tls_start import TLS_OWN, keep_renewed, offer_trust, start_trust, tls_files
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
STOPPING = 20  # seconds that a worker has to finish what it has begun, at a stop and when a certificate is renewed
ROUTES = [
    page_routes.room, page_routes.room_fragment, page_routes.try_fragment, page_routes.version,
    page_routes.incidents_page, page_routes.incident_page, page_routes.incident_export, agreement_routes.agreement_page,
    page_routes.decide, page_routes.sign_in_page, page_routes.sign_in, page_routes.sign_out,
    device_routes.get_bundle, device_routes.post_segment, check_routes.check,
    check_routes.check_session,
    scanner_routes.scanner_file, scanner_routes.scanner_time,
    scanner_routes.scanner_claim, scanner_routes.devices_page, scanner_routes.devices_invite,
    scanner_routes.devices_decide, scanner_routes.devices_events, carry_routes.device_used, carry_routes.device_key,
    carry_routes.devices_read,
    peer_routes.take_envelopes, peer_routes.add_checkpoint, peer_routes.log_checkpoint,
    peer_routes.inventory, peer_routes.again,
    operator_routes.card, operator_routes.add_party, operator_routes.propose_agreement,
    operator_routes.accept_agreement, operator_routes.import_register, operator_routes.issue, operator_routes.revoke,
    operator_routes.bundle, operator_routes.enrol, operator_routes.report, operator_routes.release,
    operator_routes.answer, operator_routes.incidents, operator_routes.departures, operator_routes.room_data,
    agreement_routes.agreement, agreement_routes.agreement_state, agreement_routes.agreement_term,
    agreement_routes.agreement_export, agreement_routes.agreement_propose, agreement_routes.agreement_accept,
    agreement_routes.agreement_change, agreement_routes.agreement_follow, agreement_routes.agreement_close,
    agreement_routes.agreement_new_terms,
    liaison_routes.liaison_page, liaison_routes.liaison_act, liaison_routes.liaison, liaison_routes.liaison_do,
    movement_routes.movements_page, movement_routes.movements_act, movement_routes.movements,
    movement_routes.movements_do,
    operator_routes.evidence, operator_routes.exchange, operator_routes.set_clock, operator_routes.health,
    entry_routes.entries, entry_routes.add_entries, exchange_routes.exchange_page, exchange_routes.exchange_now,
    conflict_routes.conflicts_page, conflict_routes.conflicts_resolve, conflict_routes.conflicts_data,
    trust_routes.trust_page, trust_routes.trust_certificate, trust_routes.trust_profile, trust_routes.trust_style,
    trust_routes.trust_room,
    conflict_routes.batches_page, conflict_routes.batches_rotate, conflict_routes.batches_withdraw,
    cap_routes.cap_feed, cap_routes.cap_alert, cap_routes.release_file,
    import_routes.drafts_page, import_routes.drafts_import, import_routes.draft_set_aside, import_routes.draft_original,
    review_routes.review_page, review_routes.review_decide, review_routes.review_relation,
    review_routes.review_published, review_routes.review_sources,
    warning_routes.warnings_page, warning_routes.shares, warning_routes.report_form, warning_routes.report_enter,
    warning_routes.draft_page, warning_routes.draft_decide, warning_routes.approvals_page,
    warning_routes.approval_decide, warning_routes.release_page, warning_routes.release_withdraw,
    warning_routes.policies_page, warning_routes.acting_page, warning_routes.acting_choose,
    taxii_routes.taxii_discovery, taxii_routes.taxii_root, taxii_routes.taxii_status, taxii_routes.taxii_collections,
    taxii_routes.taxii_collection, taxii_routes.taxii_manifest, taxii_routes.taxii_objects, taxii_routes.taxii_add,
    taxii_routes.taxii_object, taxii_routes.taxii_delete, taxii_routes.taxii_versions,
    inbox_routes.inbox_page, inbox_routes.inbox_data, inbox_routes.inbox_release_page,
    inbox_routes.inbox_acknowledge, inbox_routes.inbox_assign, inbox_routes.inbox_action,
    inbox_routes.inbox_outcome, reach_routes.reach_page, reach_routes.release_link,
    reach_routes.release_link_revoke, reach_routes.release_heard, reach_routes.sheet_page,
    reach_routes.sheet_file, reach_routes.read_out_text, reach_routes.link_page, reach_routes.link_answer,
    threat_routes.threat_page, threat_routes.threat_data, threat_routes.threat_level, threat_routes.threat_crowd,
    threat_routes.threat_place, threat_routes.threat_told, threat_routes.threat_hold,
    threat_routes.threat_publish,
    paper_routes.passes_page, paper_routes.passes_issue, paper_routes.passes_print, paper_routes.passes_reissue,
    tally_routes.tally_page, tally_routes.tally_make, tally_routes.tally_sheet_page, tally_routes.tally_key_in,
    traveller_routes.tell_page, traveller_routes.tell_take, traveller_routes.tell_more, traveller_routes.alleged_page,
    paper_routes.revocations_page, paper_routes.revocations_pdf, paper_routes.revocations_file,
]  # fmt: skip


def create_app(running: Running) -> Litestar:
    """Return the application of one node."""
    online, posts = Online(running), Posts(running)

    def start() -> None:
        if running.courier is not None:
            running.courier.start()

    def stop() -> None:
        if running.courier is not None:
            running.courier.stop()
        online.stop()
        posts.stop()
        close_node(running.node)

    return Litestar(
        route_handlers=[*ROUTES, create_static_files_router(path="/static", directories=[STATIC])],
        state=State(
            {
                "running": running,
                PACE: Pace(),
                device_routes.OPENING: Opening(),
                ONLINE: online,
                POSTS: posts,
            }
        ),
        exception_handlers={Exception: on_error},
        on_startup=[start],
        on_shutdown=[stop],
        middleware=[PeerSignatures],
        after_request=_with_headers,
        after_response=_wake_courier,
        compression_config=CompressionConfig(backend="gzip", minimum_size=2_000, exclude_opt_key="no_gzip"),
        openapi_config=OpenAPIConfig(title="safeconduct node", version=safeconduct.__version__, path="/api/schema"),
        logging_config=None,
    )


async def _with_headers(response: Response[Any]) -> Response[Any]:
    if isawaitable(response):  # litestar 2.25 puts the first of two handlers of one path into a thread twice
        response = await response
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


async def _wake_courier(request: Request[Any, Any, Any]) -> None:
    """Let what a request queued go to the partner at once."""
    courier = request.app.state["running"].courier
    if courier is not None and request.method not in {"GET", "HEAD"}:
        courier.wake()


def from_environment() -> Front:
    """Return the application of the node that `SAFECONDUCT_NODE` names; granian's worker calls this."""
    config = load_config(Path(os.environ[CONFIG_VARIABLE]))
    front = Front(create_app(start_node(config)), HEADERS)
    start_trust(config)
    keep_renewed(config)
    gc.freeze()  # what stays is looked through no more: that took 60 to 90 ms, in which nobody was answered
    return front


def serve(
    path: Path,
    ready: Callable[[NodeConfig], None],
    change: Callable[[NodeConfig], NodeConfig] = lambda held: held,
) -> None:
    """Serve a node until it is stopped; `ready` is called once it is known to be usable.

    Args:
        path: the node's folder.
        ready: is told the settings in use.
        change: what the command line says otherwise than the settings file.

    Raises:
        NodeUnavailable: the node cannot be opened, or a port is in use; nothing was started.
        BadInput: settings or TLS files that cannot be.
    """
    from granian import Granian  # noqa: PLC0415  (a large import that only a server needs)
    from granian.constants import Interfaces  # noqa: PLC0415

    config = change(load_config(path))
    tls = tls_files(config)
    close_node(start_node(config).node)  # says what is wrong in one line, before any worker starts
    os.environ[CONFIG_VARIABLE] = str(path)
    os.environ[TLS_OWN] = "yes" if config.tls == "own" else ""
    offer_trust(config)
    ready(config)
    try:
        Granian(
            "safeconduct.web.api.app:from_environment", factory=True, address=config.host, port=config.port,
            interface=Interfaces.ASGI, workers=1, log_enabled=False, websockets=False, backpressure=256,
            ssl_cert=tls.certificate if tls else None, ssl_key=tls.key if tls else None, respawn_interval=0,
            workers_kill_timeout=STOPPING,
        ).serve()  # fmt: skip
    except OSError as error:
        raise NodeUnavailable("port-in-use", f"{config.host}:{config.port}: {error}") from None
