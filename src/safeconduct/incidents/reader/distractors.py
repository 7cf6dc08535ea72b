"""Numbers that count nobody: dates, ages, money, distances, parts of names, idioms."""

from collections.abc import Sequence

from safeconduct.incidents.reader.lexicon import word_set
from safeconduct.incidents.reader.numbers import Number, past_marks
from safeconduct.incidents.reader.populations import is_counted, noun_of
from safeconduct.incidents.reader.tokens import Token

_MONTHS, _MEASURES, _NAMES = word_set("months"), word_set("measures"), word_set("names")
_AGES = frozenset((5, 12, 14, 15, 16, 18, 21, 60, 65))


def is_no_figure(text: str, words: Sequence[Token], number: Number) -> bool:
    """Whether a number is a date, an age, money, a distance or part of a name."""
    head, last = number.head, number.last
    token = words[head]
    before = words[head - 1] if head else None
    beyond = past_marks(words, last)
    after = words[beyond] if beyond < len(words) else None
    if before is not None and (before.text in "$€£¥#" or (before.text in "-/:.–" and before.end == token.start)):
        return True
    if after is not None and after.text in "%/:°" and after.start == words[last - 1].end:
        return True
    if _compound(text, words, last):
        return True
    if after is not None and (
        after.low in _MEASURES or (after.low in ("year", "years", "months") and _old(words, last))
    ):
        return True
    if before is not None and before.low in _NAMES and not (before.low == "number" and number.vague):
        return True
    return _calendar(words, number) or _idiom(words, number) or _age(words, number)


def _age(words: Sequence[Token], number: Number) -> bool:
    """Whether a bare number is an age: "a man of 78", "40 per cent of them under 18", "the driver, 43, lives"."""
    head, last = number.head, number.last
    value = number.low if number.low is not None else number.high or 0
    if number.vague or value > 110 or (last < len(words) and is_counted(words[last])):
        return False
    if number.basis in ("fewer-than", "more-than", "up-to") and value in _AGES:
        return True
    before = [token.low for token in words[max(0, head - 2) : head]]
    if before[-1:] == ["of"] and noun_of(before[0]) and not before[0].endswith("s"):
        return True
    commas = head > 0 and last < len(words) and words[head - 1].text == words[last].text == ","
    return commas and words[head].text.isdigit() and head > 1 and words[head - 2].text[0].isalpha()


def _compound(text: str, words: Sequence[Token], last: int) -> bool:
    """Whether a number is the first part of a compound: "20-year", "12-member"."""
    if "-" in words[last - 1].text and words[last - 1].text[-1].isalpha() and not words[last - 1].low[0].isdigit():
        return False
    end = words[last - 1].end
    return text[end : end + 1] in ("-", "‑") and text[end + 1 : end + 2].isalpha() and words[last - 1].is_word


def _old(words: Sequence[Token], last: int) -> bool:
    return last + 1 < len(words) and words[last + 1].low in ("old", "of") and words[last + 1].low == "old"


def _calendar(words: Sequence[Token], number: Number) -> bool:
    """Whether a number is a day of a month or a year."""
    if number.vague or (number.low is None and number.high is None):
        return False
    value = number.low if number.low is not None else number.high or 0
    head, last = number.head, number.last
    near = next((words[k] for k in (head - 1, head - 2) if k >= 0 and words[k].text not in ".,"), None)
    if near is not None and near.low in _MONTHS and near.text[0].isupper() and (value <= 31 or 1900 <= value <= 2100):
        return True
    following = words[last].low if last < len(words) else ""
    if value <= 31 and following in _MONTHS and words[last].text[0].isupper():
        return True
    if words[head].text.isdigit() and len(words[head].text) == 4 and 1900 <= value <= 2100:
        return not noun_of(following) or words[head - 1].low in ("in", "since", "of", "by") if head else True
    return words[head].low.endswith(("st", "nd", "rd", "th"))


def _idiom(words: Sequence[Token], number: Number) -> bool:
    """Whether number words count nothing: "one of", "one another", "the two sides", "at one point"."""
    head, last = number.head, number.last
    following = words[last].low if last < len(words) else ""
    low = words[head].low
    if low == "one" and last - head == 1:
        return following in (
            "of",
            "another",
            "thing",
            "point",
            "day",
            "time",
            "way",
            "family",
            "who",
            "that",
            "in",
            "on",
            "has",
            "is",
        )
    return (
        low == "some"
        and following == "of"
        and last + 1 < len(words)
        and words[last + 1].low in ("the", "our", "my", "this")
    )
