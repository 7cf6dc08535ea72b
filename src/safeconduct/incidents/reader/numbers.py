"""Numbers and vague quantities as reports write them, with the words that bound them. No number is ever invented."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from safeconduct.incidents.reader.lexicon import phrases
from safeconduct.incidents.reader.tokens import Token

_ONES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
         "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
SMALL = {word: value for value, word in enumerate(_ONES)} | {word: 10 * k for k, word in enumerate(_TENS, start=2)}
SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 10**9, "lakh": 100_000, "crore": 10**7}
_VAGUE = phrases("vague")
_AFTER = phrases("after")
# Phrases before a number by their last word, longest first.
_BEFORE: dict[str, list[tuple[tuple[str, ...], str]]] = {}
for _rows in phrases("before").values():
    for _words, _basis in _rows:
        _BEFORE.setdefault(_words[-1], []).append((_words, _basis))
for _found in _BEFORE.values():
    _found.sort(key=lambda row: -len(row[0]))
_DIGITS = re.compile(r"(\d{1,3}(?:,\d{2,3})+|\d+)(\.\d+)?([kKmM])?\Z")
# Adverbs that may stand between a bound and its number.
_BETWEEN = frozenset(
    ("the", "an", "additional", "another", "a", "further", "all", "of", "our", "their", "those", "these")
)
LARGEST = 10**9


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written: tokens `first` to `last` (excluded), its value or None when it is vague, and its basis."""

    first: int
    last: int
    low: int | None
    high: int | None
    basis: str
    head: int  # token at which the bare number starts
    article: bool = False  # "a dozen": may be read as an article

    @property
    def vague(self) -> bool:
        """Whether no number was given."""
        return self.low is None and self.high is None


def find_numbers(words: Sequence[Token]) -> list[Number]:
    """All numbers and vague quantities of a sentence, in order and apart from each other."""
    found: list[Number] = []
    place = 0
    while place < len(words):
        number = _at(words, place)
        if number is None:
            place += 1
            continue
        number = _ranged(words, number)
        number = _bounded(words, number, found[-1].last if found else 0)
        place = number.last
        if found and _spans(words, found[-1], number):
            number = replace(number, first=found[-1].first, low=found[-1].low, basis="between", head=found.pop().head)
        found.append(number)
    return found


def _spans(words: Sequence[Token], first: Number, second: Number) -> bool:
    """Whether two bounds make one figure: "at least 13 and as many as 46"."""
    between = [token.low for token in words[first.last : second.first]]
    return (
        between in (["and"], ["but"], ["and", "possibly"], ["to"], [","])
        and first.low is not None and first.high is None
        and second.high is not None and second.low is None
        and first.low < second.high
    )  # fmt: skip


def _at(words: Sequence[Token], place: int) -> Number | None:
    """The bare number or vague quantity that starts here."""
    low = words[place].low
    if low == "some" and place + 1 < len(words) and is_number(words, place + 1):
        return None  # "some 200" bounds a number
    if low == "many" and place and words[place - 1].low in ("as", "how", "so", "too"):
        return None
    for phrase, basis in _VAGUE.get(low, ()):
        if _is(words, place, phrase):
            return Number(place, place + len(phrase), None, None, basis, place)
    if low[0].isdigit():
        return _digits(words, place)
    if low in ("a", "an", "half") or _small(low) is not None:
        spelled = _spelled(words, place)
        if spelled is not None:
            last, value = spelled
            return Number(place, last, value, value, "exact", place)
    return None


def past_marks(words: Sequence[Token], place: int) -> int:
    """The place after editors' brackets: "300 [thousand] people"."""
    while place < len(words) and words[place].text in "\\[]":
        place += 1
    return place


def is_number(words: Sequence[Token], place: int) -> bool:
    """Whether a number in digits or words begins here."""
    return words[place].text[0].isdigit() or _small(words[place].low) is not None


def _digits(words: Sequence[Token], place: int) -> Number | None:
    match = _DIGITS.match(words[place].text)
    if match is None:
        return None
    whole, fraction, letter = match[1].replace(",", ""), match[2] or "", match[3]
    if len(whole) > 12:
        return None
    value = float(whole + fraction)
    last = place + 1
    if letter:
        value *= 1_000 if letter in "kK" else 1_000_000
    while (scale := past_marks(words, last)) < len(words) and words[scale].low in SCALES:
        value *= SCALES[words[scale].low]
        last = scale + 1
    if value != int(value) or value > LARGEST:
        return None
    return Number(place, last, int(value), int(value), "exact", place)


