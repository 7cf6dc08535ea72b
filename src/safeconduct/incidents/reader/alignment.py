"""Wordings of one utterance set side by side, word by word, and what was altered on the way from one to another.

Words are compared without case and typographic marks and shown exactly as they stand, typing errors included.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Levenshtein

from safeconduct.incidents.reader.shingles import Word, split_words
from safeconduct.incidents.reader.stems import FUNCTION_WORDS, TURNING, spoken

Kind = Literal["same", "replaced", "only-first", "only-second"]
Op = tuple[Kind, int, int, int, int]  # words of the first from and to, words of the second from and to

# The exact comparison of two stretches needs room by the product of their lengths; above this they are cut at words
# that stand once in each, or, where there are none, every so many words.
_ROOM = 4_000_000
_CUT = 1_000
_KINDS: dict[str, Kind] = {"equal": "same", "replace": "replaced", "delete": "only-first", "insert": "only-second"}
_OUTER = " \t\n\r\u00a0\"'“”‘’«»„‚.,;:!?()[]–—-…"


@dataclass(frozen=True, slots=True)
class Aligned:
    """A stretch of two wordings: the same words, others in their place, or words that stand in one only."""

    kind: Kind
    first: str  # as it stands, with its marks; empty for "only-second"
    second: str  # the same for the other; empty for "only-first"


@dataclass(frozen=True, slots=True)
class Row:
    """A stretch of several wordings, one piece for each, in the order in which they were given."""

    words: tuple[str, ...]  # as they stand; empty where a wording has nothing here
    kinds: tuple[Kind, ...]  # how each stands to the longest wording, which is the first of the pair

    @property
    def same(self) -> bool:
        """All wordings agree here."""
        return all(kind == "same" for kind in self.kinds)


def align(first: str, second: str) -> tuple[Aligned, ...]:
    """Two wordings word by word; the pieces of each side, put together, are its words in their order."""
    ours, theirs = split_words(first), split_words(second)
    return tuple(
        Aligned(kind, _piece(first, ours, i1, i2), _piece(second, theirs, j1, j2))
        for kind, i1, i2, j1, j2 in _joined(ours, theirs)
    )


def altered(first: str, second: str) -> tuple[str, ...]:
    """Words that carry meaning and stand in one of two wordings only, as they stand, in the order of reading.

    Names, things, deeds, numbers and negations count; articles, pronouns and the like do not, nor does another
    ending of the same word or another place in the sentence.
    """
    ours, theirs = split_words(first), split_words(second)
    places = [place for place in _joined(ours, theirs) if place[0] != "same"]
    left = Counter(form for _, i1, i2, _, _ in places for word in ours[i1:i2] for form in _carried(word))
    right = Counter(form for _, _, _, j1, j2 in places for word in theirs[j1:j2] for form in _carried(word))
    moved, arrived = left & right, left & right
    found: list[str] = []
    for _, i1, i2, j1, j2 in places:
        found += _different(first, ours[i1:i2], moved)
        found += _different(second, theirs[j1:j2], arrived)
    return tuple(found)


def align_all(texts: Sequence[str]) -> tuple[Row, ...]:
    """Several wordings beside each other, cut against the longest one (the first of those that are equally long).

    A row ends where any of them starts or stops to agree with it. The pieces of one column, put together, are the
    words of that wording in their order. One wording gives one row; none, or none with a word, gives none.
    """
    split = [split_words(text) for text in texts]
    if not any(split):
        return ()
    base = max(split, key=len)
    columns = [_column(text, base, words) for text, words in zip(texts, split, strict=True)]
    rows: list[Row] = []
    since = 0
    for place in range(len(base) + 1):
        added = [column.added.get(place) for column in columns]
        changed = place == len(base) or any(column.kinds[place] != column.kinds[since] for column in columns)
        if place > since and (changed or any(added)):
            rows.append(Row(tuple(c.piece(since, place) for c in columns), tuple(c.kinds[since] for c in columns)))
            since = place
        if any(added):
            words = tuple(c.text_of(*span) if span else "" for c, span in zip(columns, added, strict=True))
            rows.append(Row(words, tuple("only-second" if span else "same" for span in added)))
    return tuple(rows)


# -- words against words -------------------------------------------------------------------------------------------


def _joined(ours: Sequence[Word], theirs: Sequence[Word]) -> list[Op]:
    """Operations, neighbours of one kind joined; a compound in one spelling equals it in another ("on-going")."""
    joined: list[Op] = []
    for kind, i1, i2, j1, j2 in _operations([word.key for word in ours], [word.key for word in theirs]):
        if joined and (joined[-1][0] == "same") == (kind == "same"):
            _, i1, _, j1, _ = joined.pop()  # noqa: PLW2901
        joined.append((kind if kind == "same" else _difference(i2 - i1, j2 - j1), i1, i2, j1, j2))
    return _alike_joined([_respelt(op, ours, theirs) for op in joined])


def _difference(ours: int, theirs: int) -> Kind:
    if ours and theirs:
        return "replaced"
    return "only-first" if ours else "only-second"


def _respelt(op: Op, ours: Sequence[Word], theirs: Sequence[Word]) -> Op:
    kind, i1, i2, j1, j2 = op
    if kind == "replaced" and _run_together(ours[i1:i2]) == _run_together(theirs[j1:j2]):
        return "same", i1, i2, j1, j2
    return op


def _run_together(words: Sequence[Word]) -> str:
    return "".join(word.key for word in words).replace("-", "")


def _alike_joined(ops: Sequence[Op]) -> list[Op]:
    joined: list[Op] = []
    for kind, i1, i2, j1, j2 in ops:
        if joined and joined[-1][0] == kind == "same":
            _, first, _, second, _ = joined.pop()
            joined.append((kind, first, i2, second, j2))
        else:
            joined.append((kind, i1, i2, j1, j2))
    return joined


def _operations(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[Op]:
    """Least edits between two lists of words; long lists are cut first, so that time and room stay small."""
    for i1, i2, j1, j2 in _stretches(ours, theirs):
        for op in Levenshtein.opcodes(ours[i1:i2], theirs[j1:j2]):
            yield _KINDS[op.tag], i1 + op.src_start, i1 + op.src_end, j1 + op.dest_start, j1 + op.dest_end


def _stretches(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    if len(ours) * len(theirs) <= _ROOM:
        yield 0, len(ours), 0, len(theirs)
        return
    i1 = j1 = 0
    for i2, j2 in [*_anchors(ours, theirs), (len(ours), len(theirs))]:
        while (i2 - i1) * (j2 - j1) > _ROOM:
            yield i1, min(i1 + _CUT, i2), j1, min(j1 + _CUT, j2)
            i1, j1 = min(i1 + _CUT, i2), min(j1 + _CUT, j2)
        if i2 > i1 or j2 > j1:
            yield i1, i2, j1, j2
            i1, j1 = i2, j2


def _anchors(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int]]:
    """Places of words that stand once in each list, as far as they follow each other in both (patience diff)."""
    counts, other = Counter(ours), Counter(theirs)
    where = {word: place for place, word in enumerate(theirs) if other[word] == 1}
    return _longest_rising([(i, where[word]) for i, word in enumerate(ours) if counts[word] == 1 and word in where])


def _longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Longest part of the pairs in which the second numbers rise as the first do."""
    ends: list[int] = []  # of the best part of each length: the pair that it ends with
    tops: list[int] = []  # and the second number of that pair
    before: list[int] = []
    for index, (_, place) in enumerate(pairs):
        at = bisect_left(tops, place)
        before.append(ends[at - 1] if at else -1)
        ends[at : at + 1] = [index]
        tops[at : at + 1] = [place]
    chain: list[tuple[int, int]] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]


