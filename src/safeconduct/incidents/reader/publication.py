"""The day on which a document was published, and where it first stood, as far as it says so."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from safeconduct.incidents.reader.model import Block, Document
from safeconduct.incidents.reader.months import (
    DATE_LINE,
    DAY,
    LONG_WEEKDAY,
    MONTH,
    WEEKDAY,
    YEAR,
    day_number,
    full_dates,
    iso_day,
    month_number,
    weekday_number,
    written_day,
)

_HEAD, _FOOT = 14, 4  # blocks at either end among which a line with the day stands
_SAID = re.compile(
    r"(?:\b(?:[Ff]irst\s+)?(?:[Pp]ublished|[Pp]osted|[Ii]ssued|[Rr]eleased)|^(?:PUBLISHED|POSTED|[Dd]ate|DATE)|"
    r"(?P<update>\b(?:[Ll]ast\s+)?(?:[Uu]pdated|[Mm]odified)|^UPDATED))\s?(?:on|at)?\s?:?\s+"
)
_NAME = r"[^\W\d_a-z][\w .'’&-]{1,60}"
_DATELINE = re.compile(
    rf"[^\W\d_a-z](?:[^\W\d_a-z]|[ .'’-]){{2,40}}(?:,\s[^\W\d_][\w .'’-]{{2,30}}?)??"
    rf"(?:,?\s+(?P<month>{MONTH})\s+(?P<day>{DAY}))?(?:,\s+(?P<year>{YEAR}))?"
    r"\s*(?:[(\[](?P<agency>[^\W\d_a-z][\w /.'’&-]{1,30})[)\]])?\s*(?:[-–—]+|(?<=[)\]]):)\s"
)
_ORIGIN = re.compile(
    r"(?:[Rr]ead|READ|[Ss]ee|[Vv]iew) the (?:original|full) (?:article|story|post|version|report) (?:on|at|in|by) "
    rf"(?:the )?(?P<read>{_NAME})|"
    rf"(?:originally|first) (?:appeared|published|posted|ran|reported) (?:on|in|at|by) (?:the )?(?P<first>{_NAME})"
)
_SIGNED = re.compile(rf"(?:(?:^|\s)[–—-]{{1,2}}\s?|^(?:Source|SOURCE|Via|VIA)s?\s?:\s|\()(?P<name>{_NAME}?)\)?\.?\s*$")
_DAY_MONTH = re.compile(
    rf"(?<!\w)(?P<weekday>{WEEKDAY}),?\s+(?:the\s+)?(?:(?P<month>{MONTH})\s+(?P<day>{DAY})|"
    rf"(?P<day2>{DAY})\s+(?:of\s+)?(?P<month2>{MONTH}))(?:,?\s+(?P<year>{YEAR}))?"
)
_MONTH_YEAR = re.compile(rf"(?<!\w){MONTH},?\s+(?:of\s+)?(?P<year>{YEAR})")
_BARE_YEAR = re.compile(rf"(?<![\w$£€,.-])(?P<year>{YEAR})(?![-,.]\d)")
_AHEAD = re.compile(r"\b(?:by|until|till|before|deadline|through|no later than)(?:\s+\w+){0,3}\s+$")
_RIGHTS = re.compile(rf"(?:©|\([cC]\)|[Cc]opyright)\s*(?:©\s*)?(?P<year>{YEAR})")
_CLOCK = re.compile(r"\d{1,2}[:.]?\d\d\s?(?:[APap]\.?[Mm]\.?)?|\W+")
_SMALL = frozenset({"at", "the", "of", "in", "and", "de", "la", "el", "al", "on", "for"})
_LONG_DAY = re.compile(rf"(?<!\w){LONG_WEEKDAY}(?!s)")


def stated_days(plain: str, blocks: Sequence[Block]) -> Iterator[tuple[str, str]]:
    """Days that the text itself states as its own, with where each stands."""
    near = [*enumerate(blocks)][:_HEAD] + [*enumerate(blocks)][max(_HEAD, len(blocks) - _FOOT) :]
    for index, block in near:
        text = plain[block.start : block.end]
        if len(text) <= 120 and DATE_LINE.fullmatch(text):
            if found := next(full_dates(text), None):
                what = "updated" if re.match(r"(?i)(?:last )?(?:updated|modified)", text) else "a line with the date"
                yield found[1], what
        elif index < 6 and (day := _letterhead(text)):
            yield day, "its first lines"
        elif said := _SAID.search(text[:240]):
            found = next(full_dates(text, said.end(), said.end() + 60), None)
            if found and found[0].start() <= said.end() + 14 and (block.kind == "aside" or len(text) <= 160):
                yield found[1], "updated" if said["update"] else "the words on its publication"
        elif index < 4 and (line := _DATELINE.match(text)) and line["month"] and line["year"]:
            yield iso_day(int(line["year"]), month_number(line["month"]), day_number(line["day"])), "the dateline"


def _letterhead(text: str) -> str:
    """The day of a short line with place or sender and date: "Port Ambrel, 15.07.2023"; empty for any other line."""
    found = next(full_dates(text), None) if len(text) <= 90 else None
    if found is None or text.endswith((".", "!", "?", '"', "”")):
        return ""
    rest = text[: found[0].start()] + " " + text[found[0].end() :]
    words = [word.strip(",.;:()|*_") for word in rest.split() if not _CLOCK.fullmatch(word)]
    named = all(word in _SMALL or not word[:1].islower() for word in words)
    return found[1] if named and len(words) <= 6 else ""


def dated_entries(plain: str, blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks with a section for each entry of a page that heads its entries with a line of their day.

    Unchanged unless two lines at least have different days, and text follows each. A line of an entry's title may
    stand before its day, and belongs to the entry.
    """
    if any(block.section for block in blocks):
        return tuple(blocks)
    heads = _day_lines(plain, blocks)
    if len({day for _, day in heads}) < 2:
        return tuple(blocks)
    starts = {index - (index > 0 and blocks[index - 1].kind in ("heading", "title")) for index, _ in heads}
    found, section = [], 0
    for index, block in enumerate(blocks):
        section += index in starts
        found.append(replace(block, section=section))
    return tuple(found)


