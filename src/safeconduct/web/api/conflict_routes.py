"""The pages of conflicts between device logs and of batch keys, and what their forms do."""

from dataclasses import asdict
from typing import Any

from litestar import Response, get, post

from safeconduct.errors import Refusal
from safeconduct.web.api.form_parts import Form, Req, acted, html, note_of
from safeconduct.web.api.guards import operator, operator_of, running
from safeconduct.web.api.page_routes import page_of
from safeconduct.web.pages.conflicts_page import render_batches, render_conflicts
from safeconduct.web.pages.inbox_page import Said
from safeconduct.workflows.batch_limits import Limits
from safeconduct.workflows.count_passage import count_by_issuer
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.resolve_conflict import resolve_conflict
from safeconduct.workflows.rotate_batch import rotate_batch
from safeconduct.workflows.show_batches import show_batches
from safeconduct.workflows.show_conflicts import show_conflicts
from safeconduct.workflows.withdraw_batch import withdraw_batch

GUARDS = [operator]


@get("/conflicts", sync_to_thread=True, guards=GUARDS)
def conflicts_page(request: Req) -> Response[str]:
    """Return conflicts between device logs, with their places and times, and the count by issuer."""
    return _conflicts(request, note_of(request))


@post("/conflicts", sync_to_thread=True, guards=GUARDS, status_code=200)
def conflicts_resolve(request: Req, data: Form) -> Response[Any]:
    """Record what an officer decides about a conflict, by name of the office and with a reason."""
    about = data.get("conflict", "")

    def act() -> object:
        node = running(request).node
        outcome, reason = data.get("outcome", ""), data.get("reason", "")
        return resolve_conflict(node, about, outcome, reason=reason, by=operator_of(request))

    return acted(about, data, act, lambda said: _conflicts(request, said), "/conflicts", "decided")


@get("/conflicts/data", sync_to_thread=True, guards=GUARDS)
def conflicts_data(request: Req) -> Response[dict[str, Any]]:
    """Return the conflicts and the count by issuer as data."""
    node = running(request).node
    view = show_conflicts(node)
    return Response({**asdict(view), "people": asdict(count_by_issuer(node))})


def _conflicts(request: Req, said: Said) -> Response[str]:
    node = running(request).node
    return html(render_conflicts(show_conflicts(node), count_by_issuer(node), page_of(request), said))


@get("/batches", sync_to_thread=True, guards=GUARDS)
def batches_page(request: Req) -> Response[str]:
    """Return the batch keys with their limits and use, and how the root key is kept."""
    return _batches(request, note_of(request))


@post("/batches/rotate", sync_to_thread=True, guards=GUARDS, status_code=200)
def batches_rotate(request: Req, data: Form) -> Response[Any]:
    """Make the next batch as wide as the agreement, and publish the bundle that knows it."""

    def act() -> object:
        node = running(request).node
        limits = Limits(spoken=data.get("spoken") == "yes")
        made = rotate_batch(node, limits, reason=data.get("reason", "") or "rotation", by=operator_of(request))
        return made if isinstance(made, Refusal) else publish_bundle(node)

    return acted("rotate", data, act, lambda said: _batches(request, said), "/batches", "rotated")


@post("/batches/withdraw", sync_to_thread=True, guards=GUARDS, status_code=200)
def batches_withdraw(request: Req, data: Form) -> Response[Any]:
    """Void every pass of a batch, and publish the bundle that says so."""
    batch = data.get("batch", "")

    def act() -> object:
        node = running(request).node
        made = withdraw_batch(node, batch, reason=data.get("reason", ""), by=operator_of(request))
        return made if isinstance(made, Refusal) else publish_bundle(node)

    return acted(batch, data, act, lambda said: _batches(request, said), "/batches", "withdrawn")


def _batches(request: Req, said: Said) -> Response[str]:
    return html(render_batches(show_batches(running(request).node), page_of(request), said))
