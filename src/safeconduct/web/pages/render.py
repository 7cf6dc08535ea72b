"""Turn the plain records of `room_view` into pages: one function for each page, no state, no clock.

Every text is escaped by the template engine. Pages carry no inline script and no inline style, so that they live
under `Content-Security-Policy: default-src 'self'`. Without a script every page still works: links, plain forms and
a reload do what the script does more smoothly.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from safeconduct.errors import REFUSALS
from safeconduct.web.pages import figure_plot, plots, wording
from safeconduct.web.pages.svg import NARROW, WIDE
from safeconduct.workflows.agreement_view import AgreementView
from safeconduct.workflows.room_view import (
    CrossingView,
    DecisionView,
    FigureView,
    IncidentView,
    PointView,
    ReleaseView,
    RoomView,
    WarningView,
)

HERE = Path(__file__).parent
STATIC = HERE / "static"  # served at /static/
ROUTINE = frozenset({"segment", "bundle", "device"})  # what machines send
FIRST_WARNINGS, FIRST_CROSSINGS, FIRST_POINTS = 5, 9, 12  # the rest waits behind one click

# page, key after `g`, address, word
NAVIGATION = (
    ("r", "/", "Room"),
    ("p", "/#points", "Points"),
    ("w", "/#warnings", "Warnings"),
    ("i", "/#incidents", "Incidents"),
    ("l", "/#ledger", "Ledger"),
    ("a", "/agreement", "Agreement"),
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
    """

    exercise: bool
    party_name: str = ""
    title: str = ""
    lang: str = "en"
    follow: bool = False
    version: int | None = None
    signed_in: bool = False

    @property
    def direction(self) -> str:
        """Writing direction, "rtl" or "ltr"."""
        return wording.direction_of(self.lang)

    @classmethod
    def of(cls, view: RoomView, *, lang: str = "en", follow: bool = False, signed_in: bool = False) -> "Page":
        """Return the surroundings of a room's own pages."""
        return cls(view.exercise, view.party_name, view.title, lang, follow, view.version, signed_in)


def render_room(view: RoomView, *, lang: str = "en", follow: bool = False, signed_in: bool = False) -> str:
    """Return the first screen, served at `/`."""
    page = Page.of(view, lang=lang, follow=follow, signed_in=signed_in)
    return _page("room.html", page, with_try=True, **_room_parts(view))


def render_room_fragment(view: RoomView) -> str:
    """Return the parts of the room that change, served at `/room-fragment`; the script puts each in its place."""
    return _render("_room_live.html", with_try=False, **_room_parts(view))


def render_try_fragment(view: RoomView) -> str:
    """Return the box that takes a pass, served at `/try-fragment`; the script takes samples and points from it."""
    return _render("_try.html", view=view, points=_ordered(view.points))


def render_account(view: IncidentView, page: Page) -> str:
    """Return one incident's account as known at a day, served at `/incidents/{id}`."""
    return _page("account.html", page, incident=view, days=change_days(view), beside=_beside(view))


def render_agreement(view: AgreementView | None, page: Page) -> str:
    """Return the agreement as one document, served at `/agreement`; None when there is none yet."""
    return _page("agreement.html", page, view=view)


def render_release(view: ReleaseView, page: Page) -> str:
    """Return a report beside its release, served at `/releases/{id}` on the node that owns the report only."""
    return _page("release.html", page, view=view)


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


def change_days(view: IncidentView) -> tuple[str, ...]:
    """Return the days, oldest first, on which the account of an incident changed: the stops of its day control."""
    found = {view.first_day[:10], view.last_day[:10], view.known_at[:10]}
    found |= {line.date[-10:] for line in view.timeline}  # of an interval the last day: from then on it is known
    found |= {step.date[-10:] for case in view.cases for step in case.steps}
    found |= {mark.date[:10] for marks in view.marks.values() for mark in marks}
    for ranges in view.ranges.values():
        ordered = sorted(ranges, key=lambda r: r[0])
        found |= {b[0][:10] for a, b in pairwise(ordered) if a[1:] != b[1:]}
    days = {day for day in found if wording.parse_time(day)}
    return tuple(
        sorted(day for day in days if view.first_day[:10] <= day <= view.last_day[:10] or day == view.known_at)
    )


def _beside(view: IncidentView) -> tuple[str | None, str | None]:
    """Return the change day before the known day and the one after it."""
    days, known = change_days(view), view.known_at[:10]
    return max((d for d in days if d < known), default=None), min((d for d in days if d > known), default=None)


