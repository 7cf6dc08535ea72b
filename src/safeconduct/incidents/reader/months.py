"""Names of months and weekdays, and full dates as press reports write them."""

import re
from collections.abc import Iterator
from datetime import date

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TEENS = ("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
NUMBERS = {
    word: number
    for number, word in enumerate(
        ("a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", *_TEENS, "twenty")
    )
} | {"a": 1, "an": 1, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90}


def _names(names: tuple[str, ...], short: dict[str, str]) -> str:
    """An expression for names with a capital or all in capitals, long or short; "may" and "march" are verbs."""
    forms = [form for name in names for form in (name.capitalize(), name.upper())]
    for long, brief in short.items():
        stop = "" if long == "may" else r"\.?"
        forms += [form + stop for form in (brief.capitalize(), brief.upper())]
    return "(?:" + "|".join(forms) + r")(?!\w)"


_SHORT_MONTHS = {name: name[:3] for name in MONTHS if name != "may"} | {"sept": "sept"}
_SHORT_DAYS = {name: name[:3] for name in WEEKDAYS} | {"tues": "tues", "thur": "thur", "thurs": "thurs"}
MONTH = _names(MONTHS, _SHORT_MONTHS)
WEEKDAY = _names(WEEKDAYS, _SHORT_DAYS)
LONG_WEEKDAY = "(?:" + "|".join(rf"{name.capitalize()}|{name.upper()}|{name}" for name in WEEKDAYS) + r")(?!\w)"
DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th|ST|ND|RD|TH)?(?![\w%]|[.,:]\d)"
YEAR = r"(?:19|20)\d\d(?!\w)"
_WITH_DAY = rf"(?:(?P<weekday>{WEEKDAY}),?\s+(?:the\s+)?)?"
_MDY = rf"(?P<month>{MONTH})\s+(?P<day>{DAY}),?\s+(?P<year>{YEAR})"
_DMY = rf"(?P<day2>{DAY})\s+(?:of\s+)?(?P<month2>{MONTH}),?\s+(?P<year2>{YEAR})"
_ISO = r"(?P<iso>(?:19|20)\d\d-\d\d-\d\d)(?!\d)"
_DOTTED = r"(?P<dotted>(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?:19|20)\d\d)(?!\w)"
FULL_DATE = re.compile(rf"(?<![\w/.-])(?:{_ISO}|{_DOTTED}|{_WITH_DAY}(?:{_MDY}|{_DMY}))")
_CLOCK = (
    r"(?:\W{0,4}(?:at\s+)?\d{1,2}[:.]\d\d(?:[:.]\d\d)?\s?(?:[AaPp]\.?[Mm]\.?)?(?:\s?(?:[A-Z]{2,5}|[+-]\d\d:?\d\d))?)?"
)
# A line that is a date and nothing else, but for a clock time.
DATE_LINE = re.compile(
    r"(?:(?:[Ff]irst\s+)?(?:[Pp]ublished|[Pp]osted|[Uu]pdated|[Ll]ast\s+(?:[Uu]pdated|[Mm]odified)|PUBLISHED|UPDATED|POSTED|[Dd]ate)\s?"
    r"(?:[Oo]n|[Aa]t)?\s?:?\s+)?" + FULL_DATE.pattern.replace("(?P<", "(?P<line_") + _CLOCK + r"\W{0,3}"
)
_ANY_YEAR = re.compile(r"(?:19|20)\d\d")
_DATE_IN_META = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?!\d)")


def month_number(name: str) -> int:
    """1 to 12 of a month's name, long or short, with or without a stop."""
    low = name.lower().rstrip(".")
    return next(number for number, month in enumerate(MONTHS, 1) if month[:3] == low[:3])


def weekday_number(name: str) -> int:
    """0 for Monday to 6 for Sunday of a weekday's name, long or short."""
    return next(number for number, day in enumerate(WEEKDAYS) if day[:3] == name.lower()[:3])


def day_number(text: str) -> int:
    """31 of "31st"."""
    return int(text.rstrip("stndrhSTNDRH"))


def iso_day(year: int, month: int, day: int) -> str:
    """ISO day, empty when there is no such day."""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def full_dates(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[re.Match[str], str]]:
    """Dates with their year, and the ISO day of each."""
    end = len(text) if end is None else end
    if not _ANY_YEAR.search(text, start, end):
        return
    for found in FULL_DATE.finditer(text, start, end):
        if day := full_day(found):
            yield found, day


def full_day(found: re.Match[str]) -> str:
    """ISO day of a match of `FULL_DATE`, empty when there is no such day."""
    if found["iso"]:
        year, month, day = map(int, found["iso"].split("-"))
        return iso_day(year, month, day)
    if found["dotted"]:
        day, month, year = map(int, found["dotted"].split("."))
        return iso_day(year, month, day)
    name, day_text, year_text = (found["month"], found["day"], found["year"])
    if not name:
        name, day_text, year_text = (found["month2"], found["day2"], found["year2"])
    return iso_day(int(year_text), month_number(name), day_number(day_text))


def written_day(text: str) -> str:
    """ISO day of a date in a page's head or front matter, empty when it cannot be read."""
    if found := _DATE_IN_META.match(text.strip(" '\"")):
        return iso_day(int(found[1]), int(found[2]), int(found[3]))
    return next((day for _, day in full_dates(text)), "")
