"""Noun phrases beside a verb, word by word, and the capitals in them that are a person's name."""

import re
from typing import NamedTuple

from safeconduct.incidents.reader.masked_sentences import ABBREVIATIONS
from safeconduct.incidents.reader.outlet_names import OUTLET_SET, POSSESSIVES, is_capital
from safeconduct.incidents.reader.people_words import (
    ADVERBS,
    BODIES,
    BODY_HEADS,
    BODY_NAMES,
    DAYS,
    DETERMINERS,
    NUMBERS,
    OFFICE,
    PLURAL_HEADS,
    PREPOSITIONS,
    PRONOUNS,
    RANKS,
    ROLES,
    STOP,
)
from safeconduct.incidents.reader.quotes import MASK
from safeconduct.incidents.reader.verbs import JUDGE, PARTICIPLE, QUOTING, SAY, THINK, word_set

TOKEN = re.compile(r"[^\s,;:()\[\]—–\"“”" + MASK + "]+")
PARTICLES = word_set("al el bin ibn von van de da del der di dos du la le abu ben ul ur ap zu ter ten bint")
SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv"))
VERBS = (SAY | THINK | JUDGE | QUOTING | PARTICIPLE) - {
    "calls", "claims", "reports", "states", "notes", "fears", "hopes", "order", "found", "read", "report"
}  # fmt: skip
BREAKS = STOP | VERBS
QUANTITIES = frozenset(("dozens", "hundreds", "scores", "thousands", "number"))
NOUNS = ROLES | PLURAL_HEADS | BODY_HEADS | RANKS | PARTICLES
PURE_ADVERBS = ADVERBS - {"both", "all"}
GIVEN_DAYS = frozenset(("jan", "april", "june", "may", "august", "wed"))  # given names as well
FIXED = re.compile(
    r"(?:Save the Children|Doctors Without Borders|Doctors without Borders|Reporters Without Borders|Voice of America)"
)
MARKS = "'’‘*•·"
CONTRACTED = re.compile(r"(i|you|he|she|it|we|they|that|there|who|what|let)['’](?:ve|m|s|re|ll|d)$")
NO_NAME = BREAKS | DETERMINERS | PRONOUNS | PREPOSITIONS | ADVERBS
TITLED = RANKS | OFFICE | BODY_HEADS | DAYS
NOT_GIVEN = RANKS | OFFICE | BODY_HEADS | BODIES | BREAKS | DETERMINERS
OFFICES = (
    ROLES | PLURAL_HEADS | BODY_HEADS | RANKS | set(NUMBERS) | {"dozens", "some", "many", "several", "number", "group"}
)
OFFICE_HEADS = ROLES | PLURAL_HEADS | RANKS
JOINING = frozenset(("of", "for", "from", "at", "in", "with"))
WHERE = frozenset(("in", "at", "from", "near", "on"))
NEAR, REACH = 72, 140  # characters
LONGEST = 14  # words of a phrase
PLACED = word_set("statement interview briefing conference tweet post report message speech address letter call")


class Word(NamedTuple):
    """A word of a phrase; `key` is it in lower case without possessive and dots. A tuple, as thousands are made."""

    start: int
    end: int
    text: str
    key: str


def words(text: str, start: int, end: int) -> list[Word]:
    """Words between two positions, punctuation left out."""
    found = []
    for match in TOKEN.finditer(text, start, end):
        word = match[0]
        if word.isalpha():
            found.append(Word(match.start(), match.end(), word, word.lower()))
        elif (odd := _odd_word(word, match.end())) is not None:
            found.append(odd)
    return found


def _odd_word(word: str, end: int) -> Word | None:
    """A word with marks, dots or digits: what of them belongs to it."""
    word = word.lstrip(MARKS)
    at = end - len(word)
    if word[-1:] in MARKS and word[-2:-1] not in "sS":
        word = word.rstrip(MARKS)
    key = word.rstrip(".").lower()
    if not key.isalnum():
        if key[-2:] in POSSESSIVES:
            key = key[:-2]
        elif key[-1:] in MARKS:
            key = key[:-1]
        elif contracted := CONTRACTED.match(key):
            key = contracted[1]
    if word[-1:] == "." and not (key in ABBREVIATIONS or key in SUFFIXES or "." in key or len(key) == 1):
        word = word.rstrip(".")
    return Word(at, at + len(word), word, key) if word else None


