"""Days, weeks, months and years around a day: the arithmetic that relative wordings rest on."""

from calendar import monthrange
from datetime import date, timedelta

from safeconduct.incidents.reader.months import iso_day

_EARLIEST, _LATEST = date(1000, 1, 1), date(9000, 1, 1)


def shift(day: date, days: int) -> date:
    """A number of days on; years that nobody means are cut to the calendar's ends."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return _LATEST if days > 0 else _EARLIEST


def shift_months(day: date, months: int) -> date:
    """The same day some months on, or the last of that month."""
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    if not _EARLIEST.year <= year <= _LATEST.year:
        return _LATEST if months > 0 else _EARLIEST
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday."""
    monday = shift(day, -day.weekday())
    return monday, shift(monday, 6)


def month_span(year: int, month: int) -> tuple[date, date]:
    """First and last day of a month."""
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def year_span(year: int) -> tuple[date, date]:
    """First and last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)


def interval(days: tuple[date, date]) -> str:
    """A closed interval as ISO text; a day when both ends are one."""
    first, last = days
    return f"{first}/{last}" if first != last else str(first)


def nearest(base: date, month: int, day: int, *, weekday: int | None = None) -> str:
    """The day of a month nearest to a day, in a year around it in which it falls on the weekday, if one has it."""
    reach = 6 if weekday is not None else 1
    days = [iso_day(year, month, day) for year in range(base.year - reach, base.year + reach + 1)]
    found = [date.fromisoformat(iso) for iso in days if iso]
    close = [one for one in found if abs(one.year - base.year) <= 1]
    found = [one for one in found if one.weekday() == weekday] or close
    return str(min(found, key=lambda one: abs((one - base).days))) if found else ""
