"""Text in any of the five languages set on a PDF canvas: shaped by HarfBuzz, and laid out from the right where due.

Only what our own sheets need of the bidirectional algorithm is done here: a paragraph has one direction, and runs of
numbers or Latin words in a right-to-left paragraph keep their own order. Nested embeddings and mirrored brackets do
not occur in these texts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from reportlab.lib.colors import Color
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont, shapeStr
from reportlab.pdfgen.canvas import Canvas

from safeconduct.web.pages.pdf_parts import BOLD, FONTS, INK, SANS, fonts
from safeconduct.web.pages.wording import direction_of

NASKH, NASKH_BOLD = "NotoNaskhArabic", "NotoNaskhArabic-Bold"
LEADING = {"ltr": 1.32, "rtl": 1.62}  # Naskh letters reach further up and down
_TAIL = ".,:;،؛؟!»)"
_HEAD = "(«"


@dataclass(frozen=True, slots=True)
class Setting:
    """How a text is set: language tag, size in points, weight, colour, and whether it is centred."""

    lang: str = "en"
    size: float = 10
    bold: bool = False
    colour: Color = INK
    centred: bool = False

    @property
    def rtl(self) -> bool:
        """Whether its lines run from the right."""
        return direction_of(self.lang) == "rtl"

    @property
    def leading(self) -> float:
        """Height of a line, in points."""
        return self.size * LEADING["rtl" if self.rtl else "ltr"]


@cache
def scripts() -> dict[str, frozenset[int]]:
    """Make the fonts known to the PDF library; return what characters each can set."""
    fonts()
    known = {name: TTFont(name, FONTS / f"{name}-{cut}.ttf") for name, cut in ((NASKH, "Regular"),)}
    known[NASKH_BOLD] = TTFont(NASKH_BOLD, FONTS / f"{NASKH}-Bold.ttf")
    for font in known.values():
        pdfmetrics.registerFont(font)
    return {name: frozenset(font.face.charToGlyph) for name, font in known.items()}


def font_of(text: str, *, bold: bool) -> str:
    """Return the font that sets a run: Naskh where it has a letter that Latin fonts lack."""
    naskh = NASKH_BOLD if bold else NASKH
    known = scripts()[naskh]  # makes the fonts known, too
    if any("\u0600" <= c <= "\u06ff" for c in text) and all(ord(c) in known for c in text):
        return naskh
    return BOLD if bold else SANS


@lru_cache(maxsize=4_096)  # the same instructions are set for every group
def shaped(text: str, font: str, size: float) -> tuple[Any, float]:
    """Return a run as glyphs in the order of sight, and its width in points."""
    made = shapeStr(text, font, size, force=True)
    return made, float(pdfmetrics.stringWidth(made, font, size))


def width_of(text: str, how: Setting) -> float:
    """Return the width of a text on one line, in points."""
    return sum(run.width for run in _runs(text.split(), how)) + _gap(how) * max(0, len(_groups(text.split(), how)) - 1)


@dataclass(frozen=True, slots=True)
class _Run:
    glyphs: Any
    font: str
    width: float


def _gap(how: Setting) -> float:
    return float(pdfmetrics.stringWidth(" ", BOLD if how.bold else SANS, how.size))


def _foreign(word: str) -> bool:
    """Whether a word keeps its own order in a right-to-left line: it has digits or Latin letters, and no others."""
    core = word.strip(_TAIL + _HEAD)
    return any(c.isalnum() for c in core) and not any(
        "\u0620" <= c <= "\u064a" or "\u066e" <= c <= "\u06d5" for c in core
    )


def _groups(words: Sequence[str], how: Setting) -> list[str]:
    """Return the pieces of a line in the order of reading; neighbours of the line's own direction stay one piece."""
    if not how.rtl:
        return [" ".join(words)] if words else []
    pieces: list[tuple[bool, list[str]]] = []
    for word in words:
        foreign = _foreign(word)
        if pieces and pieces[-1][0] == foreign:
            pieces[-1][1].append(word)
        else:
            pieces.append((foreign, [word]))
    return [" ".join(part) for _, part in pieces]


def _runs(words: Sequence[str], how: Setting) -> list[_Run]:
    """Return shaped runs in the order of reading."""
    made = []
    for text in _groups(words, how):
        for part in _apart(text) if how.rtl else [text]:
            font = font_of(part, bold=how.bold)
            glyphs, width = shaped(part, font, how.size)
            made.append(_Run(glyphs, font, width))
    return made


def _apart(text: str) -> Iterator[str]:
    """Take marks from the ends of a foreign piece: they belong to the line around it."""
    if not _foreign(text.split(maxsplit=1)[0]):
        yield text
        return
    core = text.strip(_TAIL + _HEAD)
    start = text.index(core)
    for part in (text[:start], core, text[start + len(core) :]):
        if part:
            yield part


@lru_cache(maxsize=1_024)
def lines_of(text: str, width: float, how: Setting) -> tuple[tuple[str, ...], ...]:
    """Break a text into lines of words that fit a width, in points; a word that is too long has a line of its own."""
    lines: list[list[str]] = [[]]
    for word in text.split():
        if lines[-1] and width_of(" ".join([*lines[-1], word]), how) > width:
            lines.append([])
        lines[-1].append(word)
    return tuple(tuple(line) for line in lines)


def height_of(text: str, width: float, how: Setting) -> float:
    """Return the height that a text takes in a column, in points."""
    return len(lines_of(text, width, how)) * how.leading


def write(canvas: Canvas, text: str, place: tuple[float, float], width: float, how: Setting) -> float:
    """Write a text into a column; return where on the page the next may begin.

    Args:
        canvas: where.
        text: what.
        place: left edge of the column, and the top of the first line; points.
        width: of the column.
        how: the setting.
    """
    left, top = place
    baseline = top - how.size * (1.16 if how.rtl else 1.0)
    for words in lines_of(text, width, how):
        _line(canvas, words, (left, baseline), width, how)
        baseline -= how.leading
    return baseline + how.size * (1.16 if how.rtl else 1.0)


def _line(canvas: Canvas, words: Sequence[str], place: tuple[float, float], width: float, how: Setting) -> None:
    left, baseline = place
    whole = width_of(" ".join(words), how)
    slack = width - whole
    x = left + (slack / 2 if how.centred else slack if how.rtl else 0)
    canvas.setFillColor(how.colour)
    if not how.rtl:
        for run in _runs(words, how):
            _put(canvas, run, x, baseline, how.size)
        return
    x += whole
    for number, text in enumerate(_groups(words, how)):
        x -= _gap(how) if number else 0
        for run in _runs(text.split(), how):
            x -= run.width
            _put(canvas, run, x, baseline, how.size)


def _put(canvas: Canvas, run: _Run, x: float, baseline: float, size: float) -> None:
    canvas.setFont(run.font, size)
    canvas.drawString(x, baseline, run.glyphs)
