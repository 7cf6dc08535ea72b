"""Wordings that name a month: days with and without a year, ranges of days, months."""

import re
from datetime import date, timedelta

from safeconduct.incidents.reader.anchors import NOT_KNOWN, STATED, YEAR_INFERRED, Anchor, Meaning, day_of, relative
from safeconduct.incidents.reader.months import (
    DAY,
    MONTH,
    WEEKDAY,
    YEAR,
    day_number,
    iso_day,
    month_number,
    weekday_number,
)
from safeconduct.incidents.reader.spans import interval, month_span, nearest, shift_months, year_span

_SLACK = timedelta(days=60)  # an entry of a page may go back behind the entries before it by this much
_DOUBTFUL = 60  # days; of 8/9/2021 and 9/8/2021 the one that is this near to the publication is meant
_DATE = re.compile(
    rf"(?:(?P<weekday>{WEEKDAY}),?\s+(?:the\s+)?)?(?:(?P<month>{MONTH})\s+(?:the\s+)?(?P<day>{DAY})|"
    rf"(?:the\s+)?(?P<day2>{DAY})\s+(?:of\s+)?(?P<month2>{MONTH}))(?:,?\s+(?P<year>{YEAR}))?"
)
_TWO_DAYS = re.compile(
    rf"(?:(?P<month>{MONTH})\s+(?:the\s+)?)?(?P<first>{DAY})\W+(?:(?:to|through|thru|until|till)\s+)?(?P<last>{DAY})"
    rf"(?:\s+(?:of\s+)?(?P<month2>{MONTH}))?(?:,?\s+(?P<year>{YEAR}))?"
)
_MONTH = re.compile(MONTH)
_YEAR = re.compile(YEAR)
_AT_END = re.compile(r"(?<!\d)\d{4}$")


def read_iso(wording: str, _anchor: Anchor) -> Meaning | None:
    """2021-08-26."""
    year, month, day = map(int, wording.split("-"))
    iso = iso_day(year, month, day)
    return Meaning(iso, STATED) if iso else None


def read_numeric(wording: str, anchor: Anchor) -> Meaning | None:
    """26/08/2021 and 26.08.2021; where day and month could be exchanged, the one near the publication or none."""
    one, two, year = (int(part) for part in re.split(r"[/.]", wording))
    if "." in wording:
        iso = iso_day(year, two, one) if _AT_END.search(wording) else ""
        return Meaning(iso, STATED) if iso else None  # else a version or the number of a section
    year += 2000 if year < 100 else 0
    found = {iso for iso in (iso_day(year, two, one), iso_day(year, one, two)) if iso}
    if len(found) == 2 and (base := anchor.base):
        found = {iso for iso in found if abs((date.fromisoformat(iso) - base).days) <= _DOUBTFUL}
    return Meaning(found.pop(), STATED) if len(found) == 1 else NOT_KNOWN


def read_date(wording: str, anchor: Anchor) -> Meaning | None:
    """A day of a month, with or without year and weekday."""
    found = _DATE.search(wording)
    return _one(found, anchor) if found else None


def _one(found: re.Match[str], anchor: Anchor, year: str | None = None) -> Meaning:
    month, day = month_number(found["month"] or found["month2"]), day_number(found["day"] or found["day2"])
    year = found["year"] or year
    if year:
        iso = iso_day(int(year), month, day)
        return Meaning(iso, STATED) if iso else NOT_KNOWN
    weekday = weekday_number(found["weekday"]) if found["weekday"] else None
    iso = _without_year(month, day, weekday, anchor)
    return Meaning(iso, YEAR_INFERRED) if iso else NOT_KNOWN


def _without_year(month: int, day: int, weekday: int | None, anchor: Anchor) -> str:
    """In an entry of a page the first such day that is not too old for it; else the one nearest to the document."""
    if anchor.open and (least := anchor.least):
        least -= _SLACK
        days = (day_of(iso_day(year, month, day)) for year in range(least.year, least.year + 9))
        found = [one for one in days if one and one >= least]
        return str(next((one for one in found[:3] if weekday in (None, one.weekday())), found[0])) if found else ""
    if base := anchor.base:
        return nearest(base, month, day, weekday=weekday)
    return iso_day(anchor.year, month, day) if anchor.year is not None else ""


