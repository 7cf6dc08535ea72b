"""Quotation marks: which stretches of a document stand inside them. Who speaks is no matter of this module."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.incidents.reader.model import Block, Document
from safeconduct.incidents.reader.single_marks import BEFORE_OPENING, ENDING, closing_marks, single_marks

MASK = "\ue000"  # stands for each character of a quotation, so that positions stay
CLOSERS = {"“": "”“\"''", "„": '“”"', "«": "»", "‟": "”", '"': '"”', "``": "''", "''": "''"}
DOUBLES = ("“", '"', "„", "«")
DOUBLE = re.compile(r"``|''|[“”„‟«»\"]")
ANY = re.compile(r"``|''|[“”„‟«»\"‘’']")
INCHES = re.compile(r"(?<![\d.,])\d{1,2}\"(?=[ \-x×][a-z\d])")
NICKNAME = re.compile(r"[A-Z][\w.]*(?: [A-Z][\w.]*)?")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Text between an opening and a closing mark of one paragraph."""

    left: int  # of the opening mark
    start: int  # of the first character inside
    end: int
    right: int  # after the closing mark; `end` when there is none
    block: int
    closed: bool
    goes_on: bool = False  # not closed, and the next paragraph opens again
    nickname: bool = False


def find_stretches(document: Document) -> list[Stretch]:
    """Every stretch in quotation marks in the order of the text; nested ones belong to the outer."""
    found: list[Stretch] = []
    before = -1  # the last block that is no aside
    for number, block in enumerate(document.blocks):
        if block.kind == "aside":
            continue
        if found and not found[-1].closed and found[-1].block == before:
            found[-1] = _continued(document, found[-1], block)
        before = number
        found += _scan(document.plain, block.start, block.end, number)
    return found


def _continued(document: Document, last: Stretch, block: Block) -> Stretch:
    """The last stretch, marked when the block after it opens with the same mark."""
    opening = document.plain[last.left : last.start]
    text = document.plain[block.start : block.end].lstrip()
    plain_block = block.kind not in {"caption", "heading", "title"}
    same = text[:1] in DOUBLES if opening in DOUBLES else text.startswith(opening)
    goes_on = same and block.speaker == document.blocks[last.block].speaker and plain_block
    return Stretch(last.left, last.start, last.end, last.right, last.block, closed=False, goes_on=goes_on)


def masked(document: Document, stretches: Sequence[Stretch]) -> str:
    """`plain` with quotations and their marks as `MASK`; nicknames inside a name stay as they are."""
    parts, position = [], 0
    for stretch in stretches:
        if stretch.nickname:
            parts.append(document.plain[position : stretch.left])
            parts.append(document.plain[stretch.left : stretch.right].replace("'", " ").replace('"', " "))
        else:
            parts.append(document.plain[position : stretch.left])
            parts.append(MASK * (stretch.right - stretch.left))
        position = stretch.right
    parts.append(document.plain[position:])
    return "".join(parts)


def _scan(text: str, low: int, high: int, block: int) -> list[Stretch]:
    marks = single_marks(text, low, high)
    closing = closing_marks(marks)
    place = {mark.at: number for number, mark in enumerate(marks)}
    inches = _inches(text, low, high)
    found: list[Stretch] = []
    position = low
    while match := ANY.search(text, position, high):
        mark, at = match[0], match.start()
        position = match.end()
        if mark in "‘’'":
            number = place[at]
            if not marks[number].opens or (span := closing[number]) is None:
                continue
            end = high if span < 0 else span
            stretch = _stretch(text, at, at + 1, end, end if span < 0 else end + 1, block)
        elif at in inches:
            continue
        elif _opens(text, match, high):
            left = at
            close = _closing_double(text, match, high, inches)
            start, end = position, close[0] if close else high
            stretch = _stretch(text, left, start, end, close[1] if close else end, block)
        else:
            _extend_last(text, found, match, low)
            continue
        position = max(stretch.right, position)
        if stretch.start < stretch.end and text[stretch.start : stretch.end].strip():
            found.append(stretch)
    return found


def _stretch(text: str, left: int, start: int, end: int, right: int, block: int) -> Stretch:
    closed = right > end
    if not closed:
        end = right = start + len(text[start:end].rstrip())
    nickname = closed and _is_nickname(text, left, start, end, right)
    return Stretch(left, start, end, right, block, closed=closed, nickname=nickname)


def _is_nickname(text: str, left: int, start: int, end: int, right: int) -> bool:
    """One or two capitalised words between two parts of a name."""
    if end - start > 25 or not NICKNAME.fullmatch(text, start, end):
        return False
    before, after = text[max(0, left - 25) : left].split(), text[right : right + 25].split()
    if not (before and after and text[left - 1] == text[right] == " "):
        return False
    first = before[-1]
    named = first[0].isupper() and first[-1].isalpha() and first.lower() not in {"the", "a", "an", "of", "on", "in"}
    return named and after[0][0].isupper()


# -- double marks --------------------------------------------------------------------------------------------------


def _opens(text: str, match: re.Match[str], high: int) -> bool:
    mark, before = match[0], text[match.start() - 1] if match.start() else " "
    after = text[match.end()] if match.end() < high else " "
    if mark in "”»" or after.isspace() or after in ",;":
        return False
    if mark in {'"', "''"}:
        if before in ".?!" and after.isupper():  # a space is missing: it said."The road …
            return True
        return before in BEFORE_OPENING or (not before.isalnum() and before not in ENDING)
    return True


def _closing_double(text: str, opening: re.Match[str], high: int, inches: set[int]) -> tuple[int, int] | None:
    """Start and end of the mark that closes; a stray mark on the way belongs to the quotation."""
    closers = CLOSERS.get(opening[0], "")
    depth, position = 0, opening.end()
    while match := DOUBLE.search(text, position, high):
        position = match.end()
        mark = match[0]
        before = text[match.start() - 1]
        after = text[position] if position < high else " "
        looks_opening = (before in BEFORE_OPENING) and not after.isspace() and after not in ENDING
        if mark == opening[0] and mark in "“„«" and looks_opening:
            depth += 1 if mark == "«" else 0
        elif (mark in closers or mark == closers) and not looks_opening and match.start() not in inches:
            if depth == 0:
                return match.span()
            depth -= 1
    return None


def _inches(text: str, low: int, high: int) -> set[int]:
    """Straight marks after a small number, where the marks of the paragraph do not pair."""
    if text.count('"', low, high) % 2 == 0:
        return set()
    return {match.end() - 1 for match in INCHES.finditer(text, low, high)}


def _extend_last(text: str, found: list[Stretch], match: re.Match[str], low: int) -> None:
    """A closing mark without an opening one, after a full stop or comma: the quotation before it was closed too early.

    So when only plain sentences stand between the two, as in: "We left." It was late," the driver said.
    """
    at = match.start()
    if at <= low or text[at - 1] not in ",?!" or not found:
        return
    last = found[-1]
    between = text[last.right : at]
    if (
        last.closed
        and last.start >= low
        and text[last.end - 1] in ".?!"
        and len(between) < 400
        and between[:2].strip()[:1].isupper()
    ):
        found[-1] = Stretch(last.left, last.start, at, match.end(), last.block, closed=True)
