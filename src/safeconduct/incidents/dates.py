"""Dates of the record: a day, or a closed interval of days. Words of documents are resolved by `incidents.reader`."""

import re
from datetime import date

from safeconduct.errors import BadInput

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


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
