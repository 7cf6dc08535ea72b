"""QR codes as pictures and on PDF pages; and one pass as a picture that a messenger may shrink and compress."""

from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from io import BytesIO
from typing import Any

import zxingcpp
from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfgen.canvas import Canvas

from safeconduct.errors import BadInput
from safeconduct.web.pages.pdf_parts import FONTS, settable
from safeconduct.workflows.print_strips import PaperPass

QUIET = 4  # modules of white around a code, as ISO/IEC 18004 asks
SIDE = 1_080  # pixels, the width of a picture of a pass: what messengers keep or halve
MOST_DOTS = 40  # heads drawn as dots; more are a number only
_WHITE, _INK, _MUTED = 255, 0, 80


Matrix = tuple[tuple[int, ...], ...]  # rows of modules, 1 for a dark one, without the quiet zone


@lru_cache(maxsize=64)
def matrix_of(text: str, level: str = "M") -> Matrix:
    """Return the QR code of a text in the smallest version that holds it.

    ZXing's encoder makes two thousand a second, thirty times what segno does, which matters when a roll is printed.

    Raises:
        BadInput: `bad-field`, for more than a code holds.
    """
    try:
        made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    except (RuntimeError, ValueError):
        raise BadInput("bad-field", where="code", expected="a text that one code holds", seen=len(text)) from None
    image: Any = made.to_image(scale=1, add_quiet_zones=False)  # a buffer of bytes, one for each module
    rows: Any = memoryview(image).tolist()
    return tuple(tuple(int(value == 0) for value in row) for row in rows)


def draw_qr(canvas: Canvas, code: Matrix, place: tuple[float, float], side: float) -> None:
    """Draw a code with its quiet zone on a PDF page, as vectors.

    Args:
        canvas: where.
        code: what.
        place: left and lower edge, points.
        side: width and height with the quiet zone, points.
    """
    step = side / (len(code) + 2 * QUIET)
    canvas.saveState()
    canvas.translate(place[0] + QUIET * step, place[1] + side - QUIET * step)
    canvas.scale(step, -step)
    path = canvas.beginPath()
    for down, row in enumerate(code):
        across = 0
        while across < len(row):
            run = across
            while run < len(row) and row[run]:
                run += 1
            if run > across:  # a hair more than a module high, so that no white line shows between rows
                path.rect(across, down, run - across, 1.02)
            across = run + 1
    canvas.setFillGray(0)
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.restoreState()


def picture_of(code: Matrix, scale: int) -> Image.Image:
    """Return a code as a picture with its quiet zone; `scale` is pixels for a module."""
    side = len(code)
    small = Image.new("L", (side + 2 * QUIET, side + 2 * QUIET), _WHITE)
    small.paste(Image.frombytes("L", (side, side), bytes(0 if dark else _WHITE for row in code for dark in row)),
                (QUIET, QUIET))  # fmt: skip
    return small.resize((small.width * scale, small.height * scale), Image.Resampling.NEAREST)


def qr_png(code: Matrix, scale: int = 10) -> bytes:
    """Return a code as a PNG, with its quiet zone; `scale` is pixels for a module."""
    out = BytesIO()
    picture_of(code, scale).save(out, "PNG", optimize=True)
    return out.getvalue()


def times_of(one: PaperPass, zone: tzinfo) -> tuple[str, str]:
    """Return the window in a time zone as two texts: the day and the first time, and the last time, with its day."""
    start, end = (datetime.fromtimestamp(at, UTC).astimezone(zone) for at in (one.not_before, one.until))
    last = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%Y-%m-%d %H:%M}"
    return f"{start:%Y-%m-%d  %H:%M}", last


def window_of(one: PaperPass, zone: tzinfo) -> str:
    """Return the window in a time zone on one line."""
    return " – ".join(times_of(one, zone))


def dots_of(heads: int) -> str:
    """Return as many dots as heads, in fives; nothing for more than can be counted at a glance."""
    if heads > MOST_DOTS:
        return ""
    return " ".join("●" * min(5, heads - start) for start in range(0, heads, 5))


def pass_png(one: PaperPass, zone: tzinfo, zone_name: str, *, exercise: bool) -> bytes:
    """Return one pass as a picture: its code large, then control point, window and heads; no group, no name."""
    code = matrix_of(one.text)
    made = picture_of(code, SIDE // (len(code) + 2 * QUIET))
    lines = [
        (56, f"{one.place} / {one.of}   {settable(one.name)}"),
        (48, window_of(one, zone)),
        (32, f"{zone_name}   ({window_of(one, UTC)} UTC)"),
    ]
    if one.phone:
        lines.append((40, f"second code of the phone for:  {settable(one.point)}"))
    if exercise:
        lines.insert(0, (44, "EXERCISE"))
    height = SIDE + sum(round(size * 1.5) for size, _ in lines) + 120
    sheet = Image.new("L", (SIDE, height), _WHITE)
    sheet.paste(made, ((SIDE - made.width) // 2, (SIDE - made.height) // 2))
    pen, y = ImageDraw.Draw(sheet), SIDE - 10
    for size, text in lines:
        font = _font(size, text, SIDE - 100)
        pen.text((50, y), text, fill=_INK if size > 40 else _MUTED, font=font)
        y += round(size * 1.5)
    _draw_heads(pen, one.heads, y + 14)
    out = BytesIO()
    sheet.save(out, "PNG", optimize=True)
    return out.getvalue()


def _font(size: int, text: str, width: int) -> ImageFont.FreeTypeFont:
    """Return the font at the size, or smaller where a long name would not fit."""
    while True:
        font = ImageFont.truetype(str(FONTS / "NotoSans-Bold.ttf"), size)
        if size <= 20 or font.getlength(text) <= width:
            return font
        size -= 2


def _draw_heads(pen: ImageDraw.ImageDraw, heads: int, y: int) -> None:
    """Draw the number of heads, and as many dots, in fives."""
    font = ImageFont.truetype(str(FONTS / "NotoSans-Bold.ttf"), 64)
    pen.text((50, y - 20), str(heads), fill=_INK, font=font)
    if heads > MOST_DOTS:
        return
    x0 = 50 + round(font.getlength(str(heads))) + 40
    for number in range(heads):
        row, column = divmod(number, 20)
        x = x0 + column * 36 + column // 5 * 18
        pen.ellipse((x, y + row * 40, x + 26, y + row * 40 + 26), fill=_INK)
