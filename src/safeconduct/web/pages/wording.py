"""How values read on a page: numbers, times, and each state as a shape with a word.

Four shapes carry the same meaning on every page, so that neither colour nor reading is needed to tell them apart:
a filled circle goes, a triangle waits for somebody, an octagon stops, a hollow ring is unknown or over.
"""

import re
from datetime import UTC, datetime, timedelta

from markupsafe import Markup, escape

from safeconduct.workflows.room_view import StepView

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ku", "prs", "ps", "sd", "ug", "ur", "yi"})  # ISO 639

# state -> (shape, word); an unknown state is shown as it is, with the hollow ring
STATES: dict[str, tuple[str, str]] = {
    "open": ("circle", "open"),
    "hold": ("triangle", "on hold"),
    "closed": ("octagon", "closed"),
    "unanswered": ("triangle", "unanswered"),
    "received": ("triangle", "received"),
    "understood": ("triangle", "understood"),
    "accepted": ("circle", "accepted"),
    "declined": ("octagon", "declined"),
    "ended": ("ring", "closed"),
    "withdrawn": ("ring", "withdrawn"),
    "lapsed": ("ring", "lapsed at the closing"),
    "breach": ("octagon", "breach"),
    "lapse": ("octagon", "lapse"),
    "renewal": ("circle", "renewed"),
    "last-departure": ("ring", "last departure"),
    "none": ("octagon", "no agreement"),
    "proposed": ("triangle", "proposed, not signed by both"),
    "suspended": ("octagon", "suspended"),
    "stands": ("circle", "stands"),
    "updated": ("ring", "updated later"),
    "corrected": ("triangle", "corrected later"),
    "retracted": ("octagon", "retracted"),
    "disputed": ("triangle", "disputed"),
    "planned": ("ring", "planned"),
    "handed-over": ("triangle", "handed over, no receipt"),
    "differs": ("triangle", "received, not as stated"),
    "silent": ("octagon", "silent"),
    "answers": ("circle", "answers"),
    "untried": ("ring", "never checked"),
    "deleted": ("circle", "says deleted"),
    "kept": ("triangle", "kept"),
    "reported": ("triangle", "reported by our liaison, unsigned"),
    "done": ("circle", "done"),
    "not-done": ("octagon", "not done"),
    "dropped": ("ring", "dropped"),
    "late": ("triangle", "past the day"),
    "agreed": ("circle", "agreed"),
    "possible": ("ring", "possible"),
    "expected": ("ring", "expected"),
    "declined-to-say": ("ring", "declined to say"),
    "consistent": ("circle", "consistent"),
    "contradicts": ("octagon", "contradicts"),
}
# step of a case -> words
STEPS: dict[tuple[str, str], str] = {
    ("accountability", "open"): "opened",
    ("accountability", "closed"): "closed",
    ("harm", "reported"): "harm reported",
    ("harm", "denied"): "harm denied",
    ("harm", "under-review"): "put under review",
    ("harm", "acknowledged"): "harm acknowledged",
    ("amends", "condolence"): "condolence given",
    ("amends", "exploring"): "payment explored, which is no offer,",
    ("amends", "offered"): "payment offered",
    ("amends", "declined"): "offer declined",
    ("amends", "paid"): "payment made",
}
SHAPE_CLASS = {"circle": "go", "triangle": "wait", "octagon": "stop", "ring": "off"}