def name_start(parts: list[Word]) -> int:  # noqa: C901  (one word after the other)
    """Position in `parts` of the first word of the person's name that ends them; their length when there is none."""
    at = len(parts)
    while at and parts[at - 1].key in SUFFIXES and at > 1:
        at -= 1
    bottom = at
    while at:
        word = parts[at - 1]
        taken = len(parts) - at
        if is_capital(word.text):
            if word.key in NO_NAME and word.key not in {"mark", "will"}:
                break
            if at < len(parts) and word.text.endswith(("'s", "’s", "s'", "s’")):
                break
            if word.key in TITLED and not (word.key in GIVEN_DAYS and taken):
                odd = at == bottom and at > 1 and word.key in RANKS and len(word.key) > 3 and _given(parts[at - 2])
                if not odd:
                    break
            if word.key in BODIES and (taken != 1 or word.text.isupper()):
                break
            if taken and len(word.text) > 2 and word.text.isupper() and not parts[bottom - 1].text.isupper():
                break  # "the Tarn RMA Ann Roe"
        elif not (word.key in PARTICLES and at < bottom):
            break
        at -= 1
    while at < bottom and parts[at].key in PARTICLES and parts[at].text.islower():
        at += 1
    return at if at < bottom else len(parts)


def is_body_name(parts: list[Word], at: int) -> bool:
    """Whether the capitals from `at` on, with the word before them or without, are the name of a body."""
    lower = " ".join(word.key for word in parts[at:])
    longer = " ".join(word.key for word in parts[max(0, at - 1) :])
    return lower in BODY_NAMES or longer in BODY_NAMES or lower in OUTLET_SET


def after_place(parts: list[Word], at: int) -> int:
    """Where the name begins in "mayor of Eastport Ann Roe": a place stands between office and name."""
    long = len(parts) - at >= 3 and parts[-1].key not in SUFFIXES
    if (
        long
        and at > 1
        and parts[at - 1].key in {"of", "for"}
        and (parts[at - 2].key in RANKS or parts[at - 2].key in ROLES)
    ):
        return at + 1
    if at > 1 and len(parts) - at >= 4 and parts[at - 1].key in {"of", "for"}:
        return len(parts) - 2  # "minister of Lost Eastern Lands Ann Roe"
    return at


def _given(word: Word) -> bool:
    return is_capital(word.text) and word.key not in NOT_GIVEN


def phrase_before(text: str, low: int, end: int) -> list[Word]:
    """The noun phrase that ends at `end`, adverbs and day words left out; empty when none ends there."""
    near = _phrase_before(text, max(low, end - NEAR), end)
    if not near or end - low <= NEAR or near[0].start > end - NEAR + 24:
        return near
    return _phrase_before(text, max(low, end - REACH), end)


def _phrase_before(text: str, low: int, end: int) -> list[Word]:
    parts = words(text, low, end)
    while parts and (
        parts[-1].key in ADVERBS
        or parts[-1].key in DAYS
        or (
            parts[-1].key[-2:] == "ly"
            and parts[-1].text.islower()
            and parts[-1].key not in {"family", "ally", "assembly"}
        )
    ):
        parts.pop()
        if parts and parts[-1].key in {"on", "late", "early", "since", "last", "earlier"}:
            parts.pop()
    at = _core(parts, len(parts))
    if parts and (
        fixed := next(
            (m for m in FIXED.finditer(text, parts[0].start, parts[-1].end) if m.end() == parts[-1].end), None
        )
    ):
        at = next(number for number, word in enumerate(parts) if word.start >= fixed.start())
    if at == len(parts):
        return []
    if parts[-1].key in PRONOUNS:
        return parts[-1:]
    while at > 1 and parts[at - 1].key in PREPOSITIONS and len(parts) - at < LONGEST:
        head, core = parts[at - 2], _core(parts, at - 1)
        somebody = parts[at - 1].key in WHERE and parts[core].key in {"a", "an", "one", "another"}  # "a cook in Tarn"
        plain = somebody and core < at - 1 and not any(word.key.endswith("ing") for word in parts[core : at - 1])
        if head.key not in OFFICES and not plain:
            break
        at = core
    return parts[at:]


