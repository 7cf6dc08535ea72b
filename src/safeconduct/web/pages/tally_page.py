"""The pages of tally sheets: all of them, and one to key in."""

from collections.abc import Sequence

from safeconduct.web.pages.inbox_page import Said
from safeconduct.web.pages.paper_words import LANGUAGES
from safeconduct.web.pages.render import Page, _page
from safeconduct.workflows.key_in_tally import MARK, ROWS, Sheet, paper_lines
from safeconduct.workflows.show_passes import PassesView

OUTCOME_WORDS = {"admitted": "let through", "turned-away": "turned away", "other": "other"}


def render_tally(sheets: Sequence[Sheet], view: PassesView, page: Page, said: Said) -> str:
    """Return the page of all sheets, served at `/tally`.

    Args:
        sheets: from `list_sheets`.
        view: for the control points and the day.
        page: what surrounds it.
        said: what a form has just done or could not do.
    """
    return _page("tally.html", page, sheets=sheets, lines=paper_lines(sheets), view=view, said=said,
                 languages=LANGUAGES, outcomes=OUTCOME_WORDS, mark=MARK)  # fmt: skip


def render_tally_sheet(sheet: Sheet, page: Page, said: Said) -> str:
    """Return one sheet, served at `/tally/{number}`: a line to type for each line of the paper, or what was typed."""
    return _page("tally_sheet.html", page, sheet=sheet, said=said, rows=ROWS, outcomes=OUTCOME_WORDS,
                 mark=MARK)  # fmt: skip
