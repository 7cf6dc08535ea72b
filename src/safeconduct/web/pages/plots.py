"""The two plots, drawn on the server: people out against the deadline, and one figure of an incident over time.

Each is drawn at two widths, for a laptop and for a phone, because text in a scaled drawing would shrink with it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from markupsafe import Markup

from safeconduct.web.pages.svg import Canvas, compact, nice_ceiling
from safeconduct.web.pages.wording import number, parse_time, short_day, slug
from safeconduct.workflows.room_view import DayView, ForecastView, IncidentView, MarkView

WIDE, NARROW = 660, 350  # user units; the style sheet shows one of the two
DAY = timedelta(days=1)
LATEST = datetime.max.replace(tzinfo=UTC)  # stands for the right edge
LONGEST = timedelta(days=14)  # a forecast later than this after the deadline is cut at the edge and said in words

Scale = Callable[[float], float]
Spot = tuple[float, float]


def _linear(low: float, high: float, start: float, end: float) -> Scale:
    span = (high - low) or 1.0
    return lambda value: start + (value - low) / span * (end - start)


# --- people out against the deadline -------------------------------------------------------------------------------


def people_out(
    days: Sequence[DayView], *, target: int, deadline: str | None, forecast: ForecastView | None, width: int = WIDE
) -> Markup:
    """Draw the people out since the start against roll and deadline, with the forecast's fan, and each day's number.

    Args:
        days: One record a day, any order; those without a readable date are left out.
        target: People who are to get out; 0 draws no line for it.
        deadline: ISO time, or None.
        forecast: Times at which the roll will be empty, or None.
        width: In user units.

    Returns:
        An inline SVG, or an empty string when there is nothing to draw.
    """
    rows = sorted(((t, d) for d in days if (t := _end_of(d))), key=lambda row: row[0])
    if not rows:
        return Markup("")
    narrow = width < 500
    canvas = Canvas(width, 270 if narrow else 300, _people_label(rows[-1][1], target, deadline), _size(width))
    end = parse_time(deadline)
    first, last = rows[0][0] - DAY, _last_moment(rows[-1][0], end, forecast)
    left, right, top, middle, bottom = 44, width - 14, 40, canvas.height - 82, canvas.height - 24
    x = _linear(0, (last - first).total_seconds(), left, right)
    at: Callable[[datetime], float] = lambda moment: x((min(moment, last) - first).total_seconds())  # noqa: E731
    ceiling = nice_ceiling(max(target, *(d.cumulative for _, d in rows)))
    y = _linear(0, ceiling, middle, top)
    for step in range(5):
        value = ceiling * step // 4
        canvas.line(left, y(value), right, y(value), "grid")
        canvas.text(left - 6, y(value) + 4, compact(value), "tick", "end")
    _draw_forecast(canvas, forecast, at, y, (rows[-1][0], rows[-1][1].cumulative), target)
    if target:
        canvas.line(left, y(target), right, y(target), "target")
        canvas.text(left + 4, y(target) - 6, f"all {number(target)}", "note")
    if end:
        canvas.line(at(end), top - 18, at(end), bottom, "deadline")
        anchor = "end" if at(end) > width * 0.6 else "start"
        canvas.text(at(end) + (-6 if anchor == "end" else 6), top - 24, f"deadline {short_day(end)}", "strong", anchor)
    _draw_bars(canvas, rows, at, middle + 16, bottom)
    canvas.path([(at(t), y(d.cumulative)) for t, d in rows], "line")
    for t, d in rows:
        canvas.circle(at(t), y(d.cumulative), 3, "dot")
    t, d = rows[-1]
    canvas.circle(at(t), y(d.cumulative), 5, "dot")
    canvas.text(
        at(t) - 9, y(d.cumulative) - 7, f"{number(d.cumulative)} out", "strong", "end" if at(t) > 150 else "start"
    )
    _draw_dates(canvas, first, last, at, narrow=narrow)
    return canvas.done()


def _end_of(day: DayView) -> datetime | None:
    """Return the moment a day's figure stands for: its as-of time, else the end of its date."""
    date = parse_time(day.date)
    as_of = parse_time(day.as_of) if "T" in day.as_of else None
    return as_of if as_of and date and abs(as_of - date) <= 3 * DAY else (date + DAY if date else None)


def _last_moment(newest: datetime, deadline: datetime | None, forecast: ForecastView | None) -> datetime:
    moments = [newest + DAY]
    if deadline:
        moments.append(deadline + DAY / 2)
    late = parse_time(forecast.high or forecast.done_at) if forecast else None
    if late:
        moments.append(min(late + DAY / 4, (deadline or newest) + LONGEST))
    return max(moments)


