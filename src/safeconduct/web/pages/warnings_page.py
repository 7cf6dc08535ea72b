"""Pages of the operations room for warnings: the desk, report entry, draft beside its release, what waits for a second
person, the release after it was sent, the policies, and whom one acts as in an exercise.

Each is a plain form; no script is needed. What was typed is never lost: a refused form comes back as it was given.
"""  # noqa: D205  (one thing said in two lines)

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from safeconduct.operators.people import ROLES, Operator
from safeconduct.web.pages.render import Page, _page
from safeconduct.workflows.policy_view import PolicyView
from safeconduct.workflows.report_form import SOURCES, Choices
from safeconduct.workflows.room_view import ReleaseView
from safeconduct.workflows.warning_view import ActView, DeskView, DraftView, RequestView, VersionView

NOTES: Mapping[str, str] = {
    "entered": "The report is stored, sealed to this node. Nothing has been sent.",
    "released": "Released. It is on its way to the partner.",
    "corrected": "The correction is on its way. It stays on top until the partner has acknowledged it.",
    "withdrawn": "The withdrawal is on its way. It stays on top until the partner has acknowledged it.",
    "asked": "A second person is asked. It waits under “second person” until somebody else confirms it.",
    "warn": "The decision to warn is recorded. It waits for a second person now.",
    "do-not-warn": "The decision not to warn is recorded, with its reason. Nothing was sent.",
    "confirmed": "Confirmed and released. It is on its way to the partner.",
    "declined": "Declined, with its reason. Nothing was sent.",
    "acting": "You act as somebody else now.",
}
# field of a report -> its name on the page
FIELD_WORDS: Mapping[str, str] = {
    "id": "number", "what": "what", "threatened_class": "who is threatened", "site": "site", "lat": "latitude",
    "lon": "longitude", "precision_m": "precision, m", "window_from": "window from", "window_to": "window to",
    "actor": "actor", "sources": "sources", "likelihood": "likelihood", "advised_action": "advice",
    "handling": "handling", "entered_by": "entered by", "entered_at": "entered", "harm_answer": "who could be harmed",
    "details": "details", "confidence": "confidence", "embargo_until": "embargo until",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """What a page says beside its view: `note` in words, `fault` in words, and what was `given` when it was refused."""

    note: str = ""
    fault: str = ""
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """The form of a report.

    Attributes:
        given: Its texts.
        errors: What was expected and seen, by field.
        choices: What its lists offer.
        corrects: Release that the report is to correct, empty for none.
        draft: Imported draft that it came from, empty for none.
        remarks: What the draft's reader wants a person to know.
    """

    given: Mapping[str, str]
    errors: Mapping[str, str]
    choices: Choices
    corrects: str = ""
    draft: str = ""
    remarks: Sequence[str] = ()

    @property
    def first_error(self) -> str:
        """The first field in error, where the page starts."""
        return next(iter(self.errors), "")


@dataclass(frozen=True, slots=True)
class After:
    """What a release's page shows beyond its two sides."""

    exact: tuple[tuple[str, str], ...]
    versions: tuple[VersionView, ...]
    acts: tuple[ActView, ...]
    report: str  # that the newest version came from
    pending: str
    can_change: bool  # not withdrawn yet
    said: Said


def render_desk(view: DeskView, page: Page, drafts: int, said: Said) -> str:
    """Return the page of warnings, served at `/warnings`."""
    return _page("warnings.html", page, view=view, drafts=drafts, said=said)


def render_entry(entry: Entry, page: Page) -> str:
    """Return the form of a report, served at `/reports/new`."""
    return _page("report_entry.html", page, entry=entry, rows=range(1, SOURCES + 1))


def render_draft(view: DraftView, page: Page, said: Said) -> str:
    """Return a report beside what the partner would get, served at `/reports/{id}/release`."""
    return _page("release_draft.html", page, view=view, said=said, field_words=FIELD_WORDS)


def render_approvals(views: Sequence[RequestView], page: Page, who: Operator, said: Said) -> str:
    """Return what waits for a second person, served at `/approvals`."""
    return _page("approvals.html", page, views=views, who=who, said=said)


def render_after(view: ReleaseView, page: Page, after: After) -> str:
    """Return a report beside its release, served at `/releases/{id}` on the node that owns the report."""
    return _page("release.html", page, view=view, after=after)


def render_policies(views: Sequence[PolicyView], page: Page) -> str:
    """Return the kept policies in plain words, served at `/policies`."""
    return _page("policies.html", page, views=views)


def render_acting(offices: Sequence[Operator], page: Page, who: Operator, then: str) -> str:
    """Return the choice of whom one acts as, served at `/acting` in an exercise without sign-in."""
    return _page("acting.html", page, offices=offices, who=who, roles=ROLES, then=then)
