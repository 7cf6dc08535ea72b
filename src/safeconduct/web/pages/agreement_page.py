"""The agreement's page, and the agreement as a file: a document to print, a PDF, or data with both signatures."""

import base64
import hashlib

from markupsafe import Markup

from safeconduct.errors import BadInput, SafeconductError
from safeconduct.web.pages.render import STATIC, Page, _page, render_agreement
from safeconduct.web.pages.report import Made
from safeconduct.workflows.agreement_view import AgreementView
from safeconduct.workflows.export_agreement import export_agreement
from safeconduct.workflows.ports import Node
from safeconduct.workflows.show_agreement import show_agreement

# form -> media type
FORMS = {"html": "text/html; charset=utf-8", "pdf": "application/pdf", "json": "application/json"}
NOTES = {
    "proposed": "Signed and on its way. Nothing changes until the other party signs it too.",
    "accepted": "Signed. With both signatures it is in force.",
    "state": "Recorded, and on its way to the other party.",
    "term": "Recorded.",
}


def render_agreement_page(view: AgreementView | None, page: Page, *, note: str = "", fault: str = "") -> str:
    """Return the page served at `/agreement`."""
    return render_agreement(view, page, note=note, fault=fault)


def render_agreement_document(view: AgreementView, page: Page) -> str:
    """Return the agreement as a page that stands by itself: terms and signatures, and nothing of this party's own."""
    style = Markup((STATIC / "safeconduct.css").read_text("utf-8"))  # noqa: S704  (our own file)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return _page("agreement_doc.html", page, view=view, style=style, style_digest=digest)


def write_agreement(node: Node, form: str, page: Page, *, version: int | None = None) -> Made:
    """Return a version of the agreement in one of `FORMS`, by default the one in force.

    Raises:
        BadInput: `bad-choice` for another form, `unknown-version`.
        SafeconductError: `no-agreement`.
    """
    if form not in FORMS:
        raise BadInput("bad-choice", where="form", expected=", ".join(FORMS), seen=form)
    view = show_agreement(node, version=version)
    if view is None:
        raise SafeconductError("no-agreement", "there is no agreement to export yet")
    if form == "json":
        body = export_agreement(node, version)
    elif form == "html":
        body = render_agreement_document(view, page).encode()
    else:
        from safeconduct.web.pages.agreement_pdf import pdf_agreement  # noqa: PLC0415  (a large import)

        body = pdf_agreement(view, page)
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in view.id)
    return Made(f"{safe}-version-{view.version}.{form}", FORMS[form], body)
