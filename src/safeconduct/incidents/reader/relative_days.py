"""Wordings that mean a day or a span only beside another day: weekdays, "yesterday", "two weeks ago", "next month"."""

import re
from datetime import date

from safeconduct.incidents.reader.anchors import NOT_KNOWN, Anchor, Meaning, day_of, relative
from safeconduct.incidents.reader.months import DAY, LONG_WEEKDAY, NUMBERS, day_number, iso_day, weekday_number
from safeconduct.incidents.reader.spans import month_span, shift, shift_months, week_of, year_span

_WEEKDAY = re.compile(LONG_WEEKDAY)
_NUMBERED = re.compile(rf"the\s+({DAY})$")
_AMOUNT = re.compile(
    r"(?P<number>\d{1,3}(?:\s?(?:-|–|to|or)\s?(?P<upper>\d{1,3}))?|(?:twenty[- ])?[a-z]+|couple of)"
    r"[\s-]+(?:more\s+)?(?P<unit>hour|day|week|fortnight|month|year)s?(?![a-z])"
)
_ARTICLE = re.compile(r"\ba (?=few|couple)")
_UNSURE = re.compile(r"(?:over|more than|less than|at least)\s")
_TOWARDS = re.compile(r"last|past|next|coming|previous")


def _low(wording: str) -> str:
    return " ".join(wording.lower().split())


def read_weekday(wording: str, anchor: Anchor) -> Meaning | None:
    """A weekday: the newest that is not after the document, or the first one to come where the sentence says so."""
    found, low = _WEEKDAY.search(wording), _low(wording)
    named = low.startswith(("the following", "the previous"))
    base = day_of(anchor.named or anchor.day) if named else anchor.base
    if base is None or found is None:
        return NOT_KNOWN
    wanted = weekday_number(found[0])
    back, on = (base.weekday() - wanted) % 7, (wanted - base.weekday()) % 7
    week = week_of(base)[0]
    if number := _NUMBERED.search(wording):
        near = (shift(base, step) for step in sorted(range(-190, 190), key=abs))
        return relative(
            next((day for day in near if (day.day, day.weekday()) == (day_number(number[1]), wanted)), None)
        )
    if low.endswith("last week"):
        day = shift(week, wanted - 7)
    elif low.endswith("this week") or re.match(r"this (?!past|coming)", low):
        day = shift(week, wanted)
    elif re.match(r"(?:early |late )?(?:last|this past|the previous) ", low):
        day = shift(base, -(back or 7))
    elif re.match(r"(?:early |late )?(?:next|this coming|the following) ", low):
        day = shift(base, on or 7)
    else:
        day = shift(base, on if anchor.ahead else -back)
    return relative(day)


def read_near_day(wording: str, anchor: Anchor) -> Meaning | None:
    """Today, yesterday, tomorrow and their mornings and nights."""
    base, low = anchor.base, _low(wording)
    if base is None:
        return NOT_KNOWN
    step = {"the day before yesterday": -2, "the day after tomorrow": 2}.get(low)
    if step is None:
        step = -1 if "yesterday" in low or "last" in low else int("tomorrow" in low)
    return relative(shift(base, step))


def read_named_day(wording: str, anchor: Anchor) -> Meaning | None:
    """The same day, the following day, the night before: beside the day that was named last."""
    base, low = day_of(anchor.named), _low(wording)
    if base is None:
        return NOT_KNOWN
    step = 1 if re.search(r"following|next|after$", low) else -1 if re.search(r"previous|before$", low) else 0
    return relative(shift(base, step))


def _amount(found: re.Match[str]) -> int | None:
    """The number of an amount, the higher one of two; None for a vague one."""
    number = found["number"]
    if found["upper"]:
        return max(int(found["upper"]), int(re.split(r"\D", number)[0]))
    if number.isdigit():
        return int(number)
    words = number.replace("-", " ").split()
    if words[0] == "couple":
        return 2
    numbers = [NUMBERS.get(word, 0) for word in words]
    return sum(numbers) if all(numbers) else None


