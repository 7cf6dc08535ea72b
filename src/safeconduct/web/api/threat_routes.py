"""Threat level, crowds, places and holds: the pages' forms, and what reaches the gates."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from litestar import Response, get, post

from safeconduct.alerts.sites import Site
from safeconduct.alerts.sites import to_json as site_json
from safeconduct.alerts.standing import GUARD_ADVICE
from safeconduct.errors import BadInput
from safeconduct.web.api.form_parts import Form, Req, acted, html, micro, note_of, number, text_of
from safeconduct.web.api.guards import acting, operator, running
from safeconduct.web.api.page_routes import page_of
from safeconduct.web.pages.inbox_page import (
    Said,
    render_threat,
)
from safeconduct.workflows.gate_advice import note_told, register_site, report_crowd
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.show_threat import show_threat
from safeconduct.workflows.standing_level import set_level

GUARDS = [operator]
HOUR = 3_600


@get("/threat", sync_to_thread=True, guards=GUARDS)
def threat_page(request: Req) -> Response[str]:
    """Return the standing threat level, and what reaches each gate."""
    return _threat(request, note_of(request))


@get("/api/threat", sync_to_thread=True, guards=GUARDS)
def threat_data(request: Req) -> Response[Any]:
    """Return the threat level and what reaches each gate as data."""
    return Response(asdict(show_threat(running(request).node)))


def _threat(request: Req, said: Said) -> Response[str]:
    return html(render_threat(show_threat(running(request).node), page_of(request), said))


def _threat_form(
    request: Req, form: str, data: Mapping[str, str], act: Callable[[], object], done: str = ""
) -> Response[Any]:
    return acted(form, data, act, lambda said: _threat(request, said), "/threat", done or form)


@post("/threat/level", sync_to_thread=True, guards=GUARDS, status_code=200)
def threat_level(request: Req, data: Form) -> Response[Any]:
    """Set the standing threat level."""
    node = running(request).node

    def act() -> object:
        until = node.clock.now() + (number(data, "hours") or 0) * HOUR
        advice = tuple(key for key in GUARD_ADVICE if data.get(f"advice-{key}"))
        reasons = text_of(data, "reasons") or ""
        return set_level(
            node, level=data.get("level", ""), advice=advice, by=acting(request).office, reasons=reasons, until=until
        )

    return _threat_form(request, "level", data, act)


@post("/threat/crowd", sync_to_thread=True, guards=GUARDS, status_code=200)
def threat_crowd(request: Req, data: Form) -> Response[Any]:
    """Report how full it is at a control point."""
    node = running(request).node
    act = lambda: report_crowd(node, data.get("point", ""), data.get("level", ""), acting(request).office)  # noqa: E731
    return _threat_form(request, "crowd", data, act)


@post("/threat/place", sync_to_thread=True, guards=GUARDS, status_code=200)
def threat_place(request: Req, data: Form) -> Response[Any]:
    """Register an assembly site, or say where a control point is."""
    node = running(request).node

    def act() -> object:
        near = {data["gate"]: number(data, "metres") or 0} if data.get("gate") else {}
        users = tuple(dict.fromkeys(line.strip() for line in data.get("users", "").splitlines() if line.strip()))
        site = Site(
            data.get("id", "").strip(), data.get("kind", ""), text_of(data, "name") or "", micro(data, "lat"),
            micro(data, "lon"), near, users,
        )  # fmt: skip
        return register_site(node, site_json(site))

    return _threat_form(request, "place", data, act)


@post("/threat/told", sync_to_thread=True, guards=GUARDS, status_code=200)
def threat_told(request: Req, data: Form) -> Response[Any]:
    """Record that those who use a place were told of a warning."""
    node = running(request).node
    act = lambda: note_told(node, data.get("place", ""), data.get("release", ""), acting(request).office)  # noqa: E731
    return _threat_form(request, "told", data, act)


@post("/threat/hold", sync_to_thread=True, guards=GUARDS, status_code=200)
def threat_hold(request: Req, data: Form) -> Response[Any]:
    """Put a control point on hold, or open it again, with a new bundle."""
    node = running(request).node

    def act() -> object:
        state = data.get("state", "")
        if state not in ("hold", "open"):
            raise BadInput("bad-choice", where="state", expected="hold or open", seen=state)
        return publish_bundle(node, states={data.get("point", ""): state})

    return _threat_form(request, "hold", data, act, "published")


@post("/threat/publish", sync_to_thread=True, guards=GUARDS, status_code=200)
def threat_publish(request: Req) -> Response[Any]:
    """Send the advice to the gates now, with a new bundle."""
    node = running(request).node
    return _threat_form(request, "publish", {}, lambda: publish_bundle(node), "published")
