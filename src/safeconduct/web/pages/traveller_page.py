"""The page on which travellers say what was done to them, and the room's page of what they allege."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from safeconduct.web.pages.paper_words import LANGUAGES
from safeconduct.web.pages.render import Page, _page
from safeconduct.web.pages.tell_words import TELL
from safeconduct.workflows.read_gates import HarmView
from safeconduct.workflows.traveller_report import BY, WHAT, AllegedView, alleged_lines

# what is alleged, as the room reads it
ALLEGED_WORDS = {
    "turned-away": "turned away", "beaten": "beaten", "threatened": "threatened", "money-asked": "asked for money",
    "other": "something else", "others": "others", "unknown": "not known whom",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TellState:
    """What the traveller's page says beside its form.

    Attributes:
        receipt: of a report that was just taken in; shown once.
        done: key of the words that say what was done; empty: nothing.
        fault: key of the words that say why it was not.
        fields: keys of the fields to look at.
        given: what was typed, so that nobody types it twice.
    """

    receipt: str = ""
    done: str = ""
    fault: str = ""
    fields: tuple[str, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)


def render_tell(
    lang: str, points: tuple[tuple[str, str], ...], state: TellState, *, contact: bool, exercise: bool, zone: str
) -> str:
    """Return the traveller's page, served at `/tell`.

    Args:
        lang: one of `LANGUAGES`.
        points: the control points that can be named.
        state: what was just done or could not be done.
        contact: a custodian is there, so that a contact can be kept safely.
        exercise: mark the page.
        zone: the local time that is meant.
    """
    page = Page(exercise=exercise, lang=lang)
    return _page("tell.html", page, said=TELL[lang], points=points, told=state, contact=contact, languages=LANGUAGES,
                 kinds=WHAT, doers=BY, zone=zone)  # fmt: skip


def render_alleged(
    views: tuple[AllegedView, ...], withdrawn: int, harm: tuple[HarmView, ...], names: Mapping[str, str], page: Page
) -> str:
    """Return what travellers allege beside what devices logged, served at `/alleged`; the two are never added up."""
    return _page("alleged.html", page, views=views, lines=alleged_lines(views), withdrawn=withdrawn, harm=harm,
                 names=names, words=ALLEGED_WORDS)  # fmt: skip
