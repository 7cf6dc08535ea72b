"""Wordings of one utterance: reported word for word, shortened, translated, or altered on the way.

Two wordings are taken for one utterance when most of what the shorter one means stands in the longer one too, within
a stretch of about its own length and mostly in its order. It suggests; a person decides.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from math import log

from rapidfuzz.distance import LCSseq

from safeconduct.incidents.reader.shingles import keys
from safeconduct.incidents.reader.stems import FUNCTION_WORDS, common_stems, digits, kindred, listed, numbers, spoken

Utterance = tuple[str, int, int, str, str]  # file, start, end, text, speaker (empty when nobody is named)

_RAREST = 6  # words of a wording by which others are looked for
_LOOKED_AT = 40  # wordings looked at for each of them
_LONGEST = 2_000  # words of a wording that are compared
_WINDOW = 1.7  # length of the stretch of the longer wording, in lengths of the shorter one
_ROOM = 6  # words more than that
_FRAGMENT = 4  # words with a meaning below which a wording is a fragment
_FRAGMENT_FORM = 0.75  # of the words of a fragment, in order
_REACH = 12  # a fragment is looked for in an utterance of so many times its length
_LITTLE = 0.3  # what a common word counts
# What is asked for, tuned on the pairs of `tests/unit/incidents/reader/wording_pairs.py`.
_SAME_SPEAKER, _ANY_SPEAKER = 0.57, 0.66  # of the weight of the shorter wording
_LEAST_SHARED, _LEAST_ANY = 2.9, 3.2  # weight that two wordings share: three rare words; more from any speaker
_BOTH_WAYS = 0.6  # of the weight of both, unless the shorter one is contained
_CONTAINED = 0.85  # of its weight
_ORDERED, _SAME_WORDS = 0.7, 0.8  # below the one part in order, the other part of both must be shared
_REPLACED, _REPLACED_PART = 1.8, 0.2  # weight, and part of the whole, that stands in the place of other words
# So many times longer: more of the weight is asked for, and of all the words this part in their order.
_PART, _PART_SHARED, _PART_FORM = 2.5, 0.75, 0.5
_LITERAL, _LITERAL_WORDS, _LITERAL_WEIGHT = 0.85, 6, 1.5  # a wording that stands in the other as it is
_ALL_PAIRS = 64  # of two groups that are compared before they are joined


@dataclass(frozen=True, slots=True)
class _Wording:
    words: list[str]  # stems, all of them
    meanings: list[str]  # stems of the words that carry meaning
    counts: Counter[str]
    numbers: frozenset[str]
    surname: str  # of the speaker, in lower case; empty when unknown
    body: str  # or the body or office that speaks


def find_variants(quotations: Sequence[Utterance]) -> tuple[tuple[int, ...], ...]:
    """Groups of wordings of one utterance, as positions in what was given; a position stands in one group at most.

    Wordings of speakers with different surnames are never in one group; where a name is missing or is an office's,
    more of the words must agree. A phrase of less than four words that carry meaning is matched only with the same
    speaker, and nearly word for word.
    """
    wordings = [_read(text, speaker) for _, _, _, text, speaker in quotations]
    weights = _weigh(wordings)
    pairs = [(_agreement(wordings[one], wordings[two], weights), one, two) for one, two in _candidates(wordings)]
    groups = {number: [number] for number in range(len(wordings))}
    of = list(range(len(wordings)))
    for _, one, two in sorted((-agreement, one, two) for agreement, one, two in pairs if agreement):
        first, second = sorted((of[one], of[two]))
        if first != second and _one_utterance(wordings, groups[first], groups[second], weights):
            groups[first] += groups.pop(second)
            for number in groups[first]:
                of[number] = first
    return tuple(tuple(sorted(group)) for group in groups.values() if len(group) > 1)


def same_utterance(first: str, second: str, *, first_speaker: str = "", second_speaker: str = "") -> bool:
    """Two wordings, taken alone, are one utterance."""
    wordings = [_read(first, first_speaker), _read(second, second_speaker)]
    return _agreement(wordings[0], wordings[1], _weigh(wordings)) > 0


def _one_utterance(
    wordings: Sequence[_Wording], one: Sequence[int], other: Sequence[int], weights: Mapping[str, float]
) -> bool:
    """Two groups are one: no speakers clash, and their fullest wordings agree or half of all pairs of them do."""
    if len({wordings[number].surname for number in (*one, *other)} - {""}) > 1:
        return False
    first, second = (max((wordings[n] for n in group), key=lambda w: len(w.words)) for group in (one, other))
    if _agreement(first, second, weights) > 0:
        return True
    count = len(one) * len(other)
    if count > _ALL_PAIRS:
        return False
    return 2 * sum(_agreement(wordings[a], wordings[b], weights) > 0 for a in one for b in other) >= count


# -- speakers ------------------------------------------------------------------------------------------------------

# Bodies and offices speak through changing people: their names neither join nor part two wordings.
_NO_SURNAME = frozenset(
    listed("""
    administration agency ambassador army authorities bank board bureau cabinet chairman chief chairwoman
    citizen coalition command commander commission committee company council court defence defense department
    director embassy emirate envoy force forces foundation general government governor group headquarters house
    institute king mayor media military minister ministry mission movement nation nations nato navy network
    office officer official officials organisation organization palace parliament party pentagon police
    president premier pope prince queen secretary senate senator spokesman spokesperson spokeswoman staff state
    survivor taliban team times un union us witness witnesses woman man who
    """)
)
_AFTER_NAME = frozenset(["jr", "sr", "ii", "iii", "iv", "phd", "md", "mp", "ret"])
_NAME = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def surname(speaker: str) -> str:
    """Surname in lower case of a speaker as written; empty for bodies, offices, "he", "officials" and nobody."""
    names = [name for name in _NAME.findall(speaker.partition(",")[0]) if name.lower() not in _AFTER_NAME]
    if not names or names[-1].lower() in _NO_SURNAME or not names[-1][0].isupper() or len(names[-1]) < 2:
        return ""
    last = names[-1].lower()
    return "" if last in FUNCTION_WORDS or any(name.lower() in _BODIES for name in names) else last


_BODIES = frozenset(["ministry", "department", "council", "command", "office", "government", "commission", "agency"])


def _body(speaker: str) -> str:
    """Name of a body or an office, which is as good as a surname where both wordings give it alike."""
    plain = speaker.removeprefix("The ").removeprefix("the ")
    return (
        plain.lower()
        if not surname(speaker) and plain[:1].isupper() and len(plain) > 1 and plain not in _NOBODY
        else ""
    )


_NOBODY = frozenset(["He", "She", "They", "It", "Officials", "Witnesses", "Authorities", "Reporter"])


# -- words ---------------------------------------------------------------------------------------------------------


def _read(text: str, speaker: str) -> _Wording:
    written = keys(text)[:_LONGEST]
    words = [kindred(word) for word in spoken(map(digits, written))]
    meanings = [word for word in words if word not in FUNCTION_WORDS]
    return _Wording(words, meanings, Counter(meanings), numbers(written), surname(speaker), _body(speaker))


def _weigh(wordings: Sequence[_Wording]) -> Mapping[str, float]:
    """What a word counts, up to 1: more the fewer wordings hold it, little when it belongs to talk about anything."""
    held = Counter(word for meanings in {tuple(w.meanings): w.counts for w in wordings}.values() for word in meanings)
    scale = log(len(wordings) + 8)  # so that a handful of wordings is not taken for a sample of the language
    common = common_stems()
    return {
        word: (_LITTLE if word in common else 1.0)
        * min(max(1 - log(count + 0.5) / scale, 0.05) / (1 - _FEW / scale), 1)
        for word, count in held.items()
    }


_FEW = log(5.5)  # wordings that may hold a word before it counts less


def _candidates(wordings: Sequence[_Wording]) -> list[tuple[int, int]]:
    """Pairs that share one of their rarest words; for each word the first of those that hold it are looked at."""
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for number, wording in enumerate(wordings):
        for word in wording.counts:
            holders[word].append(number)
    pairs = set()
    for number, wording in enumerate(wordings):
        for word in nsmallest(_RAREST, wording.counts, key=lambda word: (len(holders[word]), word)):
            pairs |= {(min(number, o), max(number, o)) for o in holders[word][:_LOOKED_AT] if o != number}
    return sorted(pairs)


# -- agreement -----------------------------------------------------------------------------------------------------


def _agreement(one: _Wording, other: _Wording, weights: Mapping[str, float]) -> float:
    """How far two wordings agree: the part of the shorter one's weight that the longer one has, 0 when too little."""
    if _apart(one, other):
        return 0
    shorter, longer = one, other
    if (len(one.meanings), len(one.words)) > (len(other.meanings), len(other.words)):
        shorter, longer = other, one
    if 2 * sum(map(longer.counts.__contains__, shorter.meanings)) < len(shorter.meanings):
        return 0  # most pairs end here
    same_speaker = bool(one.surname or one.body) and (one.surname, one.body) == (other.surname, other.body)
    whole = _weight(shorter.counts, weights)
    fragment = len(shorter.meanings) < _FRAGMENT or whole < _LEAST_SHARED
    if fragment and (same_speaker or len(shorter.words) < _LITERAL_WORDS):
        return _fragment(shorter, longer) if same_speaker else 0
    form = _in_order(shorter.words, longer.words)
    if form >= _LITERAL and len(shorter.words) >= _LITERAL_WORDS and whole >= _LITERAL_WEIGHT:
        return form
    part = len(longer.meanings) > _PART * len(shorter.meanings)
    if part and form < _PART_FORM:
        return 0
    asked = (
        _SAME_SPEAKER if same_speaker else _ANY_SPEAKER,
        _LEAST_SHARED if same_speaker or form >= _FRAGMENT_FORM else _LEAST_ANY,
    )
    return _meant(shorter, longer, asked, weights, part=part)