def direction_of(lang: str) -> str:
    """Writing direction of a language tag, "rtl" or "ltr"."""
    return "rtl" if lang.partition("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


def parse_time(text: str | None) -> datetime | None:
    """Read an ISO time or date as UTC; None when it is neither, for a page must not fail over one odd line."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def number(value: int | None) -> str:
    """Group the digits of a number by commas; an unknown one is a dash, never a zero."""
    return "–" if value is None else f"{value:,}"


def counted(value: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: "1 claim", "1,204 claims"."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def day_words(text: str | None) -> str:
    """Return "26 Aug 2021"; what is no date comes back as it was."""
    first, between, last = (text or "").partition("/")
    if between and parse_time(first) and parse_time(last):
        return f"{day_words(first)} – {day_words(last)}"
    found = parse_time(text)
    return f"{found.day} {MONTHS[found.month - 1]} {found.year}" if found else (text or "–")


def dated(text: str) -> str:
    """Return the text with every ISO day in it as words."""
    return re.sub(r"\b\d{4}-\d\d-\d\d\b", lambda found: day_words(found[0]), text)


def short_day(moment: datetime) -> str:
    """Return "26 Aug"."""
    return f"{moment.day} {MONTHS[moment.month - 1]}"


def when(text: str | None, now: str | None = None) -> Markup:
    """Return a `<time>` element: the hour alone on the day of `now`, else with its day before it.

    Without `now`, or in another year, the year stands too. UTC throughout.
    """
    found = parse_time(text)
    if found is None:
        return escape(text or "–")
    today = parse_time(now)
    hour = f"{found.hour:02}:{found.minute:02}"
    words = hour if today and today.date() == found.date() else f"{short_day(found)} {hour}"
    if today is None or today.year != found.year:
        words = f"{short_day(found)} {found.year} {hour}"
    full = f"{found:%Y-%m-%d %H:%M:%S} UTC"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(f"{found:%Y-%m-%dT%H:%M:%SZ}", full, words)


def ago(text: str | None, now: str | None) -> str:
    """Return how long before `now`: "4 min ago", "3 h ago", "2 d ago"; nothing when either is unknown."""
    found, today = parse_time(text), parse_time(now)
    if found is None or today is None:
        return ""
    gone = today - found
    if gone < timedelta(0):
        return "clock ahead"
    minutes = int(gone.total_seconds()) // 60
    if minutes < 1:
        return "just now"
    if minutes < 120:
        return f"{minutes} min ago"
    hours = minutes // 60
    return f"{hours} h ago" if hours < 48 else f"{hours // 24} d ago"


def minutes_words(minutes: int) -> str:
    """Return a length of time from minutes: "40 min", "3 h 20 min", "2 d 4 h"."""
    if minutes < 0:
        return f"{minutes_words(-minutes)} too late"
    hours, left = divmod(minutes, 60)
    if hours == 0:
        return f"{left} min"
    if hours < 48:
        return f"{hours} h {left} min" if left else f"{hours} h"
    days, left_hours = divmod(hours, 24)
    return f"{days} d {left_hours} h" if left_hours else f"{days} d"


def shape_of(state: str) -> str:
    """Return the shape of a state."""
    return STATES.get(state, ("ring", state))[0]


def word_of(state: str) -> str:
    """Return the word of a state."""
    return STATES.get(state, ("ring", state))[1]


def class_of(shape: str) -> str:
    """Return the CSS class of a shape; an unknown shape is drawn as the hollow ring."""
    return SHAPE_CLASS.get(shape, "off")


def short_hex(text: str) -> str:
    """Return the first eight and last four characters of a long hash."""
    return text if len(text) <= 16 else f"{text[:8]}…{text[-4:]}"


def slug(text: str) -> str:
    """Return a string that is safe and unique as an element id."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_") else f".{ord(c):x}" for c in text)


def short_id(text: str) -> str:
    """Return the first eight characters of a long random identifier; a short one is its own name."""
    return text if len(text) <= 20 else f"{text[:8]}…"


def span_words(text: str) -> str:
    """Return "26 Aug 10:00–16:00" from two ISO times with a slash between them; anything else as it is."""
    start, end = (parse_time(part) for part in text.partition("/")[::2])
    if start is None or end is None:
        return text
    last = f"{end:%H:%M}" if start.date() == end.date() else f" {short_day(end)} {end:%H:%M}"
    return f"{short_day(start)} {start:%H:%M}–{last}"


def level_until(text: str, now: str | None) -> Markup:
    """Return "high until 14:30" of "high until" and an ISO time."""
    level, _, until = text.partition(" until ")
    return Markup("{} <small>until {}</small>").format(level, when(until, now))


def heard(text: str, now: str | None) -> Markup | str:
    """Return how long ago something was heard; the day itself when that is more than two days."""
    found, today = parse_time(text), parse_time(now)
    if found and today and today - found > timedelta(days=2):
        return when(text, now)
    return Markup('<span title="{}">{}</span>').format(text, ago(text, now))


def step_words(step: StepView) -> str:
    """Return what a step of a case did: "harm acknowledged"."""
    return STEPS.get((step.track, step.status), f"{step.track}: {step.status}")


def said_words(text: str) -> Markup:
    """Return a field's value; a time as a time."""
    if len(text) == 20 and text.endswith("Z") and parse_time(text):
        return when(text)
    return Markup("<bdi>{}</bdi>").format(text)
