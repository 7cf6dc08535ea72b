"""What the first screen shows first: points, warnings, crossings and figures in the order of their need."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from urllib.parse import quote

from markupsafe import Markup

from safeconduct.web.pages import plots
from safeconduct.web.pages.svg import NARROW, WIDE
from safeconduct.web.pages.wording import slug
from safeconduct.workflows.account_view import LineView
from safeconduct.workflows.room_view import (
    CrossingView,
    FigureView,
    IncidentView,
    PointView,
    RoomView,
)

ROUTINE = frozenset({"segment", "bundle", "device"})  # what machines send
# page of a need -> its address; the id, if there is one, within it
NEED_PAGES = {
    "agreement": "/agreement", "approval": "/approvals#request-{}", "conflicts": "/conflicts", "inbox": "/inbox",
    "movements": "/movements#{}", "points": "#points", "release": "/releases/{}", "threat": "/threat",
    "warnings": "/warnings#waiting",
}  # fmt: skip
FIRST_WARNINGS, FIRST_CROSSINGS, FIRST_POINTS = 5, 9, 12  # the rest waits behind one click


def room_parts(view: RoomView) -> dict[str, object]:
    """Return what the template of the room is filled with."""
    ours = tuple(p for p in view.points if p.holder == view.party)
    theirs = tuple(p for p in view.points if p.holder != view.party)
    newest = sorted(view.warnings, key=lambda w: w.issued, reverse=True)
    unanswered = [w.direction for w in view.warnings if w.state == "unanswered"]
    waiting_first = sorted(newest, key=lambda w: w.state not in ("unanswered", "received"))
    crossings = sorted(view.crossings, key=lambda c: c.at, reverse=True)
    shown = _crossings_first(crossings)
    return {
        "view": view,
        "needs": [
            (line, address_of(*about))
            for line, about in zip_longest(view.needs_you, view.need_about, fillvalue=("", ""))
        ],
        "ours": ours,
        # The other party calls people forward: this node has bundles by which it scans, and no roll and no passes.
        "elsewhere": not (view.roll or view.passes or view.days) and any(p.admitted or p.refused for p in ours),
        "theirs": theirs,
        "points": ordered(view.points),
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


def address_of(page: str, about: str) -> str:
    """Return where a need is dealt with; empty for one that has no page."""
    return NEED_PAGES.get(page, "").format(slug(about) if page == "approval" else quote(about, safe=""))


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
    figures: tuple[FigureView | LineView, ...]

    @property
    def weight(self) -> int:
        """How much is said of it."""
        return max(figure.claims for figure in self.figures)


def grouped(figures: Sequence[FigureView | LineView]) -> list[Series]:
    """Return figures by what they count, so that one kind told for many days is one line; the order is kept."""
    found: dict[str, list[FigureView | LineView]] = {}
    for figure in figures:
        found.setdefault(figure.series or figure.label, []).append(figure)
    return [Series(label, tuple(sorted(some, key=lambda f: f.meant))) for label, some in found.items()]


def main_figure(incident: IncidentView) -> FigureView | None:
    """Return the figure that is drawn beside an incident: disputed first, then the one most spoken of."""
    return max(incident.figures, key=lambda f: (f.disputed, f.high or 0, f.claims), default=None)


def ordered(points: Sequence[PointView]) -> tuple[PointView, ...]:
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


def _both(draw: Callable[[RoomView, int], Markup], view: RoomView) -> Markup:
    return Markup("").join(draw(view, width) for width in (WIDE, NARROW))