def _spelled(words: Sequence[Token], place: int) -> tuple[int, int] | None:
    """Number words from here: "sixty", "twenty-three", "a hundred and sixty-nine", "two dozen"."""
    opened = _opened(words, place)
    if opened is None:
        return None
    at, part = opened
    total, seen = 0, part > 0
    while at < len(words):
        low = words[at].low
        value = _small(low)
        if value is not None and not (seen and part and not _joins(part, value)):
            part, seen = part + value, True
        elif low in SCALES and seen:
            part = (part or 1) * SCALES[low]
            if SCALES[low] >= 1_000:
                total, part = total + part, 0
        elif low == "dozen" and seen:
            part *= 12
        elif not (low == "and" and seen and _goes_on(words, at)):
            break
        at += 1
    return (at, total + part) if seen and total + part <= LARGEST else None


def _opened(words: Sequence[Token], place: int) -> tuple[int, int] | None:
    """Where number words start to be read, and what an article before them stands for; None for a bare article."""
    low = words[place].low
    if low not in ("a", "an", "half"):
        return place, 0
    following = words[place + 1].low if place + 1 < len(words) else ""
    if _is(words, place, ("half", "a", "dozen")):
        return place + 3, 6
    return (place + 1, 1) if low != "half" and (following in SCALES or following == "dozen") else None


def _joins(before: int, value: int) -> bool:
    return (before % 100 == 0 and value < 100) or (before % 10 == 0 and before % 100 >= 20 and value < 10)


def _goes_on(words: Sequence[Token], at: int) -> bool:
    """Whether "and" stands inside a number: after "hundred", "thousand" and before a small one."""
    return words[at - 1].low in SCALES and at + 1 < len(words) and _small(words[at + 1].low) is not None


def _small(low: str) -> int | None:
    if low in SMALL:
        return SMALL[low]
    tens, dash, ones = low.replace("‑", "-").replace("–", "-").partition("-")
    if dash and tens in _TENS and ones in SMALL and 0 < SMALL[ones] < 10:
        return SMALL[tens] + SMALL[ones]
    return None


def _is(words: Sequence[Token], place: int, phrase: Sequence[str]) -> bool:
    if place < 0 or place + len(phrase) > len(words):
        return False
    return all(words[place + k].low == word for k, word in enumerate(phrase))


def _ranged(words: Sequence[Token], number: Number) -> Number:
    """Two numbers that bound one figure: "50 to 60", "between 50 and 60", "24-36"."""
    if number.vague or number.last + 1 >= len(words):
        return number
    link = words[number.last].low
    before = words[number.first - 1].low if number.first else ""
    if not (link in ("to", "-", "–", "—", "or") or (link == "and" and before == "between")):
        return number
    other = _at(words, number.last + 1)
    if other is None or other.low is None or number.low is None or other.low <= number.low:
        return number
    if link == "or" and other.low > number.low + 5:
        return number
    low = number.low
    scale = next((SCALES[words[k].low] for k in range(other.head, other.last) if words[k].low in SCALES), 1)
    if low < scale <= other.low and low * scale < other.low and link != "and":
        low *= scale  # "five to six thousand"
    first = number.first - (1 if before in ("between", "from") else 0)
    return Number(first, other.last, low, other.low, "between", number.head)


def _bounded(words: Sequence[Token], number: Number, floor: int) -> Number:
    """The number with the words that bound it, before or after."""
    start = number.first
    while start - 1 >= floor and words[start - 1].low in _BETWEEN and number.first - start < 3:
        start -= 1
    for edge in dict.fromkeys((number.first, start)):
        for phrase, basis in _BEFORE.get(words[edge - 1].low, ()) if edge > floor else ():
            begin = edge - len(phrase)
            if begin >= floor and _is(words, begin, phrase) and not _spatial(words, begin, phrase):
                return _on(replace(number, first=begin), basis)
    for phrase, basis in _AFTER.get(words[number.last].low, ()) if number.last < len(words) else ():
        if _is(words, number.last, phrase) and not (phrase[0] == "at" and _more_follows(words, number.last + 2)):
            return _on(replace(number, last=number.last + len(phrase)), basis)
    return number


def _more_follows(words: Sequence[Token], place: int) -> bool:
    """Whether "at least" belongs to a number after it: "On 3 May 2024 at least 40 people …"."""
    return place < len(words) and words[place].is_word and is_number(words, place)


def _spatial(words: Sequence[Token], begin: int, phrase: tuple[str, ...]) -> bool:
    """Whether "over", "under", "above" … belong to something else: "fell over 12 of them"."""
    return phrase[0] in ("below", "above", "under") and begin > 0 and words[begin - 1].low in ("the", "from")


def _on(number: Number, basis: str) -> Number:
    if number.vague:
        return number
    low, high = number.low, number.high
    if basis in ("at-least", "more-than"):
        return replace(number, low=low, high=None, basis=basis)
    if basis in ("up-to", "fewer-than"):
        return replace(number, low=None, high=high, basis=basis)
    return number if number.basis == "between" else replace(number, basis=basis)
