"""The page of all incidents: what is known of each, and everything on which its claims disagree."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

from safeconduct.incidents.disagreements import KINDS
from safeconduct.web.pages.account_page import HEADINGS, AccountPage, Shown
from safeconduct.web.pages.render import Page, _page
from safeconduct.web.pages.room_page import Series, grouped
from safeconduct.workflows.account_view import ClaimView, DisagreementView, WordingView
from safeconduct.workflows.room_view import IncidentView, MisfitView
from safeconduct.workflows.show_incidents import IncidentsView, ListedIncident

MOST_FIGURES = 12  # sentences of what is known of one incident; those in dispute come first
ORDER = ("casualties", "events", "evacuation")
MOST_WORDINGS = 3  # utterances of one incident
MOST_MISFITS = 6


@dataclass(frozen=True)  # without slots: what is looked up for every line is kept
class Listed:
    """One incident ready for its template; it answers what the parts of an account's page ask of theirs."""

    listed: ListedIncident

    @property
    def incident(self) -> IncidentView:
        """What every page knows of it."""
        return self.listed.incident

    @cached_property
    def account(self) -> AccountPage:
        """The incident's own page."""
        return AccountPage(self.incident, self.listed.detail, Shown())

    @property
    def by_id(self) -> Mapping[str, ClaimView]:
        """Every claim by its id."""
        return self.account.by_id

    @cached_property
    def address(self) -> str:
        """The address of its own page, as known at the day of this one."""
        return self._there(self.account.to())

    def line(self, claim: str) -> str:
        """The address of a claim's line on the incident's own page."""
        found = self.account.line(claim)
        return f"{self.address}{found}" if found.startswith("#") else self._there(found)

    def _there(self, rest: str) -> str:
        return f"/incidents/{quote(self.incident.id, safe='')}{'' if rest == '?' else rest}"

    @cached_property
    def series(self) -> list[Series]:
        """Figures by what they count: in dispute first, then harm before other counts, then the most spoken of."""
        found = grouped(self.listed.detail.figures)
        return sorted(found, key=lambda one: (not any(f.disputed for f in one.figures), _rank(one), -one.weight))

    @property
    def figures(self) -> list[Series]:
        """The sentences that are shown."""
        return self.series[:MOST_FIGURES]

    @property
    def more_figures(self) -> int:
        """How many are not shown."""
        return max(len(self.series) - MOST_FIGURES, 0)

    @cached_property
    def groups(self) -> list[tuple[str, str, str, list[DisagreementView], int]]:
        """Disagreements by kind: kind, shape, heading, those shown, how many more there are."""
        found = []
        for kind in KINDS:
            some = [one for one in self.listed.disagreements if one.kind == kind]
            if some:
                sign, heading = HEADINGS[kind]
                found.append((kind, sign, heading, some, self.listed.totals[kind] - len(some)))
        return found

    @property
    def misfits(self) -> tuple[MisfitView, ...]:
        """Figures that do not fit each other; the few that are shown."""
        return self.incident.misfits[:MOST_MISFITS]

    @property
    def more_misfits(self) -> int:
        """How many are not shown."""
        return max(len(self.incident.misfits) - MOST_MISFITS, 0)

    @property
    def wordings(self) -> tuple[WordingView, ...]:
        """Utterances in several wordings; the few that are shown."""
        return self.listed.detail.wordings[:MOST_WORDINGS]

    @property
    def more_wordings(self) -> int:
        """How many are not shown."""
        return max(len(self.listed.detail.wordings) - MOST_WORDINGS, 0)

    @property
    def open(self) -> int:
        """How many disagreements there are in all, for the list at the top."""
        return sum(self.listed.totals.values()) + len(self.incident.misfits)


def _rank(series: Series) -> int:
    """Where a figure stands by what it counts; one that is merely mentioned comes last."""
    attribute, _, rest = series.figures[0].key.partition("/")
    if rest.endswith("/mentioned"):
        return len(ORDER) + 1
    return ORDER.index(attribute) if attribute in ORDER else len(ORDER)


def render_incidents(view: IncidentsView, page: Page) -> str:
    """Return all incidents on one page, served at `/incidents`."""
    return _page("incidents.html", page, view=view, listed=[Listed(one) for one in view.incidents])
