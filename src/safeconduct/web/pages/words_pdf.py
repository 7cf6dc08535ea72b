"""The words of passes on a sheet of their own, with the warning that it is never carried together with the passes."""

from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from safeconduct.passes.binding import numbers_of
from safeconduct.web.pages.paper_words import words_in
from safeconduct.web.pages.pdf_parts import INK, MUTED, STOP, settable
from safeconduct.web.pages.qr_image import window_of
from safeconduct.web.pages.script_text import NASKH_BOLD, Setting, height_of, scripts, write
from safeconduct.web.pages.strip_pdf import EDGE, LEFT, WIDE, office_slip, write_at
from safeconduct.workflows.print_strips import PaperPass, Papers

ROW = 12 * mm  # of two words
HEAD = 28 * mm  # of a pass, above and below its words
DIGITS = {"ar": 0x660, "prs": 0x6F0, "ps": 0x6F0}  # the zero of a language's own digits


def words_pdf(papers: Papers, lang: str) -> bytes:
    """Return a sheet of words for each group: control point, window, four or six words, each with its number.

    The number, in the language's own digits, stands for the word with whoever does not read Latin letters; a device
    takes either.
    """
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, lang="en")
    canvas.setTitle("Words")
    canvas.setAuthor("safeconduct")
    for paper in papers.groups:
        y = _warning(canvas, lang, office_slip(canvas, paper, papers, "Words"))
        for one in paper.passes:
            if y - block_of(one) < EDGE:
                canvas.showPage()
                y = A4[1] - EDGE
            _words(canvas, one, papers, y, lang)
            y -= block_of(one)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def block_of(one: PaperPass) -> float:
    """Height of one pass on the sheet, in points."""
    return float(HEAD + ROW * -(-len(one.words.split()) // 2))


def _warning(canvas: Canvas, lang: str, top: float) -> float:
    said = words_in(lang)
    y = write_at(canvas, said["words-title"], (LEFT, top - 3 * mm), WIDE, Setting(lang, 20, bold=True)) - 2 * mm
    texts = [(said["words-warn"], Setting(lang, 14, bold=True, colour=STOP))]
    if lang != "en":
        texts.append((words_in("en")["words-warn"], Setting("en", 9, bold=True, colour=STOP)))
    inner = WIDE - 10 * mm
    height = sum(height_of(text, inner, how) for text, how in texts) + 7 * mm
    canvas.setStrokeColor(STOP)
    canvas.setLineWidth(1.4)
    canvas.roundRect(LEFT, y - height, WIDE, height, 2 * mm)
    inside = y - 3 * mm
    for text, how in texts:
        inside = write_at(canvas, text, (LEFT + 5 * mm, inside), inner, how)
    return write_at(canvas, said["words-say"], (LEFT, y - height - 4 * mm), WIDE, Setting(lang, 12)) - float(4 * mm)


def _words(canvas: Canvas, one: PaperPass, papers: Papers, top: float, lang: str) -> None:
    which = f"{one.place} / {one.of}   {settable(one.name)}"
    y = write_at(canvas, which, (LEFT, top), WIDE, Setting(size=14, bold=True))
    when = f"{window_of(one, papers.local)}  {papers.zone}"
    y = write_at(canvas, when, (LEFT, y), WIDE, Setting(size=10, colour=MUTED))
    words = one.words.split()
    wide = WIDE / 2
    y -= 4 * mm
    for place, (word, number) in enumerate(zip(words, numbers_of(words), strict=True)):
        row, column = divmod(place, 2)
        at = y - row * ROW
        if lang in DIGITS:  # read from the right: the first column is there, and the number before the word
            left = LEFT + (1 - column) * wide
            _digits(canvas, str(place + 1), (left + wide - 6 * mm, at - 1.6 * mm), lang, 12)
            _digits(canvas, number, (left + wide - 30 * mm, at), lang, 22)
            write(canvas, word, (left, at - 1.6 * mm), wide - 32 * mm, Setting(size=14, colour=MUTED))
            continue
        left = LEFT + column * wide
        write(canvas, f"{place + 1}.", (left, at - 2.2 * mm), 8 * mm, Setting(size=11, colour=MUTED))
        write(canvas, word, (left + 9 * mm, at), wide - 34 * mm, Setting(size=22, bold=True))
        write(canvas, number, (left + wide - 24 * mm, at - 1.6 * mm), 22 * mm, Setting(size=14, colour=MUTED))
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(0.4)
    low = top - block_of(one) + 6 * mm
    canvas.line(LEFT, low, LEFT + WIDE, low)


def _digits(canvas: Canvas, number: str, place: tuple[float, float], lang: str, size: float) -> None:
    """Write a number in a language's own digits, the highest first from the left, as everywhere.

    They are set one by one: shaped as a word of that script they would run from the right.
    """
    scripts()
    canvas.setFillColor(INK)
    canvas.setFont(NASKH_BOLD, size)
    own = "".join(chr(DIGITS[lang] + int(digit)) for digit in number)
    canvas.drawString(place[0], place[1] - size, own)