def read_range(wording: str, anchor: Anchor) -> Meaning | None:
    """Two days: "Aug. 14-26", "14 to 26 August 2021", "between Aug. 14 and Sept. 2"."""
    found = [*_DATE.finditer(wording)]
    short = _TWO_DAYS.search(wording)
    if len(found) < 2 and short and (short["month"] or short["month2"]):
        month = short["month"] or short["month2"]
        year = f", {short['year']}" if short["year"] else ""
        found = [*_DATE.finditer(f"{month} {short['first']}{year}; {month} {short['last']}{year}")]
    if len(found) < 2:
        return None
    last = _one(found[1], anchor)
    first = _one(found[0], anchor, found[1]["year"])
    if first.iso > last.iso and (start := day_of(first.iso)) and last.iso:  # over the turn of a year
        first = Meaning(str(shift_months(start, -12)), YEAR_INFERRED)
    if not first.iso or first.iso > last.iso:
        return NOT_KNOWN
    basis = STATED if (first.basis, last.basis) == (STATED, STATED) else YEAR_INFERRED
    return Meaning(first.iso if first.iso == last.iso else f"{first.iso}/{last.iso}", basis)


def _month_of(wording: str) -> int:
    found = _MONTH.search(wording)
    return month_number(found[0]) if found else 1


def read_month(wording: str, _anchor: Anchor) -> Meaning | None:
    """A month with its year; None without a year."""
    year = _YEAR.search(wording)
    return Meaning(interval(month_span(int(year[0]), _month_of(wording))), STATED) if year else None


def read_month_of_year(wording: str, anchor: Anchor) -> Meaning | None:
    """A month of last, this or next year."""
    if anchor.base is None:
        return NOT_KNOWN
    step = {"last": -1, "this": 0, "next": 1}[wording.lower().split()[-2]]
    return relative(month_span(anchor.base.year + step, _month_of(wording)))


def read_month_edge(wording: str, anchor: Anchor) -> Meaning | None:
    """The end of a month is its last day, its start the first."""
    whole = read_month(wording, anchor) or read_bare_month(wording, anchor)
    if whole is None or not whole.iso:
        return whole
    first, last = whole.iso.split("/")
    return Meaning(last if "end of" in wording.lower() else first, whole.basis)


def read_year(wording: str, _anchor: Anchor) -> Meaning | None:
    """A year."""
    return Meaning(interval(year_span(int(wording))), STATED)


def read_near_month(wording: str, anchor: Anchor) -> Meaning | None:
    """The words "last August": the newest that is over; on an open page, which is at least so old, one begun."""
    month, base, low = _month_of(wording), anchor.least, wording.lower()
    if base is None:
        return NOT_KNOWN
    if low.startswith("next"):
        return relative(month_span(base.year + (month <= base.month), month))
    if low.startswith("this") and "past" not in low:
        return relative(month_span(base.year, month))
    begun = month <= base.month if anchor.open else month < base.month
    return relative(month_span(base.year - (not begun), month))


def read_bare_month(wording: str, anchor: Anchor) -> Meaning | None:
    """A month by its name alone: the nearest."""
    month, base = _month_of(wording), anchor.least
    if base is None:
        return Meaning(interval(month_span(anchor.year, month)), YEAR_INFERRED) if anchor.year else NOT_KNOWN
    months = (month_span(base.year + step, month) for step in (-1, 0, 1))
    return Meaning(interval(min(months, key=lambda span: _distance(base, span[0]))), YEAR_INFERRED)


def _distance(base: date, first: date) -> float:
    """How far a month is off; reports look back more often than ahead."""
    days = (first - base).days + 15
    return days if days > 0 else -0.7 * days
