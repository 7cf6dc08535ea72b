"""Did everything cross? The page of the exchange, and the button that exchanges now."""

from typing import Any

from litestar import Response, get, post

from safeconduct.errors import SafeconductError
from safeconduct.web.api.form_parts import Req, acted, html, note_of
from safeconduct.web.api.guards import operator, running
from safeconduct.web.api.page_routes import page_of
from safeconduct.web.pages.exchange_page import Partner, render_exchange
from safeconduct.web.pages.inbox_page import Said
from safeconduct.wiring import Running
from safeconduct.workflows.common import cards
from safeconduct.workflows.peer_keys import known_agreement
from safeconduct.workflows.show_exchange import show_exchange

GUARDS = [operator]


@get("/exchange", sync_to_thread=True, guards=GUARDS)
def exchange_page(request: Req) -> Response[str]:
    """Return whether everything crossed, what waits where, and how it travels."""
    return _shown(request, note_of(request))


@post("/exchange", sync_to_thread=True, guards=GUARDS, status_code=200)
def exchange_now(request: Req) -> Response[Any]:
    """Deliver all that is due, and ask whether anything is missing; what fails is told on the page."""
    found = running(request)
    return acted("now", {}, lambda: _exchange(found), lambda said: _shown(request, said), "/exchange", "exchanged")


def _exchange(found: Running) -> object:
    if found.courier is None:
        raise SafeconductError("no-partner", "This node has no address of the partner’s node, or exchanges by file.")
    try:
        return found.courier.round()
    except SafeconductError as error:
        if error.code != "partner-unreachable":
            raise
        detail = str(error).removeprefix("the partner's node: ")
        raise SafeconductError(error.code, f"The partner’s node does not answer: {detail}.") from None


def _shown(request: Req, said: Said) -> Response[str]:
    found = running(request)
    node = found.node
    return html(render_exchange(show_exchange(node), _partner(found), page_of(request), said, node.clock.now()))


def _partner(found: Running) -> Partner:
    node, config = found.node, found.config
    with node.store.reading() as tx:
        agreement, others = known_agreement(tx), {p: card for p, card in cards(tx).items() if p != node.party}
    other = agreement.other(node.party) if agreement is not None else None
    party = other.id if other is not None else next(iter(sorted(others)), "")
    name = other.name if other is not None else others[party].name if party else ""
    return Partner(party, name, other is not None, config.transport, config.partner_url, found.courier is not None)
