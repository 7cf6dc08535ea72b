"""Turn the plain records of `room_view` into pages: one function for each page, no state, no clock.

Every text is escaped by the template engine. Pages carry no inline script and no inline style, so that they live
under `Content-Security-Policy: default-src 'self'`. Without a script every page still works: links, plain forms and
a reload do what the script does more smoothly.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from safeconduct.agreements.fields import iso
from safeconduct.errors import REFUSALS
from safeconduct.incidents.figures import RULES
from safeconduct.web.pages import figure_plot, wording
from safeconduct.web.pages.account_page import (
    MOST_DAYS,
    SHORT_ANSWERS,
    AccountPage,
    Shown,
    beside,
    change_days,
    plain_detail,
    speech_words,
)
from safeconduct.web.pages.room_page import count_states, grouped, main_figure, ordered, room_parts
from safeconduct.web.pages.svg import NARROW, WIDE
from safeconduct.workflows.account_view import AccountDetail
from safeconduct.workflows.agreement_view import AgreementView
from safeconduct.workflows.room_view import (
    DecisionView,
    IncidentView,
    MarkView,
    ReleaseView,
    RoomView,
    WarningView,
)

HERE = Path(__file__).parent
STATIC = HERE / "static"  # served at /static/

# page, key after `g`, address, word
NAVIGATION = (
    ("r", "/", "Room"),
    ("p", "/#points", "Points"),
    ("w", "/warnings", "Warnings"),
    ("m", "/inbox", "Inbox"),
    ("h", "/threat", "Threat"),
    ("i", "/incidents", "Incidents"),
    ("l", "/#ledger", "Ledger"),
    ("a", "/agreement", "Agreement"),
    ("c", "/liaison", "Liaison"),
    ("d", "/devices/enrol", "Devices"),
    ("s", "/passes", "Passes"),
    ("v", "/movements", "Movements"),
    ("x", "/conflicts", "Conflicts"),
    ("k", "/batches", "Keys"),
    ("t", "/#try", "Try a pass"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """What surrounds every page.

    Attributes:
        exercise: Draw the watermark.
        party_name: Whose node this is.
        title: The agreement's neutral title.
        lang: Language tag; a right-to-left language mirrors the page.
        follow: The reader asked that new things show by themselves.
        version: The number that the page was made at, polled at `/version`.
        signed_in: Offer the way out (`POST /signout`).
        acting: In an exercise without sign-in, the office that one acts as; empty: not asked.
    """

    exercise: bool
    party_name: str = ""
    title: str = ""
    lang: str = "en"
    follow: bool = False
    version: int | None = None
    signed_in: bool = False
    acting: str = ""

    @property
    def direction(self) -> str:
        """Writing direction, "rtl" or "ltr"."""
        return wording.direction_of(self.lang)

    @classmethod
    def of(
        cls, view: RoomView, *, lang: str = "en", follow: bool = False, signed_in: bool = False, acting: str = ""
    ) -> "Page":
        """Return the surroundings of a room's own pages."""
        return cls(view.exercise, view.party_name, view.title, lang, follow, view.version, signed_in, acting)


def render_room(
    view: RoomView, *, lang: str = "en", follow: bool = False, signed_in: bool = False, acting: str = ""
) -> str:
    """Return the first screen, served at `/`."""
    page = Page.of(view, lang=lang, follow=follow, signed_in=signed_in, acting=acting)
    return _page("room.html", page, with_try=True, **room_parts(view))


def render_room_fragment(view: RoomView) -> str:
    """Return the parts of the room that change, served at `/room-fragment`; the script puts each in its place."""
    return _render("_room_live.html", with_try=False, **room_parts(view))


def render_try_fragment(view: RoomView) -> str:
    """Return the box that takes a pass, served at `/try-fragment`; the script takes samples and points from it."""
    return _render("_try.html", view=view, points=ordered(view.points))


def render_account(
    view: IncidentView, page: Page, detail: AccountDetail | None = None, shown: Shown | None = None
) -> str:
    """Return one incident's account as known at a day, served at `/incidents/{id}`.

    Args:
        view: What every page knows of it.
        page: What surrounds it.
        detail: What its own page shows beyond that; without it there are no exports and no filters.
        shown: How the reader wants the timeline.
    """
    whole = AccountPage(view, detail or plain_detail(view), shown or Shown(), full=detail is not None)
    return _page("account.html", page, **_account_parts(whole))


