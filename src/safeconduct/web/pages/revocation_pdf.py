"""Revocations at the briefing: one sheet, or several, whose codes every phone reads before it goes to its post."""

from datetime import UTC, datetime
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from safeconduct.web.pages.pdf_parts import MUTED, STOP, settable
from safeconduct.web.pages.qr_image import draw_qr, matrix_of
from safeconduct.web.pages.script_text import Setting
from safeconduct.web.pages.strip_pdf import EDGE, LEFT, WIDE, write_at
from safeconduct.workflows.revocation_sheet import RevocationSheet

SIDE = 165 * mm  # of a code: a module of the densest is 1.3 mm, read from an arm's length


def revocation_pdf(sheet: RevocationSheet) -> bytes:
    """Return one page for each code, numbered, with how to read it and until when it holds."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, lang="en")
    canvas.setTitle("Revocations")
    canvas.setAuthor("safeconduct")
    for number, text in enumerate(sheet.parts, 1):
        _page(canvas, sheet, number, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _page(canvas: Canvas, sheet: RevocationSheet, number: int, text: str) -> None:
    y = A4[1] - EDGE
    if sheet.exercise:
        y = write_at(canvas, "EXERCISE: nobody here is real", (LEFT, y), WIDE, Setting(size=10, bold=True, colour=STOP))
    y = write_at(canvas, "Revocations at the briefing", (LEFT, y), WIDE, Setting(size=22, bold=True)) - 1 * mm
    which = f"Code {number} of {len(sheet.parts)}" if len(sheet.parts) > 1 else "One code"
    said = f"{which}. List {sheet.bundle} of {settable(sheet.party)}, "
    said += f"made {_time(sheet.issued)}, over {_time(sheet.expires)}."
    y = write_at(canvas, said, (LEFT, y), WIDE, Setting(size=12)) - 4 * mm
    draw_qr(canvas, matrix_of(text), ((A4[0] - SIDE) / 2, y - SIDE), SIDE)
    y -= SIDE + 3 * mm
    steps = [
        f"1. On the phone: scan {'all codes, in any order,' if len(sheet.parts) > 1 else 'this code'} like a pass.",
        f"2. The phone must say: list {sheet.bundle}. If it says that its list is newer, nothing needs doing.",
        "3. Destroy this sheet once it is over. It names nobody; it must not hang where passes are shown.",
    ]
    for step in steps:
        y = write_at(canvas, step, (LEFT, y), WIDE, Setting(size=12)) - 1 * mm
    listed = sum(one.listed for one in sheet.lists)
    kind = "changes since list " + str(sheet.since) if sheet.since is not None else "the full lists"
    note = f"It holds {kind} of {len(sheet.lists)} batches: {listed:,} places, decoys never issued among them."
    write_at(canvas, note, (LEFT, y), WIDE, Setting(size=9, colour=MUTED))


def _time(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC"