def _people_label(newest: DayView, target: int, deadline: str | None) -> str:
    words = f"People out: {number(newest.cumulative)}"
    words += f" of {number(target)}" if target else ""
    end = parse_time(deadline)
    return words + (f"; the deadline is {short_day(end)} {end.year}" if end else "")


def _draw_forecast(
    canvas: Canvas,
    forecast: ForecastView | None,
    at: Callable[[datetime], float],
    y: Scale,
    newest: tuple[datetime, int],
    target: int,
) -> None:
    done = parse_time(forecast.done_at) if forecast else None
    if forecast is None or done is None or target <= newest[1] or done < newest[0]:
        return
    start, edge = newest[0], at(LATEST)

    def reach(moment: datetime) -> Spot:
        """Where the way to `moment` ends: at the whole roll, or on the way there at the edge of the drawing."""
        share = 1.0
        if at(moment) >= edge:
            share = min(1.0, (edge - at(start)) / max(slope * (moment - start).total_seconds(), 1e-9))
        return at(moment), y(newest[1] + share * (target - newest[1]))

    slope = (at(start) - at(start - DAY)) / DAY.total_seconds()
    low, high = max(parse_time(forecast.low) or done, start), max(parse_time(forecast.high) or done, start)
    origin = (at(start), y(newest[1]))
    canvas.path([origin, reach(low), (at(high), reach(low)[1]), reach(high)], "fan", close=True)
    canvas.path([origin, reach(done)], "forecast")
    if _size(canvas.width) == "narrow":
        return  # the words stand above the plot; here they would cover the line
    middle = ((origin[0] + at(done)) / 2 + 8, (origin[1] + reach(done)[1]) / 2 + 26)
    canvas.text(*middle, f"done {short_day(done)}?", "note", "start" if middle[0] < canvas.width - 90 else "end")


def _draw_bars(
    canvas: Canvas, rows: list[tuple[datetime, DayView]], at: Callable[[datetime], float], top: float, bottom: float
) -> None:
    most = max(d.out for _, d in rows) or 1
    height = _linear(0, most, 0, bottom - top - 12)
    for t, d in rows:
        start, end = at(t - DAY) + 2, at(t) - 2
        canvas.rect(
            start, bottom - height(d.out), max(end - start, 1), height(d.out), "bar", f"{d.date}: {number(d.out)}"
        )
        if d is rows[-1][1]:
            canvas.text(end + 4, bottom - height(d.out) + 9, f"+{number(d.out)}", "tick")
    canvas.line(44, bottom, canvas.width - 14, bottom, "axis")


def _draw_dates(
    canvas: Canvas, first: datetime, last: datetime, at: Callable[[datetime], float], *, narrow: bool
) -> None:
    day = first.replace(hour=0, minute=0, second=0, microsecond=0) + DAY
    room = max(at(day + DAY) - at(day), 0.1)
    every = next((n for n in (1, 2, 3, 7, 14, 30, 90, 365) if n * room >= (44 if narrow else 48)), 1000)
    while day <= last:
        if at(day) < canvas.width - 20:
            canvas.text(at(day), canvas.height - 8, short_day(day), "tick", "middle")
        day += every * DAY


def _size(width: int) -> str:
    return "narrow" if width < 500 else "wide"


# --- one figure of an incident over time ----------------------------------------------------------------------------


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
    canvas = Canvas(width, 210, f"{label}: one mark for each of {len(marks)} claims, as known on {known}", _size(width))
    left, right, top, bottom = 44.0, width - 10.0, 22.0, 210.0 - 46.0
    slots = _slots(days, left, right)
    ceiling = nice_ceiling(max((v for m in marks for v in (m.low, m.high) if v is not None), default=0))
    y = _linear(0, ceiling, bottom, top)
    for step in (0, 2, 4):
        canvas.line(left, y(ceiling * step / 4), right, y(ceiling * step / 4), "grid")
        canvas.text(left - 6, y(ceiling * step / 4) + 4, compact(ceiling * step // 4), "tick", "end")
    _draw_range(canvas, incident.ranges.get(key, ()), slots, y)
    _draw_days(canvas, slots)
    spots = _spots(marks, slots, y, bottom)
    for mark in marks:
        if mark.corrects in spots:
            _arrow(canvas, spots[mark.corrects], spots[mark.claim])
    labelled = len(marks) <= (8 if width < 500 else 16)
    for mark in marks:
        _draw_mark(canvas, mark, spots[mark.claim], y, page, labelled=labelled)
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
            canvas.text(x + 7, top + (13 if mark.basis != "up-to" else -5), number(mark.low or mark.high), "value")
    canvas.close_link()
