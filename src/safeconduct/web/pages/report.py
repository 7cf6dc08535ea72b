"""An account as a file to take along: its name, its media type, its bytes."""

from dataclasses import dataclass

from safeconduct.errors import BadInput
from safeconduct.web.pages.render import Page, render_report
from safeconduct.workflows.account_view import Stretch
from safeconduct.workflows.export_account import FullAccount, export_account

# form -> media type, ending of the file's name
FORMS = {
    "jsonld": ("application/ld+json", "jsonld"),
    "csv": ("text/csv; charset=utf-8", "csv"),
    "html": ("text/html; charset=utf-8", "html"),
    "pdf": ("application/pdf", "pdf"),
}


TABLES = ("jsonld", "csv")


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made."""

    name: str
    media_type: str
    body: bytes


def stretch_of(form: str) -> Stretch | None:
    """Return what a form needs to be read: the tables every claim, the papers of a long account its first lines."""
    return None if form in TABLES else Stretch()


def write_report(found: FullAccount, form: str, page: Page, *, with_mark: bool = False) -> Made:
    """Return an account in one of `FORMS`.

    Args:
        found: The account.
        form: Which form.
        page: Whose node it is, and whether it is an exercise.
        with_mark: Start a CSV with a byte order mark, by which some spreadsheets know UTF-8.

    Raises:
        BadInput: `bad-choice`, for another form.
    """
    if form not in FORMS:
        raise BadInput("bad-choice", where="form", expected=", ".join(FORMS), seen=form)
    media_type, ending = FORMS[form]
    if form == "html":
        body = render_report(found.incident, found.detail, page).encode()
    elif form == "pdf":
        from safeconduct.web.pages.report_pdf import pdf_report  # noqa: PLC0415  (a large import, for this form only)

        body = pdf_report(found.incident, found.detail, page)
    else:
        body = export_account(found, form, with_mark=with_mark)
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in found.incident.id)
    return Made(f"{safe}-{found.incident.known_at[:10]}.{ending}", media_type, body)
