"""Where sentences end: English press text with its abbreviations, and the stops of other scripts."""

import re
from collections.abc import Iterator, Sequence

from safeconduct.incidents.reader.model import Block, Sentence

_STOP = re.compile(r"(?P<stop>[.!?…؟۔।]+|[。！？]+)(?:\[\d{1,3}\])*[\"'”’»)\]]*(?=\s|$|(?<=[。！？]))")
# Weblogs name after a sentence where it was reported: "(CNN)", "(NYT, Al Jazeera)".
_CREDIT = re.compile(r"\s*[(\[][^\W\d_a-z][\w .,&'’/-]{1,60}(?<![.])[)\]](?=\s|$)")
_TOKEN = 24  # characters before a stop that are looked at


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# A name or a number always follows these, so their stop never ends a sentence.
_LEADING = _words(
    "gen lt col maj capt sgt cpl pvt pfc spc adm cmdr cdr brig rep reps sen sens gov dr mr mrs ms messrs mme prof "
    "rev hon fr st mt ft pres sec amb msgr supt dep det insp atty vs v fig nos e.g i.e cf approx ca no dist op pp "
    "vol chap ch"
)
# These may end one; the next word decides.
_OPEN = _words(
    "jr sr inc corp co ltd bros llc plc dept univ assn ave blvd rd est etc al hr hrs min mins km lb lbs oz a.m "
    "p.m am pm jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thurs fri sat sun u.s u.k "
    "u.n e.u d.c u.a.e"
)
_STATES = _words(
    "ala ariz ark calif colo conn del fla ga ill ind kan ky la mass md me mich minn miss mo mont neb nev okla ore "
    "pa penn tenn tex va vt wash wis wyo n.c n.d n.h n.j n.m n.y r.i s.c s.d w.va b.c ont que"
)
# Words with which a sentence begins more often than a name does.
_STARTERS = _words(
    "the a an he she it they we i you this that these those his her its their our my but and or so yet in on at "
    "by for from with as if when while after before since until although though however meanwhile there here what "
    "who where why how no not some many most several all both one two three then now also more last earlier later "
    "according once despite during asked officials under about even still only such each every another other"
)
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_NEXT = re.compile(r"\s*([\"'“‘«(\[]*)(\S*)")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def split_sentences(plain: str, blocks: Sequence[Block]) -> tuple[Sentence, ...]:
    """Sentences of all blocks in order; each block that holds a visible character has at least one."""
    return tuple(
        Sentence(start, end, index)
        for index, block in enumerate(blocks)
        for start, end in _spans(plain, block.start, block.end)
    )


def _spans(plain: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for found in _STOP.finditer(plain, start, end):
        if found.start() > begin and _ends(plain, begin, found, end):
            credit = _CREDIT.match(plain, found.end(), end)
            stop = credit.end() if credit else found.end()
            yield begin, stop
            begin = stop
            while begin < end and plain[begin].isspace():
                begin += 1
    stop = end
    while stop > begin and plain[stop - 1].isspace():
        stop -= 1
    if begin < stop:
        yield begin, stop


def _ends(plain: str, begin: int, found: re.Match[str], end: int) -> bool:
    """Whether the stop that was found ends the sentence that begins at `begin`."""
    after = _NEXT.match(plain, found.end(), min(end, found.end() + 60))
    word = after[2] if after else ""
    if not word:
        return True
    if word[0].islower() or word[0] in ".…,;:—–":
        return False
    stop = found["stop"]
    if stop != "." or found.end() > found.end("stop"):
        return True
    before = plain[max(begin, found.start() - _TOKEN) : found.start()].split()
    return not before or _closes(before, word, first=found.start() - begin <= 3)


def _closes(before: list[str], word: str, *, first: bool) -> bool:
    """Whether a single stop after the last of the words `before` ends a sentence that `word` follows."""
    last = before[-1].lstrip("\"'“‘«([")
    low = last.lower()
    state = len(before) > 1 and before[-2].endswith(",")
    if low.startswith(("d-", "r-")):  # a representative's party and state
        low, state = low[2:], True
    known = _WORD.match(word)
    starts = known is not None and re.split("['’]", known[0].lower())[0] in _STARTERS
    if first and last.isdigit():
        return False  # the number of an item
    if low in _LEADING:
        return low == "no" and starts
    if len(last) == 1 and last.isalpha() and last.isupper():
        return starts and word[1:2] != "."  # else an initial of a name
    if low in _OPEN or (state and low in _STATES) or _DOTTED.fullmatch(last):
        return starts
    return True
