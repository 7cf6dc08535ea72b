"""Dates of a document: each wording that means a day or an interval, and what it means on the document's own day."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from safeconduct.errors import BadInput
from safeconduct.incidents.dates import check_days
from safeconduct.incidents.reader.anchors import RELATIVE, STATED, Anchor, Meaning
from safeconduct.incidents.reader.model import Document, When
from safeconduct.incidents.reader.months import MONTH
from safeconduct.incidents.reader.publication import guess_year, section_days
from safeconduct.incidents.reader.resolving import read_wording
from safeconduct.incidents.reader.wordings import (
    DEADLINE,
    FIRST_LETTERS,
    NAMED,
    NAMES,
    OF_PAPER,
    PAPER,
    PASSED,
    START,
    TO_COME,
    TO_COME_AFTER,
    TO_DO,
    WORDING,
)

_CONTEXT = 90  # characters before a wording that tell whether it is still to come
_NEAR = 4  # blocks over which "the following day" may look back for the day named before
_CLAUSE = re.compile(r"[.!?]\s+(?=[A-Z“\"'‘])|\n")
_COMING = re.compile(r"next|this\s+coming", re.IGNORECASE)
_OF_EVENT = re.compile(r"\s+(?:of|before|after|leading|since)\s+(?!\d)")
_ALONE = {"bare_month": re.compile(MONTH), "day_of_month": re.compile(r"\d{1,2}(?:st|nd|rd|th)")}


@dataclass(slots=True)
class _Course:
    """What was named so far, on which later wordings rest."""

    anchor: Anchor
    section: int = 0
    block: int = 0  # in which `anchor.named` was named
    newest: str = ""  # of the section
    floor: str = ""  # the newest day of all earlier sections
    whens: list[When] = field(default_factory=list)


def find_dates(document: Document, *, year: int | None = None, years: bool = False) -> tuple[When, ...]:
    """All wordings that mean a day or an interval, in order, none within another.

    They are resolved against the day of publication. In an entry of a page with several entries they are resolved
    against the newest day that the entry named so far. A day without a year is taken in the year nearest to the
    publication, else in `year`, else in the one that the document allows to guess. What cannot be resolved has an
    empty `iso` and the basis "unresolved". Years that stand alone ("since 2001") are listed with `years` only.
    """
    course = _Course(Anchor(document.published, guess_year(document, hint=year)))
    blocks = document.blocks
    entries = any(block.section for block in blocks)
    index = 0
    stops = {sentence.end for sentence in document.sentences}
    headed = section_days(document)
    for kind, start, end in _wordings(document.plain, stops):
        if kind == "year" and not years:
            continue
        while index + 1 < len(blocks) and blocks[index + 1].start <= start:
            index += 1
        section = blocks[index].section if blocks else 0
        if entries and section != course.section:
            _next_entry(course, section)
            if section in headed:
                course.anchor = Anchor(headed[section], int(headed[section][:4]), headed[section])
        if course.anchor.named and index > course.block + _NEAR:
            course.anchor = replace(course.anchor, named="")
        ahead = _to_come(document.plain, start, end, within=kind == "within")
        of_event = _OF_EVENT.match(document.plain, end, end + 20) is not None
        wording = document.plain[start:end]
        meaning = read_wording(kind, wording, replace(course.anchor, ahead=ahead), of_event=of_event)
        if meaning is not None:
            course.whens.append(When(start, end, wording, meaning.iso, meaning.basis))
            course.block = index if meaning.iso and "/" not in meaning.iso else course.block
            in_entry = entries and section > 0 and section not in headed
            _follow(course, meaning, in_entry=in_entry, ahead=ahead, dated=bool(document.published))
    return tuple(course.whens)


def _wordings(plain: str, stops: set[int]) -> Iterator[tuple[str, int, int]]:
    """Kind, start and end; without the stop of a sentence that ends in "27 Aug."."""
    for found in match_wordings(plain):
        kind, start, end = found.lastgroup or "", found.start(), found.end()
        named = NAMES.search(plain, max(0, start - 12), start) or NAMED.match(plain, end, end + 30)
        named = named or (PAPER.search(plain, max(0, start - 8), start) and OF_PAPER.match(plain, end))
        if kind == "weekday" and (named or plain[end : end + 1] == "s"):
            continue
        if kind == "near_day" and plain[max(0, start - 3) : start] == "of " and found[0] == "tomorrow":
            continue  # the future at large
        yield kind, start, end - (end in stops and plain[end - 1] == ".")


def match_wordings(plain: str) -> Iterator[re.Match[str]]:
    """The same as `WORDING.finditer`, trying only words with which a wording can begin."""
    last = 0
    for word in START.finditer(plain):
        if word.start() < last or not (word[0][0].isdigit() or word[0].lower() in FIRST_LETTERS):
            continue
        if found := WORDING.match(plain, word.start()):
            last = found.end()
            yield found


def _next_entry(course: _Course, section: int) -> None:
    """Entries of a page follow one another in time: none is much older than the newest day of those before it."""
    course.section = section
    course.floor = max(course.floor, course.newest)
    course.newest = ""
    course.anchor = Anchor("", course.anchor.year, open=True, floor=course.floor)


def _follow(course: _Course, meaning: Meaning, *, in_entry: bool, ahead: bool, dated: bool) -> None:
    """Let later wordings rest on what was just named."""
    if not meaning.iso:
        return
    if "/" in meaning.iso:
        return
    course.anchor = replace(course.anchor, named=meaning.iso)
    if (in_entry or not dated) and not ahead:
        course.newest = max(course.newest, meaning.iso)
        if in_entry and meaning.basis != RELATIVE:
            course.anchor = replace(course.anchor, day=course.newest)


def _to_come(plain: str, start: int, end: int, *, within: bool) -> bool:
    """Whether the words before a wording speak of what has not happened yet."""
    if _COMING.match(plain, start, end):
        return True
    before = _CLAUSE.split(plain[max(0, start - _CONTEXT) : start])[-1]
    if (within or DEADLINE.search(before)) and TO_DO.search(before) and not re.search(r"\bhad\b", before):
        return True
    modal = TO_COME.search(before)
    if modal is not None:
        return not PASSED.search(before, modal.start())
    return TO_COME_AFTER.match(plain, end, end + _CONTEXT) is not None and not PASSED.search(before)


def resolve_against(when: When, day: str) -> When:
    """The wording as it reads in a document dated `day` (ISO day), for a date found before that day was known.

    Full dates stay as they are. For words such as "the following day" `day` is the day that was named before them.

    Raises:
        BadInput: `bad-date`, when `day` is no day.
    """
    if "/" in check_days(day, where="day"):
        raise BadInput("bad-date", where="day", expected="one day", seen=day)
    if when.basis == STATED:
        return when
    found = WORDING.fullmatch(when.wording)
    kind = found.lastgroup if found else next((k for k, form in _ALONE.items() if form.fullmatch(when.wording)), None)
    if not kind:
        return when
    ahead = _COMING.match(when.wording) is not None
    meaning = read_wording(kind, when.wording, Anchor(day, int(day[:4]), named=day, ahead=ahead))
    return replace(when, iso=meaning.iso, basis=meaning.basis) if meaning else when