def _day_lines(plain: str, blocks: Sequence[Block]) -> list[tuple[int, str]]:
    """Blocks that are a date and nothing else, with their day, each followed by a paragraph of some length."""
    found = []
    for index, block in enumerate(blocks):
        if block.end - block.start > 80 or not DATE_LINE.fullmatch(plain, block.start, block.end):
            continue
        if plain[block.start : block.start + 14].lower().startswith(("updated", "last", "modified")):
            continue
        after = next((one for one in blocks[index + 1 : index + 3] if one.kind == "paragraph"), None)
        day = next(full_dates(plain, block.start, block.end), None)
        if day and after and after.end - after.start >= 40:
            found.append((index, day[1]))
    return found


def section_days(document: Document) -> dict[int, str]:
    """Days of the sections that a line with their day heads."""
    lines = _day_lines(document.plain, document.blocks)
    return {document.blocks[index].section: day for index, day in lines if document.blocks[index].section}


def settle(found: Sequence[tuple[str, str]]) -> tuple[str, str, tuple[str, ...]]:
    """Day, basis and doubts from the stated days: of several the earliest, which an update cannot precede."""
    days = [(day, what) for day, what in found if day]
    if not days:
        return "", "", ()
    first, what = next(((day, what) for day, what in sorted(days) if what != "updated"), min(days))
    later = sorted({day for day, _ in days if day > first})
    # a day of difference is the clock of another country
    told = [day for day in later if (date.fromisoformat(day) - date.fromisoformat(first)).days > 1]
    doubts = (f"also dated {', '.join(told)}: taken as an update of what was published on {first}",) if told else ()
    return first, f"stated: {what}", doubts


def find_outlet(plain: str, blocks: Sequence[Block]) -> str:
    """Where the text first stood: what its last lines say, or the agency of its dateline."""
    for block in reversed(blocks):
        if block.end - block.start <= 300 and (found := _ORIGIN.search(plain, block.start, block.end)):
            return (found["read"] or found["first"]).strip(" .")
    for block in [block for block in blocks if block.kind != "aside"][:4]:
        if (line := _DATELINE.match(plain, block.start, block.end)) and line["agency"]:
            return line["agency"].strip()
    if blocks and blocks[-1].end - blocks[-1].start <= 60:
        text = plain[blocks[-1].start : blocks[-1].end]
        if (found := _SIGNED.search(text)) and len(text) <= len(found["name"]) + 12:
            return found["name"].strip()
    return ""


