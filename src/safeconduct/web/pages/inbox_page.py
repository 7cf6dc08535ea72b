"""The partner's pages: inbox, one warning with its answers, the page behind a link, the sheet, the other ways, /threat.

Each is a plain form; no script is needed to read or to answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from safeconduct.alerts.answer import ACTIONS, CHANNELS, CONFIDENCE, RESULTS, STAGES
from safeconduct.alerts.hold_advice import CROWD
from safeconduct.alerts.sites import KINDS as SITE_KINDS
from safeconduct.alerts.sites import NEAR_M
from safeconduct.alerts.standing import GUARD_ADVICE, LEVELS, MOST_DAYS
from safeconduct.web.pages.area_map import area_map, distance
from safeconduct.web.pages.render import Page, _page
from safeconduct.workflows.make_link import MOST_HOURS
from safeconduct.workflows.read_out import ReachView
from safeconduct.workflows.show_inbox import InboxItem, InboxView, WarningSheet
from safeconduct.workflows.show_threat import ThreatView

# need -> (shape, what to do)
NEED_WORDS: Mapping[str, tuple[str, str]] = {
    "withdrawal": ("octagon", "Withdrawn. Say that you have seen it."),
    "correction": ("triangle", "Corrected. Read it again and answer."),
    "answer": ("triangle", "Waits for your answer."),
    "decision": ("triangle", "Say whether you accept it."),
    "outcome": ("triangle", "Its time is over. Say what came of it."),
}
STAGE_WORDS: Mapping[str, tuple[str, str]] = {
    "received": ("Received", "we have it"),
    "understood": ("Understood", "we know what it means"),
    "accepted": ("Accepted", "we will act on it"),
    "declined": ("Declined", "we will not, and say why"),
}
RESULT_WORDS: Mapping[str, str] = {
    "searched": "we searched", "found": "we found something", "thwarted": "an attack was thwarted",
    "nothing": "nothing was found", "not-acted": "we did not act",
}  # fmt: skip
CONFIDENCE_WORDS: Mapping[str, str] = {
    "thought": "we think so", "believed": "we believe so", "confirmed": "it is confirmed",
}  # fmt: skip
ACTION_WORDS: Mapping[str, str] = {
    "search": "searched", "screening": "screened arrivals", "closure": "closed a point",
    "held-back": "held people back", "people-moved": "moved people away", "other": "something else",
}  # fmt: skip
SITE_WORDS: Mapping[str, str] = {
    "control-point": "control point", "assembly": "assembly site", "coordination": "coordination site",
}  # fmt: skip
WHY_WORDS: Mapping[str, str] = {
    "assigned": "given to it",
    "placed": "lies in the area",
    "near": "near a gate concerned",
}
NOTES: Mapping[str, str] = {
    "acknowledgement": "Your answer is recorded and on its way.",
    "assigned": "Given to the control point. Its guards get the advice with the next bundle.",
    "action": "What you did is recorded and on its way.",
    "outcome": "What came of it is recorded and on its way.",
    "heard": "Recorded as reported by our liaison, unsigned.",
    "revoked": "The link is closed.",
    "level": "The level is set.",
    "published": "Sent to the gates with a new bundle.",
    "crowd": "The crowd level is recorded.",
    "place": "The place is recorded.",
    "told": "Recorded: its users were told.",
    "by-link": "Your answer has arrived. You may close this page.",
}
assert set(STAGE_WORDS) == set(STAGES)  # noqa: S101  (a word for each, or the module does not load)
assert set(RESULT_WORDS) == set(RESULTS)  # noqa: S101
assert set(CONFIDENCE_WORDS) == set(CONFIDENCE)  # noqa: S101
assert set(ACTION_WORDS) == set(ACTIONS) - {"assigned"}  # noqa: S101
assert set(SITE_WORDS) == set(SITE_KINDS)  # noqa: S101


@dataclass(frozen=True, slots=True)
class Said:
    """What a page says beside its view.

    Attributes:
        note: What was just done, a key of `NOTES`; empty when nothing was.
        fault: Why what was posted was refused; empty when nothing was.
        given: What was posted then, so that nobody types it twice.
        form: Which form it was.
    """

    note: str = ""
    fault: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    form: str = ""

    @property
    def words(self) -> str:
        """The note in words."""
        return NOTES.get(self.note, "")

    def of(self, form: str, name: str, default: str = "") -> str:
        """What was posted in a field of a form that was refused."""
        return self.given.get(name, default) if self.form == form else default


def _draw(sheet: WarningSheet, points: Sequence[tuple[str, int, int]] = ()) -> Markup:
    return area_map(sheet.bounds, sheet.area_m, points)


_WORDS = {
    "needs": NEED_WORDS, "stages": STAGE_WORDS, "results": RESULT_WORDS, "sureness": CONFIDENCE_WORDS,
    "actions": ACTION_WORDS, "channels": CHANNELS, "draw": _draw, "distance": distance,
}  # fmt: skip


def render_inbox(view: InboxView, page: Page) -> str:
    """Return the list of received warnings, served at `/inbox`."""
    return _page("inbox.html", page, view=view, **_WORDS)


def render_inbox_release(item: InboxItem, view: InboxView, page: Page, said: Said) -> str:
    """Return one received warning with the forms that answer it, served at `/inbox/{id}`."""
    return _page("inbox_release.html", page, item=item, sheet=item.sheet, view=view, said=said, **_WORDS)


def render_link(
    sheet: WarningSheet | None, address: str, answers: Sequence[tuple[str, str]], page: Page, said: Said
) -> str:
    """Return the page behind a link, served at `/l/{token}`; without a sheet the link is not good any more."""
    return _page("link.html", page, sheet=sheet, address=address, answers=answers, said=said, **_WORDS)


def render_sheet(sheet: WarningSheet, page: Page) -> str:
    """Return a warning as one printed page, served at `/releases/{id}/sheet`."""
    return _page("sheet.html", page, sheet=sheet, **_WORDS)


def render_reach(view: ReachView, page: Page, said: Said, link: str = "") -> str:
    """Return the other ways to a partner, served at `/releases/{id}/reach`; a new link is shown once."""
    return _page("reach.html", page, view=view, sheet=view.sheet, said=said, link=link, most=MOST_HOURS, **_WORDS)


def render_threat(view: ThreatView, page: Page, said: Said) -> str:
    """Return what reaches the gates, served at `/threat`."""
    return _page(
        "standing.html", page, view=view, said=said, levels=LEVELS, guard_advice=GUARD_ADVICE, most_days=MOST_DAYS,
        crowd=CROWD, site_kinds=SITE_WORDS, near_m=NEAR_M, why=WHY_WORDS,
    )  # fmt: skip
