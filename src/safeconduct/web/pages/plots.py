"""People out against the deadline, drawn on the server."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from markupsafe import Markup

from safeconduct.web.pages.svg import WIDE, Canvas, Scale, Spot, compact, linear, nice_ceiling, size_of
from safeconduct.web.pages.wording import number, parse_time, short_day
from safeconduct.workflows.room_view import DayView, ForecastView

DAY = timedelta(days=1)
LATEST = datetime.max.replace(tzinfo=UTC)  # stands for the right edge
LONGEST = timedelta(days=14)  # a forecast later than this after the deadline is cut at the edge and said in words


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
    canvas = Canvas(width, 270 if narrow else 300, _people_label(rows[-1][1], target, deadline), size_of(width))
    end = parse_time(deadline)
    first, last = rows[0][0] - DAY, _last_moment(rows[-1][0], end, forecast)
    left, right, top, middle, bottom = 44, width - 14, 40, canvas.height - 82, canvas.height - 24
    x = linear(0, (last - first).total_seconds(), left, right)
    at: Callable[[datetime], float] = lambda moment: x((min(moment, last) - first).total_seconds())  # noqa: E731
    ceiling = nice_ceiling(max(target, *(d.cumulative for _, d in rows)))
    y = linear(0, ceiling, middle, top)
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
    if size_of(canvas.width) == "narrow":
        return  # the words stand above the plot; here they would cover the line
    middle = ((origin[0] + at(done)) / 2 + 8, (origin[1] + reach(done)[1]) / 2 + 26)
    canvas.text(*middle, f"done {short_day(done)}?", "note", "start" if middle[0] < canvas.width - 90 else "end")


def _draw_bars(
    canvas: Canvas, rows: list[tuple[datetime, DayView]], at: Callable[[datetime], float], top: float, bottom: float
) -> None:
    most = max(d.out for _, d in rows) or 1
    height = linear(0, most, 0, bottom - top - 12)
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