# -- pieces and columns --------------------------------------------------------------------------------------------


def _piece(text: str, words: Sequence[Word], start: int, end: int) -> str:
    return text[0 if start == 0 else words[start].start : words[end - 1].end].strip() if end > start else ""


def _carried(word: Word) -> list[str]:
    """Forms of a word that carry meaning, or turn that of others."""
    return [form for form in spoken([word.key.replace("-", "")]) if form in TURNING or form not in FUNCTION_WORDS]


def _different(text: str, words: Sequence[Word], elsewhere: Counter[str]) -> list[str]:
    """Words of one stretch that carry meaning, without those that the other wording has at another place."""
    found = []
    for word in words:
        missing = [form for form in _carried(word) if not elsewhere[form]]
        elsewhere.subtract(form for form in _carried(word) if elsewhere[form])
        if missing:
            found.append(text[word.start : word.end].strip(_OUTER))
    return found


@dataclass(frozen=True, slots=True)
class _Column:
    """One wording against the longest: for each word of that one its kind and partner, and what is added between."""

    text: str
    words: Sequence[Word]
    kinds: Sequence[Kind]
    partners: Sequence[int]  # -1 where the wording has nothing
    added: Mapping[int, tuple[int, int]]

    def piece(self, start: int, end: int) -> str:
        """What this wording has for words of the longest; partners of one row follow each other."""
        if self.partners[start] < 0:
            return ""
        return self.text_of(self.partners[start], self.partners[end - 1] + 1)

    def text_of(self, start: int, end: int) -> str:
        return _piece(self.text, self.words, start, end)


def _column(text: str, base: Sequence[Word], words: Sequence[Word]) -> _Column:
    kinds: list[Kind] = ["only-first"] * len(base)
    partners = [-1] * len(base)
    added: dict[int, tuple[int, int]] = {}
    for kind, i1, i2, j1, j2 in _operations([word.key for word in base], [word.key for word in words]):
        if kind == "only-second":
            added[i1] = (added.get(i1, (j1, j2))[0], j2)
        elif kind != "only-first":
            kinds[i1:i2] = [kind] * (i2 - i1)
            partners[i1:i2] = range(j1, j2)
    return _Column(text, words, kinds, partners, added)