def _moved(base: date, steps: int, unit: str) -> date:
    """A number of units on or, below zero, back; less than a day stays on the day, a day begun counts."""
    if unit in ("month", "year"):
        return shift_months(base, steps * (12 if unit == "year" else 1))
    if unit == "hour":
        days = -(-abs(steps) // 24) if abs(steps) >= 24 else 0
        return shift(base, days if steps > 0 else -days)
    return shift(base, steps * {"day": 1, "week": 7, "fortnight": 14}[unit])


def read_ago(wording: str, anchor: Anchor) -> Meaning | None:
    """So many days, weeks, months or years ago; "earlier" and "later" count from the day that was named last."""
    low = _ARTICLE.sub("", _low(wording))
    found = _AMOUNT.search(low)
    if found is None:
        return None
    number, unit = _amount(found), found["unit"]
    vague = number is None or _UNSURE.match(low) is not None
    if (unit == "hour" and (number is None or number % 24)) or (vague and unit in ("month", "year")):
        return None  # the clock's business, or too wide to be looked for
    base = anchor.base if low.endswith("ago") else day_of(anchor.named)
    if base is None or number is None or vague:
        return NOT_KNOWN
    sign = 1 if low.endswith(("later", "after")) else -1
    day = _moved(base, sign * number, unit)
    spans = {"month": month_span(day.year, day.month), "year": year_span(day.year)}
    span = spans.get(unit, (day, day))
    # what happened "ten years later" was over when it was told
    return NOT_KNOWN if sign > 0 and anchor.base and span[0] > anchor.base else relative(span)


def read_span(wording: str, anchor: Anchor) -> Meaning | None:
    """A number of days, weeks … up to the document's day, or from it on; None for vague months and years."""
    low, base = _low(wording), anchor.base
    towards = _TOWARDS.search(low)
    found = _AMOUNT.search(low, towards.end() if towards else 0)
    number = _amount(found) if found else None
    if found is None or number is None:
        return None if re.search(r"(?:month|year|hour)s?$", low) else NOT_KNOWN
    if base is None:
        return NOT_KNOWN
    sign = 1 if re.search(r"\b(?:next|coming)\b", low) else -1
    other = _moved(base, sign * number, found["unit"])
    return relative((min(base, other), max(base, other)))


def read_within(wording: str, anchor: Anchor) -> Meaning | None:
    """So many days from the document's day on, where the sentence says what is to be done; else no date."""
    found = _AMOUNT.search(_low(wording).removeprefix("within "))
    number = _amount(found) if found else None
    if found is None or number is None or not anchor.ahead:
        return None
    base = anchor.base
    return relative((base, _moved(base, number, found["unit"]))) if base else NOT_KNOWN


def read_near_span(wording: str, anchor: Anchor) -> Meaning | None:
    """Weeks run from Monday to Sunday; "the past week" are seven days; "earlier this week" ends on the day."""
    low = _low(wording)
    unit = low.rsplit(" ", 1)[-1]
    named = re.search(r"following|previous|that same", low)
    base = day_of(anchor.named) if named and anchor.named else anchor.base
    if base is None:
        return NOT_KNOWN
    if unit == "weekend":
        return relative(_weekend(low, base, ahead=anchor.ahead))
    if re.search(r"\b(?:the|this) (?:past|last)\b", low):
        return relative((_moved(base, -1, unit), base))
    if low.endswith(f"the next {unit}"):
        return relative((base, _moved(base, 1, unit)))
    step = -1 if re.search(r"last|previous", low) else int(bool(re.search(r"next|following|coming", low)))
    moved = _moved(base, step, unit)
    spans = {
        "week": week_of(moved),
        "fortnight": (min(base, moved), max(base, moved)),
        "month": month_span(moved.year, moved.month),
        "year": year_span(moved.year),
    }
    first, last = spans[unit]
    if step == 0 and low.startswith("earlier"):
        last = base
    elif step == 0 and low.startswith("later"):
        first = base
    return relative((first, last))


def _weekend(low: str, base: date, *, ahead: bool) -> tuple[date, date]:
    """Saturday and Sunday: the newest that have begun, or those to come."""
    monday, sunday = week_of(base)
    coming = shift(sunday, -1), sunday
    gone = shift(monday, -2), shift(monday, -1)
    begun = base.weekday() >= 5
    if "next" in low or "coming" in low:
        return (shift(sunday, 6), shift(sunday, 7)) if begun else coming
    if re.search(r"last|past|previous", low):
        return gone
    return coming if ahead or begun or ("this" in low and base.weekday() >= 2) else gone


def read_day_of_month(wording: str, anchor: Anchor) -> Meaning | None:
    """A day by its number: of the month that brings it nearest, or next where it is to come."""
    base = anchor.base
    if base is None:
        return NOT_KNOWN
    months = [shift_months(base.replace(day=1), step) for step in (-1, 0, 1)]
    days = [day_of(iso_day(month.year, month.month, day_number(wording))) for month in months]
    near = [day for day in days if day and (day >= base or not anchor.ahead)]
    return relative(min(near, key=lambda day: abs((day - base).days), default=None))
