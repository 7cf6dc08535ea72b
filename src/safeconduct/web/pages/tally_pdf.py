"""Numbered tally sheets for a post without a phone: one A4 page each, lines to fill in by hand, and no names."""

from collections.abc import Sequence
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from safeconduct.web.pages.paper_words import words_in
from safeconduct.web.pages.pdf_parts import INK, MUTED, STOP, settable
from safeconduct.web.pages.script_text import Setting, height_of, width_of, write
from safeconduct.web.pages.strip_pdf import EDGE, LEFT, WIDE, write_at
from safeconduct.workflows.key_in_tally import ROWS, Sheet

LINE = 9 * mm
BOX = 4.6 * mm
# column: key of its words, width in mm, whether it is a box to tick
COLUMNS = (
    ("", 9, False), ("time", 20, False), ("people", 24, False), ("through", 20, True), ("turned", 22, True),
    ("other", 16, True), ("tail", 34, False), ("note", 41, False),
)  # fmt: skip


def tally_pdf(sheets: Sequence[Sheet], lang: str, *, exercise: bool) -> bytes:
    """Return a page for each sheet.

    Args:
        sheets: from `key_in_tally.make_sheets`.
        lang: of whoever fills them in; headings stand in English too.
        exercise: mark every page.
    """
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, lang="en")
    canvas.setTitle("Tally sheets")
    canvas.setAuthor("safeconduct")
    for sheet in sheets:
        top = _head(canvas, sheet, lang, exercise=exercise)
        _lines(canvas, lang, top)
        _foot(canvas, sheet, lang)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _both(canvas: Canvas, key: str, lang: str, place: tuple[float, float], width: float, size: float = 7) -> None:
    """Write a heading in English, and below it in the other language."""
    how = Setting(size=size, colour=MUTED)
    write(canvas, words_in("en")[key], place, width, how)
    if lang != "en":
        below = place[1] - height_of(words_in("en")[key], width, how)
        write(canvas, words_in(lang)[key], (place[0], below), width, Setting(lang, size + 1, colour=INK))


def _head(canvas: Canvas, sheet: Sheet, lang: str, *, exercise: bool) -> float:
    y = A4[1] - EDGE
    number = Setting(size=24, bold=True)
    right = A4[0] - EDGE - width_of(sheet.number, number)
    write(canvas, sheet.number, (right, y), WIDE, number)
    title = words_in("en")["tally"]
    y = write_at(canvas, title, (LEFT, y), WIDE / 2, Setting(size=18, bold=True))
    if lang != "en":
        write(canvas, words_in(lang)["tally"], (LEFT + 50 * mm, A4[1] - EDGE), 45 * mm, Setting(lang, 16, bold=True))
    y = write_at(canvas, settable(f"{sheet.name}   {sheet.day}"), (LEFT, y), WIDE, Setting(size=15, bold=True))
    held = f"held by {settable(sheet.holder)}" if sheet.holder else "held by nobody that the agreement names"
    y = write_at(canvas, f"{held};   local time;   keyed in later by this number", (LEFT, y), WIDE, Setting(size=9))
    if exercise:
        mark = Setting(size=11, bold=True, colour=STOP)
        write(canvas, "EXERCISE", (A4[0] - EDGE - 30 * mm, y + 6 * mm), 30 * mm, mark)
    y = write_at(canvas, words_in("en")["no-names"], (LEFT, y - 1 * mm), WIDE, Setting(size=10, bold=True))
    if lang != "en":
        y = write_at(canvas, words_in(lang)["no-names"], (LEFT, y), WIDE, Setting(lang, 11, bold=True))
    return float(y - 2 * mm)


def _lines(canvas: Canvas, lang: str, top: float) -> None:
    head = 15 * mm if lang != "en" else 10 * mm
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(0.5)
    x = LEFT
    for key, wide, ticked in COLUMNS:
        width = wide * mm
        if key:
            _both(canvas, key, lang, (x + 1 * mm, top - 1 * mm), width - 2 * mm)
        for number in range(ROWS):
            low = top - head - (number + 1) * LINE
            if not key:
                place = (x + 1.5 * mm, low + 6.2 * mm)
                write(canvas, str(number + 1), place, width - 2 * mm, Setting(size=9, colour=MUTED))
            if ticked:
                canvas.rect(x + (width - BOX) / 2, low + (LINE - BOX) / 2, BOX, BOX)
        canvas.line(x, top, x, top - head - ROWS * LINE)
        x += width
    canvas.line(x, top, x, top - head - ROWS * LINE)
    canvas.line(LEFT, top, x, top)
    for number in range(ROWS + 1):
        canvas.line(LEFT, top - head - number * LINE, x, top - head - number * LINE)


def _foot(canvas: Canvas, sheet: Sheet, lang: str) -> None:
    y = EDGE + 16 * mm
    canvas.setLineWidth(0.6)
    _both(canvas, "office", lang, (LEFT, y - 1 * mm), 60 * mm, 8)
    canvas.line(LEFT, y, LEFT + 80 * mm, y)
    write(canvas, "signature", (LEFT + 100 * mm, y - 1 * mm), 60 * mm, Setting(size=8, colour=MUTED))
    canvas.line(LEFT + 100 * mm, y, LEFT + WIDE, y)
    write(canvas, f"sheet {sheet.number}: bring it back even if it is empty", (LEFT, EDGE + 4 * mm), WIDE,
          Setting(size=8, colour=MUTED))  # fmt: skip