def render_report(view: IncidentView, detail: AccountDetail, page: Page) -> str:
    """Return one incident's account as a page that stands by itself: no address beyond it, no script, all lines."""
    whole = AccountPage(view, detail, Shown(), whole=True)
    style = Markup((STATIC / "safeconduct.css").read_text("utf-8"))  # noqa: S704  (our own file)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return _page("report.html", page, style=style, style_digest=digest, **_account_parts(whole))


def _account_parts(view: AccountPage) -> dict[str, Any]:
    return {
        "view": view,
        "incident": view.incident,
        "days": change_days(view.incident),
        "beside": beside(view.incident),
        "rules": RULES,
        "short": SHORT_ANSWERS,
        "most_days": MOST_DAYS,
        "ties": {(new, old): kind for new, old, kind in view.detail.ties},
    }


def render_agreement(view: AgreementView | None, page: Page, *, note: str = "", fault: str = "") -> str:
    """Return the agreement as one document, served at `/agreement`; None when there is none yet.

    `note` says what a form has just done, `fault` what it could not do.
    """
    return _page("agreement.html", page, view=view, note=note, fault=fault)


def render_release(view: ReleaseView, page: Page) -> str:
    """Return a report beside its release, without what its own node's page shows beyond that."""
    return _page("release.html", page, view=view, after=None)


def render_decision(view: DecisionView) -> str:
    """Return the answer alone, a fragment for `/decide`."""
    return _render("_decision.html", answer=view)


def render_decision_page(view: DecisionView, page: Page) -> str:
    """Return the answer as a whole page, for a browser that posted the plain form to `/decide`."""
    return _page("decision.html", page, answer=view)


def render_sign_in(page: Page, *, error: str | None = None, then: str = "/") -> str:
    """Return the way in, served at `/signin`; it posts `password` (the token) and `then` to the same address."""
    return _page("signin.html", page, error=error, then=then)


def render_error(page: Page, *, status: int, code: str, message: str, next_step: str = "") -> str:
    """Return one clear error: what happened, its code, what to do next."""
    return _page("error.html", page, status=status, code=code, message=message, next_step=next_step)


def render_fault(*, code: str, message: str) -> str:
    """Return an error as a fragment, for `/decide` when what was posted cannot be read."""
    return _render("_fault.html", code=code, message=message)


def _figure_plots(
    incident: IncidentView,
    key: str,
    label: str,
    page: str = "",
    marks: Sequence[MarkView] | None = None,
    ranges: figure_plot.Ranges | None = None,
    ties: figure_plot.Ties | None = None,
) -> Markup:
    drawn = [
        figure_plot.figure_over_time(
            incident, key, label=label, page=page, width=width, marks=marks, ranges=ranges, ties=ties
        )
        for width in (WIDE, NARROW)
    ]
    return Markup("").join(drawn)


def _warning_link(warning: WarningView) -> str | None:
    """Return the side-by-side page of a release that this node sent; a received one has no report here."""
    return f"/releases/{quote(warning.id, safe='')}" if warning.direction == "sent" else None


@cache
def static_version() -> str:
    """Return a short hash of the static files, so that a browser never mixes an old style with a new page."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


@cache
def _environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: Mapping[str, Any] = {
        "num": wording.number,
        "counted": wording.counted,
        "day": wording.day_words,
        "dated": wording.dated,
        "when": wording.when,
        "isotime": iso,
        "ago": wording.ago,
        "minutes": wording.minutes_words,
        "short_hex": wording.short_hex,
        "short_id": wording.short_id,
        "span": wording.span_words,
        "level_until": wording.level_until,
        "heard": wording.heard,
        "said": wording.said_words,
        "step_words": wording.step_words,
        "speech": speech_words,
        "grouped": grouped,
        "main_figure": main_figure,
        "slug": wording.slug,
        "bounds": figure_plot.bounds_words,
        "count_states": count_states,
        "warning_link": _warning_link,
        "reason": lambda code: REFUSALS.get(code, code),
    }
    env.filters.update(filters)
    env.globals.update(
        shape_of=wording.shape_of,
        word_of=wording.word_of,
        class_of=wording.class_of,
        figure_plots=_figure_plots,
        navigation=NAVIGATION,
        static_version=static_version,
    )
    return env


def _page(template: str, page: Page, **values: object) -> str:
    return _render(template, page=page, **values)


def _render(template: str, **values: object) -> str:
    return _environment().get_template(template).render(**values)
