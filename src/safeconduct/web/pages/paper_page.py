"""The page of passes: issue in bulk, print, send as a picture, issue anew; and the page of what is revoked."""

from base64 import b64encode
from dataclasses import dataclass

from safeconduct.web.pages.inbox_page import Said
from safeconduct.web.pages.paper_words import LANGUAGES
from safeconduct.web.pages.qr_image import matrix_of, qr_png
from safeconduct.web.pages.render import Page, _page
from safeconduct.workflows.revocation_sheet import RevocationSheet
from safeconduct.workflows.show_passes import PassesView


@dataclass(frozen=True, slots=True)
class Step:
    """How far an issue in bulk has come: groups that have their passes, of all that are to have them."""

    done: int
    whole: int
    passes: int  # issued in the newest step
    rate: int  # of those, a second

    @property
    def left(self) -> int:
        """Groups that still lack a pass."""
        return max(0, self.whole - self.done)


def render_passes(view: PassesView, page: Page, said: Said, step: Step | None = None) -> str:
    """Return the page, served at `/passes`.

    Args:
        view: counts, batches, control points.
        page: what surrounds it.
        said: what a form has just done or could not do, and what was given in it.
        step: how far an issue in bulk has come.
    """
    return _page("passes.html", page, view=view, said=said, step=step, languages=LANGUAGES)


def render_revocations(sheet: RevocationSheet | None, page: Page) -> str:
    """Return the page of revocations, served at `/passes/revocations`; None before a bundle was published."""
    pictures = [picture_address(text) for text in sheet.parts] if sheet else []
    return _page("revocations.html", page, sheet=sheet, pictures=pictures)


def picture_address(text: str, scale: int = 6) -> str:
    """Return a QR code as the address of a picture."""
    return f"data:image/png;base64,{b64encode(qr_png(matrix_of(text), scale)).decode()}"