def _room_parts(view: RoomView) -> dict[str, Any]:
    ours = tuple(p for p in view.points if p.holder == view.party)
    theirs = tuple(p for p in view.points if p.holder != view.party)
    newest = sorted(view.warnings, key=lambda w: w.issued, reverse=True)
    unanswered = [w.direction for w in view.warnings if w.state == "unanswered"]
    waiting_first = sorted(newest, key=lambda w: w.state not in ("unanswered", "received"))
    crossings = sorted(view.crossings, key=lambda c: c.at, reverse=True)
    shown = _crossings_first(crossings)
    return {
        "view": view,
        "ours": ours,
        # The other party calls people forward: this node has bundles by which it scans, and no roll and no passes.
        "elsewhere": not (view.roll or view.passes or view.days) and any(p.admitted or p.refused for p in ours),
        "theirs": theirs,
        "points": _ordered(view.points),
        "warnings": waiting_first,
        "sent": [w for w in waiting_first if w.direction == "sent"],
        "unanswered": {"ours": unanswered.count("received"), "theirs": unanswered.count("sent")},
        "crossings": crossings,
        "crossings_first": shown,
        "crossings_rest": [c for c in crossings if c not in shown],
        "today": view.days and max(view.days, key=lambda d: d.date),
        "days": sorted(view.days, key=lambda d: d.date),
        "refusals": sorted(view.refusals.items(), key=lambda pair: (-pair[1], pair[0])),
        "people_plots": _both(_people_plot, view),
        "first": {"warnings": FIRST_WARNINGS, "crossings": FIRST_CROSSINGS, "points": FIRST_POINTS},
    }


def _crossings_first(crossings: Sequence[CrossingView]) -> list[CrossingView]:
    """Return the newest crossings, at least half of them for people's words; logs and bundles alone would fill it."""
    words = [c for c in crossings if c.kind not in ROUTINE][: FIRST_CROSSINGS - FIRST_CROSSINGS // 2]
    routine = [c for c in crossings if c.kind in ROUTINE][: FIRST_CROSSINGS - len(words)]
    rest = [c for c in crossings if c not in words and c not in routine]
    chosen = [*words, *routine, *rest][:FIRST_CROSSINGS]
    return [c for c in crossings if c in chosen]


@dataclass(frozen=True, slots=True)
class Series:
    """Figures of one kind, by the day that each counts."""

    label: str
    figures: tuple[FigureView, ...]


def grouped(figures: Sequence[FigureView]) -> list[Series]:
    """Return figures by what they count, so that one kind told for many days is one line; the order is kept."""
    found: dict[str, list[FigureView]] = {}
    for figure in figures:
        found.setdefault(figure.series or figure.label, []).append(figure)
    return [Series(label, tuple(sorted(some, key=lambda f: f.meant))) for label, some in found.items()]


def main_figure(incident: IncidentView) -> FigureView | None:
    """Return the figure that is drawn beside an incident: disputed first, then the one most spoken of."""
    return max(incident.figures, key=lambda f: (f.disputed, f.high or 0, f.claims), default=None)


def _ordered(points: Sequence[PointView]) -> tuple[PointView, ...]:
    """Gates first, then outer points; what is not open comes first among them, because it needs a look."""
    rank = {"hold": 0, "closed": 1, "open": 2}
    return tuple(sorted(points, key=lambda p: (p.ring != "gate", rank.get(p.state, 0), _natural(p.name))))


def _natural(name: str) -> list[tuple[int, str]]:
    """Return a sort key under which point 2 comes before point 10."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", name)]


def count_states(points: Sequence[PointView]) -> tuple[tuple[str, int], ...]:
    """Return how many points are open, on hold and closed, without those states that no point has."""
    counts: dict[str, int] = {}
    for point in points:
        counts[point.state] = counts.get(point.state, 0) + 1
    order = ("open", "hold", "closed")
    return tuple((s, counts[s]) for s in (*order, *sorted(set(counts) - set(order))) if s in counts)


def _people_plot(view: RoomView, width: int) -> Markup:
    return plots.people_out(view.days, target=view.target, deadline=view.deadline, forecast=view.forecast, width=width)


def _figure_plots(incident: IncidentView, key: str, label: str, page: str = "") -> Markup:
    drawn = [
        figure_plot.figure_over_time(incident, key, label=label, page=page, width=width) for width in (WIDE, NARROW)
    ]
    return Markup("").join(drawn)


def _both(draw: Any, view: RoomView) -> Markup:
    return Markup("").join(draw(view, width) for width in (WIDE, NARROW))


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
        "when": wording.when,
        "ago": wording.ago,
        "minutes": wording.minutes_words,
        "short_hex": wording.short_hex,
        "short_id": wording.short_id,
        "span": wording.span_words,
        "heard": wording.heard,
        "said": wording.said_words,
        "step_words": wording.step_words,
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
