"""Passes on paper: strips on A4 with one pass for each control point, or wallet cards; and how to use them.

No photo, name or nationality, because none is known here. The office's slip with the group's number is cut off and
kept; no number of the group stands on what the group carries, so that two guards cannot tell that two passes are one
family's.
"""

from datetime import UTC
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from safeconduct.web.pages.paper_words import RULES, words_in
from safeconduct.web.pages.pdf_parts import INK, MUTED, STOP, settable
from safeconduct.web.pages.qr_image import MOST_DOTS, draw_qr, matrix_of, window_of
from safeconduct.web.pages.script_text import Setting, height_of, width_of, write
from safeconduct.workflows.print_strips import GroupPaper, PaperPass, Papers

EDGE: float = 12 * mm  # of the page
LEFT, WIDE = EDGE, A4[0] - 2 * EDGE
SLIP = 13 * mm  # the office's slip
STRIP = 60 * mm  # height of one pass
CODE = 52 * mm  # side of its code with the quiet zone: a module is 1.06 mm
CARD = (85.6 * mm, 54 * mm)  # ISO/IEC 7810 ID-1: fits a wallet
CARD_CODE = 41 * mm
HOW = "how"  # name of the form that holds the instructions


def strips_pdf(papers: Papers, lang: str, *, tell: str = "") -> bytes:
    """Return strips on A4, one group after the other, each with its instructions.

    Args:
        papers: what to print.
        lang: the groups' language, for instructions and labels beside the English ones.
        tell: address of the page where travellers say what was done to them; empty leaves it out.
    """
    out, canvas = _begin("Passes")
    need = _instructions_height(lang, tell)
    canvas.beginForm(HOW)  # the same for every group: drawn once, and placed on each group's page
    _instructions(canvas, lang, tell, A4[1])
    canvas.endForm()
    for paper in papers.groups:
        top = office_slip(canvas, paper, papers, "Passes")
        for one in paper.passes:
            if top - STRIP < EDGE:
                canvas.showPage()
                top = A4[1] - EDGE
            _strip(canvas, one, papers, lang, top)
            top -= STRIP
        if top - need < EDGE:
            canvas.showPage()
            top = A4[1] - EDGE
        canvas.saveState()
        canvas.translate(0, top - A4[1])
        canvas.doForm(HOW)
        canvas.restoreState()
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def cards_pdf(papers: Papers, lang: str) -> bytes:
    """Return wallet cards, ten on a page, one for each pass; each group begins a page with the office's slip."""
    out, canvas = _begin("Cards")
    across, down = CARD
    for paper in papers.groups:
        top = office_slip(canvas, paper, papers, "Cards")
        for number, one in enumerate(paper.passes):
            row, column = divmod(number % 8, 2)
            if number and number % 8 == 0:
                canvas.showPage()
                top = A4[1] - EDGE
            left = (A4[0] - 2 * across) / 2 + column * across
            _card(canvas, one, papers, lang, (left, top - (row + 1) * down - 4 * mm))
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _begin(title: str) -> tuple[BytesIO, Canvas]:
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, lang="en")
    canvas.setTitle(title)
    canvas.setAuthor("safeconduct")
    return out, canvas


def office_slip(canvas: Canvas, paper: GroupPaper, papers: Papers, what: str) -> float:
    """Draw the slip that the office cuts off and keeps; return where the rest of the page begins."""
    top = A4[1] - EDGE
    text = f"OFFICE SLIP, cut off and keep:  {what} of group {settable(paper.group)},  {len(paper.passes)} printed"
    write(canvas, text, (LEFT, top), WIDE, Setting(size=9, bold=True))
    note = "Hand the rest out unmarked. Never write a name on it."
    write(canvas, note, (LEFT, top - 4.5 * mm), WIDE, Setting(size=8, colour=MUTED))
    if papers.exercise:
        write(canvas, "EXERCISE", (A4[0] - EDGE - 30 * mm, top), 30 * mm, Setting(size=9, bold=True, colour=STOP))
    cut(canvas, top - SLIP + 2 * mm)
    return float(top - SLIP)


def cut(canvas: Canvas, y: float) -> None:
    """Draw a line to cut along."""
    canvas.saveState()
    canvas.setStrokeColor(MUTED)
    canvas.setLineWidth(0.6)
    canvas.setDash(4, 3)
    canvas.line(EDGE / 2, y, A4[0] - EDGE / 2, y)
    canvas.restoreState()


