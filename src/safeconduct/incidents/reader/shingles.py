"""Words as they are compared, without case and typographic marks, and the runs of words that texts share."""

import re
import unicodedata
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

SHINGLE = 5  # words in a row that two texts share by copying rather than by chance

# A word to be shown ends at white space and after a dash between words; a hyphen within a word belongs to it.
_SHOWN = re.compile(r"[^\s–—…]+[–—…]*|[–—…]+")
_HIDDEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"  # soft hyphens and marks without width, which may stand in a word
_COMPARED = re.compile(rf"[^\W_]+(?:[{_HIDDEN}'’ʼ]+[^\W_]+)*")
_MARKS = {ord(mark): "'" for mark in "‘’‚‛ʼ`´＇"} | {ord(mark): "-" for mark in "‐‑‒–—−－"}
_NO_HIDDEN = dict.fromkeys(map(ord, _HIDDEN))
_EDGE = re.compile(r"^[\W_]+|[\W_]+$")

_HOLDERS = 8  # earlier places of a run that a later one is compared with; all others are reached through these
_FIRST = 2  # of these places, once there are so many
_SLOTS_FOR_EACH = 8  # slots of the first sieve for each run, so that one run in eight passes it by chance
_PLACE_BITS = 32


class Word(NamedTuple):
    """One word: its normal form, and where it stands with the marks that touch it."""

    key: str
    start: int
    end: int


def normal(word: str) -> str:
    """Normal form of one word: lower case, plain apostrophes and hyphens, no marks at its edges; may be empty."""
    return word.lower() if word.isascii() and word.isalpha() else _normal(word)


@lru_cache(maxsize=50_000)
def _normal(word: str) -> str:
    plain = unicodedata.normalize("NFKC", word.translate(_MARKS)).casefold().translate(_MARKS | _NO_HIDDEN)
    return _EDGE.sub("", plain)


def split_words(text: str) -> list[Word]:
    """Words of a text in their order, as they are shown; marks that stand alone go with the word before them."""
    found: list[Word] = []
    for match in _SHOWN.finditer(text):
        key = normal(match.group())
        if key:
            found.append(Word(key, match.start(), match.end()))
        elif found:
            found[-1] = found[-1]._replace(end=match.end())
    return found


def keys(text: str) -> list[str]:
    """Normal forms of the words of a text."""
    return [key for key in map(normal, _SHOWN.findall(text)) if key]


class Runs(NamedTuple):
    """A text as numbers: where each of its words starts and ends, and a hash of the `SHINGLE` words from each on.

    The hash is 0 where fewer words are left of a paragraph: what two texts share does not go from one to the next.
    """

    starts: "array[int]"
    ends: "array[int]"
    hashes: "array[int]"


def read_runs(text: str, stretches: Iterable[tuple[int, int]]) -> tuple[Runs, list[str]]:
    """Runs of the given stretches (paragraphs) of a text, and all their words in normal form.

    Hyphens and full stops within a word part it here, so that "on-going" and "on - going" are alike.
    """
    runs = Runs(array("i"), array("i"), array("q"))
    words: list[str] = []
    for start, end in stretches:
        found = list(_COMPARED.finditer(text, start, end))
        runs.starts.extend([match.start() for match in found])
        runs.ends.extend([match.end() for match in found])
        here = [word.lower() if word.isascii() else _normal(word) for word in [match[0] for match in found]]
        runs.hashes.extend(map(hash, zip(*(here[shift:] for shift in range(SHINGLE)), strict=False)))
        runs.hashes.extend([0] * (len(runs.starts) - len(runs.hashes)))
        words += here
    return runs, words


def shared_places(texts: Sequence[Runs]) -> Iterator[tuple[int, dict[int, list[tuple[int, int]]]]]:
    """For each text that shares runs with itself or an earlier one: its number, and by text the pairs of places.

    The index is exact for the first places of each run. A sieve before it keeps out the runs that stand once, which
    are nearly all, so that room is needed for those that are repeated only.
    """
    slots, mask = _sieve(texts)
    first: dict[int, int] = {}
    later: dict[int, list[int]] = {}
    for number, text in enumerate(texts):
        found: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for place, run in enumerate(text.hashes):
            if slots[run & mask] < 2 or not run:
                continue
            here = number << _PLACE_BITS | place
            known = first.setdefault(run, here)
            if known == here:
                continue
            others = later.get(run)
            _note(found, here, known)
            if others is None:
                later[run] = [here]
                continue
            full = len(others) >= _HOLDERS - 1
            for other in others[:_FIRST] if full else others:
                _note(found, here, other)
            if not full:
                others.append(here)
        if found:
            yield number, found


def _note(found: defaultdict[int, list[tuple[int, int]]], here: int, other: int) -> None:
    place, known = here & 0xFFFFFFFF, other & 0xFFFFFFFF
    if other >> _PLACE_BITS != here >> _PLACE_BITS or known + SHINGLE <= place:
        found[other >> _PLACE_BITS].append((place, known))


def _sieve(texts: Sequence[Runs]) -> tuple[bytearray, int]:
    """One byte for each slot: 0, 1, or 2 for two and more runs that fall on it; and the mask of a slot's number."""
    size = 1 << (_SLOTS_FOR_EACH * sum(len(text.hashes) for text in texts) + 1).bit_length()
    slots, mask = bytearray(size), size - 1
    for text in texts:
        for run in text.hashes:
            slot = run & mask
            if slots[slot] < 2:
                slots[slot] += 1
    return slots, mask
