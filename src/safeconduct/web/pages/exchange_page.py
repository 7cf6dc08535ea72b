"""The page of the exchange: did everything cross, both ways; if not, what waits where, and since when.

The answer is no stronger than what both sides stated: without a statement of the partner's it is "not known".
"""

import re
from dataclasses import dataclass

from markupsafe import Markup, escape

from safeconduct.agreements.fields import iso
from safeconduct.errors import REFUSALS
from safeconduct.web.pages.inbox_page import Said
from safeconduct.web.pages.render import Page, _page
from safeconduct.web.pages.wording import ago, class_of, counted, when
from safeconduct.workflows.parked_envelopes import LIFE
from safeconduct.workflows.show_exchange import SHOWN, ExchangeView
from safeconduct.workflows.show_room import TEXTS

STALE = 600  # seconds after which a statement says nothing about now; a courier asks three times a minute
TRANSPORTS = {
    "push": "over the network, posted to the partner’s node",
    "taxii": "over the network, through the partner’s TAXII collections",
    "file": "by sealed files on a USB stick",
}
DAY = 86_400  # seconds
_TIME = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_NETWORK = re.compile(r"(Connect|Read|Write|Pool|RemoteProtocol)\w*: ")  # what the client says of a dead line


@dataclass(frozen=True, slots=True)
class Partner:
    """The other end of the exchange, as this node knows it.

    Attributes:
        id: Party id, empty: no partner is known.
        name: Its name.
        agreed: Whether an agreement was proposed, without which nothing can be exchanged.
        transport: `transport` of the configuration.
        url: `partner_url` of the configuration, empty: its node has no address here.
        online: Whether this node calls the partner's.
    """

    id: str
    name: str
    agreed: bool
    transport: str
    url: str
    online: bool

    @property
    def way(self) -> str:
        """How envelopes travel, in words."""
        if self.transport != "file" and not self.url:
            return "not over the network: this node’s configuration names no partner_url"
        return TRANSPORTS.get(self.transport, self.transport)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to "did everything cross?": a shape, a heading, and one line below it, possibly empty."""

    shape: str
    words: str
    line: str = ""

    @property
    def css(self) -> str:
        """The class of its colour."""
        return class_of(self.shape)


def verdict(view: ExchangeView, partner: Partner, now: int, *, failed: bool = False) -> Verdict:
    """Return the answer, the worst first: contradicted, missing, on its way, refused; all of it only as stated.

    Args:
        view: where the exchange stands.
        partner: the other end.
        now: unix seconds.
        failed: the partner was just not reached, so that its statement is of the past, however young.
    """
    found = view.completeness
    if not partner.id:
        return Verdict("ring", "No partner yet")
    if not partner.agreed:
        return Verdict("ring", "Nothing to exchange yet")
    if found.asked_at is None:
        return Verdict("ring", "Not known yet")
    gone = ago(iso(found.asked_at), iso(now))
    if found.contradicted or found.never_sent or found.unstated:
        return Verdict("octagon", "What they state does not fit what is here", f"As stated {gone}. Both are kept.")
    left = _left(len(found.missing) + found.waiting, view.due + found.not_taken)
    if left:
        return Verdict("triangle", f"Not yet: {left}", f"As stated {gone}.")
    return _settled(view, gone, stale=failed or now - found.asked_at > STALE)


def _left(theirs: int, ours: int) -> str:
    if theirs and ours:
        return f"{theirs:,} of theirs and {ours:,} of ours are missing"
    if theirs:
        return f"{theirs:,} of theirs {'is' if theirs == 1 else 'are'} missing here"
    return f"{ours:,} of ours {'is' if ours == 1 else 'are'} not confirmed there" if ours else ""


def _settled(view: ExchangeView, gone: str, *, stale: bool) -> Verdict:
    if stale:
        return Verdict("triangle", f"Everything had crossed {gone}", "Whether anything was sent since is not known.")
    refused = view.completeness.refused + view.refused_there
    if refused:
        words = f"Everything arrived; {refused:,} {'was' if refused == 1 else 'were'} refused"
        return Verdict("triangle", words, f"As stated {gone}.")
    return Verdict("circle", "Everything crossed, both ways", f"As stated {gone}.")


def timed(text: str, now: str) -> Markup:
    """Return a sentence with every ISO time in it as a time that can be read."""
    parts, at = Markup(""), 0
    for match in _TIME.finditer(text):
        parts += escape(text[at : match.start()]) + when(match[0], now)
        at = match.end()
    return parts + escape(text[at:])


def in_words(text: str) -> str:
    """Return why something failed: a code of a refusal in words, with the field that it names; else as it is."""
    if _NETWORK.match(text):
        return f"the partner’s node did not answer ({text})"
    code, _, rest = text.partition(", ")
    return REFUSALS[code] + (f" ({rest})" if rest else "") if code in REFUSALS else text


def render_exchange(view: ExchangeView, partner: Partner, page: Page, said: Said, now: int) -> str:
    """Return the page, served at `/exchange`.

    Args:
        view: where the exchange stands.
        partner: the other end.
        page: what surrounds it.
        said: what a form has just done, or could not do.
        now: unix seconds.
    """
    answer = verdict(view, partner, now, failed=bool(said.fault))
    return _page(
        "exchange.html", page, view=view, partner=partner, said=said, now=iso(now), verdict=answer, timed=timed,
        in_words=in_words, texts=TEXTS, shown=SHOWN, life=counted(LIFE // DAY, "day"),
    )  # fmt: skip