def _fold(canvas: Canvas, x: float, low: float, high: float) -> None:
    """Draw a line to fold along: folded, the code is inside."""
    canvas.saveState()
    canvas.setStrokeColor(MUTED)
    canvas.setLineWidth(0.5)
    canvas.setDash(0.5, 3)
    canvas.setLineCap(1)
    canvas.line(x, low, x, high)
    canvas.restoreState()


def _strip(canvas: Canvas, one: PaperPass, papers: Papers, lang: str, top: float) -> None:
    said, low = words_in(lang), top - STRIP
    draw_qr(canvas, matrix_of(one.text), (LEFT, low + (STRIP - CODE) / 2), CODE)
    _fold(canvas, LEFT + CODE + 3 * mm, low + 2 * mm, top - 2 * mm)
    left, width = LEFT + CODE + 8 * mm, WIDE - CODE - 8 * mm
    y = top - 4 * mm
    _badge(canvas, one, (A4[0] - EDGE - 16 * mm, y - 8 * mm))
    if papers.exercise:
        write(canvas, "EXERCISE", (A4[0] - EDGE - 22 * mm, y - 11 * mm), 22 * mm,
              Setting(size=8, bold=True, colour=STOP, centred=True))  # fmt: skip
    y -= write_label(canvas, "control point", said["point"], lang, (left, y), width - 22 * mm)
    y -= _used(canvas, one.name, (left, y), width - 24 * mm, 17)
    y -= 2 * mm
    y -= write_label(canvas, f"local time ({papers.zone})", said["local"], lang, (left, y), width)
    y -= _used(canvas, window_of(one, papers.local), (left, y), width, 15)
    y -= _used(canvas, f"{window_of(one, UTC)}  UTC", (left, y), width, 8.5, bold=False)
    y -= 2.5 * mm
    people = Setting(size=20, bold=True)
    write(canvas, str(one.heads), (left, y), width, people)
    _dots(canvas, one.heads, (left + width_of(str(one.heads), people) + 4 * mm, y - 5 * mm), width)
    y -= 8.5 * mm
    write_label(canvas, "people", said["people"], lang, (left, y), width)
    if one.asks:
        write_label(canvas, "words are asked for", said["ask"], lang, (left + 34 * mm, y), width - 34 * mm, bold=True)
    if one.phone:
        write_label(canvas, "phone code", said["ask-phone"], lang, (left + 34 * mm, y), width - 34 * mm, bold=True)
        _used(canvas, one.point, (left + 34 * mm, y + 5 * mm), width - 34 * mm, 12)
    cut(canvas, low)


def _used(
    canvas: Canvas, text: str, place: tuple[float, float], width: float, size: float, *, bold: bool = True
) -> float:
    """Write what stands on a pass, smaller where it would need a second line; return its height."""
    shown = settable(text)
    how = Setting(size=size, bold=bold)
    while size > 8 and width_of(shown, how) > width:
        size -= 0.5
        how = Setting(size=size, bold=bold)
    write(canvas, shown, place, width, how)
    return how.leading


def write_label(
    canvas: Canvas, english: str, other: str, lang: str, place: tuple[float, float], width: float, *, bold: bool = False
) -> float:
    """Write a label in English and, beside it, in the group's language; return its height."""
    how = Setting(size=8, bold=bold, colour=INK if bold else MUTED)
    write(canvas, english, place, width, how)
    if lang != "en":
        far = width_of(english, how) + 3 * mm
        own = Setting(lang, 9.5, bold, how.colour)
        write(canvas, other, (place[0] + far, place[1] + (1.6 if own.rtl else 1.2)), width_of(other, own) + 1, own)
    return float(how.leading + 0.6 * mm)


def _badge(canvas: Canvas, one: PaperPass, place: tuple[float, float]) -> None:
    """Draw which pass of the strip this is."""
    canvas.saveState()
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(1.2)
    canvas.roundRect(place[0], place[1], 16 * mm, 9 * mm, 2 * mm)
    write(canvas, f"{one.place} / {one.of}", (place[0], place[1] + 7.2 * mm), 16 * mm,
          Setting(size=14, bold=True, centred=True))  # fmt: skip
    canvas.restoreState()


def _dots(canvas: Canvas, heads: int, place: tuple[float, float], width: float) -> None:
    """Draw a dot for each person, in fives, twenty to a row."""
    if heads > MOST_DOTS:
        return
    canvas.setFillColor(INK)
    step = min(3.6 * mm, width / 30)
    for number in range(heads):
        row, column = divmod(number, 20)
        canvas.circle(place[0] + column * step + column // 5 * step / 2, place[1] + 3 * mm - row * step, step / 3,
                      stroke=0, fill=1)  # fmt: skip


