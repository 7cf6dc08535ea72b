"""A warning as one printed A4 sheet: plain words, boxes to tick, a number to quote back."""

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepInFrame, Spacer, Table, TableStyle

from safeconduct.web.pages import wording
from safeconduct.web.pages.area_map import degrees, distance
from safeconduct.web.pages.inbox_page import RESULT_WORDS, STAGE_WORDS
from safeconduct.web.pages.pdf_parts import INK, WIDTH, bound, para, safe, table
from safeconduct.web.pages.render import Page
from safeconduct.workflows.show_inbox import WarningSheet

HEIGHT = 240 * mm  # what fits one sheet beside its margins
BOX = 5 * mm


class _Box(Flowable):  # type: ignore[misc]
    """A square to tick."""

    def __init__(self) -> None:
        super().__init__()
        self.width = self.height = BOX

    def draw(self) -> None:
        """Draw it."""
        self.canv.setStrokeColor(INK)
        self.canv.setLineWidth(1.1)
        self.canv.rect(0, 0, BOX - 1, BOX - 1)


def sheet_pdf(sheet: WarningSheet, page: Page) -> bytes:
    """Return the sheet as a PDF of exactly one page.

    Args:
        sheet: the warning.
        page: whose node it is, and whether it is an exercise.
    """
    story = [*_head(sheet, page), *([] if sheet.revoked else _facts(sheet)), *_answers(sheet)]
    foot = f"{sheet.number} – {sheet.handling} – {sheet.party}"
    fitted = KeepInFrame(WIDTH, HEIGHT, story, mode="shrink")
    title = f"Warning {sheet.number}"
    return bound([fitted], title=title, foot=foot, watermark="EXERCISE" if page.exercise else "")


def _head(sheet: WarningSheet, page: Page) -> list[Flowable]:
    what = "Warning withdrawn" if sheet.revoked else "Corrected warning" if sheet.version > 1 else "Warning"
    made: list[Flowable] = [para("EXERCISE: nobody here is real", 9, bold=True)] if page.exercise else []
    made.append(para(safe(f"{what} from {sheet.party}"), 20, bold=True))
    made.append(para(f"Number to quote back: <font size=20>{safe(sheet.number)}</font>", 11, bold=True, before=6))
    if sheet.revoked:
        made.append(para("What this warning said no longer holds. Tell everybody whom you told.", 14, before=12))
    elif sheet.version > 1:
        made.append(para("This sheet replaces every earlier one of this warning. Destroy those.", 11, before=6))
    return [*made, Spacer(1, 4 * mm)]


def _facts(sheet: WarningSheet) -> list[Flowable]:
    south, west, north, east = sheet.bounds
    place = (
        f"an area about {distance(sheet.area_m)} across, from {degrees(south, 'N', 'S')} to {degrees(north, 'N', 'S')} "
        f"and from {degrees(west, 'E', 'W')} to {degrees(east, 'E', 'W')}"
    )
    rows = [
        ("Please do", sheet.advice),
        ("Who is threatened", sheet.threatened),
        ("Where", place),
        ("From", _time(sheet.window_from)),
        ("Until", _time(sheet.window_to)),
        *([("How likely", sheet.likelihood)] if sheet.likelihood else []),
        ("Who may read this", sheet.handling),
    ]
    made = [[para(safe(name), 10, muted=True), para(safe(text), 13, bold=number == 0)]
            for number, (name, text) in enumerate(rows)]  # fmt: skip
    return [table(made, [2, 7]), para("This is no order, and no leave to use force.", 10, before=6), Spacer(1, 4 * mm)]


def _answers(sheet: WarningSheet) -> list[Flowable]:
    made: list[Flowable] = [para("Your answer: tick, and say it with the number", 13, bold=True, before=4)]
    made.append(_ticks([f"{name}: {meaning}" for name, meaning in STAGE_WORDS.values()]))
    made.append(para("Reason, if declined: " + "_" * 58, 10, before=4))
    if not sheet.revoked:
        made.append(para("Afterwards: what came of it", 13, bold=True, before=10))
        made.append(_ticks([*RESULT_WORDS.values(), "somebody was harmed"]))
        made.append(para("How sure?  think ☐   believe ☐   confirmed ☐".replace("☐", "[   ]"), 10, before=4))
        made.append(para("In words: " + "_" * 68, 10, before=4))
    made.append(para("An answer is not an approval of anybody or anything.", 10, before=8))
    made.append(para("Answered by (office or post): " + "_" * 28 + "   Time (UTC): " + "_" * 12, 10, before=8))
    made.append(para("Taken by: " + "_" * 28 + "   by [   ] telephone  [   ] radio  [   ] paper", 10, before=8))
    return made


def _ticks(texts: list[str]) -> Table:
    cells = [[_Box(), para(safe(text), 11)] for text in texts]
    rows = [[*cells[place], *(cells[place + 1] if place + 1 < len(cells) else ["", ""])] for place in
            range(0, len(cells), 2)]  # fmt: skip
    made = Table(rows, colWidths=[8 * mm, WIDTH / 2 - 8 * mm] * 2)
    made.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]))
    return made


def _time(text: str) -> str:
    found = wording.parse_time(text)
    return text if found is None else f"{found:%H:%M} UTC, {wording.day_words(text)}"
