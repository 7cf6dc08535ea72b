"""Numbers without a noun: "12 were killed", "including 130 on Monday", "the toll now stands at four".

A bare number counts people only where the words beside it say so, and then those of the figure before it.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from safeconduct.incidents.reader.lexicon import by_word, word_set
from safeconduct.incidents.reader.model import Count
from safeconduct.incidents.reader.outcomes import Phrase
from safeconduct.incidents.reader.populations import population_after
from safeconduct.incidents.reader.tokens import Token

_BESIDE, _TIMES, _COUNTING, _ACTING = (word_set(name) for name in ("beside", "times", "counting", "acting"))
_VERBS = frozenset(by_word("object"))
_MANY = frozenset(("dozens", "hundreds", "thousands"))
_HARMED = {"toll": "killed", "dead": "killed", "deaths": "killed", "killed": "killed", "injured": "injured",
           "wounded": "injured", "missing": "missing"}  # fmt: skip
_NOBODY = ("", "happened", "destroyed", "fired", "trained")


def read_bare(
    words: Sequence[Token], phrases: Sequence[Phrase], which: int, row: Count, before: Count | None
) -> Count | None:
    """The figure of a bare number, None when it counts nobody.

    Args:
        words: tokens of the sentence.
        phrases: all figures of the sentence.
        which: position of the bare number among them.
        row: what is known of it.
        before: the figure of people nearest before it in the text, None when there is none near.
    """
    counted = _counted(words, phrases[which])
    if counted is None and not _stands(words, phrases, which, row, before):
        return None
    outcome = counted or (row.outcome if row.outcome not in _NOBODY else "") or (before.outcome if before else "")
    same = before is not None and before.unit == "people" and (before.outcome == outcome or not row.outcome)
    name = before.population if before is not None and same else "people"
    return replace(row, population=_predicate(words, phrases[which]) or name, outcome=outcome, unit="people")


def _predicate(words: Sequence[Token], phrase: Phrase) -> str:
    """Who they were, when the sentence says it: "Five were schoolchildren"."""
    if phrase.last < len(words) and words[phrase.last].low in ("were", "are"):
        found = population_after(words, phrase.last + 1)
        if (
            found is not None
            and found.first == phrase.last + 1
            and found.unit == "people"
            and found.last == found.first + 1
        ):
            return found.name
    return ""


def _counted(words: Sequence[Token], phrase: Phrase) -> str | None:
    """Whether a counting noun governs the number, and the outcome that it names: "the toll stands at four"."""
    if not phrase.first or words[phrase.first - 1].low not in (
        "at",
        "of",
        "to",
        "was",
        "is",
        "as",
        "reached",
        "hit",
        "by",
        ":",
    ):
        return None
    near = [token.low for token in words[max(0, phrase.first - 9) : phrase.first]]
    if not any(low in _COUNTING for low in near):
        return None
    return next((outcome for low, outcome in _HARMED.items() if low in near), "")


def _stands(words: Sequence[Token], phrases: Sequence[Phrase], which: int, row: Count, before: Count | None) -> bool:
    """Whether a bare number stands where people are counted."""
    phrase = phrases[which]
    previous = words[phrase.first - 1].low if phrase.first else ""
    following = [token.low for token in words[phrase.last : phrase.last + 3]]
    after = following[0] if following else ""
    if which and (part_of_last(words, phrases, which) or _again(words, phrases, which)):
        return True
    if row.outcome not in _NOBODY:
        if previous in _VERBS or after in _VERBS or previous == "with" or (previous, after) == ("the", "that"):
            return True
        if any(low in _BESIDE for low in (previous, *following[:2])):
            return True
    if before is None and row.basis not in _MANY:
        return False
    small = row.max is not None and row.max < 4 and row.min == row.max
    return (
        (after in _ACTING and not small)
        or after in ("more", "others")
        or following[:2] in (["in", "all"], ["in", "total"])
    )


def _again(words: Sequence[Token], phrases: Sequence[Phrase], which: int) -> bool:
    """Whether a bare number counts the same over another time: "18,000 guests since July and 13,000 since May"."""
    last, first = phrases[which].last, phrases[which].first
    following = words[last].low if last < len(words) else ""
    return words[first - 1].low in ("and", "to", ",", ";", "from") and following in _TIMES


def part_of_last(words: Sequence[Token], phrases: Sequence[Phrase], which: int) -> bool:
    """Whether a figure is a part of the one before it: "900 people, including 130 on Monday"."""
    between = [token.low for token in words[phrases[which - 1].last : phrases[which].first]]
    inside = [token.low for token in words[phrases[which].first : phrases[which].last + 2]]
    if "including" in between or "among" in between or ("of" in between and "them" in between):
        return True
    of_them = any(pair in (("of", "them"), ("of", "whom")) for pair in pairwise(inside))
    return between[:2] == [",", "of"] or (of_them and len(between) < 3)


def listed(words: Sequence[Token], phrases: Sequence[Phrase], which: int) -> bool:
    """Whether a semicolon sets a figure beside the one before it: "70 people since May; 90 people since April"."""
    return words[phrases[which].first - 1].text == ";" if phrases[which].first else False
