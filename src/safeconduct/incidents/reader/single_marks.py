"""Single quotation marks: which of them open and close a quotation, and which are apostrophes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

BEFORE_OPENING = " \t\n\xa0([{—–-/“\"‘'«\u2009"
ENDING = ".,?!…;:—–-"
AFTER_CLOSING = '.,;:?!)]}”"»—–'
# Words that begin with an apostrophe.
ELIDED = re.compile(r"(?:\d\ds?|em|til|tis|twas|twill|cause|bout|round|cos|nuff|im|n'|n’)(?![^\W_])", re.IGNORECASE)
SINGLE = re.compile(r"[‘’']")


@dataclass(slots=True)
class Mark:
    """A single mark, which may also be an apostrophe."""

    at: int
    opens: bool
    sure: bool  # opens after a stop or before a capital: no stray mark
    closes: str  # "strong", "weak" (it could be a plural possessive), or empty


def single_marks(text: str, low: int, high: int) -> list[Mark]:
    """Every single mark of a paragraph, apostrophes among them."""
    return [_single(text, match.start(), low, high) for match in SINGLE.finditer(text, low, high)]


def _single(text: str, at: int, low: int, high: int) -> Mark:
    before = text[at - 1] if at > low else " "
    after = text[at + 1] if at + 1 < high else " "
    opens = (
        text[at] != "’" and before in BEFORE_OPENING and not after.isspace()
        and (after.isalnum() or after in '“"[(…$£€#@.') and not (text[at] == "'" and ELIDED.match(text, at + 1, high))
    )  # fmt: skip
    last = text[max(low, at - 2) : at].rstrip()[-1:] if before.isspace() else before
    sure = opens and (last in ",:;.—(?!" or not last or at == low or after.isupper())
    return Mark(at, opens, sure, "" if text[at] == "‘" or opens else _closes(text, at, before, after))


def _closes(text: str, at: int, before: str, after: str) -> str:
    if before.isspace():
        return ""
    if after.isalnum():
        return "strong" if before in ",.?!" and after.isalpha() else ""
    if before in ENDING or after in AFTER_CLOSING:
        return "strong"
    return "weak" if before in "sS" or text[max(0, at - 2) : at].lower() == "in" else "strong"


def closing_marks(marks: Sequence[Mark]) -> list[int | None]:
    """For each mark where its quotation closes: a position, -1 where the paragraph ends, None when it opens none."""
    result: list[int | None] = [None] * len(marks)
    strong = weak = opening = -1  # the next ones, seen from the end
    for number in range(len(marks) - 1, -1, -1):
        mark = marks[number]
        if mark.opens:
            if strong >= 0 and (opening < 0 or strong < opening):
                result[number] = strong
            elif weak >= 0 and (opening < 0 or weak < opening):
                result[number] = weak
            elif mark.sure:
                result[number] = strong  # past a stray mark, or nowhere: -1
            opening = mark.at
        if mark.closes == "strong":
            strong = mark.at
        elif mark.closes == "weak":
            weak = mark.at
    return result
