"""Sentences of a text in which quotations are masked: a quotation counts as a word of the sentence around it."""

import re
from collections.abc import Iterator

from safeconduct.incidents.reader.quotes import MASK
from safeconduct.incidents.reader.verbs import word_set

LONGEST_SENTENCE = 1_500  # characters
SENTENCE_END = re.compile(
    r"(?P<stop>[.!?…]+[)\]]*|" + MASK + r"(?=\s))(?P<gap>\s+)(?=[^\w" + MASK + r"]{0,6}[A-ZÀ-ÞŁŚŠŽ\d" + MASK + "])"
)
ABBREVIATIONS = word_set(
    "gen lt col maj capt cpl sgt cmdr adm brig rep sen gov mr mrs ms dr prof rev hon st jan feb mar apr jun jul "
    "aug sep sept oct nov dec no vs etc supt insp pres sec amb atty det ft mt fr messrs mmes al art ca approx "
    "dept est fig ave pvt pfc rt revd cdr cdre alh barr engr comdr vice-adm d-calif r-ky mon tue tues wed "
    "thu thur thurs fri sat sun"
)
STARTERS = re.compile(r"(?:The|But|And|It|He|She|They|In|On|A|An|At|This|That|These|If|As|We|I|Meanwhile|However)\b")
CLOSED_TAG = re.compile(
    r"(?:[A-ZÀ-Þ][\w.’'-]*\s+|(?:the|The|a|A)\s+\w+\s+){1,5}"
    r"(?:said|says|added|told|asked|wrote|explained|continued|replied|stated|noted|tweeted|concluded|insisted|warned)\b"
    r"(?:\s+\w+){0,6}[.,:;]"
)


APART_TAG = re.compile(
    r"(?:[A-ZÀ-Þ][\w.’'-]*\s+){0,4}[A-ZÀ-Þ][\w.’'-]*,[^.;:!?"
    + MASK
    + r"]{3,140},?\s+(?:said|says|told|asked|wrote|added|tweeted)\b"
)


def sentences(text: str, hidden: str, low: int, high: int) -> Iterator[tuple[int, int]]:
    """Sentences of a block, where a quotation counts as a word: `hidden` is the text with quotations masked."""
    start = low
    for match in SENTENCE_END.finditer(hidden, low, high):
        if match.start() > start and _ends(text, hidden, match, high):
            yield from _cut(hidden, start, match.end("stop"))
            start = match.end()
    if start < high and hidden[start:high].strip():
        yield from _cut(hidden, start, high)


def _cut(hidden: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence, in parts when it is too long to be one; a quotation is never cut."""
    while end - start > LONGEST_SENTENCE and (space := hidden.find(" ", start + LONGEST_SENTENCE, end)) > 0:
        yield start, space
        start = space
    yield start, end


def _ends(text: str, hidden: str, match: re.Match[str], high: int) -> bool:
    stop, after = match["stop"], match.end()
    if stop == MASK:
        inside = text[max(0, match.start() - 1) : match.start() + 1]
        if not any(mark in inside for mark in ".?!…"):
            return False
        asked = "." not in inside and APART_TAG.match(hidden, after, high)
        return hidden[after] == MASK or not (asked or CLOSED_TAG.match(hidden, after, high))
    if stop != ".":
        return True
    word = re.search(r"[^\s(" + MASK + r"]*$", hidden[max(0, match.start() - 24) : match.start()])
    last = word[0].lower() if word else ""
    if last in ABBREVIATIONS or (len(last) == 1 and last.isalpha()):
        return False
    if "." in last or last in {"jr", "sr"} or re.fullmatch(r"[dr]-\w+", last):  # U.S., a.m., Jr.
        return hidden[after] == MASK or bool(STARTERS.match(hidden, after, high))
    return True