def _card(canvas: Canvas, one: PaperPass, papers: Papers, lang: str, place: tuple[float, float]) -> None:
    said, (left, low), (wide, high) = words_in(lang), place, CARD
    canvas.saveState()
    canvas.setStrokeColor(MUTED)
    canvas.setLineWidth(0.5)
    canvas.setDash(4, 3)
    canvas.rect(left, low, wide, high)
    canvas.restoreState()
    draw_qr(canvas, matrix_of(one.text), (left + 2 * mm, low + high - CARD_CODE - 2 * mm), CARD_CODE)
    x, width = left + CARD_CODE + 5 * mm, wide - CARD_CODE - 8 * mm
    y = low + high - 4 * mm
    y -= _used(canvas, f"{one.place} / {one.of}", (x, y), width, 13)
    name = Setting(size=10, bold=True)
    y = write_at(canvas, settable(one.name), (x, y), width, name) - 1.5 * mm
    people = Setting(size=16, bold=True)
    write(canvas, str(one.heads), (x, y), width, people)
    write_label(canvas, "people", said["people"], lang, (x + width_of(str(one.heads), people) + 2 * mm, y - 2 * mm),
                width)  # fmt: skip
    if one.asks:
        write_label(canvas, "words", said["ask"], lang, (x, y - 8 * mm), width, bold=True)
    if one.phone:
        y -= 8 * mm
        english = "phone code" if lang == "en" else "phone"  # as much as a card has room for beside the other language
        y -= write_label(canvas, english, said["ask-phone"], lang, (x, y), width, bold=True)
        _used(canvas, one.point, (x, y), width, 9)
    if papers.exercise:
        write(canvas, "EXERCISE", (x, low + 14 * mm), width, Setting(size=7, bold=True, colour=STOP))
    _used(canvas, f"{window_of(one, papers.local)}  {papers.zone}", (left + 3 * mm, low + 9.4 * mm), wide - 6 * mm, 10)
    _used(canvas, f"{window_of(one, UTC)}  UTC", (left + 3 * mm, low + 4.8 * mm), wide - 6 * mm, 7, bold=False)


def write_at(canvas: Canvas, text: str, place: tuple[float, float], width: float, how: Setting) -> float:
    """Write a text; return the height on the page at which the next may begin."""
    write(canvas, text, place, width, how)
    return place[1] - height_of(text, width, how)


def _rules(lang: str) -> Setting:
    return Setting(lang, 11.5 if lang in {"en", "uk"} else 12.5)


def _instructions_height(lang: str, tell: str) -> float:
    said, how = words_in(lang), _rules(lang)
    body = sum(height_of(said[key], WIDE - 10 * mm, how) + 1.2 * mm for key in RULES)
    return float(14 * mm + body + (32 * mm if tell else 0))


def _instructions(canvas: Canvas, lang: str, tell: str, top: float) -> None:
    """Write how to use the passes, in the group's language; then where to tell what was done."""
    said, how = words_in(lang), _rules(lang)
    y = write_at(canvas, said["title"], (LEFT, top - 4 * mm), WIDE, Setting(lang, 15, bold=True)) - 1 * mm
    for number, key in enumerate(RULES, 1):
        mark = Setting("en", how.size, bold=True, colour=MUTED)
        side = A4[0] - EDGE - 6 * mm if how.rtl else LEFT
        write(canvas, str(number), (side, y - (1.5 if how.rtl else 0)), 8 * mm, mark)
        text = (LEFT if how.rtl else LEFT + 8 * mm, y)
        y = write_at(canvas, said[key], text, WIDE - 10 * mm, how) - 1.2 * mm
    if tell:
        code = matrix_of(tell)
        side = 28 * mm
        at = A4[0] - EDGE - side if how.rtl else LEFT
        draw_qr(canvas, code, (at, y - side - 1 * mm), side)
        left = LEFT if how.rtl else LEFT + side + 4 * mm
        below = write_at(canvas, said["tell"], (left, y - 5 * mm), WIDE - side - 4 * mm, Setting(lang, 13, bold=True))
        shown = width_of(tell, Setting(size=9))
        write(canvas, tell, (left if not how.rtl else left + WIDE - side - 4 * mm - shown, below - 1 * mm), shown + 1,
              Setting(size=9, colour=MUTED))  # fmt: skip
