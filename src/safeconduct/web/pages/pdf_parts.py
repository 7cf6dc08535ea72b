"""What PDF pages are made of: a font that is carried along, text that the font can set, plots, and page numbers.

The font covers Latin, Greek and Cyrillic letters. Text in other scripts would need shaping and two directions of
writing; it is not set wrongly but named: script and length stand in its place, and the reader is told where it is
whole.
"""

import unicodedata
from functools import cache
from io import BytesIO
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.graphics.shapes import Circle, Drawing, Line, Polygon, PolyLine, Rect, String
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table, TableStyle

FONTS = Path(__file__).parent / "fonts"
SANS, BOLD = "NotoSans", "NotoSans-Bold"
MARGIN = 18 * mm
WIDTH = A4[0] - 2 * MARGIN - 12  # points; a sheet's frame keeps six free on either side
INK, MUTED, RULE = HexColor("#10181f"), HexColor("#47535e"), HexColor("#c9d1d8")
ACCENT, STOP, BAND = HexColor("#0b4f9c"), HexColor("#a8071a"), HexColor("#cfe0f4")
# look of a shape -> stroke, width, fill, dashes
LOOKS: dict[str, tuple[Color | None, float, Color | None, list[int] | None]] = {
    "grid": (RULE, 0.6, None, None),
    "axis": (MUTED, 1, None, None),
    "gap": (MUTED, 0.8, None, [2, 4]),
    "band": (None, 0, BAND, None),
    "mark": (INK, 1.6, None, None),
    "mark gone": (MUTED, 1.6, None, None),
    "mark head": (None, 0, INK, None),
    "mark gone head": (MUTED, 1.6, HexColor("#ffffff"), None),
    "struck": (STOP, 1.6, None, None),
    "fix": (STOP, 1.3, None, None),
    "fixhead": (STOP, 0.5, STOP, None),
    "shift": (ACCENT, 1.2, None, [4, 3]),
    "shifthead": (ACCENT, 0.5, ACCENT, None),
}


@cache
def fonts() -> frozenset[int]:
    """Make the fonts known to the PDF library, and return the characters that they can set."""
    sans, bold = TTFont(SANS, FONTS / "NotoSans-Regular.ttf"), TTFont(BOLD, FONTS / "NotoSans-Bold.ttf")
    for font in (sans, bold):
        pdfmetrics.registerFont(font)
    pdfmetrics.registerFontFamily(SANS, normal=SANS, bold=BOLD, italic=SANS, boldItalic=BOLD)
    return frozenset(sans.face.charToGlyph) & frozenset(bold.face.charToGlyph)


@cache
def style(size: float, *, bold: bool, muted: bool, before: float, leads: bool) -> ParagraphStyle:
    """Return the style of a paragraph."""
    fonts()
    return ParagraphStyle(
        f"{size}{bold}{muted}{before}{leads}", fontName=BOLD if bold else SANS, fontSize=size, leading=size * 1.32,
        textColor=MUTED if muted else INK, spaceBefore=before, splitLongWords=True, keepWithNext=leads,
    )  # fmt: skip


def settable(text: str) -> str:
    """Return the text with every run that the font cannot set replaced by its script and length in brackets."""
    known = fonts()
    parts = []
    spaced = " ".join(text.split())
    for fits, run in groupby(spaced, key=lambda c: ord(c) in known):
        if fits:
            parts.append("".join(run))
            continue
        letters = "".join(run)
        script = unicodedata.name(letters[0], "unknown").split()[0].capitalize()
        parts.append(f"[{script} script, {len(letters)} character{'' if len(letters) == 1 else 's'}]")
    return "".join(parts)


def lost(text: str) -> bool:
    """Whether something of the text cannot be set."""
    known = fonts()
    return any(ord(c) not in known for c in text if not c.isspace())


def safe(text: str) -> str:
    """Return text for a paragraph: only what the font can set, and never markup."""
    return escape(settable(text))


def para(
    markup: str, size: float = 9, *, bold: bool = False, muted: bool = False, before: float = 0, leads: bool = False
) -> Paragraph:
    """Return a paragraph of our own markup; what others wrote goes through `safe` first.

    One that `leads` stays on the sheet of what follows it.
    """
    return Paragraph(markup, style(size, bold=bold, muted=muted, before=before, leads=leads))