def _core(parts: list[Word], end: int) -> int:  # noqa: C901  (one word after the other)
    """Where the words begin that may belong to one noun, from `end` to the left."""
    at = end
    while at and end - at < LONGEST:
        word = parts[at - 1]
        if word.key == "and" and not (at < end and at > 1 and _one_noun(parts[at - 2], parts[at], parts[end - 1])):
            break
        if word.key in BREAKS and not (is_capital(word.text) and word.key in {"will", "mark", "may"} and at > 1):
            break
        if word.key in PREPOSITIONS or (word.key in PRONOUNS and at < end):
            break
        if word.key in DAYS and at < end and word.text[-2:] not in {"'s", "’s"} and word.key not in GIVEN_DAYS:
            break
        if word.key in PRONOUNS:
            return at - 1
        if word.key in ADVERBS and word.key not in {"all", "both"} and word.key not in NUMBERS:
            break
        at -= 1
        if word.key in QUANTITIES:
            break
        if word.key in DETERMINERS and word.key not in {"several", "some", "many", "all", "both"}:
            if (
                at
                and parts[at - 1].key in {"all", "both", "of"}
                and parts[at - 2 : at - 1]
                and parts[at - 2].key in {"all", "both", *NUMBERS, "some", "many"}
            ):
                at -= 2 if parts[at - 1].key == "of" else 1
            break
    return at


def _noun_follows(following: list[Word]) -> bool:
    """Whether small words after a name go on with it: "Eastport police", "Eastport fire officials"."""
    return any(word.key in NOUNS for word in following) and not any(word.key in NO_NAME for word in following[:1])


def _one_noun(left: Word, right: Word, head: Word) -> bool:
    """Whether "and" joins two words of one phrase: "doctors and nurses", "Ministry of Health and Population"."""
    if left.text.islower() and right.text.islower():
        return head.key in PLURAL_HEADS or right.key in PLURAL_HEADS
    return (
        is_capital(left.text)
        and is_capital(right.text)
        and (head.key in BODY_HEADS or right.key in BODY_HEADS)
        and not _given(left)
    )


BOUND = re.compile(r"[,;:()\[\]\"“”" + MASK + r"]|\s[—–-]\s|[—–]")


def phrase_after(text: str, start: int, high: int) -> list[Word]:
    """The noun phrase that begins at `start`; empty when none does."""
    bound = BOUND.search(text, start, min(high, start + REACH))
    parts = words(text, start, bound.start() if bound else min(high, start + REACH))
    end = _core_after(parts, 0)
    if parts and (fixed := FIXED.match(text, parts[0].start)):
        end = sum(word.start < fixed.end() for word in parts)
    if end == 0:
        return []
    if parts[0].key in PRONOUNS:
        return parts[:1]
    while end < len(parts) - 1 and parts[end].key in JOINING and end < LONGEST:
        if parts[end].key != "of" and parts[end - 1].key not in OFFICE_HEADS:
            break
        more = _core_after(parts, end + 1)
        if more == end + 1 or parts[more - 1].key in PLACED:
            break
        end = more
    return parts[:end]


def _object_follows(parts: list[Word], at: int) -> bool:
    """Whether a word is a verb by what stands behind it: "judged the raid"."""
    return at + 1 < len(parts) and parts[at + 1].key in DETERMINERS and parts[at - 1].key not in DETERMINERS


def _core_after(parts: list[Word], start: int) -> int:
    at = start
    while at < len(parts) and at - start < LONGEST:
        word = parts[at]
        capital = is_capital(word.text) and at > start
        if word.key == "and" and not (
            start < at < len(parts) - 1 and _one_noun(parts[at - 1], parts[at + 1], parts[min(at + 2, len(parts) - 1)])
        ):
            break
        if word.key in BREAKS and not (capital and word.key in {"will", "mark"}):
            break
        if at > start and word.text.islower() and _given(parts[at - 1]) and not _noun_follows(parts[at : at + 2]):
            break
        if at > start and word.key[-2:] == "ed" and word.text.islower() and _object_follows(parts, at):
            break
        named = word.key in GIVEN_DAYS and not word.text.endswith(".") and at + 1 < len(parts) and _given(parts[at + 1])
        if word.key in PREPOSITIONS or (word.key in DAYS and not named):
            break
        if word.key in PRONOUNS or (word.key in DETERMINERS and at > start) or word.key in PURE_ADVERBS:
            return at + 1 if word.key in PRONOUNS and at == start else at
        at += 1
    return at