def _apart(one: _Wording, other: _Wording) -> bool:
    """Two wordings that are never one: other surnames, other numbers, or no word that carries meaning."""
    if one.surname and other.surname and one.surname != other.surname:
        return True
    if one.numbers and other.numbers and not one.numbers & other.numbers:
        return True
    return not one.meanings or not other.meanings


def _meant(
    shorter: _Wording, longer: _Wording, asked: tuple[float, float], weights: Mapping[str, float], *, part: bool
) -> float:
    """Part of the weight of the shorter wording that a stretch of the longer has, half of it counted in order.

    1. They share enough: of the shorter one, and of both unless the shorter is contained or a part.
    2. Where the order differs much, the words must differ little.
    3. No two rare words stand in the place of two others, as in two answers that begin alike.
    """
    whole = _weight(shorter.counts, weights)
    stretch = _stretch(shorter.meanings, longer.meanings)
    shared = _weight(shorter.counts & Counter(stretch), weights)
    both = 2 * shared / (whole + _weight(longer.counts, weights))
    contained = shared >= (_PART_SHARED if part else _CONTAINED) * whole
    least, least_shared = asked
    if shared < max(least_shared, least * whole) or not (contained or (both >= _BOTH_WAYS and not part)):
        return 0
    ordered, replaced = _aligned(shorter.meanings, stretch, weights)
    if (ordered < _ORDERED * whole and both < _SAME_WORDS) or replaced >= max(_REPLACED, _REPLACED_PART * whole):
        return 0
    score = (ordered + shared) / 2 / whole
    return score if score >= least else 0


