"""One figure of an incident over time, drawn on the server: its range, each claim on it, and the corrections."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from markupsafe import Markup

from safeconduct.web.pages.svg import WIDE, Canvas, Scale, Spot, compact, linear, nice_ceiling, size_of
from safeconduct.web.pages.wording import number, parse_time, short_day, slug
from safeconduct.workflows.room_view import IncidentView, MarkView


def figure_over_time(incident: IncidentView, key: str, *, label: str, page: str = "", width: int = WIDE) -> Markup:
    """Draw one figure as known day by day: the range, one mark for each claim with its bounds, corrections as arrows.

    The days on which somebody spoke stand side by side; days of silence between them are one gap that names its
    length, so that three crowded days and one correction weeks later can both be read.

    Args:
        incident: The account, as known at a day; later claims are not drawn.
        key: Which figure.
        label: Its words, for those who do not see the drawing.
        page: Prefix of the links to the claims ("" on the account's own page).
        width: In user units.

    Returns:
        An inline SVG, or an empty string when no claim of the figure is known.
    """
    marks = [m for m in incident.marks.get(key, ()) if parse_time(m.date) and m.date[:10] <= incident.known_at[:10]]
    if not marks:
        return Markup("")
    known = incident.known_at[:10]
    days = sorted({m.date[:10] for m in marks} | ({known} if parse_time(known) else set()))
    canvas = Canvas(
        width, 210, f"{label}: one mark for each of {len(marks)} claims, as known on {known}", size_of(width)
    )
    left, right, top, bottom = 44.0, width - 10.0, 22.0, 210.0 - 46.0
    slots = _slots(days, left, right)
    ceiling = nice_ceiling(max((v for m in marks for v in (m.low, m.high) if v is not None), default=0))
    y = linear(0, ceiling, bottom, top)
    for step in (0, 2, 4):
        canvas.line(left, y(ceiling * step / 4), right, y(ceiling * step / 4), "grid")
        canvas.text(left - 6, y(ceiling * step / 4) + 4, compact(ceiling * step // 4), "tick", "end")
    _draw_range(canvas, incident.ranges.get(key, ()), slots, y)
    _draw_days(canvas, slots)
    spots = _spots(marks, slots, y, bottom)
    for mark in marks:
        if mark.corrects in spots:
            _arrow(canvas, spots[mark.corrects], spots[mark.claim])
    labelled = _labelled(marks, spots)
    for mark in marks:
        _draw_mark(canvas, mark, spots[mark.claim], y, page, labelled=mark.claim in labelled)
    return canvas.done()


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
    canvas: Canvas,
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


def _draw_days(canvas: Canvas, slots: Mapping[str, tuple[float, float]]) -> None:
    base, before, written = canvas.height - 46, "", -100.0
    for day, (start, end) in slots.items():
        silent = _days_between(before, day) - 1 if before else 0
        canvas.line(start, base, end, base, "axis")
        moment = parse_time(day)
        if moment and (start + end) / 2 - written >= 44:
            canvas.text((start + end) / 2, canvas.height - 8, short_day(moment), "tick", "middle")
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


def _arrow(canvas: Canvas, old: Spot, new: Spot) -> None:
    """Draw from the corrected claim to its correction, stopping short of the mark."""
    dx, dy = new[0] - old[0], new[1] - old[1]
    length = max((dx * dx + dy * dy) ** 0.5, 1.0)
    ux, uy = dx / length, dy / length
    tip = (new[0] - ux * 8, new[1] - uy * 8)
    canvas.path([old, tip], "fix")
    wings = [(tip[0] - ux * 7 + side * uy * 4, tip[1] - uy * 7 - side * ux * 4) for side in (1, -1)]
    canvas.path([wings[0], tip, wings[1]], "fixhead", close=True)


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


def _draw_mark(canvas: Canvas, mark: MarkView, spot: Spot, y: Scale, page: str, *, labelled: bool) -> None:
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
        if labelled:
            canvas.text(*_label_at(mark, spot), number(mark.low if mark.low is not None else mark.high), "value")
    canvas.close_link()
