"""One figure of an incident over time, drawn on the server: its range, each claim on it, and the corrections."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from markupsafe import Markup

from safeconduct.web.pages.svg import WIDE, Canvas, Scale, Spot, Surface, compact, linear, nice_ceiling, size_of
from safeconduct.web.pages.wording import number, parse_time, short_day, slug
from safeconduct.workflows.room_view import IncidentView, MarkView

HEIGHT = 210  # user units
FIXING = ("corrects", "retracts")  # drawn as an arrow of their own; updates and refinements are drawn lighter
Ranges = Sequence[tuple[str, int | None, int | None]]
Ties = Sequence[tuple[str, str, str]]


def figure_over_time(
    incident: IncidentView,
    key: str,
    *,
    label: str,
    page: str = "",
    width: int = WIDE,
    marks: Sequence[MarkView] | None = None,
    ranges: Ranges | None = None,
    ties: Ties | None = None,
) -> Markup:
    """Draw one figure as known day by day: the range, one mark for each claim with its bounds, corrections as arrows.

    The days on which somebody spoke stand side by side; days of silence between them are one gap that names its
    length, so that three crowded days and one correction weeks later can both be read.

    Args:
        incident: The account, as known at a day; later claims are not drawn.
        key: Which figure.
        label: Its words, for those who do not see the drawing.
        page: Prefix of the links to the claims ("" on the account's own page).
        width: In user units.
        marks: The claims, where they are not all that the incident has.
        ranges: The range by day, where it is not the incident's own.
        ties: Claim, the claim it bears on, and how; by default the corrections that the marks themselves tell.

    Returns:
        An inline SVG, or an empty string when no claim of the figure is known.
    """
    known = incident.known_at[:10]
    shown = known_marks(incident.marks.get(key, ()) if marks is None else marks, known)
    if not shown:
        return Markup("")
    words = f"{label}: one mark for each of {len(shown)} claims, as known on {known}"
    canvas = Canvas(width, HEIGHT, words, size_of(width))
    own = [(mark.claim, mark.corrects, "corrects") for mark in shown if mark.corrects]
    draw_figure(
        canvas, shown, incident.ranges.get(key, ()) if ranges is None else ranges, own if ties is None else ties, known,
        page,
    )  # fmt: skip
    return canvas.done()


def known_marks(marks: Sequence[MarkView], known: str) -> list[MarkView]:
    """Return the marks that have a day and are not of a later one."""
    return [mark for mark in marks if parse_time(mark.date) and mark.date[:10] <= known]


def draw_figure(canvas: Surface, marks: list[MarkView], ranges: Ranges, ties: Ties, known: str, page: str = "") -> None:
    """Draw the marks of one figure, at least one, on a surface of `HEIGHT`; arguments as in `figure_over_time`."""
    days = sorted({m.date[:10] for m in marks} | ({known} if parse_time(known) else set()))
    left, right, top, bottom = 44.0, canvas.width - 10.0, 22.0, HEIGHT - 46.0
    slots = _slots(days, left, right)
    ceiling = nice_ceiling(max((v for m in marks for v in (m.low, m.high) if v is not None), default=0))
    y = linear(0, ceiling, bottom, top)
    for step in (0, 2, 4):
        canvas.line(left, y(ceiling * step / 4), right, y(ceiling * step / 4), "grid")
        canvas.text(left - 6, y(ceiling * step / 4) + 4, compact(ceiling * step // 4), "tick", "end")
    _draw_range(canvas, ranges, slots, y)
    _draw_days(canvas, slots)
    spots = _spots(marks, slots, y, bottom)
    for new, old, kind in ties:
        if new in spots and old in spots:
            _arrow(canvas, spots[old], spots[new], "fix" if kind in FIXING else "shift")
    labelled = _labelled(marks, spots)
    for mark in marks:
        _draw_mark(canvas, mark, spots[mark.claim], y, page, labelled=mark.claim in labelled)


def _slots(days: list[str], left: float, right: float) -> dict[str, tuple[float, float]]:
    """Return each day's start and end: equal widths, with a gap of a third where days of silence were left out."""
    gaps = [0.0] + [0.34 if _days_between(a, b) > 1 else 0.0 for a, b in pairwise(days)]
    unit = min((right - left) / (len(days) + sum(gaps)), 190.0)
    slots, x = {}, left
    for day, gap in zip(days, gaps, strict=True):
        x += gap * unit
        slots[day] = (x, x + unit)
        x += unit
    return slots


def _days_between(a: str, b: str) -> int:
    first, second = parse_time(a), parse_time(b)
    return (second - first).days if first and second else 0


def _draw_range(
    canvas: Surface,
    ranges: Sequence[tuple[str, int | None, int | None]],
    slots: Mapping[str, tuple[float, float]],
    y: Scale,
) -> None:
    for day, (start, end) in slots.items():
        known = [r for r in ranges if r[0][:10] <= day]
        if not known:
            continue
        _, low, high = max(known, key=lambda r: r[0])
        floor, top = (low if low is not None else high), (high if high is not None else low)
        if floor is None or top is None:
            continue
        words = f"{day}: {number(low)} to {number(high)}" if low != high else f"{day}: {number(low)}"
        canvas.rect(start, y(top) - 2, end - start, y(floor) - y(top) + 4, "band", words)


def _draw_days(canvas: Surface, slots: Mapping[str, tuple[float, float]]) -> None:
    base, before, written = HEIGHT - 46, "", -100.0
    for day, (start, end) in slots.items():
        silent = _days_between(before, day) - 1 if before else 0
        canvas.line(start, base, end, base, "axis")
        moment = parse_time(day)
        if moment and (start + end) / 2 - written >= 44:
            canvas.text((start + end) / 2, HEIGHT - 8, short_day(moment), "tick", "middle")
            written = (start + end) / 2
        if silent > 0:
            canvas.line(start, 22, start, base, "gap")
            if end - start > 40:
                canvas.text(start - 5, 16, f"{silent} d silent", "tick", "middle")
        before = day


def _spots(
    marks: list[MarkView], slots: Mapping[str, tuple[float, float]], y: Scale, bottom: float
) -> dict[str | None, Spot]:
    """Return where each claim's mark stands: claims of one day beside each other, those without number at the foot."""
    spots: dict[str | None, Spot] = {}
    for day, (start, end) in slots.items():
        here = [m for m in marks if m.date[:10] == day]
        for place, mark in enumerate(here, start=1):
            value = mark.low if mark.low is not None else mark.high
            spots[mark.claim] = (
                start + (end - start) * place / (len(here) + 1),
                y(value) if value is not None else bottom + 14,
            )
    return spots


def _arrow(canvas: Surface, old: Spot, new: Spot, css: str) -> None:
    """Draw from the earlier claim to the one that corrects or updates it, stopping short of the mark."""
    dx, dy = new[0] - old[0], new[1] - old[1]
    length = max((dx * dx + dy * dy) ** 0.5, 1.0)
    ux, uy = dx / length, dy / length
    tip = (new[0] - ux * 8, new[1] - uy * 8)
    canvas.path([old, tip], css)
    wings = [(tip[0] - ux * 7 + side * uy * 4, tip[1] - uy * 7 - side * ux * 4) for side in (1, -1)]
    canvas.path([wings[0], tip, wings[1]], f"{css}head", close=True)


def bounds_words(mark: MarkView) -> str:
    """Return a claim's figure as it was meant: "at least 60", "up to 100", "60 to 90", "13", or its vague word."""
    if mark.low is None and mark.high is None:
        return f"{mark.basis}, no number"
    if mark.low is not None and mark.high is not None and mark.low != mark.high:
        return f"{number(mark.low)} to {number(mark.high)}"
    value = number(mark.low if mark.low is not None else mark.high)
    basis = mark.basis.replace("-", " ")
    return value if basis in ("exact", "") else f"{basis} {value}"


def _label_at(mark: MarkView, spot: Spot) -> Spot:
    """Return where the number beside a mark starts, clear of its arrow."""
    return spot[0] + 7, spot[1] + (13 if mark.basis != "up-to" else -5)


def _labelled(marks: Sequence[MarkView], spots: Mapping[str | None, Spot]) -> set[str]:
    """Return the claims whose number is written beside the mark: from the right, all that lie on no other number.

    The latest number is always written; the others are in the marks' own words and in the table.
    """
    taken: list[tuple[float, float, float]] = []  # start, end, height
    found = set()
    for mark in sorted(marks, key=lambda m: spots[m.claim][0], reverse=True):
        value = mark.low if mark.low is not None else mark.high
        x, top = _label_at(mark, spots[mark.claim])
        end = x + 7.5 * len(number(value))
        if value is not None and not any(x < e and end > b and abs(top - h) < 13 for b, e, h in taken):
            taken.append((x, end, top))
            found.add(mark.claim)
    return found


def _draw_mark(canvas: Surface, mark: MarkView, spot: Spot, y: Scale, page: str, *, labelled: bool) -> None:
    x, top = spot
    css = "mark gone" if mark.withdrawn else "mark"
    withdrawn = ", withdrawn since" if mark.withdrawn else ""
    canvas.open_link(
        f"{page}#claim-{slug(mark.claim)}", f"{mark.date}: {bounds_words(mark)}, {mark.claimant}{withdrawn}"
    )
    canvas.circle(x, top, 12, "reach")  # a finger's reach around a small mark
    if mark.low is None and mark.high is None:
        canvas.text(x, top + 5, "?", "vague gone" if mark.withdrawn else "vague", "middle")
    else:
        if mark.low is not None and mark.high is not None and mark.low != mark.high:
            canvas.line(x, y(mark.low), x, y(mark.high), css)
            canvas.line(x - 5, y(mark.high), x + 5, y(mark.high), css)
        elif mark.high is None or mark.basis in ("at-least", "more-than"):
            canvas.path([(x, top), (x, top - 17), (x - 4, top - 12), (x, top - 17), (x + 4, top - 12)], css)
        elif mark.low is None or mark.basis == "up-to":
            canvas.path([(x, top), (x, top + 17), (x - 4, top + 12), (x, top + 17), (x + 4, top + 12)], css)
        canvas.circle(x, top, 4.5, f"{css} head")
        if mark.withdrawn:
            canvas.line(x - 8, top + 6, x + 8, top - 6, "struck")
        if labelled:
            canvas.text(*_label_at(mark, spot), number(mark.low if mark.low is not None else mark.high), "value")
    canvas.close_link()