def table(rows: list[list[Flowable]], widths: list[float], *, head: bool = False) -> Table:
    """Return a ruled table over the whole width; widths are shares of it."""
    whole = sum(widths)
    made = Table(rows, colWidths=[WIDTH * share / whole for share in widths], repeatRows=1 if head else 0)
    made.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEABOVE", (0, 0), (-1, -1), 0.4, RULE),
                ("LEFTPADDING", (0, 0), (0, -1), 0),
                ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ]
        )
    )
    return made


class PdfSurface:
    """A plot's surface in a PDF; heights run downwards, as on a page."""

    def __init__(self, width: int, height: int) -> None:
        """Start with an empty drawing of this size, in points."""
        self.width = width
        self.drawing = Drawing(width, height)
        self._height = height

    def _add(self, shape: Line | Rect | Circle | PolyLine | Polygon, css: str) -> None:
        stroke, width, fill, dashes = LOOKS.get(css, LOOKS["mark"])
        shape.strokeColor, shape.strokeWidth = stroke, width
        if dashes:
            shape.strokeDashArray = dashes
        if not isinstance(shape, Line | PolyLine):
            shape.fillColor = fill
        self.drawing.add(shape)

    def line(self, x1: float, y1: float, x2: float, y2: float, css: str) -> None:
        """Draw a straight line."""
        self._add(Line(x1, self._height - y1, x2, self._height - y2), css)

    def rect(self, x: float, y: float, width: float, height: float, css: str, title: str = "") -> None:  # noqa: ARG002
        """Draw a rectangle; paper has no tooltips."""
        self._add(Rect(x, self._height - y - height, max(width, 0), max(height, 0)), css)

    def circle(self, x: float, y: float, radius: float, css: str) -> None:
        """Draw a circle; a finger's reach is not drawn."""
        if css != "reach":
            self._add(Circle(x, self._height - y, radius), css)

    def path(self, points: list[tuple[float, float]], css: str, *, close: bool = False) -> None:
        """Draw a line through points, or the area within them."""
        flat = [value for x, y in points for value in (x, self._height - y)]
        self._add(Polygon(flat) if close else PolyLine(flat), css)

    def text(self, x: float, y: float, words: str, css: str = "", anchor: str = "start") -> None:
        """Write words at a place."""
        fonts()
        self.drawing.add(
            String(
                x,
                self._height - y,
                settable(words),
                textAnchor=anchor,
                fontSize=9,
                fontName=SANS if css == "tick" else BOLD,
                fillColor=MUTED if css == "tick" else INK,
            )
        )

    def open_link(self, href: str, title: str) -> None:
        """A plot on paper links nowhere."""

    def close_link(self) -> None:
        """A plot on paper links nowhere."""


def bound(story: list[Flowable], *, title: str, foot: str, watermark: str = "") -> bytes:
    """Return the PDF: every page with its number, the foot line, and the watermark where there is one.

    It holds no time of its making, so that the same account gives the same bytes.
    """
    fonts()
    out = BytesIO()
    sheets = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN + 4 * mm,
        title=title, author=foot, invariant=1, lang="en",
    )  # fmt: skip

    def around(canvas: Canvas, sheet: SimpleDocTemplate) -> None:
        canvas.saveState()
        if watermark:
            canvas.setFillColor(Color(0.06, 0.09, 0.12, alpha=0.07))
            canvas.setFont(BOLD, 90)
            canvas.translate(A4[0] / 2, A4[1] / 2)
            canvas.rotate(35)
            canvas.drawCentredString(0, -30, watermark)
            canvas.rotate(-35)
            canvas.translate(-A4[0] / 2, -A4[1] / 2)
        canvas.setFillColor(MUTED)
        canvas.setFont(SANS, 8)
        canvas.drawString(MARGIN, 12 * mm, settable(foot)[:110])
        canvas.drawRightString(A4[0] - MARGIN, 12 * mm, str(sheet.page))
        canvas.restoreState()

    sheets.build(story, onFirstPage=around, onLaterPages=around)
    return out.getvalue()
