"""One text that stands several times: captions set twice, quotations in two reports, agency copy, whole reprints.

A copy is no second witness. Passages are found by the runs of five words that they share: an exact index, no sample.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from safeconduct.incidents.reader.model import Block, Document
from safeconduct.incidents.reader.passages import LEAST_WORDS, SHARED, Place, chains, passages
from safeconduct.incidents.reader.shingles import SHINGLE, Runs, keys, read_runs, shared_places
from safeconduct.incidents.reader.stems import FUNCTION_WORDS

Span = tuple[str, int, int]  # file, start and end in `plain`
Copies = tuple[tuple[Span, ...], ...]

LEAST_LINE = 5  # words of a title, heading or caption that stands twice word for word
LEAST_TELLING = 4  # words of a passage that are no articles, pronouns and the like
EVERYWHERE = 20  # documents; what stands in more of them is a notice or a phrase of the trade
SHORTENED = 1 / 3  # of the longer document that a shortened reprint still has
SAME_ORIGIN = 0.5  # of the text of the shorter of two documents that makes them one text by origin

_LINES = ("title", "heading", "caption")
_FEWEST_PAIRS = LEAST_WORDS // 2  # shared runs below which two texts have no passage in common
_SAME_PLACE = 0.8  # of the words of both: two places of a text that are one, found twice with other edges


@dataclass(frozen=True, slots=True)
class _Text:
    document: Document
    runs: Runs
    units: list[Place]  # sentences, or blocks without them, as numbers of words
    lines: list[tuple[str, Place]]  # normal forms of short lines of their own

    def span(self, place: Place) -> Span:
        return self.document.file, self.runs.starts[place[0]], self.runs.ends[place[1] - 1]

    def tells(self, place: Place) -> bool:
        """It has some words that carry meaning; "so that is how it will be" has none."""
        _, start, end = self.span(place)
        told = (word for word in keys(self.document.plain[start:end]) if word not in FUNCTION_WORDS)
        return next(islice(told, LEAST_TELLING - 1, None), None) is not None


Node = tuple[int, int, int]  # number of the text, first word, after the last word


def find_copies(documents: Sequence[Document]) -> Copies:
    """Groups of passages that are one text, each as (file, start, end) in `plain`, in the order of the documents.

    1. Documents of which four fifths of the shorter stand in the longer are one group, as a whole.
    2. Passages: whole sentences and runs of them of which four fifths of the words stand in shared runs of five
       words, and twelve words in a row anywhere. They hold at least eight words.
    3. Titles, headings and captions of at least five words that are alike word for word.
    4. What stands in more than twenty documents (reprints of one text count once) is left out; so are asides.
    """
    texts = [_read(document) for document in documents]
    families: _Groups[int] = _Groups()
    places: _Groups[Node] = _Groups()
    for number, found in shared_places([text.runs for text in texts]):
        for other, pairs in found.items():
            if len(pairs) >= _FEWEST_PAIRS:
                _compare(texts, number, other, pairs, families, places)
    for group in _equal_lines(texts):
        places.join(group)
    _join_overlapping(places)
    groups = [sorted({(member, 0, 0) for member in family}) for family in families.groups()]
    spans = [tuple((documents[n].file, 0, len(documents[n].plain)) for n, _, _ in group) for group in groups]
    kept = [group for group in map(_without_overlaps, places.groups()) if _is_copy(group, families)]
    spans += [tuple(texts[node[0]].span(node[1:]) for node in group) for group in _without_inner(kept)]
    return tuple(sorted(spans, key=lambda group: group[0]))


def origins(documents: Sequence[Document], copies: Copies) -> Mapping[str, str]:
    """For each file the outlet or file in which its text first stood.

    Two documents are one text by origin when copies make up at least half of the shorter one. Among them an outlet
    that one names as the place of its original counts first, then the earliest day of publication. A document that
    shares less is an origin of its own.
    """
    by_file = {document.file: document for document in documents}
    joined: _Groups[str] = _Groups()
    for pair, parts in _shared_parts(copies).items():
        shares = [_length(parts[file]) / max(len(by_file[file].plain), 1) for file in pair if file in by_file]
        if len(shares) == len(pair) and max(shares) >= SAME_ORIGIN:
            joined.join(pair)
    found = {document.file: document.outlet or document.file for document in documents}
    for group in joined.groups():
        members = sorted((by_file[file] for file in group), key=lambda one: (one.published or "9", one.file))
        outlet = next((member.outlet for member in members if member.outlet), "")
        found |= dict.fromkeys(group, outlet or members[0].file)
    return found


# -- documents and their passages ----------------------------------------------------------------------------------


def _read(document: Document) -> _Text:
    blocks = [block for block in document.blocks if block.kind != "aside"]
    runs, words = read_runs(document.plain, [(_said_from(document, block), block.end) for block in blocks])
    parted = {sentence.block for sentence in document.sentences}
    stretches = [(sentence.start, sentence.end) for sentence in document.sentences]
    stretches += [(block.start, block.end) for at, block in enumerate(document.blocks) if at not in parted]
    units = sorted({place for place in (_words_of(runs, *stretch) for stretch in stretches) if place[1] > place[0]})
    lines = [
        (" ".join(words[place[0] : place[1]]), place)
        for block in blocks
        if block.kind in _LINES and (place := _words_of(runs, block.start, block.end))[1] - place[0] >= LEAST_LINE
    ]
    return _Text(document, runs, units, lines)


def _said_from(document: Document, block: Block) -> int:
    """Start of a block after the name of its speaker."""
    named = bool(block.speaker) and document.plain.startswith(block.speaker, block.start)
    return block.start + len(block.speaker) if named else block.start


def _words_of(runs: Runs, start: int, end: int) -> Place:
    return bisect_left(runs.starts, start), bisect_left(runs.starts, end)


def _compare(
    texts: Sequence[_Text],
    number: int,
    other: int,
    pairs: Sequence[tuple[int, int]],
    families: "_Groups[int]",
    places: "_Groups[Node]",
) -> None:
    """Find what two texts (or one, with itself) have in common, and join it."""
    one, two = texts[number], texts[other]
    found = chains(pairs, same_text=number == other)
    if number != other and _whole(one.runs, two.runs, pairs):
        families.join((number, other))
        return
    for runs in found:
        for ours, theirs in passages(runs, (one.units, two.units)):
            if one.tells(ours):
                places.join([(number, *ours), (other, *theirs)])


def _whole(one: Runs, two: Runs, pairs: Sequence[tuple[int, int]]) -> bool:
    """One document is a copy of the other, shortened or not."""
    side = 0 if len(one.starts) <= len(two.starts) else 1
    shorter, longer = sorted((len(one.starts), len(two.starts)))
    if shorter < max(LEAST_WORDS, SHORTENED * longer) or len(pairs) < SHARED * shorter / SHINGLE:
        return False
    words = bytearray(shorter)
    for pair in pairs:
        words[pair[side] : pair[side] + SHINGLE] = _ONES
    return words.count(1) >= SHARED * shorter


_ONES = b"\1" * SHINGLE


def _equal_lines(texts: Sequence[_Text]) -> Iterator[list[Node]]:
    found: defaultdict[str, list[Node]] = defaultdict(list)
    for number, text in enumerate(texts):
        for words, place in text.lines:
            found[words].append((number, *place))
    return (nodes for nodes in found.values() if len(nodes) > 1)


# -- groups --------------------------------------------------------------------------------------------------------

Item = TypeVar("Item", bound=Hashable)


class _Groups(Generic[Item]):
    """Items joined by pairs: what is joined to one of a group belongs to it (union-find)."""

    def __init__(self) -> None:
        self._above: dict[Item, Item] = {}

    def __iter__(self) -> Iterator[Item]:
        return iter(self._above)

    def top(self, item: Item) -> Item:
        above = self._above
        while (up := above.setdefault(item, item)) != item:
            above[item] = above[up]
            item = up
        return item

    def join(self, items: Iterable[Item]) -> None:
        first, *others = items
        for other in others:
            self._above[self.top(other)] = self.top(first)

    def groups(self) -> list[list[Item]]:
        found: defaultdict[Item, list[Item]] = defaultdict(list)
        for item in self._above:
            found[self.top(item)].append(item)
        return list(found.values())


def _join_overlapping(places: "_Groups[Node]") -> None:
    """Join places of one text that are the same but for a word or two at their edges."""
    before: list[Node] = []
    for node in sorted(places):
        before = [one for one in before if one[0] == node[0] and one[2] > node[1]]
        for one in before:
            inside = min(one[2], node[2]) - node[1]
            if inside >= _SAME_PLACE * max(one[2] - one[1], node[2] - node[1]):
                places.join((one, node))
        before.append(node)


def _without_overlaps(group: Iterable[Node]) -> list[Node]:
    """The longest of overlapping places of one text."""
    kept: list[Node] = []
    for node in sorted(group, key=lambda node: (node[0], node[1], -node[2])):
        last = kept[-1] if kept else None
        if last is None or last[0] != node[0] or last[2] <= node[1]:
            kept.append(node)
        elif node[2] - node[1] > last[2] - last[1]:
            kept[-1] = node
    return kept


def _is_copy(group: Sequence[Node], families: "_Groups[int]") -> bool:
    """Two places at least, not in too many documents, and more than what copies of a whole document share."""
    numbers = [node[0] for node in group]
    tops = {families.top(number) for number in numbers}
    return len(group) > 1 and len(tops) <= EVERYWHERE and (len(tops) > 1 or len(set(numbers)) < len(numbers))


def _without_inner(groups: Sequence[list[Node]]) -> Iterator[list[Node]]:
    """Groups of which some place stands in no larger group's place."""
    by_text: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for number, group in enumerate(groups):
        for text, start, end in group:
            by_text[text].append((start, end, number))
    for number, group in enumerate(groups):
        around: set[int] | None = None
        for text, start, end in group:
            here = {n for s, e, n in by_text[text] if n != number and s <= start and end <= e and e - s > end - start}
            around = here if around is None else around & here
            if not around:
                break
        if not around:
            yield group


# -- origins -------------------------------------------------------------------------------------------------------


def _shared_parts(copies: Copies) -> Mapping[tuple[str, str], Mapping[str, list[Place]]]:
    """For two files that share a passage: in each the parts that stand in the other too."""
    found: defaultdict[tuple[str, str], defaultdict[str, list[Place]]] = defaultdict(lambda: defaultdict(list))
    for group in copies:
        files = sorted({file for file, _, _ in group})
        for place, one in enumerate(files):
            for other in files[place + 1 :]:
                for file, start, end in group:
                    if file in (one, other):
                        found[one, other][file].append((start, end))
    return found


def _length(parts: Iterable[Place]) -> int:
    """Characters in parts that may overlap."""
    total = since = 0
    for start, end in sorted(parts):
        total += max(end - max(start, since), 0)
        since = max(since, end)
    return total
