"""Dates as documents give them: a day, an interval, or words that mean a day only beside the document's own date."""

import re
from datetime import date, timedelta

from safeconduct.errors import BadInput

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}


def check_days(text: str, *, where: str) -> str:
    """The text, if it is a day (`2021-08-26`) or a closed interval of days (`2021-08-14/2021-08-26`).

    Raises:
        BadInput: `bad-date`; an open interval is refused, since nothing could ever be shown as known from it.
    """
    days = text.split("/")
    if len(days) > 2 or not all(_is_day(day) for day in days) or days != sorted(days):
        raise BadInput("bad-date", where=where, expected="a day or a closed interval of days", seen=text)
    return text


def check_day(text: str, *, where: str) -> str:
    """The text, if it is one day.

    Raises:
        BadInput: `bad-date`.
    """
    if not _is_day(text):
        raise BadInput("bad-date", where=where, expected="a day as 2021-08-27", seen=text)
    return text


def _is_day(text: str) -> bool:
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def first_day(text: str) -> str:
    """First day of a day or interval."""
    return text.split("/", maxsplit=1)[0]


def last_day(text: str) -> str:
    """Last day of a day or interval: from then on it is certain that what it dates had happened."""
    return text.rsplit("/", 1)[-1]


def resolve(wording: str, on: str) -> str:
    """The day or interval that relative words mean in a document dated `on` (ISO day); keep the wording beside it.

    Known: today, yesterday, tomorrow, the following day, a weekday with or without "last" (the newest one that is
    not after `on`), "last week" (Monday to Sunday before), "in the next N days", "in the last N days".

    Raises:
        BadInput: `bad-wording`, for anything else: it is left to a person.
    """
    day = date.fromisoformat(on)
    text = wording.lower().strip()
    near = {"today": 0, "yesterday": -1, "tomorrow": 1, "the following day": 1}
    if text in near:
        return str(day + timedelta(days=near[text]))
    weekday = text.removeprefix("last ").removeprefix("on ")
    if weekday in _WEEKDAYS:
        return str(day - timedelta(days=(day.weekday() - _WEEKDAYS.index(weekday)) % 7))
    if text == "last week":
        monday = day - timedelta(days=day.weekday() + 7)
        return f"{monday}/{monday + timedelta(days=6)}"
    span = re.fullmatch(r"in the (next|last) (\w+) days", text)
    if span and (span[2] in _COUNTS or (span[2].isascii() and span[2].isdigit() and 0 < int(span[2]) < 1000)):
        days = timedelta(days=_COUNTS.get(span[2]) or int(span[2]))
        return f"{day}/{day + days}" if span[1] == "next" else f"{day - days}/{day}"
    raise BadInput(
        "bad-wording", where="relative date", expected="a weekday, yesterday, in the next five days …", seen=wording
    )