def _aligned(words: Sequence[str], stretch: Sequence[str], weights: Mapping[str, float]) -> tuple[float, float]:
    """Weight of the words in common order; and the most that is replaced between two of them, moved words aside."""
    ordered = replaced = lost = come = 0.0
    ours, theirs = set(words), set(stretch)
    for op in LCSseq.opcodes(words, stretch):
        if op.tag == "equal":
            ordered += sum(weights[word] for word in words[op.src_start : op.src_end])
            lost = come = 0.0
        lost += sum(weights[word] for word in words[op.src_start : op.src_end] if word not in theirs)
        come += sum(weights[word] for word in stretch[op.dest_start : op.dest_end] if word not in ours)
        replaced = max(replaced, min(lost, come))
    return ordered, replaced


def _weight(counts: Counter[str], weights: Mapping[str, float]) -> float:
    return sum(weights[word] * count for word, count in counts.items())


def _fragment(shorter: _Wording, longer: _Wording) -> float:
    """A phrase with less than four meanings: all of them, and nearly all of its words in order, in a short stretch."""
    if shorter.counts - longer.counts or len(longer.words) > _REACH * len(shorter.words):
        return 0
    if shorter.counts.keys() <= common_stems():
        return 0
    ordered = LCSseq.similarity(shorter.words, longer.words) / len(shorter.words)
    telling = len(shorter.meanings) == _FRAGMENT - 1 and len(longer.meanings) <= _FRAGMENT
    return ordered if ordered >= (_PART_FORM if telling else _FRAGMENT_FORM) else 0


def _in_order(words: Sequence[str], text: Sequence[str]) -> float:
    """Part of the words that stand in one stretch of a text in their order."""
    return LCSseq.similarity(words, _stretch(words, text)) / len(words)


def _stretch(words: Sequence[str], text: Sequence[str]) -> Sequence[str]:
    """The stretch of a text, a little longer than the words, that holds most of them; the earliest of several."""
    width = int(_WINDOW * len(words)) + _ROOM
    if len(text) <= width:
        return text
    wanted = set(words)
    hits = [word in wanted for word in text]
    held = best = sum(hits[:width])
    at = 0
    for start in range(1, len(text) - width + 1):
        held += hits[start + width - 1] - hits[start - 1]
        if held > best:
            best, at = held, start
    return text[at : at + width]
