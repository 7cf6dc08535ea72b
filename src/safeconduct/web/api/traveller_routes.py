"""The page for travellers, open to everybody and slow for whoever asks too often; the room's page of what they allege.

No address of a phone is stored or logged: it is counted in memory for ten minutes and forgotten.
"""

import time
from collections import deque
from datetime import UTC, date, datetime
from datetime import time as hour_of_day
from threading import Lock
from typing import Any

from litestar import Request, Response, get, post

from safeconduct.errors import BadInput, Refusal
from safeconduct.web.api.form_parts import Form, html
from safeconduct.web.api.guards import operator, running
from safeconduct.web.api.page_routes import page_of
from safeconduct.web.pages.tell_words import language_for
from safeconduct.web.pages.traveller_page import TellState, render_alleged, render_tell
from safeconduct.workflows.print_strips import local_zone, zone_of
from safeconduct.workflows.read_gates import read_harm
from safeconduct.workflows.traveller_report import (
    Told,
    add_to_report,
    can_keep_contact,
    read_alleged,
    take_report,
    withdraw_report,
)

Req = Request[Any, Any, Any]
FORM_BYTES = 1 << 15
WINDOW = 600.0  # seconds
MOST_EACH, MOST_ALL = 10, 300  # posts within a window, from one address and from all
MOST_ADDRESSES = 5_000


class Slow:
    """How often each address posted within the window; in memory only."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._asked: dict[str, deque[float]] = {}
        self._all: deque[float] = deque()

    def late(self, address: str) -> bool:
        """Count one post; whether it is one too many."""
        now = time.monotonic()  # paces only; no record bears this time
        with self._lock:
            for held in (self._all, *self._asked.values()):
                while held and now - held[0] >= WINDOW:
                    held.popleft()
            self._asked = {key: held for key, held in self._asked.items() if held}
            mine = self._asked.setdefault(address, deque())
            if len(mine) >= MOST_EACH or len(self._all) >= MOST_ALL or len(self._asked) > MOST_ADDRESSES:
                return True
            mine.append(now)
            self._all.append(now)
        return False


def _slow(request: Req) -> Slow:
    found = request.app.state.get("tell-slow")
    if not isinstance(found, Slow):
        found = Slow()
        request.app.state["tell-slow"] = found
    return found


@get("/tell", sync_to_thread=True)
def tell_page(request: Req) -> Response[str]:
    """Return the page on which a traveller says what was done, in the language that is asked for."""
    return _shown(request, _lang(request), TellState())


@post("/tell", sync_to_thread=True, status_code=200, request_max_body_size=FORM_BYTES)
def tell_take(request: Req, data: Form) -> Response[str]:
    """Take in what a traveller says; the answer shows the receipt, once."""
    lang = language_for(data.get("lang"), "")
    if _late(request):
        return _shown(request, lang, TellState(fault="slow", given=data), 429)
    try:
        receipt = take_report(running(request).node, _told(request, data))
    except BadInput as error:
        where = error.where if error.where in {"what", "point", "at", "by", "people", "text", "contact"} else "text"
        return _shown(request, lang, TellState(fault="fault", fields=(where,), given=data), 400)
    return _shown(request, lang, TellState(receipt=receipt, done="done"))


@post("/tell/more", sync_to_thread=True, status_code=200, request_max_body_size=FORM_BYTES)
def tell_more(request: Req, data: Form) -> Response[str]:
    """Add to a report, or withdraw it, by its receipt."""
    lang, node = language_for(data.get("lang"), ""), running(request).node
    if _late(request):
        return _shown(request, lang, TellState(fault="slow", given=data), 429)
    receipt, withdraw = data.get("receipt", "")[:40], data.get("act") == "withdraw"
    try:
        made = withdraw_report(node, receipt) if withdraw else add_to_report(node, receipt, data.get("text", ""))
    except BadInput:
        return _shown(request, lang, TellState(fault="fault", fields=("more",), given=data), 400)
    if isinstance(made, Refusal):
        fault = "fault-withdrawn" if made.code == "already-withdrawn-report" else "fault-receipt"
        return _shown(request, lang, TellState(fault=fault, given=data), 422)
    return _shown(request, lang, TellState(done="withdrawn" if withdraw else "added"))


@get("/alleged", sync_to_thread=True, guards=[operator])
def alleged_page(request: Req) -> Response[str]:
    """Return what travellers allege, by holder and control point, beside what devices logged."""
    node = running(request).node
    views, withdrawn = read_alleged(node)
    _, points = can_keep_contact(node)
    return html(render_alleged(views, withdrawn, read_harm(node), dict(points), page_of(request)))


def _late(request: Req) -> bool:
    return _slow(request).late(request.client.host if request.client else "")


def _lang(request: Req) -> str:
    return language_for(request.query_params.get("lang"), request.headers.get("accept-language", ""))


def _shown(request: Req, lang: str, state: TellState, status: int = 200) -> Response[str]:
    node = running(request).node
    contact, points = can_keep_contact(node)
    with node.store.reading() as tx:
        zone = local_zone(tx)
    return html(render_tell(lang, points, state, contact=contact, exercise=node.exercise, zone=zone), status)


def _told(request: Req, data: Form) -> Told:
    people = " ".join(data.get("people", "").split())
    number = int(people) if people.isdecimal() and len(people) < 7 else None
    at, exact = _when(request, data)
    return Told(
        data.get("what", ""), data.get("point", ""), at, exact, data.get("by", "unknown"), number,
        "" if number is not None else people, data.get("text", "").strip(), data.get("contact", "").strip(),
    )  # fmt: skip


def _when(request: Req, data: Form) -> tuple[int | None, bool]:
    """Return when it was, unix seconds, and whether the hour is known; the day's middle where it is not."""
    text, hour = data.get("day", "").strip(), data.get("hour", "").strip()
    if not text:
        return None, False
    with running(request).node.store.reading() as tx:
        zone = zone_of(local_zone(tx))
    known = hour.isascii() and hour.isdigit() and int(hour) < 24
    try:
        day = date.fromisoformat(text)
        local = datetime.combine(day, hour_of_day(int(hour) if known else 12), zone)
        return int(local.astimezone(UTC).timestamp()), known
    except (ValueError, OverflowError):
        raise BadInput("bad-field", where="at", expected="a day", seen=text[:20]) from None