def guess_year(document: Document, *, hint: int | None = None) -> int | None:
    """The year in which most of what a document tells happened, or None.

    Known from its publication; else from full dates; else from "Friday 27 Aug", which fits one year in five or six:
    the one nearest to `hint` (the year of other documents on the same matter), or to the latest year the text names.
    """
    if document.published:
        return int(document.published[:4])
    plain = document.plain
    years = Counter(int(day[:4]) for _, day in full_dates(plain))
    years.update(int(found["year"]) for found in _MONTH_YEAR.finditer(plain))
    fitting = _fitting_years(plain)
    rights = [int(found["year"]) for found in _RIGHTS.finditer(plain)]
    if rights and not years:
        return max(rights)
    if years:
        known = [year for year in years if year in fitting] or list(years)
        return max(known, key=lambda year: (years[year], year))
    bare = [int(found["year"]) for found in _BARE_YEAR.finditer(plain)]
    if fitting and hint is not None:
        return min(fitting, key=lambda year: (abs(year - hint), -year))
    if fitting and bare:
        return next((year for year in sorted(fitting) if year >= max(bare)), None)
    return hint


def _fitting_years(plain: str) -> set[int]:
    """Years in which the weekdays written beside days of a month fall on them."""
    named = {
        (month_number(at["month"] or at["month2"]), day_number(at["day"] or at["day2"]), weekday_number(at["weekday"]))
        for at in _DAY_MONTH.finditer(plain)
    }
    votes: Counter[int] = Counter()
    for month, day, weekday in named:
        days = (iso_day(year, month, day) for year in range(1980, 2080))
        votes.update(int(iso[:4]) for iso in days if iso and date.fromisoformat(iso).weekday() == weekday)
    best = max(votes.values(), default=0)
    return {year for year, count in votes.items() if count == best}


def infer_publication(document: Document, *, year: int | None = None) -> Document:
    """The document with a day of publication inferred from its dates, when it states none and they allow it.

    Taken is the dateline, or else the newest day that the text names with its weekday, or that falls on a weekday
    which the text names by itself; what is still to come ("by 31 August") is left aside. Pages of several entries
    have no one day and stay as they are, as does everything whose year is unknown: `year` is that of other documents
    on the same matter.
    """
    if document.published or any(block.section for block in document.blocks):
        return document
    guessed = guess_year(document, hint=year)
    day, what = _dateline_day(document, guessed)
    if not day:
        day, what = max(_inferable(document, guessed), default=("", ""))
    return replace(document, published=day, published_basis=f"inferred: {what}") if day else document


def _dateline_day(document: Document, year: int | None) -> tuple[str, str]:
    for block in [block for block in document.blocks if block.kind != "aside"][:4]:
        line = _DATELINE.match(document.plain, block.start, block.end)
        if line and line["month"] and (line["year"] or year):
            day = iso_day(int(line["year"] or year or 0), month_number(line["month"]), day_number(line["day"]))
            return day, "its dateline"
    return "", ""


def _inferable(document: Document, year: int | None) -> Iterator[tuple[str, str]]:
    plain = document.plain
    for found in _DAY_MONTH.finditer(plain):
        when = int(found["year"]) if found["year"] else year
        if when is None or _AHEAD.search(plain, max(0, found.start() - 30), found.start()):
            continue
        month, number = found["month"] or found["month2"], found["day"] or found["day2"]
        day = iso_day(when, month_number(month), day_number(number))
        if day and date.fromisoformat(day).weekday() == weekday_number(found["weekday"]):
            yield day, "the newest day that it names with its weekday"
    named = {weekday_number(found[0]) for found in _LONG_DAY.finditer(plain)}
    for match, day in full_dates(plain):
        ahead = _AHEAD.search(plain, max(0, match.start() - 30), match.start())
        if not ahead and date.fromisoformat(day).weekday() in named:
            yield day, "the newest full date that fits a weekday it names"


def read_stated(stated: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """ISO days of dates that markup states, with where each stands."""
    return [(day, what) for text, what in stated if (day := written_day(text))]
