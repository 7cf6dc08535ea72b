"""Quotations that word one utterance: compared as a whole, by their sentences, and as fragments within one document.

One quotation may hold more than another, so it may stand in several groups: a group is of one utterance.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise

from safeconduct.incidents.reader.model import Suggestion
from safeconduct.incidents.reader.shingles import keys
from safeconduct.incidents.reader.stems import FUNCTION_WORDS
from safeconduct.incidents.reader.variants import find_variants, surname

LEAST_WORDS = 5  # of a sentence that is compared by itself
LONGEST_ECHO = 24  # words of a quotation that may echo another as a whole
LONG_WORD = 9  # letters of a word that by itself may stand for a short quotation
RARE = 5  # quotations that share two words beyond which they tell nothing
FRAGMENT = 6  # words up to which a quotation is a fragment
MOST = 60  # quotations that are looked at for one fragment
BESIDE_ONE = 3  # words up to which a quotation of one telling word is matched
_SENTENCE = re.compile(r"(?<=[.!?…])[\"”’')]*\s+")


def group_utterances(suggestions: Sequence[Suggestion]) -> tuple[tuple[str, ...], ...]:
    """Groups of ids of quotations that word one utterance, in the order of the documents."""
    quoted = [one for one in suggestions if one.kind == "quotation"]
    whole = [(place, one.quote) for place, one in enumerate(quoted)]
    parts = [(place, text) for place, one in whole for text in _sentences(one)]
    groups = {*_fragments(quoted), *_echoes(quoted)}
    for units in (whole, parts):
        rows = [(quoted[k].file, quoted[k].start, quoted[k].end, text, quoted[k].claimant) for k, text in units]
        groups |= {tuple(sorted({units[unit][0] for unit in group})) for group in find_variants(rows)}
    return tuple(tuple(quoted[place].id for place in group) for group in _largest(groups))


def _largest(groups: Iterable[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """The groups of two and more that lie in no other group, in order."""
    by_member: dict[int, list[frozenset[int]]] = {}
    kept: list[tuple[int, ...]] = []
    for group in sorted({group for group in groups if len(group) > 1}, key=lambda group: (-len(group), group)):
        whole = frozenset(group)
        if not any(whole <= other for other in by_member.get(group[0], ())):
            kept.append(group)
            for member in group:
                by_member.setdefault(member, []).append(whole)
    return sorted(kept)


def stands_in(fragment: str, whole: str) -> bool:
    """Whether the words of one quotation are those of another, or a telling part of a short one."""
    few = len(whole.split()) <= FRAGMENT
    return fragment == whole or (few and _holds(whole.split(), fragment.split()))


def _sentences(quote: str) -> list[str]:
    """A quotation's sentences; short ones stay with what follows them."""
    found: list[str] = []
    held = ""
    for piece in _SENTENCE.split(quote):
        held = f"{held} {piece}".strip()
        if len(held.split()) >= LEAST_WORDS:
            found.append(held)
            held = ""
    return [*found, held] if held and (not found or len(held.split()) > 1) else found


def _fragments(quoted: Sequence[Suggestion]) -> Iterator[tuple[int, ...]]:
    """Pairs of which one quotes a few words of the other: "possible", "It is possible".

    Across documents both must have a speaker, no two names or incidents may clash, and two telling words are shared.
    """
    words = [list(keys(one.quote)) for one in quoted]
    holders: dict[str, list[int]] = {}
    for place, row in enumerate(words):
        for word in set(row) - FUNCTION_WORDS:
            holders.setdefault(word, []).append(place)
    for less, row in enumerate(words):
        telling = [word for word in row if word not in FUNCTION_WORDS]
        if not telling or len(row) > FRAGMENT:
            continue
        rarest = min(telling, key=lambda word: len(holders[word]))
        for more in holders[rarest][:MOST]:
            longer = (len(words[more]), more) > (len(row), less)
            if longer and _near(quoted[less], quoted[more], len(telling)) and _holds(words[more], row):
                yield (less, more) if less < more else (more, less)


def _echoes(quoted: Sequence[Suggestion]) -> Iterator[tuple[int, ...]]:
    """Pairs by one person that share two rare words side by side: one utterance in two translations, or from memory."""
    holders: dict[tuple[str, str], list[int]] = {}
    for place, one in enumerate(quoted):
        telling = [word for word in keys(one.quote) if word not in FUNCTION_WORDS]
        if surname(one.claimant) and LEAST_WORDS <= len(one.quote.split()) <= LONGEST_ECHO:
            for pair in dict.fromkeys(pairwise(telling)):
                holders.setdefault(pair, []).append(place)
    for places in holders.values():
        if len(places) > RARE:
            continue
        for first, second in combinations(places, 2):
            one, other = quoted[first], quoted[second]
            if not _apart(one, other) and surname(one.claimant) == surname(other.claimant):
                yield first, second


def _apart(one: Suggestion, other: Suggestion) -> bool:
    """Whether two quotations are of two incidents."""
    return bool(one.incident and other.incident and one.incident != other.incident)


def _near(one: Suggestion, other: Suggestion, telling: int) -> bool:
    first, second = surname(one.claimant), surname(other.claimant)
    if first and second and first != second:
        return False
    if one.file == other.file:
        return True
    named = bool(one.claimant and other.claimant)
    short = max(len(one.quote.split()), len(other.quote.split())) <= FRAGMENT
    return (telling > 1 or (short and bool(one.incident) and one.incident == other.incident)) and (
        (bool(first) and first == second) or (named and not _apart(one, other))
    )


def _holds(words: Sequence[str], fragment: Sequence[str]) -> bool:
    """Whether a fragment, without the little words at its start, stands in the words of another."""
    core = list(fragment)
    while core and core[0] in FUNCTION_WORDS:
        core = core[1:]
    telling = [word for word in core if word not in FUNCTION_WORDS]
    if len(telling) == 1 and len(telling[0]) >= LONG_WORD and len(words) <= FRAGMENT:
        return telling[0] in words
    if not telling or (len(telling) == 1 and len(words) > BESIDE_ONE and list(words) != list(fragment)):
        core = list(fragment)
        if len(fragment) < BESIDE_ONE + 1:
            return False
    return any(list(words[k : k + len(core)]) == core for k in range(len(words) - len(core) + 1))
